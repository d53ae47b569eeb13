//! What stops working, when, and for whom: one sentence for banner and mail.

use lifecycle::{Health, Severity, Timestamp};
use renewal::{ChannelState, ConnectionState};
use wizard::Sentence;

use super::{
    dates::Calendar,
    health::channel_name,
    words::{self, Text, pick},
};

/// The effect, and what it asks for where the effect alone does not say it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Effect {
    pub what: Sentence,
    pub plea: Option<&'static str>,
}

impl Effect {
    /// Both in one.
    #[must_use]
    pub fn sentence(self) -> Sentence {
        let Self { mut what, plea } = self;
        if let Some(plea) = plea {
            let end = if what.moment.is_some() { &mut what.after } else { &mut what.before };
            end.push(' ');
            end.push_str(plea);
        }
        what
    }

    const fn only(what: Sentence) -> Self {
        Self { what, plea: None }
    }
}

/// What to say of a connection that calls for a renewal.
#[must_use]
pub fn effect(calendar: &Calendar, state: &ConnectionState, now: Timestamp) -> Effect {
    let stopped: Vec<_> = state.channels.iter().filter(|it| it.health.severity() == Severity::Stopped).collect();
    if let [first, others @ ..] = stopped.as_slice() {
        return Effect::only(has_stopped(calendar, first, others.len(), now));
    }
    match state.health {
        Health::ExpiresSoon { at } => Effect::only(ends(calendar, state, at, now)),
        health => ended(calendar, state, health, now),
    }
}

/// Proved: messages do not arrive.
fn has_stopped(calendar: &Calendar, first: &ChannelState, others: usize, now: Timestamp) -> Sentence {
    let since = first.channel.facts.dead_since.or(first.health.at()).unwrap_or(now);
    let text: Text = match others {
        0 => [
            "As mensagens do {channel} não chegam desde {date}.",
            "Messages to {channel} have not arrived since {date}.",
            "Los mensajes de {channel} no llegan desde el {date}.",
        ],
        1 => [
            "As mensagens do {channel} e de mais 1 conta não chegam desde {date}.",
            "Messages to {channel} and 1 more account have not arrived since {date}.",
            "Los mensajes de {channel} y de 1 cuenta más no llegan desde el {date}.",
        ],
        _ => [
            "As mensagens do {channel} e de mais {count} contas não chegam desde {date}.",
            "Messages to {channel} and {count} more accounts have not arrived since {date}.",
            "Los mensajes de {channel} y de {count} cuentas más no llegan desde el {date}.",
        ],
    };
    let (channel, count) = (channel_name(first), others.to_string());
    let values = [("channel", channel.as_str()), ("count", &count)];
    words::sentence(pick(calendar.locale(), text), &values, Some(calendar.day(since)))
}

/// Something ends at `at`: the grant, after which a channel may live on, or a channel's own token.
#[must_use]
pub fn ends(calendar: &Calendar, state: &ConnectionState, at: Timestamp, now: Timestamp) -> Sentence {
    let locale = calendar.locale();
    let name = state.connection.grantee_name.as_str();
    let days = words::in_days(locale, calendar.days_between(now, at));
    let ending = |it: &&ChannelState| it.health.at() == Some(at) || it.channel.facts.expires_at == Some(at);
    let channel = state.channels.iter().find(ending).filter(|_| !grant_ends(state, at)).map(channel_name);
    let text: Text = match channel {
        None => [
            "A autorização de {name} vence {days} ({date}).",
            "The authorization of {name} ends {days} ({date}).",
            "La autorización de {name} vence {days} ({date}).",
        ],
        Some(_) => [
            "As mensagens do {channel} vão parar de chegar {days} ({date}).",
            "Messages to {channel} will stop arriving {days} ({date}).",
            "Los mensajes de {channel} dejarán de llegar {days} ({date}).",
        ],
    };
    let values = [("name", name), ("channel", channel.as_deref().unwrap_or_default()), ("days", &days)];
    words::sentence(pick(locale, text), &values, Some(calendar.day(at)))
}

/// It is the grant that ends then.
#[must_use]
pub fn grant_ends(state: &ConnectionState, at: Timestamp) -> bool {
    state.connection.facts.expires_at == Some(at)
}

/// A grant that still delivers, and calls for a renewal all the same.
fn ended(calendar: &Calendar, state: &ConnectionState, health: Health, now: Timestamp) -> Effect {
    let locale = calendar.locale();
    let name = state.connection.grantee_name.as_str();
    let lapsed = state.channels.iter().find(|it| it.health == health).map(channel_name);
    let values = [("name", name), ("channel", lapsed.as_deref().unwrap_or(name))];
    let (what, plea) = why_ended(health);
    let moment = calendar.day(health.at().unwrap_or(now));
    Effect { what: words::sentence(pick(locale, what), &values, Some(moment)), plea: Some(pick(locale, plea)) }
}

/// For an authorization.
const RENEW_IT: Text =
    ["Renove para não perder mensagens.", "Renew it so that no message is lost.", "Renuévala para no perder mensajes."];

/// For an access, which Spanish renews as a masculine.
const RENEW_THE_ACCESS: Text = [RENEW_IT[0], RENEW_IT[1], "Renuévalo para no perder mensajes."];

const fn why_ended(health: Health) -> (Text, Text) {
    match health {
        Health::DataAccessLapsed { .. } => (
            [
                "O acesso aos dados do {channel} venceu em {date}.",
                "Data access of {channel} ended on {date}.",
                "El acceso a los datos de {channel} venció el {date}.",
            ],
            RENEW_THE_ACCESS,
        ),
        Health::Revoked { .. } | Health::AccountLost { .. } => (
            [
                "A autorização de {name} foi retirada em {date}.",
                "The authorization of {name} was withdrawn on {date}.",
                "La autorización de {name} fue retirada el {date}.",
            ],
            RENEW_IT,
        ),
        Health::MissingPermission => (
            [
                "Falta uma permissão na autorização de {name}.",
                "A permission is missing in the authorization of {name}.",
                "Falta un permiso en la autorización de {name}.",
            ],
            RENEW_IT,
        ),
        _ => (
            [
                "A autorização de {name} venceu em {date}.",
                "The authorization of {name} ended on {date}.",
                "La autorización de {name} venció el {date}.",
            ],
            RENEW_IT,
        ),
    }
}
