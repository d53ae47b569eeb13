//! The use cases: people, connecting, renewing, disconnecting.
//!
//! One method per thing that somebody wants; its first line says who may. Rules come from
//! `lifecycle`, rows go to `store`, Meta is asked through `meta`, secrets pass through `vault`.
//! No transaction is held while Meta is asked: read, ask, then write on condition of the version
//! that was read.

mod account;
mod adopt;
mod api_keys;
mod apps;
mod audit;
mod brand;
mod callbacks;
mod check;
mod choose;
mod clock_watch;
mod connections;
mod disconnect;
mod embed_origins;
mod embed_sessions;
mod error;
mod exchange;
mod facts;
mod finish;
mod forward;
mod hand_over;
mod held;
mod housekeeping;
mod idempotency;
mod identity;
mod import;
mod intake;
mod listing;
mod login;
mod mail;
mod mailing;
mod needs;
mod notices;
mod organization;
mod own_keys;
mod people;
mod pictures;
mod platform;
mod prove;
mod provision;
mod record;
mod refresh;
mod renewal_links;
mod review;
mod run;
mod sealing;
mod secrets;
mod snooze;
mod start;
mod team;
mod tickets;
mod tokens;
mod watch;
mod webhooks;

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError, Weak, atomic::AtomicI64},
};

use lifecycle::{
    Clock, Origin, Timestamp,
    ids::{AuditId, EventId, OrganizationId, RenewalId},
};
use secrecy::ExposeSecret;
use store::{AuditEntry, Event, JobKind, SealedToken, Storage, Trail};
use vault::{Random, Sealed, Vault};

use apps::ConnectedApp;
use audit::By;
use intake::Intake;

pub use account::OwnSession;
pub use adopt::{AdoptedGrant, AdoptedInstagram, AdoptedInstagramLogin, AdoptedPage};
pub use api_keys::{ApiCaller, NewApiKey, Scope};
pub use audit::{AUDIT_PAGE, AuditPage, key_of_entry};
pub use brand::Brand;
pub use callbacks::DeletionStatus;
pub use check::Checked;
pub use connections::{ChannelState, ConnectionState};
pub use embed_origins::{EmbedFrame, EmbedOrigins};
pub use embed_sessions::{Embedded, NewEmbed, NewEmbedSession, Redeemed, VouchedUser};
pub use error::Error;
pub use forward::{ForwardFailure, Forwarder};
pub use idempotency::Once;
pub use identity::Identity;
pub use import::{ImportOutcome, Imported, ImportedChannel, ImportedGrant};
pub use intake::{IntakeError, Source};
pub use listing::{Group, Listed, Listing, PER_PAGE, Tally};
pub use login::{LoginAnswer, LoginOutcome, LoginStart, LoginWindow};
pub use mail::{LinkAbout, LinkMail, Mail, MailFailure, MailNotice, Mailer, Recipient};
pub use needs::Requirement;
pub use notices::Notify;
pub use people::{NewOrganization, NewSession, NewUser};
pub use pictures::KnownPictures;
pub use platform::{ConnectionFilter, PlatformChannel, PlatformConnection, Reported, Slice};
pub use provision::{OrganizationProfile, Put, UserProfile};
pub use record::{Gap, ProofRecord, RenewalDetail, StagedFacts};
pub use renewal_links::{LinkUse, MadeRenewalLink, NewRenewalLink, OpenedLink};
pub use run::NextRenewal;
pub use snooze::{Calls, FirstUnfinished, end_of_day};
pub use team::MOST_OPEN_INVITATIONS;
pub use tickets::{OpenTicket, TicketState};
pub use tokens::{ChannelToken, DeadToken, TokenAnswer, TokenTag};
pub use webhooks::{
    AddedEndpoint, EndpointOwner, EventWords, SentStatus, WebhookFailure, WebhookMessage, WebhookSender, is_loopback,
    is_public_address, webhook_address,
};

