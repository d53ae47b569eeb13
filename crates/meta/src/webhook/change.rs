//! A change: `field` and `value`.

use serde_json::value::RawValue;

use super::entry::Entry;
use super::json::{self, Fields};
use super::{Event, EventKind, Object, messaging};

/// Fields whose value is what otherwise stands in `messaging`: the dashboard's
/// *Test* button sends it so. Elsewhere a value may have a `message`, too: a
/// post's text.
const MESSAGING_FIELDS: [&str; 10] = [
    "messages",
    "message_echoes",
    "message_edit",
    "message_edits",
    "message_reactions",
    "message_reads",
    "message_deliveries",
    "messaging_postbacks",
    "messaging_seen",
    "standby",
];

/// An item of `changes`.
pub(super) fn read(object: &Object, entry: &Entry, change: &RawValue) -> Event {
    match Fields::of(change) {
        Some(fields) => event(object, entry, &fields),
        None => entry.event(EventKind::unreadable()),
    }
}

/// An item of `changed_fields`: only the name of what changed.
pub(super) fn read_name(object: &Object, entry: &Entry, name: &RawValue) -> Event {
    let Some(name) = json::text(name) else { return entry.event(EventKind::unreadable()) };
    entry.event(kind(object, json::word(&name), None))
}

/// What `field`, `value` and `verb` say.
pub(super) fn event(object: &Object, entry: &Entry, change: &Fields<'_>) -> Event {
    let Some(field) = change.word("field") else { return entry.event(EventKind::unreadable()) };
    let value = change.object("value");
    if let Some(value) = value.as_ref().filter(|_| MESSAGING_FIELDS.contains(&field.as_str()))
        && let Some(event) = messaging::event(entry, value, field == "standby")
    {
        return event;
    }
    let verb = change.word("verb").or_else(|| value?.word("verb"));
    entry.event(kind(object, field, verb))
}

fn kind(object: &Object, field: String, verb: Option<String>) -> EventKind {
    if *object == Object::Permissions {
        EventKind::Permission { field, verb: verb.unwrap_or_else(|| json::word("")) }
    } else {
        EventKind::Other(field)
    }
}
