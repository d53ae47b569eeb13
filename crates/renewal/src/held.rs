//! Work under a lease, with signs of life.

use std::{pin::pin, time::Duration};

use futures::future::BoxFuture;
use lifecycle::clock::SECOND_MS;

/// A lease that was not used for so long is asked for again before anything is done.
pub(crate) const SIGN_AFTER_MS: i64 = 5 * SECOND_MS;
/// Three may get lost before the lease does.
const SIGN_EVERY: Duration = Duration::from_secs(8);

/// Works on while `extend` says that the lease is ours. `None`: it was lost, the work was dropped,
/// and somebody else does it.
pub(crate) async fn while_held<'a, T, E: std::fmt::Display>(
    work: impl Future<Output = T>,
    extend: impl Fn() -> BoxFuture<'a, Result<bool, E>>,
) -> Option<T> {
    signing_every(SIGN_EVERY, work, extend).await
}

async fn signing_every<'a, T, E: std::fmt::Display>(
    pause: Duration,
    work: impl Future<Output = T>,
    extend: impl Fn() -> BoxFuture<'a, Result<bool, E>>,
) -> Option<T> {
    let mut work = pin!(work);
    loop {
        tokio::select! {
            done = &mut work => return Some(done),
            () = tokio::time::sleep(pause) => {}
        }
        match extend().await {
            Ok(true) => {}
            Ok(false) => return None,
            // Whether it is lost is decided when the result is written.
            Err(error) => tracing::warn!(%error, "a sign of life could not be given"),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{
        convert::Infallible,
        sync::atomic::{AtomicU32, Ordering},
    };

    use tokio::sync::Notify;

    use super::*;

    const OFTEN: Duration = Duration::from_millis(1);

    #[tokio::test]
    async fn long_work_gives_signs_of_life_and_ends_with_its_lease() {
        let (signs, heard) = (AtomicU32::new(0), Notify::new());
        let sign = || -> BoxFuture<'_, Result<bool, Infallible>> {
            let sign = signs.fetch_add(1, Ordering::Relaxed) + 1;
            if sign == 2 {
                heard.notify_one();
            }
            Box::pin(std::future::ready(Ok(sign < 5)))
        };
        assert_eq!(signing_every(OFTEN, heard.notified(), sign).await, Some(()));
        assert!(signs.load(Ordering::Relaxed) >= 2);
        assert_eq!(signing_every(OFTEN, std::future::pending::<()>(), sign).await, None);
    }
}
