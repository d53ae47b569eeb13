//! What kinds of server functions there are, by name.

use http::Method;

/// Where server functions are mounted.
pub const PREFIX: &str = "/api/ui/";

/// Renova's own log-in and accounts: not mounted for hosts, which have theirs. Those that need a
/// session ask for it themselves.
const ACCOUNT: &[&str] = &[
    "login",
    "logout",
    "set_password",
    "ask_for_reset",
    "accept_invitation",
    "change_password",
    "set_language",
    "log_out_everywhere",
    "use_renewal_link",
];

/// Renova's own team: as [`ACCOUNT`], for administrators.
const TEAM: &[&str] = &["invite", "withdraw_invitation", "set_role", "remove_person"];

/// Renova's own pages of keys, webhooks and links: as [`TEAM`].
const SETTINGS: &[&str] = &[
    "make_api_key",
    "revoke_api_key",
    "add_webhook",
    "rotate_webhook",
    "test_webhook",
    "switch_webhook",
    "remove_webhook",
    "resend_webhook",
    "add_embed_origin",
    "remove_embed_origin",
    "send_renewal_link",
];

/// The steps of one renewal: all that somebody may call who is here for it and nothing else. Each looks
/// itself whether it is that renewal.
const STEPS: &[&str] = &["renewal", "exchange", "hand_over", "choose", "prove", "finish", "cancel"];

/// For whoever comes or goes, as whoever that is.
const COMING_AND_GOING: &[&str] =
    &["login", "logout", "use_renewal_link", "set_password", "ask_for_reset", "accept_invitation"];

pub fn is_for_guests(name: &str) -> bool {
    STEPS.contains(&name) || COMING_AND_GOING.contains(&name)
}

/// Need an administrator. Each checks it again itself; here the refusal gets its page.
const ADMIN: &[&str] = &[
    "start",
    "start_renewal",
    "renewal",
    "exchange",
    "hand_over",
    "choose",
    "prove",
    "finish",
    "cancel",
    "disconnect",
    "disconnect_channel",
    "sign_review",
    "story_options",
    "set_warnings",
    "set_organization",
];

/// The function's name in a path, if it is one.
pub fn name(path: &str) -> Option<&str> {
    path.strip_prefix(PREFIX)
}

/// Paths of the functions that only Renova's own pages have.
pub fn own() -> impl Iterator<Item = String> {
    ACCOUNT.iter().chain(TEAM).chain(SETTINGS).map(|name| format!("{PREFIX}{name}"))
}

pub fn is_own(name: &str) -> bool {
    is_account(name) || TEAM.contains(&name) || SETTINGS.contains(&name)
}

pub fn is_account(name: &str) -> bool {
    ACCOUNT.contains(&name)
}

pub fn needs_admin(name: &str) -> bool {
    ADMIN.contains(&name) || TEAM.contains(&name) || SETTINGS.contains(&name)
}

/// What banner and wizard ask for: in an embed there is nothing else.
const EMBEDDED: &[&str] = &[
    "alerts",
    "start",
    "start_renewal",
    "renewal",
    "exchange",
    "hand_over",
    "choose",
    "prove",
    "finish",
    "cancel",
    "request_renewal",
    "snooze",
];

pub fn is_embedded(name: &str) -> bool {
    EMBEDDED.contains(&name)
}

/// What open pages ask by themselves: no sign that anybody is there.
const POLLED: &[&str] = &["alerts", "renewal", "live"];

pub fn is_polled(name: &str) -> bool {
    POLLED.contains(&name)
}

/// No request with these methods changes anything.
pub fn is_safe(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}
