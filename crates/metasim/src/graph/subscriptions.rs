//! `/{page}/subscribed_apps`: which events of a Page the app is sent. A POST
//! replaces the app's fields; whoever wants a union has to send it.

use axum::http::Method;
use serde_json::{Value, json};

use super::{GraphCall, debug::APPLICATION, pages};
use crate::reply::{Answer, GraphError};
use crate::state::Meta;
use crate::tokens::Viewer;

/// The Page-level names that have to do with messages, and a few others.
pub(crate) const PAGE_FIELDS: [&str; 30] = [
    "messages",
    "messaging_postbacks",
    "messaging_optins",
    "messaging_optouts",
    "messaging_referrals",
    "messaging_handovers",
    "messaging_policy_enforcement",
    "messaging_account_linking",
    "messaging_feedback",
    "messaging_integrity",
    "messaging_customer_information",
    "messaging_in_thread_lead_form_submit",
    "message_deliveries",
    "message_reads",
    "message_echoes",
    "message_edits",
    "message_reactions",
    "message_context",
    "message_mention",
    "standby",
    "response_feedback",
    "inbox_labels",
    "conversations",
    "calls",
    "send_cart",
    "feed",
    "mention",
    "leadgen",
    "story_share",
    "story_poll_response",
];

/// One of these roles is needed to subscribe.
const SUBSCRIBING_TASKS: [&str; 3] = ["CREATE_CONTENT", "MANAGE", "MODERATE"];

pub(super) fn on_page(meta: &mut Meta<'_>, call: &GraphCall<'_>, viewer: &Viewer, page: &str) -> Answer {
    pages::check_sees(meta, call, viewer, page)?;
    let person = match viewer {
        Viewer::Page { person, .. } => person,
        // The app may look at its subscriptions and end them by itself.
        Viewer::App if call.method != Method::POST => {
            return match *call.method {
                Method::GET => Ok(listed(meta, page)),
                Method::DELETE => Ok(remove(meta, page)),
                _ => Err(call.wrong_method()),
            };
        }
        Viewer::App | Viewer::Person { .. } => {
            return Err(GraphError::new(210, "(#210) A page access token is required to request this resource."));
        }
    };
    if !meta.allows(person, "pages_manage_metadata") {
        return Err(GraphError::permission(
            200,
            "(#200) Requires pages_manage_metadata permission to manage the object",
        ));
    }
    match *call.method {
        Method::GET => Ok(listed(meta, page)),
        Method::DELETE => Ok(remove(meta, page)),
        Method::POST => subscribe(meta, call, person, page),
        _ => Err(call.wrong_method()),
    }
}

fn subscribe(meta: &mut Meta<'_>, call: &GraphCall<'_>, person: &str, page: &str) -> Answer {
    let wanted = call
        .params
        .list("subscribed_fields")
        .filter(|fields| !fields.is_empty())
        .ok_or_else(|| GraphError::new(100, "(#100) The parameter subscribed_fields is required."))?;
    for (index, field) in wanted.iter().enumerate() {
        if !PAGE_FIELDS.contains(&field.as_str()) {
            return Err(GraphError::new(
                100,
                format!(
                    "(#100) Param subscribed_fields[{index}] must be one of {{{}}} - got \"{field}\".",
                    PAGE_FIELDS.join(", ")
                ),
            ));
        }
    }
    let tasks = meta.state.world.tasks_of(person, page).unwrap_or_default();
    if !tasks.iter().any(|task| SUBSCRIBING_TASKS.contains(&task.as_str())) {
        return Err(GraphError::permission(
            200,
            "(#200) User does not have sufficient administrative permission for this action on this page. If the page business requires Two Factor Authentication, the user also needs to enable Two Factor Authentication.",
        ));
    }
    // All or nothing: every refused field is named in one message.
    let refused: Vec<String> = wanted
        .iter()
        .filter_map(|field| {
            let permission = needed_for(field)?;
            (!meta.allows(person, permission))
                .then(|| format!("To subscribe to the {field} field, one of these permissions is needed: {permission}"))
        })
        .collect();
    if !refused.is_empty() {
        return Err(GraphError::permission(200, format!("(#200) {}", refused.join(". "))));
    }
    let mut fields: Vec<String> = Vec::new();
    for field in wanted {
        if !fields.contains(&field) {
            fields.push(field);
        }
    }
    meta.state.subscriptions.insert(page.to_owned(), fields);
    meta.state.changed = true;
    Ok(json!({ "success": true }))
}

fn needed_for(field: &str) -> Option<&'static str> {
    let is_message =
        field.starts_with("message") || matches!(field, "standby" | "response_feedback" | "send_cart" | "calls");
    if is_message { Some("pages_messaging") } else { None }
}

fn listed(meta: &Meta<'_>, page: &str) -> Value {
    let data: Vec<Value> = meta
        .state
        .subscriptions
        .get(page)
        .map(|fields| {
            json!({
                "category": "Business",
                "link": format!("{}/", meta.config.public_url),
                "name": APPLICATION,
                "id": meta.config.app_id,
                "subscribed_fields": fields,
            })
        })
        .into_iter()
        .collect();
    json!({ "data": data })
}

fn remove(meta: &mut Meta<'_>, page: &str) -> Value {
    meta.state.subscriptions.remove(page);
    meta.state.changed = true;
    json!({ "success": true })
}
