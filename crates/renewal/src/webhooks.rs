//! Where the platform is told of events: its endpoints and their secrets. How an event travels is in
//! [`send`]; how it looks in [`message`].

mod address;
mod message;
mod send;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use lifecycle::{
    DisabledReason,
    clock::HOUR_MS,
    ids::{EventId, WebhookEndpointId},
};
use secrecy::SecretString;
use serde_json::json;
use store::{Event, PreviousSecret, WebhookDelivery, WebhookEndpoint};
use zeroize::Zeroizing;

use crate::{Error, Renova, sealing::Place};

pub use address::{is_loopback, is_public_address, webhook_address};
pub(crate) use message::told;
pub use message::{EventWords, WebhookMessage};
pub use send::{SentStatus, WebhookFailure, WebhookSender};

/// The receiver gets this long to learn the new secret.
const PREVIOUS_SIGNS_FOR_MS: i64 = 24 * HOUR_MS;
const LONGEST_DESCRIPTION: usize = 200;

/// An endpoint that was added, with its secret, which is shown this once.
#[derive(Debug)]
pub struct AddedEndpoint {
    pub id: WebhookEndpointId,
    pub secret: SecretString,
}

impl Renova {
    /// From now on every event is told to this address.
    ///
    /// # Errors
    /// [`Error::Invalid`] naming the field.
    pub async fn add_webhook_endpoint(&self, url: &str, description: &str) -> Result<AddedEndpoint, Error> {
        let url = webhook_address(url, self.may_tell_loopback())
            .map_err(|problem| Error::Invalid { field: "url", problem: problem.to_owned() })?;
        if description.chars().count() > LONGEST_DESCRIPTION {
            let problem = format!("must not be longer than {LONGEST_DESCRIPTION} characters");
            return Err(Error::Invalid { field: "description", problem });
        }
        let now = self.wall_now();
        let id = WebhookEndpointId::new(now, self.random());
        let secret = self.new_webhook_secret();
        let endpoint = WebhookEndpoint {
            id,
            url: url.into(),
            description: description.to_owned(),
            secret: self.seal(&secret, &Place::webhook_secret(id), 1)?,
            previous: None,
            created_at: now,
            disabled: None,
            failing_since: None,
        };
        self.parts.storage.insert_webhook_endpoint(&endpoint).await?;
        Ok(AddedEndpoint { id, secret })
    }

    /// In the order in which they were added.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn webhook_endpoints(&self) -> Result<Vec<WebhookEndpoint>, Error> {
        Ok(self.parts.storage.webhook_endpoints().await?)
    }

    /// A new secret, shown this once; the one before signs too for a day.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Conflict`] if somebody else rotates it at the same time.
    pub async fn rotate_webhook_secret(&self, id: WebhookEndpointId) -> Result<SecretString, Error> {
        let endpoint = self.webhook_endpoint(id).await?;
        let before = self.unseal(&endpoint.secret, &Place::webhook_secret(id))?;
        let version = endpoint.secret.token_version;
        let previous = PreviousSecret {
            secret: self.seal(&before, &Place::webhook_previous(id), version)?,
            until: self.wall_now().plus(PREVIOUS_SIGNS_FOR_MS),
        };
        let secret = self.new_webhook_secret();
        let sealed = self.seal(&secret, &Place::webhook_secret(id), version + 1)?;
        let rotated = self.parts.storage.rotate_webhook_secret(id, &sealed, &previous).await?;
        if rotated { Ok(secret) } else { Err(Error::Conflict) }
    }

    /// Deletes the endpoint, its secrets and its deliveries.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn remove_webhook_endpoint(&self, id: WebhookEndpointId) -> Result<(), Error> {
        if self.parts.storage.remove_webhook_endpoint(id).await? { Ok(()) } else { Err(Error::NotFound) }
    }

    /// Tells it nothing any more, until it is enabled again. Of one that is disabled nothing changes.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn disable_webhook_endpoint(&self, id: WebhookEndpointId) -> Result<(), Error> {
        self.webhook_endpoint(id).await?;
        let now = self.wall_now();
        self.parts.storage.disable_webhook_endpoint(id, DisabledReason::Operator, now, now, None).await?;
        Ok(())
    }

    /// Tells it again what happens from now on. What was given up meanwhile can be sent again.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn enable_webhook_endpoint(&self, id: WebhookEndpointId) -> Result<(), Error> {
        self.webhook_endpoint(id).await?;
        self.parts.storage.enable_webhook_endpoint(id).await?;
        Ok(())
    }

    /// A trial event, `webhook.test`, to this endpoint alone.
    ///
    /// # Errors
    /// [`Error::NotFound`] for the endpoint, [`Error::Invalid`] where it is disabled or no organization
    /// is there for the event to belong to.
    pub async fn test_webhook(&self, id: WebhookEndpointId) -> Result<EventId, Error> {
        let endpoint = self.webhook_endpoint(id).await?;
        if endpoint.disabled.is_some() {
            return Err(disabled());
        }
        let organization = self.parts.storage.first_organization().await?.ok_or_else(|| Error::Invalid {
            field: "organization",
            problem: "there is none yet, and every event belongs to one: add one first".to_owned(),
        })?;
        let at = self.now();
        let event = Event {
            id: EventId::new(at, self.random()),
            organization_id: organization.id,
            kind: "webhook.test".to_owned(),
            data: json!({"endpoint": id}).to_string(),
            at,
            is_sent: true,
        };
        self.parts.storage.insert_event_for(id, &event).await?;
        Ok(event.id)
    }

    /// What was told to the endpoint, the newest first.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn webhook_deliveries(&self, id: WebhookEndpointId, limit: i64) -> Result<Vec<WebhookDelivery>, Error> {
        self.webhook_endpoint(id).await?;
        Ok(self.parts.storage.deliveries_of(id, limit).await?)
    }

    /// Tells the event again, under the same id and with all attempts before it.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a delivery that there is not, [`Error::Invalid`] where the endpoint is
    /// disabled, [`Error::Conflict`] while it is under way.
    pub async fn resend_webhook(&self, id: WebhookEndpointId, event: EventId) -> Result<(), Error> {
        let endpoint = self.webhook_endpoint(id).await?;
        if endpoint.disabled.is_some() {
            return Err(disabled());
        }
        let storage = &self.parts.storage;
        if storage.resend_delivery(id, event, self.wall_now()).await? {
            return Ok(());
        }
        let known = storage.deliveries_of(id, i64::MAX).await?.iter().any(|delivery| delivery.event_id == event);
        Err(if known { Error::Conflict } else { Error::NotFound })
    }

    async fn webhook_endpoint(&self, id: WebhookEndpointId) -> Result<WebhookEndpoint, Error> {
        self.parts.storage.webhook_endpoint(id).await?.ok_or(Error::NotFound)
    }

    /// Only where Renova itself is for this machine alone: in a demo, in tests.
    fn may_tell_loopback(&self) -> bool {
        url::Url::parse(&self.parts.public_url).is_ok_and(|url| is_loopback(&url))
    }

    /// 256 random bits, as the standard writes secrets.
    fn new_webhook_secret(&self) -> SecretString {
        let bytes = Zeroizing::new(self.random::<32>());
        SecretString::from(format!("{}{}", message::SECRET_PREFIX, STANDARD.encode(bytes.as_slice())))
    }
}

fn disabled() -> Error {
    Error::Invalid { field: "endpoint", problem: "is disabled: enable it first".to_owned() }
}
