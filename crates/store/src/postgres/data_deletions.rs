use async_trait::async_trait;
use lifecycle::Timestamp;

use super::PostgresStorage;
use crate::{DataDeletion, DataDeletions, Result, StoreError, rows::DataDeletionRow, sql};

#[async_trait]
impl DataDeletions for PostgresStorage {
    async fn insert_deletion(&self, deletion: &DataDeletion) -> Result<String> {
        let mut tx = self.begin().await?;
        sqlx::query(sql::data_deletions::INSERT)
            .bind(deletion.code.as_str())
            .bind(deletion.user_hash.as_slice())
            .bind(deletion.issued_at.0)
            .bind(deletion.requested_at.0)
            .bind(deletion.completed_at.map(|at| at.0))
            .bind(deletion.connections)
            .execute(&mut *tx)
            .await?;
        let code: String = sqlx::query_scalar(sql::data_deletions::CODE_OF_REQUEST)
            .bind(deletion.user_hash.as_slice())
            .bind(deletion.issued_at.0)
            .fetch_one(&mut *tx)
            .await?;
        tx.commit().await?;
        Ok(code)
    }

    async fn complete_deletion(&self, code: &str, at: Timestamp, connections: i64) -> Result<()> {
        let done = sqlx::query(sql::data_deletions::COMPLETE)
            .bind(code)
            .bind(at.0)
            .bind(connections)
            .execute(self.writer())
            .await?;
        if done.rows_affected() == 1 { Ok(()) } else { Err(StoreError::Stale) }
    }

    async fn deletion(&self, code: &str) -> Result<Option<DataDeletion>> {
        let row: Option<DataDeletionRow> =
            sqlx::query_as(sql::data_deletions::BY_CODE).bind(code).fetch_optional(self.reader()).await?;
        row.map(DataDeletion::try_from).transpose()
    }
}
