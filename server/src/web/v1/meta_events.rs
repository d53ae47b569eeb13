//! Meta's notifications, passed on by a platform that keeps Meta's callback address.

use axum::{
    body::Bytes,
    extract::{DefaultBodyLimit, FromRequest as _, Request, State},
};
use http::StatusCode;
use renewal::{IntakeError, Scope, Source};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    Api, Caller, Problem, extract,
    problem::{self, Details},
};
use crate::web::meta;

pub fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(pass_on)).layer(DefaultBodyLimit::max(meta::MOST_BYTES))
}

const BAD_SIGNATURE: Problem = Problem::new(
    StatusCode::UNPROCESSABLE_ENTITY,
    "bad_signature",
    "The body is not signed by Meta",
    "Send the raw bytes and the header `X-Hub-Signature-256` exactly as Meta sent them.",
);

/// Pass on one of Meta's notifications
///
/// The raw body and the header `X-Hub-Signature-256` as Meta sent them. Answers once it is stored.
#[utoipa::path(
    post,
    path = "/meta-events",
    operation_id = "passOnMetaEvent",
    tag = "Meta events",
    params(("X-Hub-Signature-256" = String, Header, description = "As Meta sent it.", example = "sha256=6dd2d4cc2ba6f2d4ee7fd4e8a8d1d6a1c5f0e3d5b4a39282716050f4e3d2c1b0")),
    request_body(content = Object, description = "Meta's body, byte for byte.", content_type = "application/json"),
    responses(
        (status = 202, description = "It cannot get lost any more."),
        (status = 422, description = "The signature does not belong to the body.", body = Details, content_type = "application/problem+json"),
    ),
    security(("api_key" = ["meta-events:write"])),
)]
async fn pass_on(caller: Caller, State(api): State<Api>, request: Request) -> Result<StatusCode, Problem> {
    caller.require(Scope::MetaEventsWrite)?;
    let headers = request.headers().clone();
    let body = Bytes::from_request(request, &()).await.map_err(|rejection| extract::unread(rejection.status()))?;
    match meta::take(&api.mount, &headers, &body, Source::Platform).await {
        Ok(()) => Ok(StatusCode::ACCEPTED),
        Err(IntakeError::BadSignature) => Err(BAD_SIGNATURE),
        Err(IntakeError::Busy) => Err(problem::BUSY),
        Err(IntakeError::Failed(error)) => {
            tracing::error!(%error, "a notification could not be stored");
            Err(problem::BUSY)
        }
    }
}
