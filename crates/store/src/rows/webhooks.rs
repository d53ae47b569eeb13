use lifecycle::{
    DisabledReason, Timestamp,
    ids::{EventId, OrganizationId, WebhookEndpointId},
};
use sqlx::FromRow;
use uuid::Uuid;

use super::{known, sealed};
use crate::{Event, HeldDelivery, PreviousSecret, Result, SealedToken, StoreError, WebhookDelivery, WebhookEndpoint};

#[derive(FromRow)]
pub(crate) struct WebhookEndpointRow {
    id: Uuid,
    url: String,
    description: String,
    secret_key_id: String,
    secret_ciphertext: Vec<u8>,
    secret_version: i64,
    previous_key_id: Option<String>,
    previous_ciphertext: Option<Vec<u8>>,
    previous_version: Option<i64>,
    previous_until: Option<i64>,
    created_at: i64,
    disabled_at: Option<i64>,
    disabled_reason: Option<String>,
    failing_since: Option<i64>,
    organization_id: Option<Uuid>,
}

impl TryFrom<WebhookEndpointRow> for WebhookEndpoint {
    type Error = StoreError;

    fn try_from(row: WebhookEndpointRow) -> Result<Self> {
        const TABLE: &str = "webhook_endpoints";
        let previous =
            sealed(row.previous_key_id, row.previous_ciphertext, row.previous_version, TABLE, "previous_ciphertext")?;
        let reason = |word: String| known(DisabledReason::parse(&word), TABLE, "disabled_reason");
        Ok(Self {
            id: WebhookEndpointId::from_uuid(row.id),
            organization_id: row.organization_id.map(OrganizationId::from_uuid),
            url: row.url,
            description: row.description,
            secret: SealedToken {
                key_id: row.secret_key_id,
                ciphertext: row.secret_ciphertext,
                token_version: row.secret_version,
            },
            previous: previous
                .zip(row.previous_until)
                .map(|(secret, until)| PreviousSecret { secret, until: Timestamp(until) }),
            created_at: Timestamp(row.created_at),
            disabled: row.disabled_at.map(Timestamp).zip(row.disabled_reason.map(reason).transpose()?),
            failing_since: row.failing_since.map(Timestamp),
        })
    }
}

#[derive(FromRow)]
pub(crate) struct HeldRow {
    endpoint_id: Uuid,
    event_id: Uuid,
    organization_id: Uuid,
    attempts: i64,
    lease_owner: String,
    lease_epoch: i64,
}

impl From<HeldRow> for HeldDelivery {
    fn from(row: HeldRow) -> Self {
        Self {
            endpoint_id: WebhookEndpointId::from_uuid(row.endpoint_id),
            event_id: EventId::from_uuid(row.event_id),
            organization_id: OrganizationId::from_uuid(row.organization_id),
            attempts: row.attempts,
            owner: row.lease_owner,
            epoch: row.lease_epoch,
        }
    }
}

#[derive(FromRow)]
pub(crate) struct WebhookDeliveryRow {
    endpoint_id: Uuid,
    event_id: Uuid,
    organization_id: Uuid,
    kind: String,
    created_at: i64,
    due_at: i64,
    attempts: i64,
    last_attempt_at: Option<i64>,
    last_status: Option<i64>,
    last_error: Option<String>,
    delivered_at: Option<i64>,
    given_up_at: Option<i64>,
}

impl From<WebhookDeliveryRow> for WebhookDelivery {
    fn from(row: WebhookDeliveryRow) -> Self {
        Self {
            endpoint_id: WebhookEndpointId::from_uuid(row.endpoint_id),
            event_id: EventId::from_uuid(row.event_id),
            organization_id: OrganizationId::from_uuid(row.organization_id),
            kind: row.kind,
            created_at: Timestamp(row.created_at),
            due_at: Timestamp(row.due_at),
            attempts: row.attempts,
            last_attempt_at: row.last_attempt_at.map(Timestamp),
            last_status: row.last_status,
            last_error: row.last_error,
            delivered_at: row.delivered_at.map(Timestamp),
            given_up_at: row.given_up_at.map(Timestamp),
        }
    }
}

#[derive(FromRow)]
pub(crate) struct EventRow {
    id: Uuid,
    organization_id: Uuid,
    kind: String,
    data: String,
    at: i64,
}

impl From<EventRow> for Event {
    fn from(row: EventRow) -> Self {
        Self {
            id: EventId::from_uuid(row.id),
            organization_id: OrganizationId::from_uuid(row.organization_id),
            kind: row.kind,
            data: row.data,
            at: Timestamp(row.at),
            is_sent: true,
        }
    }
}
