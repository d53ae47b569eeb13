//! One entry: an account, and what happened to it, in any of the forms in which
//! Meta writes that.

use serde_json::value::RawValue;

use super::json::{self, Fields};
use super::{Event, EventKind, Object, Unreadable, change, messaging};

/// What an entry's events have in common.
pub(super) struct Entry {
    pub(super) account_id: String,
    pub(super) at_ms: Option<i64>,
}

impl Entry {
    fn of(object: &Object, fields: &Fields<'_>) -> Self {
        // For permissions `id` repeats `uid`, or is the app's.
        let person = (*object == Object::Permissions).then(|| fields.id("uid")).flatten();
        let account_id = person.or_else(|| fields.id("id")).unwrap_or_default();
        Self { account_id, at_ms: fields.instant_ms("time") }
    }

    pub(super) fn event(&self, kind: EventKind) -> Event {
        Event { account_id: self.account_id.clone(), at_ms: self.at_ms, kind, mid: None, standby: false }
    }
}

/// The events so far, and how many there may be.
pub(super) struct Events {
    list: Vec<Event>,
    most: usize,
}

impl Events {
    pub(super) fn new(most: usize) -> Self {
        Self { list: Vec::new(), most }
    }

    pub(super) fn into_list(self) -> Vec<Event> {
        self.list
    }

    fn push(&mut self, event: Event) -> Result<(), Unreadable> {
        self.make_room(1)?;
        self.list.push(event);
        Ok(())
    }

    fn make_room(&self, more: usize) -> Result<(), Unreadable> {
        if self.list.len() + more > self.most { Err(Unreadable::TooManyEvents) } else { Ok(()) }
    }
}

pub(super) fn read(object: &Object, entry: &RawValue, events: &mut Events) -> Result<(), Unreadable> {
    let Some(fields) = Fields::of(entry) else {
        let nobody = Entry { account_id: String::new(), at_ms: None };
        return events.push(nobody.event(EventKind::unreadable()));
    };
    let entry = Entry::of(object, &fields);
    let mut is_known = false;
    for (name, read) in READERS {
        let Some(value) = fields.get(name) else { continue };
        is_known = true;
        let Some(list) = json::list(value) else {
            events.push(entry.event(EventKind::unreadable()))?;
            continue;
        };
        events.make_room(list.len())?;
        for value in list {
            events.push(read(object, &entry, value))?;
        }
    }
    // Instagram Login writes a change right into the entry.
    if fields.get("field").is_some() {
        return events.push(change::event(object, &entry, &fields));
    }
    if is_known { Ok(()) } else { events.push(entry.event(EventKind::Other(unknown_name(&fields)))) }
}

type Reader = fn(&Object, &Entry, &RawValue) -> Event;

/// The lists of an entry, and how their items are read.
const READERS: [(&str, Reader); 4] = [
    ("messaging", |_, entry, value| messaging::read(entry, value, false)),
    ("standby", |_, entry, value| messaging::read(entry, value, true)),
    ("changes", change::read),
    ("changed_fields", change::read_name),
];

fn unknown_name(fields: &Fields<'_>) -> String {
    let name = fields.names().find(|name| !matches!(*name, "id" | "uid" | "time"));
    name.map_or_else(|| "empty".to_owned(), json::word)
}
