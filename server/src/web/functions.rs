//! What kinds of server functions there are, by name.

use http::Method;

/// Where server functions are mounted.
pub const PREFIX: &str = "/api/ui/";

/// Renova's own log-in: not mounted for hosts, which have theirs. They need no session.
const ACCOUNT: &[&str] = &["login", "logout", "set_password"];

/// Need an administrator. Each checks it again itself; here the refusal gets its page.
const ADMIN: &[&str] = &[
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

/// Paths of the functions of Renova's own log-in.
pub fn account() -> impl Iterator<Item = String> {
    ACCOUNT.iter().map(|name| format!("{PREFIX}{name}"))
}

pub fn is_account(name: &str) -> bool {
    ACCOUNT.contains(&name)
}

pub fn needs_admin(name: &str) -> bool {
    ADMIN.contains(&name)
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
