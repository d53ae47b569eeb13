//! The rows, as plain values.

mod api;
mod pictures;

use lifecycle::{
    ChannelKind, DisabledReason, GranteeKind, NoticeKind, Provider, RenewalState, Role, Timestamp,
    clock::{DAY_MS, MINUTE_MS},
    health::TokenProof,
    ids::{
        ApiKeyId, AuditId, ChannelId, ConnectionId, EventId, InvitationId, LoginAttemptId, MetaAppId, NoticeId,
        OrganizationId, RenewalId, RenewalLinkId, ReviewId, UserId, WebhookEndpointId,
    },
};

pub use api::{Begun, ChangedChannel, IdempotentRequest, TokenRead};
pub use pictures::Picture;

/// A ciphertext with what is needed to open it. See the `vault` crate for the binding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SealedToken {
    pub key_id: String,
    pub ciphertext: Vec<u8>,
    /// Part of the associated data; changes only with the ciphertext.
    pub token_version: i64,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Organization {
    pub id: OrganizationId,
    /// The platform's own id. Unique.
    pub external_id: String,
    /// Unique, for people.
    pub slug: String,
    pub name: String,
    /// IANA name, such as `America/Sao_Paulo`.
    pub time_zone: String,
    /// `pt-BR`, `en` or `es`.
    pub locale: String,
    pub created_at: Timestamp,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    pub id: UserId,
    pub organization_id: OrganizationId,
    /// The platform's own id; unique within the organization.
    pub external_id: Option<String>,
    /// Lower case; unique in the installation.
    pub email: String,
    pub name: String,
    pub role: Role,
    pub locale: Option<String>,
    /// PHC string of Argon2id. `None`: this person cannot log in with a password.
    pub password_hash: Option<String>,
    pub created_at: Timestamp,
}

/// A log-in session. The token itself is only in the cookie.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// SHA-256 of the cookie's value.
    pub token_hash: [u8; 32],
    pub user_id: UserId,
    pub created_at: Timestamp,
    pub last_seen_at: Timestamp,
    /// Absolute end.
    pub expires_at: Timestamp,
    /// It may do this renewal and nothing else; `None`: whatever its person may.
    pub only_renewal: Option<RenewalId>,
}

/// By which one administrator begins one renewal, once. The secret itself is only in the link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RenewalLink {
    pub id: RenewalLinkId,
    pub organization_id: OrganizationId,
    /// For whom it is.
    pub user_id: UserId,
    /// `None`: of a new connection.
    pub connection_id: Option<ConnectionId>,
    /// Unique.
    pub token_hash: [u8; 32],
    /// The platform says who opens it: no log-in is asked for.
    pub vouched: bool,
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
    /// When it was used, and the renewal that it began.
    pub used: Option<(Timestamp, RenewalId)>,
}

/// A way to set a new password once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PasswordReset {
    /// SHA-256 of the link's secret.
    pub token_hash: [u8; 32],
    pub user_id: UserId,
    pub expires_at: Timestamp,
}

/// Somebody of the team, as the team sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    pub user: User,
    /// When this person last used a session.
    pub last_seen_at: Option<Timestamp>,
}

/// A way to join an organization once. One e-mail has one in each organization: the newest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invitation {
    pub id: InvitationId,
    pub organization_id: OrganizationId,
    /// Lower case.
    pub email: String,
    pub role: Role,
    /// SHA-256 of the link's secret.
    pub token_hash: [u8; 32],
    pub invited_by: UserId,
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
}

/// An app registered at Meta; its secret stays in the configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MetaApp {
    pub id: MetaAppId,
    pub provider: Provider,
    /// Meta's app id. Unique per provider.
    pub app_id: String,
}

/// One grant by one Meta user or business to one Meta app.
///
/// Unique: (organization, Meta app, provider, grantee).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Connection {
    pub id: ConnectionId,
    pub organization_id: OrganizationId,
    pub meta_app_id: MetaAppId,
    pub provider: Provider,
    pub grantee_kind: GranteeKind,
    /// App-scoped id of the Meta user or business.
    pub grantee_id: String,
    pub grantee_name: String,
    /// The grant's own token, bound to `connections`, this id, column `token`.
    pub token: SealedToken,
    /// Counts renewals; starts at 1.
    pub token_generation: i64,
    pub facts: GrantFacts,
    pub connected_by: Option<UserId>,
    pub created_at: Timestamp,
    /// The last renewal that was committed (or the first connect).
    pub renewed_at: Timestamp,
    /// From then on it is due for its next check.
    pub check_at: Timestamp,
    /// Checks in a row that told nothing.
    pub check_failures: i64,
    /// For compare-and-set.
    pub version: i64,
}

