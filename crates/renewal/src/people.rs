//! Organizations, users, passwords and sessions.

use std::sync::Arc;

use argon2::{Argon2, PasswordHasher, PasswordVerifier, password_hash::phc::PasswordHash};
use lifecycle::{
    Role, Timestamp,
    clock::{DAY_MS, HOUR_MS, MINUTE_MS},
    ids::{OrganizationId, UserId},
};
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;
use store::{Organization, PasswordReset, User};

use crate::{
    Error, Identity, Renova,
    organization::{check_locale, known_zone},
    secrets,
};

/// Password hashes computed at the same time; each takes 19 MiB.
pub(crate) const HASHES_AT_ONCE: usize = 2;
/// Log-ins that may wait for a hash; more are told to come back.
pub(crate) const HASHES_WAITING: usize = 32;
/// How long a log-in waits for its turn to be hashed.
const HASH_PATIENCE: std::time::Duration = std::time::Duration::from_secs(10);
pub(crate) const SESSION_IDLE_MS: i64 = 12 * HOUR_MS;
pub(crate) const SESSION_LIFETIME_MS: i64 = 7 * DAY_MS;
/// A session's last use is written at most this often.
const TOUCH_EVERY_MS: i64 = 5 * MINUTE_MS;
const RESET_LIFETIME_MS: i64 = HOUR_MS;
const PASSWORD_MIN_CHARS: usize = 8;
const PASSWORD_MAX_BYTES: usize = 1024;
const EMAIL_MAX_BYTES: usize = 254;
const SLUG_MAX_BYTES: usize = 100;

/// Hash of a random text: unknown users take as long as known ones.
const NOBODYS_HASH: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$c29tZXJhbmRvbXNhbHQ$QNfyRkGHnQYCdMNNQlbEn0lRHe0B0PJvAUQyDPdg3Aw";

/// An organization to be added.
#[derive(Clone, Debug, Default)]
pub struct NewOrganization {
    pub external_id: String,
    pub name: String,
    /// Made from the name when absent.
    pub slug: Option<String>,
    /// IANA name; `America/Sao_Paulo` when absent.
    pub time_zone: Option<String>,
    /// `pt-BR` when absent.
    pub locale: Option<String>,
}

/// A user to be added.
#[derive(Clone, Debug)]
pub struct NewUser {
    pub email: String,
    pub name: String,
    pub role: Role,
    pub external_id: Option<String>,
    pub password: SecretString,
}

/// A session that has just begun.
pub struct NewSession {
    /// The cookie's value.
    pub token: SecretString,
    pub expires_at: Timestamp,
}

impl Renova {
    /// A new session, or `None` when e-mail and password do not belong together; the time taken
    /// does not tell which of the two was wrong.
    ///
    /// # Errors
    /// [`Error::TooBusy`] when too many passwords are being hashed.
    pub async fn log_in(&self, email: &str, password: &SecretString) -> Result<Option<NewSession>, Error> {
        let user = self.parts.storage.user_by_email(&normalized_email(email)).await?;
        let stored = user.as_ref().and_then(|user| user.password_hash.clone());
        let matches = self.verify_password(password, stored.as_deref()).await?;
        let Some(user) = user.filter(|_| matches) else { return Ok(None) };
        let (token, session) = self.fresh_session(user.id);
        self.parts.storage.insert_session(&session).await?;
        Ok(Some(NewSession { token, expires_at: session.expires_at }))
    }

    /// Whose session this is; `None` when it is unknown, idle for too long or over.
    pub async fn identify(&self, session_token: &str) -> Result<Option<Identity>, Error> {
        self.identity_of_session(session_token, true).await
    }

    /// The same for a page that asks by itself: a screen that nobody uses does not keep a session.
    pub async fn identify_unattended(&self, session_token: &str) -> Result<Option<Identity>, Error> {
        self.identity_of_session(session_token, false).await
    }

