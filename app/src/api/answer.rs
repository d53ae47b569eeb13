//! How a server function answers: a redirect for a plain form, JSON and a status for the page.

use http::{HeaderValue, StatusCode, header};
use leptos::prelude::use_context;
use leptos_axum::ResponseOptions;
use renewal::Error;
use wizard::UiError;

use super::ApiError;
use crate::{context::Request, own_path::is_own_path};

/// Where a plain form goes on to.
pub(super) struct Onward {
    pub ok: String,
    /// The page that the form stood on; `error=CODE` is added.
    pub failed: String,
}

/// Sets redirect or status for this outcome. Use it last: nothing is awaited afterwards.
pub(super) fn finish<T>(
    request: &Request,
    options: &Option<ResponseOptions>,
    outcome: Result<T, Error>,
    onward: Onward,
) -> Result<T, ApiError> {
    match outcome {
        Ok(value) => {
            if request.is_call && request.wants_html {
                redirect(options, &onward.ok);
            }
            Ok(value)
        }
        Err(error) => {
            let status = status_of(&error);
            if status.is_server_error() {
                tracing::error!(%error, request_id = request.caller.request_id, "a call failed");
            }
            if request.is_call && request.wants_html {
                let separator = if onward.failed.contains('?') { '&' } else { '?' };
                redirect(options, &format!("{}{separator}error={}", onward.failed, error.code()));
            } else if let Some(options) = options {
                options.set_status(status);
            }
            Err(ApiError(told(request, error.code())))
        }
    }
}

/// An answer that no form asks for: only a status.
pub(super) fn plain<T>(
    request: &Request,
    options: &Option<ResponseOptions>,
    outcome: Result<T, Error>,
) -> Result<T, ApiError> {
    let onward = Onward { ok: "/".to_owned(), failed: "/".to_owned() };
    finish(request, options, outcome, onward)
}

/// Nobody is signed in.
pub(super) fn signed_out(request: &Request, options: &Option<ResponseOptions>) -> ApiError {
    if request.is_call && request.wants_html {
        redirect(options, "/login");
    } else if let Some(options) = options {
        options.set_status(StatusCode::UNAUTHORIZED);
    }
    ApiError(told(request, "session_over"))
}

/// Whoever is here for one renewal asks for something else.
pub(super) fn not_for_guests(request: &Request, options: &Option<ResponseOptions>) -> ApiError {
    if let Some(options) = options {
        options.set_status(StatusCode::FORBIDDEN);
    }
    ApiError(told(request, "forbidden"))
}

/// What the reader is told of a failure: the sentence of its code.
pub(super) fn told(request: &Request, code: &str) -> UiError {
    UiError {
        code: code.to_owned(),
        message: crate::texts::texts(request.locale).error_of(code).to_owned(),
        request_id: request.caller.request_id.clone(),
    }
}

/// The response of the call at hand. Read it before the first `await`.
pub(super) fn options() -> Option<ResponseOptions> {
    use_context::<ResponseOptions>()
}

/// 303 to a path of ours; anything else leads home.
fn redirect(options: &Option<ResponseOptions>, path: &str) {
    let Some(options) = options else { return };
    let target = if is_own_path(path) { path } else { "/" };
    if let Ok(value) = HeaderValue::from_str(target) {
        options.insert_header(header::LOCATION, value);
        options.set_status(StatusCode::SEE_OTHER);
    }
}

fn status_of(error: &Error) -> StatusCode {
    match error.code() {
        "not_found" => StatusCode::NOT_FOUND,
        "forbidden" => StatusCode::FORBIDDEN,
        "conflict"
        | "not_applicable"
        | "other_is_renewing"
        | "already_connected"
        | "not_proved"
        | "no_meta_app"
        | "cannot_wait"
        | "last_admin"
        | "own_account"
        | "in_team"
        | "too_many_invitations"
        | "email_taken"
        | "somebody_else" => StatusCode::CONFLICT,
        "nothing_selected" | "not_granted" | "loss_not_confirmed" | "name_mismatch" | "weak_password" | "link_over"
        | "invalid" | "invalid_login" | "wrong_password" => StatusCode::UNPROCESSABLE_ENTITY,
        "too_busy" => StatusCode::TOO_MANY_REQUESTS,
        "meta_unreachable" | "meta_refused" => StatusCode::BAD_GATEWAY,
        "storage_unavailable" => StatusCode::SERVICE_UNAVAILABLE,
        _ => StatusCode::INTERNAL_SERVER_ERROR,
    }
}
