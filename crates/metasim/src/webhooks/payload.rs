//! Notifications as Meta writes them: ids as texts, times in milliseconds, no
//! `seq`, keys in Meta's order.

use serde::Serialize;
use serde_json::{Map, Value, json};

use super::Event;
use super::channel::{Channel, Route};
use super::signature::ascii_json;
use crate::state::Meta;

/// Updates that one entry carries when several come at once.
const PER_ENTRY: usize = 2;

#[derive(Serialize)]
struct Notification {
    object: &'static str,
    entry: Vec<Entry>,
}

#[derive(Serialize, Default)]
struct Entry {
    id: String,
    time: i64,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    messaging: Vec<Item>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    standby: Vec<Item>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    changes: Vec<Change>,
    // Instagram Login has no `changes`: what would be in there is here.
    #[serde(flatten)]
    change: Option<Change>,
}

#[derive(Serialize)]
struct Item {
    sender: Value,
    recipient: Value,
    timestamp: i64,
    #[serde(flatten)]
    what: Map<String, Value>,
}

#[derive(Serialize)]
struct Change {
    field: &'static str,
    value: Value,
}

/// A written notification, with the `mid`s in it.
pub(super) struct Written {
    pub body: String,
    pub mids: Vec<String>,
}

impl Meta<'_> {
    pub(super) fn write(
        &mut self,
        channel: &Channel,
        event: Event,
        text: Option<&str>,
        count: usize,
    ) -> Option<Written> {
        let field = channel.field(event).ok()?;
        let mut mids = Vec::new();
        let mut entry: Vec<Entry> = Vec::new();
        for _ in 0..count {
            let mut update = Entry { id: channel.id.clone(), time: self.now_ms, ..Entry::default() };
            match event {
                Event::Comment => {
                    let change = Change { field, value: self.comment(channel, text) };
                    match channel.route {
                        Route::InstagramLogin => update.change = Some(change),
                        _ => update.changes.push(change),
                    }
                }
                Event::Standby => update.standby.push(self.item(channel, event, text, &mut mids)),
                _ => update.messaging.push(self.item(channel, event, text, &mut mids)),
            }
            match entry.last_mut().filter(|last| update.change.is_none() && last.len() < PER_ENTRY) {
                Some(last) => last.take(update),
                None => entry.push(update),
            }
        }
        let body = ascii_json(&Notification { object: channel.object(), entry })?;
        Some(Written { body, mids })
    }

    fn item(&mut self, channel: &Channel, event: Event, text: Option<&str>, mids: &mut Vec<String>) -> Item {
        let customer = json!({"id": self.customer(channel)});
        let own = json!({"id": channel.id});
        let (sender, recipient) = if event == Event::Echo { (own, customer) } else { (customer, own) };
        // Meta needs a moment between the event and the notification.
        let timestamp = self.now_ms - 412;
        let (name, value) = self.what(channel, event, text, timestamp, mids);
        let mut what = Map::new();
        what.insert(name.to_owned(), value);
        Item { sender, recipient, timestamp, what }
    }

    fn what(
        &mut self,
        channel: &Channel,
        event: Event,
        text: Option<&str>,
        timestamp: i64,
        mids: &mut Vec<String>,
    ) -> (&'static str, Value) {
        let on_page = channel.route == Route::Page;
        // Reactions and the like speak of the message before.
        let about_former = matches!(event, Event::Reaction | Event::Read | Event::Edit | Event::Delivery);
        let former = self.state.webhooks.last_mid(&channel.id).filter(|_| about_former);
        let mid = former.unwrap_or_else(|| self.new_mid(channel));
        mids.push(mid.clone());
        let words = |fallback: &str| text.unwrap_or(fallback).to_owned();
        match event {
            Event::Message | Event::Standby => {
                ("message", json!({"mid": mid, "text": words("Olá, ainda há no tamanho M?")}))
            }
            Event::Echo => {
                let mut message = json!({"mid": mid, "text": words("Temos, sim! ☕"), "is_echo": true});
                if on_page && let Ok(app) = self.config.app_id.parse::<u64>() {
                    message["app_id"] = json!(app);
                }
                ("message", message)
            }
            Event::StoryMention => {
                let url = self.media_url();
                let attachment = json!({"type": "story_mention", "payload": {"url": url}});
                ("message", json!({"mid": mid, "attachments": [attachment]}))
            }
            Event::StoryReply => {
                let story = json!({"url": self.media_url(), "id": self.digits("178", 17)});
                ("message", json!({"mid": mid, "text": words("Que lindo! 😍"), "reply_to": {"story": story}}))
            }
            Event::Reaction => (
                "reaction",
                json!({"mid": mid, "action": "react", "reaction": "love", "emoji": words("\u{2764}\u{fe0f}")}),
            ),
            Event::Postback => ("postback", json!({"mid": mid, "title": words("Começar"), "payload": "GET_STARTED"})),
            Event::Read if on_page => ("read", json!({"watermark": timestamp})),
            Event::Read => ("read", json!({"mid": mid})),
            Event::Delivery => ("delivery", json!({"mids": [mid], "watermark": timestamp})),
            Event::Edit => {
                ("message_edit", json!({"mid": mid, "text": words("Olá, ainda há no tamanho G?"), "num_edit": 1}))
            }
            Event::Comment => ("comment", Value::Null),
        }
    }

    fn comment(&mut self, channel: &Channel, text: Option<&str>) -> Value {
        json!({
            "from": {"id": self.customer(channel), "username": "cliente.da.aurora"},
            "media": {"id": self.digits("179", 17), "media_product_type": "FEED"},
            "id": self.digits("180", 17),
            "text": text.unwrap_or("Adorei! Tem em azul?"),
        })
    }

    /// The same person writes to a channel each time. Messenger's ids for
    /// people are a digit longer than Instagram's.
    fn customer(&self, channel: &Channel) -> String {
        let number = channel.id.parse().unwrap_or_default();
        let (start, length) = if channel.route == Route::Page { ("2", 16) } else { ("1", 15) };
        digits_of("customer", number, start, length)
    }

    fn new_mid(&mut self, channel: &Channel) -> String {
        let mid = if channel.route == Route::Page {
            format!("m_{}", self.state.random.text(96))
        } else {
            format!("aWdfZAG1faXRlbToxOklHTWVzc2FnZAUlEOj{}ZD", self.state.random.text(120))
        };
        self.state.webhooks.remember_mid(&channel.id, &mid);
        self.state.changed = true;
        mid
    }

    fn media_url(&mut self) -> String {
        format!(
            "https://lookaside.fbsbx.com/ig_messaging_cdn/?asset_id={}&signature=Ab{}",
            self.digits("179", 17),
            self.state.random.text(86)
        )
    }

    fn digits(&mut self, start: &str, length: usize) -> String {
        let text = self.state.random.text(length - start.len());
        self.state.changed = true;
        start.chars().chain(text.bytes().map(|byte| char::from(b'0' + byte % 10))).collect()
    }
}

impl Entry {
    fn len(&self) -> usize {
        self.messaging.len() + self.standby.len() + self.changes.len()
    }

    fn take(&mut self, other: Entry) {
        self.messaging.extend(other.messaging);
        self.standby.extend(other.standby);
        self.changes.extend(other.changes);
    }
}

fn digits_of(seed: &str, number: u64, start: &str, length: usize) -> String {
    let text = crate::random::text(seed, number, length - start.len());
    start.chars().chain(text.bytes().map(|byte| char::from(b'0' + byte % 10))).collect()
}

/// `permissions`: what a person gave or took.
pub(super) fn of_permissions(user: &str, now: i64, changes: Vec<Value>) -> Option<String> {
    ascii_json(&json!({
        "object": "permissions",
        "entry": [{"id": user, "uid": user, "time": now, "changes": changes}],
    }))
}