/// What is known about the grant's token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GrantFacts {
    pub scopes: Vec<String>,
    pub issued_at: Option<Timestamp>,
    pub expires_at: Option<Timestamp>,
    pub data_access_expires_at: Option<Timestamp>,
    pub proof: TokenProof,
    /// Why it does not work: the stable word of what Meta's answer means, such as
    /// `password_changed`.
    pub problem: Option<String>,
    pub dead_since: Option<Timestamp>,
    pub checked_at: Option<Timestamp>,
    /// Meta could not be asked since then.
    pub unreachable_since: Option<Timestamp>,
}

/// One Messenger Page or one Instagram account under a connection.
///
/// Unique: (connection, kind, account).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Channel {
    pub id: ChannelId,
    pub organization_id: OrganizationId,
    pub connection_id: ConnectionId,
    pub kind: ChannelKind,
    /// Page id or Instagram professional account id.
    pub account_id: String,
    pub name: String,
    /// Instagram's handle, without the at sign.
    pub username: Option<String>,
    pub picture_url: Option<String>,
    /// The Page whose token serves this channel. Equals `account_id` for Messenger.
    pub page_id: Option<String>,
    /// A Messenger channel's Page token, or an Instagram Login channel's own; `None` for an
    /// Instagram channel that uses its Page's. Bound to `channels`, this id, column `token`.
    pub token: Option<SealedToken>,
    pub token_generation: i64,
    pub facts: ChannelTokenFacts,
    /// Webhook fields subscribed for our app, as read back.
    pub subscribed_fields: Vec<String>,
    /// *Receber mensagem quando esta conta for mencionada em um story*: the platform's option.
    pub story_mentions: bool,
    /// *Receber respostas e reações aos seus stories*: the platform's option.
    pub story_replies: bool,
    /// When the newest incoming message was sent, as far as Meta told us. Raised only by
    /// [`crate::MetaEvents::record_deliveries`]: a commit or a check never changes what is stored.
    pub last_message_at: Option<Timestamp>,
    pub created_at: Timestamp,
    pub version: i64,
}

impl Channel {
    /// As people know it: `@loja.aurora`, or the Page's name.
    #[must_use]
    pub fn shown_name(&self) -> String {
        self.username.as_ref().map_or_else(|| self.name.clone(), |name| format!("@{name}"))
    }
}

/// What is known about the token that a channel uses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChannelTokenFacts {
    pub expires_at: Option<Timestamp>,
    pub data_access_expires_at: Option<Timestamp>,
    pub proof: TokenProof,
    /// As for the grant.
    pub problem: Option<String>,
    pub dead_since: Option<Timestamp>,
    pub checked_at: Option<Timestamp>,
}

/// One run of the wizard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Renewal {
    pub id: RenewalId,
    pub organization_id: OrganizationId,
    pub user_id: UserId,
    /// `None`: connecting for the first time.
    pub connection_id: Option<ConnectionId>,
    pub meta_app_id: MetaAppId,
    pub state: RenewalState,
    /// A stable code where `state` is `failed` (or `denied`).
    pub failure: Option<String>,
    /// New tokens, sealed as one JSON object. Bound to `renewals`, this id, column `staged`.
    pub staged: Option<SealedToken>,
    /// What is known about the staged tokens, without any secret: JSON.
    pub staged_facts: Option<String>,
    /// What the administrator chose: JSON.
    pub selection: Option<String>,
    /// The lines of the proof: JSON.
    pub proof: Option<String>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub expires_at: Timestamp,
    /// For compare-and-set.
    pub version: i64,
}

/// One trip to Meta's dialog: a one-time state, bound to the browser that started it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoginAttempt {
    pub id: LoginAttemptId,
    pub organization_id: OrganizationId,
    pub renewal_id: RenewalId,
    /// SHA-256 of the `state` that Meta returns. Unique.
    pub state_hash: [u8; 32],
    /// SHA-256 of the cookie `renova_login`.
    pub cookie_hash: [u8; 32],
    /// The redirect URI that was sent; the exchange must repeat it.
    pub redirect_uri: String,
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
    pub used_at: Option<Timestamp>,
    /// The parked code. Bound to `login_attempts`, this id, column `code`.
    pub code: Option<SealedToken>,
    /// It began by a [`LoginTicket`], for somebody who has no session in this browser.
    pub by_ticket: bool,
    /// Where a tab goes on to afterwards, on the origin of the embed.
    pub return_url: Option<String>,
}

