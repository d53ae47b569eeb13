//! The periodic review: somebody looks through all connections and signs for it.

use lifecycle::ids::{ConnectionId, ReviewId};
use serde_json::json;
use store::Review;

use crate::{ConnectionState, Error, Identity, Renova, Tally, listing::Group};

impl Renova {
    /// Signs for how all connections of the organization are at this moment. What is not well is
    /// named in the audit log.
    pub async fn sign_review(&self, who: &Identity) -> Result<(), Error> {
        who.require_admin()?;
        let states = self.connections(who).await?;
        let tally = Tally::of(states.iter().map(ConnectionState::severity));
        let review = Review {
            id: ReviewId::new(self.now(), self.random()),
            organization_id: who.organization,
            user_id: who.user,
            user_name: who.name.clone(),
            connections: count(tally.total()),
            stopped: count(tally.stopped),
            soon: count(tally.soon),
            at: self.now(),
        };
        let detail = json!({
            "connections": tally.total(),
            "stopped": ids(&states, Group::Stopped),
            "soon": ids(&states, Group::Soon),
        });
        let trail = self.trail(who.organization, Some(who), "connections.reviewed", review.id, detail, false);
        Ok(self.parts.storage.insert_review(&review, &trail).await?)
    }

    /// The last sign-offs, newest first.
    pub async fn reviews(&self, who: &Identity, limit: i64) -> Result<Vec<Review>, Error> {
        who.require_admin()?;
        Ok(self.parts.storage.reviews_of(who.organization, limit).await?)
    }
}

fn ids(states: &[ConnectionState], group: Group) -> Vec<ConnectionId> {
    states.iter().filter(|state| Group::of(state.severity()) == group).map(|state| state.connection.id).collect()
}

fn count(of: usize) -> i64 {
    i64::try_from(of).unwrap_or(i64::MAX)
}
