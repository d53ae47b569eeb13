macro_rules! columns {
    () => {
        "id, organization_id, user_id, connection_id, token_hash, vouched, created_at, expires_at, used_at, renewal_id"
    };
}

pub(crate) const INSERT: &str =
    concat!("INSERT INTO renewal_links (", columns!(), ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)");

/// Across organizations: who holds the link may be nobody yet.
pub(crate) const BY_TOKEN: &str = concat!("SELECT ", columns!(), " FROM renewal_links WHERE token_hash = $1");

pub(crate) const USE: &str = "UPDATE renewal_links SET used_at = $2, renewal_id = $3 \
     WHERE token_hash = $1 AND used_at IS NULL AND expires_at > $2";

pub(crate) const DELETE_ENDED: &str = "DELETE FROM renewal_links WHERE expires_at <= $1";