/// Everything that the use cases are made of. All of it is handed in.
pub struct Parts {
    pub storage: Arc<dyn Storage>,
    pub vault: Vault,
    pub meta: meta::Client,
    /// The app for Facebook Login; `None`: that way is off.
    pub facebook: Option<meta::App>,
    /// The app for Instagram Login; `None`: that way is off.
    pub instagram: Option<meta::App>,
    /// Passes Meta's notifications on to the platform; `None`: the platform keeps Meta's addresses.
    pub forwarder: Option<Arc<dyn Forwarder>>,
    /// Tells the platform's endpoints of events; `None`: this process sends nothing.
    pub webhooks: Option<Arc<dyn WebhookSender>>,
    /// Says to the platform what an event means.
    pub words: Arc<dyn EventWords>,
    /// Sends mail; `None`: nobody is told by mail.
    pub mailer: Option<Arc<dyn Mailer>>,
    pub notify: Notify,
    /// An address in the platform's dashboard, with `{organization}` and `{connection}`; `None`:
    /// Renova's own screen.
    pub deep_link: Option<String>,
    /// Pages of the platform that may show Renova, for every organization.
    pub embed_origins: Vec<Origin>,
    /// Tokens, health, renewals. Can be moved in a demo.
    pub clock: Arc<dyn Clock>,
    /// Log-in sessions and leases: always real time.
    pub wall: Arc<dyn Clock>,
    /// Spans of time since some moment, which nobody can move: by it a clock that jumps is noticed.
    pub steady: Arc<dyn Clock>,
    /// The clock is moved on purpose, as in the demo: no jump of it is an alarm.
    pub clock_may_jump: bool,
    pub random: Arc<dyn Random>,
    /// Without a slash at the end.
    pub public_url: String,
    /// The platform's name and picture.
    pub brand: Brand,
}

/// The service: shared by every request and worker.
pub struct Renova {
    parts: Parts,
    apps: Vec<ConnectedApp>,
    intake: Intake,
    token_desk: tokens::TokenDesk,
    clock_watch: clock_watch::ClockWatch,
    kept_facts: facts::KeptFacts,
    known_keys: api_keys::KnownKeys,
    /// Under this name it holds work.
    worker: String,
    /// When it last said that it works, by real time.
    last_beat: AtomicI64,
    /// Something waits to be passed on.
    forwarding: tokio::sync::Notify,
    hashing: Arc<tokio::sync::Semaphore>,
    hashing_queue: tokio::sync::Semaphore,
    /// Mails with links that are being sent.
    links_under_way: Arc<tokio::sync::Semaphore>,
    /// One exchange, proof or commit at a time for each renewal in this process.
    busy: Mutex<HashMap<RenewalId, Weak<tokio::sync::Mutex<()>>>>,
}

impl Renova {
    /// Checks the encryption key against the database before anything is written, and registers
    /// the configured Meta apps.
    ///
    /// # Errors
    /// [`Error::WrongKey`] when no configured key opens the stored check text.
    pub async fn open(parts: Parts) -> Result<Arc<Self>, Error> {
        verify_key(&parts).await?;
        let apps = apps::register(&parts).await?;
        parts.storage.schedule(JobKind::Housekeeping, "", parts.clock.now()).await?;
        let worker = hex::encode(random_bytes::<8>(&*parts.random));
        let intake = Intake::start(Arc::clone(&parts.storage));
        let token_desk = tokens::TokenDesk::start(&parts);
        Ok(Arc::new(Self {
            parts,
            apps,
            intake,
            token_desk,
            clock_watch: clock_watch::ClockWatch::default(),
            kept_facts: facts::KeptFacts::default(),
            known_keys: api_keys::KnownKeys::default(),
            worker,
            last_beat: AtomicI64::new(0),
            forwarding: tokio::sync::Notify::new(),
            hashing: Arc::new(tokio::sync::Semaphore::new(people::HASHES_AT_ONCE)),
            hashing_queue: tokio::sync::Semaphore::new(people::HASHES_AT_ONCE + people::HASHES_WAITING),
            links_under_way: Arc::new(tokio::sync::Semaphore::new(account::LINKS_AT_ONCE)),
            busy: Mutex::default(),
        }))
    }

