//! Asks Meta how a connection really is, repairs what a machine can repair, and stores what was
//! found: facts, the next time to ask, and an event for each change.
//!
//! Meta's own trouble changes no fact: the connection is only asked again, later and later.

mod changes;
mod look;
mod permissions;
mod verdict;

pub(crate) use changes::{is_by_clock, is_news, without_trouble};
pub(crate) use look::Findings;

use std::time::Duration;

use futures::{StreamExt as _, stream};
use lifecycle::{
    Timestamp,
    clock::{DAY_MS, HOUR_MS, MINUTE_MS},
    ids::ConnectionId,
};
use meta::Room;
use store::{Channel, CheckOutcome, Connection, Held, Organization, StoreError};

use crate::{
    ConnectionState, Error, Renova,
    held::{SIGN_AFTER_MS, while_held},
};

/// Connections of one round, and how many of them are asked about at the same time.
const BATCH: i64 = 20;
const AT_ONCE: usize = 4;
/// Meta advises to look at every token once a day.
const CALM_MS: i64 = DAY_MS;
/// Sooner where an end is near.
const NEAR_END_MS: i64 = 3 * DAY_MS;
const QUICK_MS: i64 = 6 * HOUR_MS;
/// Spread, so that what was connected together is not asked about together for ever.
const SPREAD_MS: i64 = 2 * HOUR_MS;
/// For so long after a renewal one bad answer alone changes nothing: Meta's servers disagree.
const SETTLING_MS: i64 = 10 * MINUTE_MS;
const FIRST_WAIT: Duration = Duration::from_secs(60);
const LONGEST_WAIT: Duration = Duration::from_secs(6 * 60 * 60);

/// A connection as a check has found it.
#[derive(Debug)]
pub struct Checked {
    pub organization: Organization,
    /// As it was known before, where it could not be checked.
    pub state: ConnectionState,
    /// Why it could not be checked; Meta's trouble is a finding.
    pub problem: Option<Error>,
}

impl Renova {
    /// One round over what is due, fair between organizations and within what Meta allows. Each
    /// connection is held while it is checked, so that no other process asks about it. Errors of one
    /// connection are logged and do not stop the others.
    ///
    /// Answers whether there may be more.
    pub async fn check_what_is_due(&self) -> Result<bool, Error> {
        let at_once = match self.parts.meta.room(None) {
            Room::Free => AT_ONCE,
            Room::Tight => 1,
            Room::Full { .. } => return Ok(false),
        };
        let storage = &self.parts.storage;
        let claimed_at = self.wall_now();
        let due = storage.claim_checks(self.now(), claimed_at, &self.worker, BATCH).await?;
        let more = i64::try_from(due.len()).is_ok_and(|taken| taken == BATCH);
        let checks = stream::iter(due).for_each_concurrent(at_once, |due| async move {
            let (id, held) = (due.connection.id, due.held);
            let extend = || storage.extend_check(id, &held, self.wall_now());
            // It has waited for its turn, or this process stood still: Meta is asked by one alone.
            let waited = self.wall_now().since(claimed_at) > SIGN_AFTER_MS;
            if waited && !extend().await.unwrap_or(true) {
                return;
            }
            match while_held(self.check_connection(due.connection, Some(&held)), extend).await {
                Some(Ok(())) => {}
                Some(Err(error)) => tracing::warn!(%error, connection = %id, "a connection could not be checked"),
                None => tracing::warn!(connection = %id, "a check took so long that somebody else has taken it over"),
            }
        });
        checks.await;
        Ok(more)
    }

    /// Checks one connection now.
    ///
    /// # Errors
    /// [`Error::NotFound`]; Meta's trouble is a finding, not an error.
    pub async fn check(&self, id: ConnectionId) -> Result<(), Error> {
        let connection = self.parts.storage.connection_anywhere(id).await?.ok_or(Error::NotFound)?;
        self.check_connection(connection, None).await
    }

    /// Checks one connection, or all of them one after another, whenever they are due; for the
    /// command line. The most urgent first. One that cannot be checked keeps no other from it.
    ///
    /// # Errors
    /// [`Error::NotFound`] for the one; of the database.
    pub async fn check_by_hand(&self, one: Option<ConnectionId>) -> Result<Vec<Checked>, Error> {
        let storage = &self.parts.storage;
        let ids = match one {
            Some(id) => vec![id],
            None => storage.connection_ids().await?,
        };
        let mut checked = Vec::new();
        for id in ids {
            let problem = match self.check(id).await {
                Ok(()) => None,
                // Disconnected while the others were checked.
                Err(Error::NotFound) if one.is_none() => continue,
                Err(error @ (Error::NotFound | Error::Store(_))) => return Err(error),
                Err(error) => Some(error),
            };
            let Some(connection) = storage.connection_anywhere(id).await? else { continue };
            let Some(organization) = storage.organization(connection.organization_id).await? else { continue };
            let channels = storage.channels_of_connection(organization.id, id).await?;
            let newest = storage.newest_message_at().await?;
            let state = self.state_of(connection, channels, None, newest);
            checked.push(Checked { organization, state, problem });
        }
        checked.sort_by_key(|it| std::cmp::Reverse(it.state.severity()));
        Ok(checked)
    }

