//! Notices when our clock, and not time itself, has moved.

use std::sync::{Mutex, PoisonError};

use lifecycle::{
    Timestamp,
    alarm::{self, HOLD_MS},
    clock::SECOND_MS,
};

use crate::Renova;

/// What was seen of the clock so far.
#[derive(Debug, Default)]
pub(crate) struct ClockWatch(Mutex<Seen>);

#[derive(Debug, Default)]
struct Seen {
    /// By the clock, and by time itself.
    last: Option<(Timestamp, Timestamp)>,
    /// When the clock moved last, by time itself.
    moved_at: Option<Timestamp>,
    /// Alarms wait since then.
    held: bool,
    /// Meta's clock is far from ours.
    far_from_meta: bool,
}

impl ClockWatch {
    /// Takes a reading of both; answers how long ago the clock was seen to move, in milliseconds.
    fn read(&self, now: Timestamp, steady: Timestamp, meta_is_ahead: Option<i64>) -> (Option<i64>, bool) {
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let jumped = seen.last.is_some_and(|(before, then)| alarm::has_moved(now.since(before), steady.since(then)));
        let far = meta_is_ahead.is_some_and(|seconds| alarm::has_moved(seconds.saturating_mul(SECOND_MS), 0));
        let news = jumped || (far && !seen.far_from_meta);
        seen.last = Some((now, steady));
        seen.far_from_meta = far;
        if news {
            seen.moved_at = Some(steady);
            seen.held = false;
        }
        (seen.moved_at.map(|at| steady.since(at)), news)
    }
}

impl ClockWatch {
    /// Whether alarms wait, and whether that is new. Once they wait they all do, until the clock is
    /// believed: those that were put off are not due any more, and the next ones would look like few.
    pub(crate) fn hold_on(&self, held: impl FnOnce() -> bool) -> (bool, bool) {
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let before = seen.held;
        seen.held = before || held();
        (seen.held, seen.held && !before)
    }
}

impl Renova {
    /// How long ago our clock was seen to move, in milliseconds. The operator is told once.
    pub(crate) fn clock_moved_ago(&self) -> Option<i64> {
        if self.parts.clock_may_jump {
            return None;
        }
        let (now, steady) = (self.now(), self.parts.steady.now());
        let (ago, news) = self.clock_watch.read(now, steady, self.parts.meta.clock_lag());
        if news {
            tracing::error!("the clock has moved by more than an hour: check this machine's time (renova doctor)");
        }
        ago
    }

    /// While the clock is not to be trusted nothing is deleted or ended by it.
    pub(crate) fn clock_is_doubtful(&self) -> bool {
        self.clock_moved_ago().is_some_and(|ago| ago < HOLD_MS)
    }
}

#[cfg(test)]
mod tests {
    use lifecycle::clock::{DAY_MS, HOUR_MS};

    use super::*;

    #[test]
    fn a_jump_is_noticed_once_and_ages_by_time_itself() {
        let watch = ClockWatch::default();
        let start = Timestamp(1_790_000_000_000);
        let read = |by_clock: i64, in_truth: i64| watch.read(start.plus(by_clock), Timestamp(in_truth), None);
        assert_eq!(read(0, 0), (None, false));
        assert_eq!(read(2_000, 2_000), (None, false));
        assert_eq!(read(70 * DAY_MS, 4_000), (Some(0), true));
        assert_eq!(read(70 * DAY_MS + 2_000, 6_000), (Some(2_000), false));
        assert_eq!(read(8_000, 8_000), (Some(0), true), "back");
        assert_eq!(read(8_000 + HOUR_MS, 8_000 + HOUR_MS), (Some(HOUR_MS), false));
    }

    #[test]
    fn metas_clock_counts_once() {
        let watch = ClockWatch::default();
        let now = Timestamp(1_790_000_000_000);
        assert_eq!(watch.read(now, Timestamp(0), Some(59)), (None, false));
        assert_eq!(watch.read(now, Timestamp(0), Some(-7 * 86_400)), (Some(0), true));
        assert_eq!(watch.read(now, Timestamp(5), Some(-7 * 86_400)), (Some(5), false));
    }
}
