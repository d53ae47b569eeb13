//! What is stored about an organization's connections, kept in memory until it changes.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use lifecycle::{
    Timestamp,
    clock::MINUTE_MS,
    ids::{ConnectionId, OrganizationId},
};
use store::{Channel, Connection};

use crate::{Error, Renova, connections::Signs};

/// Fewer connections are read faster than they are worth keeping.
const WORTH_KEEPING: usize = 50;
/// So many organizations are kept at once; when another comes, all are read anew.
const MOST_KEPT: usize = 64;

/// Of one organization.
pub(crate) struct Facts {
    pub connections: Vec<Known>,
    /// When any channel of the installation received a message last.
    pub newest_message_at: Option<Timestamp>,
    as_of: AsOf,
}

/// One connection and what its health hangs on.
pub(crate) struct Known {
    pub connection: Connection,
    pub channels: Vec<Channel>,
    /// Of each channel. Thousands are judged for one page: what that needs lies side by side.
    pub signs: Vec<Signs>,
}

impl Known {
    fn new(connection: Connection, channels: Vec<Channel>) -> Self {
        let signs = channels.iter().map(|channel| Signs::of(&connection, channel)).collect();
        Self { connection, channels, signs }
    }
}

/// Every change of a connection or channel raises the organization's number, but for messages that
/// arrive: of these a minute may be missing, where it takes days to count as silent.
#[derive(Clone, Copy, PartialEq, Eq)]
struct AsOf {
    change_seq: i64,
    minute_of_newest_message: Option<i64>,
}

/// Of large organizations, the facts that were read last.
#[derive(Default)]
pub(crate) struct KeptFacts(Mutex<HashMap<OrganizationId, Arc<Facts>>>);

impl KeptFacts {
    fn get(&self, organization: OrganizationId, as_of: AsOf) -> Option<Arc<Facts>> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.get(&organization).filter(|facts| facts.as_of == as_of).cloned()
    }

    fn put(&self, organization: OrganizationId, facts: &Arc<Facts>) {
        if facts.connections.len() < WORTH_KEEPING {
            return;
        }
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= MOST_KEPT && !kept.contains_key(&organization) {
            kept.clear();
        }
        kept.insert(organization, Arc::clone(facts));
    }
}

impl Renova {
    /// As they are in the database now.
    pub(crate) async fn facts(&self, organization: OrganizationId) -> Result<Arc<Facts>, Error> {
        let storage = &self.parts.storage;
        // The number first: facts that are younger than theirs are read once more, older ones never stay.
        let change_seq = storage.change_seq(organization).await?.unwrap_or_default();
        let newest_message_at = storage.newest_message_at().await?;
        let minute_of_newest_message = newest_message_at.map(|at| at.0.div_euclid(MINUTE_MS));
        let as_of = AsOf { change_seq, minute_of_newest_message };
        if let Some(kept) = self.kept_facts.get(organization, as_of) {
            return Ok(kept);
        }
        let connections = storage.connections_of(organization).await?;
        let mut channels: HashMap<ConnectionId, Vec<Channel>> = HashMap::new();
        for channel in storage.channels_of(organization).await? {
            channels.entry(channel.connection_id).or_default().push(channel);
        }
        let with_channels = |connection: Connection| {
            let own = channels.remove(&connection.id).unwrap_or_default();
            Known::new(connection, own)
        };
        let connections = connections.into_iter().map(with_channels).collect();
        let facts = Arc::new(Facts { connections, newest_message_at, as_of });
        self.kept_facts.put(organization, &facts);
        Ok(facts)
    }
}
