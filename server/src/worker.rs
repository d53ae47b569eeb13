//! Background work inside the serving process.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use renewal::Renova;
use tokio::time::{Instant, MissedTickBehavior};

use crate::{clock::monotonic, stop::Stop};

const EVERY: Duration = Duration::from_secs(2);
/// A worker that has not finished a round for this long is not well.
const LATE: Duration = Duration::from_secs(60);

/// When the worker last finished a round.
#[derive(Clone, Debug)]
pub struct Heartbeat(Arc<Mutex<Instant>>);

impl Default for Heartbeat {
    fn default() -> Self {
        Self(Arc::new(Mutex::new(monotonic())))
    }
}

impl Heartbeat {
    fn beat(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = monotonic();
    }

    #[must_use]
    pub fn is_recent(&self) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).elapsed() < LATE
    }
}

/// Does what is due, again and again, until the process stops.
pub async fn run(renova: Arc<Renova>, heartbeat: Heartbeat, stop: Stop) {
    let mut ticks = tokio::time::interval(EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = stop.requested() => return,
            _ = ticks.tick() => {}
        }
        match renova.housekeeping().await {
            Ok(()) => heartbeat.beat(),
            Err(error) => tracing::warn!(code = error.code(), %error, "housekeeping failed; it is tried again"),
        }
    }
}
