use lifecycle::{
    Timestamp,
    ids::{ApiKeyId, OrganizationId},
};
use sqlx::FromRow;
use uuid::Uuid;

use super::{hash, list_from_json};
use crate::{ApiKey, Result, StoreError};

#[derive(FromRow)]
pub(crate) struct ApiKeyRow {
    id: Uuid,
    organization_id: Option<Uuid>,
    name: String,
    key_hash: Vec<u8>,
    hint: String,
    scopes: String,
    created_at: i64,
    last_used_at: Option<i64>,
    revoked_at: Option<i64>,
}

impl TryFrom<ApiKeyRow> for ApiKey {
    type Error = StoreError;

    fn try_from(row: ApiKeyRow) -> Result<Self> {
        const TABLE: &str = "api_keys";
        Ok(Self {
            id: ApiKeyId::from_uuid(row.id),
            organization_id: row.organization_id.map(OrganizationId::from_uuid),
            name: row.name,
            key_hash: hash(row.key_hash, TABLE, "key_hash")?,
            hint: row.hint,
            scopes: list_from_json(&row.scopes, TABLE, "scopes")?,
            created_at: Timestamp(row.created_at),
            last_used_at: row.last_used_at.map(Timestamp),
            revoked_at: row.revoked_at.map(Timestamp),
        })
    }
}
