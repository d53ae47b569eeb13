//! The people of an organization: who they are, what they may do, who joins and who leaves.

use std::sync::Arc;

use lifecycle::{
    Role, TeamChange, TeamRefusal,
    clock::DAY_MS,
    ids::{InvitationId, UserId},
};
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;
use store::{Invitation, Member, Organization, Session, StoreError, User};

use crate::{
    Error, Identity, LinkAbout, LinkMail, NewSession, Renova,
    people::{SESSION_LIFETIME_MS, address, required},
    secrets,
};

const INVITATION_LIFETIME_MS: i64 = 7 * DAY_MS;
/// Invitations of one organization that can be open at once.
pub const MOST_OPEN_INVITATIONS: usize = 50;

impl Renova {
    /// Administrators: everybody who belongs to the organization, in the order of their names.
    pub async fn team(&self, who: &Identity) -> Result<Vec<Member>, Error> {
        who.require_admin()?;
        Ok(self.parts.storage.team_of(who.organization).await?)
    }

    /// Everybody of the organization, with those who have left: for names in what has happened.
    pub async fn everybody(&self, who: &Identity) -> Result<Vec<User>, Error> {
        Ok(self.parts.storage.everybody_of(who.organization).await?)
    }

    /// Administrators: invitations that can still be used, the newest first.
    pub async fn invitations(&self, who: &Identity) -> Result<Vec<Invitation>, Error> {
        who.require_admin()?;
        Ok(self.parts.storage.invitations_of(who.organization, self.wall_now()).await?)
    }

    /// Administrators: what another person may do.
    ///
    /// # Errors
    /// [`Error::LastAdmin`], [`Error::OwnAccount`], [`Error::NotFound`].
    pub async fn set_role(&self, who: &Identity, person: UserId, role: Role) -> Result<(), Error> {
        self.change_team(who, person, TeamChange::Role(role), "user.role_changed", json!({"role": role.as_str()})).await
    }

    /// Administrators: takes another person out of the organization, at once.
    ///
    /// # Errors
    /// As [`Renova::set_role`].
    pub async fn remove_person(&self, who: &Identity, person: UserId) -> Result<(), Error> {
        self.change_team(who, person, TeamChange::Remove, "user.removed", json!({})).await
    }

    async fn change_team(
        &self,
        who: &Identity,
        person: UserId,
        change: TeamChange,
        action: &str,
        mut detail: serde_json::Value,
    ) -> Result<(), Error> {
        who.require_admin()?;
        let storage = &self.parts.storage;
        let known = storage.user(who.organization, person).await?.ok_or(Error::NotFound)?;
        if person == who.user {
            // Whoever is alone hears the stronger reason.
            let team = storage.users_of(who.organization).await?;
            let alone = !team.iter().any(|it| it.id != person && it.role.may_connect());
            return Err(if alone { Error::LastAdmin } else { Error::OwnAccount });
        }
        detail["name"] = known.name.into();
        let trail = self.trail(who.organization, Some(who), action, person, detail, false);
        match storage.change_team(who.organization, person, change, &trail).await? {
            Ok(()) => {}
            Err(TeamRefusal::NotThere) => return Err(Error::NotFound),
            Err(TeamRefusal::LastAdmin) => return Err(Error::LastAdmin),
        }
        if change == TeamChange::Role(Role::Admin) && known.role != Role::Admin {
            self.tell_new_administrator(who.organization, person).await;
        }
        Ok(())
    }

    /// Administrators: a link by which whoever has this e-mail joins, once, within seven days. It is
    /// mailed where mail is configured. Answers the link's secret, which is known nowhere else.
    ///
    /// # Errors
    /// [`Error::Invalid`] for the e-mail, [`Error::InTeam`], [`Error::TooManyInvitations`].
    pub async fn invite(self: &Arc<Self>, who: &Identity, email: &str, role: Role) -> Result<SecretString, Error> {
        who.require_admin()?;
        let email = address(email)?;
        let known = self.parts.storage.user_by_email(&email).await?;
        // Whether a stranger has an account elsewhere is not told.
        if known.is_some_and(|user| user.organization_id == who.organization) {
            return Err(Error::InTeam);
        }
        // A new invitation takes the place of an old one to the same person.
        let open = self.invitations(who).await?;
        if open.iter().filter(|it| it.email != email).count() >= MOST_OPEN_INVITATIONS {
            return Err(Error::TooManyInvitations);
        }
        let (token, now) = (self.new_secret(), self.wall_now());
        let invitation = Invitation {
            id: InvitationId::new(now, self.random()),
            organization_id: who.organization,
            email,
            role,
            token_hash: secrets::hash_of(&token),
            invited_by: who.user,
            created_at: now,
            expires_at: now.plus(INVITATION_LIFETIME_MS),
        };
        let detail = json!({"name": invitation.email, "role": role.as_str()});
        let trail = self.trail(who.organization, Some(who), "invitation.sent", invitation.id, detail, false);
        self.parts.storage.put_invitation(&invitation, &trail).await?;
        let mail = LinkMail {
            id: invitation.id.to_string(),
            name: None,
            email: invitation.email,
            locale: who.organization_locale.clone(),
            time_zone: who.time_zone.clone(),
            organization: who.organization_name.clone(),
            about: LinkAbout::Invitation { by: who.name.clone() },
            url: self.invitation_link(&token),
            now,
        };
        self.mail_link(mail);
        Ok(token)
    }

