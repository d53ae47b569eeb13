//! Background work inside the serving process.

use std::{
    pin::pin,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use renewal::{Error, Renova};
use store::{Wake, Wakes};
use tokio::{
    task::{JoinError, JoinHandle},
    time::{Instant, MissedTickBehavior},
};

use crate::{
    clock::monotonic,
    pause::{pause_or_wake, with_jitter},
    stop::Stop,
    webhooks,
};

/// How long what may take.
#[derive(Clone, Copy)]
struct Pace {
    /// Between two rounds.
    every: Duration,
    /// A worker that has not given a sign of life for this long is not well.
    late: Duration,
    /// A round may take its time, with every call to Meta as slow as its deadline allows; one that
    /// takes this long does not end any more.
    longest_round: Duration,
}

const PACE: Pace =
    Pace { every: Duration::from_secs(2), late: Duration::from_secs(60), longest_round: Duration::from_secs(60 * 60) };
/// A round under way gets this long to end after the stop.
const PATIENCE: Duration = Duration::from_secs(8);

/// The worker's last sign of life: a round that went well, or a moment within one. `None`: it
/// works no more.
#[derive(Clone, Debug)]
pub struct Heartbeat(Arc<Mutex<Option<Instant>>>);

impl Default for Heartbeat {
    fn default() -> Self {
        Self(Arc::new(Mutex::new(Some(monotonic()))))
    }
}

impl Heartbeat {
    fn set(&self, sign: Option<Instant>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = sign;
    }

    fn beat(&self) {
        self.set(Some(monotonic()));
    }

    #[must_use]
    pub fn is_recent(&self) -> bool {
        self.is_within(PACE.late)
    }

    fn is_within(&self, late: Duration) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).is_some_and(|beat| beat.elapsed() < late)
    }
}

/// Tells that the worker has ended, however it ends.
struct Alive(Heartbeat);

impl Drop for Alive {
    fn drop(&mut self) {
        self.0.set(None);
    }
}

/// Does what is due, again and again, until the process stops.
pub async fn run(renova: Arc<Renova>, heartbeat: Heartbeat, stop: Stop) {
    run_every(PACE.every, renova, heartbeat, stop).await;
}

/// Like [`run`], with so long between two looks where no wake-up comes.
pub async fn run_every(every: Duration, renova: Arc<Renova>, heartbeat: Heartbeat, stop: Stop) {
    let wakes = renova.storage().wakes(Wake::Rounds);
    let rounds = rounds(|| renova.round(), wakes, Pace { every, ..PACE }, heartbeat, stop.clone());
    tokio::join!(
        rounds,
        mail(every, Arc::clone(&renova), stop.clone()),
        forward(every, Arc::clone(&renova), stop.clone()),
        webhooks::deliver(Arc::clone(&renova), stop)
    );
}

/// Passes Meta's notifications on to the platform, as they come in, until the process stops.
async fn forward(every: Duration, renova: Arc<Renova>, stop: Stop) {
    let mut wakes = renova.storage().wakes(Wake::Forwards);
    loop {
        match renova.forward_what_is_due().await {
            Ok(true) => continue,
            Ok(false) => {}
            Err(error) => tracing::warn!(code = error.code(), %error, "passing on failed; it is tried again"),
        }
        tokio::select! {
            () = stop.requested() => return,
            () = renova.something_to_forward() => {}
            // What waits for another try, and what another process has taken in.
            () = pause_or_wake(with_jitter(every), &mut wakes) => {}
        }
    }
}

/// Sends mail, beside the rounds: a mail server that hangs must not hold up a check.
async fn mail(every: Duration, renova: Arc<Renova>, stop: Stop) {
    let mut wakes = renova.storage().wakes(Wake::Mail);
    loop {
        let pause = match renova.mail_what_is_due().await {
            Ok(true) => Duration::ZERO,
            Ok(false) => with_jitter(every),
            Err(error) => {
                tracing::warn!(code = error.code(), %error, "mail failed; it is tried again");
                every
            }
        };
        tokio::select! {
            () = stop.requested() => return,
            () = pause_or_wake(pause, &mut wakes) => {}
        }
    }
}

