//! Health of a channel and of a connection, derived from facts and a clock.
//!
//! "Stopped" needs proof: an answer of Meta that the token is dead. Arithmetic alone may say
//! that a grant has ended, never that a Page token has.

use serde::{Deserialize, Serialize};

use crate::{
    Timestamp,
    clock::{DAY_MS, HOUR_MS},
};

/// A grant is announced this long before it ends: from its first warning on, which goes out up to a
/// day (and an hour, where the clocks change) before the threshold of 14 days.
pub const WARN_BEFORE_MS: i64 = 15 * DAY_MS + HOUR_MS;

/// A channel is called silent after this long without a message.
pub const SILENT_AFTER_MS: i64 = 7 * DAY_MS;

/// What was proved about a token the last time Meta was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TokenProof {
    /// It worked.
    Works,
    /// Meta said that it has expired.
    Expired,
    /// Meta said that it was revoked or invalidated.
    Revoked,
    /// The person lost the role on the account.
    RoleLost,
    /// A permission is missing.
    MissingPermission,
}

impl TokenProof {
    pub const ALL: [Self; 5] = [Self::Works, Self::Expired, Self::Revoked, Self::RoleLost, Self::MissingPermission];

    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Works => "works",
            Self::Expired => "expired",
            Self::Revoked => "revoked",
            Self::RoleLost => "role_lost",
            Self::MissingPermission => "missing_permission",
        }
    }

    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|proof| proof.as_str() == text)
    }
}

/// What is known about one token, of a channel or of a grant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TokenFacts {
    pub proof: TokenProof,
    /// When the proof of a dead token was seen first.
    pub dead_since: Option<Timestamp>,
    /// `None`: no end of its own.
    pub expires_at: Option<Timestamp>,
    /// Meta's second clock; only Instagram permissions lapse with it.
    pub data_access_expires_at: Option<Timestamp>,
}

/// What a channel needs besides its token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChannelFacts {
    pub token: TokenFacts,
    /// The permissions behind this channel lapse with data access (Instagram's do).
    pub needs_data_access: bool,
    /// The Page delivers messages to our app.
    pub subscribed: bool,
    /// Both story options are on and their fields subscribed, or the channel has none.
    pub story_options_on: bool,
    /// Meta could not be asked since then.
    pub unreachable_since: Option<Timestamp>,
    /// No message since then; see [`silent_since`].
    pub silent_since: Option<Timestamp>,
}

/// The derived state; its words are the same in code, API and events.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "status")]
pub enum Health {
    Healthy,
    ExpiresSoon { at: Timestamp },
    Expired { at: Timestamp },
    Revoked { since: Timestamp },
    MissingPermission,
    AccountLost { since: Timestamp },
    DataAccessLapsed { at: Timestamp },
    SubscriptionLost,
    StoryOptionOff,
    Silent { since: Timestamp },
    Unreachable { since: Timestamp },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Nothing to do.
    None,
    /// Good to know; never a call for renewal.
    Advice,
    /// Something will stop.
    Soon,
    /// Something has stopped.
    Stopped,
}

impl Health {
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Healthy => "healthy",
            Self::ExpiresSoon { .. } => "expires_soon",
            Self::Expired { .. } => "expired",
            Self::Revoked { .. } => "revoked",
            Self::MissingPermission => "missing_permission",
            Self::AccountLost { .. } => "account_lost",
            Self::DataAccessLapsed { .. } => "data_access_lapsed",
            Self::SubscriptionLost => "subscription_lost",
            Self::StoryOptionOff => "story_option_off",
            Self::Silent { .. } => "silent",
            Self::Unreachable { .. } => "unreachable",
        }
    }

    #[must_use]
    pub const fn severity(self) -> Severity {
        match self {
            Self::Healthy => Severity::None,
            Self::StoryOptionOff | Self::SubscriptionLost | Self::Silent { .. } | Self::Unreachable { .. } => {
                Severity::Advice
            }
            // A lapse is arithmetic on a date that Meta moves by itself: no proof that anything stopped.
            Self::ExpiresSoon { .. } | Self::DataAccessLapsed { .. } => Severity::Soon,
            Self::Expired { .. } | Self::Revoked { .. } | Self::MissingPermission | Self::AccountLost { .. } => {
                Severity::Stopped
            }
        }
    }

    /// The instant that the state speaks of, if it has one.
    #[must_use]
    pub const fn at(self) -> Option<Timestamp> {
        match self {
            Self::ExpiresSoon { at } | Self::Expired { at } | Self::DataAccessLapsed { at } => Some(at),
            Self::Revoked { since }
            | Self::AccountLost { since }
            | Self::Silent { since }
            | Self::Unreachable { since } => Some(since),
            Self::Healthy | Self::MissingPermission | Self::SubscriptionLost | Self::StoryOptionOff => None,
        }
    }
}

