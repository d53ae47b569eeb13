//! What the pages show beside banner and wizard: plain data, ready for display.

mod developers;
mod links;
mod people;
mod settings;

use lifecycle::{ChannelKind, Provider};
use serde::{Deserialize, Serialize};
use wizard::{Level, Locale, Moment, Sentence};

pub use developers::{
    ApiKeyLine, ApiKeys, DeliveryLine, DeliveryState, Embedding, Endpoint, EndpointLine, EndpointState, OriginLine,
    RefusedForm, Shown, Snippet, SnippetKind, Webhooks,
};
pub use links::RenewalLinkPage;
pub use wizard::{OpenRenewal, Prerequisite, PrerequisiteKind, PrerequisiteState};

pub use people::{Account, Invitation, MadeLink, PendingInvitation, People, Person, SessionLine};
pub use settings::{Audit, AuditLine, Choice, RefusedSettings, Settings, SettingsField, Teller};

/// Who is reading.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reader {
    pub name: String,
    pub email: String,
    pub organization: String,
    pub is_admin: bool,
    /// Is here for one renewal and nothing else.
    pub is_guest: bool,
    pub locale: Locale,
}

/// One page's data, in one piece: what a page asks for and what it gets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum PageRequest {
    Overview(ListRequest),
    /// The periodic review, for administrators.
    Review(ListRequest),
    /// The integration screen, with the connection it was opened for.
    Integration {
        connection_id: Option<String>,
    },
    /// One connection, read-only for agents.
    Connection {
        connection_id: String,
    },
    Account,
    /// What the organization decides for itself; with what a refused form carried, so that nothing is lost.
    Settings {
        refused: Option<RefusedSettings>,
    },
    /// The audit log, as its address filters it.
    Audit {
        who: Option<String>,
        what: Option<String>,
        before: Option<String>,
    },
    /// Every component in every state, while developing.
    Gallery,
    /// The organization's team.
    People,
    /// Whoever holds the link, signed in or not.
    Invitation {
        token: String,
    },
    /// As [`PageRequest::Invitation`].
    RenewalLink {
        token: String,
    },
    /// The wizard's page: who may see it.
    Renewal {
        renewal_id: String,
    },
    ApiKeys {
        refused: Option<RefusedForm>,
    },
    Webhooks {
        refused: Option<RefusedForm>,
    },
    Webhook {
        endpoint_id: String,
    },
    Embedding {
        refused: Option<RefusedForm>,
    },
}

/// What of the connections is asked for, as it stands in the address. What makes no sense asks for nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ListRequest {
    /// `?q=`: found in names.
    pub text: String,
    /// `?state=stopped`, `soon` or `healthy`.
    pub state: String,
    /// `?days=30`: ends within so many days, or has ended.
    pub days: String,
    /// `?page=2`
    pub page: String,
}

/// Which part of a list this is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// As it was understood: fields without a meaning are empty.
    pub request: ListRequest,
    pub tally: Tally,
    /// So many connections were found.
    pub found: usize,
    pub page: usize,
    pub pages: usize,
}

impl Part {
    /// Not all connections are asked for.
    #[must_use]
    pub fn is_filtered(&self) -> bool {
        let ListRequest { text, state, days, .. } = &self.request;
        !(text.is_empty() && state.is_empty() && days.is_empty())
    }
}

/// Of all connections of the organization.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    pub stopped: usize,
    pub soon: usize,
    pub healthy: usize,
}

impl Tally {
    #[must_use]
    pub const fn total(self) -> usize {
        self.stopped + self.soon + self.healthy
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Page {
    Overview(Overview),
    Review(Review),
    Integration(Integration),
    Connection(ConnectionDetail),
    Account(Account),
    People(People),
    /// `None`: the link is unknown, used or over.
    Invitation(Option<Invitation>),
    Settings(Settings),
    Audit(Audit),
    /// `None`: the link is unknown, used or over.
    RenewalLink(Option<RenewalLinkPage>),
    /// The wizard reads for itself.
    Renewal,
    ApiKeys(ApiKeys),
    Webhooks(Webhooks),
    Webhook(Endpoint),
    Embedding(Embedding),
    Gallery,
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
    /// One page of what was found, most urgent first.
    pub connections: Vec<ConnectionCard>,
    pub part: Part,
    /// The most urgent of all, for the picture.
    pub urgent: Vec<ConnectionCard>,
    /// Days before an end on which people are warned.
    pub warning_days: Vec<i32>,
    /// What happened lately, newest first.
    pub recent: Vec<Activity>,
    pub admins: Vec<String>,
    /// People should be told by mail, and are not: administrators should know.
    pub mail_is_off: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Review {
    /// One page of what was found, most urgent first.
    pub connections: Vec<ConnectionCard>,
    pub part: Part,
    /// The last sign-offs, newest first.
    pub signed: Vec<SignOff>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignOff {
    pub name: String,
    pub at: Moment,
    /// What was signed for, in a few words.
    pub about: String,
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
    /// The nearest end, of the grant or of a channel.
    pub nearest_end: Option<Moment>,
    pub data_access_ends: Option<Moment>,
    /// The same for the second clock.
    pub data_access_days_left: Option<i32>,
    pub renewed: Moment,
    /// Who did that, where somebody did.
    pub renewed_by: Option<String>,
    pub channels: Vec<ChannelCard>,
    /// The reader's open renewal, or another administrator's.
    pub open_renewal: Option<OpenRenewal>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChannelCard {
    pub id: String,
    pub kind: ChannelKind,
    pub name: String,
    /// `@loja.aurora`, for Instagram.
    pub handle: Option<String>,
    pub initials: String,
    /// The address of the account's picture.
    pub picture: Option<String>,
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
    /// The reader's renewal of a first connection, where *Iniciar* connects for the first time.
    pub open_first: Option<OpenRenewal>,
    /// The other connections, each with its own *Renovar {name}*.
    pub others: Vec<ConnectionCard>,
    /// There are more than that.
    pub has_more: bool,
    /// An Instagram account without a Page can be connected by itself.
    pub instagram_login: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConnectionDetail {
    pub card: ConnectionCard,
    /// What Meta has to allow.
    pub permissions: Vec<Requirement>,
    /// What Meta has to send, by channel.
    pub sent: Vec<Sent>,
    /// Raw facts for the folded details: name and value.
    pub facts: Vec<(String, String)>,
    pub history: Vec<Activity>,
    pub may_change: bool,
    /// What has become of an agent's request within a day, where there was one; for agents.
    pub asked: Option<String>,
    /// Administrators to whom a link can be sent: id and name.
    pub admins: Vec<Choice>,
    /// Shown this once, after it was made.
    pub made_link: Option<Shown>,
    /// It was mailed, too.
    pub sends_mail: bool,
}

/// What a connection needs of Meta, and whether it has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Requirement {
    pub text: String,
    pub is_met: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sent {
    /// The channel's name.
    pub name: String,
    pub kinds: Vec<Requirement>,
}
