use async_trait::async_trait;
use lifecycle::Timestamp;
use sqlx::SqliteConnection;

use super::SqliteStorage;
use crate::{
    Delivery, Forward, MessageMark, MetaEvents, NewForward, Result, deliveries,
    rows::{self, ForwardRow},
    sql::{
        self,
        meta_events::{claimable, claimed, heads, hold},
    },
};

const INSERT_MARK: &str = "INSERT INTO message_marks (mid_hash, account_id, kind, at, received_at) \
     VALUES ($1, $2, $3, $4, $5) ON CONFLICT (mid_hash) DO NOTHING";

pub(super) const RAISE_LAST_MESSAGE: &str = "UPDATE channels SET last_message_at = $2 \
     WHERE kind IN ('messenger', 'instagram') AND account_id = $1 \
     AND (last_message_at IS NULL OR last_message_at < $2)";

const INSERT_ACCOUNT: &str = "INSERT INTO forward_accounts (forward_seq, account_id) VALUES ($1, $2)";

pub(super) const CLAIM: &str =
    concat!(heads!(), " ", hold!(), " WHERE seq IN (", claimable!(), ") RETURNING ", claimed!());

/// One step: others who write wait no longer than this takes.
pub(super) const FORGET_MARKS: &str = "DELETE FROM message_marks WHERE mid_hash IN \
     (SELECT mid_hash FROM message_marks WHERE received_at < $1 LIMIT 5000)";

#[async_trait]
impl MetaEvents for SqliteStorage {
    async fn record_deliveries(&self, deliveries: &[Delivery]) -> Result<Vec<usize>> {
        let mut tx = self.begin().await?;
        let mut fresh = deliveries::distinct_marks(deliveries);
        let mut is_fresh = Vec::with_capacity(fresh.len());
        for (_, mark) in &fresh {
            is_fresh.push(insert_mark(&mut tx, mark).await?);
        }
        let mut is_fresh = is_fresh.into_iter();
        fresh.retain(|_| is_fresh.next().unwrap_or(false));
        for (account, at) in deliveries::newest_by_account(fresh.iter().map(|(_, mark)| *mark)) {
            sqlx::query(RAISE_LAST_MESSAGE).bind(account).bind(at.0).execute(&mut *tx).await?;
        }
        for forward in deliveries.iter().filter_map(|delivery| delivery.forward.as_ref()) {
            insert_forward(&mut tx, forward).await?;
        }
        tx.commit().await?;
        Ok(deliveries::count(deliveries, &fresh))
    }

    async fn claim_forwards(
        &self,
        now: Timestamp,
        owner: &str,
        lease_until: Timestamp,
        limit: i64,
    ) -> Result<Vec<Forward>> {
        let due: bool = sqlx::query_scalar(sql::meta_events::ANY_DUE).bind(now.0).fetch_one(self.reader()).await?;
        if !due {
            return Ok(Vec::new());
        }
        let rows: Vec<ForwardRow> = sqlx::query_as(CLAIM)
            .bind(now.0)
            .bind(owner)
            .bind(lease_until.0)
            .bind(limit)
            .fetch_all(self.writer())
            .await?;
        Ok(rows::oldest_first(rows))
    }

    async fn complete_forward(&self, seq: i64, owner: &str) -> Result<bool> {
        let done = sqlx::query(sql::meta_events::COMPLETE).bind(seq).bind(owner).execute(self.writer()).await?;
        Ok(done.rows_affected() == 1)
    }

    async fn postpone_forward(&self, seq: i64, owner: &str, due_at: Timestamp) -> Result<bool> {
        let done =
            sqlx::query(sql::meta_events::POSTPONE).bind(seq).bind(owner).bind(due_at.0).execute(self.writer()).await?;
        Ok(done.rows_affected() == 1)
    }

    async fn drop_forwards(&self, received_before: Timestamp) -> Result<u64> {
        let done = sqlx::query(sql::meta_events::DROP).bind(received_before.0).execute(self.writer()).await?;
        Ok(done.rows_affected())
    }

    async fn forwards_waiting(&self) -> Result<i64> {
        Ok(sqlx::query_scalar(sql::meta_events::WAITING).fetch_one(self.reader()).await?)
    }

    async fn forget_marks(&self, received_before: Timestamp) -> Result<u64> {
        let mut forgotten = 0;
        loop {
            let done = sqlx::query(FORGET_MARKS).bind(received_before.0).execute(self.writer()).await?;
            if done.rows_affected() == 0 {
                return Ok(forgotten);
            }
            forgotten += done.rows_affected();
        }
    }

    async fn newest_message_at(&self) -> Result<Option<Timestamp>> {
        let at: Option<i64> =
            sqlx::query_scalar(sql::meta_events::NEWEST_MESSAGE).fetch_optional(self.reader()).await?;
        Ok(at.map(Timestamp))
    }
}

/// Whether it was fresh.
async fn insert_mark(tx: &mut SqliteConnection, mark: &MessageMark) -> Result<bool> {
    let done = sqlx::query(INSERT_MARK)
        .bind(mark.mid_hash.as_slice())
        .bind(mark.account_id.as_str())
        .bind(mark.kind.as_str())
        .bind(mark.at.0)
        .bind(mark.received_at.0)
        .execute(tx)
        .await?;
    Ok(done.rows_affected() == 1)
}

async fn insert_forward(tx: &mut SqliteConnection, forward: &NewForward) -> Result<()> {
    let seq: i64 = sqlx::query_scalar(sql::meta_events::INSERT_FORWARD)
        .bind(forward.body.key_id.as_str())
        .bind(forward.body.ciphertext.as_slice())
        .bind(forward.body.token_version)
        .bind(forward.signature.as_deref())
        .bind(forward.received_at.0)
        .fetch_one(&mut *tx)
        .await?;
    for account in deliveries::accounts_in_order(&forward.accounts) {
        sqlx::query(INSERT_ACCOUNT).bind(seq).bind(account).execute(&mut *tx).await?;
    }
    Ok(())
}
