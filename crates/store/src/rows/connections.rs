use std::collections::HashMap;

use lifecycle::{
    ChannelKind, GranteeKind, Provider, Timestamp,
    health::TokenProof,
    ids::{ChannelId, ConnectionId, MetaAppId, OrganizationId, UserId},
};
use sqlx::FromRow;
use uuid::Uuid;

use super::{known, list_from_json, sealed};
use crate::{
    Channel, ChannelTokenFacts, Connection, GrantFacts, Held, HeldCheck, Result, SealedToken, StoreError, Watched,
};

#[derive(FromRow)]
pub(crate) struct ConnectionRow {
    id: Uuid,
    organization_id: Uuid,
    meta_app_id: Uuid,
    provider: String,
    grantee_id: String,
    grantee_name: String,
    token_key_id: String,
    token_ciphertext: Vec<u8>,
    token_version: i64,
    token_generation: i64,
    scopes: String,
    issued_at: Option<i64>,
    expires_at: Option<i64>,
    data_access_expires_at: Option<i64>,
    proof: String,
    problem: Option<String>,
    dead_since: Option<i64>,
    checked_at: Option<i64>,
    unreachable_since: Option<i64>,
    connected_by: Option<Uuid>,
    created_at: i64,
    renewed_at: i64,
    version: i64,
    grantee_kind: String,
    check_at: i64,
    check_failures: i64,
}

impl TryFrom<ConnectionRow> for Connection {
    type Error = StoreError;

    fn try_from(row: ConnectionRow) -> Result<Self> {
        const TABLE: &str = "connections";
        Ok(Self {
            id: ConnectionId::from_uuid(row.id),
            organization_id: OrganizationId::from_uuid(row.organization_id),
            meta_app_id: MetaAppId::from_uuid(row.meta_app_id),
            provider: known(Provider::parse(&row.provider), TABLE, "provider")?,
            grantee_kind: known(GranteeKind::parse(&row.grantee_kind), TABLE, "grantee_kind")?,
            grantee_id: row.grantee_id,
            grantee_name: row.grantee_name,
            token: SealedToken {
                key_id: row.token_key_id,
                ciphertext: row.token_ciphertext,
                token_version: row.token_version,
            },
            token_generation: row.token_generation,
            facts: GrantFacts {
                scopes: list_from_json(&row.scopes, TABLE, "scopes")?,
                issued_at: row.issued_at.map(Timestamp),
                expires_at: row.expires_at.map(Timestamp),
                data_access_expires_at: row.data_access_expires_at.map(Timestamp),
                proof: known(TokenProof::parse(&row.proof), TABLE, "proof")?,
                problem: row.problem,
                dead_since: row.dead_since.map(Timestamp),
                checked_at: row.checked_at.map(Timestamp),
                unreachable_since: row.unreachable_since.map(Timestamp),
            },
            connected_by: row.connected_by.map(UserId::from_uuid),
            created_at: Timestamp(row.created_at),
            renewed_at: Timestamp(row.renewed_at),
            check_at: Timestamp(row.check_at),
            check_failures: row.check_failures,
            version: row.version,
        })
    }
}

#[derive(FromRow)]
pub(crate) struct ClaimedConnectionRow {
    #[sqlx(flatten)]
    connection: ConnectionRow,
    lease_owner: String,
    lease_epoch: i64,
}

/// By turns of the organizations, as they were chosen: what an update returns comes in any order.
pub(crate) fn by_turns(mut rows: Vec<ClaimedConnectionRow>) -> Result<Vec<HeldCheck>> {
    rows.sort_by_key(|row| (row.connection.check_at, row.connection.id));
    let mut turns: HashMap<Uuid, usize> = HashMap::new();
    let mut placed: Vec<_> = rows
        .into_iter()
        .map(|row| {
            let turn = turns.entry(row.connection.organization_id).or_default();
            *turn += 1;
            (*turn, row)
        })
        .collect();
    placed.sort_by_key(|(turn, _)| *turn);
    placed.into_iter().map(|(_, row)| HeldCheck::try_from(row)).collect()
}

