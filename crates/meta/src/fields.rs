//! Webhook fields of a Page's subscription, and of an Instagram account's with
//! Instagram Login.
//!
//! For a Page only names of the Page's own list. Instagram has names of its own
//! (`messaging_seen`, `story_insights`…), which a Page refuses: for Instagram
//! accounts of Pages they are subscribed for the whole app in Meta's dashboard.
//! Meta: `graph-api/reference/page/subscribed_apps`.

/// What a Messenger channel needs.
pub const MESSENGER_FIELDS: &[&str] = &[
    "messages",
    "messaging_postbacks",
    "messaging_referrals",
    "message_reactions",
    "message_echoes",
    "message_deliveries",
    "message_reads",
];

/// What an Instagram channel needs from the Page it is linked to. Mentions in
/// stories and replies to stories come with `messages`, reactions to them with
/// `message_reactions`.
pub const INSTAGRAM_FIELDS: &[&str] = &["messages", "messaging_postbacks", "messaging_referrals", "message_reactions"];

/// What a channel of Instagram Login needs from its account, by the names that
/// an Instagram account's list has: `messaging_referral`, not `_referrals`.
/// Meta: `instagram-platform/webhooks`.
pub const INSTAGRAM_LOGIN_FIELDS: &[&str] =
    &["messages", "messaging_postbacks", "messaging_referral", "message_reactions"];

/// The name by which the webhook object `instagram` knows a field of a Page's
/// list. Meta: `instagram-platform/webhooks`.
#[must_use]
pub fn instagram_name(page_field: &str) -> &str {
    match page_field {
        "messaging_referrals" => "messaging_referral",
        "messaging_handovers" => "messaging_handover",
        "message_reads" => "messaging_seen",
        "message_edits" => "message_edit",
        same => same,
    }
}
