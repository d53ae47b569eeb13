//! What the platform's servers see of connections, channels and events, and what they do to them.
//!
//! A platform's key reaches every organization: lists go page by page through the database, and nothing
//! is read that does not stand on the page or was looked through for it.

use std::collections::{HashMap, HashSet};

use lifecycle::{
    ChannelKind, Health, Timestamp,
    clock::{DAY_MS, SECOND_MS},
    ids::{ChannelId, ConnectionId, EventId, OrganizationId},
};
use meta::GraphError;
use serde_json::{Value, json};
use store::{ChangedChannel, Channel, Connection, Event, Organization, StoreError};

use crate::{ApiCaller, ConnectionState, Error, Renova, connections::channel_health, webhooks::told};

/// What is looked through for one page at most: a filter that finds little answers a shorter page, and
/// the cursor goes on.
const LOOKED_THROUGH: i64 = 1_000;
const STEP: i64 = 250;
/// So fresh an answer of Meta's is told again.
const CHECKED_JUST_NOW_MS: i64 = 10 * SECOND_MS;
/// So soon after a check a reported failure leads to the next one: Meta's limits are everybody's.
const REPORTED_JUST_NOW_MS: i64 = 60 * SECOND_MS;
/// Events that are younger may be overtaken by one that is being written.
const SETTLED_MS: i64 = 5 * SECOND_MS;

/// A connection and whose it is.
#[derive(Clone, Debug)]
pub struct PlatformConnection {
    pub organization: Organization,
    pub state: ConnectionState,
}

impl PlatformConnection {
    /// Where a person renews it.
    #[must_use]
    pub fn link(&self, renova: &Renova) -> String {
        renova.renewal_link(&self.organization, &self.state.connection.id.to_string())
    }
}

/// A channel, whose it is, and what its connection is.
#[derive(Clone, Debug)]
pub struct PlatformChannel {
    pub organization: Organization,
    pub connection: Connection,
    pub channel: Channel,
    pub changed_at: Timestamp,
    pub health: Health,
}

/// Which connections are wanted; the default is all of them.
#[derive(Clone, Debug, Default)]
pub struct ConnectionFilter {
    /// By the platform's own id.
    pub organization: Option<String>,
    /// A word of [`Health::as_str`].
    pub status: Option<String>,
    /// The nearest end of the grant or of a channel is past, or at most so many days away.
    pub expires_within_days: Option<u16>,
}

/// A page, and what the next one comes after; `None`: there is nothing more.
#[derive(Clone, Debug)]
pub struct Slice<T, C> {
    pub items: Vec<T>,
    pub next: Option<C>,
}

/// What a failed use at the platform means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reported {
    /// The stable word, such as `token_expired`.
    pub meaning: &'static str,
    /// The connection is checked at once: the platform's word alone proves nothing.
    pub is_checked: bool,
}

impl Renova {
    /// The organization that a filter names, or the key's own.
    async fn scope_of(&self, who: &ApiCaller, named: Option<&str>) -> Result<Option<OrganizationId>, Error> {
        match named {
            None => Ok(who.organization),
            Some(external_id) => Ok(Some(self.organization_of(who, external_id).await?.id)),
        }
    }

    /// In the order in which they were added.
    ///
    /// # Errors
    /// [`Error::NotFound`] for the organization of the filter.
    pub async fn platform_connections(
        &self,
        who: &ApiCaller,
        filter: &ConnectionFilter,
        after: Option<ConnectionId>,
        limit: i64,
    ) -> Result<Slice<PlatformConnection, ConnectionId>, Error> {
        let organization = self.scope_of(who, filter.organization.as_deref()).await?;
        let until = filter.expires_within_days.map(|days| self.now().plus(i64::from(days) * DAY_MS));
        let all = filter.status.is_none() && until.is_none();
        let step = if all { limit } else { STEP };
        let wanted = usize::try_from(limit).unwrap_or(usize::MAX);
        let (mut items, mut last, mut looked_through) = (Vec::new(), after, 0);
        loop {
            let page = self.parts.storage.connections_page(organization, last, step).await?;
            let is_last = i64::try_from(page.len()).is_ok_and(|there| there < step);
            for state in self.states_of(page).await? {
                last = Some(state.connection.id);
                let by_status = filter.status.as_deref().is_none_or(|status| status == state.health.as_str());
                let by_end = until.is_none_or(|until| state.nearest_end().is_some_and(|at| at <= until));
                if by_status && by_end {
                    items.push(state);
                }
                if items.len() == wanted {
                    return Ok(Slice { items: self.with_organizations(items).await?, next: last });
                }
            }
            looked_through += step;
            if is_last || looked_through >= LOOKED_THROUGH {
                let next = last.filter(|_| !is_last);
                return Ok(Slice { items: self.with_organizations(items).await?, next });
            }
        }
    }

