//! Who sees Renova inside a page of the platform: a token for one person on one origin, redeemed once.

use lifecycle::{Origin, Timestamp, clock::MINUTE_MS};
use secrecy::SecretString;
use serde_json::json;
use store::{EmbedSession, Redemption};

use crate::{ApiCaller, Error, Identity, Renova, Scope, UserProfile, embed_origins, secrets};

const TOKEN_PREFIX: &str = "es_";
const BEARER_PREFIX: &str = "ef_";
/// Of the token and of the bearer that it becomes; by real time.
pub(crate) const EMBED_LIFETIME_MS: i64 = 10 * MINUTE_MS;

/// A session to be begun, as the platform's server asks for it.
#[derive(Clone, Debug)]
pub struct NewEmbedSession {
    /// The platform's id of the organization.
    pub organization: String,
    pub user: VouchedUser,
    /// Of the page that shows Renova.
    pub origin: String,
    /// A page of `origin` where a log-in in the same tab comes back to.
    pub return_url: Option<String>,
}

/// The person whom the platform has signed in.
#[derive(Clone, Debug)]
pub struct VouchedUser {
    pub external_id: String,
    pub profile: UserProfile,
}

/// What the platform's server hands to its page.
#[derive(Debug)]
pub struct NewEmbed {
    pub token: SecretString,
    pub expires_at: Timestamp,
    /// Names the organization in the address of the frame.
    pub embed_id: String,
}

/// What a frame asks with from then on.
#[derive(Debug)]
pub struct Redeemed {
    pub bearer: SecretString,
    pub embedded: Embedded,
}

/// A person who sees Renova inside a page.
#[derive(Clone, Debug)]
pub struct Embedded {
    pub who: Identity,
    /// The page's.
    pub origin: Origin,
    pub return_url: Option<String>,
    pub expires_at: Timestamp,
}

impl Renova {
    /// For a key that allows it: makes the person, or changes him to be as told, and begins a session of
    /// ten minutes.
    ///
    /// # Errors
    /// [`Error::Forbidden`], [`Error::NotFound`] for an organization that the key does not reach;
    /// [`Error::Invalid`] naming the field, also for an origin that is not registered; those of
    /// [`Renova::put_user`].
    pub async fn create_embed_session(&self, caller: &ApiCaller, new: NewEmbedSession) -> Result<NewEmbed, Error> {
        caller.require(Scope::EmbedSessionsWrite)?;
        let organization = self.organization_of(caller, &new.organization).await?.id;
        let origin = embed_origins::parse(&new.origin)?;
        if !self.origins_of(organization).await?.contains(&origin) {
            return Err(Error::Invalid {
                field: "origin",
                problem: format!("{origin} is not registered: an administrator adds it in Renova's settings"),
            });
        }
        let return_url = new.return_url.map(|url| embed_origins::address_on(&origin, &url)).transpose()?;
        let user = self.vouched_user(caller, organization, &new.user.external_id, new.user.profile).await?.id;
        let token = self.prefixed_secret(TOKEN_PREFIX);
        let now = self.wall_now();
        let session = EmbedSession {
            token_hash: secrets::hash_of(&token),
            organization_id: organization,
            user_id: user,
            origin: origin.to_string(),
            return_url,
            created_at: now,
            expires_at: now.plus(EMBED_LIFETIME_MS),
            redeemed_at: None,
        };
        let detail = json!({"origin": origin.as_str()});
        let trail = self.trail(organization, caller, "embed.session_created", user, detail, false);
        self.parts.storage.insert_embed_session(&session, &trail).await?;
        Ok(NewEmbed { token, expires_at: session.expires_at, embed_id: self.embed_id_of(organization).await? })
    }

    /// The token becomes a bearer, once, in a page of its own origin and in the frame of its own
    /// organization. `None` otherwise, whatever the reason: nobody learns which.
    pub async fn redeem_embed_session(
        &self,
        token: &str,
        origin: &Origin,
        embed_id: &str,
    ) -> Result<Option<Redeemed>, Error> {
        if !secrets::is_prefixed(TOKEN_PREFIX, token) || embed_id.contains('\0') {
            return Ok(None);
        }
        let bearer = self.prefixed_secret(BEARER_PREFIX);
        let redemption = Redemption {
            token_hash: secrets::hash(token),
            origin: origin.as_str(),
            embed_id,
            bearer_hash: secrets::hash_of(&bearer),
            at: self.wall_now(),
        };
        if !self.parts.storage.redeem_embed_session(&redemption).await? {
            return Ok(None);
        }
        let embedded = self.embedded_by(&redemption.bearer_hash).await?;
        Ok(embedded.map(|embedded| Redeemed { bearer, embedded }))
    }

    /// Who asks with this bearer; `None` when it is unknown or over, or its origin is allowed no longer.
    pub async fn embedded(&self, bearer: &str) -> Result<Option<Embedded>, Error> {
        if !secrets::is_prefixed(BEARER_PREFIX, bearer) {
            return Ok(None);
        }
        self.embedded_by(&secrets::hash(bearer)).await
    }

    async fn embedded_by(&self, bearer_hash: &[u8; 32]) -> Result<Option<Embedded>, Error> {
        let storage = &self.parts.storage;
        let Some((session, user)) = storage.embed_session(bearer_hash).await? else { return Ok(None) };
        let Ok(origin) = Origin::parse(&session.origin) else { return Ok(None) };
        if session.expires_at <= self.wall_now() || !self.origins_of(session.organization_id).await?.contains(&origin) {
            return Ok(None);
        }
        let organization = storage.organization(session.organization_id).await?;
        Ok(organization.map(|organization| Embedded {
            who: Identity::of(user, organization),
            origin,
            return_url: session.return_url,
            expires_at: session.expires_at,
        }))
    }

    pub(crate) async fn delete_ended_embeds(&self) -> Result<(), Error> {
        Ok(self.parts.storage.delete_ended_embeds(self.wall_now()).await?)
    }
}