    async fn identity_of_session(&self, session_token: &str, in_use: bool) -> Result<Option<Identity>, Error> {
        if !secrets::is_well_formed(session_token) {
            return Ok(None);
        }
        let token_hash = secrets::hash(session_token);
        let Some((session, user)) = self.parts.storage.session(&token_hash).await? else { return Ok(None) };
        let now = self.parts.wall.now();
        if session.expires_at <= now || now.since(session.last_seen_at) > SESSION_IDLE_MS {
            return Ok(None);
        }
        if in_use
            && now.since(session.last_seen_at) > TOUCH_EVERY_MS
            && let Err(error) = self.parts.storage.touch_session(&token_hash, now).await
        {
            tracing::warn!(%error, "a session's last use could not be written");
        }
        let organization = self.parts.storage.organization(user.organization_id).await?;
        let only_renewal = session.only_renewal;
        Ok(organization.map(|organization| Identity { only_renewal, ..Identity::of(user, organization) }))
    }

    /// The identity that a host vouches for: a user of an organization, both by Renova's ids.
    pub async fn identity_of(&self, organization: OrganizationId, user: UserId) -> Result<Option<Identity>, Error> {
        let user = self.parts.storage.user(organization, user).await?;
        let organization = self.parts.storage.organization(organization).await?;
        Ok(user.zip(organization).map(|(user, organization)| Identity::of(user, organization)))
    }

    pub async fn log_out(&self, session_token: &str) -> Result<(), Error> {
        Ok(self.parts.storage.delete_session(&secrets::hash(session_token)).await?)
    }

    pub(crate) async fn delete_ended_sessions(&self) -> Result<(), Error> {
        let now = self.parts.wall.now();
        Ok(self.parts.storage.delete_ended_sessions(now, now.plus(-SESSION_IDLE_MS)).await?)
    }

    /// # Errors
    /// [`Error::Invalid`] naming the field; a conflict when `external_id` or `slug` is taken.
    pub async fn add_organization(&self, new: NewOrganization) -> Result<Organization, Error> {
        let name = required("name", &new.name)?;
        let slug = checked_slug(&new.slug.unwrap_or_else(|| slug_of(&name)))?;
        let locale = new.locale.unwrap_or_else(|| "pt-BR".to_owned());
        check_locale(&locale)?;
        let organization = Organization {
            id: OrganizationId::new(self.now(), self.random()),
            external_id: required("external_id", &new.external_id)?,
            slug,
            name,
            time_zone: known_zone(new.time_zone.as_deref().unwrap_or("America/Sao_Paulo"))?,
            locale,
            created_at: self.now(),
        };
        self.parts.storage.insert_organization(&organization).await?;
        Ok(organization)
    }

    /// # Errors
    /// [`Error::NotFound`] for the organization, [`Error::Invalid`] naming the field,
    /// [`Error::WeakPassword`]; a conflict when the e-mail is taken.
    pub async fn add_user(&self, organization_slug: &str, new: NewUser) -> Result<User, Error> {
        let organization = self.parts.storage.organization_by_slug(organization_slug).await?.ok_or(Error::NotFound)?;
        let email = address(&new.email)?;
        let user = User {
            id: UserId::new(self.now(), self.random()),
            organization_id: organization.id,
            external_id: new.external_id,
            email,
            name: required("name", &new.name)?,
            role: new.role,
            locale: None,
            password_hash: Some(self.hash_password(&new.password).await?),
            created_at: self.now(),
        };
        self.parts.storage.insert_user(&user).await?;
        if user.role == Role::Admin {
            self.tell_new_administrator(user.organization_id, user.id).await;
        }
        Ok(user)
    }

    /// A link by which this person sets a new password, once, within an hour.
    /// `None` when nobody has this e-mail.
    pub async fn password_reset_link(&self, email: &str) -> Result<Option<String>, Error> {
        let Some(user) = self.parts.storage.user_by_email(&normalized_email(email)).await? else { return Ok(None) };
        let token = self.new_secret();
        let reset = PasswordReset {
            token_hash: secrets::hash_of(&token),
            user_id: user.id,
            expires_at: self.parts.wall.now().plus(RESET_LIFETIME_MS),
        };
        self.parts.storage.insert_password_reset(&reset).await?;
        Ok(Some(format!("{}/reset?token={}", self.parts.public_url, token.expose_secret())))
    }

    /// Uses a reset link up. All sessions of the person end.
    ///
    /// # Errors
    /// [`Error::LinkOver`], [`Error::WeakPassword`] (then the link can still be used).
    pub async fn set_password(&self, reset_token: &str, password: &SecretString) -> Result<(), Error> {
        let token_hash = secrets::hash(reset_token);
        let now = self.parts.wall.now();
        let user = self.parts.storage.password_reset(&token_hash, now).await?.ok_or(Error::LinkOver)?;
        let password_hash = self.hash_password(password).await?;
        let detail = json!({"name": user.name});
        let mut trail = self.trail(user.organization_id, None, "user.password_reset", user.id, detail, false);
        trail.audit.user_id = Some(user.id);
        let used = self.parts.storage.use_password_reset(&token_hash, &password_hash, now, &trail).await?;
        used.map(|_| ()).ok_or(Error::LinkOver)
    }

