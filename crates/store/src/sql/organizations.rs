macro_rules! columns {
    () => {
        "id, external_id, slug, name, time_zone, locale, created_at"
    };
}
pub(crate) use columns;

pub(crate) const INSERT: &str =
    concat!("INSERT INTO organizations (", columns!(), ") VALUES ($1, $2, $3, $4, $5, $6, $7)");

pub(crate) const BY_ID: &str = concat!("SELECT ", columns!(), " FROM organizations WHERE id = $1");

pub(crate) const BY_SLUG: &str = concat!("SELECT ", columns!(), " FROM organizations WHERE slug = $1");

pub(crate) const BY_EXTERNAL_ID: &str = concat!("SELECT ", columns!(), " FROM organizations WHERE external_id = $1");

pub(crate) const UPDATE: &str =
    "UPDATE organizations SET slug = $2, name = $3, time_zone = $4, locale = $5 WHERE id = $1";

/// Everything of an organization, children before parents; what they own goes with them.
pub(crate) const DELETE: [&str; 15] = [
    "DELETE FROM login_attempts WHERE organization_id = $1",
    "DELETE FROM renewals WHERE organization_id = $1",
    "DELETE FROM connections WHERE organization_id = $1",
    "DELETE FROM invitations WHERE organization_id = $1",
    "DELETE FROM reviews WHERE organization_id = $1",
    "DELETE FROM audit_log WHERE organization_id = $1",
    "DELETE FROM webhook_deliveries WHERE organization_id = $1",
    "DELETE FROM events WHERE organization_id = $1",
    "DELETE FROM webhook_endpoints WHERE organization_id = $1",
    "DELETE FROM warning_policies WHERE organization_id = $1",
    "DELETE FROM token_reads WHERE organization_id = $1",
    "DELETE FROM idempotent_requests WHERE api_key_id IN (SELECT id FROM api_keys WHERE organization_id = $1)",
    "DELETE FROM api_keys WHERE organization_id = $1",
    "DELETE FROM users WHERE organization_id = $1",
    "DELETE FROM organizations WHERE id = $1",
];

pub(crate) const WITHOUT_ADMINISTRATOR: &str = "SELECT COUNT(*) OVER (), o.slug FROM organizations o \
     WHERE EXISTS (SELECT 1 FROM connections WHERE organization_id = o.id) AND NOT EXISTS \
     (SELECT 1 FROM users WHERE organization_id = o.id AND role = 'admin' AND removed_at IS NULL) \
     ORDER BY o.slug LIMIT $1";

pub(crate) const SET_ZONE_AND_LOCALE: &str = "UPDATE organizations SET time_zone = $2, locale = $3 WHERE id = $1";

pub(crate) const CHANGE_SEQ: &str = "SELECT change_seq FROM organizations WHERE id = $1";

/// First in every transaction that changes what an organization sees: the row lock that it takes
/// puts such transactions of one organization in a queue, so they can neither deadlock nor race.
pub(crate) const RAISE_CHANGE_SEQ: &str = "UPDATE organizations SET change_seq = change_seq + 1 WHERE id = $1";
