use lifecycle::Timestamp;
use sqlx::FromRow;

use super::hash;
use crate::{DataDeletion, Forward, Result, SealedToken, StoreError};

#[derive(FromRow)]
pub(crate) struct ForwardRow {
    seq: i64,
    body_key_id: String,
    body_ciphertext: Vec<u8>,
    body_version: i64,
    signature: Option<String>,
    attempts: i64,
    received_at: i64,
}

impl From<ForwardRow> for Forward {
    fn from(row: ForwardRow) -> Self {
        Self {
            seq: row.seq,
            body: SealedToken {
                key_id: row.body_key_id,
                ciphertext: row.body_ciphertext,
                token_version: row.body_version,
            },
            signature: row.signature,
            attempts: row.attempts,
            received_at: Timestamp(row.received_at),
        }
    }
}

/// Sorted here: what an update returns comes in any order.
pub(crate) fn oldest_first(rows: Vec<ForwardRow>) -> Vec<Forward> {
    let mut forwards: Vec<_> = rows.into_iter().map(Forward::from).collect();
    forwards.sort_unstable_by_key(|forward| forward.seq);
    forwards
}

#[derive(FromRow)]
pub(crate) struct DataDeletionRow {
    code: String,
    user_hash: Vec<u8>,
    issued_at: i64,
    requested_at: i64,
    completed_at: Option<i64>,
    connections: i64,
}

impl TryFrom<DataDeletionRow> for DataDeletion {
    type Error = StoreError;

    fn try_from(row: DataDeletionRow) -> Result<Self> {
        Ok(Self {
            code: row.code,
            user_hash: hash(row.user_hash, "data_deletions", "user_hash")?,
            issued_at: Timestamp(row.issued_at),
            requested_at: Timestamp(row.requested_at),
            completed_at: row.completed_at.map(Timestamp),
            connections: row.connections,
        })
    }
}
