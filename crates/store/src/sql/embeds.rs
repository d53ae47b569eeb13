//! Renova inside other pages: origins, sessions, and tickets for the log-in.

use super::organizations::columns as organization_columns;

pub(crate) const EMBED_ID: &str = "SELECT embed_id FROM organizations WHERE id = $1";

pub(crate) const BY_EMBED_ID: &str =
    concat!("SELECT ", organization_columns!(), " FROM organizations WHERE embed_id = $1");

/// Without an organization, the platform's.
pub(crate) const ORIGINS: &str = "SELECT origin FROM embed_origins WHERE organization_id IS NOT DISTINCT FROM $1";

/// Of anybody.
pub(crate) const IS_ORIGIN: &str = "SELECT EXISTS (SELECT 1 FROM embed_origins WHERE origin = $1)";

pub(crate) const ADD_ORIGIN: &str =
    "INSERT INTO embed_origins (organization_id, origin, created_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";

pub(crate) const REMOVE_ORIGIN: &str =
    "DELETE FROM embed_origins WHERE organization_id IS NOT DISTINCT FROM $1 AND origin = $2";

pub(crate) mod sessions {
    pub(crate) const INSERT: &str = "INSERT INTO embed_sessions (token_hash, organization_id, user_id, origin, \
         return_url, created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7)";

    /// All conditions in one statement: of two that redeem at once, one finds the row.
    pub(crate) const REDEEM: &str = "UPDATE embed_sessions SET redeemed_at = $4, bearer_hash = $5 \
         WHERE token_hash = $1 AND origin = $2 AND organization_id = (SELECT id FROM organizations WHERE embed_id = $3) \
         AND redeemed_at IS NULL AND expires_at > $4";

    pub(crate) const BY_BEARER: &str = "SELECT s.token_hash, s.origin, s.return_url, \
         s.created_at AS session_created_at, s.expires_at, s.redeemed_at, u.id, u.organization_id, u.external_id, \
         u.email, u.name, u.role, u.locale, u.password_hash, u.created_at FROM embed_sessions s \
         JOIN users u ON u.organization_id = s.organization_id AND u.id = s.user_id \
         WHERE s.bearer_hash = $1 AND u.removed_at IS NULL";

    pub(crate) const DELETE_ENDED: &str = "DELETE FROM embed_sessions WHERE expires_at <= $1";
}

pub(crate) mod tickets {
    macro_rules! columns {
        () => {
            "ticket_hash, organization_id, renewal_id, user_id, is_popup, number, choices, return_url, created_at, \
             expires_at, used_at"
        };
    }

    pub(crate) const INSERT: &str =
        concat!("INSERT INTO login_tickets (", columns!(), ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)");

    /// Across organizations: whoever opens the window brings only the ticket.
    pub(crate) const BY_HASH: &str = concat!("SELECT ", columns!(), " FROM login_tickets WHERE ticket_hash = $1");

    pub(crate) const USE: &str = concat!(
        "UPDATE login_tickets SET used_at = $2 WHERE ticket_hash = $1 AND used_at IS NULL AND expires_at > $2 \
         RETURNING ",
        columns!()
    );

    pub(crate) const DELETE_ENDED: &str = "DELETE FROM login_tickets WHERE expires_at <= $1";
}
