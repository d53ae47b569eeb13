//! Where the platform and organizations are told of events: endpoints and their secrets. How an event travels is in
//! [`send`]; how it looks in [`message`].

mod address;
mod message;
mod send;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use lifecycle::{
    DisabledReason,
    clock::HOUR_MS,
    ids::{EventId, OrganizationId, WebhookEndpointId},
};
use secrecy::SecretString;
use serde_json::json;
use store::{Event, PreviousSecret, Trail, WebhookDelivery, WebhookEndpoint};
use zeroize::Zeroizing;

use crate::{Error, Identity, Renova, people::invalid, sealing::Place};

pub use address::{is_loopback, is_public_address, webhook_address};
pub(crate) use message::told;
pub use message::{EventWords, WebhookMessage};
pub use send::{SentStatus, WebhookFailure, WebhookSender};

/// The receiver gets this long to learn the new secret.
const PREVIOUS_SIGNS_FOR_MS: i64 = 24 * HOUR_MS;
const LONGEST_DESCRIPTION: usize = 200;
/// As many of the newest are looked through for one that is under way.
const LATEST_DELIVERIES: i64 = 1_000;
/// Every event of an organization is told to each of them.
const MOST_ENDPOINTS: usize = 20;

/// Whose endpoints are meant: those of another owner are not found.
#[derive(Clone, Copy, Debug)]
pub struct EndpointOwner<'a> {
    organization: Option<OrganizationId>,
    who: Option<&'a Identity>,
}

impl<'a> EndpointOwner<'a> {
    /// They are told of every organization's events.
    pub const PLATFORM: Self = Self { organization: None, who: None };

    /// Those of an organization, which are told of its own events alone, by a key of its own.
    #[must_use]
    pub const fn organization(id: OrganizationId) -> Self {
        Self { organization: Some(id), who: None }
    }

    /// Those of an organization, by one of its administrators.
    ///
    /// # Errors
    /// [`Error::Forbidden`] for agents.
    pub fn admin(who: &'a Identity) -> Result<Self, Error> {
        who.require_admin()?;
        Ok(Self { organization: Some(who.organization), who: Some(who) })
    }
}

/// An endpoint that was added, with its secret, which is shown this once.
#[derive(Debug)]
pub struct AddedEndpoint {
    pub id: WebhookEndpointId,
    pub secret: SecretString,
}

impl Renova {
    /// From now on every event of the owner is told to this address.
    ///
    /// # Errors
    /// [`Error::Invalid`] naming the field; there are at most 20 for an organization.
    pub async fn add_webhook_endpoint(
        &self,
        owner: EndpointOwner<'_>,
        url: &str,
        description: &str,
    ) -> Result<AddedEndpoint, Error> {
        let url = webhook_address(url, self.may_tell_loopback())
            .map_err(|problem| Error::Invalid { field: "url", problem: problem.to_owned() })?;
        if description.chars().count() > LONGEST_DESCRIPTION {
            let problem = format!("must not be longer than {LONGEST_DESCRIPTION} characters");
            return Err(Error::Invalid { field: "description", problem });
        }
        if description.contains('\0') {
            return Err(invalid("description", "must not contain control characters"));
        }
        if owner.organization.is_some() && self.webhook_endpoints(owner).await?.len() >= MOST_ENDPOINTS {
            let problem = format!("there are {MOST_ENDPOINTS} already: remove one first");
            return Err(Error::Invalid { field: "endpoint", problem });
        }
        let now = self.wall_now();
        let id = WebhookEndpointId::new(now, self.random());
        let secret = self.new_webhook_secret();
        let endpoint = WebhookEndpoint {
            id,
            organization_id: owner.organization,
            url: url.into(),
            description: description.trim().to_owned(),
            secret: self.seal(&secret, &Place::webhook_secret(id), 1)?,
            previous: None,
            created_at: now,
            disabled: None,
            failing_since: None,
        };
        let trail = self.endpoint_trail(owner, "webhook.added", &endpoint);
        self.parts.storage.insert_webhook_endpoint(&endpoint, trail.as_ref()).await?;
        Ok(AddedEndpoint { id, secret })
    }

