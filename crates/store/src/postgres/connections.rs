use std::collections::{BTreeSet, HashSet};

use async_trait::async_trait;
use lifecycle::{
    ChannelKind, Timestamp,
    clock::{DAY_MS, HOUR_MS},
    ids::{ChannelId, ConnectionId, MetaAppId, OrganizationId},
};
use sqlx::PgConnection;
use uuid::Uuid;

use super::{PostgresStorage, removal, trail, wakes};
use crate::{
    Channel, ChannelTokenFacts, CheckOutcome, Connection, ConnectionCommit, Connections, Held, HeldCheck, Result,
    StoreError, Trail, Wake, Watched,
    rows::{self, ChannelRow, ClaimedConnectionRow, ConnectionRow, WatchedRow},
    sql,
};

/// More may be looked at than are taken: others may hold the first ones at this moment. In the order of
/// `due`, so that nothing is sorted again and what is not needed is not looked up.
const CLAIM: &str = sql::connections::claim!(
    "SELECT c.id FROM due JOIN connections c ON c.id = due.ready_id WHERE c.check_at <= $1 AND ",
    sql::jobs::free!("$2"),
    " ORDER BY due.turn, due.since, due.ready_id LIMIT $3 FOR UPDATE OF c SKIP LOCKED"
);

const CLAIM_WATCHES: &str = sql::connections::claim_watches!(sql::connections::watchable!(), " FOR UPDATE SKIP LOCKED");

/// Rows are locked in the order of their ids, as [`Connections::make_due`] does: two that take many rows
/// wait for each other instead of deadlocking.
const POSTPONE_WATCH: &str = sql::connections::postpone_watch!(" ORDER BY id FOR UPDATE");
const PULL_CHECKS_BACK: &str = sql::connections::pull_checks_back!(" ORDER BY id FOR UPDATE");
const PULL_WATCH_BACK: &str = sql::connections::pull_watch_back!(" ORDER BY id FOR UPDATE");

/// Checks and looks are daily; a delivery waits for a day at most.
const PLANNED_MS: i64 = DAY_MS + HOUR_MS;
const DELIVERED_MS: i64 = 2 * DAY_MS;

#[async_trait]
impl Connections for PostgresStorage {
    async fn connections_of(&self, organization: OrganizationId) -> Result<Vec<Connection>> {
        let rows: Vec<ConnectionRow> = sqlx::query_as(sql::connections::OF_ORGANIZATION)
            .bind(organization.as_uuid())
            .fetch_all(self.reader())
            .await?;
        rows::all(rows)
    }

    async fn connection(&self, organization: OrganizationId, id: ConnectionId) -> Result<Option<Connection>> {
        let row: Option<ConnectionRow> = sqlx::query_as(sql::connections::BY_ID)
            .bind(organization.as_uuid())
            .bind(id.as_uuid())
            .fetch_optional(self.reader())
            .await?;
        row.map(Connection::try_from).transpose()
    }

    async fn channels_of(&self, organization: OrganizationId) -> Result<Vec<Channel>> {
        let rows: Vec<ChannelRow> = sqlx::query_as(sql::connections::channels::OF_ORGANIZATION)
            .bind(organization.as_uuid())
            .fetch_all(self.reader())
            .await?;
        rows::all(rows)
    }

    async fn channels_of_connection(&self, organization: OrganizationId, id: ConnectionId) -> Result<Vec<Channel>> {
        let rows: Vec<ChannelRow> = sqlx::query_as(sql::connections::channels::OF_CONNECTION)
            .bind(organization.as_uuid())
            .bind(id.as_uuid())
            .fetch_all(self.reader())
            .await?;
        rows::all(rows)
    }

    async fn commit_connection(&self, commit: &ConnectionCommit, trail: &Trail) -> Result<()> {
        let mut tx = self.begin().await?;
        trail::raise_change_seq(&mut tx, commit.connection.organization_id).await?;
        put(&mut tx, commit, trail.audit.at).await?;
        trail::write(&mut tx, trail).await?;
        tx.commit().await?;
        Ok(())
    }

    async fn page_is_used_elsewhere(&self, meta_app: MetaAppId, page_id: &str, except: ConnectionId) -> Result<bool> {
        Ok(sqlx::query_scalar(sql::connections::channels::PAGE_USED_ELSEWHERE)
            .bind(meta_app.as_uuid())
            .bind(page_id)
            .bind(except.as_uuid())
            .fetch_one(self.reader())
            .await?)
    }