    pub(crate) async fn hash_password(&self, password: &SecretString) -> Result<String, Error> {
        let length = password.expose_secret().chars().count();
        if length < PASSWORD_MIN_CHARS || password.expose_secret().len() > PASSWORD_MAX_BYTES {
            return Err(Error::WeakPassword(PASSWORD_MIN_CHARS));
        }
        let salt = self.random::<16>();
        let password = password.clone();
        self.in_hashing_thread(move || {
            Argon2::default()
                .hash_password_with_salt(password.expose_secret().as_bytes(), &salt)
                .map(|hash| hash.to_string())
                .map_err(|_| Error::Internal("password hashing failed"))
        })
        .await
    }

    pub(crate) async fn verify_password(&self, password: &SecretString, stored: Option<&str>) -> Result<bool, Error> {
        if password.expose_secret().len() > PASSWORD_MAX_BYTES {
            return Ok(false);
        }
        let known = stored.is_some();
        let stored = stored.unwrap_or(NOBODYS_HASH).to_owned();
        let password = password.clone();
        self.in_hashing_thread(move || {
            let hash = PasswordHash::new(&stored).map_err(|_| Error::Internal("unreadable password hash"))?;
            let matches = Argon2::default().verify_password(password.expose_secret().as_bytes(), &hash).is_ok();
            Ok(matches && known)
        })
        .await
    }

    /// Hashing is slow and hungry on purpose: off the async threads, few at a time.
    async fn in_hashing_thread<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let _place = self.hashing_queue.try_acquire().map_err(|_| Error::TooBusy)?;
        let turn = tokio::time::timeout(HASH_PATIENCE, Arc::clone(&self.hashing).acquire_owned()).await;
        let turn = turn.map_err(|_| Error::TooBusy)?.map_err(|_| Error::TooBusy)?;
        // The turn goes with the work: who hangs up does not start another hash beside this one.
        let worked = tokio::task::spawn_blocking(move || {
            let _turn = turn;
            work()
        });
        worked.await.map_err(|_| Error::Internal("hashing thread failed"))?
    }
}

pub(crate) fn normalized_email(email: &str) -> String {
    email.trim().to_lowercase()
}

/// An e-mail as it is stored, if it looks like one.
pub(crate) fn address(email: &str) -> Result<String, Error> {
    let email = normalized_email(email);
    let halves = email.split_once('@').is_some_and(|(name, host)| !name.is_empty() && !host.is_empty());
    let plain = email.chars().all(|c| !c.is_whitespace() && !c.is_control());
    if halves && plain && email.len() <= EMAIL_MAX_BYTES {
        Ok(email)
    } else {
        Err(invalid("email", "must be an e-mail address"))
    }
}

pub(crate) fn invalid(field: &'static str, problem: &str) -> Error {
    Error::Invalid { field, problem: problem.to_owned() }
}

pub(crate) fn required(field: &'static str, value: &str) -> Result<String, Error> {
    let value = value.trim();
    if value.is_empty() {
        return Err(invalid(field, "must not be empty"));
    }
    if value.contains('\0') {
        return Err(invalid(field, "must not contain control characters"));
    }
    Ok(value.to_owned())
}

pub(crate) fn checked_slug(slug: &str) -> Result<String, Error> {
    let slug = slug.trim();
    if slug.is_empty() || !slug.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-') {
        return Err(invalid("slug", "use lower-case letters, digits and hyphens"));
    }
    if slug.len() > SLUG_MAX_BYTES {
        return Err(invalid("slug", "must not be longer than 100 characters"));
    }
    Ok(slug.to_owned())
}

pub(crate) fn slug_of(name: &str) -> String {
    let words: String = name
        .chars()
        .take(SLUG_MAX_BYTES / 2)
        .collect::<String>()
        .to_lowercase()
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
        .collect();
    words.split('-').filter(|word| !word.is_empty()).collect::<Vec<_>>().join("-")
}
