//! What can go wrong in a call, and what that says about the token.

use std::time::Duration;

mod graph;
mod meaning;

pub use graph::GraphError;
pub(crate) use graph::{WireError, WireInstagramError};
pub use meaning::{Meaning, Retry, Who};

/// Why a call failed. Neither `Display` nor `Debug` contains a token, a secret,
/// a code or an address.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// Meta answered with an error of the Graph API.
    #[error(transparent)]
    Graph(#[from] GraphError),
    /// Meta refuses the app's own credentials where they ask about a token.
    /// Says nothing about that token.
    #[error("Meta refuses the app's own credentials: {0}")]
    App(GraphError),
    /// No complete answer within the deadline.
    #[error("Meta did not answer in time")]
    Timeout,
    /// No connection, or it broke off.
    #[error("Meta could not be reached")]
    Unreachable,
    /// A success that does not have the documented form.
    #[error("Meta's answer is not as documented: {what}")]
    Malformed {
        /// Which answer, or what is wrong with it.
        what: &'static str,
    },
    /// The answer is larger than 1 MiB, or a picture than 200 kB.
    #[error("Meta's answer is too large")]
    TooLarge,
    /// A list that does not end.
    #[error("Meta's list has more pages than anybody can have")]
    EndlessList,
    /// A redirect, or a failure that does not have the form of the Graph API,
    /// such as a proxy's error page.
    #[error("Meta answered with HTTP status {0}")]
    HttpStatus(u16),
    /// The same, with the time after which to come back.
    #[error("Meta answered with HTTP status {status} for a while")]
    Unavailable {
        /// HTTP status.
        status: u16,
        /// From now.
        wait: Duration,
    },
    /// Meta says that it did not do what was asked, without a reason.
    #[error("Meta did not do it: {what}")]
    NotDone {
        /// What it was asked to do.
        what: &'static str,
    },
    /// What was to be sent cannot be sent, such as an empty id or a token with
    /// a line break. Nothing was sent.
    #[error("the request to Meta cannot be made: {what}")]
    Request {
        /// What is wrong with it.
        what: &'static str,
    },
    /// The HTTP client could not be built.
    #[error("the HTTP client cannot be set up")]
    Setup,
}

impl Error {
    /// What an error stated by Meta means; [`None`] for all others.
    #[must_use]
    pub fn meaning(&self) -> Option<Meaning> {
        match self {
            Self::Graph(error) => Some(error.meaning()),
            Self::App(_) => Some(Meaning::AppRefused),
            _ => None,
        }
    }

    /// A word for what happened that does not change: that of its
    /// [`Meaning::code`], or one that begins with `meta_` where Meta stated no
    /// error.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Graph(error) => error.meaning().code(),
            Self::App(_) => Meaning::AppRefused.code(),
            Self::Timeout => "meta_timeout",
            Self::Unreachable => "meta_unreachable",
            Self::Malformed { .. } => "meta_malformed",
            Self::TooLarge => "meta_too_large",
            Self::EndlessList => "meta_endless_list",
            Self::HttpStatus(_) | Self::Unavailable { .. } => "meta_http_status",
            Self::NotDone { .. } => "meta_not_done",
            Self::Request { .. } => "meta_request",
            Self::Setup => "meta_setup",
        }
    }

    /// Who can do something about it.
    #[must_use]
    pub fn who(&self) -> Who {
        match self.meaning() {
            Some(meaning) => meaning.who(),
            None if self.is_metas_trouble() => Who::Nobody,
            None => Who::Operator,
        }
    }

    /// Whether another try of the same call makes sense.
    #[must_use]
    pub fn retry(&self) -> Retry {
        match self.meaning() {
            _ if self.wait().is_some() && self.is_metas_trouble() => Retry::Wait,
            Some(meaning) if self.is_metas_trouble() == (meaning.who() == Who::Nobody) => meaning.retry(),
            _ if self.is_metas_trouble() => Meaning::Passing.retry(),
            _ => Retry::Never,
        }
    }

    /// How long Meta asks to wait: `Retry-After`, or the time after which a
    /// business may call again. [`None`] where it does not say.
    #[must_use]
    pub fn wait(&self) -> Option<Duration> {
        match self {
            Self::Graph(error) | Self::App(error) => error.wait,
            Self::Unavailable { wait, .. } => Some(*wait),
            _ => None,
        }
    }

    /// Whether Meta itself said that the token of this call no longer works:
    /// code 190 or 102, not marked as passing, not in a server error.
    #[must_use]
    pub fn proves_dead(&self) -> bool {
        match self {
            Self::Graph(error) => error.is_about_the_token() && !self.is_metas_trouble(),
            _ => false,
        }
    }

    /// Whether this says nothing about the token or the request: no answer, no
    /// proper answer, a server error, a passing error, a rate limit. Worth
    /// another try later.
    #[must_use]
    pub fn is_metas_trouble(&self) -> bool {
        match self {
            Self::Graph(error) => error.http_status >= 500 || error.meaning().who() == Who::Nobody,
            Self::Timeout
            | Self::Unreachable
            | Self::Malformed { .. }
            | Self::TooLarge
            | Self::EndlessList
            | Self::HttpStatus(_)
            | Self::Unavailable { .. }
            | Self::NotDone { .. } => true,
            Self::App(_) | Self::Request { .. } | Self::Setup => false,
        }
    }

    /// Whether a permission for this call was not given or was taken back.
    #[must_use]
    pub fn is_missing_permission(&self) -> bool {
        self.meaning().is_some_and(Meaning::is_missing_permission)
    }

    /// The same error, where the token of the call was the app's own.
    pub(crate) fn of_the_app(self) -> Self {
        match self {
            Self::Graph(error) if !Self::Graph(error.clone()).is_metas_trouble() => Self::App(error),
            other => other,
        }
    }

    /// Only what happened is kept: the text of the HTTP client's error may
    /// contain the address.
    pub(crate) fn from_http(error: &reqwest::Error) -> Self {
        if error.is_timeout() {
            Self::Timeout
        } else if error.is_builder() {
            Self::Request { what: "address, id or token has a character that cannot be sent" }
        } else {
            Self::Unreachable
        }
    }
}
