//! `/{account}/subscribed_apps`: which events of an account the app is sent.
//! The field names are Instagram's, not those of Pages.

use axum::http::Method;
use serde_json::json;

use super::accounts;
use super::reply::{api_error, no_permission, unsupported};
use crate::graph::{APPLICATION, GraphCall};
use crate::reply::{Answer, GraphError};
use crate::state::Meta;

pub(crate) const FIELDS: [&str; 20] = [
    "comments",
    "live_comments",
    "mentions",
    "messages",
    "message_edit",
    "message_reactions",
    "messaging_handover",
    "messaging_optins",
    "messaging_postbacks",
    "messaging_referral",
    "messaging_seen",
    "standby",
    "story_insights",
    "story_reactions",
    "share_to_story",
    "story_poll_response",
    "comment_poll_response",
    "follow",
    "delta",
    "onboarding_welcome_message_series",
];

pub(super) fn on_account(meta: &mut Meta<'_>, call: &GraphCall<'_>, node: &str) -> Answer {
    let account = accounts::own(meta, call, node)?.id;
    match *call.method {
        Method::GET => {
            let fields = meta.state.instagram.subscriptions.get(&account);
            let data: Vec<_> = fields
                .map(|fields| {
                    json!({
                        "link": format!("{}/", meta.config.public_url),
                        "name": APPLICATION,
                        "id": meta.config.instagram_app_id,
                        "subscribed_fields": fields,
                    })
                })
                .into_iter()
                .collect();
            Ok(json!({ "data": data }))
        }
        Method::POST => {
            let fields = wanted(meta, call, &account)?;
            meta.state.instagram.subscriptions.insert(account, fields);
            meta.state.changed = true;
            Ok(json!({ "success": true }))
        }
        Method::DELETE => {
            meta.state.instagram.subscriptions.remove(&account);
            meta.state.changed = true;
            Ok(json!({ "success": true }))
        }
        _ => Err(unsupported(call)),
    }
}

/// All or nothing: the first field that cannot be had refuses the call.
fn wanted(meta: &Meta<'_>, call: &GraphCall<'_>, account: &str) -> Result<Vec<String>, GraphError> {
    let asked = call
        .params
        .list("subscribed_fields")
        .filter(|fields| !fields.is_empty())
        .ok_or_else(|| api_error(100, "The parameter subscribed_fields is required"))?;
    let mut fields: Vec<String> = Vec::new();
    for (index, field) in asked.into_iter().enumerate() {
        if !FIELDS.contains(&field.as_str()) {
            return Err(api_error(
                100,
                format!("Param subscribed_fields[{index}] must be one of {{{}}} - got \"{field}\".", FIELDS.join(", ")),
            ));
        }
        if let Some(permission) = needed_for(&field)
            && !meta.instagram_allows(account, permission)
        {
            return Err(no_permission());
        }
        if !fields.contains(&field) {
            fields.push(field);
        }
    }
    Ok(fields)
}

fn needed_for(field: &str) -> Option<&'static str> {
    match field {
        "comments" | "live_comments" | "mentions" => Some("instagram_business_manage_comments"),
        "story_insights" => Some("instagram_business_manage_insights"),
        "standby" | "story_reactions" => Some("instagram_business_manage_messages"),
        _ if field.starts_with("message") || field.starts_with("messaging") => {
            Some("instagram_business_manage_messages")
        }
        _ => None,
    }
}
