//! When an event that the platform did not take is told again, and when telling ends.
//!
//! The table is the one of Standard Webhooks 1.0, "Deliverability and reliability".

use crate::{
    Timestamp,
    clock::{HOUR_MS, MINUTE_MS, SECOND_MS},
};

/// The wait after each attempt that failed. The first attempt comes at once, the last one 75 hours
/// and 35 minutes later.
const WAITS_MS: [i64; 9] = [
    5 * SECOND_MS,
    5 * MINUTE_MS,
    30 * MINUTE_MS,
    2 * HOUR_MS,
    5 * HOUR_MS,
    10 * HOUR_MS,
    14 * HOUR_MS,
    20 * HOUR_MS,
    24 * HOUR_MS,
];
/// What failed together does not come again together: up to this part of the wait is added.
const JITTER: i64 = 20;
/// A receiver may ask for a longer wait, but not for any.
const LONGEST_ASKED_MS: i64 = 24 * HOUR_MS;
/// An endpoint that has taken nothing for so long is not asked any more.
const FAILING_FOR_GOOD_MS: i64 = 120 * HOUR_MS;

/// Why an endpoint is told nothing any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DisabledReason {
    /// It answered 410: it wants nothing any more.
    Gone,
    /// It took nothing for 120 hours.
    Failing,
    /// Somebody switched it off.
    Operator,
}

impl DisabledReason {
    pub const ALL: [Self; 3] = [Self::Gone, Self::Failing, Self::Operator];

    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Gone => "gone",
            Self::Failing => "failing",
            Self::Operator => "operator",
        }
    }

    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.as_str() == text)
    }
}

/// Milliseconds to wait after `failed` attempts; `None`: it is given up. `asked_ms` is the
/// receiver's `Retry-After`, which may only lengthen the wait; `random` decides how much is added.
#[must_use]
pub fn wait_ms(failed: i64, asked_ms: Option<i64>, random: u64) -> Option<i64> {
    let step = usize::try_from(failed).ok()?.checked_sub(1)?;
    let planned = *WAITS_MS.get(step)?;
    let room = planned / JITTER;
    let added = i64::try_from(random % u64::try_from(room + 1).unwrap_or(1)).unwrap_or(0);
    Some((planned + added).max(asked_ms.unwrap_or(0).min(LONGEST_ASKED_MS)))
}

/// The start of a failure that is over by `now`: an endpoint that has failed since then or longer
/// is not asked any more.
#[must_use]
pub const fn failing_for_good_since(now: Timestamp) -> Timestamp {
    now.plus(-FAILING_FOR_GOOD_MS)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_schedule_is_the_standards() {
        let mut since_start = Vec::new();
        let mut at = 0;
        for failed in 1.. {
            let Some(wait) = wait_ms(failed, None, 0) else { break };
            at += wait;
            since_start.push(at / SECOND_MS);
        }
        let clock = |hours: i64, minutes: i64| hours * 3600 + minutes * 60 + 5;
        let rest = [(0, 0), (0, 5), (0, 35), (2, 35), (7, 35), (17, 35), (31, 35), (51, 35), (75, 35)];
        assert_eq!(since_start, rest.map(|(hours, minutes)| clock(hours, minutes)));
    }

    #[test]
    fn nothing_was_tried_or_everything_was() {
        for failed in [i64::MIN, -1, 0, 10, 11, i64::MAX] {
            assert_eq!(wait_ms(failed, Some(SECOND_MS), 7), None, "{failed}");
        }
    }

    #[test]
    fn a_receiver_may_ask_for_more_time_within_bounds() {
        assert_eq!(wait_ms(1, Some(MINUTE_MS), 0), Some(MINUTE_MS));
        assert_eq!(wait_ms(1, Some(SECOND_MS), 0), Some(5 * SECOND_MS), "not for less");
        assert_eq!(wait_ms(1, Some(i64::MAX), 0), Some(LONGEST_ASKED_MS));
        assert_eq!(wait_ms(1, Some(-5), 0), Some(5 * SECOND_MS));
        assert_eq!(wait_ms(10, Some(MINUTE_MS), 0), None, "nor for one more attempt");
    }

    #[test]
    fn every_reason_is_read_back() {
        for reason in DisabledReason::ALL {
            assert_eq!(DisabledReason::parse(reason.as_str()), Some(reason));
        }
        assert_eq!(DisabledReason::parse("tired"), None);
    }

    proptest! {
        #[test]
        fn chance_only_adds_and_only_a_little(failed in 1_i64..10, random: u64) {
            let planned = wait_ms(failed, None, 0).unwrap();
            let wait = wait_ms(failed, None, random).unwrap();
            prop_assert!(planned <= wait && wait <= planned + planned / JITTER);
        }
    }
}
