pub(crate) const PING: &str = "SELECT 1";

/// Which migrations were applied, and whether each ended well.
pub(crate) const APPLIED: &str = "SELECT version, success FROM _sqlx_migrations ORDER BY version";

pub(crate) const KEY_CHECK: &str = "SELECT key_id, ciphertext, token_version FROM key_check WHERE id = 1";

pub(crate) const INIT_KEY_CHECK: &str = "INSERT INTO key_check (id, key_id, ciphertext, token_version) \
     VALUES (1, $1, $2, $3) ON CONFLICT (id) DO NOTHING";

/// Children before parents.
pub(crate) const FORGET_CONNECTIONS: [&str; 15] = [
    "UPDATE organizations SET change_seq = change_seq + 1",
    "DELETE FROM jobs WHERE kind = 'mail'",
    // The clock may be another one now.
    "UPDATE jobs SET run_at = 0 WHERE kind = 'housekeeping'",
    "DELETE FROM login_attempts",
    "DELETE FROM renewals",
    "DELETE FROM channels",
    "DELETE FROM connections",
    "DELETE FROM pictures",
    "DELETE FROM reviews",
    "DELETE FROM events",
    "DELETE FROM audit_log",
    "DELETE FROM message_marks",
    "DELETE FROM forward_accounts",
    "DELETE FROM forwards",
    "DELETE FROM data_deletions",
];
