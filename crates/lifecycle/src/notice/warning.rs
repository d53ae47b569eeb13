//! When people are warned of an end that is known.

use crate::{
    Timestamp,
    clock::{DAY_MS, HOUR_MS},
};

/// By how much local time is ahead of UTC at an instant, in milliseconds.
pub type LocalOffset<'a> = &'a dyn Fn(Timestamp) -> i64;

/// When an organization wants to be warned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    /// Days before an end; 0 is the end itself.
    pub thresholds: Vec<i64>,
    /// People are told from this hour on …
    pub from_hour: i64,
    /// … and before this one, in their own time.
    pub to_hour: i64,
}

impl Default for Policy {
    fn default() -> Self {
        Self { thresholds: vec![14, 7, 3, 1, 0], from_hour: 9, to_hour: 18 }
    }
}

impl Policy {
    fn is_decent(&self, at: Timestamp, offset: LocalOffset<'_>) -> bool {
        let time = (at.0 + offset(at)).rem_euclid(DAY_MS);
        (self.from_hour * HOUR_MS..self.to_hour * HOUR_MS).contains(&time)
    }

    /// The last opening hour that is not after `at`. Always the opening, so that what an organization
    /// is warned of on one day is told together.
    fn decent_before(&self, at: Timestamp, offset: LocalOffset<'_>) -> Timestamp {
        let local = at.0 + offset(at);
        let today = local - local.rem_euclid(DAY_MS) + self.from_hour * HOUR_MS;
        let opening = if today > local { today - DAY_MS } else { today };
        let moment = Timestamp(opening - offset(at));
        // A change of the clocks lies between, perhaps.
        moment.plus(offset(at) - offset(moment)).min(at)
    }

    /// The first decent moment from `at` on.
    fn decent_from(&self, at: Timestamp, offset: LocalOffset<'_>) -> Timestamp {
        if self.is_decent(at, offset) {
            return at;
        }
        let local = at.0 + offset(at);
        let today = local - local.rem_euclid(DAY_MS);
        let day = if local - today < self.from_hour * HOUR_MS { today } else { today + DAY_MS };
        let opening = Timestamp(day + self.from_hour * HOUR_MS - offset(at));
        opening.plus(offset(at) - offset(opening))
    }

    /// Each threshold with the moment of its warning, the earliest first.
    fn schedule(&self, end: Timestamp, offset: LocalOffset<'_>) -> Vec<(i64, Timestamp)> {
        let mut thresholds = self.thresholds.clone();
        thresholds.sort_unstable_by(|a, b| b.cmp(a));
        thresholds.dedup();
        thresholds.into_iter().map(|days| (days, self.decent_before(end.plus(-days * DAY_MS), offset))).collect()
    }
}

/// A warning that was given: of which end, at which threshold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Told {
    pub ends_at: Timestamp,
    pub days: i64,
}

/// What is to be told now, and when to look again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Warnings {
    pub due: Vec<Told>,
    pub next_at: Option<Timestamp>,
}

/// Which warnings of these ends are due: for each end the tightest threshold that has come, once.
/// What was missed before is not made up for, and waits for a decent hour if there is time.
///
/// Ends less than a day apart are one; an end that has moved by less than a day is the same.
#[must_use]
pub fn warnings(
    policy: &Policy,
    ends: &[Timestamp],
    told: &[Told],
    offset: LocalOffset<'_>,
    now: Timestamp,
) -> Warnings {
    let mut found = Warnings::default();
    for end in distinct(ends) {
        let schedule = policy.schedule(end, offset);
        let next = schedule.iter().find(|(_, at)| *at > now).map(|(_, at)| *at);
        found.look_again(next);
        let Some((days, _)) = schedule.iter().rfind(|(_, at)| *at <= now) else { continue };
        if told.iter().any(|it| is_same(it.ends_at, end) && it.days <= *days) {
            continue;
        }
        let at = policy.decent_from(now, offset).min(next.unwrap_or(end));
        if at <= now { found.due.push(Told { ends_at: end, days: *days }) } else { found.look_again(Some(at)) }
    }
    found
}

impl Warnings {
    fn look_again(&mut self, at: Option<Timestamp>) {
        self.next_at = self.next_at.into_iter().chain(at).min();
    }
}

fn is_same(a: Timestamp, b: Timestamp) -> bool {
    a.since(b).abs() < DAY_MS
}

