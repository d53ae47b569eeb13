use async_trait::async_trait;
use lifecycle::{
    DisabledReason, Timestamp,
    ids::{EventId, OrganizationId, WebhookEndpointId},
};

use super::{SqliteStorage, trail};
use crate::{
    DELIVERIES_AT_A_TURN, DeliveryAttempt, DeliveryLane, DeliveryNext, Event, HeldDelivery, LONGEST_LEASE_MS,
    Organization, PreviousSecret, Result, SealedToken, Trail, WebhookDelivery, WebhookEndpoint, Webhooks,
    rows::{self, EventRow, HeldRow, OrganizationRow, WebhookDeliveryRow, WebhookEndpointRow},
    sql::{
        self,
        webhooks::{claimable, held, hold, under_way},
    },
};

/// Of each endpoint of the lane the first few that are claimable, by one step in an index each:
/// however much waits.
pub(super) const CLAIM: &str = concat!(
    hold!(),
    " WHERE (endpoint_id, event_id) IN (SELECT endpoint_id, event_id FROM (SELECT d.endpoint_id, d.event_id, d.due_at, \
     ROW_NUMBER() OVER (PARTITION BY d.endpoint_id ORDER BY d.due_at, d.event_id) AS turn, ",
    under_way!(),
    " AS under_way FROM webhook_endpoints e CROSS JOIN webhook_deliveries d \
     WHERE (e.failing_since IS NOT NULL) = $6 AND d.endpoint_id = e.id AND d.event_id IN \
     (SELECT event_id FROM webhook_deliveries WHERE endpoint_id = e.id AND ",
    claimable!(),
    " ORDER BY due_at, event_id LIMIT $7)) WHERE turn + under_way <= $8 \
     ORDER BY turn, due_at, event_id LIMIT $5) RETURNING ",
    held!()
);

#[async_trait]
impl Webhooks for SqliteStorage {
    async fn insert_webhook_endpoint(&self, endpoint: &WebhookEndpoint, trail: Option<&Trail>) -> Result<()> {
        let previous = endpoint.previous.as_ref();
        let insert = sqlx::query(sql::webhooks::INSERT)
            .bind(endpoint.id.as_uuid())
            .bind(endpoint.url.as_str())
            .bind(endpoint.description.as_str())
            .bind(endpoint.secret.key_id.as_str())
            .bind(endpoint.secret.ciphertext.as_slice())
            .bind(endpoint.secret.token_version)
            .bind(previous.map(|it| it.secret.key_id.as_str()))
            .bind(previous.map(|it| it.secret.ciphertext.as_slice()))
            .bind(previous.map(|it| it.secret.token_version))
            .bind(previous.map(|it| it.until.0))
            .bind(endpoint.created_at.0)
            .bind(endpoint.disabled.map(|(at, _)| at.0))
            .bind(endpoint.disabled.map(|(_, reason)| reason.as_str()))
            .bind(endpoint.failing_since.map(|at| at.0))
            .bind(endpoint.organization_id.map(|id| id.as_uuid()));
        self.change(insert, trail).await?;
        Ok(())
    }

    async fn webhook_endpoints(&self, organization: Option<OrganizationId>) -> Result<Vec<WebhookEndpoint>> {
        let rows: Vec<WebhookEndpointRow> = sqlx::query_as(sql::webhooks::OF)
            .bind(organization.map(|id| id.as_uuid()))
            .fetch_all(self.reader())
            .await?;
        rows::all(rows)
    }

    async fn webhook_endpoint(&self, id: WebhookEndpointId) -> Result<Option<WebhookEndpoint>> {
        let row: Option<WebhookEndpointRow> =
            sqlx::query_as(sql::webhooks::BY_ID).bind(id.as_uuid()).fetch_optional(self.reader()).await?;
        row.map(WebhookEndpoint::try_from).transpose()
    }

    async fn rotate_webhook_secret(
        &self,
        id: WebhookEndpointId,
        secret: &SealedToken,
        previous: &PreviousSecret,
        trail: Option<&Trail>,
    ) -> Result<bool> {
        let rotate = sqlx::query(sql::webhooks::ROTATE)
            .bind(id.as_uuid())
            .bind(secret.key_id.as_str())
            .bind(secret.ciphertext.as_slice())
            .bind(secret.token_version)
            .bind(previous.secret.key_id.as_str())
            .bind(previous.secret.ciphertext.as_slice())
            .bind(previous.secret.token_version)
            .bind(previous.until.0);
        self.change(rotate, trail).await
    }

    async fn disable_webhook_endpoint(
        &self,
        id: WebhookEndpointId,
        reason: DisabledReason,
        at: Timestamp,
        failing_since: Timestamp,
        trail: Option<&Trail>,
    ) -> Result<bool> {
        let mut tx = self.begin().await?;
        if let Some(trail) = trail {
            trail::raise_change_seq(&mut tx, trail.audit.organization_id).await?;
        }
        let done = sqlx::query(sql::webhooks::DISABLE)
            .bind(id.as_uuid())
            .bind(reason.as_str())
            .bind(at.0)
            .bind(failing_since.0)
            .execute(&mut *tx)
            .await?;
        if done.rows_affected() == 0 {
            return Ok(false);
        }
        sqlx::query(sql::webhooks::GIVE_UP_WAITING).bind(id.as_uuid()).bind(at.0).execute(&mut *tx).await?;
        if let Some(trail) = trail {
            trail::write(&mut tx, trail).await?;
        }
        tx.commit().await?;
        Ok(true)
    }

