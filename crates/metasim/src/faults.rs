//! Faults on demand: the next calls of one path are answered as Meta, or the
//! network on the way to it, answers on a bad day.
//!
//! A fault waits on a pattern `host:/path`, host being `graph` or `www` and the
//! path without a version. `{id}` stands for any number, `*` at the end for any
//! rest, and `?key` or `?key=value` narrows it to calls with that parameter:
//! `graph:/oauth/access_token?grant_type=fb_exchange_token`.

use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::header::{CONTENT_TYPE, LOCATION};
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};
use futures::stream::{self, StreamExt as _};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::params::Params;
use crate::reply::GraphError;
use crate::state::Meta;

#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum FaultKind {
    // Instead of the answer; the call itself has no effect.
    /// 500 with Meta's error 1.
    #[serde(rename = "http_500")]
    Http500,
    /// 503 with error 2, `is_transient`.
    #[serde(rename = "http_503")]
    Http503,
    /// Error 4, the app's allowance is used up.
    RateLimit,
    /// Error 32, Page calls with a user token.
    RateLimitPage,
    /// Error 80001, the Page's own allowance.
    RateLimitBusiness,
    /// No answer for `delay_ms` (60 s), then the connection ends.
    Timeout,
    /// The connection ends without an answer.
    Reset,
    /// 200 with an HTML page.
    Html,
    /// 502 with an HTML page.
    #[serde(rename = "html_502")]
    Html502,
    /// 200 with an empty body.
    Empty,
    /// 200 with `{}`.
    EmptyObject,
    /// 200 with text that is no JSON.
    NotJson,
    /// 200 with 64 MB of JSON.
    Huge,
    /// 302 to another address.
    Redirect,
    /// The error given by `code`, `subcode`, `message`, `status`.
    Error,

    // The call takes effect, its answer is damaged.
    /// The answer, `delay_ms` (3 s) late.
    Slow,
    /// The first half of the answer, then the connection ends.
    Truncated,
    /// The connection ends without an answer although the call took effect.
    Lost,
    /// Numbers where texts belong, objects where lists belong, and so on.
    WrongType,
    /// `expires_in` is left out.
    MissingExpiresIn,

    // At the end of the dialog.
    /// A refusal although the person has agreed.
    DialogDenied,
    /// A refusal with `error_code` only.
    #[serde(rename = "dialog_error_901")]
    DialogError901,
}

#[derive(Clone, Debug)]
pub(crate) struct Fault {
    pub on: String,
    pub method: Option<String>,
    pub kind: FaultKind,
    /// As written by whoever asked for it.
    pub name: String,
    pub times_left: u32,
    pub delay: Option<Duration>,
    pub error: Option<GraphError>,
}

impl FaultKind {
    pub fn is_for_dialog_end(self) -> bool {
        matches!(self, FaultKind::DialogDenied | FaultKind::DialogError901)
    }

    /// Whether the call still takes effect.
    pub fn lets_through(self) -> bool {
        matches!(
            self,
            FaultKind::Slow
                | FaultKind::Truncated
                | FaultKind::Lost
                | FaultKind::WrongType
                | FaultKind::MissingExpiresIn
        ) || self.is_for_dialog_end()
    }
}

/// Checks a pattern when it is set, so that a misspelt one is not simply never met.
pub(crate) fn check_pattern(on: &str) -> Result<(), String> {
    let (host, path) = on.split_once(':').ok_or_else(|| format!("{on:?} is no pattern such as graph:/me/accounts"))?;
    if !matches!(host, "graph" | "www" | "ig-www" | "ig-api" | "ig-graph") {
        return Err(format!("{host:?} is no host: graph, www, ig-www, ig-api or ig-graph"));
    }
    if !path.starts_with('/') {
        return Err(format!("the path in {on:?} does not start with a slash"));
    }
    Ok(())
}

fn matches_pattern(on: &str, host: &str, path: &str, params: &Params) -> bool {
    let Some((wanted_host, rest)) = on.split_once(':') else {
        return false;
    };
    let (wanted_path, condition) = match rest.split_once('?') {
        Some((path, condition)) => (path, Some(condition)),
        None => (rest, None),
    };
    let fits = match condition.map(|text| text.split_once('=').ok_or(text)) {
        None => true,
        Some(Ok((key, value))) => params.get(key) == Some(value),
        Some(Err(key)) => params.get(key).is_some(),
    };
    wanted_host == host && fits && matches_path(wanted_path, path)
}