    async fn states_of(&self, connections: Vec<Connection>) -> Result<Vec<ConnectionState>, Error> {
        let ids: Vec<_> = connections.iter().map(|connection| connection.id).collect();
        let mut channels: HashMap<ConnectionId, Vec<Channel>> = HashMap::new();
        for ChangedChannel { channel, .. } in self.parts.storage.channels_of_connections(&ids).await? {
            channels.entry(channel.connection_id).or_default().push(channel);
        }
        let newest = self.parts.storage.newest_message_at().await?;
        let state = |connection: Connection| {
            let own = channels.remove(&connection.id).unwrap_or_default();
            self.state_of(connection, own, None, newest)
        };
        Ok(connections.into_iter().map(state).collect())
    }

    async fn with_organizations(&self, states: Vec<ConnectionState>) -> Result<Vec<PlatformConnection>, Error> {
        let names = self.organizations_of(states.iter().map(|state| state.connection.organization_id)).await?;
        let with_name = |state: ConnectionState| {
            let organization = names.get(&state.connection.organization_id)?.clone();
            Some(PlatformConnection { organization, state })
        };
        Ok(states.into_iter().filter_map(with_name).collect())
    }

    async fn organizations_of(
        &self,
        ids: impl Iterator<Item = OrganizationId>,
    ) -> Result<HashMap<OrganizationId, Organization>, Error> {
        let ids: HashSet<_> = ids.collect();
        let found = self.parts.storage.organizations_by_ids(&ids.into_iter().collect::<Vec<_>>()).await?;
        Ok(found.into_iter().map(|organization| (organization.id, organization)).collect())
    }

    /// # Errors
    /// [`Error::NotFound`], also for another organization's.
    pub async fn platform_connection(&self, who: &ApiCaller, id: ConnectionId) -> Result<PlatformConnection, Error> {
        let connection = self.parts.storage.connection_anywhere(id).await?.ok_or(Error::NotFound)?;
        who.reach(connection.organization_id)?;
        let states = self.states_of(vec![connection]).await?;
        self.with_organizations(states).await?.into_iter().next().ok_or(Error::NotFound)
    }

