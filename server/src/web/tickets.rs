//! `/connect/{renewal}?ticket=…`: a window that an embed has opened asks who opened it.
//!
//! Nobody needs a session here: the ticket says whose log-in it is, and the number that the embed
//! shows proves that whoever looks at this window also looks at the embed (`docs/decisions/0035`).
//! A window that our own frame has turned into this page, as the browser says, needs no number.

use axum::{
    Extension, Form,
    extract::{Path, State, rejection::FormRejection},
    response::{IntoResponse as _, Redirect, Response},
};
use http::{HeaderMap, HeaderValue, StatusCode, header, request::Parts};
use lifecycle::ids::RenewalId;
use renewal::{LoginWindow, OpenTicket, TicketState};
use secrecy::ExposeSecret as _;
use serde::Deserialize;

use super::{
    Mount, cookies,
    fail::{self, Telling},
    functions,
    gate::within,
    html::{Choices, SmallPage},
    origin,
    request_id::RequestId,
    texts::{self, Text},
};

/// How often the page looks whether its ticket has arrived, once a second.
const MOST_LOOKS: u8 = 8;

/// What the address of the page says.
#[derive(Clone, Debug, Deserialize)]
pub struct Asked {
    #[serde(rename = "in")]
    window: Option<String>,
    ticket: Option<String>,
    /// How often it has looked.
    #[serde(default)]
    looks: u8,
    /// The number is asked for, wherever the browser says that it comes from: it came from elsewhere.
    #[serde(default, rename = "match")]
    is_foreign: bool,
}

impl Asked {
    pub fn window(&self) -> LoginWindow {
        LoginWindow::parse(self.window.as_deref().unwrap_or_default())
    }

    pub fn ticket(&self) -> Option<&str> {
        self.ticket.as_deref()
    }

    /// The same page, looked at once more.
    fn href(&self, renewal: RenewalId, looks: u8, is_foreign: bool) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.append_pair("in", self.window().as_str());
        query.append_pair("ticket", self.ticket().unwrap_or_default());
        if looks > 0 {
            query.append_pair("looks", &looks.to_string());
        }
        if is_foreign {
            query.append_pair("match", "true");
        }
        format!("/connect/{renewal}?{}", query.finish())
    }
}

/// Whether a request is one of an embed's window: it is nobody's session.
pub fn is_for(parts: &Parts) -> bool {
    let path = parts.uri.path();
    if !within(path, "/connect") {
        return false;
    }
    if path.ends_with("/number") {
        return !functions::is_safe(&parts.method);
    }
    let query = parts.uri.query().unwrap_or_default();
    let has = |name: &str| url::form_urlencoded::parse(query.as_bytes()).any(|(it, _)| it == name);
    parts.method == http::Method::GET && (has("ticket") || (path.ends_with("/done") && has("embed")))
}

/// Asks for the number; nothing changes.
pub async fn page(
    mount: &Mount,
    request_id: &RequestId,
    renewal: RenewalId,
    asked: &Asked,
    headers: &HeaderMap,
) -> Response {
    let telling = Telling { mount, identity: None, headers, request_id };
    if !is_navigation(headers) {
        return started_elsewhere(mount, headers);
    }
    let is_foreign = asked.is_foreign || !is_ours(headers);
    match mount.ui.renova.ticket(asked.ticket().unwrap_or_default(), renewal).await {
        Ok(TicketState::Unknown) if asked.looks < MOST_LOOKS => {
            waiting(mount, &asked.href(renewal, asked.looks + 1, is_foreign), headers)
        }
        Ok(TicketState::Unknown | TicketState::Over) => over(mount, headers),
        Ok(TicketState::Open(open)) if open.window == LoginWindow::Tab && !is_foreign => {
            asking(mount, renewal, asked, &open, headers, false)
        }
        // From then on also a page that is loaded again comes from elsewhere.
        Ok(TicketState::Open(open)) if open.window == LoginWindow::Tab && !asked.is_foreign => {
            Redirect::to(&asked.href(renewal, asked.looks, true)).into_response()
        }
        Ok(TicketState::Open(open)) => asking(mount, renewal, asked, &open, headers, true),
        Err(error) => telling.error(&error),
    }
}