fn distinct(ends: &[Timestamp]) -> Vec<Timestamp> {
    let mut ends = ends.to_vec();
    ends.sort_unstable();
    ends.dedup_by(|later, earlier| is_same(*later, *earlier));
    ends
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Thursday 2026-09-17 12:00 UTC.
    const NOON: Timestamp = Timestamp(1_789_646_400_000 - 1_789_646_400_000 % DAY_MS + 12 * HOUR_MS);

    fn utc(_: Timestamp) -> i64 {
        0
    }

    /// Runs through time by the moments that the rule itself asks for.
    fn run(policy: &Policy, end: Timestamp, from: Timestamp, offset: LocalOffset<'_>) -> Vec<(i64, Timestamp)> {
        let (mut told, mut when, mut now) = (Vec::new(), Vec::new(), from);
        loop {
            let found = warnings(policy, &[end], &told, offset, now);
            when.extend(found.due.iter().map(|it| (it.days, now)));
            told.extend(found.due);
            match found.next_at {
                Some(next) => now = next,
                None => return when,
            }
        }
    }

    #[test]
    fn each_threshold_is_told_once_and_in_time() {
        let end = NOON.plus(60 * DAY_MS);
        let told = run(&Policy::default(), end, NOON, &utc);
        let opening = end.plus(-3 * HOUR_MS);
        let expected: Vec<_> = [14, 7, 3, 1, 0].map(|days| (days, opening.plus(-days * DAY_MS))).into();
        assert_eq!(told, expected);
    }

    #[test]
    fn an_end_at_night_is_told_the_day_before() {
        let end = NOON.plus(60 * DAY_MS - 9 * HOUR_MS);
        let told = run(&Policy::default(), end, NOON, &utc);
        assert_eq!(told[0], (14, end.plus(-14 * DAY_MS - 18 * HOUR_MS)));
        assert_eq!(told[4], (0, end.plus(-18 * HOUR_MS)));
    }

    #[test]
    fn what_is_seen_late_is_told_once_by_day() {
        let end = NOON.plus(5 * DAY_MS);
        let night = NOON.plus(-9 * HOUR_MS);
        let told = run(&Policy::default(), end, night, &utc);
        assert_eq!(told.iter().map(|it| it.0).collect::<Vec<_>>(), [7, 3, 1, 0]);
        assert_eq!(told[0].1, NOON.plus(-3 * HOUR_MS));
        let over = run(&Policy::default(), NOON.plus(-40 * DAY_MS), NOON, &utc);
        assert_eq!(over, [(0, NOON)], "ended long ago");
    }

    #[test]
    fn an_end_that_moves_a_little_is_the_same_and_a_new_one_is_armed_again() {
        let end = NOON.plus(7 * DAY_MS);
        let told = [Told { ends_at: end, days: 7 }];
        let due = |end: Timestamp| warnings(&Policy::default(), &[end], &told, &utc, NOON).due;
        assert_eq!(due(end.plus(-HOUR_MS)), []);
        assert_eq!(due(end.plus(2 * DAY_MS)).len(), 1);
    }

    #[test]
    fn two_ends_of_one_day_are_one() {
        let ends = [NOON.plus(7 * DAY_MS), NOON.plus(7 * DAY_MS - HOUR_MS)];
        assert_eq!(warnings(&Policy::default(), &ends, &[], &utc, NOON).due.len(), 1);
    }

    proptest! {
        #[test]
        fn everybody_is_warned_five_times_at_decent_hours_before_the_end(
            minute in 0i64..(24 * 60),
            hours_ahead in -12i64..=14,
            jump_day in 0i64..60,
            jump_hours in -1i64..=1,
        ) {
            let start = NOON;
            // Local time may change by an hour on one day.
            let offset = move |at: Timestamp| {
                let moved = if at.since(start) > jump_day * DAY_MS { jump_hours } else { 0 };
                (hours_ahead + moved) * HOUR_MS
            };
            let end = start.plus(60 * DAY_MS + minute * 60_000);
            let policy = Policy::default();
            let told = run(&policy, end, start, &offset);
            prop_assert_eq!(told.iter().map(|it| it.0).collect::<Vec<_>>(), vec![14, 7, 3, 1, 0]);
            for (days, at) in told {
                prop_assert!(at <= end.plus(-days * DAY_MS), "not later than the threshold");
                prop_assert!(end.since(at) - days * DAY_MS <= 25 * HOUR_MS, "not much earlier");
                let time = (at.0 + offset(at)).rem_euclid(DAY_MS);
                prop_assert!((8 * HOUR_MS..19 * HOUR_MS).contains(&time), "{}", time / HOUR_MS);
            }
        }
    }
}
