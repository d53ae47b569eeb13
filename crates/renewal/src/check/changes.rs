//! What a check has changed, as history and events tell it.

use lifecycle::{Health, Severity};
use serde_json::{Value, json};
use store::{Channel, Connection, Trail};

use super::look::Findings;
use crate::{ConnectionState, Error, Renova};

impl Renova {
    /// One entry for each channel, and for the connection, whose state is another one now.
    pub(crate) async fn changes(
        &self,
        connection: &Connection,
        channels: &[Channel],
        found: &Findings,
    ) -> Result<Vec<Trail>, Error> {
        let newest = self.parts.storage.newest_message_at().await?;
        let before = self.state_of(without_trouble(connection.clone()), channels.to_vec(), None, newest);
        let (connection, channels) = after(connection, channels, found);
        let after = self.state_of(without_trouble(connection), channels, None, newest);
        let mut trails = Vec::new();
        for (old, new) in before.channels.iter().zip(&after.channels) {
            if found.resubscribed.contains(&new.channel.id) {
                trails.push(self.channel_trail(&after, &new.channel, "channel.resubscribed", old.health));
            }
            if is_news(old.health, new.health) {
                let action = format!("channel.{}", new.health.as_str());
                trails.push(self.channel_trail(&after, &new.channel, &action, old.health));
            }
        }
        if is_news(before.health, after.health) {
            let action = format!("connection.{}", after.health.as_str());
            trails.push(self.connection_trail(&after, &action, before.health));
        }
        if before.severity() == Severity::Stopped && after.severity() < Severity::Soon {
            trails.push(self.recovery(&before, &after));
        }
        Ok(trails)
    }

    pub(crate) fn channel_trail(
        &self,
        state: &ConnectionState,
        channel: &Channel,
        action: &str,
        from: Health,
    ) -> Trail {
        let at = state.channels.iter().find(|it| it.channel.id == channel.id).and_then(|it| it.health.at());
        let detail = json!({
            "connection": state.connection.id,
            "channel": channel.id,
            "kind": channel.kind.as_str(),
            "name": channel.shown_name(),
            "from": from.as_str(),
            "at": at,
            "token_generation": channel.token_generation,
        });
        self.trail(channel.organization_id, None, action, state.connection.id, detail, true)
    }

    pub(crate) fn connection_trail(&self, state: &ConnectionState, action: &str, from: Health) -> Trail {
        self.told(state, action, json!({"from": from.as_str(), "at": state.health.at()}))
    }

    /// It works again, without a renewal: what may be missing is told.
    fn recovery(&self, before: &ConnectionState, after: &ConnectionState) -> Trail {
        let gap = |state: &crate::ChannelState| {
            let from = state.channel.facts.dead_since?;
            Some(json!({"channel": state.channel.id, "from": from, "to": self.now()}))
        };
        let gaps: Vec<_> = before.channels.iter().filter_map(gap).collect();
        self.told(after, "connection.recovered", json!({"gaps": gaps}))
    }

    fn told(&self, state: &ConnectionState, action: &str, more: Value) -> Trail {
        let connection = &state.connection;
        let mut detail = json!({
            "connection": connection.id,
            "name": connection.grantee_name,
            "token_generation": connection.token_generation,
        });
        if let (Some(detail), Value::Object(more)) = (detail.as_object_mut(), more) {
            detail.extend(more);
        }
        self.trail(connection.organization_id, None, action, connection.id, detail, true)
    }
}

fn after(connection: &Connection, channels: &[Channel], found: &Findings) -> (Connection, Vec<Channel>) {
    let mut connection = connection.clone();
    connection.facts = found.facts.clone();
    let mut channels = channels.to_vec();
    for (channel, (_, facts, fields)) in channels.iter_mut().zip(&found.channels) {
        channel.facts = facts.clone();
        channel.subscribed_fields.clone_from(fields);
    }
    (connection, channels)
}

/// As if Meta had answered all the time: its own trouble, and the end of it, is nobody's news, and
/// what else has changed meanwhile must not get lost behind it.
pub(crate) fn without_trouble(mut connection: Connection) -> Connection {
    connection.facts.unreachable_since = None;
    connection
}

pub(crate) fn is_news(before: Health, after: Health) -> bool {
    before.as_str() != after.as_str()
}
