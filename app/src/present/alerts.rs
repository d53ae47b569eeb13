//! What the banner says.

use renewal::{ConnectionState, Error, Identity, Renova};
use wizard::{Alert, Alerts, Level, Locale};

use super::{dates::Calendar, effect::effect, health::connection_level};

/// Connections that call this reader for a renewal, the most urgent first.
pub async fn alerts(renova: &Renova, who: &Identity, locale: Locale) -> Result<Alerts, Error> {
    let calendar = Calendar::new(locale, &who.time_zone);
    let now = renova.now();
    let calls = renova.calls(who).await?;
    let mut items: Vec<_> = calls.connections.iter().map(|state| alert(&calendar, who, state, now)).collect();
    // What has stopped comes before what will; each group keeps its order of urgency.
    items.sort_by_key(|item| item.level != Level::Stopped);
    Ok(Alerts {
        locale,
        may_renew: who.role.may_connect(),
        now_ms: now.0,
        items,
        has_put_off: calls.put_off > 0,
        asks_by_mail: renova.tells_by_mail(),
    })
}

fn alert(calendar: &Calendar, who: &Identity, state: &ConnectionState, now: lifecycle::Timestamp) -> Alert {
    let open = state.open_renewal.as_ref();
    let unfinished = open.filter(|renewal| renewal.user_id == who.user && renewal.state.has_staged_tokens());
    Alert {
        connection_id: state.connection.id.to_string(),
        level: connection_level(state),
        sentence: effect(calendar, state, now).sentence(),
        account: account(state),
        deadline_ms: state.health.at().filter(|at| *at > now).map(|at| at.0),
        unfinished_renewal: unfinished.map(|renewal| renewal.id.to_string()),
        may_wait: state.may_wait(),
    }
}

/// "Ana Souza · Loja Aurora, Aurora Outlet, @loja.aurora"
fn account(state: &ConnectionState) -> String {
    let names: Vec<_> = state.channels.iter().map(|it| it.channel.shown_name()).collect();
    format!("{} · {}", state.connection.grantee_name, names.join(", "))
}