    async fn check_connection(&self, connection: Connection, held: Option<&Held>) -> Result<(), Error> {
        let storage = &self.parts.storage;
        let channels = storage.channels_of_connection(connection.organization_id, connection.id).await?;
        match self.checked(connection.clone(), channels.clone(), held).await {
            // Renewed, disconnected or checked by somebody else meanwhile: theirs is newer.
            Err(Error::Store(StoreError::Stale)) => Ok(()),
            Err(error) => {
                self.postpone(&connection, &channels, held).await?;
                Err(error)
            }
            Ok(()) => Ok(()),
        }
    }

    async fn checked(&self, connection: Connection, channels: Vec<Channel>, held: Option<&Held>) -> Result<(), Error> {
        let app = self.app_of(connection.meta_app_id)?;
        let login = &*app.login;
        let (connection, channels) = match self.refresh_if_due(login, &connection, &channels).await {
            Ok(Some(commit)) => (commit.connection, commit.channels),
            Ok(None) => (connection, channels),
            Err(Error::Meta(error)) => {
                tracing::warn!(%error, connection = %connection.id, "a token could not be refreshed; it is tried again");
                (connection, channels)
            }
            Err(error) => return Err(error),
        };
        let mut found = self.look(login, &connection, &channels).await?;
        let settling = self.now().since(connection.renewed_at) < SETTLING_MS && connection.check_failures == 0;
        if settling && found.is_bad(&connection, &channels) {
            found = Findings::unchanged(&connection, &channels);
            found.trouble = Some(None);
        }
        self.store_findings(&connection, &channels, found, held).await
    }

    async fn store_findings(
        &self,
        connection: &Connection,
        channels: &[Channel],
        found: Findings,
        held: Option<&Held>,
    ) -> Result<(), Error> {
        tell_operator(connection, &found);
        let (failures, next_check_at) = self.next_check(connection, &found);
        let trails = self.changes(connection, channels, &found).await?;
        let outcome = CheckOutcome {
            connection_id: connection.id,
            expected_version: connection.version,
            facts: found.facts,
            channels: found.channels,
            at: self.now(),
            next_check_at,
            failures,
            held: held.cloned(),
            trails,
        };
        Ok(self.parts.storage.record_check(connection.organization_id, &outcome).await?)
    }

    /// How often Meta has failed in a row, and when it is asked again.
    fn next_check(&self, connection: &Connection, found: &Findings) -> (i64, Timestamp) {
        let now = self.now();
        let random = u64::from_be_bytes(self.random());
        let Some(asked_to_wait) = found.trouble else {
            let ending = found.facts.expires_at.is_some_and(|at| at.since(now) <= NEAR_END_MS);
            let pause = if ending { QUICK_MS } else { CALM_MS };
            let spread = i64::try_from(random % SPREAD_MS.unsigned_abs()).unwrap_or_default();
            return (0, now.plus(pause - spread));
        };
        let attempt = u32::try_from(connection.check_failures).unwrap_or(u32::MAX);
        let wait = meta::backoff(attempt, FIRST_WAIT, LONGEST_WAIT, random).max(asked_to_wait.unwrap_or_default());
        let wait = i64::try_from(wait.as_millis()).unwrap_or(i64::MAX);
        (connection.check_failures + 1, now.plus(wait))
    }

    /// Our own trouble: nothing is known, and it must not be asked for again at once.
    async fn postpone(&self, connection: &Connection, channels: &[Channel], held: Option<&Held>) -> Result<(), Error> {
        let found = Findings { trouble: Some(None), ..Findings::unchanged(connection, channels) };
        let recorded = self.store_findings(connection, channels, found, held).await;
        match recorded {
            Err(Error::Store(StoreError::Stale)) => Ok(()),
            recorded => recorded,
        }
    }
}

/// Once, when it begins, and when it ends: nobody else is told of Meta's own trouble.
fn tell_operator(connection: &Connection, found: &Findings) {
    match (connection.facts.unreachable_since, found.facts.unreachable_since) {
        (None, Some(_)) => {
            tracing::warn!(connection = %connection.id, "Meta does not answer about a connection; it is asked again, later and later");
        }
        (Some(_), None) => tracing::info!(connection = %connection.id, "Meta answers about a connection again"),
        _ => {}
    }
}
