//! Who is told of what, and how an organization wants to be warned.

use lifecycle::{
    NoticeKind, Role, Timestamp,
    clock::DAY_MS,
    ids::{ConnectionId, NoticeId, OrganizationId, UserId},
    notice::Policy,
};
use serde_json::json;
use store::{NewNotice, Notice, User};

use crate::{ConnectionState, Error, Identity, Renova};

/// What happens within this time is told in one mail.
pub(crate) const GATHER_MS: i64 = 20_000;
/// Warnings reach no further than the banner.
const LONGEST_WARNING_DAYS: i64 = 14;
const UNSUBSCRIBE: &str = "unsubscribe";

/// Who tells people.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Notify {
    /// Renova, by mail.
    #[default]
    Renova,
    /// The platform, by the events that it gets in every mode but [`Notify::Shadow`].
    Platform,
    Both,
    /// Nobody yet: everything is watched and shown, nothing is sent.
    Shadow,
}

impl Notify {
    #[must_use]
    pub const fn by_mail(self) -> bool {
        matches!(self, Self::Renova | Self::Both)
    }

    /// Events leave for the platform.
    #[must_use]
    pub const fn by_events(self) -> bool {
        !matches!(self, Self::Shadow)
    }
}

impl Renova {
    /// Who tells people, as the operator has set it.
    #[must_use]
    pub fn notify(&self) -> Notify {
        self.parts.notify
    }

    /// Whether a mail server is configured.
    #[must_use]
    pub fn has_mail(&self) -> bool {
        self.parts.mailer.is_some()
    }

    /// Whether anybody is told by mail at all.
    #[must_use]
    pub fn tells_by_mail(&self) -> bool {
        self.parts.mailer.is_some() && self.parts.notify.by_mail()
    }

    /// Renova should tell people by mail, and cannot: no mail server is configured.
    #[must_use]
    pub fn lacks_mail(&self) -> bool {
        self.parts.mailer.is_none() && self.parts.notify.by_mail()
    }

    /// How the reader's organization wants to be warned.
    pub async fn warning_policy(&self, who: &Identity) -> Result<Policy, Error> {
        who.require_admin()?;
        Ok(self.parts.storage.warning_policy(who.organization).await?.unwrap_or_default())
    }

    /// Everybody: on which days before an end people are warned.
    pub async fn warning_days(&self, who: &Identity) -> Result<Vec<i64>, Error> {
        Ok(self.parts.storage.warning_policy(who.organization).await?.unwrap_or_default().thresholds)
    }

    /// # Errors
    /// [`Error::Invalid`] naming the field: `thresholds` are days from 0 to 14, `hours` lie within a day.
    pub async fn set_warning_policy(&self, who: &Identity, policy: &Policy) -> Result<(), Error> {
        who.require_admin()?;
        self.store_policy(who.organization, Some(who), policy).await
    }

    /// The same from the command line.
    ///
    /// # Errors
    /// [`Error::NotFound`] for the organization; as [`Renova::set_warning_policy`].
    pub async fn set_warning_policy_of(&self, slug: &str, policy: &Policy) -> Result<(), Error> {
        let organization = self.parts.storage.organization_by_slug(slug).await?.ok_or(Error::NotFound)?.id;
        self.store_policy(organization, None, policy).await
    }

    async fn store_policy(
        &self,
        organization: OrganizationId,
        who: Option<&Identity>,
        policy: &Policy,
    ) -> Result<(), Error> {
        check_policy(policy)?;
        let detail = json!({"days": policy.thresholds, "from_hour": policy.from_hour, "to_hour": policy.to_hour});
        let trail = self.trail(organization, who, "organization.warnings_changed", organization, detail, false);
        Ok(self.parts.storage.set_warning_policy(organization, policy, &trail).await?)
    }

    /// The notices of one connection of the reader's organization, newest first.
    pub async fn notices(&self, who: &Identity, id: ConnectionId, limit: i64) -> Result<Vec<Notice>, Error> {
        Ok(self.parts.storage.notices_of(who.organization, id, limit).await?)
    }

    /// Where this person switches warnings by mail off.
    #[must_use]
    pub fn unsubscribe_url(&self, user: UserId) -> String {
        let mark = self.parts.vault.sign(UNSUBSCRIBE, &user.to_string());
        format!("{}/mail/warnings/{user}/{mark}", self.parts.public_url)
    }