    async fn connection_anywhere(&self, id: ConnectionId) -> Result<Option<Connection>> {
        let row: Option<ConnectionRow> =
            sqlx::query_as(sql::connections::ANYWHERE).bind(id.as_uuid()).fetch_optional(self.reader()).await?;
        row.map(Connection::try_from).transpose()
    }

    async fn connection_ids(&self) -> Result<Vec<ConnectionId>> {
        let ids: Vec<Uuid> = sqlx::query_scalar(sql::connections::IDS).fetch_all(self.reader()).await?;
        Ok(ids.into_iter().map(ConnectionId::from_uuid).collect())
    }

    async fn connections_of_grantee(&self, meta_app: MetaAppId, grantee_id: &str) -> Result<Vec<Connection>> {
        let rows: Vec<ConnectionRow> = sqlx::query_as(sql::connections::OF_GRANTEE)
            .bind(meta_app.as_uuid())
            .bind(grantee_id)
            .fetch_all(self.reader())
            .await?;
        rows::all(rows)
    }

    async fn connections_of_account(
        &self,
        meta_app: MetaAppId,
        kind: ChannelKind,
        account_id: &str,
    ) -> Result<Vec<Connection>> {
        let rows: Vec<ConnectionRow> = sqlx::query_as(sql::connections::OF_ACCOUNT)
            .bind(meta_app.as_uuid())
            .bind(kind.as_str())
            .bind(account_id)
            .fetch_all(self.reader())
            .await?;
        rows::all(rows)
    }

    async fn claim_checks(&self, now: Timestamp, wall: Timestamp, owner: &str, limit: i64) -> Result<Vec<HeldCheck>> {
        let due: bool = sqlx::query_scalar(sql::connections::ANY_DUE).bind(now.0).fetch_one(self.reader()).await?;
        if !due {
            return Ok(Vec::new());
        }
        let rows: Vec<ClaimedConnectionRow> =
            sqlx::query_as(CLAIM).bind(now.0).bind(wall.0).bind(limit).bind(owner).fetch_all(self.writer()).await?;
        rows::by_turns(rows)
    }

    async fn checks_due(&self, now: Timestamp) -> Result<i64> {
        Ok(sqlx::query_scalar(sql::connections::COUNT_DUE).bind(now.0).fetch_one(self.reader()).await?)
    }

    async fn unreachable(&self, since: Timestamp) -> Result<(i64, Option<Timestamp>)> {
        let (connections, first): (i64, Option<i64>) =
            sqlx::query_as(sql::connections::UNREACHABLE).bind(since.0).fetch_one(self.reader()).await?;
        Ok((connections, first.map(Timestamp)))
    }

    async fn cannot_be_checked(&self) -> Result<Option<(i64, ConnectionId)>> {
        let first: Option<(i64, Uuid)> =
            sqlx::query_as(sql::connections::CANNOT_BE_CHECKED).fetch_optional(self.reader()).await?;
        Ok(first.map(|(connections, id)| (connections, ConnectionId::from_uuid(id))))
    }

    async fn extend_check(&self, id: ConnectionId, held: &Held, wall: Timestamp) -> Result<bool> {
        let done = sqlx::query(sql::connections::EXTEND)
            .bind(id.as_uuid())
            .bind(held.owner.as_str())
            .bind(held.epoch)
            .bind(wall.0)
            .execute(self.writer())
            .await?;
        Ok(done.rows_affected() == 1)
    }

    async fn claim_watches(&self, now: Timestamp, wall: Timestamp, limit: i64) -> Result<Vec<Watched>> {
        let due: bool =
            sqlx::query_scalar(sql::connections::ANY_FOR_WATCH).bind(now.0).fetch_one(self.reader()).await?;
        if !due {
            return Ok(Vec::new());
        }
        let rows: Vec<WatchedRow> =
            sqlx::query_as(CLAIM_WATCHES).bind(now.0).bind(wall.0).bind(limit).fetch_all(self.writer()).await?;
        rows::longest_waiting_first(rows)
    }

    async fn count_for_watch(&self, now: Timestamp) -> Result<(i64, i64)> {
        let total = sqlx::query_scalar(sql::connections::COUNT).fetch_one(self.reader()).await?;
        let due = sqlx::query_scalar(sql::connections::COUNT_FOR_WATCH).bind(now.0).fetch_one(self.reader()).await?;
        Ok((total, due))
    }

    async fn postpone_watch(&self, now: Timestamp, until: Timestamp) -> Result<u64> {
        let done = sqlx::query(POSTPONE_WATCH).bind(now.0).bind(until.0).execute(self.writer()).await?;
        Ok(done.rows_affected())
    }