fn matches_path(wanted: &str, path: &str) -> bool {
    let mut parts = path.trim_matches('/').split('/');
    for piece in wanted.trim_matches('/').split('/') {
        if piece == "*" {
            return true;
        }
        let Some(part) = parts.next() else {
            return false;
        };
        let any_number = piece == "{id}" && !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        if piece != part && !any_number {
            return false;
        }
    }
    parts.next().is_none()
}

impl Meta<'_> {
    /// The fault for this call, if one waits for it, counted as used.
    pub fn take_fault(
        &mut self,
        host: &str,
        method: &Method,
        path: &str,
        params: &Params,
        at_dialog_end: bool,
    ) -> Option<Fault> {
        let index = self.state.faults.iter().position(|fault| {
            fault.kind.is_for_dialog_end() == at_dialog_end
                && fault.method.as_deref().is_none_or(|wanted| wanted.eq_ignore_ascii_case(method.as_str()))
                && matches_pattern(&fault.on, host, path, params)
        })?;
        let fault = &mut self.state.faults[index];
        fault.times_left = fault.times_left.saturating_sub(1);
        let taken = fault.clone();
        if taken.times_left == 0 {
            self.state.faults.remove(index);
        }
        Some(taken)
    }
}

impl Fault {
    /// The Meta error with which it answers, where it is one.
    pub fn graph_error(&self) -> Option<GraphError> {
        let limit = |code: u32, message: &str| GraphError { transient: Some(true), ..GraphError::new(code, message) };
        Some(match self.kind {
            FaultKind::Http500 => GraphError { status: 500, ..GraphError::new(1, "An unknown error has occurred.") },
            FaultKind::Http503 => GraphError {
                status: 503,
                transient: Some(true),
                ..GraphError::new(2, "(#2) Service temporarily unavailable")
            },
            FaultKind::RateLimit => limit(4, "(#4) Application request limit reached"),
            FaultKind::RateLimitPage => limit(32, "(#32) Page request limit reached"),
            FaultKind::RateLimitBusiness => limit(
                80001,
                "(#80001) There have been too many calls to this Page account. Wait a bit and try again. For more info, please refer to https://developers.facebook.com/docs/graph-api/overview/rate-limiting.",
            ),
            FaultKind::Error => self.error.clone()?,
            _ => return None,
        })
    }

    /// Damages a body before it is written.
    pub fn spoil_body(&self, body: &mut Value) {
        let Value::Object(fields) = body else {
            return;
        };
        match self.kind {
            FaultKind::MissingExpiresIn => {
                fields.remove("expires_in");
            }
            FaultKind::WrongType => {
                for value in fields.values_mut() {
                    *value = match value {
                        Value::String(_) => json!(42),
                        Value::Number(_) => json!("soon"),
                        Value::Bool(_) => json!("yes"),
                        Value::Array(_) => json!({}),
                        Value::Object(_) => json!([]),
                        Value::Null => json!("null"),
                    };
                }
            }
            _ => {}
        }
    }

    /// The status that reaches the client, if one does.
    pub fn status(&self, answer: Option<u16>) -> Option<u16> {
        match self.kind {
            FaultKind::Timeout | FaultKind::Reset | FaultKind::Lost => None,
            FaultKind::Html | FaultKind::Empty | FaultKind::EmptyObject => Some(200),
            FaultKind::NotJson | FaultKind::Huge => Some(200),
            FaultKind::Html502 => Some(502),
            FaultKind::Redirect => Some(302),
            _ => answer,
        }
    }

