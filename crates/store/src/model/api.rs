//! What the platform's servers ask by the API.

use lifecycle::{
    Timestamp,
    ids::{ApiKeyId, ChannelId, OrganizationId},
};

use crate::{Channel, SealedToken};

/// A request that must have its effect once, however often it is sent.
///
/// Unique: (`api_key`, `key_hash`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IdempotentRequest {
    pub api_key: ApiKeyId,
    /// SHA-256 of the `Idempotency-Key`.
    pub key_hash: [u8; 32],
    /// SHA-256 of what was asked.
    pub request_hash: [u8; 32],
    /// By real time.
    pub started_at: Timestamp,
}

/// What is known of such a request when it arrives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Begun {
    /// Nothing: it is the caller's to carry out.
    Fresh,
    /// Somebody is carrying it out.
    UnderWay,
    /// The key came with another request before.
    Other,
    /// It was carried out, and this was the answer.
    Answered(SealedToken),
}

/// A channel's token has left, or is about to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TokenRead {
    pub organization: OrganizationId,
    pub api_key: ApiKeyId,
    pub channel: ChannelId,
    pub token_generation: i64,
    /// By real time.
    pub at: Timestamp,
}

/// A channel, and when anything about it but its messages changed last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangedChannel {
    pub channel: Channel,
    pub changed_at: Timestamp,
}
