//! Ending what has outlived itself.

use lifecycle::{Timestamp, clock::DAY_MS, ids::OrganizationId};
use sqlx::SqliteConnection;
use uuid::Uuid;

use super::trail;
use crate::{Result, sql};

/// One organization's share of [`crate::Renewals::end_overdue`]: how many renewals ended.
pub(super) async fn end_in(tx: &mut SqliteConnection, organization: Uuid, now: Timestamp) -> Result<u64> {
    for statement in [sql::overdue::FORGET_CODES, sql::overdue::FORGET_CODES_OF_RENEWALS] {
        sqlx::query(statement).bind(organization).bind(now.0).execute(&mut *tx).await?;
    }
    let ended = sqlx::query(sql::overdue::EXPIRE).bind(organization).bind(now.0).execute(&mut *tx).await?;
    if ended.rows_affected() > 0 {
        trail::raise_change_seq(tx, OrganizationId::from_uuid(organization)).await?;
    }
    let day_before = now.plus(-DAY_MS);
    sqlx::query(sql::overdue::DELETE_ATTEMPTS).bind(organization).bind(day_before.0).execute(&mut *tx).await?;
    Ok(ended.rows_affected())
}
