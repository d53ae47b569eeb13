//! The renewal as a state machine: the server holds the state, the page shows it.
//!
//! A transition is a pure function of state and event. Repeating an event that has already had
//! its effect is not an error but changes nothing, so that a double click, a second tab and a
//! retried request are harmless.

use serde::{Deserialize, Serialize};

use crate::clock::{DAY_MS, MINUTE_MS};

/// An open renewal ends by itself after this long.
pub const RENEWAL_LIFETIME_MS: i64 = DAY_MS;
/// One trip to Meta's dialog, and the parked code, live this long.
pub const LOGIN_LIFETIME_MS: i64 = 10 * MINUTE_MS;
/// A good renewal whose tab was closed is committed by itself after this long.
pub const AUTO_FINISH_AFTER_MS: i64 = 10 * MINUTE_MS;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RenewalState {
    /// *Iniciar* was clicked; nobody has gone to Meta yet.
    Started,
    /// A log-in dialog is open somewhere.
    AwaitingLogin,
    /// Meta sent a code back; it is parked, encrypted.
    LoggedIn,
    /// The code became tokens, staged and encrypted; the accounts are known.
    Exchanged,
    /// The administrator said which accounts stay.
    Chosen,
    /// The proof is being gathered.
    Proving,
    /// The proof is complete.
    Proved,
    /// Committed.
    Finished,
    /// The person cancelled at Meta, or Meta refused.
    Denied,
    /// Another Facebook person logged in than the one who owns the connection.
    Mismatched,
    /// Something failed on the way; the code is stored beside it. Can be tried again.
    Failed,
    /// Not finished within its lifetime.
    Expired,
    /// Cancelled in the wizard.
    Abandoned,
    /// Another administrator took over.
    Superseded,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RenewalEvent {
    LoginStarted,
    CodeParked,
    LoginDenied,
    Exchanged,
    OtherPerson,
    HandedOver,
    Failed,
    Chosen,
    ProofStarted,
    Proved,
    Finished,
    Cancelled,
    TimedOut,
    TakenOver,
}

/// The event does not apply in this state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{event:?} does not apply to a renewal that is {state:?}")]
pub struct NotApplicable {
    pub state: RenewalState,
    pub event: RenewalEvent,
}

impl RenewalState {
    pub const ALL: [Self; 14] = [
        Self::Started,
        Self::AwaitingLogin,
        Self::LoggedIn,
        Self::Exchanged,
        Self::Chosen,
        Self::Proving,
        Self::Proved,
        Self::Finished,
        Self::Denied,
        Self::Mismatched,
        Self::Failed,
        Self::Expired,
        Self::Abandoned,
        Self::Superseded,
    ];

    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Started => "started",
            Self::AwaitingLogin => "awaiting_login",
            Self::LoggedIn => "logged_in",
            Self::Exchanged => "exchanged",
            Self::Chosen => "chosen",
            Self::Proving => "proving",
            Self::Proved => "proved",
            Self::Finished => "finished",
            Self::Denied => "denied",
            Self::Mismatched => "mismatched",
            Self::Failed => "failed",
            Self::Expired => "expired",
            Self::Abandoned => "abandoned",
            Self::Superseded => "superseded",
        }
    }

    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == text)
    }

    /// Nothing can happen to it any more.
    #[must_use]
    pub const fn is_over(self) -> bool {
        matches!(self, Self::Finished | Self::Expired | Self::Abandoned | Self::Superseded)
    }

    /// New tokens are staged: only the last clicks are missing.
    #[must_use]
    pub const fn has_staged_tokens(self) -> bool {
        matches!(self, Self::Exchanged | Self::Chosen | Self::Proving | Self::Proved)
    }

    /// A trip to Meta's dialog may begin (again).
    #[must_use]
    pub const fn may_go_to_meta(self) -> bool {
        !self.is_over()
    }

    /// The step of the journey, 1 to 6, that the administrator stands on.
    ///
    /// Steps 1 and 2 (*Alterar permissões*, *Iniciar*) lie before a renewal exists.
    #[must_use]
    pub const fn step(self) -> u8 {
        match self {
            Self::Started
            | Self::Denied
            | Self::Mismatched
            | Self::Failed
            | Self::Expired
            | Self::Abandoned
            | Self::Superseded => 3,
            Self::AwaitingLogin | Self::LoggedIn => 4,
            Self::Exchanged => 5,
            Self::Chosen | Self::Proving | Self::Proved | Self::Finished => 6,
        }
    }

    /// The state after `event`; the same state when the event has already had its effect.
    pub fn after(self, event: RenewalEvent) -> Result<Self, NotApplicable> {
        use RenewalEvent as E;
        let refused = NotApplicable { state: self, event };
        if self.is_over() {
            let repeated = matches!(
                (self, event),
                (Self::Finished, E::Finished)
                    | (Self::Abandoned, E::Cancelled)
                    | (Self::Expired, E::TimedOut)
                    | (Self::Superseded, E::TakenOver)
            );
            return if repeated { Ok(self) } else { Err(refused) };
        }
        match event {
            // Opening the dialog again must not lose what is staged or parked.
            E::LoginStarted if self.has_staged_tokens() || self == Self::LoggedIn => Ok(self),
            E::LoginStarted => Ok(Self::AwaitingLogin),
            // Several dialogs may be open: the first that comes back wins.
            E::CodeParked if self == Self::LoggedIn => Err(refused),
            E::CodeParked => Ok(Self::LoggedIn),
            E::LoginDenied if self.has_staged_tokens() || self == Self::LoggedIn => Ok(self),
            E::LoginDenied => Ok(Self::Denied),
            // From `Failed` too: of two exchanges of one code the loser may have written first.
            E::Exchanged => match self {
                Self::LoggedIn | Self::Failed => Ok(Self::Exchanged),
                _ => Err(refused),
            },
            E::OtherPerson => match self {
                Self::LoggedIn | Self::Mismatched => Ok(Self::Mismatched),
                _ => Err(refused),
            },
            // The connection passes to the person who has just logged in, as the administrator said.
            E::HandedOver => match self {
                Self::Mismatched | Self::Exchanged => Ok(Self::Exchanged),
                _ => Err(refused),
            },
            E::Failed => Ok(Self::Failed),
            E::Chosen => match self {
                Self::Exchanged | Self::Chosen | Self::Proving | Self::Proved => Ok(Self::Chosen),
                _ => Err(refused),
            },
            E::ProofStarted => match self {
                Self::Chosen | Self::Proving | Self::Proved => Ok(Self::Proving),
                _ => Err(refused),
            },
            E::Proved => match self {
                Self::Proving | Self::Proved => Ok(Self::Proved),
                _ => Err(refused),
            },
            E::Finished => match self {
                Self::Proved => Ok(Self::Finished),
                _ => Err(refused),
            },
            E::Cancelled => Ok(Self::Abandoned),
            E::TimedOut => Ok(Self::Expired),
            E::TakenOver => Ok(Self::Superseded),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{RenewalEvent as E, RenewalState as S};
    use proptest::prelude::*;

    const EVENTS: [E; 14] = [
        E::LoginStarted,
        E::CodeParked,
        E::LoginDenied,
        E::Exchanged,
        E::OtherPerson,
        E::HandedOver,
        E::Failed,
        E::Chosen,
        E::ProofStarted,
        E::Proved,
        E::Finished,
        E::Cancelled,
        E::TimedOut,
        E::TakenOver,
    ];

    fn run(events: &[E]) -> S {
        events.iter().fold(S::Started, |state, event| state.after(*event).unwrap_or(state))
    }

    #[test]
    fn the_good_way_ends_finished() {
        let way = [E::LoginStarted, E::CodeParked, E::Exchanged, E::Chosen, E::ProofStarted, E::Proved, E::Finished];
        assert_eq!(run(&way), S::Finished);
    }

    #[test]
    fn words_are_read_back() {
        for state in S::ALL {
            assert_eq!(S::parse(state.as_str()), Some(state));
        }
    }

    #[test]
    fn opening_the_dialog_again_loses_nothing() {
        for state in S::ALL {
            if state.has_staged_tokens() {
                assert_eq!(state.after(E::LoginStarted), Ok(state));
                assert_eq!(state.after(E::LoginDenied), Ok(state));
            }
        }
    }

    #[test]
    fn nothing_is_finished_without_proof() {
        for state in S::ALL {
            if !matches!(state, S::Proved | S::Finished) {
                assert!(state.after(E::Finished).is_err(), "{state:?}");
            }
        }
    }

    proptest! {
        #[test]
        fn what_is_over_stays_over(events in proptest::collection::vec(proptest::sample::select(&EVENTS[..]), 0..40)) {
            let mut state = S::Started;
            for event in events {
                let next = state.after(event).unwrap_or(state);
                prop_assert!(!state.is_over() || next == state);
                state = next;
            }
        }

        #[test]
        fn an_event_repeated_changes_nothing_more(
            events in proptest::collection::vec(proptest::sample::select(&EVENTS[..]), 0..40),
            last in proptest::sample::select(&EVENTS[..]),
        ) {
            let state = run(&events);
            if let Ok(once) = state.after(last) {
                prop_assert_eq!(once.after(last).unwrap_or(once), once);
            }
        }

        #[test]
        fn every_open_state_has_a_way_on_and_a_way_out(
            events in proptest::collection::vec(proptest::sample::select(&EVENTS[..]), 0..40),
        ) {
            let state = run(&events);
            if !state.is_over() {
                prop_assert!(state.after(E::LoginStarted).is_ok());
                prop_assert_eq!(state.after(E::Cancelled), Ok(S::Abandoned));
            }
        }
    }
}
