use async_trait::async_trait;
use lifecycle::{
    Timestamp,
    ids::{ChannelId, ConnectionId, EventId, OrganizationId},
};
use uuid::Uuid;

use super::PostgresStorage;
use crate::{
    Begun, ChangedChannel, Connection, Event, IdempotentRequest, IdempotentRequests, Lists, Organization, Result,
    SealedToken, StoreError, TokenRead, TokenReads,
    rows::{self, BegunRow, ChangedChannelRow, ConnectionRow, EventRow, OrganizationRow, TokenReadRow},
    sql::{self, connections, organizations},
};

const RECORD_TOKEN_READS: &str = "INSERT INTO token_reads (organization_id, api_key_id, channel_id, token_generation, at) \
     SELECT * FROM UNNEST($1::uuid[], $2::uuid[], $3::uuid[], $4::bigint[], $5::bigint[])";

const CONNECTIONS: &str = concat!("SELECT ", connections::columns!(), " FROM connections WHERE id = ANY($1)");

const CHANNELS: &str =
    concat!("SELECT ", connections::channels::columns!(), ", changed_at FROM channels WHERE id = ANY($1)");

const CHANNELS_OF_CONNECTIONS: &str = concat!(
    "SELECT ",
    connections::channels::columns!(),
    ", changed_at FROM channels WHERE connection_id = ANY($1) ORDER BY created_at, kind, name, id"
);

const ORGANIZATIONS: &str = concat!("SELECT ", organizations::columns!(), " FROM organizations WHERE id = ANY($1)");

fn list(ids: impl Iterator<Item = Uuid>) -> Vec<Uuid> {
    ids.collect()
}

#[async_trait]
impl IdempotentRequests for PostgresStorage {
    async fn begin_request(
        &self,
        request: &IdempotentRequest,
        given_up: Timestamp,
        forget: Timestamp,
    ) -> Result<Begun> {
        let done = sqlx::query(sql::api::BEGIN)
            .bind(request.api_key.as_uuid())
            .bind(request.key_hash.as_slice())
            .bind(request.request_hash.as_slice())
            .bind(request.started_at.0)
            .bind(given_up.0)
            .bind(forget.0)
            .execute(self.writer())
            .await?;
        if done.rows_affected() == 1 {
            return Ok(Begun::Fresh);
        }
        let row: Option<BegunRow> = sqlx::query_as(sql::api::BEGUN)
            .bind(request.api_key.as_uuid())
            .bind(request.key_hash.as_slice())
            .fetch_optional(self.reader())
            .await?;
        rows::begun(row, request)
    }

    async fn answer_request(&self, request: &IdempotentRequest, answer: &SealedToken) -> Result<()> {
        let done = sqlx::query(sql::api::ANSWER)
            .bind(request.api_key.as_uuid())
            .bind(request.key_hash.as_slice())
            .bind(request.request_hash.as_slice())
            .bind(answer.key_id.as_str())
            .bind(answer.ciphertext.as_slice())
            .bind(answer.token_version)
            .execute(self.writer())
            .await?;
        if done.rows_affected() == 1 { Ok(()) } else { Err(StoreError::Stale) }
    }

    async fn drop_request(&self, request: &IdempotentRequest) -> Result<()> {
        sqlx::query(sql::api::DROP)
            .bind(request.api_key.as_uuid())
            .bind(request.key_hash.as_slice())
            .bind(request.request_hash.as_slice())
            .execute(self.writer())
            .await?;
        Ok(())
    }

    async fn forget_requests(&self, by: Timestamp) -> Result<()> {
        sqlx::query(sql::api::FORGET).bind(by.0).execute(self.writer()).await?;
        Ok(())
    }
}

#[async_trait]
impl TokenReads for PostgresStorage {
    async fn record_token_reads(&self, reads: &[TokenRead]) -> Result<()> {
        sqlx::query(RECORD_TOKEN_READS)
            .bind(reads.iter().map(|read| read.organization.as_uuid()).collect::<Vec<_>>())
            .bind(reads.iter().map(|read| read.api_key.as_uuid()).collect::<Vec<_>>())
            .bind(reads.iter().map(|read| read.channel.as_uuid()).collect::<Vec<_>>())
            .bind(reads.iter().map(|read| read.token_generation).collect::<Vec<_>>())
            .bind(reads.iter().map(|read| read.at.0).collect::<Vec<_>>())
            .execute(self.writer())
            .await?;
        Ok(())
    }