    #[must_use]
    pub fn storage(&self) -> &Arc<dyn Storage> {
        &self.parts.storage
    }

    /// The present of tokens, health and renewals.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.parts.clock.now()
    }

    /// Real time, by which log-in sessions live.
    #[must_use]
    pub fn wall_now(&self) -> Timestamp {
        self.parts.wall.now()
    }

    /// Time that nobody can move, since some moment: limits go by it.
    #[must_use]
    pub fn steady_now(&self) -> Timestamp {
        self.parts.steady.now()
    }

    /// Goes on although the caller hangs up: what Meta has given must not get lost half-way.
    async fn to_the_end<T: Send + 'static>(
        work: impl Future<Output = Result<T, Error>> + Send + 'static,
    ) -> Result<T, Error> {
        tokio::spawn(work).await.map_err(|_| Error::Internal("a step ended early"))?
    }

    fn random<const N: usize>(&self) -> [u8; N] {
        random_bytes(&*self.parts.random)
    }

    /// Waits for its turn on one renewal. Across processes the row's version decides.
    async fn turn(&self, id: RenewalId) -> tokio::sync::OwnedMutexGuard<()> {
        let lock = {
            let mut busy = self.busy.lock().unwrap_or_else(PoisonError::into_inner);
            busy.retain(|_, lock| lock.strong_count() > 0);
            let lock = busy.get(&id).and_then(Weak::upgrade).unwrap_or_default();
            busy.insert(id, Arc::downgrade(&lock));
            lock
        };
        lock.lock_owned().await
    }

    /// An audit entry, and an event of the same name where the platform should learn of it.
    fn trail<'a>(
        &self,
        organization: OrganizationId,
        by: impl Into<By<'a>>,
        action: &str,
        subject: impl ToString,
        detail: serde_json::Value,
        tell_platform: bool,
    ) -> Trail {
        let (at, by) = (self.now(), by.into());
        let event = || self.event(organization, action, detail.to_string());
        let audit = AuditEntry {
            id: AuditId::new(at, self.random()),
            organization_id: organization,
            user_id: by.user(),
            action: action.to_owned(),
            subject: subject.to_string(),
            detail: by.noted_in(&detail).to_string(),
            at,
        };
        let events = tell_platform.then(event).into_iter().collect();
        Trail { audit, events }
    }

    /// `data` is a JSON object.
    fn event(&self, organization: OrganizationId, kind: &str, data: String) -> Event {
        let at = self.now();
        Event {
            id: EventId::new(at, self.random()),
            organization_id: organization,
            kind: kind.to_owned(),
            data,
            at,
            is_sent: self.parts.notify.by_events(),
        }
    }
}

async fn verify_key(parts: &Parts) -> Result<(), Error> {
    let stored = match parts.storage.key_check().await? {
        Some(stored) => stored,
        None => {
            let fresh = parts.vault.key_check()?;
            let fresh = SealedToken { key_id: fresh.key_id, ciphertext: fresh.ciphertext, token_version: 0 };
            parts.storage.init_key_check(&fresh).await?;
            // Another process may have been first: what is stored counts.
            parts.storage.key_check().await?.unwrap_or(fresh)
        }
    };
    let stored = Sealed { key_id: stored.key_id, ciphertext: stored.ciphertext };
    parts.vault.verify_key_check(&stored).map_err(|_| Error::WrongKey)
}

fn random_bytes<const N: usize>(random: &dyn Random) -> [u8; N] {
    let mut bytes = [0; N];
    random.fill(&mut bytes);
    bytes
}

/// The one place where a secret's text is compared for being present at all.
fn is_blank(secret: &secrecy::SecretString) -> bool {
    secret.expose_secret().is_empty()
}
