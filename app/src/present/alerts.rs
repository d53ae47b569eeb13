//! What the banner says.

use lifecycle::{Health, Severity};
use renewal::{ConnectionState, Error, Identity, Renova};
use wizard::{Alert, Alerts, Level, Locale, Sentence};

use super::{
    dates::Calendar,
    health::{channel_name, connection_level},
    words::{self, pick},
};

/// Connections that call this reader for a renewal, the most urgent first.
pub async fn alerts(renova: &Renova, who: &Identity, locale: Locale) -> Result<Alerts, Error> {
    let calendar = Calendar::new(locale, &who.time_zone);
    let now = renova.now();
    let calls = renova.calls(who).await?;
    let mut items: Vec<_> = calls.connections.iter().map(|state| alert(&calendar, who, state, now)).collect();
    // What has stopped comes before what will; each group keeps its order of urgency.
    items.sort_by_key(|item| item.level != Level::Stopped);
    Ok(Alerts { locale, may_renew: who.role.may_connect(), now_ms: now.0, items, has_put_off: calls.put_off > 0 })
}

fn alert(calendar: &Calendar, who: &Identity, state: &ConnectionState, now: lifecycle::Timestamp) -> Alert {
    let open = state.open_renewal.as_ref();
    let unfinished = open.filter(|renewal| renewal.user_id == who.user && renewal.state.has_staged_tokens());
    Alert {
        connection_id: state.connection.id.to_string(),
        level: connection_level(state),
        sentence: sentence(calendar, state, now),
        account: account(state),
        deadline_ms: state.health.at().filter(|at| *at > now).map(|at| at.0),
        unfinished_renewal: unfinished.map(|renewal| renewal.id.to_string()),
        may_wait: state.may_wait(),
    }
}

/// "Ana Souza · Loja Aurora, Aurora Outlet, @loja.aurora"
fn account(state: &ConnectionState) -> String {
    let names: Vec<_> = state
        .channels
        .iter()
        .map(|it| it.channel.username.as_ref().map_or_else(|| it.channel.name.clone(), |name| format!("@{name}")))
        .collect();
    format!("{} · {}", state.connection.grantee_name, names.join(", "))
}

fn sentence(calendar: &Calendar, state: &ConnectionState, now: lifecycle::Timestamp) -> Sentence {
    let locale = calendar.locale();
    let name = state.connection.grantee_name.as_str();
    let stopped: Vec<_> = state.channels.iter().filter(|it| it.health.severity() == Severity::Stopped).collect();
    if let [first, others @ ..] = stopped.as_slice() {
        let since = first.channel.facts.dead_since.or(first.health.at()).unwrap_or(now);
        let moment = Some(calendar.day(since));
        let channel = channel_name(first);
        let count = others.len().to_string();
        let template = match others.len() {
            0 => pick(
                locale,
                [
                    "As mensagens do {channel} não chegam desde {date}.",
                    "Messages of {channel} have not arrived since {date}.",
                    "Los mensajes de {channel} no llegan desde el {date}.",
                ],
            ),
            1 => pick(
                locale,
                [
                    "As mensagens do {channel} e de mais 1 conta não chegam desde {date}.",
                    "Messages of {channel} and 1 more account have not arrived since {date}.",
                    "Los mensajes de {channel} y de 1 cuenta más no llegan desde el {date}.",
                ],
            ),
            _ => pick(
                locale,
                [
                    "As mensagens do {channel} e de mais {count} contas não chegam desde {date}.",
                    "Messages of {channel} and {count} more accounts have not arrived since {date}.",
                    "Los mensajes de {channel} y de {count} cuentas más no llegan desde el {date}.",
                ],
            ),
        };
        return words::sentence(template, &[("channel", &channel), ("count", &count)], moment);
    }
    let days = |at| words::in_days(locale, calendar.days_between(now, at));
    let grant_end = state.connection.facts.expires_at;
    match state.health {
        Health::ExpiresSoon { at } if grant_end == Some(at) => words::sentence(
            pick(
                locale,
                [
                    "A autorização de {name} vence {days} ({date}).",
                    "The authorization of {name} ends {days} ({date}).",
                    "La autorización de {name} vence {days} ({date}).",
                ],
            ),
            &[("name", name), ("days", &days(at))],
            Some(calendar.day(at)),
        ),
        Health::ExpiresSoon { at } => {
            let channel = state.channels.iter().find(|it| it.health == state.health).map(channel_name);
            words::sentence(
                pick(
                    locale,
                    [
                        "As mensagens do {channel} vão parar de chegar {days} ({date}).",
                        "Messages of {channel} will stop arriving {days} ({date}).",
                        "Los mensajes de {channel} dejarán de llegar {days} ({date}).",
                    ],
                ),
                &[("channel", channel.as_deref().unwrap_or(name)), ("days", &days(at))],
                Some(calendar.day(at)),
            )
        }
        health => {
            let at = health.at().unwrap_or(now);
            let lapsed = state.channels.iter().find(|it| it.health == health).map(channel_name);
            let values = [("name", name), ("channel", lapsed.as_deref().unwrap_or(name))];
            words::sentence(pick(locale, ended(health)), &values, Some(calendar.day(at)))
        }
    }
}

/// Why a grant that still delivers calls for a renewal.
const fn ended(health: Health) -> words::Text {
    match health {
        Health::DataAccessLapsed { .. } => [
            "O acesso aos dados do {channel} venceu em {date}. Renove para não perder mensagens.",
            "Data access of {channel} ended on {date}. Renew it so that no message is lost.",
            "El acceso a los datos de {channel} venció el {date}. Renuévelo para no perder mensajes.",
        ],
        Health::Revoked { .. } | Health::AccountLost { .. } => [
            "A autorização de {name} foi retirada em {date}. Renove para não perder mensagens.",
            "The authorization of {name} was withdrawn on {date}. Renew it so that no message is lost.",
            "La autorización de {name} fue retirada el {date}. Renuévela para no perder mensajes.",
        ],
        Health::MissingPermission => [
            "Falta uma permissão na autorização de {name}. Renove para não perder mensagens.",
            "A permission is missing in the authorization of {name}. Renew it so that no message is lost.",
            "Falta un permiso en la autorización de {name}. Renuévela para no perder mensajes.",
        ],
        _ => [
            "A autorização de {name} venceu em {date}. Renove para não perder mensagens.",
            "The authorization of {name} ended on {date}. Renew it so that no message is lost.",
            "La autorización de {name} venció el {date}. Renuévela para no perder mensajes.",
        ],
    }
}
