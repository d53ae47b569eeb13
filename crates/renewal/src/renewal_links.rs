//! Links by which one administrator begins one renewal, once: to be sent by chat or mail, by another
//! administrator or by the platform.
//!
//! Opening a link changes nothing, because programs that show previews open it too.

use std::sync::Arc;

use lifecycle::{
    Provider, Timestamp,
    clock::HOUR_MS,
    ids::{ConnectionId, OrganizationId, RenewalId, RenewalLinkId, UserId},
};
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;
use store::{Connection, Organization, RenewalLink, Session, User};

use crate::{
    ApiCaller, Error, Identity, LinkAbout, LinkMail, NewSession, Renova, Scope, audit::By, people::invalid, secrets,
};

/// By real time; the session of a link that the platform vouches for ends no later after its use.
const LIFETIME_MS: i64 = 24 * HOUR_MS;

/// A link to be made.
#[derive(Clone, Copy, Debug)]
pub struct NewRenewalLink {
    pub organization: OrganizationId,
    /// `None`: to connect for the first time.
    pub connection: Option<ConnectionId>,
    /// An administrator of the organization.
    pub user: UserId,
    /// The platform knows that whoever opens it is this person: no log-in is asked for.
    pub vouched: bool,
}

/// A link that was made; its secret is known nowhere else.
#[derive(Debug)]
pub struct MadeRenewalLink {
    pub id: RenewalLinkId,
    pub token: SecretString,
    pub url: SecretString,
    pub expires_at: Timestamp,
}

/// A link that was opened: what it is for. Nothing has changed.
#[derive(Clone, Debug)]
pub struct OpenedLink {
    pub link: RenewalLink,
    pub organization: Organization,
    pub person: User,
    pub connection: Option<Connection>,
}

/// What came of *Iniciar*.
pub enum LinkUse {
    /// The renewal that is open now; and a session that may do it and nothing else, where one was begun.
    Begun { renewal: RenewalId, session: Option<NewSession> },
    /// The person has to log in first. The link can still be used.
    LogIn,
}

impl Renova {
    /// Makes a link for an administrator, valid for 24 hours. Made `by` another one, it is mailed to its
    /// person where mail is configured; the platform sends its own.
    ///
    /// # Errors
    /// [`Error::NotFound`] for person and connection; [`Error::Invalid`] for a person who may not renew;
    /// [`Error::Forbidden`] for agents, for another organization, and where a person vouches for another.
    pub async fn create_renewal_link(
        self: &Arc<Self>,
        by: Option<&Identity>,
        new: NewRenewalLink,
    ) -> Result<MadeRenewalLink, Error> {
        if let Some(by) = by {
            by.require_admin()?;
            if by.organization != new.organization || new.vouched {
                return Err(Error::Forbidden);
            }
        }
        self.make_renewal_link(by.into(), by, new).await
    }

    async fn make_renewal_link(
        self: &Arc<Self>,
        by: By<'_>,
        mailed_by: Option<&Identity>,
        new: NewRenewalLink,
    ) -> Result<MadeRenewalLink, Error> {
        let storage = &self.parts.storage;
        let organization = storage.organization(new.organization).await?.ok_or(Error::NotFound)?;
        let person = storage.user(new.organization, new.user).await?.ok_or(Error::NotFound)?;
        if !person.role.may_connect() {
            return Err(invalid("user", "must be an administrator of the organization"));
        }
        let connection = self.connection_of_link(new.organization, new.connection).await?;
        let (token, now) = (self.new_secret(), self.wall_now());
        let link = RenewalLink {
            id: RenewalLinkId::new(now, self.random()),
            organization_id: new.organization,
            user_id: new.user,
            connection_id: new.connection,
            token_hash: secrets::hash_of(&token),
            vouched: new.vouched,
            created_at: now,
            expires_at: now.plus(LIFETIME_MS),
            used: None,
        };
        let detail =
            json!({"name": person.name, "link": link.id, "vouched": new.vouched, "connection": new.connection});
        let subject = new.connection.map_or_else(|| link.id.to_string(), |id| id.to_string());
        let trail = self.trail(new.organization, by, "renewal.link_made", subject, detail, false);
        storage.insert_renewal_link(&link, &trail).await?;
        let made =
            MadeRenewalLink { id: link.id, url: self.renewal_link_url(&token), token, expires_at: link.expires_at };
        if let Some(by) = mailed_by {
            self.mail_renewal_link(by, organization, person, connection, &made);
        }
        Ok(made)
    }

    /// A key of the organization or of the platform: the same for people by the platform's own ids. Only the
    /// platform itself vouches for anybody.
    ///
    /// # Errors
    /// As [`Renova::create_renewal_link`]; [`Error::PlatformOnly`].
    pub async fn renewal_link_by_key(
        self: &Arc<Self>,
        caller: &ApiCaller,
        organization: &str,
        user: &str,
        connection: Option<ConnectionId>,
        vouched: bool,
    ) -> Result<MadeRenewalLink, Error> {
        caller.require(Scope::RenewalLinksWrite)?;
        if vouched {
            caller.require_platform()?;
        }
        let user = self.user_of(caller, organization, user).await?;
        let new = NewRenewalLink { organization: user.organization_id, connection, user: user.id, vouched };
        self.make_renewal_link(caller.into(), None, new).await
    }

