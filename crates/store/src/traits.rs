//! The storage traits, one per aggregate. All are dyn-safe: server functions cannot be generic.

mod api;
mod pictures;

use async_trait::async_trait;
use lifecycle::{
    ChannelKind, DisabledReason, Provider, TeamChange, TeamRefusal, Timestamp,
    ids::{ApiKeyId, ChannelId, ConnectionId, InvitationId, MetaAppId, OrganizationId, RenewalId, UserId},
    ids::{EventId, WebhookEndpointId},
    notice::Policy,
};

use crate::{
    ApiKey, AuditEntry, AuditFilter, Channel, CheckOutcome, Connection, ConnectionCommit, DataDeletion, Delivery,
    Forward, Held, HeldCheck, Invitation, Job, JobKind, LoginAttempt, MailOutcome, Member, MetaApp, NewNotice, Notice,
    Organization, PasswordReset, Renewal, RenewalLink, Result, Review, SealedToken, Session, Snooze, Trail, User, Wake,
    Wakes, WatchOutcome, Watched,
};
use crate::{DeliveryAttempt, DeliveryLane, Event, HeldDelivery, PreviousSecret, WebhookDelivery, WebhookEndpoint};
use crate::{EmbedSession, LoginTicket, Redemption};

pub use api::{IdempotentRequests, Lists, TokenReads};
pub use pictures::Pictures;

/// All of it.
pub trait Storage:
    System
    + Organizations
    + Users
    + Sessions
    + Invitations
    + MetaApps
    + Connections
    + Pictures
    + Renewals
    + RenewalLinks
    + AuditLog
    + MetaEvents
    + DataDeletions
    + ApiKeys
    + Webhooks
    + Jobs
    + Notices
    + Snoozes
    + Reviews
    + Embeds
    + WakeUps
    + IdempotentRequests
    + TokenReads
    + Lists
{
}

/// The database as a whole.
#[async_trait]
pub trait System: Send + Sync {
    /// Applies the migrations that are missing; refuses a newer schema ([`crate::StoreError::NewerSchema`])
    /// and then changes nothing.
    async fn migrate(&self) -> Result<()>;

    /// Refuses a schema that is newer than this program or not migrated yet; changes nothing.
    async fn check_schema(&self) -> Result<()>;

    /// Answers if the database does.
    async fn ping(&self) -> Result<()>;

    /// The sealed text by which a wrong encryption key is recognised; `token_version` is 0.
    async fn key_check(&self) -> Result<Option<SealedToken>>;

    /// Stores it if there is none yet; otherwise nothing changes.
    async fn init_key_check(&self, sealed: &SealedToken) -> Result<()>;

    /// Deletes connections, channels, renewals, attempts, events and audit entries of every
    /// organization, and what Meta sent; keeps organizations, users, sessions, apps and API keys.
    /// For the demo's reset.
    async fn forget_connections(&self) -> Result<()>;

    /// Finishes pending writes and closes.
    async fn close(&self);
}

#[async_trait]
pub trait Organizations: Send + Sync {
    /// [`crate::StoreError::Conflict`] on a taken `external_id` or `slug`.
    async fn insert_organization(&self, organization: &Organization) -> Result<()>;
    async fn organization(&self, id: OrganizationId) -> Result<Option<Organization>>;
    async fn organization_by_slug(&self, slug: &str) -> Result<Option<Organization>>;
    async fn organization_by_external_id(&self, external_id: &str) -> Result<Option<Organization>>;
    /// Name, slug, zone and language; also makes its connections due for a look.
    /// [`crate::StoreError::Stale`] if it is gone, [`crate::StoreError::Conflict`] on a taken `slug`.
    async fn update_organization(&self, organization: &Organization, trail: &Trail) -> Result<()>;
    /// Deletes it and everything that belongs to it. `false` if there was none.
    async fn delete_organization(&self, id: OrganizationId) -> Result<bool>;
    /// Rises with every change that people of the organization could see.
    async fn change_seq(&self, id: OrganizationId) -> Result<Option<i64>>;
    /// The same of several at once, in any order; those that do not exist are left out.
    async fn change_seqs(&self, ids: &[OrganizationId]) -> Result<Vec<(OrganizationId, i64)>>;
    /// How many have connections and no administrator, and the slugs of the first few.
    async fn without_administrator(&self, few: i64) -> Result<(i64, Vec<String>)>;
    /// Also makes the organization's connections due for a look: when people are warned goes by its
    /// zone. [`crate::StoreError::Stale`] if there is no such organization.
    async fn set_zone_and_locale(&self, id: OrganizationId, time_zone: &str, locale: &str, trail: &Trail)
    -> Result<()>;
}

