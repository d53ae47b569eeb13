//! An item of `messaging` or `standby`: one key says what it is.

use serde_json::value::RawValue;

use super::entry::Entry;
use super::json::{self, Fields};
use super::{Event, EventKind};

/// Keys that say nothing about the kind.
const ENVELOPE: [&str; 5] = ["sender", "recipient", "timestamp", "prior_message", "hop_context"];

pub(super) fn read(entry: &Entry, value: &RawValue, standby: bool) -> Event {
    let event = Fields::of(value).map(|fields| {
        event(entry, &fields, standby).unwrap_or_else(|| dated(entry, &fields, EventKind::Other(other_name(&fields))))
    });
    let event = event.unwrap_or_else(|| entry.event(EventKind::unreadable()));
    Event { standby, ..event }
}

/// [`None`] where no key is of a known kind.
pub(super) fn event(entry: &Entry, fields: &Fields<'_>, standby: bool) -> Option<Event> {
    const KINDS: [(&str, EventKind); 6] = [
        ("message", EventKind::Message),
        ("message_edit", EventKind::Edit),
        ("reaction", EventKind::Reaction),
        ("postback", EventKind::Postback),
        ("read", EventKind::Read),
        ("delivery", EventKind::Delivery),
    ];
    let (key, kind) = KINDS.into_iter().find(|(key, _)| fields.get(key).is_some())?;
    let Some(part) = fields.object(key) else { return Some(dated(entry, fields, EventKind::unreadable())) };
    let kind = if kind == EventKind::Message { kind_of_message(entry, fields, &part) } else { kind };
    Some(Event { mid: part.mid(), standby, ..dated(entry, fields, kind) })
}

fn dated(entry: &Entry, fields: &Fields<'_>, kind: EventKind) -> Event {
    let event = entry.event(kind);
    Event { at_ms: fields.instant_ms("timestamp").or(event.at_ms), ..event }
}

fn kind_of_message(entry: &Entry, fields: &Fields<'_>, message: &Fields<'_>) -> EventKind {
    if message.is_true("is_echo") || is_from_account(entry, fields) {
        EventKind::Echo
    } else if message.is_true("is_deleted") {
        EventKind::Edit
    } else if mentions_in_story(message) {
        EventKind::StoryMention
    } else if message.object("reply_to").is_some_and(|to| to.get("story").is_some()) {
        EventKind::StoryReply
    } else {
        EventKind::Message
    }
}

/// Instagram marks what an account writes to itself as `is_self`, not as an
/// echo.
fn is_from_account(entry: &Entry, fields: &Fields<'_>) -> bool {
    !entry.account_id.is_empty()
        && fields.object("sender").and_then(|sender| sender.id("id")).is_some_and(|sender| sender == entry.account_id)
}

fn mentions_in_story(message: &Fields<'_>) -> bool {
    let attachments = message.get("attachments").and_then(json::list).unwrap_or_default();
    attachments
        .into_iter()
        .filter_map(Fields::of)
        .any(|attachment| attachment.get("type").and_then(json::text).is_some_and(|kind| kind == "story_mention"))
}

/// The name of the first key with an object; of any key where none has one.
fn other_name(fields: &Fields<'_>) -> String {
    let unknown = || fields.names().filter(|name| !ENVELOPE.contains(name));
    let name = unknown().find(|name| fields.object(name).is_some()).or_else(|| unknown().next());
    name.map_or_else(|| "empty".to_owned(), json::word)
}
