//! How long a loop waits for its next look.

use std::time::Duration;

use store::Wakes;
use tokio::time::sleep;
use vault::Random as _;

use crate::random::SystemRandom;

/// All processes are woken at once: they come one after the other, and a burst is one look.
const STAGGER: Duration = Duration::from_millis(100);

/// Returns after `pause`, or soon after a wake-up. A wake-up may get lost: the pause is what counts.
pub async fn pause_or_wake(pause: Duration, wakes: &mut Wakes) {
    let woken = async {
        wakes.woken().await;
        sleep(STAGGER * chance() / 256).await;
    };
    tokio::select! {
        () = sleep(pause) => {}
        () = woken => {}
    }
    wakes.begin_look();
}

/// Up to a quarter longer, so that processes which started together do not ask together for ever.
pub fn with_jitter(pause: Duration) -> Duration {
    pause + pause * chance() / 1024
}

fn chance() -> u32 {
    let mut chance = [0];
    SystemRandom.fill(&mut chance);
    u32::from(chance[0])
}
