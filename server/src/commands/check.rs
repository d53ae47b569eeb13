//! `renova check`.

use anyhow::{Context as _, anyhow};
use lifecycle::{Severity, ids::ConnectionId};
use renewal::{Checked, Error};
use serde_json::{Value, json};
use server::{console::say, open::renova, settings::Settings};

use crate::failure::Failure;

/// Asks Meta about each, one after another, and fails where messages have stopped or it could not ask.
pub async fn check(settings: Settings, connection: Option<ConnectionId>, as_json: bool) -> Result<(), Failure> {
    let renova = renova(&settings).await?;
    let checked = renova.check_by_hand(connection).await;
    renova.storage().close().await;
    let checked = checked.map_err(|error| match error {
        Error::NotFound => {
            Failure::Usage(vec!["--connection: there is no such connection: `renova check` lists all".to_owned()])
        }
        error => Failure::Failed(error.into()),
    })?;
    if as_json {
        let lines: Vec<_> = checked.iter().map(line_of).collect();
        say(&serde_json::to_string_pretty(&lines).context("writing JSON")?);
    } else {
        tell(&checked);
    }
    let stopped = checked.iter().filter(|it| it.state.severity() == Severity::Stopped).count();
    let unchecked = checked.iter().filter(|it| it.problem.is_some()).count();
    let all = checked.len();
    let bad: Vec<_> = [
        (stopped > 0).then(|| format!("messages have stopped in {stopped} of {all} connections")),
        (unchecked > 0).then(|| format!("{unchecked} of {all} connections could not be checked")),
    ]
    .into_iter()
    .flatten()
    .collect();
    if bad.is_empty() { Ok(()) } else { Err(Failure::Failed(anyhow!(bad.join("; ")))) }
}

fn line_of(checked: &Checked) -> Value {
    let state = &checked.state;
    let channels: Vec<_> = state
        .channels
        .iter()
        .map(|it| {
            json!({
                "id": it.channel.id,
                "kind": it.channel.kind.as_str(),
                "account": it.account(),
                "status": it.health.as_str(),
                "at": it.health.at().map(rfc3339),
                "problem": it.channel.facts.problem,
            })
        })
        .collect();
    json!({
        "id": state.connection.id,
        "organization": checked.organization.external_id,
        "name": state.connection.grantee_name,
        "status": state.health.as_str(),
        "at": state.health.at().map(rfc3339),
        "stopped": state.severity() == Severity::Stopped,
        "expires_at": state.connection.facts.expires_at.map(rfc3339),
        "checked_at": state.connection.facts.checked_at.map(rfc3339),
        "problem": checked.problem.as_ref().map(Error::code),
        "channels": channels,
    })
}

fn tell(checked: &[Checked]) {
    say(&row("ORGANIZATION", "CONNECTION", "ACCOUNT", "STATUS", "AT"));
    for it in checked {
        let (organization, state) = (&it.organization.slug, &it.state);
        let at = state.health.at().map(rfc3339).unwrap_or_default();
        say(&row(organization, &state.connection.grantee_name, "", state.health.as_str(), &at));
        if let Some(error) = &it.problem {
            say(&row("", &format!("could not be checked: {error}"), "", "", ""));
        }
        for channel in &state.channels {
            let at = channel.health.at().map(rfc3339).unwrap_or_default();
            say(&row("", "", &channel.account(), channel.health.as_str(), &at));
        }
    }
}

fn row(organization: &str, connection: &str, account: &str, status: &str, at: &str) -> String {
    format!("{organization:<16} {connection:<20} {account:<24} {status:<20} {at}").trim_end().to_owned()
}

fn rfc3339(at: lifecycle::Timestamp) -> String {
    jiff::Timestamp::from_millisecond(at.0).map(|at| at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()).unwrap_or_default()
}
