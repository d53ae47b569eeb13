//! API keys of an organization, made and revoked by its administrators.

use lifecycle::ids::ApiKeyId;
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;
use store::ApiKey;

use crate::{
    Error, Identity, Renova, Scope,
    api_keys::PREFIX,
    people::{invalid, required},
    secrets,
};

/// What administrators give to no key: the platform's own doing, and the tokens, which only its operator hands
/// out. A key outlives the session that made it.
const OF_PLATFORM: [&str; 2] = ["platform:write", "tokens:read"];
const LONGEST_NAME: usize = 80;
/// Every request looks for its key among all of them.
const MOST_KEYS: usize = 50;

impl Scope {
    /// What administrators may allow a key of their organization.
    pub fn of_organizations() -> impl Iterator<Item = Self> {
        Self::ALL.into_iter().filter(|scope| !OF_PLATFORM.contains(&scope.as_str()))
    }
}

impl Renova {
    /// Administrators: the organization's keys, also revoked ones, in the order in which they were made.
    pub async fn own_api_keys(&self, who: &Identity) -> Result<Vec<ApiKey>, Error> {
        who.require_admin()?;
        Ok(self.parts.storage.api_keys(Some(who.organization)).await?)
    }

    /// Administrators: which key of the organization this is.
    pub async fn own_api_key(&self, who: &Identity, key: &SecretString) -> Result<Option<ApiKey>, Error> {
        who.require_admin()?;
        let found = self.parts.storage.api_key_by_hash(&secrets::hash_of(key)).await?;
        Ok(found.filter(|it| it.organization_id == Some(who.organization)))
    }

    /// Administrators: a key that sees this organization alone. Answers the key itself, which is shown this once.
    ///
    /// # Errors
    /// [`Error::Invalid`] naming `name`, `scope` or, where there are 50 in use, `key`.
    pub async fn make_own_api_key(&self, who: &Identity, name: &str, scopes: &[Scope]) -> Result<SecretString, Error> {
        who.require_admin()?;
        let name = required("name", name)?;
        if name.chars().count() > LONGEST_NAME {
            return Err(invalid("name", "must not be longer than 80 characters"));
        }
        if scopes.is_empty() || scopes.iter().any(|scope| OF_PLATFORM.contains(&scope.as_str())) {
            return Err(invalid("scope", "name at least one that an organization may have"));
        }
        let in_use = self.own_api_keys(who).await?.iter().filter(|key| key.revoked_at.is_none()).count();
        if in_use >= MOST_KEYS {
            return Err(invalid("key", "there are 50 already: revoke one first"));
        }
        let secret = format!("{PREFIX}{}", self.new_secret().expose_secret());
        let key = ApiKey {
            id: ApiKeyId::new(self.wall_now(), self.random()),
            organization_id: Some(who.organization),
            name,
            key_hash: secrets::hash(&secret),
            hint: secret[secret.len() - 4..].to_owned(),
            scopes: scopes.iter().map(|scope| scope.as_str().to_owned()).collect(),
            created_at: self.wall_now(),
            last_used_at: None,
            revoked_at: None,
        };
        let detail = json!({"name": key.name, "scopes": key.scopes});
        let trail = self.trail(who.organization, Some(who), "api_key.made", key.id, detail, false);
        self.parts.storage.insert_own_api_key(&key, &trail).await?;
        Ok(SecretString::from(secret))
    }

    /// Administrators: from now on the key opens nothing.
    ///
    /// # Errors
    /// [`Error::NotFound`], also for one that was revoked before.
    pub async fn revoke_own_api_key(&self, who: &Identity, id: ApiKeyId) -> Result<(), Error> {
        who.require_admin()?;
        let keys = self.own_api_keys(who).await?;
        let key = keys.into_iter().find(|it| it.id == id).ok_or(Error::NotFound)?;
        let trail = self.trail(who.organization, Some(who), "api_key.revoked", id, json!({"name": key.name}), false);
        let now = self.wall_now();
        let revoked = self.parts.storage.revoke_own_api_key(who.organization, id, now, &trail).await?;
        self.known_keys.forget(id);
        if revoked { Ok(()) } else { Err(Error::NotFound) }
    }
}
