//! What a row looks like on its way out of either engine, and how it becomes a value.

mod api;
mod api_keys;
mod connections;
mod embeds;
mod meta_events;
mod notices;
mod people;
mod renewal_links;
mod renewals;
mod reviews;
mod webhooks;

use lifecycle::{
    Provider, Timestamp,
    ids::{AuditId, ChannelId, MetaAppId, OrganizationId, UserId},
};
use sqlx::FromRow;
use uuid::Uuid;

pub(crate) use api::{BegunRow, ChangedChannelRow, TokenReadRow, begun};
pub(crate) use api_keys::ApiKeyRow;
pub(crate) use connections::{
    ChannelRow, ClaimedConnectionRow, ConnectionRow, WatchedRow, by_turns, longest_waiting_first,
};
pub(crate) use embeds::{EmbedSessionRow, LoginTicketRow, numbers_to_json};
pub(crate) use meta_events::{DataDeletionRow, ForwardRow, oldest_first};
pub(crate) use notices::{JobRow, NoticeRow, PolicyRow, about};
pub(crate) use people::{
    InvitationRow, MemberRow, OrganizationRow, OwnSessionRow, SessionRow, SnoozeRow, UserRow, in_order_of_names,
    members_in_order,
};
pub(crate) use renewal_links::RenewalLinkRow;
pub(crate) use renewals::{LoginAttemptRow, RenewalRow};
pub(crate) use reviews::ReviewRow;
pub(crate) use webhooks::{EventRow, HeldRow, WebhookDeliveryRow, WebhookEndpointRow};

use crate::{AuditEntry, MetaApp, Result, SealedToken, StoreError};

pub(crate) fn list_to_json(list: &[String]) -> String {
    serde_json::Value::from(list.to_vec()).to_string()
}

pub(crate) fn ids_to_json(ids: &[ChannelId]) -> String {
    list_to_json(&ids.iter().map(ToString::to_string).collect::<Vec<_>>())
}

/// Sorted here, because each database has collations of its own.
pub(crate) fn sorted(mut texts: Vec<String>) -> Vec<String> {
    texts.sort_unstable();
    texts
}

fn list_from_json(text: &str, table: &'static str, column: &'static str) -> Result<Vec<String>> {
    serde_json::from_str(text).map_err(|_| StoreError::Corrupt { table, column })
}

fn known<T>(value: Option<T>, table: &'static str, column: &'static str) -> Result<T> {
    value.ok_or(StoreError::Corrupt { table, column })
}

fn hash(bytes: Vec<u8>, table: &'static str, column: &'static str) -> Result<[u8; 32]> {
    bytes.try_into().map_err(|_| StoreError::Corrupt { table, column })
}

/// All three columns of a sealed token, or none of them.
fn sealed(
    key_id: Option<String>,
    ciphertext: Option<Vec<u8>>,
    token_version: Option<i64>,
    table: &'static str,
    column: &'static str,
) -> Result<Option<SealedToken>> {
    match (key_id, ciphertext, token_version) {
        (Some(key_id), Some(ciphertext), Some(token_version)) => {
            Ok(Some(SealedToken { key_id, ciphertext, token_version }))
        }
        (None, None, None) => Ok(None),
        _ => Err(StoreError::Corrupt { table, column }),
    }
}

/// Turns the rows of a list into values; the first unreadable one is the error.
pub(crate) fn all<R, T>(rows: Vec<R>) -> Result<Vec<T>>
where
    T: TryFrom<R, Error = StoreError>,
{
    rows.into_iter().map(T::try_from).collect()
}

#[derive(FromRow)]
pub(crate) struct KeyCheckRow {
    key_id: String,
    ciphertext: Vec<u8>,
    token_version: i64,
}

impl From<KeyCheckRow> for SealedToken {
    fn from(row: KeyCheckRow) -> Self {
        Self { key_id: row.key_id, ciphertext: row.ciphertext, token_version: row.token_version }
    }
}

#[derive(FromRow)]
pub(crate) struct MetaAppRow {
    id: Uuid,
    provider: String,
    app_id: String,
}

impl TryFrom<MetaAppRow> for MetaApp {
    type Error = StoreError;

    fn try_from(row: MetaAppRow) -> Result<Self> {
        Ok(Self {
            id: MetaAppId::from_uuid(row.id),
            provider: known(Provider::parse(&row.provider), "meta_apps", "provider")?,
            app_id: row.app_id,
        })
    }
}

#[derive(FromRow)]
pub(crate) struct AuditRow {
    id: Uuid,
    organization_id: Uuid,
    user_id: Option<Uuid>,
    action: String,
    subject: String,
    detail: String,
    at: i64,
}

impl From<AuditRow> for AuditEntry {
    fn from(row: AuditRow) -> Self {
        Self {
            id: AuditId::from_uuid(row.id),
            organization_id: OrganizationId::from_uuid(row.organization_id),
            user_id: row.user_id.map(UserId::from_uuid),
            action: row.action,
            subject: row.subject,
            detail: row.detail,
            at: Timestamp(row.at),
        }
    }
}
