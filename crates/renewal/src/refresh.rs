//! A token that Meta lets a server refresh lives on without anybody noticing.

use lifecycle::{Timestamp, clock::SECOND_MS, refresh};
use meta::{IssuedToken, LoginProvider};
use serde_json::json;
use store::{Channel, Connection, ConnectionCommit};

use crate::{Error, Renova, apps::account_kind, sealing::Place};

impl Renova {
    /// Refreshes the connection's token where its provider has that and it is time. `None`: nothing
    /// was done. What fails is tried again with the next check: there are weeks left.
    pub(crate) async fn refresh_if_due(
        &self,
        login: &dyn LoginProvider,
        connection: &Connection,
        channels: &[Channel],
    ) -> Result<Option<ConnectionCommit>, Error> {
        let facts = &connection.facts;
        if !refresh::is_due(facts.issued_at, facts.expires_at, self.now()) {
            return Ok(None);
        }
        let token = self.unseal(&connection.token, &Place::connection(connection))?;
        let Some(issued) = login.refresh(&token).await? else { return Ok(None) };
        // Only a token that works replaces one that does.
        for channel in channels {
            login.read_account(account_kind(channel.kind), &channel.account_id, &issued.token).await?;
        }
        let commit = self.refreshed(connection, channels, &issued)?;
        let detail = json!({
            "connection": connection.id,
            "name": connection.grantee_name,
            "token_generation": commit.connection.token_generation,
            "expires_at": commit.connection.facts.expires_at,
        });
        let id = connection.id;
        let mut trail = self.trail(connection.organization_id, None, "connection.renewed", id, detail, true);
        trail.events.extend(self.told_of_states(Some((connection, channels)), &commit).await?);
        self.parts.storage.commit_connection(&commit, &trail).await?;
        Ok(Some(commit))
    }

    fn refreshed(
        &self,
        connection: &Connection,
        channels: &[Channel],
        issued: &IssuedToken,
    ) -> Result<ConnectionCommit, Error> {
        let now = self.now();
        let mut next = connection.clone();
        next.version += 1;
        next.token_generation += 1;
        next.facts.issued_at = Some(now);
        next.facts.expires_at = end_of(issued, now).or(next.facts.expires_at);
        next.token = self.seal(&issued.token, &Place::connection(&next), connection.token.token_version + 1)?;
        let mut all = channels.to_vec();
        for channel in &mut all {
            channel.version += 1;
            channel.token_generation = next.token_generation;
            channel.facts.expires_at = next.facts.expires_at;
            let place = Place::channel(channel, next.meta_app_id);
            channel.token = Some(self.seal(&issued.token, &place, next.token_generation)?);
        }
        Ok(ConnectionCommit { connection: next, channels: all })
    }
}

/// `None`: Meta did not say how long it lives.
fn end_of(issued: &IssuedToken, now: Timestamp) -> Option<Timestamp> {
    let seconds = i64::try_from(issued.expires_in?.as_secs()).ok()?;
    Some(now.plus(seconds.saturating_mul(SECOND_MS)))
}
