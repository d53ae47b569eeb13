//! `/connect/{renewal}`: to Meta's dialog, and the clean page after it.

use app::context::Caller;
use axum::{
    Extension, Router,
    extract::{Path, Query, State},
    response::{IntoResponse as _, Redirect, Response},
    routing::{get, post},
};
use http::{HeaderMap, StatusCode, header};
use lifecycle::ids::RenewalId;
use renewal::LoginWindow;
use secrecy::ExposeSecret as _;
use serde::Deserialize;

use super::{
    Mount, cookies,
    fail::{self, Telling},
    html::SmallPage,
    request_id::RequestId,
    texts::{self, Text},
    tickets::{self, Asked},
};

/// For hosts, whose site does not have it under a hashed name.
const SCRIPT_PATH: &str = "/connect/popup.js";
const SCRIPT: &str = include_str!("../../../public/popup.js");

pub fn router() -> Router<Mount> {
    Router::new()
        .route(SCRIPT_PATH, get(script))
        .route("/connect/{renewal}", get(start))
        .route("/connect/{renewal}/number", post(tickets::answer))
        .route("/connect/{renewal}/done", get(done))
}

/// What the clean page is told of the trip that has ended.
#[derive(Deserialize)]
struct Trip {
    #[serde(rename = "in")]
    window: Option<String>,
    /// It began in an embed, whose people have no pages here.
    embed: Option<String>,
}

/// Mints the one-time state and goes to Meta's dialog.
///
/// It is a GET because a pop-up must reach it without script, so it looks at where the browser
/// says it comes from: a link on another site, a frame or a prefetch starts nothing.
async fn start(
    State(mount): State<Mount>,
    Extension(caller): Extension<Caller>,
    Extension(request_id): Extension<RequestId>,
    Path(renewal): Path<String>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Response {
    let telling =
        Telling { mount: &mount, identity: caller.identity.as_ref(), headers: &headers, request_id: &request_id };
    if asked.ticket().is_some() {
        return match renewal.parse::<RenewalId>() {
            Ok(renewal) => tickets::page(&mount, &request_id, renewal, &asked, &headers).await,
            Err(_) => telling.page(fail::NOT_FOUND),
        };
    }
    let Some(who) = &caller.identity else { return telling.page(fail::SIGNED_OUT) };
    if !comes_from_us(&headers) {
        return telling.page(fail::START_INSIDE);
    }
    let Ok(renewal) = renewal.parse::<RenewalId>() else { return telling.page(fail::NOT_FOUND) };
    let cookie = cookies::read(&headers, cookies::LOGIN_COOKIE);
    let cookie = cookie.as_ref().map(|cookie| cookie.expose_secret());
    match mount.ui.renova.begin_login(who, renewal, asked.window(), cookie).await {
        Ok(start) => cookies::to_dialog(&start, mount.ui.cookies.secure),
        Err(error) => telling.error(&error),
    }
}

/// A top-level navigation that began on our own pages, or by hand.
fn comes_from_us(headers: &HeaderMap) -> bool {
    let is = |name: &str, allowed: &[&str]| {
        headers.get(name).is_none_or(|value| value.to_str().is_ok_and(|value| allowed.contains(&value)))
    };
    is("sec-fetch-site", &["same-origin", "none"])
        && is("sec-fetch-dest", &["document"])
        && is("sec-fetch-mode", &["navigate"])
        && !headers.contains_key("sec-purpose")
}

/// The address after the callback holds no code and no state. A pop-up closes itself, a tab goes
/// on to the wizard.
async fn done(
    State(mount): State<Mount>,
    Extension(caller): Extension<Caller>,
    Extension(request_id): Extension<RequestId>,
    Path(renewal): Path<String>,
    Query(trip): Query<Trip>,
    headers: HeaderMap,
) -> Response {
    let telling =
        Telling { mount: &mount, identity: caller.identity.as_ref(), headers: &headers, request_id: &request_id };
    let Ok(renewal) = renewal.parse::<RenewalId>() else { return telling.page(fail::NOT_FOUND) };
    let wizard = mount.ui.hrefs.renewal(&renewal.to_string());
    let is_embedded = trip.embed.is_some();
    if !is_embedded && LoginWindow::parse(trip.window.as_deref().unwrap_or_default()) == LoginWindow::Tab {
        return Redirect::to(&wizard).into_response();
    }
    let locale = texts::locale(caller.identity.as_ref(), &headers);
    let wording = Text::Done.wording(locale);
    let script = mount.site.href("popup.js").unwrap_or_else(|| SCRIPT_PATH.to_owned());
    let id = renewal.to_string();
    let page = SmallPage {
        locale,
        title: wording.title,
        body: wording.body,
        link: (!is_embedded).then(|| (texts::back_to_wizard(locale), wizard.as_str())),
        is_embedded,
        brand: Some(mount.ui.renova.brand()),
        style: &mount.ui.assets.css,
        icon: &mount.ui.assets.favicon,
        script: Some((&script, &id)),
        ..SmallPage::default()
    };
    page.response(StatusCode::OK)
}

/// Closes the pop-up and wakes the wizard.
async fn script() -> Response {
    ([(header::CONTENT_TYPE, "text/javascript; charset=utf-8")], SCRIPT).into_response()
}
