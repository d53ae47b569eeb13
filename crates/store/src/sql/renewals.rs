macro_rules! columns {
    () => {
        "id, organization_id, user_id, connection_id, meta_app_id, state, failure, staged_key_id, \
         staged_ciphertext, staged_version, staged_facts, selection, proof, created_at, updated_at, expires_at, version"
    };
}

/// Binds `$1` to `$17`, in the order of the columns. What is over keeps no staged tokens.
macro_rules! bind_renewal {
    ($query:expr, $row:expr) => {{
        let staged = $row.staged.as_ref().filter(|_| !$row.state.is_over());
        $query
            .bind($row.id.as_uuid())
            .bind($row.organization_id.as_uuid())
            .bind($row.user_id.as_uuid())
            .bind($row.connection_id.map(|id| id.as_uuid()))
            .bind($row.meta_app_id.as_uuid())
            .bind($row.state.as_str())
            .bind($row.failure.as_deref())
            .bind(staged.map(|token| token.key_id.as_str()))
            .bind(staged.map(|token| token.ciphertext.as_slice()))
            .bind(staged.map(|token| token.token_version))
            .bind($row.staged_facts.as_deref())
            .bind($row.selection.as_deref())
            .bind($row.proof.as_deref())
            .bind($row.created_at.0)
            .bind($row.updated_at.0)
            .bind($row.expires_at.0)
            .bind($row.version)
    }};
}
pub(crate) use bind_renewal;

pub(crate) const INSERT: &str = concat!(
    "INSERT INTO renewals (",
    columns!(),
    ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)"
);

pub(crate) const REPLACE: &str = "UPDATE renewals SET user_id = $3, connection_id = $4, meta_app_id = $5, \
     state = $6, failure = $7, staged_key_id = $8, staged_ciphertext = $9, staged_version = $10, \
     staged_facts = $11, selection = $12, proof = $13, created_at = $14, updated_at = $15, expires_at = $16, \
     version = $17 WHERE id = $1 AND organization_id = $2 AND version = $17 - 1";

pub(crate) const VERSION: &str = "SELECT version FROM renewals WHERE organization_id = $1 AND id = $2";

pub(crate) const SUPERSEDE: &str = concat!(
    "UPDATE renewals SET state = 'superseded', staged_key_id = NULL, staged_ciphertext = NULL, \
     staged_version = NULL, staged_facts = NULL, updated_at = $3, version = version + 1 WHERE organization_id = $1 AND id = $2 AND ",
    renewal_is_open!()
);

pub(crate) const ABANDON_OF_CONNECTION: &str = concat!(
    "UPDATE renewals SET state = 'abandoned', staged_key_id = NULL, staged_ciphertext = NULL, \
     staged_version = NULL, staged_facts = NULL, updated_at = $3, version = version + 1 \
     WHERE organization_id = $1 AND connection_id = $2 AND ",
    renewal_is_open!()
);

pub(crate) const FORGET_CODES_OF_CONNECTION: &str = "UPDATE login_attempts SET code_key_id = NULL, \
     code_ciphertext = NULL, code_version = NULL WHERE organization_id = $1 AND code_ciphertext IS NOT NULL \
     AND renewal_id IN (SELECT id FROM renewals WHERE organization_id = $1 AND connection_id = $2)";

pub(crate) const IDS_OF_CONNECTION: &str = "SELECT id FROM renewals WHERE organization_id = $1 AND connection_id = $2";

/// Nothing that was told about the connection stays.
pub(crate) const ERASE_OF_CONNECTION: &str = "UPDATE renewals SET staged_facts = NULL, selection = NULL, \
     proof = NULL WHERE organization_id = $1 AND connection_id = $2";

/// The past of a connection outlives it.
pub(crate) const DETACH_FROM_CONNECTION: &str = "UPDATE renewals SET connection_id = NULL \
     WHERE organization_id = $1 AND connection_id = $2";

pub(crate) const BY_ID: &str = concat!("SELECT ", columns!(), " FROM renewals WHERE organization_id = $1 AND id = $2");

pub(crate) const OPEN: &str = concat!(
    "SELECT ",
    columns!(),
    " FROM renewals WHERE organization_id = $1 AND ",
    renewal_is_open!(),
    " ORDER BY created_at DESC, id DESC"
);

pub(crate) const OPEN_OF_CONNECTION: &str = concat!(
    "SELECT ",
    columns!(),
    " FROM renewals WHERE organization_id = $1 AND connection_id = $2 AND ",
    renewal_is_open!()
);

/// Of every organization, for the worker. Only an open renewal has staged tokens. Those whose
/// grant still works are left out, so that they do not use up the limit.
pub(crate) const LEFT_ALONE: &str = concat!(
    "SELECT ",
    columns!(),
    " FROM renewals WHERE staged_ciphertext IS NOT NULL AND updated_at <= $1 AND expires_at > $2 \
     AND EXISTS (SELECT 1 FROM connections c WHERE c.organization_id = renewals.organization_id \
     AND c.id = renewals.connection_id AND (c.proof <> 'works' OR c.expires_at <= $2)) \
     ORDER BY updated_at, id LIMIT $3"
);

pub(crate) mod attempts {
    macro_rules! columns {
        () => {
            "id, organization_id, renewal_id, state_hash, cookie_hash, redirect_uri, created_at, expires_at, \
             used_at, code_key_id, code_ciphertext, code_version, return_url, by_ticket"
        };
    }

    pub(crate) const INSERT: &str = concat!(
        "INSERT INTO login_attempts (",
        columns!(),
        ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)"
    );

    /// Across organizations: who comes back from Meta brings only the state.
    pub(crate) const BY_STATE: &str = concat!("SELECT ", columns!(), " FROM login_attempts WHERE state_hash = $1");

    pub(crate) const PARKED: &str = concat!(
        "SELECT ",
        columns!(),
        " FROM login_attempts WHERE organization_id = $1 AND renewal_id = $2 AND code_ciphertext IS NOT NULL \
         ORDER BY created_at DESC, id DESC LIMIT 1"
    );

    pub(crate) const USE: &str = "UPDATE login_attempts SET used_at = $3, code_key_id = $4, code_ciphertext = $5, \
         code_version = $6 WHERE id = $1 AND organization_id = $2 AND used_at IS NULL";

    pub(crate) const FORGET_CODE: &str = "UPDATE login_attempts SET code_key_id = NULL, code_ciphertext = NULL, \
         code_version = NULL WHERE id = $1 AND organization_id = $2";

    pub(crate) const FORGET_CODES_OF_RENEWAL: &str = "UPDATE login_attempts SET code_key_id = NULL, \
         code_ciphertext = NULL, code_version = NULL \
         WHERE organization_id = $1 AND renewal_id = $2 AND code_ciphertext IS NOT NULL";
}
