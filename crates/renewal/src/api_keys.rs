//! Keys by which the platform's own servers ask.

use lifecycle::ids::{ApiKeyId, OrganizationId};
use secrecy::{ExposeSecret, SecretString};
use store::ApiKey;

use crate::{Error, Renova, secrets};

pub(crate) const PREFIX: &str = "rk_";

/// What a key allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Pass on what Meta sends (`POST /api/v1/meta-events`).
    MetaEventsWrite,
}

impl Scope {
    pub const ALL: [Self; 1] = [Self::MetaEventsWrite];

    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::MetaEventsWrite => "meta-events:write",
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

/// Whose key a request carries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiCaller {
    pub key: ApiKeyId,
    /// `None`: the platform.
    pub organization: Option<OrganizationId>,
}

impl Renova {
    /// Answers the key itself, which is shown this once.
    ///
    /// # Errors
    /// [`Error::NotFound`] for the organization, [`Error::Invalid`] naming the field.
    pub async fn add_api_key(&self, new: NewApiKey) -> Result<SecretString, Error> {
        let storage = &self.parts.storage;
        let organization = match &new.organization {
            None => None,
            Some(slug) => Some(storage.organization_by_slug(slug).await?.ok_or(Error::NotFound)?.id),
        };
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
        storage.insert_api_key(&key).await?;
        Ok(SecretString::from(secret))
    }

    /// Whose key this is, if it allows `scope`; `None` for a key that nobody has.
    ///
    /// # Errors
    /// [`Error::Forbidden`] for a key without the scope.
    pub async fn api_caller(&self, key: &str, scope: Scope) -> Result<Option<ApiCaller>, Error> {
        if !key.strip_prefix(PREFIX).is_some_and(secrets::is_well_formed) {
            return Ok(None);
        }
        let Some(found) = self.parts.storage.api_key_by_hash(&secrets::hash(key)).await? else { return Ok(None) };
        if !found.scopes.iter().any(|it| it == scope.as_str()) {
            return Err(Error::Forbidden);
        }
        if let Err(error) = self.parts.storage.touch_api_key(found.id, self.wall_now()).await {
            tracing::warn!(%error, "a key's last use could not be written");
        }
        Ok(Some(ApiCaller { key: found.id, organization: found.organization_id }))
    }
}
