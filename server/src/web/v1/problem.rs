//! What went wrong, as problem details (RFC 9457): a stable code, the field, and what to do.

use std::borrow::Cow;

use axum::{
    body::Body,
    extract::Request,
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::{HeaderValue, StatusCode, header};
use renewal::{Error, Scope};
use serde::Serialize;
use store::StoreError;
use utoipa::ToSchema;

use crate::web::request_id;

/// A failure on its way out.
#[derive(Clone, Debug)]
pub struct Problem {
    status: StatusCode,
    code: &'static str,
    title: &'static str,
    detail: Cow<'static, str>,
    field: Option<String>,
    /// In seconds.
    retry_after: Option<u64>,
    /// Why, and how the thing is: of a token that is of no use.
    reason: Option<Box<(String, &'static str)>>,
}

impl Problem {
    pub const fn new(status: StatusCode, code: &'static str, title: &'static str, detail: &'static str) -> Self {
        Self { status, code, title, detail: Cow::Borrowed(detail), field: None, retry_after: None, reason: None }
    }

    /// One field of what was sent cannot be what it is.
    pub fn invalid(field: impl Into<String>, problem: impl AsRef<str>) -> Self {
        let field = field.into();
        let detail = format!("`{field}` {}", problem.as_ref());
        let title = "A value cannot be used";
        let invalid = Self::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid", title, "");
        Self { detail: Cow::Owned(detail), field: Some(field), ..invalid }
    }

    /// What was sent cannot be read at all.
    pub fn malformed(detail: String) -> Self {
        let title = "The request cannot be read";
        Self { detail: Cow::Owned(detail), ..Self::new(StatusCode::BAD_REQUEST, "malformed", title, "") }
    }

    pub fn scope_missing(scope: Scope) -> Self {
        let word = scope.as_str();
        let detail = format!("Make a key with the scope `{word}`: `renova apikey add --scope {word}`.");
        let title = "The key does not allow this";
        Self { detail: Cow::Owned(detail), ..Self::new(StatusCode::FORBIDDEN, "scope_missing", title, "") }
    }

    pub fn with_detail(self, detail: impl Into<Cow<'static, str>>) -> Self {
        Self { detail: detail.into(), ..self }
    }

    /// `reason` is a stable word, `health` the status of what it is about.
    pub fn with_reason(self, reason: String, health: &'static str) -> Self {
        Self { reason: Some(Box::new((reason, health))), ..self }
    }

    pub const fn after(mut self, seconds: u64) -> Self {
        self.retry_after = Some(seconds);
        self
    }
}

pub const NO_KEY: Problem = Problem::new(
    StatusCode::UNAUTHORIZED,
    "unauthorized",
    "No valid API key",
    "Send a key as `Authorization: Bearer rk_…`; `renova apikey add` makes one.",
);
pub const NOTHING_HERE: Problem = Problem::new(
    StatusCode::NOT_FOUND,
    "not_found",
    "There is nothing here",
    "It does not exist, or belongs to an organization that this key does not reach.",
);
pub const METHOD: Problem = Problem::new(
    StatusCode::METHOD_NOT_ALLOWED,
    "method_not_allowed",
    "This cannot be done here",
    "The header `Allow` names the methods of this address.",
);
pub const TOO_LARGE: Problem =
    Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", "The body is too large", "Send less at once.");
pub const BUSY: Problem = Problem::new(
    StatusCode::SERVICE_UNAVAILABLE,
    "try_again",
    "It could not be done at this moment",
    "Nothing was changed. Send it again in a few seconds.",
)
.after(5);
const INTERNAL: Problem = Problem::new(
    StatusCode::INTERNAL_SERVER_ERROR,
    "internal",
    "Something went wrong on our side",
    "Send it again; if it stays, look into the log for the request's id.",
);
const CONFLICT: Problem =
    Problem::new(StatusCode::CONFLICT, "conflict", "It has changed at the same moment", "Read it again, then decide.");

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        let refused = |status, title, detail| Self::new(status, error.code(), title, detail);
        match &error {
            Error::NotFound => NOTHING_HERE,
            Error::Invalid { field, problem } => Self::invalid(*field, problem),
            Error::Forbidden | Error::PlatformOnly => refused(
                StatusCode::FORBIDDEN,
                "Only the platform may do this",
                "Use a key that belongs to no organization: `renova apikey add` without `--org`.",
            ),
            Error::EmailTaken => Self {
                field: Some("email".to_owned()),
                ..refused(
                    StatusCode::CONFLICT,
                    "Another person has this e-mail",
                    "`email` belongs to one person of the installation: use another, or remove that person.",
                )
            },
            Error::LastAdmin => refused(
                StatusCode::CONFLICT,
                "Nobody would be left who may connect and renew",
                "Make somebody else of the organization an administrator first.",
            ),
            Error::Conflict | Error::Store(StoreError::Stale | StoreError::Conflict { .. }) => CONFLICT,
            Error::NoMetaApp => refused(
                StatusCode::SERVICE_UNAVAILABLE,
                "No Meta app is configured",
                "Set RENOVA_META_APP_ID and RENOVA_META_APP_SECRET.",
            ),
            Error::Meta(meta) if meta.is_metas_trouble() => {
                refused(StatusCode::BAD_GATEWAY, "Meta cannot be asked at this moment", "Send it again later.")
                    .after(60)
            }
            Error::TooBusy | Error::Store(StoreError::Unavailable(_)) => {
                tracing::warn!(%error, "a request of the API could not be carried out");
                BUSY
            }
            _ => {
                tracing::error!(%error, code = error.code(), "a request of the API failed");
                INTERNAL
            }
        }
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        Error::from(error).into()
    }
}

