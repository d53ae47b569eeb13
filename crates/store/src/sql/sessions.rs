pub(crate) const INSERT: &str = "INSERT INTO sessions (token_hash, user_id, created_at, last_seen_at, expires_at, \
     only_renewal) VALUES ($1, $2, $3, $4, $5, $6)";

pub(crate) const WITH_USER: &str = "SELECT s.token_hash, s.created_at AS session_created_at, s.last_seen_at, \
     s.expires_at, s.only_renewal, u.id, u.organization_id, u.external_id, u.email, u.name, u.role, u.locale, u.password_hash, \
     u.created_at FROM sessions s JOIN users u ON u.id = s.user_id WHERE s.token_hash = $1 AND u.removed_at IS NULL";

/// Requests overtake each other: the instant never goes back.
pub(crate) const TOUCH: &str = "UPDATE sessions SET last_seen_at = $2 WHERE token_hash = $1 AND last_seen_at < $2";

pub(crate) const DELETE: &str = "DELETE FROM sessions WHERE token_hash = $1";

pub(crate) const DELETE_ENDED: &str = "DELETE FROM sessions WHERE expires_at <= $1 OR last_seen_at <= $2";

pub(crate) const OF_USER: &str = "SELECT token_hash, user_id, created_at, last_seen_at, expires_at, only_renewal FROM sessions \
     WHERE user_id = $1 ORDER BY last_seen_at DESC, created_at DESC";

pub(crate) const DELETE_OTHERS: &str = "DELETE FROM sessions WHERE user_id = $1 AND token_hash <> $2";

pub(crate) const DELETE_OF_USER: &str = "DELETE FROM sessions WHERE user_id = $1";

pub(crate) const INSERT_RESET: &str = "INSERT INTO password_resets (token_hash, user_id, expires_at) \
     VALUES ($1, $2, $3)";

pub(crate) const OPEN_RESET: &str = "SELECT user_id FROM password_resets \
     WHERE token_hash = $1 AND used_at IS NULL AND expires_at > $2";

pub(crate) const USER_OF_RESET: &str = "SELECT u.id, u.organization_id, u.external_id, u.email, u.name, u.role, \
     u.locale, u.password_hash, u.created_at FROM password_resets r JOIN users u ON u.id = r.user_id \
     WHERE r.token_hash = $1 AND r.used_at IS NULL AND r.expires_at > $2";

pub(crate) const USE_RESET: &str = "UPDATE password_resets SET used_at = $2 \
     WHERE token_hash = $1 AND used_at IS NULL AND expires_at > $2";

pub(crate) const END_RESETS_OF_USER: &str = "UPDATE password_resets SET used_at = $2 \
     WHERE user_id = $1 AND used_at IS NULL AND expires_at > $2";

pub(crate) const DELETE_ENDED_RESETS: &str = "DELETE FROM password_resets WHERE expires_at <= $1";

/// Links that went to an address that is no longer the person's ($2: the new one).
pub(crate) const DELETE_RESETS_OF_ADDRESS: &str = "DELETE FROM password_resets WHERE user_id = $1 \
     AND EXISTS (SELECT 1 FROM users WHERE id = $1 AND email <> $2)";

pub(crate) const DELETE_RESETS_OF_USER: &str = "DELETE FROM password_resets WHERE user_id = $1";

pub(crate) const COUNT_OPEN_RESETS: &str = "SELECT count(*) FROM password_resets \
     WHERE user_id = $1 AND used_at IS NULL AND expires_at > $2";
