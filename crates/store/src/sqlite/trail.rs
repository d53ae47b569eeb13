//! What is written beside a change.

use lifecycle::ids::OrganizationId;
use sqlx::{Sqlite, SqliteConnection, query::Query, sqlite::SqliteArguments};

use super::SqliteStorage;
use crate::{AuditEntry, Event, Result, StoreError, Trail, sql, sql::webhooks::outbox};

const OUTBOX: &str = outbox!();

impl SqliteStorage {
    /// One statement, and what is written beside it. `false`, and nothing changes, if it hits no row.
    pub(super) async fn change(
        &self,
        query: Query<'_, Sqlite, SqliteArguments>,
        trail: Option<&Trail>,
    ) -> Result<bool> {
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
pub(super) async fn raise_change_seq(tx: &mut SqliteConnection, organization: OrganizationId) -> Result<()> {
    let done = sqlx::query(sql::organizations::RAISE_CHANGE_SEQ).bind(organization.as_uuid()).execute(tx).await?;
    if done.rows_affected() == 1 { Ok(()) } else { Err(StoreError::Stale) }
}

pub(super) async fn write(tx: &mut SqliteConnection, trail: &Trail) -> Result<()> {
    write_audit(tx, &trail.audit).await?;
    for event in &trail.events {
        insert_event(tx, event).await?;
        if event.is_sent {
            tell_platform(tx, event).await?;
        }
    }
    Ok(())
}

async fn write_audit(tx: &mut SqliteConnection, entry: &AuditEntry) -> Result<()> {
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

pub(super) async fn insert_event(tx: &mut SqliteConnection, event: &Event) -> Result<()> {
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
async fn tell_platform(tx: &mut SqliteConnection, event: &Event) -> Result<()> {
    sqlx::query(OUTBOX)
        .bind(event.id.as_uuid())
        .bind(event.organization_id.as_uuid())
        .bind(event.at.0)
        .execute(tx)
        .await?;
    Ok(())
}
