pub(crate) const INSERT: &str = "INSERT INTO audit_log (id, organization_id, user_id, action, subject, detail, at) \
     VALUES ($1, $2, $3, $4, $5, $6, $7)";

pub(crate) const INSERT_EVENT: &str = "INSERT INTO events (id, organization_id, kind, data, at) \
     VALUES ($1, $2, $3, $4, $5)";

pub(crate) const OF_ORGANIZATION: &str = "SELECT id, organization_id, user_id, action, subject, detail, at \
     FROM audit_log WHERE organization_id = $1 ORDER BY at DESC, id DESC LIMIT $2";

/// Whatever names `$2`, an id in full.
pub(crate) const ERASE: &str = "UPDATE audit_log SET detail = '{\"erased\":true}' \
     WHERE organization_id = $1 AND (subject = $2 OR detail LIKE '%' || $2 || '%')";

pub(crate) const ERASE_EVENTS: &str = "UPDATE events SET data = '{\"erased\":true}' \
     WHERE organization_id = $1 AND data LIKE '%' || $2 || '%'";
