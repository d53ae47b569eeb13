//! What Meta tells the webhook: first [`verify`] the raw bytes, then [`parse`]
//! them.
//!
//! Of a message only its id, its account, its kind and its time are taken.
//! Texts, media and senders are read past: no type here has room for them.
//!
//! Meta: `graph-api/webhooks/getting-started`, `messenger-platform/webhooks`,
//! `instagram-platform/webhooks/examples`.

mod body;
mod change;
mod entry;
mod json;
mod messaging;
mod signature;

pub use body::{LARGEST_BODY, Unreadable, parse};
pub use signature::verify;

/// One notification: what happened to any number of accounts of one kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notification {
    /// What the accounts are.
    pub object: Object,
    /// In the order in which Meta wrote them. Meta does not promise that this is
    /// the order in which they happened.
    pub events: Vec<Event>,
}

/// What a notification is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Object {
    /// Facebook Pages.
    Page,
    /// Instagram professional accounts.
    Instagram,
    /// What people granted to the app, or took back.
    Permissions,
    /// Meta's name of anything else; `unknown` where it is no plain word.
    Other(String),
}

/// One thing that happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Page or Instagram professional account; the app-scoped id of the person
    /// where the object is [`Object::Permissions`]. Empty where Meta does not
    /// say it, `0` in what the dashboard's *Test* button sends.
    pub account_id: String,
    /// Milliseconds since 1970: when it happened, else when Meta reported it.
    pub at_ms: Option<i64>,
    /// What happened.
    pub kind: EventKind,
    /// The message's id. An edit, a reaction and a reading name the message that
    /// they are about, so this alone does not tell two events apart: see
    /// [`Event::identity`].
    pub mid: Option<String>,
    /// Another app has the conversation at the moment; ours only listens.
    pub standby: bool,
}

impl Event {
    /// The same for every delivery of one event, and different for different
    /// events: what to de-duplicate by. [`None`] where the event has no message
    /// id. Contains that id: keep only a keyed hash.
    ///
    /// The account is part of it because a message between two connected
    /// accounts reaches both under one id; the time is part of it where the id
    /// is another event's.
    #[must_use]
    pub fn identity(&self) -> Option<String> {
        let mid = self.mid.as_deref()?;
        let at = if self.kind.names_another_message() { self.at_ms.unwrap_or_default() } else { 0 };
        Some(format!("{}\n{}\n{at}\n{mid}", self.account_id, self.kind.as_str()))
    }
}

/// The kind of an [`Event`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EventKind {
    /// A message to the account.
    Message,
    /// A message that the account itself sent.
    Echo,
    /// A message that comes of naming the account in a story.
    StoryMention,
    /// A message that answers a story of the account.
    StoryReply,
    /// A reaction to a message was given or taken back.
    Reaction,
    /// A button was pressed.
    Postback,
    /// A message was changed or unsent.
    Edit,
    /// Messages of the account were read.
    Read,
    /// Messages of the account were delivered.
    Delivery,
    /// A permission changed.
    Permission {
        /// The permission; `connected` for the app as a whole.
        field: String,
        /// `granted`, `revoked`; `unknown` where Meta does not say it.
        verb: String,
    },
    /// Meta's name of anything else, such as `policy-enforcement`;
    /// `unreadable` for an event that is not as documented.
    Other(String),
}

impl EventKind {
    /// A stable word; for [`EventKind::Other`] Meta's own.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Message => "message",
            Self::Echo => "echo",
            Self::StoryMention => "story_mention",
            Self::StoryReply => "story_reply",
            Self::Reaction => "reaction",
            Self::Postback => "postback",
            Self::Edit => "edit",
            Self::Read => "read",
            Self::Delivery => "delivery",
            Self::Permission { .. } => "permission",
            Self::Other(name) => name,
        }
    }

    /// A person wrote to the account: text, media, a mention in a story, an
    /// answer to one, a button. Reactions and edits are about what was written
    /// before.
    #[must_use]
    pub fn is_incoming(&self) -> bool {
        matches!(self, Self::Message | Self::StoryMention | Self::StoryReply | Self::Postback)
    }

    fn names_another_message(&self) -> bool {
        matches!(self, Self::Reaction | Self::Edit | Self::Read)
    }

    fn unreadable() -> Self {
        Self::Other("unreadable".to_owned())
    }
}
