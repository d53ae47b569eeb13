//! What the app itself is subscribed to, set in its dashboard or by
//! `/{app}/subscriptions`. An event is sent only where both the app and the Page
//! (or the account) are subscribed to its field.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Of one object.
#[derive(Clone, Default, Serialize, Deserialize)]
pub(crate) struct AppSubscription {
    pub callback_url: Option<String>,
    /// Sent in every verification of the callback.
    #[serde(default)]
    pub verify_token: Option<String>,
    pub fields: Vec<String>,
}

/// The objects an app can subscribe to here, with their fields.
const FIELDS: [(&str, &[&str]); 3] = [
    ("page", &crate::graph::PAGE_FIELDS),
    (
        "instagram",
        &[
            "messages",
            "messaging_postbacks",
            "messaging_seen",
            "messaging_referral",
            "messaging_handover",
            "messaging_optins",
            "messaging_policy_enforcement",
            "message_reactions",
            "message_edit",
            "message_echoes",
            "standby",
            "response_feedback",
            "comments",
            "live_comments",
            "mentions",
            "story_insights",
            "story_reactions",
            "share_to_story",
            "story_poll_response",
        ],
    ),
    (
        "permissions",
        &[
            "connected",
            "email",
            "pages_show_list",
            "business_management",
            "pages_messaging",
            "instagram_basic",
            "instagram_manage_messages",
            "pages_read_engagement",
            "pages_manage_metadata",
        ],
    ),
];

/// An object's name and fields; nothing for one that is not known.
pub(crate) fn object(name: &str) -> Option<(&'static str, &'static [&'static str])> {
    FIELDS.iter().copied().find(|(known, _)| *known == name)
}

pub(crate) fn objects() -> impl Iterator<Item = &'static str> {
    FIELDS.iter().map(|(name, _)| *name)
}

/// Everything that has to do with messages, without a callback.
pub(crate) fn default_subscriptions() -> BTreeMap<String, AppSubscription> {
    FIELDS
        .iter()
        .map(|(object, fields)| {
            let fields = fields
                .iter()
                .filter(|field| *object == "permissions" || field.starts_with("messag") || **field == "standby")
                .map(|field| (*field).to_owned())
                .collect();
            ((*object).to_owned(), AppSubscription { fields, ..AppSubscription::default() })
        })
        .collect()
}