#[async_trait]
pub trait Users: Send + Sync {
    /// [`crate::StoreError::Conflict`] on a taken `email` or `external_id`.
    async fn insert_user(&self, user: &User) -> Result<()>;
    async fn user(&self, organization: OrganizationId, id: UserId) -> Result<Option<User>>;
    async fn user_by_email(&self, email: &str) -> Result<Option<User>>;
    async fn user_by_external_id(&self, organization: OrganizationId, external_id: &str) -> Result<Option<User>>;
    /// External id, e-mail, name, role and language, in one transaction, if [`lifecycle::team::may_change`]
    /// allows the role. [`crate::StoreError::Conflict`] on a taken `email` or `external_id`.
    async fn update_user(&self, user: &User, trail: &Trail) -> Result<Result<(), TeamRefusal>>;
    /// In the order of their names.
    async fn users_of(&self, organization: OrganizationId) -> Result<Vec<User>>;
    /// As [`Users::users_of`], with when each was last there.
    async fn team_of(&self, organization: OrganizationId) -> Result<Vec<Member>>;
    /// With those who were removed: for names in the history. They have no password, and an e-mail that is none.
    async fn everybody_of(&self, organization: OrganizationId) -> Result<Vec<User>>;
    /// In one transaction, if [`lifecycle::team::may_change`] allows it for the team as it is then.
    /// Whoever is removed leaves no session, reset or e-mail behind, and is found no more.
    async fn change_team(
        &self,
        organization: OrganizationId,
        id: UserId,
        change: TeamChange,
        trail: &Trail,
    ) -> Result<Result<(), TeamRefusal>>;
    /// [`crate::StoreError::Stale`] if there is no such person.
    async fn set_locale(&self, organization: OrganizationId, id: UserId, locale: &str) -> Result<()>;
    /// Replaces the stored hash by a stronger one of the same password.
    async fn rehash_password(&self, id: UserId, password_hash: &str) -> Result<()>;
    /// In one transaction: sets the password, uses up every open reset of the person and ends all
    /// sessions but `kept`. [`crate::StoreError::Stale`] if there is no such person.
    async fn change_password(
        &self,
        id: UserId,
        password_hash: &str,
        kept: &[u8; 32],
        now: Timestamp,
        trail: &Trail,
    ) -> Result<()>;
}

#[async_trait]
pub trait Sessions: Send + Sync {
    async fn insert_session(&self, session: &Session) -> Result<()>;
    /// The session and its user.
    async fn session(&self, token_hash: &[u8; 32]) -> Result<Option<(Session, User)>>;
    async fn touch_session(&self, token_hash: &[u8; 32], at: Timestamp) -> Result<()>;
    async fn delete_session(&self, token_hash: &[u8; 32]) -> Result<()>;
    /// Of one person, the last used first.
    async fn sessions_of(&self, user: UserId) -> Result<Vec<Session>>;
    /// Ends every session of one person.
    async fn end_sessions(&self, user: UserId, trail: &Trail) -> Result<()>;
    /// Sessions that ended before `now`, or were not seen since `idle_before`; resets, invitations and
    /// renewal links that ended before `now`.
    async fn delete_ended_sessions(&self, now: Timestamp, idle_before: Timestamp) -> Result<()>;
    async fn insert_password_reset(&self, reset: &PasswordReset) -> Result<()>;
    /// How many resets of this person can still be used.
    async fn open_resets(&self, user: UserId, now: Timestamp) -> Result<i64>;
    /// Whose reset this is, if it has not been used and has not ended by `now`.
    async fn password_reset(&self, token_hash: &[u8; 32], now: Timestamp) -> Result<Option<User>>;
    /// In one transaction: uses the reset up and with it every other open one of the user, sets the
    /// password, ends all sessions of the user, writes the trail.
    /// `None`, and nothing changes, if the reset is unknown, used or over.
    async fn use_password_reset(
        &self,
        token_hash: &[u8; 32],
        password_hash: &str,
        now: Timestamp,
        trail: &Trail,
    ) -> Result<Option<UserId>>;
}