/// Renova inside somebody's page, for one person. Times are real.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EmbedSession {
    /// SHA-256 of the token that is handed over.
    pub token_hash: [u8; 32],
    pub organization_id: OrganizationId,
    pub user_id: UserId,
    /// The page's.
    pub origin: String,
    pub return_url: Option<String>,
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
    pub redeemed_at: Option<Timestamp>,
}

/// A session's token becomes a bearer, once.
#[derive(Clone, Copy, Debug)]
pub struct Redemption<'a> {
    pub token_hash: [u8; 32],
    pub origin: &'a str,
    /// Of the organization whose frame it is.
    pub embed_id: &'a str,
    pub bearer_hash: [u8; 32],
    pub at: Timestamp,
}

/// A click in an embed that may become one log-in at Meta. Times are real.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoginTicket {
    /// SHA-256 of the ticket that the browser made.
    pub ticket_hash: [u8; 32],
    pub organization_id: OrganizationId,
    pub renewal_id: RenewalId,
    pub user_id: UserId,
    pub is_popup: bool,
    /// What the embed shows.
    pub number: i64,
    /// What the other window offers, in this order; `number` is among them.
    pub choices: Vec<i64>,
    pub return_url: Option<String>,
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
    pub used_at: Option<Timestamp>,
}

/// One entry of the audit log: who did what to which thing. Never a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditEntry {
    pub id: AuditId,
    pub organization_id: OrganizationId,
    /// `None`: the machine, or the command line.
    pub user_id: Option<UserId>,
    /// Dotted verb, such as `connection.renewed`.
    pub action: String,
    /// Id of the thing acted upon.
    pub subject: String,
    /// JSON.
    pub detail: String,
    pub at: Timestamp,
}

/// Who is behind an entry of the audit log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AuditActor {
    User(UserId),
    /// The machine, or the command line.
    Machine,
}

/// Which entries of the audit log are wanted; the default is all of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuditFilter {
    pub by: Option<AuditActor>,
    /// The first word of the action: `connection` for `connection.renewed`.
    pub kind: Option<String>,
    /// Only what is older than this entry, by its instant and id.
    pub before: Option<(Timestamp, AuditId)>,
}

/// One event for the platform, written in the transaction of its cause (outbox).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    pub id: EventId,
    pub organization_id: OrganizationId,
    /// Such as `connection.renewed`.
    pub kind: String,
    /// JSON.
    pub data: String,
    pub at: Timestamp,
    /// It goes to the platform's endpoints; otherwise it is only kept. Not stored.
    pub is_sent: bool,
}

/// What is written with every change that people or the platform should learn of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trail {
    pub audit: AuditEntry,
    pub events: Vec<Event>,
}

/// A connection as it shall be after a commit, with exactly the channels that it shall have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConnectionCommit {
    /// Inserted when its id is new; otherwise replaced if the stored `version` equals
    /// `connection.version - 1`.
    pub connection: Connection,
    /// Inserted or replaced by id; channels of the connection that are not listed are deleted.
    pub channels: Vec<Channel>,
}

/// What a check of one connection found. Nothing but facts changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckOutcome {
    pub connection_id: ConnectionId,
    /// The version that was read before Meta was asked.
    pub expected_version: i64,
    pub facts: GrantFacts,
    pub channels: Vec<(ChannelId, ChannelTokenFacts, Vec<String>)>,
    /// When it is written: from then on others may see what has changed.
    pub at: Timestamp,
    /// Becomes [`Connection::check_at`].
    pub next_check_at: Timestamp,
    /// Becomes [`Connection::check_failures`].
    pub failures: i64,
    /// The lease under which it was made; `None`: by hand.
    pub held: Option<Held>,
    /// What the check makes known: written in the same transaction.
    pub trails: Vec<Trail>,
}

/// A lease that somebody holds; see [`lifecycle::lease`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    pub owner: String,
    pub epoch: i64,
}

/// A connection to be checked by whoever holds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldCheck {
    pub connection: Connection,
    pub held: Held,
}

