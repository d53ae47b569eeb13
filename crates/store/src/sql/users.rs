macro_rules! columns {
    () => {
        "id, organization_id, external_id, email, name, role, locale, password_hash, created_at"
    };
}

pub(crate) const INSERT: &str =
    concat!("INSERT INTO users (", columns!(), ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)");

pub(crate) const BY_ID: &str =
    concat!("SELECT ", columns!(), " FROM users WHERE organization_id = $1 AND id = $2 AND removed_at IS NULL");

/// Across organizations: who logs in has none yet.
pub(crate) const BY_EMAIL: &str = concat!("SELECT ", columns!(), " FROM users WHERE email = $1 AND removed_at IS NULL");

pub(crate) const BY_EXTERNAL_ID: &str = concat!(
    "SELECT ",
    columns!(),
    " FROM users WHERE organization_id = $1 AND external_id = $2 AND removed_at IS NULL"
);

pub(crate) const UPDATE: &str = "UPDATE users SET external_id = $3, email = $4, name = $5, role = $6, locale = $7 \
     WHERE organization_id = $1 AND id = $2 AND removed_at IS NULL";

pub(crate) const OF_ORGANIZATION: &str =
    concat!("SELECT ", columns!(), " FROM users WHERE organization_id = $1 AND removed_at IS NULL");

/// With those who were removed.
pub(crate) const EVERYBODY: &str = concat!("SELECT ", columns!(), " FROM users WHERE organization_id = $1");

pub(crate) const TEAM: &str =
    concat!("SELECT ", columns!(), ", last_seen_at FROM users WHERE organization_id = $1 AND removed_at IS NULL");

pub(crate) const SET_ROLE: &str = "UPDATE users SET role = $3 WHERE organization_id = $1 AND id = $2";

/// What no other row points at goes. `$4` is an address that nobody can have.
pub(crate) const REMOVE: &str = "UPDATE users SET removed_at = $3, email = $4, password_hash = NULL, \
     external_id = NULL WHERE organization_id = $1 AND id = $2";

pub(crate) const SET_LOCALE: &str =
    "UPDATE users SET locale = $3 WHERE organization_id = $1 AND id = $2 AND removed_at IS NULL";

/// Whose session this is was there at `$2`. Requests overtake each other: the instant never goes back.
pub(crate) const SEEN: &str = "UPDATE users SET last_seen_at = $2 \
     WHERE id = (SELECT user_id FROM sessions WHERE token_hash = $1) AND (last_seen_at IS NULL OR last_seen_at < $2)";

pub(crate) const SET_PASSWORD: &str = "UPDATE users SET password_hash = $2 WHERE id = $1";
