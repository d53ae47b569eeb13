//! `/api/v1`: what the platform's own servers ask, with a key of theirs.

use axum::{
    Router,
    body::Bytes,
    extract::{DefaultBodyLimit, State},
    response::{IntoResponse as _, Response},
    routing::post,
};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use renewal::{Error, IntakeError, Scope, Source};
use serde_json::json;

use super::{Mount, meta};

pub fn router() -> Router<Mount> {
    Router::new().route("/api/v1/meta-events", post(meta_events)).layer(DefaultBodyLimit::max(meta::MOST_BYTES))
}

/// One of Meta's notifications, passed on by a platform that keeps Meta's callback address: the raw
/// body and the header `X-Hub-Signature-256` as Meta sent them. Answers 202 once it is stored.
async fn meta_events(State(mount): State<Mount>, headers: HeaderMap, body: Bytes) -> Response {
    if let Err(problem) = allowed(&mount, &headers, Scope::MetaEventsWrite).await {
        return problem.into_response();
    }
    match meta::take(&mount, &headers, &body, Source::Platform).await {
        Ok(()) => StatusCode::ACCEPTED.into_response(),
        Err(IntakeError::BadSignature) => BAD_SIGNATURE.into_response(),
        Err(IntakeError::Busy) => BUSY.into_response(),
        Err(IntakeError::Failed(error)) => {
            tracing::error!(%error, "a notification could not be stored");
            BUSY.into_response()
        }
    }
}

/// Authorization first: whose key it is, and whether it allows this.
async fn allowed(mount: &Mount, headers: &HeaderMap, scope: Scope) -> Result<(), Problem> {
    let bearer = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let key = bearer.and_then(|value| value.strip_prefix("Bearer ")).ok_or(NO_KEY)?;
    match mount.ui.renova.api_caller(key.trim(), scope).await {
        Ok(Some(_)) => Ok(()),
        Ok(None) => Err(NO_KEY),
        Err(Error::Forbidden) => Err(SCOPE),
        Err(error) => {
            tracing::error!(%error, "a key could not be looked up");
            Err(BUSY)
        }
    }
}

/// Problem details (RFC 9457).
struct Problem {
    status: StatusCode,
    code: &'static str,
    title: &'static str,
    detail: &'static str,
}

const NO_KEY: Problem = Problem {
    status: StatusCode::UNAUTHORIZED,
    code: "unauthorized",
    title: "No valid API key",
    detail: "Send a key as `Authorization: Bearer rk_…`; `renova apikey add` makes one.",
};
const SCOPE: Problem = Problem {
    status: StatusCode::FORBIDDEN,
    code: "scope_missing",
    title: "The key does not allow this",
    detail: "Make a key with the scope `meta-events:write` by `renova apikey add --scope meta-events:write`.",
};
const BAD_SIGNATURE: Problem = Problem {
    status: StatusCode::UNPROCESSABLE_ENTITY,
    code: "bad_signature",
    title: "The body is not signed by Meta",
    detail: "Send the raw bytes and the header `X-Hub-Signature-256` exactly as Meta sent them.",
};
const BUSY: Problem = Problem {
    status: StatusCode::SERVICE_UNAVAILABLE,
    code: "try_again",
    title: "It could not be stored at this moment",
    detail: "Send it again in a few seconds.",
};

impl Problem {
    fn into_response(self) -> Response {
        let body = json!({
            "type": format!("urn:renova:problem:{}", self.code),
            "title": self.title,
            "status": self.status.as_u16(),
            "detail": self.detail,
            "code": self.code,
        });
        let mut response = (self.status, body.to_string()).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        match self.status {
            StatusCode::UNAUTHORIZED => headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer")),
            StatusCode::SERVICE_UNAVAILABLE => headers.insert(header::RETRY_AFTER, HeaderValue::from_static("5")),
            _ => None,
        };
        response
    }
}
