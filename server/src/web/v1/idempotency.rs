//! `Idempotency-Key` on POST: what was sent once has its effect once, and the same answer each time.

use axum::{
    body::{Body, Bytes, to_bytes},
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use renewal::Once;
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use tracing::Instrument as _;

use super::{
    Api,
    caller::Caller,
    extract,
    problem::{self, Problem},
};
use crate::web::meta;

const NAME: &str = "idempotency-key";
const LONGEST: usize = 255;
/// Says that an answer is one of before.
const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");

const OTHER: Problem = Problem::new(
    StatusCode::UNPROCESSABLE_ENTITY,
    "idempotency_key_reused",
    "The Idempotency-Key came with another request before",
    "Make a new key for each new request; the same one only repeats the same request.",
);
const UNDER_WAY: Problem = Problem::new(
    StatusCode::CONFLICT,
    "idempotency_in_progress",
    "The same request is being carried out",
    "Wait, then send it again with the same Idempotency-Key for its answer.",
);

/// Around every route. Without the header, or for other methods, nothing happens here.
pub async fn once(State(api): State<Api>, caller: Caller, request: Request, next: Next) -> Response {
    if request.method() != Method::POST {
        return next.run(request).await;
    }
    let key = match key_of(request.headers()) {
        Ok(Some(key)) => key,
        Ok(None) => return next.run(request).await,
        Err(problem) => return problem.into_response(),
    };
    let (parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, meta::MOST_BYTES).await else {
        return extract::unread(StatusCode::PAYLOAD_TOO_LARGE).into_response();
    };
    let hash = hash_of(&parts.method, &parts.uri.to_string(), &body);
    match api.renova().begin_once(&caller, &key, hash).await {
        Ok(Once::Fresh(begun)) => {
            let request = Request::from_parts(parts, Body::from(body));
            let answered = async move {
                let (response, kept) = kept(next.run(request).await).await;
                if let Err(error) = api.renova().end_once(&begun, kept).await {
                    tracing::error!(%error, "an answer could not be kept for its Idempotency-Key");
                }
                response
            };
            // Goes on although the caller hangs up: it will ask for the answer.
            let answered = tokio::spawn(answered.in_current_span()).await;
            answered.unwrap_or_else(|_| problem::BUSY.into_response())
        }
        Ok(Once::Answered(answer)) => again(&answer),
        Ok(Once::UnderWay) => UNDER_WAY.after(1).into_response(),
        Ok(Once::Other) => OTHER.into_response(),
        Err(error) => Problem::from(error).into_response(),
    }
}

fn key_of(headers: &HeaderMap) -> Result<Option<String>, Problem> {
    let mut values = headers.get_all(NAME).iter();
    let Some(value) = values.next() else { return Ok(None) };
    let text = value.to_str().unwrap_or_default();
    let is_key = !text.is_empty() && text.len() <= LONGEST && values.next().is_none();
    let must = format!("must be one text of 1 to {LONGEST} visible characters");
    if is_key { Ok(Some(text.to_owned())) } else { Err(Problem::invalid("Idempotency-Key", must)) }
}

fn hash_of(method: &Method, uri: &str, body: &Bytes) -> [u8; 32] {
    let head = format!("{method} {uri}\n");
    Sha256::new().chain_update(head.as_bytes()).chain_update(body).finalize().into()
}

/// An answer as it is kept.
#[derive(Serialize, Deserialize)]
struct Answer {
    status: u16,
    content_type: Option<String>,
    location: Option<String>,
    body: String,
}

/// The answer, and what is kept of it: nothing where the request had no effect for good.
async fn kept(response: Response) -> (Response, Option<SecretString>) {
    let status = response.status();
    let passing = [StatusCode::CONFLICT, StatusCode::TOO_MANY_REQUESTS, StatusCode::FORBIDDEN];
    // Problems have no body yet, and come out the same again.
    if !status.is_success() && (status.is_server_error() || passing.contains(&status) || is_problem(&response)) {
        return (response, None);
    }
    let (parts, body) = response.into_parts();
    let Ok(body) = to_bytes(body, usize::MAX).await else { return (problem::BUSY.into_response(), None) };
    let text = |name| parts.headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok()).map(str::to_owned);
    let answer = Answer {
        status: status.as_u16(),
        content_type: text(header::CONTENT_TYPE),
        location: text(header::LOCATION),
        body: String::from_utf8_lossy(&body).into_owned(),
    };
    let kept = serde_json::to_string(&answer).ok().map(SecretString::from);
    (Response::from_parts(parts, Body::from(body)), kept)
}

fn is_problem(response: &Response) -> bool {
    response.extensions().get::<Problem>().is_some()
}

fn again(answer: &SecretString) -> Response {
    let Ok(answer) = serde_json::from_str::<Answer>(answer.expose_secret()) else {
        return problem::BUSY.into_response();
    };
    let mut response = Response::new(Body::from(answer.body));
    *response.status_mut() = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::OK);
    let headers = response.headers_mut();
    for (name, value) in [(header::CONTENT_TYPE, answer.content_type), (header::LOCATION, answer.location)] {
        if let Some(value) = value.and_then(|value| HeaderValue::from_str(&value).ok()) {
            headers.insert(name, value);
        }
    }
    headers.insert(REPLAYED, HeaderValue::from_static("true"));
    response
}
