use lifecycle::{
    Timestamp,
    ids::{OrganizationId, ReviewId, UserId},
};
use sqlx::FromRow;
use uuid::Uuid;

use crate::Review;

#[derive(FromRow)]
pub(crate) struct ReviewRow {
    id: Uuid,
    organization_id: Uuid,
    user_id: Uuid,
    user_name: String,
    connections: i64,
    stopped: i64,
    soon: i64,
    at: i64,
}

impl From<ReviewRow> for Review {
    fn from(row: ReviewRow) -> Self {
        Self {
            id: ReviewId::from_uuid(row.id),
            organization_id: OrganizationId::from_uuid(row.organization_id),
            user_id: UserId::from_uuid(row.user_id),
            user_name: row.user_name,
            connections: row.connections,
            stopped: row.stopped,
            soon: row.soon,
            at: Timestamp(row.at),
        }
    }
}
