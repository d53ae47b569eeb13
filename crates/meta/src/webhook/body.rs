//! The body as a whole, and how much of it may be.

use super::json::{self, Fields};
use super::{Notification, Object, entry};

/// Largest body that is read, in bytes. Meta's batches of 1,000 stay far below.
pub const LARGEST_BODY: usize = 4 * 1024 * 1024;
/// Meta sends at most as many.
const MOST_ENTRIES: usize = 1_000;
const MOST_EVENTS: usize = 5_000;
/// Meta's deepest documented notification has 12 levels.
const DEEPEST: usize = 64;

/// Why a body is no notification. Says nothing of what is in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// Larger than [`LARGEST_BODY`].
    #[error("the notification is too large")]
    TooLarge,
    /// Lists and objects inside each other, deeper than 64 levels.
    #[error("the notification is nested too deeply")]
    TooDeep,
    /// Not a JSON object with a list of entries.
    #[error("the notification does not have the documented form")]
    NotANotification,
    /// More than 1,000 entries.
    #[error("the notification has too many entries")]
    TooManyEntries,
    /// More than 5,000 events.
    #[error("the notification has too many events")]
    TooManyEvents,
}

/// Reads a notification whose signature was verified.
///
/// Unknown fields are no error, and a broken event does not take the others
/// with it: it becomes [`EventKind::Other`](super::EventKind::Other)
/// `unreadable`.
///
/// # Errors
/// [`Unreadable`] where the body as a whole is no notification.
pub fn parse(body: &[u8]) -> Result<Notification, Unreadable> {
    if body.len() > LARGEST_BODY {
        return Err(Unreadable::TooLarge);
    }
    if depth(body) > DEEPEST {
        return Err(Unreadable::TooDeep);
    }
    // Meta sends ASCII. A broken character would otherwise spoil the whole batch.
    let text = String::from_utf8_lossy(body);
    let fields = Fields::parse(&text).ok_or(Unreadable::NotANotification)?;
    let entries = fields.get("entry").and_then(json::list).ok_or(Unreadable::NotANotification)?;
    if entries.len() > MOST_ENTRIES {
        return Err(Unreadable::TooManyEntries);
    }
    let object = object(&fields);
    let mut events = entry::Events::new(MOST_EVENTS);
    for entry in entries {
        entry::read(&object, entry, &mut events)?;
    }
    Ok(Notification { object, events: events.into_list() })
}

fn object(fields: &Fields<'_>) -> Object {
    let name = fields.word("object").unwrap_or_else(|| json::word(""));
    match name.as_str() {
        "page" => Object::Page,
        "instagram" => Object::Instagram,
        "permissions" => Object::Permissions,
        _ => Object::Other(name),
    }
}

/// How deep lists and objects go, whether or not the rest is JSON.
fn depth(body: &[u8]) -> usize {
    let (mut depth, mut deepest) = (0_usize, 0);
    let (mut in_text, mut escaped) = (false, false);
    for byte in body {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_text => escaped = true,
            b'"' => in_text = !in_text,
            b'[' | b'{' if !in_text => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            b']' | b'}' if !in_text => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    deepest
}
