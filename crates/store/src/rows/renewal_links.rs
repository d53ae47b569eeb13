use lifecycle::{
    Timestamp,
    ids::{ConnectionId, OrganizationId, RenewalId, RenewalLinkId, UserId},
};
use sqlx::FromRow;
use uuid::Uuid;

use super::hash;
use crate::{RenewalLink, Result, StoreError};

#[derive(FromRow)]
pub(crate) struct RenewalLinkRow {
    id: Uuid,
    organization_id: Uuid,
    user_id: Uuid,
    connection_id: Option<Uuid>,
    token_hash: Vec<u8>,
    vouched: bool,
    created_at: i64,
    expires_at: i64,
    used_at: Option<i64>,
    renewal_id: Option<Uuid>,
}

impl TryFrom<RenewalLinkRow> for RenewalLink {
    type Error = StoreError;

    fn try_from(row: RenewalLinkRow) -> Result<Self> {
        Ok(Self {
            id: RenewalLinkId::from_uuid(row.id),
            organization_id: OrganizationId::from_uuid(row.organization_id),
            user_id: UserId::from_uuid(row.user_id),
            connection_id: row.connection_id.map(ConnectionId::from_uuid),
            token_hash: hash(row.token_hash, "renewal_links", "token_hash")?,
            vouched: row.vouched,
            created_at: Timestamp(row.created_at),
            expires_at: Timestamp(row.expires_at),
            used: row.used_at.map(Timestamp).zip(row.renewal_id.map(RenewalId::from_uuid)),
        })
    }
}
