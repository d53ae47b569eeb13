//! What the banner says.

use lifecycle::Timestamp;
use renewal::{ConnectionState, Error, FirstUnfinished, Identity, Renova};
use wizard::{Alert, Alerts, Level, Locale, Sentence};

use super::{
    dates::Calendar,
    effect::effect,
    health::connection_level,
    start,
    words::{self, Text, pick},
};

/// Connections that call this reader for a renewal, the most urgent first, and what the reader has only to finish.
pub async fn alerts(renova: &Renova, who: &Identity, locale: Locale) -> Result<Alerts, Error> {
    let calendar = Calendar::new(locale, &who.time_zone);
    let now = renova.now();
    let may_renew = who.role.may_connect();
    let mut calls = renova.calls(who).await?;
    // What has stopped comes before what will; each group keeps its order of urgency.
    calls.connections.sort_by_key(|state| connection_level(state) != Level::Stopped);
    let asked_for = match calls.connections.first() {
        Some(first) if !may_renew && renova.was_requested_lately(first).await? => Some(first.connection.id.to_string()),
        _ => None,
    };
    let mut items: Vec<_> = calls.connections.iter().map(|state| alert(&calendar, who, state, now)).collect();
    items.extend(calls.first.map(|first| first_alert(&calendar, first)));
    Ok(Alerts {
        locale,
        may_renew,
        now_ms: now.0,
        items,
        has_put_off: calls.put_off > 0,
        asked_for,
        asks_by_mail: renova.tells_by_mail(),
    })
}

fn alert(calendar: &Calendar, who: &Identity, state: &ConnectionState, now: Timestamp) -> Alert {
    let unfinished = state.unfinished_by(who);
    let (level, sentence, deadline) = match unfinished.filter(|_| !state.needs_renewal()) {
        // All is well, but for the reader's renewal.
        Some(renewal) => {
            let name = state.connection.grantee_name.as_str();
            (Level::Soon, unfinished_until(calendar, RENEWAL_UNFINISHED, name, renewal.expires_at), None)
        }
        None => (connection_level(state), effect(calendar, state, now).sentence(), state.health.at()),
    };
    Alert {
        connection_id: state.connection.id.to_string(),
        level,
        sentence,
        account: account(state),
        deadline_ms: deadline.filter(|at| *at > now).map(|at| at.0),
        unfinished_renewal: unfinished.map(|renewal| renewal.id.to_string()),
        may_wait: state.may_wait() && unfinished.is_none(),
    }
}

fn first_alert(calendar: &Calendar, first: FirstUnfinished) -> Alert {
    Alert {
        connection_id: start::NEW.to_owned(),
        level: Level::Soon,
        sentence: unfinished_until(calendar, FIRST_UNFINISHED, &first.name, first.until),
        account: first.name,
        deadline_ms: None,
        unfinished_renewal: Some(first.renewal.to_string()),
        may_wait: false,
    }
}

const RENEWAL_UNFINISHED: Text = [
    "A renovação de {name} ainda não foi concluída: fica guardada até {date}.",
    "The renewal of {name} is not finished yet: it is kept until {date}.",
    "La renovación de {name} aún no se ha concluido: se guarda hasta el {date}.",
];

const FIRST_UNFINISHED: Text = [
    "A conexão de {name} ainda não foi concluída: fica guardada até {date}.",
    "The connection of {name} is not finished yet: it is kept until {date}.",
    "La conexión de {name} aún no se ha concluido: se guarda hasta el {date}.",
];

fn unfinished_until(calendar: &Calendar, text: Text, name: &str, until: Timestamp) -> Sentence {
    words::sentence(pick(calendar.locale(), text), &[("name", name)], Some(calendar.minute(until)))
}

/// "Ana Souza · Loja Aurora, Aurora Outlet, @loja.aurora"
fn account(state: &ConnectionState) -> String {
    let names: Vec<_> = state.channels.iter().map(|it| it.channel.shown_name()).collect();
    format!("{} · {}", state.connection.grantee_name, names.join(", "))
}
