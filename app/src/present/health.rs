//! States as levels and a few words.

use lifecycle::{ChannelKind, Health, Severity, Timestamp};
use renewal::{ChannelState, ConnectionState};
use wizard::{Level, Sentence};

use super::{dates::Calendar, words};

/// How loud a state is on screen.
#[must_use]
pub const fn level(health: Health) -> Level {
    level_of(health.severity())
}

/// How loud a connection is on screen.
#[must_use]
pub fn connection_level(state: &ConnectionState) -> Level {
    level_of(state.severity())
}

const fn level_of(severity: Severity) -> Level {
    match severity {
        Severity::None => Level::Good,
        Severity::Advice => Level::Advice,
        Severity::Soon => Level::Soon,
        Severity::Stopped => Level::Stopped,
    }
}

/// "Vence em 5 dias (28/11)", "Venceu em 22/11".
#[must_use]
pub fn summary(calendar: &Calendar, health: Health, now: Timestamp) -> Sentence {
    let locale = calendar.locale();
    let days = health.at().map_or(0, |at| calendar.days_between(now, at));
    let days = words::in_days(locale, days);
    let moment = health.at().map(|at| calendar.day(at));
    words::sentence(words::health_words(locale, health), &[("days", &days)], moment)
}

/// "do Instagram @loja.aurora", as it stands in a sentence.
#[must_use]
pub fn channel_name(state: &ChannelState) -> String {
    let channel = &state.channel;
    match (channel.kind, &channel.username) {
        (ChannelKind::Instagram, Some(username)) => format!("Instagram @{username}"),
        (ChannelKind::Instagram, None) => format!("Instagram {}", channel.name),
        (ChannelKind::Messenger, _) => format!("Messenger {}", channel.name),
    }
}
