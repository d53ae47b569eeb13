//! What is connected and how it is.

use std::{cmp::Reverse, collections::HashMap};

use lifecycle::{
    ChannelKind, Health, Severity, Timestamp,
    clock::DAY_MS,
    health::{self, ChannelFacts, TokenFacts, TokenProof},
    ids::{ChannelId, ConnectionId},
};
use serde_json::json;
use store::{AuditEntry, Channel, Connection, Renewal, StoreError, User};

use crate::{
    Error, Identity, Renova,
    facts::{Facts, Known},
};

/// One channel and its derived health.
#[derive(Clone, Debug)]
pub struct ChannelState {
    pub channel: Channel,
    pub health: Health,
}

impl ChannelState {
    /// Its name as people know it.
    #[must_use]
    pub fn account(&self) -> String {
        self.channel.shown_name()
    }

    /// When Meta stops giving its data, where it does.
    pub(crate) fn data_access_end(&self) -> Option<Timestamp> {
        self.channel.facts.data_access_expires_at.filter(|_| self.channel.kind == ChannelKind::Instagram)
    }
}

/// One connection, its channels, and the open renewal if there is one.
#[derive(Clone, Debug)]
pub struct ConnectionState {
    pub connection: Connection,
    pub channels: Vec<ChannelState>,
    /// The roll-up of channels and grant.
    pub health: Health,
    pub open_renewal: Option<Renewal>,
}

impl ConnectionState {
    /// How loud it is: stopped only where something is proved to have stopped.
    #[must_use]
    pub fn severity(&self) -> Severity {
        let channels: Vec<_> = self.channels.iter().map(|state| state.health).collect();
        health::connection_severity(self.health, self.connection.facts.proof, &channels)
    }

    /// The nearest end of the grant or of one of its channels, past or to come.
    #[must_use]
    pub fn nearest_end(&self) -> Option<Timestamp> {
        nearest_end(&self.connection, self.channels.iter().map(|state| &state.channel))
    }

    /// The ends of which people are warned, past or to come: of what works, and the grant's own once it
    /// has run out, as long as it has left something that works.
    #[must_use]
    pub fn ends(&self) -> Vec<Timestamp> {
        let facts = &self.connection.facts;
        let alive: Vec<_> = self.channels.iter().filter(|it| it.channel.facts.proof == TokenProof::Works).collect();
        let delivers = !alive.is_empty() || self.channels.is_empty();
        let counts = facts.proof == TokenProof::Works || self.has_run_out();
        let grant = facts.expires_at.filter(|_| delivers && counts);
        let own = alive.into_iter().flat_map(|it| [it.channel.facts.expires_at, it.data_access_end()]);
        grant.into_iter().chain(own.flatten()).collect()
    }

    /// The grant has ended when it was known to: no surprise, and what it has connected may live on.
    pub(crate) fn has_run_out(&self) -> bool {
        let facts = &self.connection.facts;
        let in_time = |(end, dead): (Timestamp, Timestamp)| end.since(dead) < DAY_MS;
        facts.proof == TokenProof::Expired
            && !self.channels.is_empty()
            && facts.expires_at.zip(facts.dead_since).is_some_and(in_time)
    }

    /// Calls for a renewal: belongs on the banner.
    #[must_use]
    pub fn needs_renewal(&self) -> bool {
        self.severity() >= Severity::Soon
    }
}

impl Renova {
    /// All connections of the reader's organization, the most urgent first.
    pub async fn connections(&self, who: &Identity) -> Result<Vec<ConnectionState>, Error> {
        self.connections_from(who, Severity::None).await
    }

    /// Those that are at least so loud, the most urgent first.
    pub(crate) async fn connections_from(
        &self,
        who: &Identity,
        least: Severity,
    ) -> Result<Vec<ConnectionState>, Error> {
        let facts = self.facts(who.organization).await?;
        let open = self.open_by_connection(who).await?;
        let judged = facts.judged(self.now());
        Ok(judged.iter().filter(|it| it.severity >= least).map(|it| it.state(&open)).collect())
    }

    /// # Errors
    /// [`Error::NotFound`], also for another organization's.
    pub async fn connection(&self, who: &Identity, id: ConnectionId) -> Result<ConnectionState, Error> {
        let storage = &self.parts.storage;
        let connection = storage.connection(who.organization, id).await?.ok_or(Error::NotFound)?;
        let channels = storage.channels_of_connection(who.organization, id).await?;
        let open = self.open_renewals(who).await?.into_iter().find(|renewal| renewal.connection_id == Some(id));
        let newest = storage.newest_message_at().await?;
        Ok(self.state_of(connection, channels, open, newest))
    }