    /// Whether this is a link of this installation by which somebody switches warnings off.
    #[must_use]
    pub fn is_warnings_link(&self, user: &str, mark: &str) -> bool {
        self.parts.vault.has_signed(UNSUBSCRIBE, user, mark)
    }

    /// Switches warnings by mail off, or on again, for whoever holds the link. What has stopped is
    /// told all the same.
    ///
    /// # Errors
    /// [`Error::NotFound`]: not a link of this installation.
    pub async fn refuse_warnings(&self, user: &str, mark: &str, refused: bool) -> Result<(), Error> {
        let id: UserId = user.parse().map_err(|_| Error::NotFound)?;
        if !self.is_warnings_link(user, mark) {
            return Err(Error::NotFound);
        }
        Ok(self.parts.storage.refuse_warnings(id, refused, self.now()).await?)
    }

    /// A notice of a connection, for everybody who should know.
    pub(crate) async fn new_notice(
        &self,
        state: &ConnectionState,
        kind: NoticeKind,
        urgent: bool,
        asked_by: Option<UserId>,
        detail: serde_json::Value,
    ) -> Result<NewNotice, Error> {
        let (connection, now) = (&state.connection, self.now());
        let notice = Notice {
            id: NoticeId::new(now, self.random()),
            organization_id: connection.organization_id,
            connection_id: connection.id,
            token_generation: connection.token_generation,
            kind,
            asked_by,
            detail: detail.to_string(),
            at: now,
        };
        let mail_to = self.readers(state, urgent).await?;
        Ok(NewNotice { notice, mail_to, mail_at: now.plus(GATHER_MS) })
    }

    /// All administrators and the person who connected; those who want no warnings hear only what is
    /// urgent.
    async fn readers(&self, state: &ConnectionState, urgent: bool) -> Result<Vec<UserId>, Error> {
        if !self.tells_by_mail() {
            return Ok(Vec::new());
        }
        let (storage, organization) = (&self.parts.storage, state.connection.organization_id);
        let refused = if urgent { Vec::new() } else { storage.who_refuses_warnings(organization).await? };
        let concerns = |user: &User| user.role == Role::Admin || state.connection.connected_by == Some(user.id);
        let users = storage.users_of(organization).await?;
        let mut ids: Vec<_> =
            users.into_iter().filter(concerns).map(|user| user.id).filter(|id| !refused.contains(id)).collect();
        // Always in the same order, so that two writers wait for each other instead of deadlocking.
        ids.sort_unstable();
        Ok(ids)
    }

    /// Who has become an administrator hears of the trouble that there is: it was told before, and is
    /// not told by itself again. The change of the team stands, whatever comes of this.
    pub(crate) async fn tell_new_administrator(&self, organization: OrganizationId, user: UserId) {
        if !self.tells_by_mail() {
            return;
        }
        let mail_at = self.now().plus(GATHER_MS);
        if let Err(error) = self.parts.storage.catch_up(organization, user, mail_at).await {
            tracing::error!(%error, %user, "a new administrator is not told by mail of what had stopped before");
        }
    }

    /// Whether this connection's renewal was asked for within a day.
    pub async fn was_requested_lately(&self, state: &ConnectionState) -> Result<bool, Error> {
        let since = self.now().plus(-DAY_MS);
        let connection = &state.connection;
        let notices = self.parts.storage.notices_of(connection.organization_id, connection.id, 50).await?;
        let asked = |at: Timestamp| at > since;
        Ok(notices.iter().any(|it| matches!(it.kind, NoticeKind::Requested { at } if asked(at))))
    }
}

fn check_policy(policy: &Policy) -> Result<(), Error> {
    let invalid = |field, problem: &str| Err(Error::Invalid { field, problem: problem.to_owned() });
    if policy.thresholds.is_empty() || policy.thresholds.iter().any(|days| !(0..=LONGEST_WARNING_DAYS).contains(days)) {
        return invalid("days", "give days before the end, each from 0 to 14, such as 14,7,3,1,0");
    }
    if !(0..policy.to_hour).contains(&policy.from_hour) || policy.to_hour > 24 {
        return invalid("hours", "give two hours of a day, the first before the second, such as 9-18");
    }
    Ok(())
}