impl IntoResponse for Problem {
    /// Its body is written by [`tell`], which knows the request.
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        let headers = response.headers_mut();
        if self.status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if let Some(seconds) = self.retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response.extensions_mut().insert(self);
        response
    }
}

/// Problem details (RFC 9457).
#[derive(Serialize, ToSchema)]
#[schema(as = Problem)]
pub struct Details<'a> {
    /// The code once more, as a name.
    #[schema(examples("urn:renova:problem:not_found"), format = "uri")]
    r#type: String,
    #[schema(examples("There is nothing here"))]
    title: &'a str,
    #[schema(examples(404))]
    status: u16,
    /// What to do about it.
    #[schema(examples("It does not exist, or belongs to an organization that this key does not reach."))]
    detail: &'a str,
    /// The request's id, as in the header `x-request-id`.
    #[schema(examples("urn:renova:request:5d7a9c01b2e34f60"))]
    instance: String,
    /// Stable: for programs.
    #[schema(examples("not_found"))]
    code: &'a str,
    /// The field of the request that it is about.
    #[schema(required = true)]
    field: Option<&'a str>,
    /// Why a token is refused: a stable word.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(examples("password_changed"))]
    reason: Option<&'a str>,
    /// How that channel is.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(examples("revoked"))]
    channel_status: Option<&'static str>,
}

/// Writes the body of a problem.
pub async fn tell(mut request: Request, next: Next) -> Response {
    let id = request_id::of(&mut request).0;
    let response = next.run(request).await;
    let Some(problem) = response.extensions().get::<Problem>() else { return response };
    let details = Details {
        r#type: format!("urn:renova:problem:{}", problem.code),
        title: problem.title,
        status: problem.status.as_u16(),
        detail: &problem.detail,
        instance: format!("urn:renova:request:{id}"),
        code: problem.code,
        field: problem.field.as_deref(),
        reason: problem.reason.as_ref().map(|reason| reason.0.as_str()),
        channel_status: problem.reason.as_ref().map(|reason| reason.1),
    };
    let body = serde_json::to_vec(&details).unwrap_or_default();
    let (mut parts, _) = response.into_parts();
    parts.headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    parts.headers.remove(header::CONTENT_LENGTH);
    Response::from_parts(parts, Body::from(body))
}
