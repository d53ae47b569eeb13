pub(crate) const INSERT: &str = "INSERT INTO data_deletions (code, user_hash, issued_at, requested_at, completed_at, \
     connections) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (user_hash, issued_at) DO NOTHING";

pub(crate) const CODE_OF_REQUEST: &str = "SELECT code FROM data_deletions WHERE user_hash = $1 AND issued_at = $2";

/// Hits the row also when it is complete, and then leaves it as it is.
pub(crate) const COMPLETE: &str = "UPDATE data_deletions SET completed_at = COALESCE(completed_at, $2), \
     connections = CASE WHEN completed_at IS NULL THEN $3 ELSE connections END WHERE code = $1";

pub(crate) const BY_CODE: &str = "SELECT code, user_hash, issued_at, requested_at, completed_at, connections \
     FROM data_deletions WHERE code = $1";
