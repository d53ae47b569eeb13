//! What is written beside a change.

use lifecycle::ids::OrganizationId;
use sqlx::{PgConnection, Postgres, postgres::PgArguments, query::Query};

use super::{PostgresStorage, wakes};
use crate::{AuditEntry, Event, Result, StoreError, Trail, Wake, sql, sql::webhooks::outbox};

/// Locks the endpoints against removal: an event must not fail because one goes at that moment.
const OUTBOX: &str = concat!(outbox!(), " FOR KEY SHARE");

impl PostgresStorage {
    /// One statement, and what is written beside it. `false`, and nothing changes, if it hits no row.
    pub(super) async fn change(&self, query: Query<'_, Postgres, PgArguments>, trail: Option<&Trail>) -> Result<bool> {
        let mut tx = self.begin().await?;
        if let Some(trail) = trail {
            raise_change_seq(&mut tx, trail.audit.organization_id).await?;
        }
        if query.execute(&mut *tx).await?.rows_affected() == 0 {
            return Ok(false);
        }
        if let Some(trail) = trail {
            write(&mut tx, trail).await?;
        }
        tx.commit().await?;
        Ok(true)
    }
}

/// [`StoreError::Stale`] if there is no such organization.
pub(super) async fn raise_change_seq(tx: &mut PgConnection, organization: OrganizationId) -> Result<()> {
    let query = sqlx::query(sql::organizations::RAISE_CHANGE_SEQ).bind(organization.as_uuid());
    if query.execute(&mut *tx).await?.rows_affected() != 1 {
        return Err(StoreError::Stale);
    }
    wakes::tell(tx, Wake::Changes).await
}

pub(super) async fn write(tx: &mut PgConnection, trail: &Trail) -> Result<()> {
    write_audit(tx, &trail.audit).await?;
    for event in &trail.events {
        insert_event(tx, event).await?;
        if event.is_sent {
            tell_platform(tx, event).await?;
        }
    }
    Ok(())
}

async fn write_audit(tx: &mut PgConnection, entry: &AuditEntry) -> Result<()> {
    sqlx::query(sql::audit::INSERT)
        .bind(entry.id.as_uuid())
        .bind(entry.organization_id.as_uuid())
        .bind(entry.user_id.map(|id| id.as_uuid()))
        .bind(entry.action.as_str())
        .bind(entry.subject.as_str())
        .bind(entry.detail.as_str())
        .bind(entry.at.0)
        .execute(tx)
        .await?;
    Ok(())
}

pub(super) async fn insert_event(tx: &mut PgConnection, event: &Event) -> Result<()> {
    sqlx::query(sql::audit::INSERT_EVENT)
        .bind(event.id.as_uuid())
        .bind(event.organization_id.as_uuid())
        .bind(event.kind.as_str())
        .bind(event.data.as_str())
        .bind(event.at.0)
        .execute(tx)
        .await?;
    Ok(())
}

/// One delivery to each endpoint, in the transaction of the event.
async fn tell_platform(tx: &mut PgConnection, event: &Event) -> Result<()> {
    let told = sqlx::query(OUTBOX)
        .bind(event.id.as_uuid())
        .bind(event.organization_id.as_uuid())
        .bind(event.at.0)
        .execute(&mut *tx)
        .await?;
    if told.rows_affected() > 0 { wakes::tell(tx, Wake::Webhooks).await } else { Ok(()) }
}
