use async_trait::async_trait;
use lifecycle::ids::{ConnectionId, OrganizationId};
use uuid::Uuid;

use super::{SqliteStorage, trail};
use crate::{AuditActor, AuditEntry, AuditFilter, AuditLog, Result, Trail, rows::AuditRow, sql};

pub(super) const OF_ACTIONS: &str = sql::audit::of_actions!("IN (SELECT value FROM json_each($2))", "");
pub(super) const OF_CONNECTION: &str =
    sql::audit::of_actions!("IN (SELECT value FROM json_each($2))", " AND about = $4");

#[async_trait]
impl AuditLog for SqliteStorage {
    async fn append_audit(&self, entry: &Trail) -> Result<()> {
        let mut tx = self.begin().await?;
        trail::raise_change_seq(&mut tx, entry.audit.organization_id).await?;
        trail::write(&mut tx, entry).await?;
        tx.commit().await?;
        Ok(())
    }

    async fn audit_of(&self, organization: OrganizationId, limit: i64) -> Result<Vec<AuditEntry>> {
        let rows: Vec<AuditRow> = sqlx::query_as(sql::audit::OF_ORGANIZATION)
            .bind(organization.as_uuid())
            .bind(limit)
            .fetch_all(self.reader())
            .await?;
        Ok(rows.into_iter().map(AuditEntry::from).collect())
    }

    async fn audit_of_actions(
        &self,
        organization: OrganizationId,
        connection: Option<ConnectionId>,
        actions: &[&str],
        limit: i64,
    ) -> Result<Vec<AuditEntry>> {
        let query = if connection.is_some() { OF_CONNECTION } else { OF_ACTIONS };
        let mut query = sqlx::query_as(query)
            .bind(organization.as_uuid())
            .bind(serde_json::Value::from(actions).to_string())
            .bind(limit);
        if let Some(connection) = connection {
            query = query.bind(connection.to_string());
        }
        let rows: Vec<AuditRow> = query.fetch_all(self.reader()).await?;
        Ok(rows.into_iter().map(AuditEntry::from).collect())
    }

    async fn audit_page(
        &self,
        organization: OrganizationId,
        filter: &AuditFilter,
        limit: i64,
    ) -> Result<Vec<AuditEntry>> {
        let (at, id) = filter.before.map_or((i64::MAX, Uuid::max()), |(at, id)| (at.0, id.as_uuid()));
        let mut query =
            sqlx::query_as(sql::audit::page_of(filter)).bind(organization.as_uuid()).bind(at).bind(id).bind(limit);
        if let Some(AuditActor::User(user)) = filter.by {
            query = query.bind(user.as_uuid());
        }
        if let Some(kind) = &filter.kind {
            query = query.bind(kind.as_str());
        }
        let rows: Vec<AuditRow> = query.fetch_all(self.reader()).await?;
        Ok(rows.into_iter().map(AuditEntry::from).collect())
    }
}