impl TryFrom<ClaimedConnectionRow> for HeldCheck {
    type Error = StoreError;

    fn try_from(row: ClaimedConnectionRow) -> Result<Self> {
        Ok(Self {
            connection: row.connection.try_into()?,
            held: Held { owner: row.lease_owner, epoch: row.lease_epoch },
        })
    }
}

#[derive(FromRow)]
pub(crate) struct WatchedRow {
    #[sqlx(flatten)]
    connection: ConnectionRow,
    watch_at: i64,
    watched_at: Option<i64>,
    silent_channels: String,
}

impl TryFrom<WatchedRow> for Watched {
    type Error = StoreError;

    fn try_from(row: WatchedRow) -> Result<Self> {
        let corrupt = || StoreError::Corrupt { table: "connections", column: "silent_channels" };
        let silent = list_from_json(&row.silent_channels, "connections", "silent_channels")?;
        Ok(Self {
            connection: row.connection.try_into()?,
            watch_at: Timestamp(row.watch_at),
            watched_at: row.watched_at.map(Timestamp),
            silent: silent.iter().map(|id| id.parse().map_err(|_| corrupt())).collect::<Result<_>>()?,
        })
    }
}

pub(crate) fn longest_waiting_first(mut rows: Vec<WatchedRow>) -> Result<Vec<Watched>> {
    rows.sort_by_key(|row| (row.watch_at, row.connection.id));
    super::all(rows)
}

#[derive(FromRow)]
pub(crate) struct ChannelRow {
    id: Uuid,
    organization_id: Uuid,
    connection_id: Uuid,
    kind: String,
    account_id: String,
    name: String,
    username: Option<String>,
    picture_url: Option<String>,
    page_id: Option<String>,
    token_key_id: Option<String>,
    token_ciphertext: Option<Vec<u8>>,
    token_version: Option<i64>,
    token_generation: i64,
    expires_at: Option<i64>,
    data_access_expires_at: Option<i64>,
    proof: String,
    problem: Option<String>,
    dead_since: Option<i64>,
    checked_at: Option<i64>,
    subscribed_fields: String,
    story_mentions: bool,
    story_replies: bool,
    created_at: i64,
    version: i64,
    last_message_at: Option<i64>,
}

impl TryFrom<ChannelRow> for Channel {
    type Error = StoreError;

    fn try_from(row: ChannelRow) -> Result<Self> {
        const TABLE: &str = "channels";
        Ok(Self {
            id: ChannelId::from_uuid(row.id),
            organization_id: OrganizationId::from_uuid(row.organization_id),
            connection_id: ConnectionId::from_uuid(row.connection_id),
            kind: known(ChannelKind::parse(&row.kind), TABLE, "kind")?,
            account_id: row.account_id,
            name: row.name,
            username: row.username,
            picture_url: row.picture_url,
            page_id: row.page_id,
            token: sealed(row.token_key_id, row.token_ciphertext, row.token_version, TABLE, "token_ciphertext")?,
            token_generation: row.token_generation,
            facts: ChannelTokenFacts {
                expires_at: row.expires_at.map(Timestamp),
                data_access_expires_at: row.data_access_expires_at.map(Timestamp),
                proof: known(TokenProof::parse(&row.proof), TABLE, "proof")?,
                problem: row.problem,
                dead_since: row.dead_since.map(Timestamp),
                checked_at: row.checked_at.map(Timestamp),
            },
            subscribed_fields: list_from_json(&row.subscribed_fields, TABLE, "subscribed_fields")?,
            story_mentions: row.story_mentions,
            story_replies: row.story_replies,
            last_message_at: row.last_message_at.map(Timestamp),
            created_at: Timestamp(row.created_at),
            version: row.version,
        })
    }
}