    /// Ends the connection: its tokens are deleted, its Pages stop delivering unless another connection
    /// needs them.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn end_connection(&self, who: &ApiCaller, id: ConnectionId) -> Result<(), Error> {
        let PlatformConnection { organization, state } = self.platform_connection(who, id).await?;
        let detail = json!({"connection": id, "name": state.connection.grantee_name});
        let trail = self.trail(organization.id, who, "connection.disconnected", id, detail, true);
        if !self.parts.storage.delete_connection(organization.id, id, &trail).await? {
            return Err(Error::NotFound);
        }
        let channels: Vec<_> = state.channels.into_iter().map(|it| it.channel).collect();
        self.unsubscribe_all(&state.connection, &channels).await;
        Ok(())
    }

    /// Asks Meta how the connection really is, now.
    ///
    /// # Errors
    /// [`Error::NotFound`]; Meta's trouble is a finding, not an error.
    ///
    /// What was asked a moment ago is not asked again: Meta's limits are everybody's.
    pub async fn check_for_platform(&self, who: &ApiCaller, id: ConnectionId) -> Result<PlatformConnection, Error> {
        let found = self.platform_connection(who, id).await?;
        if found.state.connection.facts.checked_at.is_some_and(|at| self.now().since(at) < CHECKED_JUST_NOW_MS) {
            return Ok(found);
        }
        self.check(id).await?;
        self.platform_connection(who, id).await
    }

    /// In the order of their last change.
    ///
    /// # Errors
    /// [`Error::NotFound`] for the organization.
    pub async fn platform_channels(
        &self,
        who: &ApiCaller,
        organization: Option<&str>,
        after: (Timestamp, ChannelId),
        limit: i64,
    ) -> Result<Slice<PlatformChannel, (Timestamp, ChannelId)>, Error> {
        let organization = self.scope_of(who, organization).await?;
        let page = self.parts.storage.channels_page(organization, after, limit).await?;
        let is_last = i64::try_from(page.len()).is_ok_and(|there| there < limit);
        let next = page.last().map(|it| (it.changed_at, it.channel.id)).filter(|_| !is_last);
        Ok(Slice { items: self.with_connections(page).await?, next })
    }

    async fn with_connections(&self, channels: Vec<ChangedChannel>) -> Result<Vec<PlatformChannel>, Error> {
        let storage = &self.parts.storage;
        let ids: HashSet<_> = channels.iter().map(|it| it.channel.connection_id).collect();
        let connections = storage.connections_by_ids(&ids.into_iter().collect::<Vec<_>>()).await?;
        let connections: HashMap<_, _> = connections.into_iter().map(|it| (it.id, it)).collect();
        let names = self.organizations_of(channels.iter().map(|it| it.channel.organization_id)).await?;
        let newest = storage.newest_message_at().await?;
        let whole = |ChangedChannel { channel, changed_at }: ChangedChannel| {
            let connection = connections.get(&channel.connection_id)?.clone();
            let organization = names.get(&channel.organization_id)?.clone();
            let health = channel_health(&connection, &channel, newest, self.now());
            Some(PlatformChannel { organization, connection, channel, changed_at, health })
        };
        Ok(channels.into_iter().filter_map(whole).collect())
    }

    /// # Errors
    /// [`Error::NotFound`], also for another organization's.
    pub async fn platform_channel(&self, who: &ApiCaller, id: ChannelId) -> Result<PlatformChannel, Error> {
        let found = self.parts.storage.channels_by_ids(&[id]).await?;
        let channel = self.with_connections(found).await?.into_iter().next().ok_or(Error::NotFound)?;
        who.reach(channel.organization.id)?;
        Ok(channel)
    }

    /// Switches story options of an Instagram channel; `None`: as it is.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::Invalid`] where it is no Instagram channel.
    pub async fn change_channel(
        &self,
        who: &ApiCaller,
        id: ChannelId,
        mentions: Option<bool>,
        replies: Option<bool>,
    ) -> Result<PlatformChannel, Error> {
        let found = self.platform_channel(who, id).await?;
        let Channel { story_mentions, story_replies, kind, .. } = found.channel;
        let (mentions, replies) = (mentions.unwrap_or(story_mentions), replies.unwrap_or(story_replies));
        if (mentions, replies) == (story_mentions, story_replies) {
            return Ok(found);
        }
        if kind != ChannelKind::Instagram {
            let problem = "only an Instagram channel has story options".to_owned();
            return Err(Error::Invalid { field: "story_mentions", problem });
        }
        let detail = json!({
            "connection": found.connection.id,
            "channel": id,
            "kind": kind.as_str(),
            "name": found.channel.shown_name(),
            "story_mentions": mentions,
            "story_replies": replies,
        });
        let organization = found.organization.id;
        let trail = self.trail(organization, who, "channel.story_options_changed", id, detail, true);
        let stored = self.parts.storage.set_story_options(organization, id, mentions, replies, &trail).await;
        stored.map_err(|error| if matches!(error, StoreError::Stale) { Error::NotFound } else { error.into() })?;
        self.platform_channel(who, id).await
    }

    /// Ends one channel; the last one of a connection goes with it.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn end_channel(&self, who: &ApiCaller, id: ChannelId) -> Result<(), Error> {
        let found = self.platform_channel(who, id).await?;
        let (organization, connection) = (found.connection.organization_id, found.connection.id);
        let channels = self.parts.storage.channels_of_connection(organization, connection).await?;
        if channels.iter().all(|channel| channel.id == id) {
            return self.end_connection(who, connection).await;
        }
        self.remove_channel(who, organization, connection, id).await
    }

    /// A use of the channel's token has failed at the platform with this error of Meta's.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub async fn report_failure(
        &self,
        who: &ApiCaller,
        id: ChannelId,
        code: i64,
        subcode: Option<i64>,
    ) -> Result<Reported, Error> {
        let found = self.platform_channel(who, id).await?;
        let meaning = GraphError::told(code, subcode).meaning();
        // Limits and passing trouble say nothing about the token.
        let is_checked = meaning.who() != meta::Who::Nobody;
        if is_checked {
            let checked = found.connection.facts.checked_at;
            let at = checked.map_or(self.now(), |at| at.plus(REPORTED_JUST_NOW_MS).max(self.now()));
            self.parts.storage.make_due(&[found.connection.id], at).await?;
        }
        Ok(Reported { meaning: meaning.code(), is_checked })
    }

    /// What happened until then is written, and everybody sees it.
    #[must_use]
    pub fn settled_at(&self) -> Timestamp {
        self.now().plus(-SETTLED_MS)
    }

    /// The oldest first, each as a webhook tells it, with its id.
    ///
    /// # Errors
    /// [`Error::NotFound`] for the organization.
    pub async fn platform_events(
        &self,
        who: &ApiCaller,
        organization: Option<&str>,
        after: (Timestamp, EventId),
        limit: i64,
    ) -> Result<Slice<(Event, Value), (Timestamp, EventId)>, Error> {
        let organization = self.scope_of(who, organization).await?;
        let until = self.settled_at();
        let events = self.parts.storage.events_page(organization, after, until, limit).await?;
        // There will always be more: the place to go on from stays.
        let next = events.last().map(|event| (event.at, event.id));
        let names = self.organizations_of(events.iter().map(|event| event.organization_id)).await?;
        let mut items = Vec::new();
        for event in events {
            let Some(organization) = names.get(&event.organization_id) else { continue };
            let words = self.parts.words.sentences(&event, organization);
            let value = told(&event, organization, words, &|id| self.renewal_link(organization, id))?;
            items.push((event, value));
        }
        Ok(Slice { items, next })
    }
}
