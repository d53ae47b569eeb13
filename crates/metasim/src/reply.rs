//! Graph answers: the error model and the headers of every answer.

use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, DATE, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};

use crate::clock::http_date;
use crate::random;

pub(crate) const DEFAULT_VERSION: &str = "v25.0";

/// The body of a 200, or the error.
pub(crate) type Answer = Result<Value, GraphError>;

/// One error in Meta's form.
#[derive(Clone, Debug)]
pub(crate) struct GraphError {
    pub status: u16,
    pub message: String,
    pub kind: &'static str,
    pub code: u32,
    pub subcode: Option<u32>,
    pub transient: Option<bool>,
    /// The second word of `WWW-Authenticate`.
    pub reason: &'static str,
}

impl GraphError {
    pub fn new(code: u32, message: impl Into<String>) -> GraphError {
        GraphError {
            status: 400,
            message: message.into(),
            kind: "OAuthException",
            code,
            subcode: None,
            transient: None,
            reason: "invalid_request",
        }
    }

    /// 190, the token is no good.
    pub fn token(message: impl Into<String>, subcode: Option<u32>) -> GraphError {
        GraphError { subcode, reason: "invalid_token", ..GraphError::new(190, message) }
    }

    /// 100 about an authorization code.
    pub fn code(message: impl Into<String>, subcode: Option<u32>) -> GraphError {
        GraphError { subcode, reason: "invalid_code", ..GraphError::new(100, message) }
    }

    /// A permission is missing.
    pub fn permission(code: u32, message: impl Into<String>) -> GraphError {
        GraphError { status: 403, reason: "access_denied", ..GraphError::new(code, message) }
    }

    /// An object that is not there, or that this token may not know of.
    pub fn no_object(id: &str, method: &str) -> GraphError {
        GraphError {
            kind: "GraphMethodException",
            subcode: Some(33),
            reason: "not_found",
            ..GraphError::new(
                100,
                format!(
                    "Unsupported {method} request. Object with ID '{id}' does not exist, cannot be loaded due to missing permissions, or does not support this operation. Please read the Graph API documentation at https://developers.facebook.com/docs/graph-api"
                ),
            )
        }
    }

    pub fn body(&self, trace: &str) -> Value {
        let mut error = Map::new();
        error.insert("message".to_owned(), json!(self.message));
        error.insert("type".to_owned(), json!(self.kind));
        error.insert("code".to_owned(), json!(self.code));
        if let Some(subcode) = self.subcode {
            error.insert("error_subcode".to_owned(), json!(subcode));
        }
        if let Some(transient) = self.transient {
            error.insert("is_transient".to_owned(), json!(transient));
        }
        error.insert("fbtrace_id".to_owned(), json!(trace));
        json!({ "error": error })
    }
}

/// What every answer says besides its body.
pub(crate) struct Envelope {
    pub version: Option<String>,
    pub served: u64,
    pub now: i64,
    /// Percent of the app's allowance.
    pub usage: u64,
    pub object: Option<ObjectUse>,
    /// Seconds, where an allowance is used up.
    pub retry_after: Option<u64>,
}

/// How much of its own allowance an object has used.
pub(crate) struct ObjectUse {
    pub id: String,
    /// `pages`, `instagram`, `messenger`
    pub kind: &'static str,
    pub percent: u64,
    /// Until it is free again.
    pub minutes: u64,
}

impl Envelope {
    pub fn trace(&self) -> String {
        format!("A{}", random::text("trace", self.served, 22))
    }

    pub fn respond(&self, answer: Answer, spoil: impl FnOnce(&mut Value)) -> Response {
        let (status, mut body, error) = match answer {
            Ok(body) => (200, body, None),
            Err(error) => (error.status, error.body(&self.trace()), Some(error)),
        };
        spoil(&mut body);
        let mut headers = self.headers();
        headers.insert(
            CONTENT_TYPE,
            HeaderValue::from_static(if error.is_some() {
                "application/json; charset=UTF-8"
            } else {
                "application/json"
            }),
        );
        if let Some(error) = error {
            put(
                &mut headers,
                WWW_AUTHENTICATE,
                &format!("OAuth \"Facebook Platform\" \"{}\" \"{}\"", error.reason, error.message),
            );
        }
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST);
        (status, headers, body.to_string()).into_response()
    }

    fn headers(&self) -> HeaderMap {
        let mut headers = HeaderMap::new();
        let version = self.version.as_deref().unwrap_or(DEFAULT_VERSION);
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("private, no-cache, no-store, must-revalidate"));
        put(&mut headers, name("facebook-api-version"), version);
        put(&mut headers, name("x-fb-trace-id"), &self.trace());
        put(&mut headers, name("x-fb-rev"), "1021846399");
        put(&mut headers, name("x-fb-debug"), &random::text("debug", self.served, 88));
        put(
            &mut headers,
            name("x-app-usage"),
            &json!({"call_count": self.usage, "total_time": self.usage, "total_cputime": self.usage}).to_string(),
        );
        if let Some(object) = &self.object {
            let usage = json!({&object.id: [{
                "type": object.kind,
                "call_count": object.percent,
                "total_cputime": object.percent,
                "total_time": object.percent,
                "estimated_time_to_regain_access": object.minutes,
            }]});
            put(&mut headers, name("x-business-use-case-usage"), &usage.to_string());
        }
        if let Some(seconds) = self.retry_after {
            headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        // The simulated time, or a client that compares clocks would see ours
        // differ from its own as soon as the test moves it.
        if let Some(date) = http_date(self.now) {
            put(&mut headers, DATE, &date);
        }
        headers
    }
}

fn name(text: &'static str) -> HeaderName {
    HeaderName::from_static(text)
}

/// Header values are ASCII; what a caller has sent may be anything.
fn put(headers: &mut HeaderMap, name: HeaderName, text: &str) {
    let text: String = text
        .chars()
        .map(|character| match character {
            ' '..='~' => character,
            _ => '?',
        })
        .collect();
    if let Ok(value) = HeaderValue::from_str(&text) {
        headers.insert(name, value);
    }
}
