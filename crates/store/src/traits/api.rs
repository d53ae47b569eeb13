//! What the platform's servers ask by the API.

use async_trait::async_trait;
use lifecycle::{
    Timestamp,
    ids::{ChannelId, ConnectionId, EventId, OrganizationId},
};

use crate::{
    Begun, ChangedChannel, Connection, Event, IdempotentRequest, Organization, Result, SealedToken, TokenRead,
};

/// Requests that carry an `Idempotency-Key`.
#[async_trait]
pub trait IdempotentRequests: Send + Sync {
    /// Notes that it begins, unless the same key came before. What began by `forget` counts as never
    /// asked; what began by `given_up` and has no answer was left behind by a process that ended.
    async fn begin_request(&self, request: &IdempotentRequest, given_up: Timestamp, forget: Timestamp)
    -> Result<Begun>;
    /// [`crate::StoreError::Stale`] if it is not under way.
    async fn answer_request(&self, request: &IdempotentRequest, answer: &SealedToken) -> Result<()>;
    /// It had no effect: the next one with this key is the first.
    async fn drop_request(&self, request: &IdempotentRequest) -> Result<()>;
    /// Those that began by then.
    async fn forget_requests(&self, by: Timestamp) -> Result<()>;
}

/// Which token left when, and by which key.
#[async_trait]
pub trait TokenReads: Send + Sync {
    /// All of them, durably, in one transaction.
    async fn record_token_reads(&self, reads: &[TokenRead]) -> Result<()>;
    /// The newest first.
    async fn token_reads_of(&self, organization: OrganizationId, limit: i64) -> Result<Vec<TokenRead>>;
    /// Those before, in small steps.
    async fn forget_token_reads(&self, before: Timestamp) -> Result<()>;
}

/// Lists across organizations, page by page; with an organization, its own alone. What is asked for by
/// ids comes in any order, and what does not exist is left out: callers check whose it is.
#[async_trait]
pub trait Lists: Send + Sync {
    /// In the order of their ids.
    async fn connections_page(
        &self,
        organization: Option<OrganizationId>,
        after: Option<ConnectionId>,
        limit: i64,
    ) -> Result<Vec<Connection>>;
    /// In the order of their last change, then of their ids: what changes meanwhile comes again later, and
    /// nothing is missed.
    async fn channels_page(
        &self,
        organization: Option<OrganizationId>,
        after: (Timestamp, ChannelId),
        limit: i64,
    ) -> Result<Vec<ChangedChannel>>;
    /// In the order of their instants, then of their ids; those after `until` are left for later.
    async fn events_page(
        &self,
        organization: Option<OrganizationId>,
        after: (Timestamp, EventId),
        until: Timestamp,
        limit: i64,
    ) -> Result<Vec<Event>>;
    async fn connections_by_ids(&self, ids: &[ConnectionId]) -> Result<Vec<Connection>>;
    async fn channels_by_ids(&self, ids: &[ChannelId]) -> Result<Vec<ChangedChannel>>;
    async fn channels_of_connections(&self, ids: &[ConnectionId]) -> Result<Vec<ChangedChannel>>;
    async fn organizations_by_ids(&self, ids: &[OrganizationId]) -> Result<Vec<Organization>>;
}