/// Since when a channel that used to receive messages receives none; `None`: it is not silent, or
/// nobody can tell. Silence means something only while notifications reach us at all: `newest` is
/// when any channel of the installation received one last.
#[must_use]
pub fn silent_since(last: Option<Timestamp>, newest: Option<Timestamp>, now: Timestamp) -> Option<Timestamp> {
    let hears = newest.is_some_and(|at| now.since(at) <= DAY_MS);
    last.filter(|at| hears && now.since(*at) > SILENT_AFTER_MS)
}

/// The proved end of a token, if it was proved.
fn proved_end(token: &TokenFacts, now: Timestamp) -> Option<Health> {
    let since = token.dead_since.unwrap_or(now);
    match token.proof {
        TokenProof::Works => None,
        TokenProof::Expired => Some(Health::Expired { at: token.expires_at.filter(|at| *at <= now).unwrap_or(since) }),
        TokenProof::Revoked => Some(Health::Revoked { since }),
        TokenProof::RoleLost => Some(Health::AccountLost { since }),
        TokenProof::MissingPermission => Some(Health::MissingPermission),
    }
}

/// Health of one channel, from its own token: the most urgent of all that is known.
#[must_use]
pub fn channel_health(facts: &ChannelFacts, now: Timestamp) -> Health {
    let soon = |at: &Timestamp| *at > now && at.since(now) <= WARN_BEFORE_MS;
    let lapse = facts.token.data_access_expires_at.filter(|_| facts.needs_data_access);
    [
        proved_end(&facts.token, now),
        lapse.filter(|at| *at <= now).map(|at| Health::DataAccessLapsed { at }),
        facts.token.expires_at.filter(|at| soon(at) || *at <= now).map(|at| Health::ExpiresSoon { at }),
        lapse.filter(soon).map(|at| Health::ExpiresSoon { at }),
        facts.unreachable_since.map(|since| Health::Unreachable { since }),
        (!facts.subscribed).then_some(Health::SubscriptionLost),
        (!facts.story_options_on).then_some(Health::StoryOptionOff),
        facts.silent_since.map(|since| Health::Silent { since }),
    ]
    .into_iter()
    .flatten()
    .fold(Health::Healthy, more_urgent)
}

/// Health of a connection: the clock of its grant, and the worst of its channels.
///
/// A grant that has ended by its own clock calls for renewal although its Page tokens may live on.
#[must_use]
pub fn connection_health(grant: &TokenFacts, channels: &[Health], now: Timestamp) -> Health {
    let by_clock = match grant.expires_at {
        Some(at) if at <= now => Some(Health::Expired { at }),
        Some(at) if at.since(now) <= WARN_BEFORE_MS => Some(Health::ExpiresSoon { at }),
        _ => None,
    };
    proved_end(grant, now)
        .into_iter()
        .chain(by_clock)
        .chain(channels.iter().copied())
        .fold(Health::Healthy, more_urgent)
}

/// How loud a connection is: stopped only where a channel is proved to have stopped. A grant that
/// has ended still delivers as long as its Page tokens live; without any channel its own token is
/// all there is.
#[must_use]
pub fn connection_severity(whole: Health, grant: TokenProof, channels: &[Health]) -> Severity {
    let alone = channels.is_empty() && grant != TokenProof::Works;
    let proved = alone || channels.iter().any(|health| health.severity() == Severity::Stopped);
    match whole.severity() {
        Severity::Stopped if !proved => Severity::Soon,
        severity => severity,
    }
}

