pub(crate) const PUT: &str = "INSERT INTO pictures (organization_id, account_id, hash, settles_at, bytes) \
     VALUES ($1, $2, $3, $4, $5) ON CONFLICT (organization_id, account_id) \
     DO UPDATE SET hash = excluded.hash, settles_at = excluded.settles_at, bytes = excluded.bytes";

pub(crate) const BY_HASH: &str = "SELECT bytes FROM pictures WHERE hash = $1 LIMIT 1";

/// The kinds are named for the index that begins with them.
pub(crate) const DELETE_UNSETTLED: &str = "DELETE FROM pictures WHERE settles_at <= $1 AND NOT EXISTS \
     (SELECT 1 FROM channels h WHERE h.kind IN ('messenger', 'instagram') AND h.account_id = pictures.account_id \
     AND h.organization_id = pictures.organization_id)";

/// After [`DELETE_UNSETTLED`], in the same transaction.
pub(crate) const SETTLE: &str = "UPDATE pictures SET settles_at = NULL WHERE settles_at <= $1";

/// Those of an organization that no channel shows.
pub(crate) const DELETE_UNUSED: &str = "DELETE FROM pictures WHERE organization_id = $1 \
     AND account_id NOT IN (SELECT account_id FROM channels WHERE organization_id = $1)";
