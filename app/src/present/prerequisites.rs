//! What has to be there before *Iniciar*, as far as the machine can know it.

use lifecycle::{ChannelKind, Health, Provider, Timestamp};
use renewal::ConnectionState;
use wizard::Locale;

use super::{
    dates::Calendar,
    failures,
    health::channel_name,
    words::{self, fill},
};
use crate::model::{Prerequisite, PrerequisiteKind, PrerequisiteState};

/// In the order of the source. What an earlier check has shown is confirmed with its date.
pub fn prerequisites(calendar: &Calendar, target: Option<&ConnectionState>, now: Timestamp) -> Vec<Prerequisite> {
    let checked = target.and_then(|state| state.connection.facts.checked_at);
    let works = target.is_some_and(|state| state.connection.facts.proof == lifecycle::health::TokenProof::Works);
    let instagram_login = target.is_some_and(|state| state.connection.provider == Provider::Instagram);
    let has = |kind| target.is_some_and(|state| state.channels.iter().any(|it| it.channel.kind == kind));
    let proved = |shown: bool| match checked {
        Some(at) if works && shown => PrerequisiteState::Confirmed(calendar.day(at)),
        _ => PrerequisiteState::CheckedAfterLogin,
    };
    let instagram = has(ChannelKind::Instagram);
    let newest_message = target.and_then(|state| {
        let instagram = state.channels.iter().filter(|it| it.channel.kind == ChannelKind::Instagram);
        instagram.filter_map(|it| it.channel.last_message_at).max()
    });
    let known = |kind, otherwise| match target.and_then(|state| how_to_fix(calendar.locale(), state, kind)) {
        Some(how_to_fix) => PrerequisiteState::Problem { how_to_fix },
        None => otherwise,
    };
    let order = [
        // Whoever reads this is signed in, as an administrator.
        (PrerequisiteKind::PlatformAccess, PrerequisiteState::Confirmed(calendar.day(now))),
        (PrerequisiteKind::AdministratorRole, PrerequisiteState::Confirmed(calendar.day(now))),
        (PrerequisiteKind::BusinessInstagram, proved(instagram)),
        // A token that works tells nothing of a role: what the person may do is read after the log-in.
        (PrerequisiteKind::BusinessManagerAdmin, PrerequisiteState::CheckedAfterLogin),
        (PrerequisiteKind::MessengerActive, proved(has(ChannelKind::Messenger))),
        (PrerequisiteKind::InstagramIntegrated, proved(instagram)),
        // Nothing at Meta tells whether the Instagram app allows access to messages, but a message that arrives.
        (
            PrerequisiteKind::MessageAccess,
            newest_message
                .map_or(PrerequisiteState::CheckedAfterLogin, |at| PrerequisiteState::Confirmed(calendar.day(at))),
        ),
    ];
    order
        .into_iter()
        .filter(|(kind, _)| !(instagram_login && is_about_pages(*kind)))
        .map(|(kind, state)| Prerequisite { kind, state: known(kind, state) })
        .collect()
}

/// Instagram Login knows neither Pages nor who manages a business.
fn is_about_pages(kind: PrerequisiteKind) -> bool {
    use PrerequisiteKind as K;
    matches!(kind, K::BusinessManagerAdmin | K::MessengerActive | K::InstagramIntegrated)
}

/// What the last check has found wrong with it, and what to do.
fn how_to_fix(locale: Locale, state: &ConnectionState, kind: PrerequisiteKind) -> Option<String> {
    use PrerequisiteKind as K;
    let channels = |of: ChannelKind| state.channels.iter().filter(move |it| it.channel.kind == of);
    let told = |code: &str| {
        let (what, next) = failures::failure(locale, code);
        Some(format!("{what} {next}"))
    };
    let kind = match kind {
        K::BusinessManagerAdmin => {
            let lost = state.channels.iter().any(|it| matches!(it.health, Health::AccountLost { .. }));
            return if lost { told("role_lost") } else { None };
        }
        K::MessengerActive => ChannelKind::Messenger,
        K::InstagramIntegrated => ChannelKind::Instagram,
        // An Instagram account by itself: the only prerequisite of its own.
        K::BusinessInstagram if state.connection.provider == Provider::Instagram => ChannelKind::Instagram,
        K::BusinessInstagram | K::PlatformAccess | K::AdministratorRole | K::MessageAccess => return None,
    };
    if channels(kind).any(|it| it.health == Health::MissingPermission) {
        return told("permission_missing");
    }
    let lost = channels(kind).find(|it| it.health == Health::SubscriptionLost)?;
    Some(fill(words::subscription_lost(locale), &[("name", &channel_name(lost))]))
}
