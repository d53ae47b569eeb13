//! What banner and wizard show: plain data, ready for display.
//!
//! Sentences that carry dates or names arrive finished, in the reader's language and time zone:
//! the server writes them, the page never computes a date for its first render.

mod start;

use lifecycle::{
    ChannelKind, Provider, RenewalState,
    proof::{ProofItem, Verdict},
    reconcile::Change,
};
use serde::{Deserialize, Serialize};

pub use start::{
    OpenRenewal, OtherConnection, Prerequisite, PrerequisiteKind, PrerequisiteState, StartView, WizardStep,
};

/// The reader's language.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Locale {
    #[default]
    #[serde(rename = "pt-BR")]
    PtBr,
    #[serde(rename = "en")]
    En,
    #[serde(rename = "es")]
    Es,
}

impl Locale {
    pub const ALL: [Self; 3] = [Self::PtBr, Self::En, Self::Es];

    /// The BCP 47 tag.
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::PtBr => "pt-BR",
            Self::En => "en",
            Self::Es => "es",
        }
    }

    #[must_use]
    pub fn parse(tag: &str) -> Option<Self> {
        [Self::PtBr, Self::En, Self::Es].into_iter().find(|it| it.tag() == tag)
    }
}

/// An instant for `<time datetime>`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moment {
    /// RFC 3339, UTC.
    pub iso: String,
    /// As people of this organization read it, such as `28/11` or `28/11/2026 14:03`.
    pub text: String,
}

/// A finished sentence with at most one instant in it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sentence {
    pub before: String,
    pub moment: Option<Moment>,
    pub after: String,
}

/// How loud something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// All is well.
    Good,
    /// Good to know.
    Advice,
    /// Will stop.
    Soon,
    /// Has stopped.
    Stopped,
}

/// Everything the banner says. Empty `items`: no banner.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alerts {
    pub locale: Locale,
    /// The reader may renew (is an administrator).
    pub may_renew: bool,
    /// The server's present, epoch milliseconds: the countdown's zero point.
    pub now_ms: i64,
    /// Most urgent first.
    pub items: Vec<Alert>,
    /// The reader has put others off until tomorrow.
    pub has_put_off: bool,
    /// The connection of the first item, where the administrators have been asked for it within a day. Known to agents.
    pub asked_for: Option<String>,
    /// Administrators hear by mail of what an agent asks for.
    pub asks_by_mail: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alert {
    /// `new` where an open renewal connects for the first time.
    pub connection_id: String,
    /// [`Level::Soon`] or [`Level::Stopped`].
    pub level: Level,
    /// Effect first: "A autorização de Ana Souza vence em 5 dias (28/11)."
    pub sentence: Sentence,
    /// Names the account for the button's description, such as "Ana Souza · Loja Aurora".
    pub account: String,
    /// When it stops, epoch milliseconds, where that lies ahead.
    pub deadline_ms: Option<i64>,
    /// An open renewal whose last click is missing ("Falta só finalizar").
    pub unfinished_renewal: Option<String>,
    /// It can be put off until tomorrow.
    pub may_wait: bool,
}

/// Connecting for the first time, or renewing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Purpose {
    Connect,
    /// The name of the Facebook person who owns the connection.
    Renew {
        connection: String,
    },
}

/// One renewal as its page shows it. The server's state decides the step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RenewalView {
    pub locale: Locale,
    pub id: String,
    pub connection_id: Option<String>,
    /// Rises with every change; a view with a lower one is old.
    pub version: i64,
    pub state: RenewalState,
    /// 1 to 6.
    pub step: u8,
    pub purpose: Purpose,
    /// Which log-in of Meta's it goes through.
    pub provider: Provider,
    /// `None`: the reader's own. Otherwise the administrator who is doing this now.
    pub other_owner: Option<String>,
    /// What went wrong, with the next action.
    pub problem: Option<Problem>,
    /// Who logged in: a Facebook person, a business, or an Instagram account.
    pub person: Option<String>,
    /// Somebody else has logged in, and could take the connection over.
    pub may_hand_over: bool,
    /// What Meta granted and what it did not, in the order to show.
    pub accounts: Vec<Account>,
    pub proof: Vec<ProofRow>,
    pub may_finish: bool,
    /// Finishing leaves something open: the button says *Finalizar mesmo assim*'s note.
    pub has_open_points: bool,
    /// "A autorização vale até 22/01/2027.", or that it has no end.
    pub new_dates: Option<Sentence>,
    /// After *Finalizar*: "Mensagens de 22/11 14h a 23/11 9h podem não ter chegado."
    pub gaps: Vec<String>,
    /// After *Finalizar*, where another connection calls for a renewal: its id,
    pub next_id: Option<String>,
    /// its name, such as "Elisa Prado",
    pub next_name: Option<String>,
    /// and its place in the run: "Ainda falta renovar: conexão 2 de 3."
    pub next_sentence: Option<String>,
}

/// A friendly sentence with what to do next; the code is folded away.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    pub sentence: String,
    pub what_to_do: String,
    /// Stable code, for support.
    pub code: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// The checkbox's value.
    pub value: String,
    pub kind: ChannelKind,
    pub name: String,
    /// `@loja.aurora`, for Instagram.
    pub handle: Option<String>,
    /// Two letters where there is no picture.
    pub initials: String,
    /// Its address.
    pub picture: Option<String>,
    pub change: Change,
    pub selected: bool,
    /// Why it cannot be selected.
    pub reason: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProofRow {
    pub item: ProofItem,
    pub verdict: Verdict,
    /// One line in the reader's words; empty while pending.
    pub note: String,
}

/// Why a call failed, safe to show.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UiError {
    /// Stable, such as `not_found`, `conflict`, `session_over`, `offline`.
    pub code: String,
    /// One sentence in the reader's language, with the next action.
    pub message: String,
    /// For support; empty when the server was not reached.
    pub request_id: String,
}

impl UiError {
    /// What the page itself finds: its sentence follows from the code.
    #[must_use]
    pub fn of(code: &str) -> Self {
        Self { code: code.to_owned(), message: String::new(), request_id: String::new() }
    }
}