/// The more urgent of two states; among equals the earlier instant, then the first.
#[must_use]
pub fn more_urgent(a: Health, b: Health) -> Health {
    match b.severity().cmp(&a.severity()) {
        std::cmp::Ordering::Greater => b,
        std::cmp::Ordering::Less => a,
        std::cmp::Ordering::Equal => match (a.at(), b.at()) {
            (Some(first), Some(second)) if second < first => b,
            _ => a,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const NOW: Timestamp = Timestamp(1_790_000_000_000);

    fn works(expires_in_days: Option<i64>) -> TokenFacts {
        TokenFacts {
            proof: TokenProof::Works,
            dead_since: None,
            expires_at: expires_in_days.map(|days| NOW.plus(days * DAY_MS)),
            data_access_expires_at: None,
        }
    }

    fn channel(token: TokenFacts) -> ChannelFacts {
        ChannelFacts {
            token,
            needs_data_access: false,
            subscribed: true,
            story_options_on: true,
            unreachable_since: None,
            silent_since: None,
        }
    }

    #[test]
    fn a_page_token_without_an_end_is_healthy() {
        assert_eq!(channel_health(&channel(works(None)), NOW), Health::Healthy);
    }

    #[test]
    fn a_grant_past_its_end_calls_for_renewal_and_its_channels_do_not_count_as_stopped() {
        let page = channel_health(&channel(works(None)), NOW);
        let whole = connection_health(&works(Some(-1)), &[page], NOW);
        assert_eq!(page.severity(), Severity::None);
        assert_eq!(whole, Health::Expired { at: NOW.plus(-DAY_MS) });
        for grant in TokenProof::ALL {
            assert_eq!(connection_severity(whole, grant, &[page]), Severity::Soon, "{grant:?}: its Page delivers");
        }
        assert_eq!(connection_severity(whole, TokenProof::Expired, &[]), Severity::Stopped);
        let dead = Health::Expired { at: NOW };
        assert_eq!(connection_severity(whole, TokenProof::Expired, &[page, dead]), Severity::Stopped);
    }

    #[test]
    fn metas_trouble_does_not_hide_an_end_that_is_near() {
        let facts = ChannelFacts { unreachable_since: Some(NOW), subscribed: false, ..channel(works(Some(3))) };
        assert_eq!(channel_health(&facts, NOW), Health::ExpiresSoon { at: NOW.plus(3 * DAY_MS) });
    }

    #[test]
    fn a_stopped_channel_outweighs_a_grant_that_ends_soon() {
        let dead = TokenFacts { proof: TokenProof::Revoked, dead_since: Some(NOW), ..works(None) };
        let whole = connection_health(&works(Some(5)), &[channel_health(&channel(dead), NOW)], NOW);
        assert_eq!(whole, Health::Revoked { since: NOW });
    }

    #[test]
    fn data_access_lapses_for_instagram_only() {
        let token = TokenFacts { data_access_expires_at: Some(NOW.plus(-1)), ..works(None) };
        assert_eq!(channel_health(&channel(token), NOW), Health::Healthy);
        let instagram = ChannelFacts { needs_data_access: true, ..channel(token) };
        assert_eq!(channel_health(&instagram, NOW), Health::DataAccessLapsed { at: NOW.plus(-1) });
    }

    #[test]
    fn silence_means_something_only_while_others_are_heard() {
        let long_ago = NOW.plus(-SILENT_AFTER_MS - 1);
        assert_eq!(silent_since(Some(long_ago), Some(NOW), NOW), Some(long_ago));
        assert_eq!(silent_since(Some(NOW.plus(-SILENT_AFTER_MS)), Some(NOW), NOW), None);
        assert_eq!(silent_since(Some(long_ago), Some(NOW.plus(-DAY_MS - 1)), NOW), None, "nobody is heard");
        assert_eq!(silent_since(None, Some(NOW), NOW), None, "it never received anything");
        let facts = ChannelFacts { silent_since: Some(long_ago), ..channel(works(None)) };
        assert_eq!(channel_health(&facts, NOW), Health::Silent { since: long_ago });
        assert_eq!(channel_health(&facts, NOW).severity(), Severity::Advice);
    }

    #[test]
    fn words_of_a_proof_are_read_back() {
        for proof in TokenProof::ALL {
            assert_eq!(TokenProof::parse(proof.as_str()), Some(proof));
        }
    }

    proptest! {
        #[test]
        fn metas_trouble_never_calls_for_renewal(days in proptest::option::of(16i64..400), subscribed: bool, stories: bool) {
            let facts = ChannelFacts {
                unreachable_since: Some(NOW),
                subscribed,
                story_options_on: stories,
                ..channel(works(days))
            };
            prop_assert!(channel_health(&facts, NOW).severity() <= Severity::Advice);
        }

        #[test]
        fn without_proof_no_page_token_is_called_stopped(end in -400i64..400, subscribed: bool) {
            let facts = ChannelFacts { subscribed, ..channel(works(Some(end))) };
            prop_assert!(channel_health(&facts, NOW).severity() < Severity::Stopped);
        }
    }
}