#[async_trait]
pub trait Invitations: Send + Sync {
    /// Replaces an earlier one of the same organization and e-mail.
    async fn put_invitation(&self, invitation: &Invitation, trail: &Trail) -> Result<()>;
    /// Those that have not ended by `now`, the newest first.
    async fn invitations_of(&self, organization: OrganizationId, now: Timestamp) -> Result<Vec<Invitation>>;
    /// Of every organization: whoever holds the link belongs to none yet.
    async fn invitation(&self, token_hash: &[u8; 32], now: Timestamp) -> Result<Option<Invitation>>;
    /// `false`, and nothing changes, if there is none.
    async fn withdraw_invitation(&self, organization: OrganizationId, id: InvitationId, trail: &Trail) -> Result<bool>;
    /// In one transaction: uses the invitation up, adds its person and begins a session.
    /// `false`, and nothing changes, if it is unknown, used or over; [`crate::StoreError::Conflict`]
    /// on a taken e-mail.
    async fn accept_invitation(
        &self,
        token_hash: &[u8; 32],
        now: Timestamp,
        user: &User,
        session: &Session,
        trail: &Trail,
    ) -> Result<bool>;
}

#[async_trait]
pub trait MetaApps: Send + Sync {
    /// The app with this provider and app id; inserted as given when missing.
    async fn ensure_meta_app(&self, app: &MetaApp) -> Result<MetaApp>;
    async fn meta_app(&self, id: MetaAppId) -> Result<Option<MetaApp>>;
    async fn meta_app_by_app_id(&self, provider: Provider, app_id: &str) -> Result<Option<MetaApp>>;
}

#[async_trait]
pub trait Connections: Send + Sync {
    /// In the order of creation.
    async fn connections_of(&self, organization: OrganizationId) -> Result<Vec<Connection>>;
    async fn connection(&self, organization: OrganizationId, id: ConnectionId) -> Result<Option<Connection>>;
    /// All channels of the organization, in the order of creation.
    async fn channels_of(&self, organization: OrganizationId) -> Result<Vec<Channel>>;
    async fn channels_of_connection(&self, organization: OrganizationId, id: ConnectionId) -> Result<Vec<Channel>>;
    /// Commits one connection with its channels and trail, without a renewal (import, demo data).
    async fn commit_connection(&self, commit: &ConnectionCommit, trail: &Trail) -> Result<()>;
    /// Other channels, of any connection of any organization, that use this Page of this app:
    /// a subscription that they use must not be deleted.
    async fn page_is_used_elsewhere(&self, meta_app: MetaAppId, page_id: &str, except: ConnectionId) -> Result<bool>;
    /// Of every organization, for workers.
    async fn connection_anywhere(&self, id: ConnectionId) -> Result<Option<Connection>>;
    /// Of every organization, in the order of creation.
    async fn connection_ids(&self) -> Result<Vec<ConnectionId>>;
    /// The connections of this person or business to this app, of every organization, in the order
    /// of creation: they share one grant.
    async fn connections_of_grantee(&self, meta_app: MetaAppId, grantee_id: &str) -> Result<Vec<Connection>>;
    /// The connections to this app that have a channel of this account, of every organization, in
    /// the order of creation.
    async fn connections_of_account(
        &self,
        meta_app: MetaAppId,
        kind: ChannelKind,
        account_id: &str,
    ) -> Result<Vec<Connection>>;
    /// Connections whose `check_at` has come and that nobody holds (or no longer, at `wall`), of
    /// every organization, at most `limit`: first the one of each organization that waits longest,
    /// then the second of each, and so on. They are held for `owner`; see [`lifecycle::lease`].
    async fn claim_checks(&self, now: Timestamp, wall: Timestamp, owner: &str, limit: i64) -> Result<Vec<HeldCheck>>;
    /// How many are due, held or not.
    async fn checks_due(&self, now: Timestamp) -> Result<i64>;
    /// How many Meta has not answered for since then or longer, and since when the first.
    async fn unreachable(&self, since: Timestamp) -> Result<(i64, Option<Timestamp>)>;
    /// How many cannot be checked although Meta has not failed, and one of them.
    async fn cannot_be_checked(&self) -> Result<Option<(i64, ConnectionId)>>;
    /// A sign of life. `false`: the lease was lost.
    async fn extend_check(&self, id: ConnectionId, held: &Held, wall: Timestamp) -> Result<bool>;
    /// Connections whose `watch_at` has come and that nobody else looks at (or no longer, at `wall`), of
    /// every organization, those that wait longest first. They are left to the caller for as long as a
    /// lease lasts, see [`lifecycle::lease`]. Every commit and every check makes its connection due at
    /// once, whoever looks at it.
    async fn claim_watches(&self, now: Timestamp, wall: Timestamp, limit: i64) -> Result<Vec<Watched>>;
    /// How many connections there are, and how many of them are due for a look.
    async fn count_for_watch(&self, now: Timestamp) -> Result<(i64, i64)>;
    /// Those due at `now` by the clock alone, and not by a commit or a check, wait until then.
    async fn postpone_watch(&self, now: Timestamp, until: Timestamp) -> Result<u64>;
    /// Its next look waits until then, if it is due as it was read.
    async fn defer_watch(&self, id: ConnectionId, watch_at: Timestamp, until: Timestamp) -> Result<()>;
    /// What is planned further ahead than anything is ever planned was planned by a wrong clock: it is
    /// due at once (checks and looks by `now`, deliveries by real time).
    async fn pull_back(&self, now: Timestamp, wall: Timestamp) -> Result<u64>;
    /// Those that would be due later are due at `now`. A check is no change: raises no version.
    async fn make_due(&self, ids: &[ConnectionId], now: Timestamp) -> Result<()>;
    /// Facts, `check_at`, `check_failures` and trails of one check, in one transaction.
    /// [`crate::StoreError::Stale`] if the connection's version is not the expected one, or the lease
    /// was lost. Ends the lease, raises the version and the organization's `change_seq`.
    async fn record_check(&self, organization: OrganizationId, outcome: &CheckOutcome) -> Result<()>;
    /// [`crate::StoreError::Stale`] if there is no such channel of the organization.
    async fn set_story_options(
        &self,
        organization: OrganizationId,
        channel: ChannelId,
        mentions: bool,
        replies: bool,
        trail: &Trail,
    ) -> Result<()>;
    /// Deletes the connection, its channels, the pictures of accounts that have no channel any more, and
    /// its open renewals' staged tokens (those renewals become `abandoned`). `false` if there was none.
    async fn delete_connection(&self, organization: OrganizationId, id: ConnectionId, trail: &Trail) -> Result<bool>;
    /// As [`Connections::delete_connection`], and nothing that was told about it stays: its renewals
    /// lose `staged_facts`, `selection` and `proof`; what the audit log and the events of the
    /// organization say of the connection, its channels and its renewals becomes `{"erased":true}`.
    /// `trail` itself is written after that.
    async fn erase_connection(&self, organization: OrganizationId, id: ConnectionId, trail: &Trail) -> Result<bool>;
}

