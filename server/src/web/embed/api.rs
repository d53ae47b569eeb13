//! `/embed/api`: what a frame, or a page that shows the components itself, asks for.
//!
//! Authorization is the bearer of an embed session, and nothing else: no cookie is looked at. The
//! functions are those of `/api/ui`, but only the ones that banner and wizard need.

use app::context::Caller;
use axum::{
    Extension, Form, Json, Router,
    body::{Body, Bytes},
    extract::{Path, State, rejection::FormRejection},
    response::{IntoResponse as _, Response},
    routing::post,
};
use http::{HeaderMap, HeaderValue, Request, StatusCode, header};
use lifecycle::{Origin, Timestamp, clock::SECOND_MS, ids::RenewalId};
use renewal::{Embedded, LoginWindow};
use secrecy::ExposeSecret as _;
use serde::Deserialize;
use serde_json::json;
use wizard::Locale;

use super::{
    super::{
        Mount,
        backend::server_function,
        fail::{self, Failure, Telling},
        functions,
        request_id::RequestId,
    },
    cors::{self, Asker},
};

pub fn router() -> Router<Mount> {
    Router::new()
        .route("/embed/api/redeem", post(redeem).options(preflight))
        .route("/embed/api/open_login", post(open_login).options(preflight))
        .route("/embed/api/{function}", post(function).options(preflight))
}

/// Which organization it is about is not known yet: any page that anybody registered may ask.
async fn preflight(State(mount): State<Mount>, headers: HeaderMap) -> Response {
    let Some(origin) = cors::named(&headers) else { return cors::varying(StatusCode::FORBIDDEN.into_response()) };
    let known = mount.ui.renova.is_embed_origin(&origin).await.unwrap_or(false);
    cors::varying(if known { cors::allowance(&origin) } else { StatusCode::FORBIDDEN.into_response() })
}

#[derive(Deserialize)]
struct Redeem {
    token: String,
    origin: String,
    embed_id: String,
}

/// The token of a session becomes a bearer, once.
///
/// In a frame the page that handed the token over is the one that the frame's script names: the
/// browser told it by the message. A page that asks itself is named by the browser here.
async fn redeem(
    State(mount): State<Mount>,
    Extension(request_id): Extension<RequestId>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let telling = Telling { mount: &mount, identity: None, headers: &headers, request_id: &request_id };
    let asker = match asker(&mount, &headers) {
        Ok(asker) => asker,
        Err(failure) => return cors::varying(telling.json(failure)),
    };
    let response = match redeemed(&mount, &asker, &body).await {
        Ok(redeemed) => Json(redeemed).into_response(),
        Err(Refusal::Told(failure)) => telling.json(failure),
        Err(Refusal::Error(error)) => telling.json_error(&error),
    };
    readable(&mount, &asker, response).await
}

async fn redeemed(mount: &Mount, asker: &Asker, body: &[u8]) -> Result<serde_json::Value, Refusal> {
    let asked: Redeem = serde_json::from_slice(body).map_err(|_| fail::INCOMPLETE)?;
    // What was written otherwise than browsers write it is no page's.
    let origin = Origin::parse(&asked.origin).ok().filter(|origin| origin.as_str() == asked.origin);
    let origin = origin.ok_or(fail::SIGNED_OUT)?;
    if matches!(asker, Asker::Page(page) if *page != origin) {
        return Err(fail::SIGNED_OUT.into());
    }
    let found = mount.ui.renova.redeem_embed_session(&asked.token, &origin, &asked.embed_id).await?;
    let redeemed = found.ok_or(fail::SIGNED_OUT)?;
    let Embedded { who, expires_at, .. } = &redeemed.embedded;
    let brand = mount.ui.renova.brand();
    Ok(json!({
        "bearer": redeemed.bearer.expose_secret(),
        "expires_at": rfc3339(*expires_at),
        // For browsers whose clock is wrong.
        "expires_in": expires_at.since(mount.ui.renova.wall_now()).max(0) / SECOND_MS,
        "locale": who.locale.as_ref().unwrap_or(&who.organization_locale),
        "role": who.role.as_str(),
        "brand": brand.name().map(|name| json!({"name": name, "logo": brand.logo})),
    }))
}

#[derive(Deserialize)]
struct OpenLogin {
    renewal_id: String,
    ticket: String,
    #[serde(default)]
    window: String,
}

/// A window that was just opened with this ticket may begin a log-in: answers the number to show.
async fn open_login(
    State(mount): State<Mount>,
    Extension(request_id): Extension<RequestId>,
    headers: HeaderMap,
    form: Result<Form<OpenLogin>, FormRejection>,
) -> Response {
    let (embedded, asker) = match begin(&mount, &headers, &request_id).await {
        Ok(begun) => begun,
        Err(response) => return response,
    };
    let telling = Telling { mount: &mount, identity: Some(&embedded.who), headers: &headers, request_id: &request_id };
    let response = match opened(&mount, &embedded, form).await {
        Ok(number) => Json(json!({"number": number.to_string()})).into_response(),
        Err(Refusal::Told(failure)) => telling.json(failure),
        Err(Refusal::Error(error)) => telling.json_error(&error),
    };
    readable(&mount, &asker, response).await
}

