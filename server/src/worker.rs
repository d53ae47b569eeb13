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
/// Meta's first answer tells whether our clock is right: nobody is to be called by a wrong one.
const BEFORE_FIRST_LOOK: Duration = Duration::from_secs(5);
/// A round under way gets this long to end after the stop.
const PATIENCE: Duration = Duration::from_secs(8);

/// The worker's signs of life: it checks, and it looks at clocks.
#[derive(Clone, Debug, Default)]
pub struct Heartbeat {
    rounds: Sign,
    looks: Sign,
}

impl Heartbeat {
    #[must_use]
    pub fn is_recent(&self) -> bool {
        self.rounds.is_within(PACE.late) && self.looks.is_within(PACE.late)
    }
}

/// Of one loop the last sign of life: a round that went well, or a moment within one. `None`: it
/// works no more.
#[derive(Clone, Debug)]
struct Sign(Arc<Mutex<Option<Instant>>>);

impl Default for Sign {
    fn default() -> Self {
        Self(Arc::new(Mutex::new(Some(monotonic()))))
    }
}

impl Sign {
    fn set(&self, sign: Option<Instant>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = sign;
    }

    fn beat(&self) {
        self.set(Some(monotonic()));
    }

    fn is_within(&self, late: Duration) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).is_some_and(|beat| beat.elapsed() < late)
    }
}

/// Tells that a loop has ended, however it ends.
struct Alive(Sign);

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
    let Heartbeat { rounds: sign, looks: sign_of_looks } = heartbeat;
    let (pace, wakes) = (Pace { every, ..PACE }, renova.storage().wakes(Wake::Rounds));
    tokio::join!(
        rounds(|| renova.round(), wakes, pace, sign, stop.clone()),
        looks(pace, Arc::clone(&renova), sign_of_looks, stop.clone()),
        mail(every, Arc::clone(&renova), stop.clone()),
        forward(every, Arc::clone(&renova), stop.clone()),
        webhooks::deliver(Arc::clone(&renova), stop)
    );
}

/// Looks at clocks, beside the rounds: while Meta does not answer, people are told of what is known.
async fn looks(pace: Pace, renova: Arc<Renova>, sign: Sign, stop: Stop) {
    tokio::select! {
        () = stop.requested() => return,
        () = tokio::time::sleep(BEFORE_FIRST_LOOK) => {}
    }
    let wakes = renova.storage().wakes(Wake::Rounds);
    rounds(|| async { renova.watch_what_is_due().await.map(|()| false) }, wakes, pace, sign, stop).await;
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
    sign: Sign,
    stop: Stop,
) {
    let alive = Alive(sign);
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
async fn beating<T>(round: impl Future<Output = T>, pace: Pace, sign: &Sign) -> T {
    let mut round = pin!(round);
    let start = monotonic();
    let mut beats = tokio::time::interval_at(start + pace.every, pace.every);
    beats.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            ended = &mut round => return ended,
            _ = beats.tick() => if start.elapsed() < pace.longest_round { sign.beat() }
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
        let (sign, stop) = (Sign::default(), Stop::default());
        let worker = tokio::spawn(rounds(pending, Wakes::never(), SHORT, sign.clone(), stop.clone()));
        sleep(SHORT.late * 2).await;
        assert!(sign.is_within(SHORT.late));
        sleep(SHORT.longest_round).await;
        assert!(!sign.is_within(SHORT.late));

        stop.request();
        ended_within(SHORT.every, worker, &stop).await.unwrap();
        sleep(SHORT.late).await;
        assert!(!sign.is_within(SHORT.late), "dropped");
    }

    #[tokio::test]
    async fn a_worker_is_well_while_all_that_it_does_goes_on() {
        let heartbeat = Heartbeat::default();
        assert!(heartbeat.is_recent());
        for part in [&heartbeat.rounds, &heartbeat.looks] {
            part.set(None);
            assert!(!heartbeat.is_recent());
            part.beat();
            assert!(heartbeat.is_recent());
        }
    }

    #[tokio::test]
    async fn rounds_that_fail_are_noticed() {
        let sign = Sign::default();
        let failing = || ready(Err(Error::TooBusy));
        let worker = tokio::spawn(rounds(failing, Wakes::never(), SHORT, sign.clone(), Stop::default()));
        sleep(SHORT.late * 2).await;
        assert!(!worker.is_finished() && !sign.is_within(SHORT.late));
    }

    #[tokio::test]
    async fn an_ended_loop_is_noticed_at_once() {
        let (sign, stop) = (Sign::default(), Stop::default());
        let worker = tokio::spawn(rounds(|| ready(Ok(false)), Wakes::never(), SHORT, sign.clone(), stop.clone()));
        sleep(SHORT.every * 2).await;
        assert!(sign.is_within(SHORT.late));
        stop.request();
        ended(worker, &stop).await.unwrap();
        assert!(!sign.is_within(SHORT.late));

        let sign = Sign::default();
        let broken = || async { panic!("a round breaks") };
        let worker = tokio::spawn(rounds(broken, Wakes::never(), SHORT, sign.clone(), Stop::default()));
        assert!(ended(worker, &Stop::default()).await.is_err());
        assert!(!sign.is_within(SHORT.late));
    }
}
