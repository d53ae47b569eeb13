//! Keys by which the platform's own servers ask.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use lifecycle::{
    Timestamp,
    clock::SECOND_MS,
    ids::{ApiKeyId, OrganizationId},
};
use secrecy::{ExposeSecret, SecretString};
use store::ApiKey;

use crate::{Error, Renova, secrets};

pub(crate) const PREFIX: &str = "rk_";
/// A key that was looked up is believed for so long: a revoked one opens nothing after that.
const BELIEVED_MS: i64 = SECOND_MS;
/// So many are remembered at once.
const MOST_REMEMBERED: usize = 1_000;

/// What a key allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Organizations and their users.
    PlatformWrite,
    ConnectionsRead,
    ConnectionsWrite,
    ChannelsRead,
    ChannelsWrite,
    /// The tokens themselves.
    TokensRead,
    /// Tell of a use that failed at the platform.
    ReportsWrite,
    /// Pass on what Meta sends.
    MetaEventsWrite,
    EmbedSessionsWrite,
    RenewalLinksWrite,
    WebhooksRead,
    WebhooksWrite,
    EventsRead,
}

impl Scope {
    pub const ALL: [Self; 13] = [
        Self::PlatformWrite,
        Self::ConnectionsRead,
        Self::ConnectionsWrite,
        Self::ChannelsRead,
        Self::ChannelsWrite,
        Self::TokensRead,
        Self::ReportsWrite,
        Self::MetaEventsWrite,
        Self::EmbedSessionsWrite,
        Self::RenewalLinksWrite,
        Self::WebhooksRead,
        Self::WebhooksWrite,
        Self::EventsRead,
    ];

    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::PlatformWrite => "platform:write",
            Self::ConnectionsRead => "connections:read",
            Self::ConnectionsWrite => "connections:write",
            Self::ChannelsRead => "channels:read",
            Self::ChannelsWrite => "channels:write",
            Self::TokensRead => "tokens:read",
            Self::ReportsWrite => "reports:write",
            Self::MetaEventsWrite => "meta-events:write",
            Self::EmbedSessionsWrite => "embed-sessions:write",
            Self::RenewalLinksWrite => "renewal-links:write",
            Self::WebhooksRead => "webhooks:read",
            Self::WebhooksWrite => "webhooks:write",
            Self::EventsRead => "events:read",
        }
    }

    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.as_str() == text)
    }
}

/// A key to be added.
#[derive(Clone, Debug)]
pub struct NewApiKey {
    /// The organization's slug; `None`: the platform's own, for every organization.
    pub organization: Option<String>,
    /// For people.
    pub name: String,
    pub scopes: Vec<Scope>,
}

/// Whose key a request carries, and what it allows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiCaller {
    pub key: ApiKeyId,
    /// `None`: the platform.
    pub organization: Option<OrganizationId>,
    pub scopes: Vec<Scope>,
}

impl ApiCaller {
    /// Whoever may start the program: for every organization, without a key.
    #[must_use]
    pub fn command_line() -> Self {
        Self { key: ApiKeyId::new(Timestamp(0), [0; 10]), organization: None, scopes: Vec::new() }
    }

    pub(crate) fn is_command_line(&self) -> bool {
        self.key == Self::command_line().key
    }

    /// # Errors
    /// [`Error::Forbidden`] for a key without the scope.
    pub fn require(&self, scope: Scope) -> Result<(), Error> {
        if self.scopes.contains(&scope) { Ok(()) } else { Err(Error::Forbidden) }
    }

    /// # Errors
    /// [`Error::PlatformOnly`] for an organization's key.
    pub fn require_platform(&self) -> Result<(), Error> {
        if self.organization.is_none() { Ok(()) } else { Err(Error::PlatformOnly) }
    }

    /// What belongs to another organization is not there for this key.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub fn reach(&self, organization: OrganizationId) -> Result<(), Error> {
        if self.organization.is_none_or(|own| own == organization) { Ok(()) } else { Err(Error::NotFound) }
    }
}

/// Keys that were looked up a moment ago: a platform asks with the same one again and again.
#[derive(Default)]
pub(crate) struct KnownKeys(Mutex<HashMap<[u8; 32], Known>>);

