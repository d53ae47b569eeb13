//! Ending what has outlived itself.

use lifecycle::{Timestamp, clock::DAY_MS, ids::OrganizationId};
use sqlx::PgConnection;
use uuid::Uuid;

use super::trail;
use crate::{Result, sql};

/// The row lock of [`sql::organizations::RAISE_CHANGE_SEQ`], before it is known whether to raise it.
const TAKE_TURN: &str = "SELECT id FROM organizations WHERE id = $1 FOR NO KEY UPDATE";

/// One organization's share of [`crate::Renewals::end_overdue`]: how many renewals ended.
pub(super) async fn end_in(tx: &mut PgConnection, organization: Uuid, now: Timestamp) -> Result<u64> {
    sqlx::query(TAKE_TURN).bind(organization).execute(&mut *tx).await?;
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
