//! Deliveries: claimed, posted, and settled by what came of it.

use async_trait::async_trait;
use lifecycle::{DisabledReason, clock::SECOND_MS, delivery};
use serde_json::json;
use store::{DeliveryAttempt, DeliveryLane, DeliveryNext, HeldDelivery, WebhookEndpoint};

use super::WebhookMessage;
use crate::{Error, Renova};

/// Longer than the longest answer is waited for, and shorter than [`store::LONGEST_LEASE_MS`].
const LEASE_MS: i64 = 20 * SECOND_MS;
const GONE: u16 = 410;

/// The way to an endpoint.
#[async_trait]
pub trait WebhookSender: Send + Sync {
    /// Posts once, without following redirects, and waits for the answer no longer than 15 seconds.
    ///
    /// # Errors
    /// Where there was no answer.
    async fn post(&self, url: &str, message: &WebhookMessage) -> Result<SentStatus, WebhookFailure>;
}

/// The endpoint's answer, as far as it matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SentStatus {
    /// Of HTTP.
    pub status: u16,
    /// How long it asks to be left alone (`Retry-After`).
    pub retry_after_ms: Option<i64>,
}

/// There was no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WebhookFailure {
    #[error("the address leads into a private or special network")]
    AddressRefused,
    #[error("it could not be reached")]
    Unreachable,
    #[error("it did not answer in time")]
    TimedOut,
    /// Such as a secret that no key opens any more.
    #[error("the message cannot be made")]
    Unsendable,
}

impl WebhookFailure {
    /// A stable word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AddressRefused => "address_refused",
            Self::Unreachable => "unreachable",
            Self::TimedOut => "timed_out",
            Self::Unsendable => "unsendable",
        }
    }
}

impl Renova {
    /// Takes deliveries that are due, to be sent at once by [`Renova::send_webhook`]: one that waits
    /// its turn could outlive its lease. None where nothing can be sent.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn claim_webhooks(&self, lane: DeliveryLane, limit: usize) -> Result<Vec<HeldDelivery>, Error> {
        if self.parts.webhooks.is_none() || limit == 0 {
            return Ok(Vec::new());
        }
        let (now, owner) = (self.wall_now(), hex::encode(self.random::<8>()));
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        Ok(self.parts.storage.claim_deliveries(lane, now, &owner, now.plus(LEASE_MS), limit).await?)
    }

    /// Sends one delivery and writes down what came of it.
    ///
    /// # Errors
    /// Those of the database and of the vault; then it is sent again when its lease has ended.
    pub async fn send_webhook(&self, held: HeldDelivery) -> Result<(), Error> {
        let (Some(sender), storage) = (&self.parts.webhooks, &self.parts.storage) else { return Ok(()) };
        let Some(endpoint) = storage.webhook_endpoint(held.endpoint_id).await? else { return Ok(()) };
        if endpoint.disabled.is_some() {
            // The event was written while the endpoint was being disabled.
            let attempt = self.attempt(None, Some("endpoint_disabled"), DeliveryNext::GivenUp);
            storage.settle_delivery(&held, &attempt).await?;
            return Ok(());
        }
        let Some(event) = storage.event(held.event_id).await? else { return Ok(()) };
        let Some(organization) = storage.organization(held.organization_id).await? else { return Ok(()) };
        let answer = match self.webhook_message(&endpoint, &event, &organization) {
            Ok(message) => sender.post(&endpoint.url, &message).await,
            Err(error) => {
                tracing::error!(%error, endpoint = %endpoint.id, "an event cannot be put into a message");
                Err(WebhookFailure::Unsendable)
            }
        };
        self.settle_webhook(&held, &endpoint, answer).await
    }

    async fn settle_webhook(
        &self,
        held: &HeldDelivery,
        endpoint: &WebhookEndpoint,
        answer: Result<SentStatus, WebhookFailure>,
    ) -> Result<(), Error> {
        let attempt = self.judge(held.attempts + 1, answer);
        if !self.parts.storage.settle_delivery(held, &attempt).await? {
            tracing::warn!(endpoint = %endpoint.id, "a delivery took longer than its lease; another process has it");
            return Ok(());
        }
        if attempt.next == DeliveryNext::Delivered {
            return Ok(());
        }
        let error = attempt.error.as_deref();
        tracing::warn!(endpoint = %endpoint.id, status = attempt.status, error, "an endpoint did not take an event");
        let failing_for_good = delivery::failing_for_good_since(attempt.at);
        if attempt.status == Some(GONE.into()) {
            self.disable(held, DisabledReason::Gone).await
        } else if !self.clock_is_doubtful() && endpoint.failing_since.is_some_and(|since| since <= failing_for_good) {
            self.disable(held, DisabledReason::Failing).await
        } else {
            Ok(())
        }
    }

    /// What an answer to the attempt of this number means.
    fn judge(&self, number: i64, answer: Result<SentStatus, WebhookFailure>) -> DeliveryAttempt {
        let (status, asked, error) = match answer {
            Ok(SentStatus { status: 200..=299, .. }) => (answer.ok(), None, None),
            Ok(SentStatus { status: GONE, .. }) => (answer.ok(), None, Some("gone")),
            Ok(SentStatus { status: 300..=399, .. }) => (answer.ok(), None, Some("redirect")),
            Ok(SentStatus { retry_after_ms, .. }) => (answer.ok(), retry_after_ms, Some("status")),
            Err(failure) => (None, None, Some(failure.as_str())),
        };
        let random = u64::from_be_bytes(self.random());
        let next = match error {
            None => DeliveryNext::Delivered,
            Some("gone") => DeliveryNext::GivenUp,
            Some(_) => delivery::wait_ms(number, asked, random)
                .map_or(DeliveryNext::GivenUp, |wait| DeliveryNext::Again(self.wall_now().plus(wait))),
        };
        self.attempt(status.map(|it| it.status), error, next)
    }

    fn attempt(&self, status: Option<u16>, error: Option<&str>, next: DeliveryNext) -> DeliveryAttempt {
        let (status, error) = (status.map(i64::from), error.map(str::to_owned));
        DeliveryAttempt { at: self.wall_now(), status, error, next }
    }

    /// The organization whose event showed it learns of it: an entry belongs to one.
    async fn disable(&self, held: &HeldDelivery, reason: DisabledReason) -> Result<(), Error> {
        let (id, now) = (held.endpoint_id, self.wall_now());
        let detail = json!({"endpoint": id, "reason": reason.as_str()});
        let trail = self.trail(held.organization_id, None, "webhook.disabled", id, detail, false);
        let since = delivery::failing_for_good_since(now);
        if self.parts.storage.disable_webhook_endpoint(id, reason, now, since, Some(&trail)).await? {
            tracing::error!(endpoint = %id, reason = reason.as_str(), "an endpoint is told nothing any more");
        }
        Ok(())
    }
}