    /// In the order in which they were added.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn webhook_endpoints(&self, owner: EndpointOwner<'_>) -> Result<Vec<WebhookEndpoint>, Error> {
        Ok(self.parts.storage.webhook_endpoints(owner.organization).await?)
    }

    /// A new secret, shown this once; the one before signs too for a day.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Conflict`] if somebody else rotates it at the same time.
    pub async fn rotate_webhook_secret(
        &self,
        owner: EndpointOwner<'_>,
        id: WebhookEndpointId,
    ) -> Result<SecretString, Error> {
        let endpoint = self.webhook_endpoint(owner, id).await?;
        let before = self.unseal(&endpoint.secret, &Place::webhook_secret(id))?;
        let version = endpoint.secret.token_version;
        let previous = PreviousSecret {
            secret: self.seal(&before, &Place::webhook_previous(id), version)?,
            until: self.wall_now().plus(PREVIOUS_SIGNS_FOR_MS),
        };
        let secret = self.new_webhook_secret();
        let sealed = self.seal(&secret, &Place::webhook_secret(id), version + 1)?;
        let trail = self.endpoint_trail(owner, "webhook.rotated", &endpoint);
        let rotated = self.parts.storage.rotate_webhook_secret(id, &sealed, &previous, trail.as_ref()).await?;
        if rotated { Ok(secret) } else { Err(Error::Conflict) }
    }

    /// Deletes the endpoint, its secrets and its deliveries.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn remove_webhook_endpoint(&self, owner: EndpointOwner<'_>, id: WebhookEndpointId) -> Result<(), Error> {
        let endpoint = self.webhook_endpoint(owner, id).await?;
        let trail = self.endpoint_trail(owner, "webhook.removed", &endpoint);
        let removed = self.parts.storage.remove_webhook_endpoint(id, trail.as_ref()).await?;
        if removed { Ok(()) } else { Err(Error::NotFound) }
    }

    /// Tells it nothing any more, until it is enabled again. Of one that is disabled nothing changes.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn disable_webhook_endpoint(&self, owner: EndpointOwner<'_>, id: WebhookEndpointId) -> Result<(), Error> {
        let endpoint = self.webhook_endpoint(owner, id).await?;
        let trail = self.endpoint_trail(owner, "webhook.paused", &endpoint);
        let now = self.wall_now();
        self.parts.storage.disable_webhook_endpoint(id, DisabledReason::Operator, now, now, trail.as_ref()).await?;
        Ok(())
    }

    /// Tells it again what happens from now on. What was given up meanwhile can be sent again.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn enable_webhook_endpoint(&self, owner: EndpointOwner<'_>, id: WebhookEndpointId) -> Result<(), Error> {
        let endpoint = self.webhook_endpoint(owner, id).await?;
        let trail = self.endpoint_trail(owner, "webhook.enabled", &endpoint);
        self.parts.storage.enable_webhook_endpoint(id, trail.as_ref()).await?;
        Ok(())
    }

    /// A trial event, `webhook.test`, to this endpoint alone.
    ///
    /// # Errors
    /// [`Error::NotFound`] for the endpoint, [`Error::Invalid`] where it is disabled or no organization
    /// is there for the event to belong to.
    pub async fn test_webhook(&self, owner: EndpointOwner<'_>, id: WebhookEndpointId) -> Result<EventId, Error> {
        let endpoint = self.webhook_endpoint(owner, id).await?;
        if endpoint.disabled.is_some() {
            return Err(disabled());
        }
        let organization_id = match owner.organization {
            Some(id) => id,
            None => self.parts.storage.first_organization().await?.ok_or_else(no_organization)?.id,
        };
        let at = self.now();
        let event = Event {
            id: EventId::new(at, self.random()),
            organization_id,
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
    pub async fn webhook_deliveries(
        &self,
        owner: EndpointOwner<'_>,
        id: WebhookEndpointId,
        limit: i64,
    ) -> Result<Vec<WebhookDelivery>, Error> {
        self.webhook_endpoint(owner, id).await?;
        Ok(self.parts.storage.deliveries_of(id, limit).await?)
    }

    /// Tells the event again, under the same id and with all attempts before it.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a delivery that there is not, [`Error::Invalid`] where the endpoint is
    /// disabled, [`Error::Conflict`] while it is under way.
    pub async fn resend_webhook(
        &self,
        owner: EndpointOwner<'_>,
        id: WebhookEndpointId,
        event: EventId,
    ) -> Result<(), Error> {
        let endpoint = self.webhook_endpoint(owner, id).await?;
        if endpoint.disabled.is_some() {
            return Err(disabled());
        }
        let storage = &self.parts.storage;
        if storage.resend_delivery(id, event, self.wall_now()).await? {
            return Ok(());
        }
        let known =
            storage.deliveries_of(id, LATEST_DELIVERIES).await?.iter().any(|delivery| delivery.event_id == event);
        Err(if known { Error::Conflict } else { Error::NotFound })
    }

    /// # Errors
    /// [`Error::NotFound`], also for another owner's.
    pub async fn webhook_endpoint(
        &self,
        owner: EndpointOwner<'_>,
        id: WebhookEndpointId,
    ) -> Result<WebhookEndpoint, Error> {
        let found = self.parts.storage.webhook_endpoint(id).await?;
        found.filter(|it| it.organization_id == owner.organization).ok_or(Error::NotFound)
    }

    /// An entry belongs to an organization: what happens to the platform's has none.
    fn endpoint_trail(&self, owner: EndpointOwner<'_>, action: &str, endpoint: &WebhookEndpoint) -> Option<Trail> {
        let detail = json!({"name": endpoint.url, "endpoint": endpoint.id});
        Some(self.trail(owner.organization?, owner.who, action, endpoint.id, detail, false))
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

fn no_organization() -> Error {
    let problem = "there is none yet, and every event belongs to one: add one first";
    Error::Invalid { field: "organization", problem: problem.to_owned() }
}

fn disabled() -> Error {
    Error::Invalid { field: "endpoint", problem: "is disabled: enable it first".to_owned() }
}
