//! What a signed callback of Meta does to an authorization.
//!
//! Meta calls back when a person removes the app or wants their data deleted. Such a call has a
//! time but no number, so anybody who has seen one can send it again, and Meta itself repeats it:
//! it must not end what was authorized after it.

use crate::Timestamp;
use crate::clock::SECOND_MS;

/// What follows from a callback, once its signature was found good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CallbackEffect {
    /// The person took back the present authorization.
    Ends,
    /// The instants do not tell: ask Meta whether the token still works.
    Verify,
    /// It speaks of an earlier authorization. Nothing follows.
    Stale,
}

/// `authorized_at` is when the present token was issued, `issued_at` when the callback was signed:
/// both by Meta's clock, which counts whole seconds. Within one second the order is not known.
#[must_use]
pub const fn callback_effect(authorized_at: Option<Timestamp>, issued_at: Option<Timestamp>) -> CallbackEffect {
    let (Some(authorized_at), Some(issued_at)) = (authorized_at, issued_at) else { return CallbackEffect::Verify };
    let (authorized, issued) = (authorized_at.0.div_euclid(SECOND_MS), issued_at.0.div_euclid(SECOND_MS));
    if issued > authorized {
        CallbackEffect::Ends
    } else if issued == authorized {
        CallbackEffect::Verify
    } else {
        CallbackEffect::Stale
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use proptest::test_runner::RngSeed;

    #[test]
    fn only_a_later_second_ends_an_authorization() {
        let at = |ms: i64| Some(Timestamp(1_790_000_000_000 + ms));
        for (authorized_at, issued_at, effect) in [
            (at(0), at(1_000), CallbackEffect::Ends),
            (at(999), at(1_000), CallbackEffect::Ends),
            (at(0), at(999), CallbackEffect::Verify),
            (at(999), at(0), CallbackEffect::Verify),
            (at(0), at(-1), CallbackEffect::Stale),
            (at(0), at(-86_400_000), CallbackEffect::Stale),
            (None, at(0), CallbackEffect::Verify),
            (at(0), None, CallbackEffect::Verify),
            (None, None, CallbackEffect::Verify),
        ] {
            assert_eq!(callback_effect(authorized_at, issued_at), effect, "{authorized_at:?} {issued_at:?}");
        }
    }

    #[derive(Clone, Debug)]
    enum Step {
        /// Seconds pass, or none.
        Wait(i64),
        /// The person logs in; Meta issues a token, and may not say when.
        Authorize { is_dated: bool },
        /// The log-in's token takes the place of the one before.
        Commit,
        /// The person removes the app; the callback may have no time.
        Deauthorize { is_dated: bool },
        /// Some callback there has been arrives, for the first time or again.
        Deliver(prop::sample::Index),
    }

    fn step() -> impl Strategy<Value = Step> {
        prop_oneof![
            (0..3_i64).prop_map(Step::Wait),
            prop::bool::weighted(0.9).prop_map(|is_dated| Step::Authorize { is_dated }),
            Just(Step::Commit),
            prop::bool::weighted(0.9).prop_map(|is_dated| Step::Deauthorize { is_dated }),
            any::<prop::sample::Index>().prop_map(Step::Deliver),
        ]
    }

    /// A token, and its number at Meta.
    #[derive(Clone, Copy)]
    struct Token {
        number: usize,
        issued_at: Option<Timestamp>,
    }

    #[derive(Default)]
    struct Model {
        seconds: i64,
        /// Tokens with a lower number are dead at Meta.
        first_alive: usize,
        issued: usize,
        callbacks: Vec<Option<Timestamp>>,
        logged_in: Option<Token>,
        /// What Renova holds, until it takes it for ended.
        held: Option<Token>,
        ended: Option<Token>,
    }

    impl Model {
        fn stamp(&self, is_dated: bool) -> Option<Timestamp> {
            is_dated.then(|| Timestamp::from_seconds(1_790_000_000 + self.seconds))
        }

        fn works(&self, token: Token) -> bool {
            token.number >= self.first_alive
        }

        fn take(&mut self, step: &Step) {
            match step {
                Step::Wait(seconds) => self.seconds += seconds,
                Step::Authorize { is_dated } => {
                    self.logged_in = Some(Token { number: self.issued, issued_at: self.stamp(*is_dated) });
                    self.issued += 1;
                }
                Step::Commit => {
                    if let Some(token) = self.logged_in.take() {
                        self.held = Some(token);
                    }
                }
                Step::Deauthorize { is_dated } => {
                    self.first_alive = self.issued;
                    self.callbacks.push(self.stamp(*is_dated));
                }
                Step::Deliver(which) => {
                    if !self.callbacks.is_empty() {
                        self.deliver(*which.get(&self.callbacks));
                    }
                }
            }
        }

        fn deliver(&mut self, issued_at: Option<Timestamp>) {
            let Some(token) = self.held else { return };
            let ends = match callback_effect(token.issued_at, issued_at) {
                CallbackEffect::Ends => true,
                CallbackEffect::Verify => !self.works(token),
                CallbackEffect::Stale => false,
            };
            if ends {
                self.ended = self.held.take();
            }
        }
    }

    fn ten_thousand() -> ProptestConfig {
        let default = ProptestConfig::default();
        let cases = default.cases.max(10_000);
        ProptestConfig { cases, rng_seed: RngSeed::Fixed(20), failure_persistence: None, ..default }
    }

    proptest! {
        #![proptest_config(ten_thousand())]

        #[test]
        fn no_order_and_no_replay_of_callbacks_changes_the_end(
            steps in proptest::collection::vec(step(), 0..30),
            order in any::<prop::sample::Index>(),
        ) {
            let mut model = Model::default();
            for step in &steps {
                model.take(step);
                if let Some(ended) = model.ended.take() {
                    prop_assert!(!model.works(ended), "a callback killed a living authorization");
                }
            }
            model.take(&Step::Commit);
            // Meta repeats a callback until it arrives: each one does, whichever is the first.
            let mut callbacks = model.callbacks.clone();
            if !callbacks.is_empty() {
                let first = order.index(callbacks.len());
                callbacks.rotate_left(first);
            }
            let held = model.held;
            for issued_at in callbacks {
                model.deliver(issued_at);
            }
            prop_assert_eq!(model.held.is_some(), held.is_some_and(|token| model.works(token)));
        }
    }
}
