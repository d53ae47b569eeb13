//! What the pages show beside banner and wizard: plain data, ready for display.

use lifecycle::{ChannelKind, Provider, Role};
use serde::{Deserialize, Serialize};
use wizard::{Level, Locale, Moment, Sentence};

/// Who is reading.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reader {
    pub name: String,
    pub email: String,
    pub organization: String,
    pub is_admin: bool,
    pub locale: Locale,
}

/// One page's data, in one piece: what a page asks for and what it gets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum PageRequest {
    Overview,
    /// The integration screen, with the connection it was opened for.
    Integration {
        connection_id: Option<String>,
    },
    /// One connection, read-only for agents.
    Connection {
        connection_id: String,
    },
    Account,
    /// The organization's team.
    People,
    /// Whoever holds the link, signed in or not.
    Invitation {
        token: String,
    },
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Page {
    Overview(Overview),
    Integration(Integration),
    Connection(ConnectionDetail),
    Account(Account),
    People(People),
    /// `None`: the link is unknown, used or over.
    Invitation(Option<Invitation>),
    /// The reader's role does not allow it; names of the administrators.
    Forbidden {
        admins: Vec<String>,
    },
    NotFound,
    /// Nobody is signed in.
    SignedOut,
    /// Something failed on our side: try again.
    Failed(wizard::UiError),
}

/// Everything a page needs in one answer: who reads, and what.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageData {
    pub reader: Option<Reader>,
    pub page: Page,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Overview {
    pub now: Moment,
    /// Most urgent first.
    pub connections: Vec<ConnectionCard>,
    /// What happened lately, newest first.
    pub recent: Vec<Activity>,
    pub admins: Vec<String>,
    /// People should be told by mail, and are not: administrators should know.
    pub mail_is_off: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConnectionCard {
    pub id: String,
    /// The Facebook person's (or Instagram account's) name.
    pub name: String,
    pub provider: Provider,
    pub level: Level,
    /// The status word, such as `expires_soon`: for tests and style hooks.
    pub status: String,
    /// The state in a few words, such as "Vence em 5 dias (28/11)".
    pub summary: Sentence,
    /// Days from today to the nearest end, by the calendar of the organization's zone; `None`: no end.
    pub days_left: Option<i32>,
    pub ends: Option<Moment>,
    pub data_access_ends: Option<Moment>,
    /// The same for the second clock.
    pub data_access_days_left: Option<i32>,
    pub renewed: Moment,
    pub channels: Vec<ChannelCard>,
    /// The reader's open renewal, or another administrator's.
    pub open_renewal: Option<OpenRenewal>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenRenewal {
    pub id: String,
    /// `None`: the reader's own.
    pub other_owner: Option<String>,
    /// Only *Finalizar* is missing.
    pub only_finish_missing: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChannelCard {
    pub id: String,
    pub kind: ChannelKind,
    pub name: String,
    /// `@loja.aurora`, for Instagram.
    pub handle: Option<String>,
    pub initials: String,
    pub level: Level,
    pub status: String,
    /// A few words.
    pub summary: Sentence,
    /// Why it does not work, and what to do.
    pub why: Option<String>,
    pub story_mentions: bool,
    pub story_replies: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Activity {
    pub at: Moment,
    pub text: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Integration {
    /// In the order of the source.
    pub prerequisites: Vec<Prerequisite>,
    /// The connection that *Iniciar* renews; `None`: it connects for the first time.
    pub target: Option<ConnectionCard>,
    /// The other connections, each with its own *Renovar {name}*.
    pub others: Vec<ConnectionCard>,
    /// An Instagram account without a Page can be connected by itself.
    pub instagram_login: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum PrerequisiteKind {
    PlatformAccess,
    AdministratorRole,
    BusinessInstagram,
    BusinessManagerAdmin,
    MessengerActive,
    InstagramIntegrated,
    MessageAccess,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Prerequisite {
    pub kind: PrerequisiteKind,
    pub state: PrerequisiteState,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum PrerequisiteState {
    /// *Confirmado em 12/11*
    Confirmed(Moment),
    /// *Vamos verificar depois do login*
    CheckedAfterLogin,
    /// *Problema: como resolver*
    Problem { how_to_fix: String },
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConnectionDetail {
    pub card: ConnectionCard,
    /// Raw facts for the folded details: name and value.
    pub facts: Vec<(String, String)>,
    pub history: Vec<Activity>,
    pub may_change: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// Where the reader is logged in, the last used first.
    pub sessions: Vec<SessionLine>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionLine {
    pub started: Moment,
    pub last_seen: Moment,
    pub is_this: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct People {
    pub team: Vec<Person>,
    pub invitations: Vec<PendingInvitation>,
    /// Shown this once, after it was made.
    pub made: Option<MadeLink>,
    /// Links are mailed as well.
    pub sends_mail: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    pub id: String,
    pub name: String,
    pub email: String,
    pub role: Role,
    pub last_seen: Option<Moment>,
    /// The reader: somebody else changes this one.
    pub is_reader: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PendingInvitation {
    pub id: String,
    pub email: String,
    pub role: Role,
    pub ends: Moment,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MadeLink {
    pub email: String,
    pub link: String,
}

/// What somebody is invited to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invitation {
    pub token: String,
    pub organization: String,
    pub email: String,
    pub role: Role,
}