#[async_trait]
pub trait Renewals: Send + Sync {
    /// Inserts a renewal that opens at `renewal.created_at`; in the same transaction every open
    /// renewal listed in `supersede` becomes `superseded` and loses its staged tokens
    /// and `staged_facts`.
    /// [`crate::StoreError::Conflict`] if another renewal of the connection is open, or, for a first
    /// connection, another first one of the same user.
    async fn insert_renewal(&self, renewal: &Renewal, supersede: &[RenewalId], trail: &Trail) -> Result<()>;
    async fn renewal(&self, organization: OrganizationId, id: RenewalId) -> Result<Option<Renewal>>;
    /// Those that are not over, newest first. Includes those past `expires_at`: callers judge.
    async fn open_renewals(&self, organization: OrganizationId) -> Result<Vec<Renewal>>;
    /// The one that is not over. Also past `expires_at`: callers judge.
    async fn open_renewal_of_connection(
        &self,
        organization: OrganizationId,
        connection: ConnectionId,
    ) -> Result<Option<Renewal>>;
    /// Writes the whole row if the stored version equals `renewal.version - 1`; `false`, and
    /// nothing changes, otherwise. Raises `change_seq`. A renewal that is over loses its staged tokens.
    /// Before it is written, every open renewal listed in `supersede` ends as in
    /// [`Renewals::insert_renewal`], at `renewal.updated_at`; conflicts are those told there.
    async fn update_renewal(&self, renewal: &Renewal, supersede: &[RenewalId], trail: Option<&Trail>) -> Result<bool>;
    async fn insert_login_attempt(&self, attempt: &LoginAttempt) -> Result<()>;
    async fn login_attempt_by_state(&self, state_hash: &[u8; 32]) -> Result<Option<LoginAttempt>>;
    /// The attempt of a renewal whose code is parked, newest first.
    async fn parked_attempt(&self, organization: OrganizationId, renewal: RenewalId) -> Result<Option<LoginAttempt>>;
    /// In one transaction: marks the attempt used at `at` (only if it was not), stores the parked
    /// code if there is one, and writes the renewal as [`Renewals::update_renewal`] does.
    /// `false`, and nothing changes, if the attempt was used already or the renewal has changed.
    async fn use_login_attempt(
        &self,
        attempt: &LoginAttempt,
        code: Option<&SealedToken>,
        at: Timestamp,
        renewal: &Renewal,
    ) -> Result<bool>;
    /// Takes the parked code away (it was exchanged, or has ended).
    async fn forget_code(&self, attempt: &LoginAttempt) -> Result<()>;
    /// The commit of a renewal, ONE transaction: the renewal row (as [`Renewals::update_renewal`]),
    /// the connection with its channels, audit entry, event, `change_seq`.
    /// `false`, and nothing changes, if the renewal or the connection has changed since it was read.
    async fn finish_renewal(&self, renewal: &Renewal, commit: &ConnectionCommit, trail: &Trail) -> Result<bool>;
    /// Open renewals with staged tokens, not touched since `before` and not past their end at `now`,
    /// whose connection's grant is dead at `now`; of every organization, oldest first.
    async fn renewals_left_alone(&self, before: Timestamp, now: Timestamp, limit: i64) -> Result<Vec<Renewal>>;
    /// What has outlived itself: parked codes past their end are forgotten, open renewals past
    /// `expires_at` become `expired` and lose staged tokens and codes (version raised, `updated_at` =
    /// `now`, `change_seq` of their organizations raised), log-in attempts that ended more than a day
    /// ago and password resets that ended are deleted. Answers how many renewals ended. Idempotent.
    async fn end_overdue(&self, now: Timestamp) -> Result<u64>;
}

