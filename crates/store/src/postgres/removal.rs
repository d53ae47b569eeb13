//! Taking a connection away, and what speaks of it.

use lifecycle::{
    Timestamp,
    ids::{ConnectionId, OrganizationId},
};
use sqlx::PgConnection;
use uuid::Uuid;

use crate::{Result, sql};

/// Deletes the connection and its channels, with pictures that no channel shows any more; its renewals end at `at`
/// and stay. `false` if there was none.
pub(super) async fn delete(
    tx: &mut PgConnection,
    organization: OrganizationId,
    id: ConnectionId,
    at: Timestamp,
) -> Result<bool> {
    sqlx::query(sql::renewals::ABANDON_OF_CONNECTION)
        .bind(organization.as_uuid())
        .bind(id.as_uuid())
        .bind(at.0)
        .execute(&mut *tx)
        .await?;
    for statement in [sql::renewals::FORGET_CODES_OF_CONNECTION, sql::renewals::DETACH_FROM_CONNECTION] {
        sqlx::query(statement).bind(organization.as_uuid()).bind(id.as_uuid()).execute(&mut *tx).await?;
    }
    let done =
        sqlx::query(sql::connections::DELETE).bind(organization.as_uuid()).bind(id.as_uuid()).execute(&mut *tx).await?;
    sqlx::query(sql::pictures::DELETE_UNUSED).bind(organization.as_uuid()).execute(tx).await?;
    Ok(done.rows_affected() == 1)
}

/// Empties what renewals, audit log and events tell of the connection. Before [`delete`]:
/// afterwards nobody knows which renewals and channels they were.
pub(super) async fn erase_traces(tx: &mut PgConnection, organization: OrganizationId, id: ConnectionId) -> Result<()> {
    let mut names = vec![id.as_uuid()];
    for statement in [sql::connections::channels::IDS_OF_CONNECTION, sql::renewals::IDS_OF_CONNECTION] {
        let ids: Vec<Uuid> =
            sqlx::query_scalar(statement).bind(organization.as_uuid()).bind(id.as_uuid()).fetch_all(&mut *tx).await?;
        names.extend(ids);
    }
    for name in names {
        for statement in [sql::audit::ERASE, sql::audit::ERASE_EVENTS] {
            sqlx::query(statement).bind(organization.as_uuid()).bind(name.to_string()).execute(&mut *tx).await?;
        }
    }
    sqlx::query(sql::renewals::ERASE_OF_CONNECTION).bind(organization.as_uuid()).bind(id.as_uuid()).execute(tx).await?;
    Ok(())
}
