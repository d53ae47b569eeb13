//! Where people switch warnings by mail off and on, by the link in each mail, without logging in.
//!
//! Opening the link changes nothing: mail programs look at links by themselves.

use axum::{
    Extension, Router,
    body::Bytes,
    extract::{Path, State},
    response::Response,
    routing::get,
};
use http::{HeaderMap, StatusCode};
use renewal::Error;

use super::{
    Mount,
    fail::{self, Telling},
    html::SmallPage,
    request_id::RequestId,
    texts,
};

pub fn router() -> Router<Mount> {
    Router::new().route("/mail/warnings/{user}/{mark}", get(ask).post(switch))
}

/// The button of our own page says so. Mail programs send a form of theirs, of either kind (RFC 8058),
/// or nothing.
fn is_wanted_again(body: &[u8]) -> bool {
    url::form_urlencoded::parse(body).any(|(name, _)| name == "again")
}

async fn ask(
    State(mount): State<Mount>,
    Extension(request_id): Extension<RequestId>,
    Path((user, mark)): Path<(String, String)>,
    headers: HeaderMap,
) -> Response {
    if !mount.ui.renova.is_warnings_link(&user, &mark) {
        return unknown(&mount, &headers, &request_id);
    }
    page(&mount, &headers, &user, &mark, Choice::Asked)
}

async fn switch(
    State(mount): State<Mount>,
    Extension(request_id): Extension<RequestId>,
    Path((user, mark)): Path<(String, String)>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let refused = !is_wanted_again(&body);
    match mount.ui.renova.refuse_warnings(&user, &mark, refused).await {
        Ok(()) => page(&mount, &headers, &user, &mark, if refused { Choice::Off } else { Choice::On }),
        Err(Error::NotFound) => unknown(&mount, &headers, &request_id),
        Err(error) => telling(&mount, &headers, &request_id).error(&error),
    }
}

#[derive(Clone, Copy)]
enum Choice {
    Asked,
    Off,
    On,
}

fn page(mount: &Mount, headers: &HeaderMap, user: &str, mark: &str, state: Choice) -> Response {
    let locale = texts::locale(None, headers);
    let (title, body, button) = match state {
        Choice::Asked => texts::warnings_asked(locale),
        Choice::Off => texts::warnings_off(locale),
        Choice::On => texts::warnings_on(locale),
    };
    let action = format!("/mail/warnings/{user}/{mark}");
    let again = matches!(state, Choice::Off).then_some("again");
    SmallPage {
        locale,
        title,
        body,
        form: Some((button, &action, again)),
        brand: Some(mount.ui.renova.brand()),
        style: &mount.ui.assets.css,
        icon: &mount.ui.assets.favicon,
        ..SmallPage::default()
    }
    .response(StatusCode::OK)
}

fn telling<'a>(mount: &'a Mount, headers: &'a HeaderMap, request_id: &'a RequestId) -> Telling<'a> {
    Telling { mount, identity: None, headers, request_id }
}

fn unknown(mount: &Mount, headers: &HeaderMap, request_id: &RequestId) -> Response {
    telling(mount, headers, request_id).page(fail::NOT_FOUND)
}