    async fn token_reads_of(&self, organization: OrganizationId, limit: i64) -> Result<Vec<TokenRead>> {
        let rows: Vec<TokenReadRow> = sqlx::query_as(sql::api::TOKEN_READS_OF)
            .bind(organization.as_uuid())
            .bind(limit)
            .fetch_all(self.reader())
            .await?;
        Ok(rows.into_iter().map(TokenRead::from).collect())
    }

    async fn forget_token_reads(&self, before: Timestamp) -> Result<()> {
        while sqlx::query(sql::api::FORGET_TOKEN_READS).bind(before.0).execute(self.writer()).await?.rows_affected() > 0
        {
        }
        Ok(())
    }
}

#[async_trait]
impl Lists for PostgresStorage {
    async fn connections_page(
        &self,
        organization: Option<OrganizationId>,
        after: Option<ConnectionId>,
        limit: i64,
    ) -> Result<Vec<Connection>> {
        let after = after.map_or(Uuid::nil(), |id| id.as_uuid());
        let rows: Vec<ConnectionRow> = match organization {
            None => {
                sqlx::query_as(sql::api::connections::PAGE).bind(after).bind(limit).fetch_all(self.reader()).await?
            }
            Some(organization) => {
                let query = sqlx::query_as(sql::api::connections::PAGE_OF_ORGANIZATION).bind(after).bind(limit);
                query.bind(organization.as_uuid()).fetch_all(self.reader()).await?
            }
        };
        rows::all(rows)
    }

    async fn channels_page(
        &self,
        organization: Option<OrganizationId>,
        after: (Timestamp, ChannelId),
        limit: i64,
    ) -> Result<Vec<ChangedChannel>> {
        let text = match organization {
            None => sql::api::channels::PAGE,
            Some(_) => sql::api::channels::PAGE_OF_ORGANIZATION,
        };
        let mut query = sqlx::query_as(text).bind(after.0.0).bind(after.1.as_uuid()).bind(limit);
        if let Some(organization) = organization {
            query = query.bind(organization.as_uuid());
        }
        let rows: Vec<ChangedChannelRow> = query.fetch_all(self.reader()).await?;
        rows::all(rows)
    }

    async fn events_page(
        &self,
        organization: Option<OrganizationId>,
        after: (Timestamp, EventId),
        until: Timestamp,
        limit: i64,
    ) -> Result<Vec<Event>> {
        let text = match organization {
            None => sql::api::events::PAGE,
            Some(_) => sql::api::events::PAGE_OF_ORGANIZATION,
        };
        let mut query = sqlx::query_as(text).bind(after.0.0).bind(after.1.as_uuid()).bind(until.0).bind(limit);
        if let Some(organization) = organization {
            query = query.bind(organization.as_uuid());
        }
        let rows: Vec<EventRow> = query.fetch_all(self.reader()).await?;
        Ok(rows.into_iter().map(Event::from).collect())
    }

    async fn connections_by_ids(&self, ids: &[ConnectionId]) -> Result<Vec<Connection>> {
        let ids = list(ids.iter().map(|id| id.as_uuid()));
        let rows: Vec<ConnectionRow> = sqlx::query_as(CONNECTIONS).bind(ids).fetch_all(self.reader()).await?;
        rows::all(rows)
    }

    async fn channels_by_ids(&self, ids: &[ChannelId]) -> Result<Vec<ChangedChannel>> {
        let ids = list(ids.iter().map(|id| id.as_uuid()));
        let rows: Vec<ChangedChannelRow> = sqlx::query_as(CHANNELS).bind(ids).fetch_all(self.reader()).await?;
        rows::all(rows)
    }

    async fn channels_of_connections(&self, ids: &[ConnectionId]) -> Result<Vec<ChangedChannel>> {
        let ids = list(ids.iter().map(|id| id.as_uuid()));
        let rows: Vec<ChangedChannelRow> =
            sqlx::query_as(CHANNELS_OF_CONNECTIONS).bind(ids).fetch_all(self.reader()).await?;
        rows::all(rows)
    }

    async fn organizations_by_ids(&self, ids: &[OrganizationId]) -> Result<Vec<Organization>> {
        let ids = list(ids.iter().map(|id| id.as_uuid()));
        let rows: Vec<OrganizationRow> = sqlx::query_as(ORGANIZATIONS).bind(ids).fetch_all(self.reader()).await?;
        Ok(rows.into_iter().map(Organization::from).collect())
    }
}
