use async_trait::async_trait;
use lifecycle::{
    Timestamp,
    clock::MINUTE_MS,
    ids::{ApiKeyId, OrganizationId},
};
use sqlx::{Postgres, postgres::PgArguments, query::Query};

use super::PostgresStorage;
use crate::{
    ApiKey, ApiKeys, Result, Trail,
    rows::{self, ApiKeyRow},
    sql,
};

#[async_trait]
impl ApiKeys for PostgresStorage {
    async fn insert_api_key(&self, key: &ApiKey) -> Result<()> {
        insert(key).execute(self.writer()).await?;
        Ok(())
    }

    async fn api_key_by_hash(&self, key_hash: &[u8; 32]) -> Result<Option<ApiKey>> {
        let row: Option<ApiKeyRow> =
            sqlx::query_as(sql::api_keys::BY_HASH).bind(key_hash.as_slice()).fetch_optional(self.reader()).await?;
        row.map(ApiKey::try_from).transpose()
    }

    async fn touch_api_key(&self, id: ApiKeyId, at: Timestamp) -> Result<()> {
        let minute_before = at.plus(-MINUTE_MS);
        let wants_touch: bool = sqlx::query_scalar(sql::api_keys::WANTS_TOUCH)
            .bind(id.as_uuid())
            .bind(minute_before.0)
            .fetch_one(self.reader())
            .await?;
        if wants_touch {
            sqlx::query(sql::api_keys::TOUCH).bind(id.as_uuid()).bind(at.0).execute(self.writer()).await?;
        }
        Ok(())
    }

    async fn api_keys(&self, organization: Option<OrganizationId>) -> Result<Vec<ApiKey>> {
        let rows: Vec<ApiKeyRow> = sqlx::query_as(sql::api_keys::OF)
            .bind(organization.map(|id| id.as_uuid()))
            .fetch_all(self.reader())
            .await?;
        rows::all(rows)
    }

    async fn revoke_api_key(&self, id: ApiKeyId, at: Timestamp) -> Result<bool> {
        let done = sqlx::query(sql::api_keys::REVOKE).bind(id.as_uuid()).bind(at.0).execute(self.writer()).await?;
        Ok(done.rows_affected() == 1)
    }

    async fn insert_own_api_key(&self, key: &ApiKey, trail: &Trail) -> Result<()> {
        self.change(insert(key), Some(trail)).await?;
        Ok(())
    }

    async fn revoke_own_api_key(
        &self,
        organization: OrganizationId,
        id: ApiKeyId,
        at: Timestamp,
        trail: &Trail,
    ) -> Result<bool> {
        let revoke = sqlx::query(sql::api_keys::REVOKE_OWN).bind(id.as_uuid()).bind(at.0).bind(organization.as_uuid());
        self.change(revoke, Some(trail)).await
    }
}

fn insert(key: &ApiKey) -> Query<'_, Postgres, PgArguments> {
    sqlx::query(sql::api_keys::INSERT)
        .bind(key.id.as_uuid())
        .bind(key.organization_id.map(|id| id.as_uuid()))
        .bind(key.name.as_str())
        .bind(key.key_hash.as_slice())
        .bind(key.hint.as_str())
        .bind(rows::list_to_json(&key.scopes))
        .bind(key.created_at.0)
        .bind(key.last_used_at.map(|at| at.0))
        .bind(key.revoked_at.map(|at| at.0))
}
