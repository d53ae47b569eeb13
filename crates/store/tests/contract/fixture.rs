//! Rows to begin with. Every value differs, so that a mixed-up column is seen.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use lifecycle::{
    ChannelKind, GranteeKind, Provider, RenewalState, Role, Timestamp,
    health::TokenProof,
    ids::{
        ApiKeyId, AuditId, ChannelId, ConnectionId, EventId, InvitationId, LoginAttemptId, MetaAppId, NoticeId,
        OrganizationId, RenewalId, RenewalLinkId, ReviewId, UserId, WebhookEndpointId,
    },
};
use store::{
    ApiKey, AuditEntry, Channel, ChannelTokenFacts, Connection, ConnectionCommit, DataDeletion, Delivery, Event,
    GrantFacts, LoginAttempt, MessageMark, MetaApp, NewForward, Organization, Picture, Renewal, SealedToken, Session,
    Storage, Trail, User,
};

pub const NOW: Timestamp = Timestamp(1_790_000_000_000);
/// Until then pictures wait for a channel.
pub const SETTLES_AT: Timestamp = Timestamp(1_790_000_009_000);

/// Counts up through the whole run.
pub fn next() -> u64 {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    NEXT.fetch_add(1, Ordering::Relaxed)
}

fn random() -> [u8; 10] {
    let mut bytes = [0; 10];
    bytes[2..].copy_from_slice(&next().to_be_bytes());
    bytes
}

macro_rules! new_id {
    ($($name:ident $id:ident)+) => {$(
        pub fn $name() -> $id {
            $id::new(NOW, random())
        }
    )+};
}

new_id! {
    organization_id OrganizationId
    user_id UserId
    meta_app_id MetaAppId
    connection_id ConnectionId
    channel_id ChannelId
    renewal_id RenewalId
    review_id ReviewId
    attempt_id LoginAttemptId
    api_key_id ApiKeyId
    audit_id AuditId
    event_id EventId
    webhook_endpoint_id WebhookEndpointId
    notice_id NoticeId
    invitation_id InvitationId
    renewal_link_id RenewalLinkId
}

pub fn hash() -> [u8; 32] {
    let mut bytes = [7; 32];
    bytes[..8].copy_from_slice(&next().to_be_bytes());
    bytes
}

/// Real time, a minute after the call before.
pub fn next_minute() -> Timestamp {
    NOW.plus(i64::try_from(next()).unwrap() * 60_000)
}

pub fn picture(account_id: &str) -> Picture {
    let number = next();
    Picture { account_id: account_id.to_owned(), hash: format!("hash-{number}"), bytes: number.to_be_bytes().to_vec() }
}

pub fn sealed(text: &str) -> SealedToken {
    SealedToken {
        key_id: format!("key-{text}"),
        ciphertext: [&[0, 255][..], text.as_bytes()].concat(),
        token_version: i64::try_from(next()).unwrap(),
    }
}

/// An organization with an administrator and a Meta app.
pub struct World {
    pub storage: Arc<dyn Storage>,
    pub organization: OrganizationId,
    pub user: UserId,
    pub app: MetaAppId,
}

impl World {
    pub async fn new(storage: &Arc<dyn Storage>) -> Self {
        let organization = organization();
        storage.insert_organization(&organization).await.unwrap();
        let user = user(organization.id);
        storage.insert_user(&user).await.unwrap();
        let app = MetaApp { id: meta_app_id(), provider: Provider::Facebook, app_id: format!("app-{}", next()) };
        storage.ensure_meta_app(&app).await.unwrap();
        Self { storage: Arc::clone(storage), organization: organization.id, user: user.id, app: app.id }
    }

    pub async fn change_seq(&self) -> i64 {
        self.storage.change_seq(self.organization).await.unwrap().unwrap()
    }

    pub fn trail(&self) -> Trail {
        let number = next();
        Trail {
            audit: AuditEntry {
                id: audit_id(),
                organization_id: self.organization,
                user_id: Some(self.user),
                action: format!("thing.done-{number}"),
                subject: format!("subject-{number}"),
                detail: format!("{{\"number\":{number}}}"),
                at: NOW,
            },
            events: vec![Event {
                id: event_id(),
                organization_id: self.organization,
                kind: "thing.done".to_owned(),
                data: "{}".to_owned(),
                at: NOW,
                is_sent: true,
            }],
        }
    }

