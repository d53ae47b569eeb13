macro_rules! columns {
    () => {
        "id, organization_id, external_id, email, name, role, locale, password_hash, created_at"
    };
}

pub(crate) const INSERT: &str =
    concat!("INSERT INTO users (", columns!(), ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)");

pub(crate) const BY_ID: &str = concat!("SELECT ", columns!(), " FROM users WHERE organization_id = $1 AND id = $2");

/// Across organizations: who logs in has none yet.
pub(crate) const BY_EMAIL: &str = concat!("SELECT ", columns!(), " FROM users WHERE email = $1");

pub(crate) const OF_ORGANIZATION: &str = concat!("SELECT ", columns!(), " FROM users WHERE organization_id = $1");

pub(crate) const SET_PASSWORD: &str = "UPDATE users SET password_hash = $2 WHERE id = $1";