#[async_trait]
pub trait AuditLog: Send + Sync {
    async fn append_audit(&self, trail: &Trail) -> Result<()>;
    /// Newest first, without the embed sessions.
    async fn audit_of(&self, organization: OrganizationId, limit: i64) -> Result<Vec<AuditEntry>>;
    /// Newest first, of these actions; of one connection and its channels, where one is named.
    async fn audit_of_actions(
        &self,
        organization: OrganizationId,
        connection: Option<ConnectionId>,
        actions: &[&str],
        limit: i64,
    ) -> Result<Vec<AuditEntry>>;
    /// Newest first, of those that the filter wants.
    async fn audit_page(
        &self,
        organization: OrganizationId,
        filter: &AuditFilter,
        limit: i64,
    ) -> Result<Vec<AuditEntry>>;
}

/// What Meta told the webhook, and what of it waits for the platform.
#[async_trait]
pub trait MetaEvents: Send + Sync {
    /// Records all of it or, on an error, nothing: one transaction, so that many deliveries share
    /// one wait for the disk. A mark that is known already is ignored; fresh incoming ones raise
    /// `last_message_at` of every channel of their account, of any organization. Does not raise
    /// `change_seq`. Answers for each delivery how many of its marks were fresh.
    async fn record_deliveries(&self, deliveries: &[Delivery]) -> Result<Vec<usize>>;
    /// Takes at most `limit` forwards that are due and that nobody holds (or no longer, at `now`),
    /// oldest first, and holds them for `owner` until `lease_until`. One is left alone while an
    /// earlier one that shares an account with it waits, held or not.
    async fn claim_forwards(
        &self,
        now: Timestamp,
        owner: &str,
        lease_until: Timestamp,
        limit: i64,
    ) -> Result<Vec<Forward>>;
    /// The platform has it: it is deleted. `false`, and nothing changes, if `owner` does not hold it.
    async fn complete_forward(&self, seq: i64, owner: &str) -> Result<bool>;
    /// Gives it back, due again at `due_at`. `false`, and nothing changes, if `owner` does not hold it.
    async fn postpone_forward(&self, seq: i64, owner: &str, due_at: Timestamp) -> Result<bool>;
    /// Deletes what was received before, held or not. Answers how many there were.
    async fn drop_forwards(&self, received_before: Timestamp) -> Result<u64>;
    async fn forwards_waiting(&self) -> Result<i64>;
    /// Deletes the marks received before, in small steps. Answers how many there were.
    async fn forget_marks(&self, received_before: Timestamp) -> Result<u64>;
    /// The newest `last_message_at` of all channels.
    async fn newest_message_at(&self) -> Result<Option<Timestamp>>;
}

#[async_trait]
pub trait DataDeletions: Send + Sync {
    /// The code under which the request is stored: the earlier one if the same request (user and
    /// instant of issue) came before. [`crate::StoreError::Conflict`] on a taken code.
    async fn insert_deletion(&self, deletion: &DataDeletion) -> Result<String>;
    /// What was completed once stays as it is. [`crate::StoreError::Stale`] if there is no such code.
    async fn complete_deletion(&self, code: &str, at: Timestamp, connections: i64) -> Result<()>;
    async fn deletion(&self, code: &str) -> Result<Option<DataDeletion>>;
}

