//! When a token that Meta lets a server refresh gets a new life.
//!
//! Meta takes it from 24 hours of age until its end, and never afterwards.
//! Source: `instagram-platform/instagram-api-with-instagram-login/business-login`.

use crate::{
    Timestamp,
    clock::{DAY_MS, HOUR_MS},
};

/// Younger tokens are refused.
const YOUNGEST_MS: i64 = 24 * HOUR_MS;
/// Half of its life before its end: there is time for a long outage.
const BEFORE_END_MS: i64 = 30 * DAY_MS;

/// Whether it is time: old enough, still alive, and in the second half of its life. Where its age is not
/// known, its end decides alone; where its end is not known, its age: a new one has an end that is.
#[must_use]
pub fn is_due(issued_at: Option<Timestamp>, expires_at: Option<Timestamp>, now: Timestamp) -> bool {
    let old_enough = issued_at.is_none_or(|at| now.since(at) >= YOUNGEST_MS);
    let ending = expires_at.is_none_or(|at| at > now && at.since(now) <= BEFORE_END_MS);
    old_enough && ending
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_refreshed_in_the_second_half_of_its_life() {
        let now = Timestamp(1_790_000_000_000);
        let at = |days: i64| Some(now.plus(days * DAY_MS));
        for (issued, ends, due) in [
            (at(-40), at(20), true),
            (at(-30), at(30), true),
            (at(-29), at(31), false),
            (at(-60), at(0), false),
            (at(-61), at(-1), false),
            (Some(now.plus(-YOUNGEST_MS + 1)), at(5), false),
            (Some(now.plus(-YOUNGEST_MS)), at(5), true),
            (None, at(5), true),
            (None, None, true),
            (at(-90), None, true),
            (Some(now.plus(-YOUNGEST_MS + 1)), None, false),
        ] {
            assert_eq!(is_due(issued, ends, now), due, "{issued:?} {ends:?}");
        }
    }
}