/// What there is to do besides checks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JobKind {
    /// What happens without anybody clicking; one for all processes.
    Housekeeping,
    /// Mail to one person.
    Mail,
}

impl JobKind {
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Housekeeping => "housekeeping",
            Self::Mail => "mail",
        }
    }

    /// It is never planned for later than so many milliseconds ahead.
    #[must_use]
    pub const fn horizon_ms(self) -> i64 {
        match self {
            Self::Housekeeping => MINUTE_MS,
            Self::Mail => DAY_MS,
        }
    }
}

/// A job and the lease on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Job {
    /// The id of what it is about; empty where there is one for all.
    pub subject: String,
    /// How often it was claimed since it went well, this time included.
    pub attempts: i64,
    pub held: Held,
}

/// A connection whose clocks are to be looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Watched {
    pub connection: Connection,
    /// From then on it was due. For compare-and-set.
    pub watch_at: Timestamp,
    /// When that was done last.
    pub watched_at: Option<Timestamp>,
    /// The channels that were found silent then.
    pub silent: Vec<ChannelId>,
}

/// One message to people about one change of health.
///
/// Unique: (connection, token generation, kind with its instant and threshold).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    pub id: NoticeId,
    pub organization_id: OrganizationId,
    pub connection_id: ConnectionId,
    pub token_generation: i64,
    pub kind: NoticeKind,
    /// Who asked, where somebody did.
    pub asked_by: Option<UserId>,
    /// JSON.
    pub detail: String,
    pub at: Timestamp,
}

/// A notice and who gets it by mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewNotice {
    pub notice: Notice,
    pub mail_to: Vec<UserId>,
    /// Not before then, so that what happens together is told together.
    pub mail_at: Timestamp,
}

/// What a look at the clocks of one connection found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WatchOutcome {
    pub connection_id: ConnectionId,
    pub expected_version: i64,
    pub expected_watch_at: Timestamp,
    pub at: Timestamp,
    pub next_watch_at: Timestamp,
    /// What the next look will know as [`Watched::silent`].
    pub silent: Vec<ChannelId>,
    pub notices: Vec<NewNotice>,
    /// What the clock alone has changed.
    pub trails: Vec<Trail>,
}

impl WatchOutcome {
    /// People see something new.
    #[must_use]
    pub fn is_news(&self) -> bool {
        !self.notices.is_empty() || !self.trails.is_empty()
    }
}

/// How a mail about a notice ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MailOutcome {
    Sent,
    /// The mail server will never take it.
    Refused,
    /// It was no longer true when its turn came.
    Pointless,
}

impl MailOutcome {
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::Refused => "refused",
            Self::Pointless => "pointless",
        }
    }
}

/// All that is kept of one message that Meta told us of; never its text, media or sender.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessageMark {
    /// Keyed hash of Meta's message id. Unique: by it a message told twice is known.
    pub mid_hash: [u8; 32],
    /// Page id or Instagram professional account id.
    pub account_id: String,
    /// The caller's word, such as `message` or `echo`.
    pub kind: String,
    /// When the message was sent, by Meta's clock.
    pub at: Timestamp,
    pub received_at: Timestamp,
    /// Somebody wrote to the account (and not the account to somebody). Not stored.
    pub is_incoming: bool,
}

/// One body of Meta's for the platform, as it came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewForward {
    /// The raw bytes. Bound to what the caller decides: the number is not known yet.
    pub body: SealedToken,
    /// `X-Hub-Signature-256`, as it came.
    pub signature: Option<String>,
    /// Bodies that share an account are delivered in the order in which they were recorded; so are
    /// those without any.
    pub accounts: Vec<String>,
    /// Due from then on.
    pub received_at: Timestamp,
}

/// What one call of Meta's to the webhook leaves behind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    pub marks: Vec<MessageMark>,
    pub forward: Option<NewForward>,
}

/// A body that waits for the platform.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Forward {
    /// Rises with the order in which bodies were recorded.
    pub seq: i64,
    pub body: SealedToken,
    pub signature: Option<String>,
    /// How often it was claimed, this time included.
    pub attempts: i64,
    pub received_at: Timestamp,
}

/// A person's request through Meta to delete what is known of them.
///
/// Unique: (`user_hash`, `issued_at`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DataDeletion {
    /// What Meta shows the person. Unique.
    pub code: String,
    /// Keyed hash of the app and the app-scoped user id.
    pub user_hash: [u8; 32],
    /// As the signed request states it.
    pub issued_at: Timestamp,
    pub requested_at: Timestamp,
    pub completed_at: Option<Timestamp>,
    /// How many connections were deleted; 0 until it is complete.
    pub connections: i64,
}