#[async_trait]
pub trait ApiKeys: Send + Sync {
    /// [`crate::StoreError::Conflict`] on a taken hash.
    async fn insert_api_key(&self, key: &ApiKey) -> Result<()>;
    /// The key, unless it was revoked.
    async fn api_key_by_hash(&self, key_hash: &[u8; 32]) -> Result<Option<ApiKey>>;
    /// Notes that the key was used; writes at most once a minute.
    async fn touch_api_key(&self, id: ApiKeyId, at: Timestamp) -> Result<()>;
    /// Those of the organization, or (`None`) the platform's; revoked ones too, in the order of creation.
    async fn api_keys(&self, organization: Option<OrganizationId>) -> Result<Vec<ApiKey>>;
    /// `false` if there is no such key or it was revoked before.
    async fn revoke_api_key(&self, id: ApiKeyId, at: Timestamp) -> Result<bool>;
    /// As [`ApiKeys::insert_api_key`], of an organization, with what is written beside it.
    async fn insert_own_api_key(&self, key: &ApiKey, trail: &Trail) -> Result<()>;
    /// As [`ApiKeys::revoke_api_key`], if it is this organization's.
    async fn revoke_own_api_key(
        &self,
        organization: OrganizationId,
        id: ApiKeyId,
        at: Timestamp,
        trail: &Trail,
    ) -> Result<bool>;
}

/// By which one administrator begins one renewal, once.
#[async_trait]
pub trait RenewalLinks: Send + Sync {
    /// [`crate::StoreError::Stale`] if there is no such person or connection in the organization.
    async fn insert_renewal_link(&self, link: &RenewalLink, trail: &Trail) -> Result<()>;
    /// Of every organization, also one that was used or has ended, as long as it is kept.
    async fn renewal_link(&self, token_hash: &[u8; 32]) -> Result<Option<RenewalLink>>;
    /// In one transaction: uses the link up for this renewal, and begins a session.
    /// `false`, and nothing changes, if it is unknown, used or over.
    async fn use_renewal_link(
        &self,
        token_hash: &[u8; 32],
        now: Timestamp,
        renewal: RenewalId,
        session: Option<&Session>,
        trail: &Trail,
    ) -> Result<bool>;
}

/// Events on their way to the platform. With each event that a [`Trail`] writes, one delivery to every
/// endpoint of the platform and of the event's organization that is not disabled is written in the same transaction, due at once.
#[async_trait]
pub trait Webhooks: Send + Sync {
    /// A trail, here and below, is written where the endpoint is an organization's.
    async fn insert_webhook_endpoint(&self, endpoint: &WebhookEndpoint, trail: Option<&Trail>) -> Result<()>;
    /// Those of the organization, or (`None`) the platform's, in the order of creation.
    async fn webhook_endpoints(&self, organization: Option<OrganizationId>) -> Result<Vec<WebhookEndpoint>>;
    async fn webhook_endpoint(&self, id: WebhookEndpointId) -> Result<Option<WebhookEndpoint>>;
    /// Replaces the secret if its version is the one before the new one's. `false`, and nothing
    /// changes, otherwise.
    async fn rotate_webhook_secret(
        &self,
        id: WebhookEndpointId,
        secret: &SealedToken,
        previous: &PreviousSecret,
        trail: Option<&Trail>,
    ) -> Result<bool>;
    /// Tells it nothing any more: what waits for it and nobody holds is given up.
    /// `false`, and nothing changes, if it is disabled or gone; for [`DisabledReason::Failing`] also
    /// if it is not failing since `failing_since` or before.
    async fn disable_webhook_endpoint(
        &self,
        id: WebhookEndpointId,
        reason: DisabledReason,
        at: Timestamp,
        failing_since: Timestamp,
        trail: Option<&Trail>,
    ) -> Result<bool>;
    /// `false` if it is not disabled or gone.
    async fn enable_webhook_endpoint(&self, id: WebhookEndpointId, trail: Option<&Trail>) -> Result<bool>;
    /// Deletes it with its secrets and deliveries. `false` if there was none.
    async fn remove_webhook_endpoint(&self, id: WebhookEndpointId, trail: Option<&Trail>) -> Result<bool>;
    /// Of every organization, for workers.
    async fn event(&self, id: EventId) -> Result<Option<Event>>;
    /// Any organization: a trial event has to belong to one.
    async fn first_organization(&self) -> Result<Option<Organization>>;
    /// The event, and its delivery to this endpoint alone.
    /// [`crate::StoreError::Stale`] if there is no such endpoint.
    async fn insert_event_for(&self, endpoint: WebhookEndpointId, event: &Event) -> Result<()>;
    /// Takes at most `limit` deliveries of the lane that are due and that nobody holds (or no longer, at
    /// `now`), and holds them for `owner` until `lease_until`: first one of each endpoint, then the
    /// second of each, at most [`crate::DELIVERIES_AT_A_TURN`] of one, and never more than
    /// [`DeliveryLane::under_way`] together with what is held already. A lease that would end more
    /// than [`crate::LONGEST_LEASE_MS`] from `now` was made by a wrong clock and holds nobody up.
    async fn claim_deliveries(
        &self,
        lane: DeliveryLane,
        now: Timestamp,
        owner: &str,
        lease_until: Timestamp,
        limit: i64,
    ) -> Result<Vec<HeldDelivery>>;
    /// Writes how the attempt ended and gives the delivery back; notes of the endpoint whether it is failing.
    /// `false`, and nothing changes, if it is not held by this owner in this epoch.
    async fn settle_delivery(&self, held: &HeldDelivery, attempt: &DeliveryAttempt) -> Result<bool>;
    /// The newest first.
    async fn deliveries_of(&self, endpoint: WebhookEndpointId, limit: i64) -> Result<Vec<WebhookDelivery>>;
    /// Due at once, with all attempts before it. `false`, and nothing changes, if there is no such
    /// delivery, its endpoint is disabled, or somebody holds it at `now`.
    async fn resend_delivery(&self, endpoint: WebhookEndpointId, event: EventId, now: Timestamp) -> Result<bool>;
}

