//! What Meta sends: webhook notifications, and what it signs when a person removes the app or asks
//! for deletion.
//!
//! Nobody is signed in here: every request but the handshake and the status page carries Meta's
//! signature.

use axum::{
    Extension, Router,
    body::Bytes,
    extract::{DefaultBodyLimit, Form, Path, Query, State},
    response::{IntoResponse as _, Response},
    routing::{get, post},
};
use http::{HeaderMap, StatusCode};
use renewal::{DeletionStatus, Error, IntakeError, Source};
use secrecy::ExposeSecret as _;
use serde::Deserialize;
use serde_json::json;
use subtle::ConstantTimeEq as _;
use wizard::Locale;

use super::{
    Mount,
    fail::{self, Telling},
    html::SmallPage,
    request_id::RequestId,
    texts,
};

/// Meta sends up to 1,000 updates at once.
pub const MOST_BYTES: usize = meta::webhook::LARGEST_BODY;
/// The signature of the raw bytes.
pub const SIGNATURE: &str = "x-hub-signature-256";

pub fn router() -> Router<Mount> {
    Router::new()
        .route("/meta/webhooks", get(handshake).post(notification))
        .route("/meta/deauthorize", post(deauthorize))
        .route("/meta/data-deletion", post(request_deletion))
        .route("/meta/data-deletion/{code}", get(deletion))
        .layer(DefaultBodyLimit::max(MOST_BYTES))
}

#[derive(Deserialize)]
struct Handshake {
    #[serde(rename = "hub.mode")]
    mode: Option<String>,
    #[serde(rename = "hub.challenge")]
    challenge: Option<String>,
    #[serde(rename = "hub.verify_token")]
    verify_token: Option<String>,
}

/// Meta asks whether the address is ours. Meta: `graph-api/webhooks/getting-started`.
async fn handshake(State(mount): State<Mount>, Query(asked): Query<Handshake>) -> Response {
    let expected = mount.webhook_verify_token.as_ref().map(|token| token.expose_secret().as_bytes());
    let given = asked.verify_token.unwrap_or_default();
    let ours = expected.is_some_and(|expected| bool::from(expected.ct_eq(given.as_bytes())));
    match asked.challenge {
        // Sent back as text: it must not become a page.
        Some(challenge) if ours && asked.mode.as_deref() == Some("subscribe") => challenge.into_response(),
        _ => StatusCode::FORBIDDEN.into_response(),
    }
}

/// Answers 200 only once the notification cannot get lost any more.
async fn notification(State(mount): State<Mount>, headers: HeaderMap, body: Bytes) -> Response {
    status_of(take(&mount, &headers, &body, Source::Meta).await).into_response()
}

/// Hands a notification to the service, as Meta or the platform has sent it.
pub async fn take(mount: &Mount, headers: &HeaderMap, body: &Bytes, source: Source) -> Result<(), IntakeError> {
    let signature = headers.get(SIGNATURE).and_then(|value| value.to_str().ok());
    mount.ui.renova.take_notification(body, signature, source).await
}

fn status_of(taken: Result<(), IntakeError>) -> StatusCode {
    match taken {
        Ok(()) => StatusCode::OK,
        Err(IntakeError::BadSignature) => StatusCode::FORBIDDEN,
        Err(IntakeError::Busy) => StatusCode::SERVICE_UNAVAILABLE,
        Err(IntakeError::Failed(error)) => {
            tracing::error!(%error, "a notification could not be stored; Meta sends it again");
            StatusCode::SERVICE_UNAVAILABLE
        }
    }
}

#[derive(Deserialize)]
struct Signed {
    signed_request: String,
}

/// A person (or a Page) has removed the app.
async fn deauthorize(State(mount): State<Mount>, Form(signed): Form<Signed>) -> Response {
    match mount.ui.renova.deauthorize(&signed.signed_request).await {
        Ok(()) => StatusCode::OK.into_response(),
        Err(error) => refused(&error).into_response(),
    }
}

/// Meta: `development/create-an-app/app-dashboard/data-deletion-callback`.
async fn request_deletion(State(mount): State<Mount>, Form(signed): Form<Signed>) -> Response {
    match mount.ui.renova.request_deletion(&signed.signed_request).await {
        Ok(code) => {
            let origin = mount.public_url.origin().ascii_serialization();
            let url = format!("{origin}/meta/data-deletion/{code}");
            axum::Json(json!({"url": url, "confirmation_code": code})).into_response()
        }
        Err(error) => refused(&error).into_response(),
    }
}

fn refused(error: &Error) -> StatusCode {
    if matches!(error, Error::NotSigned) {
        return StatusCode::FORBIDDEN;
    }
    tracing::error!(%error, "a callback of Meta's could not be carried out");
    StatusCode::SERVICE_UNAVAILABLE
}

/// What became of a request for deletion, for the person who made it.
async fn deletion(
    State(mount): State<Mount>,
    Extension(request_id): Extension<RequestId>,
    Path(code): Path<String>,
    headers: HeaderMap,
) -> Response {
    let telling = Telling { mount: &mount, identity: None, headers: &headers, request_id: &request_id };
    match mount.ui.renova.deletion_status(&code).await {
        Ok(Some(status)) => deletion_page(&mount, texts::locale(None, &headers), &code, &status),
        Ok(None) => telling.page(fail::NOT_FOUND),
        Err(error) => telling.error(&error),
    }
}

fn deletion_page(mount: &Mount, locale: Locale, code: &str, status: &DeletionStatus) -> Response {
    let (title, body) = texts::deletion(locale, status.completed_at.is_some());
    let note = format!("{}: {code}", texts::confirmation_code(locale));
    SmallPage {
        locale,
        title,
        body,
        note: Some(&note),
        brand: Some(mount.ui.renova.brand()),
        style: &mount.ui.assets.css,
        icon: &mount.ui.assets.favicon,
        ..SmallPage::default()
    }
    .response(StatusCode::OK)
}
