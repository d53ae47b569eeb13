//! `renova org` and `renova user`.

use std::io::{self, BufRead as _, IsTerminal as _};

use anyhow::{Context as _, anyhow};
use lifecycle::notice::Policy;
use renewal::{Error, NewOrganization, NewUser, Renova};
use secrecy::SecretString;
use server::{console::say, open, settings::Settings};

use crate::{
    cli::{Org, User},
    failure::Failure,
};

pub async fn organization(settings: Settings, command: Org) -> Result<(), Failure> {
    let renova = open::renova(&settings).await?;
    let (external_id, name, slug, time_zone, locale) = match command {
        Org::Add { external_id, name, slug, time_zone, locale } => (external_id, name, slug, time_zone, locale),
        Org::Warnings { org, days, from_hour, to_hour } => {
            let policy = Policy { thresholds: days, from_hour, to_hour };
            let set = renova.set_warning_policy_of(&org, &policy).await;
            close(&renova).await;
            return told_warnings(&org, &policy, set);
        }
    };
    let new = NewOrganization { external_id, name, slug, time_zone, locale };
    let added = renova.add_organization(new).await;
    close(&renova).await;
    let organization =
        added.map_err(|error| wrong(&error, "an organization has this --external-id or --slug already"))?;
    say(&format!("Added {} with the slug {}.", organization.name, organization.slug));
    Ok(())
}

pub async fn user(settings: Settings, command: User) -> Result<(), Failure> {
    match command {
        User::Add { org, email, name, role, external_id } => {
            let renova = open::renova(&settings).await?;
            let password = password()?;
            let new = NewUser { email, name, role: role.into(), external_id, password };
            let added = renova.add_user(&org, new).await;
            close(&renova).await;
            let user = added.map_err(|error| match error {
                Error::NotFound => {
                    Failure::Usage(vec![format!("--org: there is no organization {org}: add it by `renova org add`")])
                }
                error => wrong(&error, "somebody has this --email or --external-id already"),
            })?;
            say(&format!("Added {} <{}>.", user.name, user.email));
        }
        User::ResetPassword { email } => {
            let renova = open::renova(&settings).await?;
            let link = renova.password_reset_link(&email).await;
            close(&renova).await;
            let link = link.map_err(|error| wrong(&error, "try again"))?;
            let link = link.ok_or_else(|| Failure::Usage(vec![format!("--email: nobody has the e-mail {email}")]))?;
            say(&link);
        }
    }
    Ok(())
}

fn told_warnings(org: &str, policy: &Policy, set: Result<(), Error>) -> Result<(), Failure> {
    set.map_err(|error| match error {
        Error::NotFound => Failure::Usage(vec![format!("there is no organization {org}: add it by `renova org add`")]),
        error => wrong(&error, "try again"),
    })?;
    let days: Vec<_> = policy.thresholds.iter().map(ToString::to_string).collect();
    say(&format!(
        "{org} is warned {} days before an end, between {} and {} o'clock of its own day.",
        days.join(", "),
        policy.from_hour,
        policy.to_hour
    ));
    Ok(())
}

async fn close(renova: &Renova) {
    renova.storage().close().await;
}

/// From the prompt, or the first line of the standard input.
fn password() -> Result<SecretString, Failure> {
    if io::stdin().is_terminal() {
        let first = rpassword::prompt_password("Password: ").context("reading the password")?;
        let again = rpassword::prompt_password("Once more: ").context("reading the password")?;
        if first != again {
            return Err(Failure::Usage(vec!["the two passwords differ: nothing was changed".to_owned()]));
        }
        return Ok(first.into());
    }
    let mut line = String::new();
    io::stdin().lock().read_line(&mut line).context("reading the password from the standard input")?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned().into())
}

/// A wrong value is wrong usage; anything else failed.
fn wrong(error: &Error, taken: &str) -> Failure {
    match error {
        Error::Invalid { .. } | Error::WeakPassword(_) => Failure::Usage(vec![error.to_string()]),
        _ if error.code() == "conflict" => Failure::Usage(vec![taken.to_owned()]),
        _ => Failure::Failed(anyhow!("{error}")),
    }
}