    /// The address by which a link is opened.
    #[must_use]
    pub fn renewal_link_url(&self, token: &SecretString) -> SecretString {
        format!("{}/r/{}", self.parts.public_url, token.expose_secret()).into()
    }

    /// Administrators: the person for whom the link of this secret was made, if it is for this connection
    /// of their own organization.
    pub async fn own_renewal_link(
        &self,
        who: &Identity,
        connection: ConnectionId,
        token: &SecretString,
    ) -> Result<Option<User>, Error> {
        who.require_admin()?;
        let found = self.opened_link(token.expose_secret()).await?;
        let own =
            |it: &OpenedLink| it.link.organization_id == who.organization && it.link.connection_id == Some(connection);
        Ok(found.filter(own).map(|it| it.person))
    }

    /// Whoever holds the link: what it is for. `None`: unknown, over, or its person may not renew any more.
    /// One that was used is told as such.
    pub async fn opened_link(&self, token: &str) -> Result<Option<OpenedLink>, Error> {
        if !secrets::is_well_formed(token) {
            return Ok(None);
        }
        let storage = &self.parts.storage;
        let Some(link) = storage.renewal_link(&secrets::hash(token)).await? else { return Ok(None) };
        if link.expires_at <= self.wall_now() {
            return Ok(None);
        }
        let person = storage.user(link.organization_id, link.user_id).await?;
        let organization = storage.organization(link.organization_id).await?;
        let connection = self.connection_of_link(link.organization_id, link.connection_id).await;
        let (Some(person), Some(organization), Ok(connection)) = (person, organization, connection) else {
            return Ok(None);
        };
        let opened = OpenedLink { link, organization, person, connection };
        Ok(Some(opened).filter(|it| it.person.role.may_connect()))
    }

    /// *Iniciar*: uses the link up, and begins its renewal. `caller` is who is signed in in this browser.
    /// Its own person comes back to the renewal by the same link, until it ends.
    ///
    /// # Errors
    /// [`Error::LinkOver`]; [`Error::SomebodyElse`] and [`Error::OtherIsRenewing`] (without `take_over`),
    /// after which it can still be used.
    pub async fn use_renewal_link(
        &self,
        token: &str,
        caller: Option<&Identity>,
        take_over: bool,
    ) -> Result<LinkUse, Error> {
        let OpenedLink { link, organization, person, .. } = self.opened_link(token).await?.ok_or(Error::LinkOver)?;
        if caller.is_some_and(|it| it.user != person.id) {
            return Err(Error::SomebodyElse);
        }
        if let Some((_, renewal)) = link.used {
            return if caller.is_some() { Ok(LinkUse::Begun { renewal, session: None }) } else { Err(Error::LinkOver) };
        }
        let is_logged_in = caller.is_some_and(|it| it.only_renewal.is_none());
        if !is_logged_in && !link.vouched {
            return Ok(LinkUse::LogIn);
        }
        let who = Identity::of(person, organization);
        let provider = self.providers().first().copied().unwrap_or(Provider::Facebook);
        let renewal = self.start_renewal(&who, link.connection_id, provider, take_over).await?;
        let (secret, session) = self.session_for(who.user, renewal);
        let session = (!is_logged_in).then_some(session);
        let detail = json!({"name": who.name, "renewal": renewal, "connection": link.connection_id});
        let trail = self.trail(link.organization_id, Some(&who), "renewal.link_used", renewal, detail, false);
        let storage = &self.parts.storage;
        let now = self.wall_now();
        if !storage.use_renewal_link(&link.token_hash, now, renewal, session.as_ref(), &trail).await? {
            return Err(Error::LinkOver);
        }
        let session = session.map(|it| NewSession { token: secret, expires_at: it.expires_at });
        Ok(LinkUse::Begun { renewal, session })
    }

    fn session_for(&self, user: UserId, renewal: RenewalId) -> (SecretString, Session) {
        let (secret, session) = self.fresh_session(user);
        let expires_at = self.wall_now().plus(LIFETIME_MS);
        (secret, Session { only_renewal: Some(renewal), expires_at, ..session })
    }

    async fn connection_of_link(
        &self,
        organization: OrganizationId,
        id: Option<ConnectionId>,
    ) -> Result<Option<Connection>, Error> {
        match id {
            None => Ok(None),
            Some(id) => Ok(Some(self.parts.storage.connection(organization, id).await?.ok_or(Error::NotFound)?)),
        }
    }

    fn mail_renewal_link(
        &self,
        by: &Identity,
        organization: Organization,
        person: User,
        connection: Option<Connection>,
        made: &MadeRenewalLink,
    ) {
        self.mail_link(LinkMail {
            id: made.id.to_string(),
            name: Some(person.name),
            email: person.email,
            locale: person.locale.unwrap_or(organization.locale),
            time_zone: organization.time_zone,
            organization: organization.name,
            about: LinkAbout::Renewal { by: by.name.clone(), connection: connection.map(|it| it.grantee_name) },
            url: made.url.clone(),
            now: self.wall_now(),
        });
    }
}