/// Work that processes share, each piece held by one of them at a time: see [`lifecycle::lease`].
/// Due times go by `now`, leases by real time, `wall`.
#[async_trait]
pub trait Jobs: Send + Sync {
    /// Due from then on; one that is there already only becomes due sooner.
    async fn schedule(&self, kind: JobKind, subject: &str, run_at: Timestamp) -> Result<()>;
    /// Takes at most `limit` jobs that are due and that nobody holds, those that wait longest first.
    async fn claim_jobs(
        &self,
        kind: JobKind,
        now: Timestamp,
        wall: Timestamp,
        owner: &str,
        limit: i64,
    ) -> Result<Vec<Job>>;
    /// A sign of life. `false`: the lease was lost.
    async fn extend_job(&self, kind: JobKind, job: &Job, wall: Timestamp) -> Result<bool>;
    /// Gives it back, due again at `run_at`. `false`, and nothing changes, if the lease was lost.
    async fn reschedule_job(&self, kind: JobKind, job: &Job, run_at: Timestamp, attempts: i64) -> Result<bool>;
    /// How many there are, held or not, and when the first is due.
    async fn jobs_waiting(&self, kind: JobKind) -> Result<(i64, Option<Timestamp>)>;
    /// A process that works gives a sign of life; those silent since `forget_before` are forgotten.
    async fn beat(&self, worker: &str, at: Timestamp, forget_before: Timestamp) -> Result<()>;
    /// Processes that gave a sign of life since then.
    async fn workers(&self, seen_since: Timestamp) -> Result<Vec<String>>;
}

/// Notices to people, and how they travel by mail.
#[async_trait]
pub trait Notices: Send + Sync {
    /// Newest first.
    async fn notices_of(&self, organization: OrganizationId, id: ConnectionId, limit: i64) -> Result<Vec<Notice>>;
    /// Notices, their mails, trails and the next look, in one transaction.
    /// [`crate::StoreError::Stale`] if the connection was changed or looked at since it was read;
    /// [`crate::StoreError::Conflict`] if a notice was given already.
    async fn record_watch(&self, organization: OrganizationId, outcome: &WatchOutcome) -> Result<()>;
    /// A notice that no clock has made. [`crate::StoreError::Conflict`] if it was given already, or one
    /// of its kind about the same connection after `unless_since`.
    async fn insert_notice(&self, notice: &NewNotice, unless_since: Option<Timestamp>, trail: &Trail) -> Result<()>;
    /// What this person has not been told by mail yet, the oldest first.
    async fn notices_for(&self, user: UserId) -> Result<Vec<Notice>>;
    /// Forgets notices that were given after `now`, with their mails: a wrong clock has given them, and
    /// they would silence what is really to be told. Answers how many there were.
    async fn forget_future_notices(&self, now: Timestamp) -> Result<u64>;
    /// Whether this person was told by mail of trouble that this recovery ends.
    async fn has_heard(&self, user: UserId, of: &Notice) -> Result<bool>;
    /// Who has become an administrator is told by mail, at `mail_at`, of the trouble of each connection
    /// that the others have been told of last; never twice of the same. Answers how many there are.
    async fn catch_up(&self, organization: OrganizationId, user: UserId, mail_at: Timestamp) -> Result<u64>;
    /// How many mails have reached this person within a time, and when the last; `of_stops`: only those
    /// that told of a stop.
    async fn mails_sent(
        &self,
        user: UserId,
        of_stops: bool,
        after: Timestamp,
        until: Timestamp,
    ) -> Result<(i64, Option<Timestamp>)>;
    /// The mail of `job` has ended: its notices are done, the job is over; what has come in meanwhile
    /// is due at `again_at`. `false`, and nothing changes, if the lease was lost.
    async fn mail_done(
        &self,
        job: &Job,
        user: UserId,
        notices: &[(Notice, MailOutcome)],
        at: Timestamp,
        again_at: Timestamp,
    ) -> Result<bool>;
    /// Whether this person wants warnings by mail.
    async fn refuse_warnings(&self, user: UserId, refused: bool, at: Timestamp) -> Result<()>;
    async fn who_refuses_warnings(&self, organization: OrganizationId) -> Result<Vec<UserId>>;
    /// `None`: the default.
    async fn warning_policy(&self, organization: OrganizationId) -> Result<Option<Policy>>;
    /// Also makes the organization's connections due for a look.
    async fn set_warning_policy(&self, organization: OrganizationId, policy: &Policy, trail: &Trail) -> Result<()>;
}