/// Whose key it is, and when that was looked up.
type Known = (Arc<ApiCaller>, Timestamp);

impl KnownKeys {
    fn get(&self, hash: &[u8; 32], now: Timestamp) -> Option<Arc<ApiCaller>> {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(hash).filter(|(_, since)| now.since(*since) < BELIEVED_MS).map(|(caller, _)| Arc::clone(caller))
    }

    fn put(&self, hash: [u8; 32], caller: &Arc<ApiCaller>, now: Timestamp) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MOST_REMEMBERED {
            known.clear();
        }
        known.insert(hash, (Arc::clone(caller), now));
    }

    /// In this process a revoked key opens nothing at once.
    pub(crate) fn forget(&self, key: ApiKeyId) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.retain(|_, (caller, _)| caller.key != key);
    }
}

impl Renova {
    /// Answers the key itself, which is shown this once.
    ///
    /// # Errors
    /// [`Error::NotFound`] for the organization, [`Error::Invalid`] naming the field.
    pub async fn add_api_key(&self, new: NewApiKey) -> Result<SecretString, Error> {
        let organization = self.owner(new.organization.as_deref()).await?;
        if new.scopes.is_empty() {
            return Err(Error::Invalid { field: "scope", problem: "name at least one".to_owned() });
        }
        let secret = format!("{PREFIX}{}", self.new_secret().expose_secret());
        let key = ApiKey {
            id: ApiKeyId::new(self.wall_now(), self.random()),
            organization_id: organization,
            name: new.name,
            key_hash: secrets::hash(&secret),
            hint: secret[secret.len() - 4..].to_owned(),
            scopes: new.scopes.iter().map(|scope| scope.as_str().to_owned()).collect(),
            created_at: self.wall_now(),
            last_used_at: None,
            revoked_at: None,
        };
        self.parts.storage.insert_api_key(&key).await?;
        Ok(SecretString::from(secret))
    }

    /// The keys of the organization with this slug, or (`None`) the platform's; revoked ones too, the oldest
    /// first.
    ///
    /// # Errors
    /// [`Error::NotFound`] for the organization.
    pub async fn api_keys(&self, organization: Option<&str>) -> Result<Vec<ApiKey>, Error> {
        let organization = self.owner(organization).await?;
        Ok(self.parts.storage.api_keys(organization).await?)
    }

    /// A second later the key opens nothing, in whichever process.
    ///
    /// # Errors
    /// [`Error::NotFound`], also for one that was revoked before.
    pub async fn revoke_api_key(&self, id: ApiKeyId) -> Result<(), Error> {
        let revoked = self.parts.storage.revoke_api_key(id, self.wall_now()).await?;
        self.known_keys.forget(id);
        if revoked { Ok(()) } else { Err(Error::NotFound) }
    }

    async fn owner(&self, organization: Option<&str>) -> Result<Option<OrganizationId>, Error> {
        let Some(slug) = organization else { return Ok(None) };
        Ok(Some(self.parts.storage.organization_by_slug(slug).await?.ok_or(Error::NotFound)?.id))
    }

    /// Whose key this is; `None` for one that nobody has, or that was revoked a second ago or before.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn api_caller(&self, key: &str) -> Result<Option<Arc<ApiCaller>>, Error> {
        if !key.strip_prefix(PREFIX).is_some_and(secrets::is_well_formed) {
            return Ok(None);
        }
        let (hash, now) = (secrets::hash(key), self.parts.steady.now());
        if let Some(known) = self.known_keys.get(&hash, now) {
            return Ok(Some(known));
        }
        let Some(found) = self.parts.storage.api_key_by_hash(&hash).await? else { return Ok(None) };
        if let Err(error) = self.parts.storage.touch_api_key(found.id, self.wall_now()).await {
            tracing::warn!(%error, "a key's last use could not be written");
        }
        let caller = Arc::new(ApiCaller {
            key: found.id,
            organization: found.organization_id,
            // A word of a later version allows nothing here.
            scopes: found.scopes.iter().filter_map(|word| Scope::parse(word)).collect(),
        });
        self.known_keys.put(hash, &caller, now);
        Ok(Some(caller))
    }
}
