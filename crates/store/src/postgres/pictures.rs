use async_trait::async_trait;
use lifecycle::{Timestamp, ids::OrganizationId};

use super::{PostgresStorage, trail};
use crate::{Picture, Pictures, Result, sql};

const OF_ACCOUNTS: &str = "SELECT account_id, hash FROM pictures WHERE organization_id = $1 AND account_id = ANY($2)";

#[async_trait]
impl Pictures for PostgresStorage {
    async fn put_pictures(
        &self,
        organization: OrganizationId,
        pictures: &[Picture],
        settles_at: Timestamp,
    ) -> Result<()> {
        let mut tx = self.begin().await?;
        trail::raise_change_seq(&mut tx, organization).await?;
        for picture in pictures {
            sqlx::query(sql::pictures::PUT)
                .bind(organization.as_uuid())
                .bind(picture.account_id.as_str())
                .bind(picture.hash.as_str())
                .bind(settles_at.0)
                .bind(picture.bytes.as_slice())
                .execute(&mut *tx)
                .await?;
        }
        tx.commit().await?;
        Ok(())
    }

    async fn picture_hashes(&self, organization: OrganizationId, accounts: &[String]) -> Result<Vec<(String, String)>> {
        Ok(sqlx::query_as(OF_ACCOUNTS).bind(organization.as_uuid()).bind(accounts).fetch_all(self.reader()).await?)
    }

    async fn picture(&self, hash: &str) -> Result<Option<Vec<u8>>> {
        Ok(sqlx::query_scalar(sql::pictures::BY_HASH).bind(hash).fetch_optional(self.reader()).await?)
    }

    async fn settle_pictures(&self, now: Timestamp) -> Result<()> {
        let mut tx = self.begin().await?;
        for statement in [sql::pictures::DELETE_UNSETTLED, sql::pictures::SETTLE] {
            sqlx::query(statement).bind(now.0).execute(&mut *tx).await?;
        }
        tx.commit().await?;
        Ok(())
    }
}
