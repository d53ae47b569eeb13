use async_trait::async_trait;
use lifecycle::{Provider, ids::MetaAppId};

use super::SqliteStorage;
use crate::{MetaApp, MetaApps, Result, StoreError, rows::MetaAppRow, sql};

#[async_trait]
impl MetaApps for SqliteStorage {
    async fn ensure_meta_app(&self, app: &MetaApp) -> Result<MetaApp> {
        let mut tx = self.begin().await?;
        sqlx::query(sql::meta_apps::INSERT_IF_MISSING)
            .bind(app.id.as_uuid())
            .bind(app.provider.as_str())
            .bind(app.app_id.as_str())
            .execute(&mut *tx)
            .await?;
        let row: Option<MetaAppRow> = sqlx::query_as(sql::meta_apps::BY_APP_ID)
            .bind(app.provider.as_str())
            .bind(app.app_id.as_str())
            .fetch_optional(&mut *tx)
            .await?;
        tx.commit().await?;
        row.ok_or(StoreError::Stale)?.try_into()
    }

    async fn meta_app(&self, id: MetaAppId) -> Result<Option<MetaApp>> {
        let row: Option<MetaAppRow> =
            sqlx::query_as(sql::meta_apps::BY_ID).bind(id.as_uuid()).fetch_optional(self.reader()).await?;
        row.map(MetaApp::try_from).transpose()
    }

    async fn meta_app_by_app_id(&self, provider: Provider, app_id: &str) -> Result<Option<MetaApp>> {
        let row: Option<MetaAppRow> = sqlx::query_as(sql::meta_apps::BY_APP_ID)
            .bind(provider.as_str())
            .bind(app_id)
            .fetch_optional(self.reader())
            .await?;
        row.map(MetaApp::try_from).transpose()
    }
}
