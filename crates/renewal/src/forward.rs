//! Meta's notifications on their way to the platform: the same bytes with the same signature, in
//! order for each account, until the platform has taken them.

use std::time::Duration;

use async_trait::async_trait;
use futures::future::join_all;
use lifecycle::clock::{HOUR_MS, SECOND_MS};
use secrecy::ExposeSecret;
use store::Forward;

use crate::{Error, Renova, sealing::Place};

/// One round claims so many and sends them all at the same time: a claim that waited for its turn
/// could outlive its lease.
const AT_ONCE: i64 = 8;
/// Longer than the longest answer is waited for.
const LEASE_MS: i64 = 30 * SECOND_MS;
/// Meta itself gives up after this long.
const GIVEN_UP_AFTER_MS: i64 = 36 * HOUR_MS;
const FIRST_WAIT: Duration = Duration::from_secs(2);
const LONGEST_WAIT: Duration = Duration::from_secs(15 * 60);

/// The platform as it takes notifications.
#[async_trait]
pub trait Forwarder: Send + Sync {
    /// Hands over the raw bytes with Meta's signature (`X-Hub-Signature-256`).
    async fn forward(&self, body: Vec<u8>, signature: Option<&str>) -> Result<(), ForwardFailure>;
}

/// The platform has not taken it; it is tried again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ForwardFailure {
    #[error("the platform could not be reached")]
    Unreachable,
    #[error("the platform answered with HTTP status {0}")]
    Status(u16),
}

impl Renova {
    /// Sends what is due. Answers whether there may be more at once.
    ///
    /// # Errors
    /// Only those of the database; what the platform refuses is tried again later.
    pub async fn forward_what_is_due(&self) -> Result<bool, Error> {
        let Some(forwarder) = &self.parts.forwarder else { return Ok(false) };
        let (now, storage) = (self.wall_now(), &self.parts.storage);
        let dropped = storage.drop_forwards(now.plus(-GIVEN_UP_AFTER_MS)).await?;
        if dropped > 0 {
            tracing::error!(dropped, "notifications were given up: the platform did not take them for 36 hours");
        }
        let owner = hex::encode(self.random::<8>());
        let claimed = storage.claim_forwards(now, &owner, now.plus(LEASE_MS), AT_ONCE).await?;
        let more = !claimed.is_empty();
        let sent = claimed.into_iter().map(|forward| self.send(&**forwarder, &owner, forward));
        join_all(sent).await.into_iter().collect::<Result<(), Error>>()?;
        Ok(more)
    }

    /// Returns when something has come in to be passed on.
    pub async fn something_to_forward(&self) {
        self.forwarding.notified().await;
    }

    async fn send(&self, forwarder: &dyn Forwarder, owner: &str, forward: Forward) -> Result<(), Error> {
        let storage = &self.parts.storage;
        let text = self.unseal(&forward.body, &Place::forward())?;
        let body = hex::decode(text.expose_secret()).map_err(|_| Error::Internal("an unreadable notification"))?;
        match forwarder.forward(body, forward.signature.as_deref()).await {
            Ok(()) => storage.complete_forward(forward.seq, owner).await?,
            Err(failure) => {
                tracing::warn!(%failure, attempts = forward.attempts, "a notification was not taken; it is tried again");
                let attempt = u32::try_from(forward.attempts).unwrap_or(u32::MAX);
                let wait = meta::backoff(attempt, FIRST_WAIT, LONGEST_WAIT, u64::from_be_bytes(self.random()));
                let wait = i64::try_from(wait.as_millis()).unwrap_or(i64::MAX);
                storage.postpone_forward(forward.seq, owner, self.wall_now().plus(wait)).await?
            }
        };
        Ok(())
    }
}
