use std::collections::HashSet;

use async_trait::async_trait;
use lifecycle::Timestamp;
use sqlx::PgConnection;

use super::{PostgresStorage, wakes};
use crate::{
    Delivery, Forward, MessageMark, MetaEvents, NewForward, Result, Wake, deliveries,
    rows::{self, ForwardRow},
    sql::{
        self,
        meta_events::{claimable, claimed, heads, hold},
    },
};

/// The row locks of [`sql::organizations::RAISE_CHANGE_SEQ`], always in the same order: who commits a
/// connection locks its channels in another.
const TAKE_TURNS: &str = "SELECT id FROM organizations WHERE id IN (SELECT organization_id FROM channels \
     WHERE kind IN ('messenger', 'instagram') AND account_id = ANY($1)) ORDER BY id FOR NO KEY UPDATE";

/// One statement for all: each costs a way to the server and back.
const INSERT_MARKS: &str = "INSERT INTO message_marks (mid_hash, account_id, kind, at, received_at) \
     SELECT * FROM UNNEST($1::bytea[], $2::text[], $3::text[], $4::bigint[], $5::bigint[]) \
     ON CONFLICT (mid_hash) DO NOTHING RETURNING mid_hash";

const RAISE_LAST_MESSAGE: &str = "UPDATE channels SET last_message_at = newest.at \
     FROM UNNEST($1::text[], $2::bigint[]) AS newest (account_id, at) \
     WHERE channels.kind IN ('messenger', 'instagram') AND channels.account_id = newest.account_id \
     AND (channels.last_message_at IS NULL OR channels.last_message_at < newest.at)";

const INSERT_ACCOUNTS: &str = "INSERT INTO forward_accounts (forward_seq, account_id) SELECT $1, UNNEST($2::text[])";

const CLAIM: &str = concat!(
    heads!(),
    ", picked AS (",
    claimable!(),
    " FOR UPDATE OF f SKIP LOCKED) ",
    hold!(),
    " FROM picked WHERE forwards.seq = picked.seq RETURNING ",
    claimed!()
);

/// One step: others who write wait no longer than this takes.
const FORGET_MARKS: &str = "DELETE FROM message_marks WHERE mid_hash IN \
     (SELECT mid_hash FROM message_marks WHERE received_at < $1 LIMIT 5000 FOR UPDATE SKIP LOCKED)";

#[async_trait]
impl MetaEvents for PostgresStorage {
    async fn record_deliveries(&self, deliveries: &[Delivery]) -> Result<Vec<usize>> {
        let mut tx = self.begin().await?;
        let mut fresh = deliveries::distinct_marks(deliveries);
        let accounts: Vec<&str> =
            deliveries::newest_by_account(fresh.iter().map(|(_, mark)| *mark)).into_keys().collect();
        // Before anything else is locked.
        sqlx::query(TAKE_TURNS).bind(&accounts).execute(&mut *tx).await?;
        let inserted = insert_marks(&mut tx, &fresh).await?;
        fresh.retain(|(_, mark)| inserted.contains(mark.mid_hash.as_slice()));
        raise_last_message(&mut tx, &fresh).await?;
        for forward in deliveries.iter().filter_map(|delivery| delivery.forward.as_ref()) {
            insert_forward(&mut tx, forward).await?;
        }
        if deliveries.iter().any(|delivery| delivery.forward.is_some()) {
            wakes::tell(&mut tx, Wake::Forwards).await?;
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

/// The hashes of those that were fresh.
async fn insert_marks(tx: &mut PgConnection, marks: &[(usize, &MessageMark)]) -> Result<HashSet<Vec<u8>>> {
    let marks = || marks.iter().map(|(_, mark)| mark);
    let fresh: Vec<Vec<u8>> = sqlx::query_scalar(INSERT_MARKS)
        .bind(marks().map(|mark| mark.mid_hash.as_slice()).collect::<Vec<_>>())
        .bind(marks().map(|mark| mark.account_id.as_str()).collect::<Vec<_>>())
        .bind(marks().map(|mark| mark.kind.as_str()).collect::<Vec<_>>())
        .bind(marks().map(|mark| mark.at.0).collect::<Vec<_>>())
        .bind(marks().map(|mark| mark.received_at.0).collect::<Vec<_>>())
        .fetch_all(tx)
        .await?;
    Ok(fresh.into_iter().collect())
}

async fn raise_last_message(tx: &mut PgConnection, fresh: &[(usize, &MessageMark)]) -> Result<()> {
    let newest = deliveries::newest_by_account(fresh.iter().map(|(_, mark)| *mark));
    let (accounts, instants): (Vec<&str>, Vec<i64>) = newest.into_iter().map(|(account, at)| (account, at.0)).unzip();
    sqlx::query(RAISE_LAST_MESSAGE).bind(accounts).bind(instants).execute(tx).await?;
    Ok(())
}

async fn insert_forward(tx: &mut PgConnection, forward: &NewForward) -> Result<()> {
    let seq: i64 = sqlx::query_scalar(sql::meta_events::INSERT_FORWARD)
        .bind(forward.body.key_id.as_str())
        .bind(forward.body.ciphertext.as_slice())
        .bind(forward.body.token_version)
        .bind(forward.signature.as_deref())
        .bind(forward.received_at.0)
        .fetch_one(&mut *tx)
        .await?;
    let accounts: Vec<&str> = deliveries::accounts_in_order(&forward.accounts).into_iter().collect();
    sqlx::query(INSERT_ACCOUNTS).bind(seq).bind(accounts).execute(tx).await?;
    Ok(())
}