    /// The address by which an invitation is opened.
    #[must_use]
    pub fn invitation_link(&self, token: &SecretString) -> SecretString {
        format!("{}/invitation?token={}", self.parts.public_url, token.expose_secret()).into()
    }

    /// Administrators: the invitation of this secret, if it is one of their own that can be used.
    pub async fn own_invitation(&self, who: &Identity, token: &SecretString) -> Result<Option<Invitation>, Error> {
        who.require_admin()?;
        let found = self.parts.storage.invitation(&secrets::hash_of(token), self.wall_now()).await?;
        Ok(found.filter(|it| it.organization_id == who.organization))
    }

    /// Administrators: the link stops working.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn withdraw_invitation(&self, who: &Identity, id: InvitationId) -> Result<(), Error> {
        who.require_admin()?;
        let storage = &self.parts.storage;
        let open = storage.invitations_of(who.organization, self.wall_now()).await?;
        let email = open.into_iter().find(|it| it.id == id).ok_or(Error::NotFound)?.email;
        let trail = self.trail(who.organization, Some(who), "invitation.withdrawn", id, json!({"name": email}), false);
        let withdrawn = storage.withdraw_invitation(who.organization, id, &trail).await?;
        if withdrawn { Ok(()) } else { Err(Error::NotFound) }
    }

    /// Whoever holds the link: to what it invites; `None` when it is unknown, used or over.
    pub async fn invitation(&self, token: &str) -> Result<Option<(Invitation, Organization)>, Error> {
        let storage = &self.parts.storage;
        let Some(found) = storage.invitation(&secrets::hash(token), self.wall_now()).await? else { return Ok(None) };
        let organization = storage.organization(found.organization_id).await?;
        Ok(organization.map(|organization| (found, organization)))
    }

    /// Whoever holds the link: uses it up, and is logged in.
    ///
    /// # Errors
    /// [`Error::LinkOver`]; [`Error::Invalid`] for the name and [`Error::WeakPassword`], after which the
    /// link can still be used; [`Error::EmailTaken`].
    pub async fn accept_invitation(
        &self,
        token: &str,
        name: &str,
        password: &SecretString,
    ) -> Result<NewSession, Error> {
        let (invitation, _) = self.invitation(token).await?.ok_or(Error::LinkOver)?;
        let now = self.wall_now();
        let user = User {
            id: UserId::new(now, self.random()),
            organization_id: invitation.organization_id,
            external_id: None,
            email: invitation.email,
            name: required("name", name)?,
            role: invitation.role,
            locale: None,
            password_hash: Some(self.hash_password(password).await?),
            created_at: self.now(),
        };
        let (secret, session) = self.fresh_session(user.id);
        let detail = json!({"name": user.name, "role": user.role.as_str()});
        let mut trail = self.trail(user.organization_id, None, "user.joined", user.id, detail, false);
        trail.audit.user_id = Some(user.id);
        let storage = &self.parts.storage;
        match storage.accept_invitation(&invitation.token_hash, now, &user, &session, &trail).await {
            Ok(true) => {}
            Ok(false) => return Err(Error::LinkOver),
            Err(StoreError::Conflict { what: "email" }) => return Err(Error::EmailTaken),
            Err(error) => return Err(error.into()),
        }
        if user.role == Role::Admin {
            self.tell_new_administrator(user.organization_id, user.id).await;
        }
        Ok(NewSession { token: secret, expires_at: session.expires_at })
    }

    /// A session's secret, and the row to be stored.
    pub(crate) fn fresh_session(&self, user: UserId) -> (SecretString, Session) {
        let (token, now) = (self.new_secret(), self.wall_now());
        let session = Session {
            token_hash: secrets::hash_of(&token),
            user_id: user,
            created_at: now,
            last_seen_at: now,
            expires_at: now.plus(SESSION_LIFETIME_MS),
            only_renewal: None,
        };
        (token, session)
    }
}
