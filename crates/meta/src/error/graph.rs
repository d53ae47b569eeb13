//! Errors of the Graph API.

use std::time::Duration;

use secrecy::SecretString;
use serde::Deserialize;
use serde_json::Value;

use crate::redact;
use crate::wire;

/// An error as the Graph API states it. Meta:
/// `graph-api/guides/error-handling`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("Meta answered with error {code}{} (HTTP {http_status}{})", part("/", .subcode.as_ref()), part(", trace ", .trace_id.as_ref()))]
pub struct GraphError {
    /// Kind of error.
    pub code: i64,
    /// Closer description of some codes.
    pub subcode: Option<i64>,
    /// Meta's type, such as `OAuthException`; empty where not stated.
    pub kind: String,
    /// Meta's message in English, for operators; anything like a token in it
    /// is hidden. Never decide by it.
    pub message: String,
    /// Meta says that trying again helps.
    pub is_transient: bool,
    /// `fbtrace_id`, for Meta's support.
    pub trace_id: Option<String>,
    /// HTTP status of the answer. 200 for the error inside `debug_token`.
    pub http_status: u16,
    /// How long Meta asks to wait, from the headers of the answer.
    pub wait: Option<Duration>,
}

impl GraphError {
    /// An error of which somebody tells only the numbers.
    #[must_use]
    pub fn told(code: i64, subcode: Option<i64>) -> Self {
        Self { code, subcode, ..Self::without_a_reason() }
    }

    /// What `is_valid: false` says by itself.
    pub(crate) fn without_a_reason() -> Self {
        Self {
            code: 190,
            subcode: None,
            kind: String::new(),
            message: String::new(),
            is_transient: false,
            trace_id: None,
            http_status: 200,
            wait: None,
        }
    }
}

fn part<T: std::fmt::Display>(before: &str, value: Option<&T>) -> String {
    value.map_or_else(String::new, |value| format!("{before}{value}"))
}

/// The `error` object of an answer. In `debug_token` the second number is named
/// `subcode`. What only describes the error may have any form: it must not hide
/// the code.
#[derive(Deserialize)]
pub(crate) struct WireError {
    #[serde(deserialize_with = "wire::integer")]
    code: i64,
    #[serde(default, deserialize_with = "wire::optional_integer")]
    error_subcode: Option<i64>,
    #[serde(default, deserialize_with = "wire::optional_integer")]
    subcode: Option<i64>,
    #[serde(default, rename = "type")]
    kind: Value,
    #[serde(default)]
    message: Value,
    #[serde(default)]
    is_transient: Value,
    #[serde(default)]
    fbtrace_id: Value,
}

impl WireError {
    pub(crate) fn into_error(self, http_status: u16, secrets: &[&SecretString]) -> GraphError {
        GraphError {
            code: self.code,
            // Meta writes 0 for none.
            subcode: self.error_subcode.or(self.subcode).filter(|subcode| *subcode != 0),
            kind: redact::word(self.kind.as_str().unwrap_or_default(), secrets),
            message: redact::message(self.message.as_str().unwrap_or_default(), secrets),
            is_transient: self.is_transient == true || self.is_transient == "true",
            trace_id: self.fbtrace_id.as_str().map(|id| redact::word(id, secrets)),
            http_status,
            wait: None,
        }
    }
}

/// An error of the host where Instagram Login exchanges codes: the answer
/// itself, without an `error` around it.
/// Meta: `instagram-platform/instagram-api-with-instagram-login/business-login`.
#[derive(Deserialize)]
pub(crate) struct WireInstagramError {
    error_type: String,
    #[serde(deserialize_with = "wire::integer")]
    code: i64,
    #[serde(default)]
    error_message: Value,
}

impl WireInstagramError {
    pub(crate) fn into_error(self, http_status: u16, secrets: &[&SecretString]) -> GraphError {
        GraphError {
            code: self.code,
            subcode: None,
            kind: redact::word(&self.error_type, secrets),
            message: redact::message(self.error_message.as_str().unwrap_or_default(), secrets),
            is_transient: false,
            trace_id: None,
            http_status,
            wait: None,
        }
    }
}