/// The page that names the organization and the person, with one button or three numbers.
fn asking(
    mount: &Mount,
    renewal: RenewalId,
    asked: &Asked,
    open: &OpenTicket,
    headers: &HeaderMap,
    by_number: bool,
) -> Response {
    let locale = texts::locale(Some(&open.who), headers);
    let wording = texts::ticket_asked(locale, by_number);
    let body = wording.body.replace("{organization}", &open.who.organization_name).replace("{person}", &open.who.name);
    let right = open.number.to_string();
    let numbers: Vec<String> = open.choices.iter().map(i64::to_string).collect();
    let options = if by_number {
        numbers.iter().map(|number| (number.as_str(), number.as_str())).collect()
    } else {
        vec![(right.as_str(), texts::go_on(locale))]
    };
    let action = format!("/connect/{renewal}/number");
    let choices =
        Choices { action: &action, hidden: ("ticket", asked.ticket().unwrap_or_default()), name: "number", options };
    let page = SmallPage {
        body: &body,
        choices: Some(choices),
        dialogs: &mount.ui.dialog_origins,
        ..small_page(mount, locale, &wording)
    };
    let mut response = page.response(StatusCode::OK);
    // Its form says where it comes from.
    response.headers_mut().insert(header::REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    response
}

/// The embed tells the server at the same moment; most pages are here a little earlier.
fn waiting(mount: &Mount, again: &str, headers: &HeaderMap) -> Response {
    let locale = texts::locale(None, headers);
    let page = SmallPage { refresh: Some(again), ..small_page(mount, locale, &Text::TicketWaiting.wording(locale)) };
    page.response(StatusCode::OK)
}

fn started_elsewhere(mount: &Mount, headers: &HeaderMap) -> Response {
    let locale = texts::locale(None, headers);
    small_page(mount, locale, &Text::StartInside.wording(locale)).response(StatusCode::FORBIDDEN)
}

fn over(mount: &Mount, headers: &HeaderMap) -> Response {
    let locale = texts::locale(None, headers);
    small_page(mount, locale, &Text::TicketOver.wording(locale)).response(StatusCode::BAD_REQUEST)
}

/// In the platform's name: without ours, and without a way into our pages.
fn small_page<'a>(mount: &'a Mount, locale: wizard::Locale, wording: &texts::Wording) -> SmallPage<'a> {
    SmallPage {
        locale,
        title: wording.title,
        body: wording.body,
        is_embedded: true,
        brand: Some(mount.ui.renova.brand()),
        style: &mount.ui.assets.css,
        ..SmallPage::default()
    }
}

#[derive(Deserialize)]
pub struct Answer {
    ticket: String,
    number: i64,
}

/// `POST /connect/{renewal}/number`: with the right one, on to Meta.
pub async fn answer(
    State(mount): State<Mount>,
    Extension(request_id): Extension<RequestId>,
    Path(renewal): Path<String>,
    headers: HeaderMap,
    form: Result<Form<Answer>, FormRejection>,
) -> Response {
    let telling = Telling { mount: &mount, identity: None, headers: &headers, request_id: &request_id };
    if origin::check(&headers, &mount.public_url.origin().ascii_serialization()).is_err() {
        return started_elsewhere(&mount, &headers);
    }
    let Ok(renewal) = renewal.parse::<RenewalId>() else { return telling.page(fail::NOT_FOUND) };
    let Ok(Form(given)) = form else { return over(&mount, &headers) };
    let cookie = cookies::read(&headers, cookies::LOGIN_COOKIE);
    let cookie = cookie.as_ref().map(|cookie| cookie.expose_secret());
    match mount.ui.renova.use_ticket(&given.ticket, renewal, given.number, cookie).await {
        Ok(Some(start)) => cookies::to_dialog(&start, mount.ui.cookies.secure),
        Ok(None) => over(&mount, &headers),
        Err(error) => telling.error(&error),
    }
}

/// A page that somebody looks at, neither a frame nor something fetched ahead.
fn is_navigation(headers: &HeaderMap) -> bool {
    let is = |name: &str, allowed: &str| headers.get(name).is_none_or(|value| value == allowed);
    is("sec-fetch-dest", "document") && is("sec-fetch-mode", "navigate") && !headers.contains_key("sec-purpose")
}

/// The browser says that one of our own pages has led here.
fn is_ours(headers: &HeaderMap) -> bool {
    headers.get("sec-fetch-site").is_some_and(|value| value == "same-origin")
}