async fn opened(
    mount: &Mount,
    embedded: &Embedded,
    form: Result<Form<OpenLogin>, FormRejection>,
) -> Result<i64, Refusal> {
    embedded.who.require_admin()?;
    let Form(asked) = form.map_err(|_| fail::INCOMPLETE)?;
    let renewal: RenewalId = asked.renewal_id.parse().map_err(|_| fail::NOT_FOUND)?;
    let window = LoginWindow::parse(&asked.window);
    Ok(mount.ui.renova.open_login(embedded, renewal, &asked.ticket, window).await?)
}

/// One of the server functions of `/api/ui`.
async fn function(
    State(mount): State<Mount>,
    Extension(request_id): Extension<RequestId>,
    Path(name): Path<String>,
    request: Request<Body>,
) -> Response {
    let headers = request.headers().clone();
    let (embedded, asker) = match begin(&mount, &headers, &request_id).await {
        Ok(begun) => begun,
        Err(response) => return response,
    };
    let mut who = embedded.who;
    if let Some(locale) = wanted_locale(&request) {
        who.locale = Some(locale.tag().to_owned());
    }
    let telling = Telling { mount: &mount, identity: Some(&who), headers: &headers, request_id: &request_id };
    let response = if !functions::is_embedded(&name) {
        telling.json(fail::NOT_FOUND)
    } else if functions::needs_admin(&name) && who.require_admin().is_err() {
        telling.json(fail::FORBIDDEN)
    } else {
        let caller = Caller { identity: Some(who.clone()), session: None, request_id: request_id.0.clone() };
        match as_function(&name, request, caller.clone()) {
            Some(request) => {
                server_function(State(mount.clone()), Extension(caller), Extension(request_id.clone()), request).await
            }
            None => telling.json(fail::NOT_FOUND),
        }
    };
    readable(&mount, &asker, response).await
}

/// `?locale=`: the language that the host's page has chosen for its embed.
fn wanted_locale(request: &Request<Body>) -> Option<Locale> {
    let query = request.uri().query().unwrap_or_default();
    let mut pairs = url::form_urlencoded::parse(query.as_bytes());
    pairs.find(|(name, _)| name == "locale").and_then(|(_, tag)| Locale::parse(&tag))
}

/// The same request as a page of ours would make it, by the person whom the bearer names.
fn as_function(name: &str, request: Request<Body>, caller: Caller) -> Option<Request<Body>> {
    let (mut parts, body) = request.into_parts();
    parts.uri = format!("{}{name}", functions::PREFIX).parse().ok()?;
    parts.headers.remove(header::COOKIE);
    parts.headers.remove(header::AUTHORIZATION);
    // Never a redirect, as plain forms get.
    parts.headers.insert(header::ACCEPT, HeaderValue::from_static("application/json"));
    parts.extensions.insert(caller);
    Some(Request::from_parts(parts, body))
}

/// Who asks, and from where: how every call begins.
async fn begin(mount: &Mount, headers: &HeaderMap, request_id: &RequestId) -> Result<(Embedded, Asker), Response> {
    let telling = Telling { mount, identity: None, headers, request_id };
    let asker = asker(mount, headers).map_err(|failure| cors::varying(telling.json(failure)))?;
    let embedded = match bearer(headers) {
        Some(bearer) => mount.ui.renova.embedded(bearer).await,
        None => Ok(None),
    };
    match embedded {
        Ok(Some(embedded)) => match &asker {
            Asker::Page(page) if *page != embedded.origin => Err(cors::varying(telling.json(fail::ORIGIN_FOREIGN))),
            _ => Ok((embedded, asker)),
        },
        Ok(None) => Err(readable(mount, &asker, telling.json(fail::SIGNED_OUT)).await),
        Err(error) => Err(readable(mount, &asker, telling.json_error(&error)).await),
    }
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    headers.get(header::AUTHORIZATION)?.to_str().ok()?.strip_prefix("Bearer ")
}

fn asker(mount: &Mount, headers: &HeaderMap) -> Result<Asker, Failure> {
    cors::asker(headers, &mount.public_url.origin().ascii_serialization())
}

/// Lets the page that asks read the answer, if it is registered by anybody: also that its session is over.
async fn readable(mount: &Mount, asker: &Asker, response: Response) -> Response {
    let response = cors::varying(response);
    match asker {
        Asker::Page(page) if mount.ui.renova.is_embed_origin(page).await.unwrap_or(false) => {
            cors::readable_by(page, response)
        }
        _ => response,
    }
}

enum Refusal {
    Told(Failure),
    Error(renewal::Error),
}

impl From<Failure> for Refusal {
    fn from(failure: Failure) -> Self {
        Self::Told(failure)
    }
}

impl From<renewal::Error> for Refusal {
    fn from(error: renewal::Error) -> Self {
        Self::Error(error)
    }
}

fn rfc3339(at: Timestamp) -> String {
    jiff::Timestamp::from_millisecond(at.0).map(|at| at.to_string()).unwrap_or_default()
}