    /// What the client gets. `answer` is there where the fault lets the call
    /// through or is an error of Meta's own.
    pub async fn respond(&self, answer: Option<Response>, public_url: &str) -> Response {
        match self.kind {
            FaultKind::Timeout => {
                self.wait(60_000).await;
                broken(Vec::new())
            }
            FaultKind::Reset | FaultKind::Lost => broken(Vec::new()),
            FaultKind::Html => page(StatusCode::OK),
            FaultKind::Html502 => page(StatusCode::BAD_GATEWAY),
            FaultKind::Empty => json_text(""),
            FaultKind::EmptyObject => json_text("{}"),
            FaultKind::NotJson => json_text("for (;;);<not json>"),
            FaultKind::Huge => huge(),
            FaultKind::Redirect => (StatusCode::FOUND, [(LOCATION, format!("{public_url}/elsewhere"))]).into_response(),
            FaultKind::Slow => {
                self.wait(3_000).await;
                answer.unwrap_or_else(|| page(StatusCode::BAD_GATEWAY))
            }
            FaultKind::Truncated => match answer {
                Some(answer) => truncated(answer).await,
                None => broken(Vec::new()),
            },
            _ => answer.unwrap_or_else(|| page(StatusCode::BAD_GATEWAY)),
        }
    }

    async fn wait(&self, default_ms: u64) {
        tokio::time::sleep(self.delay.unwrap_or(Duration::from_millis(default_ms))).await;
    }
}

fn page(status: StatusCode) -> Response {
    (
        status,
        [(CONTENT_TYPE, "text/html; charset=utf-8")],
        "<!DOCTYPE html><html><head><title>Facebook</title></head><body><h1>Sorry, something went wrong.</h1></body></html>",
    )
        .into_response()
}

fn json_text(text: &'static str) -> Response {
    ([(CONTENT_TYPE, "application/json")], text).into_response()
}

/// A body that fails: with nothing sent before, the server has not written the
/// head either, and the client sees a connection that ends without an answer.
fn broken(beginning: Vec<u8>) -> Response {
    let begun = !beginning.is_empty();
    let start = stream::iter(begun.then(|| Ok(Bytes::from(beginning))));
    let end = stream::once(async move {
        if begun {
            // Lets what came before leave the buffer.
            tokio::task::yield_now().await;
        }
        Err(std::io::Error::from(std::io::ErrorKind::ConnectionReset))
    });
    Body::from_stream(start.chain(end)).into_response()
}

async fn truncated(answer: Response) -> Response {
    let (parts, body) = answer.into_parts();
    let bytes = axum::body::to_bytes(body, usize::MAX).await.unwrap_or_default();
    let mut half = bytes.to_vec();
    half.truncate(bytes.len() / 2);
    let mut response = broken(half);
    *response.status_mut() = parts.status;
    *response.headers_mut() = parts.headers;
    response
}

fn huge() -> Response {
    const CHUNK: usize = 64 * 1024;
    let chunk = Bytes::from(vec![b' '; CHUNK]);
    let blanks = stream::repeat(chunk).take(1024).map(Ok::<_, std::io::Error>);
    let body = stream::iter([Ok(Bytes::from_static(b"{\"data\":["))])
        .chain(blanks)
        .chain(stream::iter([Ok(Bytes::from_static(b"]}"))]));
    ([(CONTENT_TYPE, "application/json")], Body::from_stream(body)).into_response()
}

#[cfg(test)]
mod tests {
    use super::{check_pattern, matches_pattern};
    use crate::params::Params;

    #[test]
    fn patterns() {
        let params = Params { query: vec![("grant_type".to_owned(), "x".to_owned())], ..Params::default() };
        let meets = |on: &str, path: &str| matches_pattern(on, "graph", path, &params);
        assert!(meets("graph:/me/accounts", "/me/accounts"));
        assert!(!meets("graph:/me", "/me/accounts"));
        assert!(!meets("www:/me/accounts", "/me/accounts"));
        assert!(meets("graph:/{id}/subscribed_apps", "/123/subscribed_apps"));
        assert!(!meets("graph:/{id}/subscribed_apps", "/me/subscribed_apps"));
        assert!(meets("graph:/123", "/123"));
        assert!(meets("graph:/*", "/me/accounts"));
        assert!(meets("graph:/me?grant_type=x", "/me"));
        assert!(meets("graph:/me?grant_type", "/me"));
        assert!(!meets("graph:/me?grant_type=y", "/me"));
        assert!(!meets("graph:/me?code", "/me"));
    }

    #[test]
    fn wrong_patterns_are_refused() {
        assert!(check_pattern("graph:/me").is_ok());
        for wrong in ["/me", "graph:me", "meta:/me"] {
            assert!(check_pattern(wrong).is_err(), "{wrong}");
        }
    }
}