    /// Renewals that can still be gone on with.
    pub async fn open_renewals(&self, who: &Identity) -> Result<Vec<Renewal>, Error> {
        let now = self.now();
        let open = self.parts.storage.open_renewals(who.organization).await?;
        Ok(open.into_iter().filter(|renewal| renewal.expires_at > now).collect())
    }

    /// Of each connection the one that was started last.
    pub(crate) async fn open_by_connection(&self, who: &Identity) -> Result<HashMap<ConnectionId, Renewal>, Error> {
        Ok(by_connection(self.open_renewals(who).await?))
    }

    /// The reader's own renewal of a first connection.
    pub async fn open_first_renewal(&self, who: &Identity) -> Result<Option<Renewal>, Error> {
        let own_first = |renewal: &Renewal| renewal.connection_id.is_none() && renewal.user_id == who.user;
        Ok(self.open_renewals(who).await?.into_iter().find(own_first))
    }

    /// People of the organization, in the order of their names.
    pub async fn people(&self, who: &Identity) -> Result<Vec<User>, Error> {
        Ok(self.parts.storage.users_of(who.organization).await?)
    }

    /// What happened lately of these actions, newest first; to one connection and its channels, where one is named.
    pub async fn happened(
        &self,
        who: &Identity,
        connection: Option<ConnectionId>,
        actions: &[&str],
        limit: i64,
    ) -> Result<Vec<AuditEntry>, Error> {
        Ok(self.parts.storage.audit_of_actions(who.organization, connection, actions, limit).await?)
    }

    /// Everything that was written down lately, newest first.
    pub async fn history(&self, who: &Identity, limit: i64) -> Result<Vec<AuditEntry>, Error> {
        Ok(self.parts.storage.audit_of(who.organization, limit).await?)
    }

    /// Switches the platform's story options of one Instagram channel.
    pub async fn set_story_options(
        &self,
        who: &Identity,
        channel: ChannelId,
        mentions: bool,
        replies: bool,
    ) -> Result<(), Error> {
        who.require_admin()?;
        let channels = self.parts.storage.channels_of(who.organization).await?;
        let found = channels.iter().find(|it| it.id == channel).ok_or(Error::NotFound)?;
        let detail = json!({
            "connection": found.connection_id,
            "channel": channel,
            "kind": found.kind.as_str(),
            "name": found.shown_name(),
            "story_mentions": mentions,
            "story_replies": replies,
        });
        let trail = self.trail(who.organization, Some(who), "channel.story_options_changed", channel, detail, true);
        let stored = self.parts.storage.set_story_options(who.organization, channel, mentions, replies, &trail).await;
        stored.map_err(|error| if matches!(error, StoreError::Stale) { Error::NotFound } else { error.into() })
    }

    /// `newest`: when any channel of the installation received a message last.
    pub(crate) fn state_of(
        &self,
        connection: Connection,
        channels: Vec<Channel>,
        open_renewal: Option<Renewal>,
        newest: Option<Timestamp>,
    ) -> ConnectionState {
        self.state_at(connection, channels, open_renewal, newest, self.now())
    }

    /// What the same facts mean at another moment.
    pub(crate) fn state_at(
        &self,
        connection: Connection,
        channels: Vec<Channel>,
        open_renewal: Option<Renewal>,
        newest: Option<Timestamp>,
        now: Timestamp,
    ) -> ConnectionState {
        let healths = channels.iter().map(|channel| channel_health(&connection, channel, newest, now)).collect();
        let Judged { healths, health, .. } = Judged::new(&connection, &channels, healths, now);
        let channels =
            channels.into_iter().zip(healths).map(|(channel, health)| ChannelState { channel, health }).collect();
        ConnectionState { connection, channels, health, open_renewal }
    }
}

/// Of each connection the first of these.
pub(crate) fn by_connection(renewals: Vec<Renewal>) -> HashMap<ConnectionId, Renewal> {
    let mut open = HashMap::new();
    for renewal in renewals {
        if let Some(connection) = renewal.connection_id {
            open.entry(connection).or_insert(renewal);
        }
    }
    open
}