    async fn enable_webhook_endpoint(&self, id: WebhookEndpointId, trail: Option<&Trail>) -> Result<bool> {
        self.change(sqlx::query(sql::webhooks::ENABLE).bind(id.as_uuid()), trail).await
    }

    async fn remove_webhook_endpoint(&self, id: WebhookEndpointId, trail: Option<&Trail>) -> Result<bool> {
        self.change(sqlx::query(sql::webhooks::REMOVE).bind(id.as_uuid()), trail).await
    }

    async fn event(&self, id: EventId) -> Result<Option<Event>> {
        let row: Option<EventRow> =
            sqlx::query_as(sql::webhooks::EVENT).bind(id.as_uuid()).fetch_optional(self.reader()).await?;
        Ok(row.map(Event::from))
    }

    async fn first_organization(&self) -> Result<Option<Organization>> {
        let row: Option<OrganizationRow> =
            sqlx::query_as(sql::webhooks::FIRST_ORGANIZATION).fetch_optional(self.reader()).await?;
        Ok(row.map(Organization::from))
    }

    async fn insert_event_for(&self, endpoint: WebhookEndpointId, event: &Event) -> Result<()> {
        let mut tx = self.begin().await?;
        trail::insert_event(&mut tx, event).await?;
        sqlx::query(sql::webhooks::INSERT_DELIVERY)
            .bind(endpoint.as_uuid())
            .bind(event.id.as_uuid())
            .bind(event.organization_id.as_uuid())
            .bind(event.at.0)
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
        Ok(())
    }

    async fn claim_deliveries(
        &self,
        lane: DeliveryLane,
        now: Timestamp,
        owner: &str,
        lease_until: Timestamp,
        limit: i64,
    ) -> Result<Vec<HeldDelivery>> {
        let genuine = now.plus(LONGEST_LEASE_MS);
        let due: bool =
            sqlx::query_scalar(sql::webhooks::ANY_DUE).bind(now.0).bind(genuine.0).fetch_one(self.reader()).await?;
        if !due {
            return Ok(Vec::new());
        }
        let rows: Vec<HeldRow> = sqlx::query_as(CLAIM)
            .bind(now.0)
            .bind(genuine.0)
            .bind(owner)
            .bind(lease_until.0)
            .bind(limit)
            .bind(lane == DeliveryLane::Failing)
            .bind(DELIVERIES_AT_A_TURN)
            .bind(lane.under_way())
            .fetch_all(self.writer())
            .await?;
        Ok(rows.into_iter().map(HeldDelivery::from).collect())
    }

    async fn settle_delivery(&self, held: &HeldDelivery, attempt: &DeliveryAttempt) -> Result<bool> {
        let (delivered, given_up, due) = match attempt.next {
            DeliveryNext::Delivered => (Some(attempt.at.0), None, None),
            DeliveryNext::GivenUp => (None, Some(attempt.at.0), None),
            DeliveryNext::Again(due) => (None, None, Some(due.0)),
        };
        let mut tx = self.begin().await?;
        let done = sqlx::query(sql::webhooks::SETTLE)
            .bind(held.endpoint_id.as_uuid())
            .bind(held.event_id.as_uuid())
            .bind(held.owner.as_str())
            .bind(held.epoch)
            .bind(attempt.at.0)
            .bind(attempt.status)
            .bind(attempt.error.as_deref())
            .bind(delivered)
            .bind(given_up)
            .bind(due)
            .execute(&mut *tx)
            .await?;
        if done.rows_affected() == 0 {
            return Ok(false);
        }
        let (endpoint, at) = (held.endpoint_id.as_uuid(), attempt.at.0);
        match attempt.next {
            DeliveryNext::Delivered => sqlx::query(sql::webhooks::IS_WELL).bind(endpoint).execute(&mut *tx).await?,
            _ => sqlx::query(sql::webhooks::FAILS).bind(endpoint).bind(at).execute(&mut *tx).await?,
        };
        tx.commit().await?;
        Ok(true)
    }

    async fn deliveries_of(&self, endpoint: WebhookEndpointId, limit: i64) -> Result<Vec<WebhookDelivery>> {
        let rows: Vec<WebhookDeliveryRow> = sqlx::query_as(sql::webhooks::OF_ENDPOINT)
            .bind(endpoint.as_uuid())
            .bind(limit)
            .fetch_all(self.reader())
            .await?;
        Ok(rows.into_iter().map(WebhookDelivery::from).collect())
    }

    async fn resend_delivery(&self, endpoint: WebhookEndpointId, event: EventId, now: Timestamp) -> Result<bool> {
        let done = sqlx::query(sql::webhooks::RESEND)
            .bind(endpoint.as_uuid())
            .bind(event.as_uuid())
            .bind(now.0)
            .execute(self.writer())
            .await?;
        Ok(done.rows_affected() == 1)
    }
}
