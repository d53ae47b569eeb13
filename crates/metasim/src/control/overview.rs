//! The start page for people: who is there, what is granted, what was asked.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde_json::Value;

use crate::Sim;
use crate::clock::rfc3339;
use crate::html::{self, escape};
use crate::state::Meta;
use crate::tokens::TokenKind;

const SHOWN_CALLS: usize = 30;

const ROUTES: [&str; 16] = [
    "POST /_sim/reset",
    "GET, POST /_sim/clock {\"advance\":\"60d\"} or {\"set\":\"2027-01-31T12:00:00Z\"}",
    "GET, DELETE /_sim/calls",
    "GET /_sim/world",
    "PUT /_sim/people {\"replace\":false,\"people\":[{\"name\":\"…\",\"email\":\"…\"}]}",
    "PUT /_sim/pages {\"replace\":false,\"pages\":[{\"name\":\"…\",\"people\":[\"Ana Souza\"],\"instagram\":{\"username\":\"…\"}}]}",
    "PUT /_sim/settings {\"require_appsecret_proof\":true}",
    "PUT /_sim/permissions {\"person\":\"…\",\"permission\":\"pages_messaging\",\"granted\":false}",
    "PUT /_sim/subscriptions {\"page\":\"…\",\"fields\":[]}",
    "POST /_sim/invalidate {\"person\":\"…\",\"subcode\":460,\"page\":\"…\"}",
    "POST /_sim/deauthorize {\"person\":\"…\"}",
    "GET, DELETE /_sim/faults",
    "POST /_sim/faults {\"on\":\"graph:/me/accounts\",\"fault\":\"http_500\",\"times\":2}",
    "faults before the call: http_500 http_503 rate_limit rate_limit_page rate_limit_business timeout reset html html_502 empty empty_object not_json huge redirect error",
    "faults after the call: slow truncated lost wrong_type missing_expires_in",
    "faults at the end of the dialog (on www:/dialog/oauth): dialog_denied dialog_error_901",
];

pub(super) async fn show(State(sim): State<Sim>) -> Response {
    let content = sim.with(|meta| content(meta));
    html::page(StatusCode::OK, "en", "Simulated Meta", "State of the simulator", true, &content)
}

fn content(meta: &Meta<'_>) -> String {
    let mut out = format!("<p>Simulated time: {}. App {}.</p>", rfc3339(meta.now_ms), escape(&meta.config.app_id));
    out.push_str("<h2>People and grants</h2>");
    out.push_str(&table(
        &["Person", "Id", "Granted Pages", "User tokens"],
        meta.state.world.people.iter().map(|person| {
            let grant = meta.state.grants.get(&person.id);
            let pages = grant
                .map_or_else(|| "no grant".to_owned(), |grant| names(meta, grant.pages.iter().map(String::as_str)));
            let ends: Vec<String> = meta
                .state
                .tokens
                .iter()
                .filter(|(_, token)| token.kind == TokenKind::User && token.person == person.id)
                .map(|(text, token)| match meta.live_token(text) {
                    Ok(_) => format!("until {}", rfc3339(token.expires_at * 1000)),
                    Err(error) => format!("dead ({}/{})", error.code, error.subcode.unwrap_or_default()),
                })
                .collect();
            vec![person.name.clone(), person.id.clone(), pages, ends.join(", ")]
        }),
    ));
    out.push_str("<h2>Pages</h2>");
    out.push_str(&table(
        &["Page", "Id", "People", "Instagram", "Subscribed fields"],
        meta.state.world.pages.iter().map(|page| {
            let people: Vec<&str> = page
                .roles
                .iter()
                .filter_map(|role| meta.state.world.person(&role.person))
                .map(|person| person.name.as_str())
                .collect();
            vec![
                page.name.clone(),
                page.id.clone(),
                people.join(", "),
                page.instagram
                    .as_ref()
                    .map(|account| format!("@{} {}", account.username, account.id))
                    .unwrap_or_default(),
                meta.state.subscriptions.get(&page.id).map(|fields| fields.join(", ")).unwrap_or_default(),
            ]
        }),
    ));
    out.push_str("<h2>Last calls</h2>");
    out.push_str(&table(
        &["At", "Call", "Status", "Fault"],
        meta.state.calls.newest(SHOWN_CALLS).map(|call| {
            let text = |name: &str| match &call[name] {
                Value::Null => String::new(),
                Value::String(text) => text.clone(),
                other => other.to_string(),
            };
            vec![
                text("at"),
                format!("{} {}:{}", text("method"), text("host"), text("path")),
                text("status"),
                text("fault"),
            ]
        }),
    ));
    out.push_str("<h2>Control</h2><ul>");
    for route in ROUTES {
        out.push_str(&format!("<li><code>{}</code></li>", escape(route)));
    }
    out.push_str("</ul>");
    out
}

fn names<'a>(meta: &Meta<'_>, ids: impl Iterator<Item = &'a str>) -> String {
    ids.map(|id| meta.state.world.page(id).map_or(id, |page| page.name.as_str())).collect::<Vec<_>>().join(", ")
}

fn table(heads: &[&str], rows: impl Iterator<Item = Vec<String>>) -> String {
    let mut out = String::from("<div class=\"scroll\"><table><thead><tr>");
    for head in heads {
        out.push_str(&format!("<th>{}</th>", escape(head)));
    }
    out.push_str("</tr></thead><tbody>");
    for row in rows {
        out.push_str("<tr>");
        for cell in row {
            out.push_str(&format!("<td>{}</td>", escape(&cell)));
        }
        out.push_str("</tr>");
    }
    out.push_str("</tbody></table></div>");
    out
}
