use async_trait::async_trait;
use lifecycle::{Timestamp, ids::RenewalId};

use super::{SqliteStorage, sessions, trail};
use crate::{RenewalLink, RenewalLinks, Result, Session, Trail, rows::RenewalLinkRow, sql};

#[async_trait]
impl RenewalLinks for SqliteStorage {
    async fn insert_renewal_link(&self, link: &RenewalLink, trail: &Trail) -> Result<()> {
        let insert = sqlx::query(sql::renewal_links::INSERT)
            .bind(link.id.as_uuid())
            .bind(link.organization_id.as_uuid())
            .bind(link.user_id.as_uuid())
            .bind(link.connection_id.map(|id| id.as_uuid()))
            .bind(link.token_hash.as_slice())
            .bind(link.vouched)
            .bind(link.created_at.0)
            .bind(link.expires_at.0)
            .bind(link.used.map(|(at, _)| at.0))
            .bind(link.used.map(|(_, renewal)| renewal.as_uuid()));
        self.change(insert, Some(trail)).await?;
        Ok(())
    }

    async fn renewal_link(&self, token_hash: &[u8; 32]) -> Result<Option<RenewalLink>> {
        let row: Option<RenewalLinkRow> = sqlx::query_as(sql::renewal_links::BY_TOKEN)
            .bind(token_hash.as_slice())
            .fetch_optional(self.reader())
            .await?;
        row.map(RenewalLink::try_from).transpose()
    }

    async fn use_renewal_link(
        &self,
        token_hash: &[u8; 32],
        now: Timestamp,
        renewal: RenewalId,
        session: Option<&Session>,
        trail: &Trail,
    ) -> Result<bool> {
        let mut tx = self.begin().await?;
        trail::raise_change_seq(&mut tx, trail.audit.organization_id).await?;
        let done = sqlx::query(sql::renewal_links::USE)
            .bind(token_hash.as_slice())
            .bind(now.0)
            .bind(renewal.as_uuid())
            .execute(&mut *tx)
            .await?;
        if done.rows_affected() != 1 {
            return Ok(false);
        }
        if let Some(session) = session {
            sessions::insert(&mut tx, session).await?;
        }
        trail::write(&mut tx, trail).await?;
        tx.commit().await?;
        Ok(true)
    }
}
