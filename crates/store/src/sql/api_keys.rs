macro_rules! columns {
    () => {
        "id, organization_id, name, key_hash, hint, scopes, created_at, last_used_at, revoked_at"
    };
}

pub(crate) const INSERT: &str =
    concat!("INSERT INTO api_keys (", columns!(), ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)");

/// Across organizations: who calls has none yet.
pub(crate) const BY_HASH: &str =
    concat!("SELECT ", columns!(), " FROM api_keys WHERE key_hash = $1 AND revoked_at IS NULL");

/// Without an organization, the platform's.
pub(crate) const OF: &str = concat!(
    "SELECT ",
    columns!(),
    " FROM api_keys WHERE organization_id IS NOT DISTINCT FROM $1 ORDER BY created_at, id"
);

/// `$2` is a minute before the use: what was noted since is good enough.
pub(crate) const WANTS_TOUCH: &str = "SELECT EXISTS (SELECT 1 FROM api_keys WHERE id = $1 \
     AND (last_used_at IS NULL OR last_used_at <= $2))";

/// Calls overtake each other: the instant never goes back.
pub(crate) const TOUCH: &str = "UPDATE api_keys SET last_used_at = $2 \
     WHERE id = $1 AND (last_used_at IS NULL OR last_used_at < $2)";

pub(crate) const REVOKE_OWN: &str =
    "UPDATE api_keys SET revoked_at = $2 WHERE id = $1 AND organization_id = $3 AND revoked_at IS NULL";

pub(crate) const REVOKE: &str = "UPDATE api_keys SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL";