    async fn defer_watch(&self, id: ConnectionId, watch_at: Timestamp, until: Timestamp) -> Result<()> {
        sqlx::query(sql::connections::DEFER_WATCH)
            .bind(id.as_uuid())
            .bind(watch_at.0)
            .bind(until.0)
            .execute(self.writer())
            .await?;
        Ok(())
    }

    async fn pull_back(&self, now: Timestamp, wall: Timestamp) -> Result<u64> {
        let (planned, delivered) = (now.plus(PLANNED_MS), wall.plus(DELIVERED_MS));
        let ahead: bool = sqlx::query_scalar(sql::connections::ANY_AHEAD)
            .bind(planned.0)
            .bind(delivered.0)
            .fetch_one(self.reader())
            .await?;
        if !ahead {
            return Ok(0);
        }
        let mut pulled = 0;
        for (statement, to, ahead_of) in [
            (PULL_CHECKS_BACK, now, planned),
            (PULL_WATCH_BACK, now, planned),
            (sql::connections::PULL_DELIVERIES_BACK, wall, delivered),
        ] {
            let done = sqlx::query(statement).bind(to.0).bind(ahead_of.0).execute(self.writer()).await?;
            pulled += done.rows_affected();
        }
        Ok(pulled)
    }

    async fn make_due(&self, ids: &[ConnectionId], now: Timestamp) -> Result<()> {
        // Always in the same order, so that two callers wait for each other instead of deadlocking.
        let ids: BTreeSet<_> = ids.iter().collect();
        let mut tx = self.begin().await?;
        for id in ids {
            sqlx::query(sql::connections::MAKE_DUE).bind(id.as_uuid()).bind(now.0).execute(&mut *tx).await?;
        }
        wakes::tell(&mut tx, Wake::Rounds).await?;
        tx.commit().await?;
        Ok(())
    }

    async fn record_check(&self, organization: OrganizationId, outcome: &CheckOutcome) -> Result<()> {
        let mut tx = self.begin().await?;
        trail::raise_change_seq(&mut tx, organization).await?;
        let facts = &outcome.facts;
        let done = sqlx::query(sql::connections::RECORD_CHECK)
            .bind(outcome.connection_id.as_uuid())
            .bind(organization.as_uuid())
            .bind(outcome.expected_version)
            .bind(rows::list_to_json(&facts.scopes))
            .bind(facts.issued_at.map(|at| at.0))
            .bind(facts.expires_at.map(|at| at.0))
            .bind(facts.data_access_expires_at.map(|at| at.0))
            .bind(facts.proof.as_str())
            .bind(facts.dead_since.map(|at| at.0))
            .bind(facts.checked_at.map(|at| at.0))
            .bind(facts.unreachable_since.map(|at| at.0))
            .bind(outcome.next_check_at.0)
            .bind(outcome.failures)
            .bind(facts.problem.as_deref())
            .bind(outcome.held.as_ref().map(|held| held.owner.as_str()))
            .bind(outcome.held.as_ref().map(|held| held.epoch))
            .execute(&mut *tx)
            .await?;
        if done.rows_affected() != 1 {
            return Err(StoreError::Stale);
        }
        for channel in &outcome.channels {
            record_channel(&mut tx, organization, outcome, channel).await?;
        }
        for trail in &outcome.trails {
            trail::write(&mut tx, trail).await?;
        }
        tx.commit().await?;
        Ok(())
    }

    async fn set_story_options(
        &self,
        organization: OrganizationId,
        channel: ChannelId,
        mentions: bool,
        replies: bool,
        trail: &Trail,
    ) -> Result<()> {
        let mut tx = self.begin().await?;
        trail::raise_change_seq(&mut tx, organization).await?;
        let connection: Option<Uuid> = sqlx::query_scalar(sql::connections::channels::SET_STORY_OPTIONS)
            .bind(organization.as_uuid())
            .bind(channel.as_uuid())
            .bind(mentions)
            .bind(replies)
            .bind(trail.audit.at.0)
            .fetch_optional(&mut *tx)
            .await?;
        // A commit that was prepared before would put the old options back: it must be refused.
        sqlx::query(sql::connections::RAISE_VERSION)
            .bind(organization.as_uuid())
            .bind(connection.ok_or(StoreError::Stale)?)
            .execute(&mut *tx)
            .await?;
        trail::write(&mut tx, trail).await?;
        tx.commit().await?;
        Ok(())
    }

