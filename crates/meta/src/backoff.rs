//! How long to wait before another try.

use std::time::Duration;

/// A wait drawn evenly between nothing and `base` × 2^`attempt`, never longer
/// than `most`: full jitter, so that many who failed together do not come back
/// together. `attempt` is 0 after the first failure; `random` is 64 random bits.
#[must_use]
pub fn backoff(attempt: u32, base: Duration, most: Duration, random: u64) -> Duration {
    let ceiling =
        2_u32.checked_pow(attempt).and_then(|times| base.checked_mul(times)).map_or(most, |wait| wait.min(most));
    // The 53 bits that a float holds exactly, so that the share stays below 1.
    let share = (random >> 11) as f64 / (1_u64 << 53) as f64;
    ceiling.mul_f64(share)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_doubles_up_to_the_most_and_is_spread_over_all_of_it() {
        let (base, most) = (Duration::from_secs(5), Duration::from_secs(60));
        for (attempt, ceiling) in [(0, 5), (1, 10), (2, 20), (3, 40), (4, 60), (31, 60), (32, 60), (u32::MAX, 60)] {
            let ceiling = Duration::from_secs(ceiling);
            assert_eq!(backoff(attempt, base, most, 0), Duration::ZERO);
            assert_eq!(backoff(attempt, base, most, 1 << 63), ceiling / 2);
            let longest = backoff(attempt, base, most, u64::MAX);
            assert!(longest <= ceiling && ceiling - longest <= Duration::from_micros(1), "{attempt}: {longest:?}");
        }
    }

    #[test]
    fn no_wait_is_no_wait_and_the_longest_does_not_overflow() {
        assert_eq!(backoff(9, Duration::ZERO, Duration::from_secs(60), u64::MAX), Duration::ZERO);
        assert_eq!(backoff(9, Duration::from_secs(1), Duration::ZERO, u64::MAX), Duration::ZERO);
        let long = Duration::from_secs(u64::from(u32::MAX));
        assert!(backoff(40, long, Duration::MAX, u64::MAX) <= Duration::MAX);
    }
}
