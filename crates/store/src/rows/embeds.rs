use lifecycle::{
    Timestamp,
    ids::{OrganizationId, RenewalId, UserId},
};
use sqlx::FromRow;
use uuid::Uuid;

use super::{hash, people::UserRow};
use crate::{EmbedSession, LoginTicket, Result, StoreError, User};

#[derive(FromRow)]
pub(crate) struct EmbedSessionRow {
    token_hash: Vec<u8>,
    origin: String,
    return_url: Option<String>,
    session_created_at: i64,
    expires_at: i64,
    redeemed_at: Option<i64>,
    #[sqlx(flatten)]
    user: UserRow,
}

impl TryFrom<EmbedSessionRow> for (EmbedSession, User) {
    type Error = StoreError;

    fn try_from(row: EmbedSessionRow) -> Result<Self> {
        let user = User::try_from(row.user)?;
        let session = EmbedSession {
            token_hash: hash(row.token_hash, "embed_sessions", "token_hash")?,
            organization_id: user.organization_id,
            user_id: user.id,
            origin: row.origin,
            return_url: row.return_url,
            created_at: Timestamp(row.session_created_at),
            expires_at: Timestamp(row.expires_at),
            redeemed_at: row.redeemed_at.map(Timestamp),
        };
        Ok((session, user))
    }
}

#[derive(FromRow)]
pub(crate) struct LoginTicketRow {
    ticket_hash: Vec<u8>,
    organization_id: Uuid,
    renewal_id: Uuid,
    user_id: Uuid,
    is_popup: bool,
    number: i64,
    choices: String,
    return_url: Option<String>,
    created_at: i64,
    expires_at: i64,
    used_at: Option<i64>,
}

impl TryFrom<LoginTicketRow> for LoginTicket {
    type Error = StoreError;

    fn try_from(row: LoginTicketRow) -> Result<Self> {
        const TABLE: &str = "login_tickets";
        Ok(Self {
            ticket_hash: hash(row.ticket_hash, TABLE, "ticket_hash")?,
            organization_id: OrganizationId::from_uuid(row.organization_id),
            renewal_id: RenewalId::from_uuid(row.renewal_id),
            user_id: UserId::from_uuid(row.user_id),
            is_popup: row.is_popup,
            number: row.number,
            choices: serde_json::from_str(&row.choices)
                .map_err(|_| StoreError::Corrupt { table: TABLE, column: "choices" })?,
            return_url: row.return_url,
            created_at: Timestamp(row.created_at),
            expires_at: Timestamp(row.expires_at),
            used_at: row.used_at.map(Timestamp),
        })
    }
}

pub(crate) fn numbers_to_json(numbers: &[i64]) -> String {
    serde_json::Value::from(numbers.to_vec()).to_string()
}
