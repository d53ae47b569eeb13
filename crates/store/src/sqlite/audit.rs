use async_trait::async_trait;
use lifecycle::ids::OrganizationId;

use super::{SqliteStorage, trail};
use crate::{AuditEntry, AuditLog, Result, Trail, rows::AuditRow, sql};

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
}
