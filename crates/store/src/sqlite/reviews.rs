use async_trait::async_trait;
use lifecycle::ids::OrganizationId;

use super::{SqliteStorage, trail};
use crate::{Result, Review, Reviews, Trail, rows::ReviewRow, sql};

#[async_trait]
impl Reviews for SqliteStorage {
    async fn insert_review(&self, review: &Review, entry: &Trail) -> Result<()> {
        let mut tx = self.begin().await?;
        trail::raise_change_seq(&mut tx, review.organization_id).await?;
        sqlx::query(sql::reviews::INSERT)
            .bind(review.id.as_uuid())
            .bind(review.organization_id.as_uuid())
            .bind(review.user_id.as_uuid())
            .bind(review.user_name.as_str())
            .bind(review.connections)
            .bind(review.stopped)
            .bind(review.soon)
            .bind(review.at.0)
            .execute(&mut *tx)
            .await?;
        trail::write(&mut tx, entry).await?;
        tx.commit().await?;
        Ok(())
    }

    async fn reviews_of(&self, organization: OrganizationId, limit: i64) -> Result<Vec<Review>> {
        let rows: Vec<ReviewRow> = sqlx::query_as(sql::reviews::OF_ORGANIZATION)
            .bind(organization.as_uuid())
            .bind(limit)
            .fetch_all(self.reader())
            .await?;
        Ok(rows.into_iter().map(Review::from).collect())
    }
}