/// What the facts of one connection mean at a moment. Lists are made of these: only what is shown is copied.
pub(crate) struct Judged<'a> {
    pub connection: &'a Connection,
    pub channels: &'a [Channel],
    pub severity: Severity,
    /// Of each channel.
    healths: Vec<Health>,
    /// The roll-up.
    health: Health,
}

impl<'a> Judged<'a> {
    fn new(connection: &'a Connection, channels: &'a [Channel], healths: Vec<Health>, now: Timestamp) -> Self {
        let grant = TokenFacts {
            proof: connection.facts.proof,
            dead_since: connection.facts.dead_since,
            expires_at: connection.facts.expires_at,
            data_access_expires_at: connection.facts.data_access_expires_at,
        };
        let health = health::connection_health(&grant, &healths, now);
        let severity = health::connection_severity(health, connection.facts.proof, &healths);
        Self { connection, channels, severity, healths, health }
    }

    /// The smallest is the most urgent.
    fn urgency(&self) -> (Reverse<Severity>, i64, Timestamp) {
        (Reverse(self.severity), self.health.at().map_or(i64::MAX, |at| at.0), self.connection.created_at)
    }

    pub fn nearest_end(&self) -> Option<Timestamp> {
        nearest_end(self.connection, self.channels.iter())
    }

    pub fn state(&self, open: &HashMap<ConnectionId, Renewal>) -> ConnectionState {
        let channels = self.channels.iter().zip(&self.healths);
        ConnectionState {
            connection: self.connection.clone(),
            channels: channels.map(|(channel, &health)| ChannelState { channel: channel.clone(), health }).collect(),
            health: self.health,
            open_renewal: open.get(&self.connection.id).cloned(),
        }
    }
}

impl Facts {
    /// All connections as they are at a moment, the most urgent first.
    pub(crate) fn judged<'a>(&'a self, now: Timestamp) -> Vec<Judged<'a>> {
        let newest = self.newest_message_at;
        let judge = |Known { connection, channels, signs }: &'a Known| {
            let healths = signs.iter().map(|signs| signs.health(newest, now)).collect();
            Judged::new(connection, channels, healths, now)
        };
        let mut judged: Vec<_> = self.connections.iter().map(judge).collect();
        judged.sort_by_key(Judged::urgency);
        judged
    }
}

/// Of the grant or of one of its channels, past or to come.
fn nearest_end<'a>(connection: &Connection, channels: impl Iterator<Item = &'a Channel>) -> Option<Timestamp> {
    channels.filter_map(|channel| channel.facts.expires_at).chain(connection.facts.expires_at).min_by_key(|at| at.0)
}

/// How one channel is at a moment; `newest` as in [`Renova::state_of`].
pub(crate) fn channel_health(
    connection: &Connection,
    channel: &Channel,
    newest: Option<Timestamp>,
    now: Timestamp,
) -> Health {
    Signs::of(connection, channel).health(newest, now)
}

/// What a channel's health hangs on, but for the moment.
pub(crate) struct Signs {
    facts: ChannelFacts,
    last_message_at: Option<Timestamp>,
}

impl Signs {
    pub fn of(connection: &Connection, channel: &Channel) -> Self {
        Self { facts: facts_of(channel, connection), last_message_at: channel.last_message_at }
    }

    fn health(&self, newest: Option<Timestamp>, now: Timestamp) -> Health {
        let silent_since = health::silent_since(self.last_message_at, newest, now);
        health::channel_health(&ChannelFacts { silent_since, ..self.facts }, now)
    }
}

fn facts_of(channel: &Channel, connection: &Connection) -> ChannelFacts {
    let has = |field: &str| channel.subscribed_fields.iter().any(|it| it == field);
    let is_instagram = channel.kind == ChannelKind::Instagram;
    ChannelFacts {
        token: TokenFacts {
            proof: channel.facts.proof,
            dead_since: channel.facts.dead_since,
            expires_at: channel.facts.expires_at,
            data_access_expires_at: channel.facts.data_access_expires_at,
        },
        // With Instagram Login there is no such clock.
        needs_data_access: is_instagram,
        subscribed: has("messages"),
        story_options_on: !is_instagram
            || (channel.story_mentions && channel.story_replies && has("message_reactions")),
        unreachable_since: connection.facts.unreachable_since,
        silent_since: None,
    }
}
