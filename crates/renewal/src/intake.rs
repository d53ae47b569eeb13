//! What Meta sends: checked, stored durably, then acknowledged.
//!
//! Of a message only a keyed hash of its id, the account, the kind and the time are kept. The raw
//! bytes are kept, sealed, only until the platform has them.

use std::sync::Arc;

use hmac::{Hmac, KeyInit, Mac};
use lifecycle::Timestamp;
use meta::webhook::{self, EventKind, Notification};
use secrecy::{ExposeSecret, SecretString};
use sha2::Sha256;
use store::{Delivery, MessageMark, NewForward, Storage, StoreError};
use tokio::sync::{mpsc, oneshot};

use crate::{Error, Renova, sealing::Place};

/// Notifications that may wait for the disk; more are told to come back.
const WAITING: usize = 4_096;
/// Notifications written in one transaction.
const AT_ONCE: usize = 256;

/// Which way a notification came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// From Meta itself: it is passed on to the platform.
    Meta,
    /// From the platform, which has it already.
    Platform,
}

#[derive(Debug, thiserror::Error)]
pub enum IntakeError {
    /// Not signed by Meta: nothing was stored.
    #[error("the signature does not belong to the body")]
    BadSignature,
    /// Too much at once: whoever sent it tries again.
    #[error("too many notifications at this moment")]
    Busy,
    /// It could not be stored: whoever sent it tries again.
    #[error(transparent)]
    Failed(#[from] Error),
}

/// Writes notifications in groups: one synced transaction for all that wait.
pub(crate) struct Intake {
    queue: mpsc::Sender<Waiting>,
}

struct Waiting {
    delivery: Delivery,
    written: oneshot::Sender<Result<(), StoreError>>,
}

impl Intake {
    pub(crate) fn start(storage: Arc<dyn Storage>) -> Self {
        let (queue, waiting) = mpsc::channel(WAITING);
        tokio::spawn(write_groups(storage, waiting));
        Self { queue }
    }

    async fn write(&self, delivery: Delivery) -> Result<(), IntakeError> {
        let (written, answer) = oneshot::channel();
        self.queue.try_send(Waiting { delivery, written }).map_err(|_| IntakeError::Busy)?;
        let answer = answer.await.map_err(|_| Error::Internal("the intake has ended"))?;
        Ok(answer.map_err(Error::from)?)
    }
}

/// Ends when nobody can send any more.
async fn write_groups(storage: Arc<dyn Storage>, mut waiting: mpsc::Receiver<Waiting>) {
    let mut group = Vec::with_capacity(AT_ONCE);
    while waiting.recv_many(&mut group, AT_ONCE).await > 0 {
        let (deliveries, tell): (Vec<_>, Vec<_>) = group.drain(..).map(|it| (it.delivery, it.written)).unzip();
        let outcome = storage.record_deliveries(&deliveries).await;
        for written in tell {
            let told = match &outcome {
                Ok(_) => Ok(()),
                Err(error) => Err(StoreError::Unavailable(error.to_string())),
            };
            // Who has hung up meanwhile asks again.
            let _ = written.send(told);
        }
    }
}

impl Renova {
    /// Takes one notification over; when this returns `Ok`, it cannot get lost any more. A signed one
    /// that nobody understands is taken too: Meta would unsubscribe an app that refuses.
    pub async fn take_notification(
        &self,
        body: &[u8],
        signature: Option<&str>,
        source: Source,
    ) -> Result<(), IntakeError> {
        if !webhook::verify(&self.app_secrets(), signature, body) {
            return Err(IntakeError::BadSignature);
        }
        let notification = webhook::parse(body).ok();
        if notification.is_none() {
            tracing::warn!("Meta sent a notification that cannot be read; it is only passed on");
        }
        let marks = notification.as_ref().map(|it| self.marks(it)).unwrap_or_default();
        let forward = match source {
            Source::Meta => self.forward_of(body, signature, notification.as_ref())?,
            Source::Platform => None,
        };
        if !marks.is_empty() || forward.is_some() {
            self.intake.write(Delivery { marks, forward }).await?;
            self.forwarding.notify_one();
        }
        if let Some(notification) = &notification {
            self.follow_permissions(notification).await;
        }
        Ok(())
    }

    fn marks(&self, notification: &Notification) -> Vec<MessageMark> {
        let now = self.now();
        let mark = |event: &webhook::Event| {
            let at = event.at_ms.map_or(now, Timestamp);
            // An old postback has no id: the same one at the same moment is the same.
            let unnamed =
                || event.kind.is_incoming().then(|| format!("{} {} {}", event.account_id, event.kind.as_str(), at.0));
            let identity = event.identity().or_else(unnamed)?;
            Some(MessageMark {
                mid_hash: self.mark_hash(&identity)?,
                account_id: event.account_id.clone(),
                kind: event.kind.as_str().to_owned(),
                at,
                received_at: now,
                is_incoming: event.kind.is_incoming(),
            })
        };
        notification.events.iter().filter_map(mark).collect()
    }

    /// Keyed, so that the stored hash of a short id cannot be guessed.
    fn mark_hash(&self, identity: &str) -> Option<[u8; 32]> {
        let secret: &SecretString = self.app_secrets().first().copied()?;
        let mac = Hmac::<Sha256>::new_from_slice(secret.expose_secret().as_bytes()).ok()?;
        let mac = mac.chain_update(b"renova message ").chain_update(identity.as_bytes());
        Some(mac.finalize().into_bytes().into())
    }

    fn forward_of(
        &self,
        body: &[u8],
        signature: Option<&str>,
        notification: Option<&Notification>,
    ) -> Result<Option<NewForward>, Error> {
        if self.parts.forwarder.is_none() {
            return Ok(None);
        }
        // Bytes of any kind, as text for the vault.
        let text = SecretString::from(hex::encode(body));
        let mut accounts: Vec<_> =
            notification.iter().flat_map(|it| &it.events).map(|event| event.account_id.clone()).collect();
        accounts.sort_unstable();
        accounts.dedup();
        Ok(Some(NewForward {
            body: self.seal(&text, &Place::forward(), 1)?,
            signature: signature.map(str::to_owned),
            accounts,
            received_at: self.wall_now(),
        }))
    }

    /// A permission that was given or taken back: the connections of that person are checked at once.
    /// What fails here is found by the daily check.
    async fn follow_permissions(&self, notification: &Notification) {
        let people = notification.events.iter().filter(|event| matches!(event.kind, EventKind::Permission { .. }));
        for event in people {
            if let Err(error) = self.check_grantee_soon(&event.account_id).await {
                tracing::warn!(%error, "a permission has changed; its connections wait for the daily check");
            }
        }
    }

    async fn check_grantee_soon(&self, grantee_id: &str) -> Result<(), Error> {
        for app in &self.apps {
            let connections = self.parts.storage.connections_of_grantee(app.row.id, grantee_id).await?;
            let ids: Vec<_> = connections.iter().map(|connection| connection.id).collect();
            self.parts.storage.make_due(&ids, self.now()).await?;
        }
        Ok(())
    }
}