async fn rounds<W: Future<Output = Result<bool, Error>>>(
    round: impl Fn() -> W,
    mut wakes: Wakes,
    pace: Pace,
    heartbeat: Heartbeat,
    stop: Stop,
) {
    let alive = Alive(heartbeat);
    let mut pause = Duration::ZERO;
    loop {
        tokio::select! {
            () = stop.requested() => return,
            () = pause_or_wake(pause, &mut wakes) => {}
        }
        pause = with_jitter(pace.every);
        match beating(round(), pace, &alive.0).await {
            Ok(more) => {
                alive.0.beat();
                if more {
                    pause = Duration::ZERO;
                }
            }
            Err(error) => tracing::warn!(code = error.code(), %error, "a round failed; it is tried again"),
        }
    }
}

/// Gives signs of life while `round` takes its time.
async fn beating<T>(round: impl Future<Output = T>, pace: Pace, heartbeat: &Heartbeat) -> T {
    let mut round = pin!(round);
    let start = monotonic();
    let mut beats = tokio::time::interval_at(start + pace.every, pace.every);
    beats.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            ended = &mut round => return ended,
            _ = beats.tick() => if start.elapsed() < pace.longest_round { heartbeat.beat() }
        }
    }
}

/// Returns once the worker has ended. After the stop that is soon: what it still does then is
/// dropped, and the next start does it again.
pub async fn ended(worker: JoinHandle<()>, stop: &Stop) -> Result<(), JoinError> {
    ended_within(PATIENCE, worker, stop).await
}

async fn ended_within(patience: Duration, mut worker: JoinHandle<()>, stop: &Stop) -> Result<(), JoinError> {
    let impatience = async {
        stop.requested().await;
        tokio::time::sleep(patience).await;
    };
    tokio::select! {
        ended = &mut worker => ended,
        () = impatience => {
            tracing::warn!("the worker's round under way was dropped");
            worker.abort();
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests {
    use std::future::{pending, ready};

    use tokio::time::sleep;

    use super::*;

    const SHORT: Pace = Pace {
        every: Duration::from_millis(5),
        late: Duration::from_millis(300),
        longest_round: Duration::from_millis(900),
    };

    #[tokio::test]
    async fn a_long_round_is_no_illness_and_an_endless_one_is() {
        let (heartbeat, stop) = (Heartbeat::default(), Stop::default());
        let worker = tokio::spawn(rounds(pending, Wakes::never(), SHORT, heartbeat.clone(), stop.clone()));
        sleep(SHORT.late * 2).await;
        assert!(heartbeat.is_within(SHORT.late));
        sleep(SHORT.longest_round).await;
        assert!(!heartbeat.is_within(SHORT.late));

        stop.request();
        ended_within(SHORT.every, worker, &stop).await.unwrap();
        sleep(SHORT.late).await;
        assert!(!heartbeat.is_recent(), "dropped");
    }

    #[tokio::test]
    async fn rounds_that_fail_are_noticed() {
        let heartbeat = Heartbeat::default();
        let failing = || ready(Err(Error::TooBusy));
        let worker = tokio::spawn(rounds(failing, Wakes::never(), SHORT, heartbeat.clone(), Stop::default()));
        sleep(SHORT.late * 2).await;
        assert!(!worker.is_finished() && !heartbeat.is_within(SHORT.late));
    }

    #[tokio::test]
    async fn an_ended_loop_is_noticed_at_once() {
        let (heartbeat, stop) = (Heartbeat::default(), Stop::default());
        let worker = tokio::spawn(rounds(|| ready(Ok(false)), Wakes::never(), SHORT, heartbeat.clone(), stop.clone()));
        sleep(SHORT.every * 2).await;
        assert!(heartbeat.is_recent());
        stop.request();
        ended(worker, &stop).await.unwrap();
        assert!(!heartbeat.is_recent());

        let heartbeat = Heartbeat::default();
        let broken = || async { panic!("a round breaks") };
        let worker = tokio::spawn(rounds(broken, Wakes::never(), SHORT, heartbeat.clone(), Stop::default()));
        assert!(ended(worker, &Stop::default()).await.is_err());
        assert!(!heartbeat.is_recent());
    }
}
