macro_rules! columns {
    () => {
        "id, organization_id, email, role, token_hash, invited_by, created_at, expires_at"
    };
}

pub(crate) const DELETE_OF_EMAIL: &str = "DELETE FROM invitations WHERE organization_id = $1 AND email = $2";

pub(crate) const INSERT: &str =
    concat!("INSERT INTO invitations (", columns!(), ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8)");

pub(crate) const OF_ORGANIZATION: &str = concat!(
    "SELECT ",
    columns!(),
    " FROM invitations WHERE organization_id = $1 AND expires_at > $2 ORDER BY created_at DESC, id DESC"
);

/// Across organizations: who holds the link has none yet.
pub(crate) const BY_TOKEN: &str =
    concat!("SELECT ", columns!(), " FROM invitations WHERE token_hash = $1 AND expires_at > $2");

pub(crate) const WITHDRAW: &str = "DELETE FROM invitations WHERE organization_id = $1 AND id = $2";

pub(crate) const USE: &str =
    "DELETE FROM invitations WHERE organization_id = $1 AND token_hash = $2 AND expires_at > $3";

pub(crate) const DELETE_ENDED: &str = "DELETE FROM invitations WHERE expires_at <= $1";
