//! Whether alarms are held back because the clock, and not Meta, has made them.

use crate::clock::{HOUR_MS, MINUTE_MS};

/// Smaller installations are never held: there, one wrong alarm costs less than one too late.
const FROM_CONNECTIONS: i64 = 50;
/// So far the clock must have moved against time itself.
pub const MOVED_MS: i64 = HOUR_MS;
/// No alarm waits for longer than this.
pub const HOLD_MS: i64 = 15 * MINUTE_MS;

/// Of `connections`, `turning` would be told about by the clock alone, in one go; the clock was seen
/// to move by more than [`MOVED_MS`] this many milliseconds ago (`None`: it did not).
///
/// What Meta has proved is never held, nor is anything on a screen: only mails wait.
#[must_use]
pub fn is_held(connections: i64, turning: i64, moved_ago_ms: Option<i64>) -> bool {
    connections >= FROM_CONNECTIONS && turning * 10 > connections && moved_ago_ms.is_some_and(|ago| ago < HOLD_MS)
}

/// Whether a clock that went on by `by_clock` while time itself went on by `in_truth` has moved.
#[must_use]
pub const fn has_moved(by_clock: i64, in_truth: i64) -> bool {
    by_clock.saturating_sub(in_truth).saturating_abs() > MOVED_MS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_many_at_once_after_a_jump_are_held_and_not_for_long() {
        assert!(is_held(50, 6, Some(0)));
        assert!(!is_held(49, 49, Some(0)), "a small installation");
        assert!(!is_held(50, 5, Some(0)), "no more than one in ten");
        assert!(!is_held(10_000, 10_000, None), "the clock is right");
        assert!(!is_held(10_000, 10_000, Some(HOLD_MS)), "long enough");
    }

    #[test]
    fn a_clock_moves_in_both_directions() {
        assert!(has_moved(MOVED_MS + 1_001, 1_000) && has_moved(-MOVED_MS, 1_000));
        assert!(!has_moved(MOVED_MS, 0) && !has_moved(2_000, 2_000));
    }
}
