//! What a check or a commit has changed, as history and events tell it.

use lifecycle::{Health, Severity, Timestamp};
use serde_json::{Value, json};
use store::{Channel, Connection, ConnectionCommit, Event, Trail};

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
        let before = self.untroubled(connection, channels, newest);
        let (connection, channels) = after(connection, channels, found);
        let after = self.untroubled(&connection, &channels, newest);
        let mut trails = Vec::new();
        for (old, new) in before.channels.iter().zip(&after.channels) {
            if found.resubscribed.contains(&new.channel.id) {
                trails.push(self.channel_trail(&after, &new.channel, "channel.resubscribed", old.health));
            }
        }
        trails.extend(self.other_states(Some(&before), &after));
        // A grant that has ended still delivers: what may be missing is told now or never.
        if before.severity() == Severity::Stopped && after.severity() < Severity::Stopped {
            trails.push(self.recovery(&before, &after));
        }
        Ok(trails)
    }

    /// What a commit means to the platform beyond its own event: each state that is another one now.
    /// `before`: what it replaces. What the clock says of a first connection is told by its first look.
    pub(crate) async fn told_of_states(
        &self,
        before: Option<(&Connection, &[Channel])>,
        commit: &ConnectionCommit,
    ) -> Result<Vec<Event>, Error> {
        let newest = self.parts.storage.newest_message_at().await?;
        let before = before.map(|(connection, channels)| self.untroubled(connection, channels, newest));
        let after = self.untroubled(&commit.connection, &commit.channels, newest);
        Ok(self.other_states(before.as_ref(), &after).into_iter().flat_map(|trail| trail.events).collect())
    }

    /// As if Meta had answered all the time, now.
    fn untroubled(&self, connection: &Connection, channels: &[Channel], newest: Option<Timestamp>) -> ConnectionState {
        self.state_of(without_trouble(connection.clone()), channels.to_vec(), None, newest)
    }

    /// One entry for each channel, and for the connection, whose state is another one now. Of what was
    /// not there before nobody thinks but that it is well.
    fn other_states(&self, before: Option<&ConnectionState>, after: &ConnectionState) -> Vec<Trail> {
        let is_told = |old: Health, new: Health| is_news(old, new) && (before.is_some() || !is_by_clock(new));
        let known = |channel: &Channel| before?.channels.iter().find(|it| it.channel.id == channel.id);
        let mut trails = Vec::new();
        for new in &after.channels {
            let old = known(&new.channel).map_or(Health::Healthy, |it| it.health);
            if is_told(old, new.health) {
                let action = format!("channel.{}", new.health.as_str());
                trails.push(self.channel_trail(after, &new.channel, &action, old));
            }
        }
        let old = before.map_or(Health::Healthy, |it| it.health);
        if is_told(old, after.health) {
            let action = format!("connection.{}", after.health.as_str());
            trails.push(self.connection_trail(after, &action, old));
        }
        trails
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

/// Only time brings these about; everything else is found by a check or a commit, which tells of it.
pub(crate) const fn is_by_clock(health: Health) -> bool {
    matches!(
        health,
        Health::ExpiresSoon { .. } | Health::Expired { .. } | Health::DataAccessLapsed { .. } | Health::Silent { .. }
    )
}