    pub fn connection(&self) -> Connection {
        let number = next();
        Connection {
            id: connection_id(),
            organization_id: self.organization,
            meta_app_id: self.app,
            provider: Provider::Facebook,
            grantee_kind: GranteeKind::Business,
            grantee_id: format!("grantee-{number}"),
            grantee_name: "Ana Conceição".to_owned(),
            token: sealed("grant"),
            token_generation: 1,
            facts: GrantFacts {
                scopes: vec!["pages_messaging".to_owned(), "quote\"d".to_owned()],
                issued_at: Some(NOW.plus(1)),
                expires_at: Some(NOW.plus(2)),
                data_access_expires_at: Some(NOW.plus(3)),
                proof: TokenProof::Works,
                problem: None,
                dead_since: Some(NOW.plus(4)),
                checked_at: Some(NOW.plus(5)),
                unreachable_since: Some(NOW.plus(6)),
            },
            connected_by: Some(self.user),
            created_at: NOW.plus(i64::try_from(number).unwrap()),
            renewed_at: NOW.plus(8),
            check_at: NOW.plus(9),
            check_failures: 10,
            version: 1,
        }
    }

    pub fn channel(&self, connection: &Connection, kind: ChannelKind) -> Channel {
        let number = next();
        Channel {
            id: channel_id(),
            organization_id: self.organization,
            connection_id: connection.id,
            kind,
            account_id: format!("account-{number}"),
            name: format!("Loja {number}"),
            username: Some("loja".to_owned()),
            picture_url: Some("https://pictures.example/1".to_owned()),
            page_id: Some(format!("page-{number}")),
            token: Some(sealed("page")),
            token_generation: 2,
            facts: ChannelTokenFacts {
                expires_at: Some(NOW.plus(11)),
                data_access_expires_at: Some(NOW.plus(12)),
                proof: TokenProof::Works,
                problem: None,
                dead_since: Some(NOW.plus(13)),
                checked_at: Some(NOW.plus(14)),
            },
            subscribed_fields: vec!["messages".to_owned(), "message_reactions".to_owned()],
            story_mentions: true,
            story_replies: false,
            last_message_at: Some(NOW.plus(15)),
            created_at: NOW.plus(i64::try_from(number).unwrap()),
            version: 1,
        }
    }

    /// A new connection with a Page and an Instagram account, not stored yet.
    pub fn commit(&self) -> ConnectionCommit {
        let connection = self.connection();
        let channels =
            vec![self.channel(&connection, ChannelKind::Messenger), self.channel(&connection, ChannelKind::Instagram)];
        ConnectionCommit { connection, channels }
    }

    pub async fn stored_commit(&self) -> ConnectionCommit {
        let commit = self.commit();
        self.storage.commit_connection(&commit, &self.trail()).await.unwrap();
        commit
    }

    pub async fn stored_picture(&self, account_id: &str) -> Picture {
        let picture = picture(account_id);
        self.storage.put_pictures(self.organization, std::slice::from_ref(&picture), SETTLES_AT).await.unwrap();
        picture
    }

    pub fn renewal(&self, connection: Option<ConnectionId>) -> Renewal {
        Renewal {
            id: renewal_id(),
            organization_id: self.organization,
            user_id: self.user,
            connection_id: connection,
            meta_app_id: self.app,
            state: RenewalState::Proved,
            failure: Some("code".to_owned()),
            staged: Some(sealed("staged")),
            staged_facts: Some("{\"facts\":1}".to_owned()),
            selection: Some("{\"selection\":1}".to_owned()),
            proof: Some("{\"proof\":1}".to_owned()),
            created_at: NOW,
            updated_at: NOW.plus(1),
            expires_at: NOW.plus(2),
            version: 1,
        }
    }

    pub async fn stored_renewal(&self, connection: Option<ConnectionId>) -> Renewal {
        let renewal = self.renewal(connection);
        self.storage.insert_renewal(&renewal, &[], &self.trail()).await.unwrap();
        renewal
    }

    /// A first connection of somebody who has no other one open, not stored yet.
    pub async fn first_renewal(&self) -> Renewal {
        let user = user(self.organization);
        self.storage.insert_user(&user).await.unwrap();
        Renewal { user_id: user.id, ..self.renewal(None) }
    }

    pub async fn stored_first_renewal(&self) -> Renewal {
        let renewal = self.first_renewal().await;
        self.storage.insert_renewal(&renewal, &[], &self.trail()).await.unwrap();
        renewal
    }

