//! What the pages for developers show: keys, webhooks, embeds.

use serde::{Deserialize, Serialize};
use wizard::{Level, Moment};

use super::Choice;

/// A field that was refused, and what the form carried, as it was typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefusedForm {
    pub field: String,
    pub name: String,
    pub url: String,
    /// Separated by commas.
    pub scopes: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApiKeys {
    pub in_use: Vec<ApiKeyLine>,
    pub revoked: Vec<ApiKeyLine>,
    /// Shown this once, after it was made.
    pub made: Option<Shown>,
    /// What a new key may be allowed: the scope itself, and what it allows in words.
    pub scopes: Vec<Choice>,
    pub refused: Option<RefusedForm>,
}

/// A secret that is shown once, and what it is of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shown {
    pub name: String,
    pub secret: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApiKeyLine {
    pub id: String,
    pub name: String,
    /// `rk_…x7Qf`
    pub hint: String,
    pub scopes: Vec<String>,
    pub made: Moment,
    pub last_used: Option<Moment>,
    pub revoked: Option<Moment>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Webhooks {
    pub endpoints: Vec<EndpointLine>,
    pub refused: Option<RefusedForm>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum EndpointState {
    Well,
    Failing,
    /// Somebody switched it off.
    Paused,
    /// It answered 410.
    Gone,
    /// It took nothing for 120 hours.
    GivenUp,
}

impl EndpointState {
    #[must_use]
    pub const fn level(self) -> Level {
        match self {
            Self::Well => Level::Good,
            Self::Failing => Level::Soon,
            Self::Paused => Level::Advice,
            Self::Gone | Self::GivenUp => Level::Stopped,
        }
    }

    /// It is told of what happens.
    #[must_use]
    pub const fn is_told(self) -> bool {
        matches!(self, Self::Well | Self::Failing)
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EndpointLine {
    pub id: String,
    pub url: String,
    pub description: String,
    pub state: EndpointState,
    /// Since when, where that is known.
    pub since: Option<Moment>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Endpoint {
    pub line: EndpointLine,
    /// Shown this once, after it was made.
    pub secret: Option<String>,
    /// Until then the secret before signs too.
    pub previous_until: Option<Moment>,
    /// The newest first.
    pub deliveries: Vec<DeliveryLine>,
    /// There are older ones, which are not shown.
    pub has_more: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum DeliveryState {
    Waits,
    Delivered,
    /// It failed, and is tried again.
    Again,
    GivenUp,
}

impl DeliveryState {
    #[must_use]
    pub const fn level(self) -> Level {
        match self {
            Self::Waits => Level::Advice,
            Self::Delivered => Level::Good,
            Self::Again => Level::Soon,
            Self::GivenUp => Level::Stopped,
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeliveryLine {
    pub event: String,
    /// Such as `connection.renewed`.
    pub kind: String,
    pub at: Moment,
    pub state: DeliveryState,
    /// When it ended, or is tried again.
    pub when: Option<Moment>,
    pub attempts: i64,
    /// `HTTP 503`, or a stable word.
    pub answer: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Embedding {
    pub origins: Vec<OriginLine>,
    pub snippets: Vec<Snippet>,
    pub refused: Option<RefusedForm>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OriginLine {
    pub origin: String,
    /// The platform's holds for every organization, and is not changed here.
    pub is_platforms: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum SnippetKind {
    Html,
    Node,
    Leptos,
    Curl,
}

impl SnippetKind {
    /// For addresses within the page.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Html => "html",
            Self::Node => "node",
            Self::Leptos => "leptos",
            Self::Curl => "curl",
        }
    }
}

/// Code to be copied, filled in for the reader's organization.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Snippet {
    pub kind: SnippetKind,
    pub code: String,
}
