//! The events that can be asked for, with the field under which each travels.

use serde::Deserialize;

#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Event {
    Message,
    StoryMention,
    StoryReply,
    Reaction,
    Postback,
    Echo,
    Read,
    Standby,
    Edit,
    /// Messenger only.
    Delivery,
    /// Instagram only.
    Comment,
}

impl Event {
    pub const ALL: [(Event, &'static str); 11] = [
        (Event::Message, "message"),
        (Event::StoryMention, "story_mention"),
        (Event::StoryReply, "story_reply"),
        (Event::Reaction, "reaction"),
        (Event::Postback, "postback"),
        (Event::Echo, "echo"),
        (Event::Read, "read"),
        (Event::Standby, "standby"),
        (Event::Edit, "edit"),
        (Event::Delivery, "delivery"),
        (Event::Comment, "comment"),
    ];

    pub fn name(self) -> &'static str {
        Event::ALL.iter().find(|(event, _)| *event == self).map_or("", |(_, name)| name)
    }

    /// Of the object `page`; nothing where Messenger has no such event.
    pub fn page_field(self) -> Option<&'static str> {
        match self {
            Event::Message | Event::StoryReply => Some("messages"),
            Event::Reaction => Some("message_reactions"),
            Event::Postback => Some("messaging_postbacks"),
            Event::Echo => Some("message_echoes"),
            Event::Read => Some("message_reads"),
            Event::Standby => Some("standby"),
            Event::Edit => Some("message_edits"),
            Event::Delivery => Some("message_deliveries"),
            Event::StoryMention | Event::Comment => None,
        }
    }

    /// Of the object `instagram`, where echoes travel among the messages.
    pub fn instagram_field(self) -> Option<&'static str> {
        match self {
            Event::Message | Event::StoryMention | Event::StoryReply | Event::Echo => Some("messages"),
            Event::Reaction => Some("message_reactions"),
            Event::Postback => Some("messaging_postbacks"),
            Event::Read => Some("messaging_seen"),
            Event::Standby => Some("standby"),
            Event::Edit => Some("message_edit"),
            Event::Comment => Some("comments"),
            Event::Delivery => None,
        }
    }
}