/// A key by which a platform's back end calls us. The key itself is not stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiKey {
    pub id: ApiKeyId,
    /// `None`: the platform's, for all organizations.
    pub organization_id: Option<OrganizationId>,
    pub name: String,
    /// Unique.
    pub key_hash: [u8; 32],
    /// The last four characters, for people.
    pub hint: String,
    pub scopes: Vec<String>,
    pub created_at: Timestamp,
    /// To the minute.
    pub last_used_at: Option<Timestamp>,
    pub revoked_at: Option<Timestamp>,
}

/// A person's wish not to be reminded of a connection for a while.
///
/// Unique: (`user_id`, `connection_id`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Snooze {
    pub organization_id: OrganizationId,
    pub user_id: UserId,
    pub connection_id: ConnectionId,
    pub until: Timestamp,
}

/// Somebody has looked through all connections of the organization and signed for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Review {
    pub id: ReviewId,
    pub organization_id: OrganizationId,
    pub user_id: UserId,
    /// As it was then.
    pub user_name: String,
    /// How many there were.
    pub connections: i64,
    /// Of them, how many did not deliver.
    pub stopped: i64,
    /// Of them, how many called for a renewal.
    pub soon: i64,
    pub at: Timestamp,
}

/// One address that is told of events.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebhookEndpoint {
    pub id: WebhookEndpointId,
    /// It is told of this organization's events alone; `None`: the platform's, of all.
    pub organization_id: Option<OrganizationId>,
    pub url: String,
    /// For people.
    pub description: String,
    /// By which deliveries are signed. Bound to `webhook_endpoints`, this id, column `secret`.
    pub secret: SealedToken,
    /// The one before, which signs too. Column `previous`.
    pub previous: Option<PreviousSecret>,
    pub created_at: Timestamp,
    /// It is told nothing any more.
    pub disabled: Option<(Timestamp, DisabledReason)>,
    /// It has taken nothing since then.
    pub failing_since: Option<Timestamp>,
}

/// A secret that was replaced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PreviousSecret {
    pub secret: SealedToken,
    pub until: Timestamp,
}

/// One event on its way to one endpoint; there is never a second one of both.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebhookDelivery {
    pub endpoint_id: WebhookEndpointId,
    pub event_id: EventId,
    pub organization_id: OrganizationId,
    /// Of the event, such as `connection.renewed`.
    pub kind: String,
    /// When the event happened.
    pub created_at: Timestamp,
    /// Epoch: at once.
    pub due_at: Timestamp,
    /// How many have ended, since it was told to be sent again.
    pub attempts: i64,
    pub last_attempt_at: Option<Timestamp>,
    /// Of HTTP; `None`: no answer.
    pub last_status: Option<i64>,
    /// The sender's stable word for what went wrong.
    pub last_error: Option<String>,
    pub delivered_at: Option<Timestamp>,
    pub given_up_at: Option<Timestamp>,
}

/// Which endpoints a claim is for: those that take nothing must not hold up those that do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeliveryLane {
    Steady,
    /// [`WebhookEndpoint::failing_since`] is set.
    Failing,
}

impl DeliveryLane {
    /// How many deliveries of one endpoint may be under way: one that is slow, or hangs, leaves room for
    /// the others.
    #[must_use]
    pub const fn under_way(self) -> i64 {
        match self {
            Self::Steady => 64,
            Self::Failing => 4,
        }
    }
}

/// A delivery in the hands of one owner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldDelivery {
    pub endpoint_id: WebhookEndpointId,
    pub event_id: EventId,
    pub organization_id: OrganizationId,
    /// How many have ended before this one.
    pub attempts: i64,
    pub owner: String,
    /// Rises with every claim.
    pub epoch: i64,
}

/// How one attempt ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeliveryAttempt {
    pub at: Timestamp,
    pub status: Option<i64>,
    pub error: Option<String>,
    pub next: DeliveryNext,
}

/// What follows from an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeliveryNext {
    /// It has arrived: the endpoint is not failing.
    Delivered,
    /// It is due again then; the endpoint is failing.
    Again(Timestamp),
    /// Nobody tries again by himself; the endpoint is failing.
    GivenUp,
}