/// Who does not want to be reminded of what.
#[async_trait]
pub trait Snoozes: Send + Sync {
    /// Replaces an earlier one of the same person and connection, and raises `change_seq`, so that
    /// the person's other windows follow. [`crate::StoreError::Stale`] if person and connection are
    /// not both the organization's.
    async fn snooze(&self, snooze: &Snooze) -> Result<()>;
    /// A person's; also those that are over: callers judge.
    async fn snoozes_of(&self, organization: OrganizationId, user: UserId) -> Result<Vec<Snooze>>;
}

/// Who has looked through all connections of an organization.
#[async_trait]
pub trait Reviews: Send + Sync {
    /// The sign-off and its trail, in one transaction. [`crate::StoreError::Stale`] if the person is not
    /// the organization's.
    async fn insert_review(&self, review: &Review, trail: &Trail) -> Result<()>;
    /// Newest first.
    async fn reviews_of(&self, organization: OrganizationId, limit: i64) -> Result<Vec<Review>>;
}

/// Renova inside other pages: which pages, who sees it there, and log-ins that begin there.
/// All times are real.
#[async_trait]
pub trait Embeds: Send + Sync {
    /// The name of an organization in the address of a frame: public, random, never changed.
    async fn embed_id(&self, organization: OrganizationId) -> Result<Option<String>>;
    async fn organization_by_embed_id(&self, embed_id: &str) -> Result<Option<Organization>>;
    /// Of one organization, or (`None`) of the platform; sorted.
    async fn embed_origins(&self, organization: Option<OrganizationId>) -> Result<Vec<String>>;
    /// Of any organization or of the platform.
    async fn is_embed_origin(&self, origin: &str) -> Result<bool>;
    /// `false`, and nothing changes, if it is there already.
    async fn add_embed_origin(
        &self,
        organization: Option<OrganizationId>,
        origin: &str,
        at: Timestamp,
        trail: Option<&Trail>,
    ) -> Result<bool>;
    /// `false`, and nothing changes, if it is not there.
    async fn remove_embed_origin(
        &self,
        organization: Option<OrganizationId>,
        origin: &str,
        trail: Option<&Trail>,
    ) -> Result<bool>;
    async fn insert_embed_session(&self, session: &EmbedSession, trail: &Trail) -> Result<()>;
    /// `false`, and nothing changes, if the token is unknown, redeemed or over at `at`, or the origin or
    /// the organization is another.
    async fn redeem_embed_session(&self, redemption: &Redemption<'_>) -> Result<bool>;
    /// The session and its user, also past its end: callers judge.
    async fn embed_session(&self, bearer_hash: &[u8; 32]) -> Result<Option<(EmbedSession, User)>>;
    /// [`crate::StoreError::Conflict`] on a ticket that was there before.
    async fn insert_login_ticket(&self, ticket: &LoginTicket) -> Result<()>;
    /// Also one that is used or over: callers judge.
    async fn login_ticket(&self, ticket_hash: &[u8; 32]) -> Result<Option<LoginTicket>>;
    /// Uses it up, whatever comes of it. `None` if it is unknown, used or over at `at`.
    async fn use_login_ticket(&self, ticket_hash: &[u8; 32], at: Timestamp) -> Result<Option<LoginTicket>>;
    /// Sessions and tickets that ended by `now`.
    async fn delete_ended_embeds(&self, now: Timestamp) -> Result<()>;
}

/// What saves waiting for the next look, across the processes of one database.
pub trait WakeUps: Send + Sync {
    /// Wake-ups from now on. They may get lost, and some databases give none: who waits for them also
    /// looks by himself from time to time. On PostgreSQL the first call connects, in the background, and
    /// each time that this succeeds wakes everybody.
    fn wakes(&self, of: Wake) -> Wakes;
}
