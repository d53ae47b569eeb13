use lifecycle::{
    RenewalState, Timestamp,
    ids::{ConnectionId, LoginAttemptId, MetaAppId, OrganizationId, RenewalId, UserId},
};
use sqlx::FromRow;
use uuid::Uuid;

use super::{hash, known, sealed};
use crate::{LoginAttempt, Renewal, Result, StoreError};

#[derive(FromRow)]
pub(crate) struct RenewalRow {
    id: Uuid,
    organization_id: Uuid,
    user_id: Uuid,
    connection_id: Option<Uuid>,
    meta_app_id: Uuid,
    state: String,
    failure: Option<String>,
    staged_key_id: Option<String>,
    staged_ciphertext: Option<Vec<u8>>,
    staged_version: Option<i64>,
    staged_facts: Option<String>,
    selection: Option<String>,
    proof: Option<String>,
    created_at: i64,
    updated_at: i64,
    expires_at: i64,
    version: i64,
}

impl TryFrom<RenewalRow> for Renewal {
    type Error = StoreError;

    fn try_from(row: RenewalRow) -> Result<Self> {
        const TABLE: &str = "renewals";
        Ok(Self {
            id: RenewalId::from_uuid(row.id),
            organization_id: OrganizationId::from_uuid(row.organization_id),
            user_id: UserId::from_uuid(row.user_id),
            connection_id: row.connection_id.map(ConnectionId::from_uuid),
            meta_app_id: MetaAppId::from_uuid(row.meta_app_id),
            state: known(RenewalState::parse(&row.state), TABLE, "state")?,
            failure: row.failure,
            staged: sealed(row.staged_key_id, row.staged_ciphertext, row.staged_version, TABLE, "staged_ciphertext")?,
            staged_facts: row.staged_facts,
            selection: row.selection,
            proof: row.proof,
            created_at: Timestamp(row.created_at),
            updated_at: Timestamp(row.updated_at),
            expires_at: Timestamp(row.expires_at),
            version: row.version,
        })
    }
}

#[derive(FromRow)]
pub(crate) struct LoginAttemptRow {
    id: Uuid,
    organization_id: Uuid,
    renewal_id: Uuid,
    state_hash: Vec<u8>,
    cookie_hash: Vec<u8>,
    redirect_uri: String,
    created_at: i64,
    expires_at: i64,
    used_at: Option<i64>,
    code_key_id: Option<String>,
    code_ciphertext: Option<Vec<u8>>,
    code_version: Option<i64>,
    return_url: Option<String>,
    by_ticket: bool,
}

impl TryFrom<LoginAttemptRow> for LoginAttempt {
    type Error = StoreError;

    fn try_from(row: LoginAttemptRow) -> Result<Self> {
        const TABLE: &str = "login_attempts";
        Ok(Self {
            id: LoginAttemptId::from_uuid(row.id),
            organization_id: OrganizationId::from_uuid(row.organization_id),
            renewal_id: RenewalId::from_uuid(row.renewal_id),
            state_hash: hash(row.state_hash, TABLE, "state_hash")?,
            cookie_hash: hash(row.cookie_hash, TABLE, "cookie_hash")?,
            redirect_uri: row.redirect_uri,
            created_at: Timestamp(row.created_at),
            expires_at: Timestamp(row.expires_at),
            used_at: row.used_at.map(Timestamp),
            code: sealed(row.code_key_id, row.code_ciphertext, row.code_version, TABLE, "code_ciphertext")?,
            return_url: row.return_url,
            by_ticket: row.by_ticket,
        })
    }
}
