//! The start page for people: who is there, what is granted, what was asked and
//! sent, with a button for everything that happens at Meta. It works without
//! scripts: each button is a form to `/_sim/do/…` that comes back here.

mod parts;
mod traffic;
mod world;

use axum::extract::{RawQuery, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use url::form_urlencoded;

use crate::Sim;
use crate::html::escape;
use crate::state::Meta;
use parts::{Said, section};

const STYLE: &str = include_str!("start/style.css");

/// For those who steer it by hand or from a test.
const ROUTES: [&str; 26] = [
    "POST /_sim/reset",
    "GET, POST /_sim/clock {\"advance\":\"60d\"} or {\"set\":\"2027-01-31T12:00:00Z\"}",
    "GET, DELETE /_sim/calls",
    "GET /_sim/world",
    "POST /_sim/grants {\"person\":\"Ana Souza\",\"ends_in\":\"5d\"}",
    "PUT /_sim/people {\"people\":[{\"name\":\"…\",\"email\":\"…\"}]}",
    "PUT /_sim/pages {\"pages\":[{\"name\":\"…\",\"people\":[\"Ana Souza\"],\"instagram\":{\"username\":\"…\"}}]}",
    "PUT /_sim/businesses {\"businesses\":[{\"name\":\"…\",\"people\":[\"Ana Souza\"],\"owned_pages\":[\"Loja Aurora\"]}]}",
    "PUT /_sim/settings {\"webhook_url\":\"http://127.0.0.1:3000/meta/webhooks\",\"verify_token\":\"…\"}",
    "PUT /_sim/permissions {\"person\":\"…\",\"permission\":\"pages_messaging\",\"granted\":false}",
    "PUT /_sim/subscriptions {\"page\":\"…\",\"fields\":[]}",
    "PUT /_sim/app-fields {\"object\":\"instagram\",\"fields\":[\"messages\"]}",
    "POST /_sim/invalidate {\"person\":\"…\",\"subcode\":460,\"page\":\"…\"}",
    "POST /_sim/invalidate {\"instagram\":\"aurora.kids\"}",
    "POST /_sim/deauthorize {\"person\":\"…\",\"callback\":true}",
    "POST /_sim/data-deletion {\"person\":\"…\"}",
    "POST /_sim/webhook {\"channel\":\"@loja.aurora\",\"event\":\"story_mention\",\"count\":1}",
    "POST /_sim/handshake",
    "GET, DELETE /_sim/deliveries",
    "POST /_sim/replay {\"number\":1}",
    "GET, DELETE /_sim/faults",
    "POST /_sim/faults {\"on\":\"graph:/me/accounts\",\"fault\":\"http_500\",\"times\":2}",
    "POST /_sim/faults {\"on\":\"graph:/me\",\"fault\":\"error\",\"code\":190,\"subcode\":459}",
    "GET /_sim/fault-kinds",
    "hosts: /www /graph /ig-www /ig-api /ig-graph",
    "a fault waits on host:/path; {id} is any number, * any rest, ?key=value one parameter",
];

pub(super) async fn show(State(sim): State<Sim>, RawQuery(query): RawQuery) -> Response {
    let said = said(query.as_deref().unwrap_or_default());
    let text = sim.with(|meta| page(meta, said.as_ref()));
    ([(CONTENT_TYPE, "text/html; charset=utf-8"), (CACHE_CONTROL, "no-store")], text).into_response()
}

/// Where the browser goes when an action has been done.
pub(super) fn way_back(at: &str, text: &str, bad: bool) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.append_pair("at", at).append_pair("said", text);
    if bad {
        query.append_pair("bad", "1");
    }
    format!("{}?{}#{at}", super::OVERVIEW_PATH, query.finish())
}

fn said(query: &str) -> Option<Said> {
    let pairs: Vec<(String, String)> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    let get = |wanted: &str| pairs.iter().find(|(name, _)| name == wanted).map(|(_, value)| value.clone());
    Some(Said { at: get("at")?, text: get("said")?, bad: get("bad").is_some() })
}

fn page(meta: &Meta<'_>, said: Option<&Said>) -> String {
    let routes: String = ROUTES.iter().map(|route| format!("<li><code>{}</code></li>", escape(route))).collect();
    let routes = format!("<details><summary>All control routes</summary><ul class=\"routes\">{routes}</ul></details>");
    let sections = [
        ("clock", "Clock", "Tokens, permissions and repeated webhooks go by this time.", traffic::clock(meta)),
        ("people", "People", "Who can log in, and what they have granted your app.", world::people(meta)),
        (
            "businesses",
            "Businesses",
            "Portfolios that hold Pages and can grant a token without end.",
            world::businesses(meta),
        ),
        ("pages", "Pages", "A person without a role can no longer act for a Page.", world::pages(meta)),
        ("instagram", "Instagram accounts", "Through their Page, or by Instagram Login.", world::accounts(meta)),
        (
            "webhooks",
            "Webhooks",
            "Sent where both the app and the Page or account are subscribed.",
            traffic::webhooks(meta),
        ),
        ("faults", "Faults", "The next calls of one path are answered as on a bad day.", traffic::faults(meta)),
        ("calls", "Latest calls", "What your app has asked, newest first. Secrets are masked.", traffic::calls(meta)),
        ("control", "Control by JSON", "Every button here is also a route.", routes),
    ];
    let links: String =
        sections.iter().map(|(id, title, ..)| format!("<li><a href=\"#{id}\">{title}</a></li>")).collect();
    let content: String =
        sections.iter().map(|(id, title, intro, content)| section(id, title, intro, said, content)).collect();
    format!(
        "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
         <title>Simulated Meta</title><style>{STYLE}</style></head><body>\
         <header><h1>Simulated Meta</h1>\
         <p class=\"soft\">App <code>{}</code>, Instagram app <code>{}</code>. Nothing here reaches the real Meta.</p>\
         <nav aria-label=\"Sections\"><ul>{links}</ul></nav></header>\
         <main>{content}</main></body></html>",
        escape(&meta.config.app_id),
        escape(&meta.config.instagram_app_id)
    )
}
