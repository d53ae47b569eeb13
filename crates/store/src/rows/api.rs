use lifecycle::{
    Timestamp,
    ids::{ApiKeyId, ChannelId, OrganizationId},
};
use sqlx::FromRow;
use uuid::Uuid;

use super::{ChannelRow, sealed};
use crate::{Begun, ChangedChannel, IdempotentRequest, Result, StoreError, TokenRead};

#[derive(FromRow)]
pub(crate) struct BegunRow {
    request_hash: Vec<u8>,
    answer_key_id: Option<String>,
    answer_ciphertext: Option<Vec<u8>>,
    answer_version: Option<i64>,
}

/// What an earlier request with the same key means for this one.
pub(crate) fn begun(row: Option<BegunRow>, request: &IdempotentRequest) -> Result<Begun> {
    // It has gone since: whoever asks again is the first.
    let Some(row) = row else { return Ok(Begun::UnderWay) };
    if row.request_hash != request.request_hash {
        return Ok(Begun::Other);
    }
    let (table, column) = ("idempotent_requests", "answer_ciphertext");
    let answer = sealed(row.answer_key_id, row.answer_ciphertext, row.answer_version, table, column)?;
    Ok(answer.map_or(Begun::UnderWay, Begun::Answered))
}

#[derive(FromRow)]
pub(crate) struct TokenReadRow {
    organization_id: Uuid,
    api_key_id: Uuid,
    channel_id: Uuid,
    token_generation: i64,
    at: i64,
}

impl From<TokenReadRow> for TokenRead {
    fn from(row: TokenReadRow) -> Self {
        Self {
            organization: OrganizationId::from_uuid(row.organization_id),
            api_key: ApiKeyId::from_uuid(row.api_key_id),
            channel: ChannelId::from_uuid(row.channel_id),
            token_generation: row.token_generation,
            at: Timestamp(row.at),
        }
    }
}

#[derive(FromRow)]
pub(crate) struct ChangedChannelRow {
    #[sqlx(flatten)]
    channel: ChannelRow,
    changed_at: i64,
}

impl TryFrom<ChangedChannelRow> for ChangedChannel {
    type Error = StoreError;

    fn try_from(row: ChangedChannelRow) -> Result<Self> {
        Ok(Self { channel: row.channel.try_into()?, changed_at: Timestamp(row.changed_at) })
    }
}
