//! The system's clock: the only place of the server that reads it.

use std::time::{SystemTime, UNIX_EPOCH};

use lifecycle::{Clock, Timestamp};

/// Real time.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the Clock that others take as a parameter")]
    fn now(&self) -> Timestamp {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Timestamp(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
    }
}

/// Time since this process began to ask, which nobody can move.
#[derive(Clone, Copy, Debug)]
pub struct SteadyClock(tokio::time::Instant);

impl Default for SteadyClock {
    fn default() -> Self {
        Self(monotonic())
    }
}

impl Clock for SteadyClock {
    fn now(&self) -> Timestamp {
        Timestamp(i64::try_from(monotonic().duration_since(self.0).as_millis()).unwrap_or(i64::MAX))
    }
}

/// For spans of time within this process, which no clock set by hand may stretch.
#[expect(clippy::disallowed_methods, reason = "the one place that reads the monotonic clock")]
#[must_use]
pub fn monotonic() -> tokio::time::Instant {
    tokio::time::Instant::now()
}