    pub async fn stored_parked(&self, attempt: LoginAttempt) -> LoginAttempt {
        let parked = LoginAttempt { code: Some(sealed("code")), ..attempt };
        self.storage.insert_login_attempt(&parked).await.unwrap();
        parked
    }

    pub fn attempt(&self, renewal: &Renewal) -> LoginAttempt {
        LoginAttempt {
            id: attempt_id(),
            organization_id: self.organization,
            renewal_id: renewal.id,
            state_hash: hash(),
            cookie_hash: hash(),
            redirect_uri: "http://127.0.0.1:3000/oauth/facebook/callback".to_owned(),
            created_at: NOW,
            expires_at: NOW.plus(1),
            used_at: None,
            code: None,
            by_ticket: true,
            return_url: Some("https://host.example/meta".to_owned()),
        }
    }

    pub async fn stored_attempt(&self, renewal: &Renewal) -> LoginAttempt {
        let attempt = self.attempt(renewal);
        self.storage.insert_login_attempt(&attempt).await.unwrap();
        attempt
    }

    /// Everything that a failed change of this organization must leave as it was.
    pub async fn picture(&self) -> (i64, Vec<Connection>, Vec<Channel>, Vec<Renewal>, Vec<AuditEntry>) {
        (
            self.change_seq().await,
            self.storage.connections_of(self.organization).await.unwrap(),
            self.storage.channels_of(self.organization).await.unwrap(),
            self.storage.open_renewals(self.organization).await.unwrap(),
            self.storage.audit_of(self.organization, 1_000).await.unwrap(),
        )
    }
}

pub fn organization() -> Organization {
    let number = next();
    Organization {
        id: organization_id(),
        external_id: format!("external-{number}"),
        slug: format!("slug-{number}"),
        name: "Loja do João".to_owned(),
        time_zone: "America/Sao_Paulo".to_owned(),
        locale: "pt-BR".to_owned(),
        created_at: NOW,
    }
}

pub fn user(organization: OrganizationId) -> User {
    let number = next();
    User {
        id: user_id(),
        organization_id: organization,
        external_id: Some(format!("person-{number}")),
        email: format!("person-{number}@example.com"),
        name: format!("Person {number}"),
        role: Role::Admin,
        locale: Some("es".to_owned()),
        password_hash: Some("$argon2id$hash".to_owned()),
        created_at: NOW,
    }
}

pub fn session(user: UserId) -> Session {
    Session {
        token_hash: hash(),
        user_id: user,
        created_at: NOW,
        last_seen_at: NOW.plus(1),
        expires_at: NOW.plus(1_000),
        only_renewal: None,
    }
}

/// The next version of a row, as a caller prepares it.
pub fn later(renewal: &Renewal, state: RenewalState) -> Renewal {
    Renewal { state, version: renewal.version + 1, updated_at: renewal.updated_at.plus(10), ..renewal.clone() }
}

/// The next version of a connection, as a caller prepares it.
pub fn next_version(connection: &Connection) -> Connection {
    Connection { version: connection.version + 1, ..connection.clone() }
}

/// Somebody wrote to the account.
pub fn mark(account: &str, at: Timestamp) -> MessageMark {
    MessageMark {
        mid_hash: hash(),
        account_id: account.to_owned(),
        kind: "message".to_owned(),
        at,
        received_at: NOW.plus(20),
        is_incoming: true,
    }
}

pub fn delivery(marks: Vec<MessageMark>) -> Delivery {
    Delivery { marks, forward: None }
}

/// A body for the platform, of these accounts.
pub fn forward(accounts: &[&str], received_at: Timestamp) -> NewForward {
    NewForward {
        body: sealed("body"),
        signature: Some(format!("sha256={}", next())),
        accounts: accounts.iter().map(|&account| account.to_owned()).collect(),
        received_at,
    }
}

pub fn deletion() -> DataDeletion {
    DataDeletion {
        code: format!("code-{}", next()),
        user_hash: hash(),
        issued_at: NOW.plus(1),
        requested_at: NOW.plus(2),
        completed_at: None,
        connections: 0,
    }
}

pub fn api_key(organization_id: Option<OrganizationId>) -> ApiKey {
    ApiKey {
        id: api_key_id(),
        organization_id,
        name: "Plataforma".to_owned(),
        key_hash: hash(),
        hint: "x7Qf".to_owned(),
        scopes: vec!["tokens".to_owned(), "events".to_owned()],
        created_at: NOW.plus(i64::try_from(next()).unwrap()),
        last_used_at: None,
        revoked_at: None,
    }
}