    async fn delete_connection(&self, organization: OrganizationId, id: ConnectionId, trail: &Trail) -> Result<bool> {
        let mut tx = self.begin().await?;
        trail::raise_change_seq(&mut tx, organization).await?;
        if !removal::delete(&mut tx, organization, id, trail.audit.at).await? {
            return Ok(false);
        }
        trail::write(&mut tx, trail).await?;
        tx.commit().await?;
        Ok(true)
    }

    async fn erase_connection(&self, organization: OrganizationId, id: ConnectionId, trail: &Trail) -> Result<bool> {
        let mut tx = self.begin().await?;
        trail::raise_change_seq(&mut tx, organization).await?;
        removal::erase_traces(&mut tx, organization, id).await?;
        if !removal::delete(&mut tx, organization, id, trail.audit.at).await? {
            return Ok(false);
        }
        trail::write(&mut tx, trail).await?;
        tx.commit().await?;
        Ok(true)
    }
}

async fn record_channel(
    tx: &mut PgConnection,
    organization: OrganizationId,
    outcome: &CheckOutcome,
    (channel, facts, subscribed_fields): &(ChannelId, ChannelTokenFacts, Vec<String>),
) -> Result<()> {
    let done = sqlx::query(sql::connections::channels::RECORD_CHECK)
        .bind(channel.as_uuid())
        .bind(organization.as_uuid())
        .bind(outcome.connection_id.as_uuid())
        .bind(facts.expires_at.map(|at| at.0))
        .bind(facts.data_access_expires_at.map(|at| at.0))
        .bind(facts.proof.as_str())
        .bind(facts.dead_since.map(|at| at.0))
        .bind(facts.checked_at.map(|at| at.0))
        .bind(rows::list_to_json(subscribed_fields))
        .bind(facts.problem.as_deref())
        .bind(outcome.at.0)
        .execute(tx)
        .await?;
    if done.rows_affected() == 1 { Ok(()) } else { Err(StoreError::Stale) }
}

/// Puts the connection and exactly its channels in place, at `at`; [`StoreError::Stale`] if the connection
/// has changed, or is gone, since it was read.
pub(super) async fn put(tx: &mut PgConnection, commit: &ConnectionCommit, at: Timestamp) -> Result<()> {
    put_connection(tx, &commit.connection).await?;
    // Its clocks are to be looked at.
    wakes::tell(tx, Wake::Rounds).await?;

    // Before the others come in: an account may return under a new id.
    let keep: HashSet<Uuid> = commit.channels.iter().map(|channel| channel.id.as_uuid()).collect();
    let stored: Vec<Uuid> = sqlx::query_scalar(sql::connections::channels::IDS_OF_CONNECTION)
        .bind(commit.connection.organization_id.as_uuid())
        .bind(commit.connection.id.as_uuid())
        .fetch_all(&mut *tx)
        .await?;
    let gone: Vec<_> = stored.into_iter().filter(|id| !keep.contains(id)).collect();
    for id in &gone {
        sqlx::query(sql::connections::channels::DELETE)
            .bind(commit.connection.organization_id.as_uuid())
            .bind(id)
            .execute(&mut *tx)
            .await?;
    }

    for channel in &commit.channels {
        let query = sqlx::query(sql::connections::channels::PUT);
        let done = sql::connections::channels::bind_channel!(query, channel).bind(at.0).execute(&mut *tx).await?;
        if done.rows_affected() != 1 {
            return Err(StoreError::Conflict { what: "channel" });
        }
    }
    // After the others have come in: an account may have returned.
    if !gone.is_empty() {
        sqlx::query(sql::pictures::DELETE_UNUSED)
            .bind(commit.connection.organization_id.as_uuid())
            .execute(&mut *tx)
            .await?;
    }
    Ok(())
}

async fn put_connection(tx: &mut PgConnection, connection: &Connection) -> Result<()> {
    let query = sqlx::query(sql::connections::REPLACE);
    let done = sql::connections::bind_connection!(query, connection).execute(&mut *tx).await?;
    if done.rows_affected() == 1 {
        return Ok(());
    }
    let exists: bool = sqlx::query_scalar(sql::connections::EXISTS)
        .bind(connection.organization_id.as_uuid())
        .bind(connection.id.as_uuid())
        .fetch_one(&mut *tx)
        .await?;
    // A later version of a row that is gone was deleted by somebody else: it must not come back.
    if exists || connection.version > 1 {
        return Err(StoreError::Stale);
    }
    let query = sqlx::query(sql::connections::INSERT);
    sql::connections::bind_connection!(query, connection).execute(tx).await?;
    Ok(())
}
