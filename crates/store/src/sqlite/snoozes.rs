use async_trait::async_trait;
use lifecycle::ids::{OrganizationId, UserId};

use super::{SqliteStorage, trail};
use crate::{Result, Snooze, Snoozes, StoreError, rows::SnoozeRow, sql};

#[async_trait]
impl Snoozes for SqliteStorage {
    async fn snooze(&self, snooze: &Snooze) -> Result<()> {
        let mut tx = self.begin().await?;
        trail::raise_change_seq(&mut tx, snooze.organization_id).await?;
        let done = sqlx::query(sql::snoozes::PUT)
            .bind(snooze.user_id.as_uuid())
            .bind(snooze.connection_id.as_uuid())
            .bind(snooze.organization_id.as_uuid())
            .bind(snooze.until.0)
            .execute(&mut *tx)
            .await?;
        if done.rows_affected() == 0 {
            return Err(StoreError::Stale);
        }
        tx.commit().await?;
        Ok(())
    }

    async fn snoozes_of(&self, organization: OrganizationId, user: UserId) -> Result<Vec<Snooze>> {
        let rows: Vec<SnoozeRow> = sqlx::query_as(sql::snoozes::OF_USER)
            .bind(organization.as_uuid())
            .bind(user.as_uuid())
            .fetch_all(self.reader())
            .await?;
        Ok(rows.into_iter().map(Snooze::from).collect())
    }
}
