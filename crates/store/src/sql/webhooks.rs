macro_rules! columns {
    () => {
        "id, url, description, secret_key_id, secret_ciphertext, secret_version, previous_key_id, \
         previous_ciphertext, previous_version, previous_until, created_at, disabled_at, disabled_reason, failing_since, \
         organization_id"
    };
}

pub(crate) const INSERT: &str = concat!(
    "INSERT INTO webhook_endpoints (",
    columns!(),
    ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)"
);

/// Without an organization, the platform's.
pub(crate) const OF: &str = concat!(
    "SELECT ",
    columns!(),
    " FROM webhook_endpoints WHERE organization_id IS NOT DISTINCT FROM $1 ORDER BY created_at, id"
);

pub(crate) const BY_ID: &str = concat!("SELECT ", columns!(), " FROM webhook_endpoints WHERE id = $1");

pub(crate) const ROTATE: &str = "UPDATE webhook_endpoints SET secret_key_id = $2, secret_ciphertext = $3, \
     secret_version = $4, previous_key_id = $5, previous_ciphertext = $6, previous_version = $7, previous_until = $8 \
     WHERE id = $1 AND secret_version = $4 - 1";

/// `$4` counts for what is disabled because it fails.
pub(crate) const DISABLE: &str = "UPDATE webhook_endpoints SET disabled_reason = $2, disabled_at = $3 \
     WHERE id = $1 AND disabled_at IS NULL AND ($2 <> 'failing' OR failing_since <= $4)";

pub(crate) const GIVE_UP_WAITING: &str = "UPDATE webhook_deliveries SET given_up_at = $2, lease_owner = NULL, \
     lease_until = NULL, last_error = COALESCE(last_error, 'endpoint_disabled') \
     WHERE endpoint_id = $1 AND delivered_at IS NULL AND given_up_at IS NULL \
     AND (lease_until IS NULL OR lease_until <= $2)";

pub(crate) const ENABLE: &str = "UPDATE webhook_endpoints SET disabled_at = NULL, disabled_reason = NULL, \
     failing_since = NULL WHERE id = $1 AND disabled_at IS NOT NULL";

pub(crate) const REMOVE: &str = "DELETE FROM webhook_endpoints WHERE id = $1";

/// Any will do, and it is always the same.
pub(crate) const FIRST_ORGANIZATION: &str = "SELECT id, external_id, slug, name, time_zone, locale, created_at \
     FROM organizations ORDER BY created_at, id LIMIT 1";

pub(crate) const EVENT: &str = "SELECT id, organization_id, kind, data, at FROM events WHERE id = $1";

/// Beside the event `$1` of organization `$2` at `$3`. A write may wait for these rows: what follows
/// differs by engine.
macro_rules! outbox {
    () => {
        "INSERT INTO webhook_deliveries (endpoint_id, event_id, organization_id, created_at) \
         SELECT id, $1, $2, $3 FROM webhook_endpoints \
         WHERE disabled_at IS NULL AND (organization_id IS NULL OR organization_id = $2)"
    };
}
pub(crate) use outbox;

pub(crate) const INSERT_DELIVERY: &str =
    "INSERT INTO webhook_deliveries (endpoint_id, event_id, organization_id, created_at) VALUES ($1, $2, $3, $4)";

/// At `$1`; a lease beyond `$2` was made by a wrong clock. Word for word as in the partial indexes of
/// the schema: SQLite uses such an index only then.
macro_rules! claimable {
    () => {
        "delivered_at IS NULL AND given_up_at IS NULL AND due_at <= $1 \
         AND (lease_until IS NULL OR lease_until <= $1 OR lease_until > $2)"
    };
}
pub(crate) use claimable;

/// How many of endpoint `e` somebody holds.
macro_rules! under_way {
    () => {
        "(SELECT COUNT(*) FROM webhook_deliveries h WHERE h.endpoint_id = e.id AND h.lease_until > $1 \
         AND h.lease_until <= $2)"
    };
}
pub(crate) use under_way;

/// Mostly nothing is due: then nobody who writes has to wait.
pub(crate) const ANY_DUE: &str = concat!("SELECT EXISTS (SELECT 1 FROM webhook_deliveries WHERE ", claimable!(), ")");

/// Holds what is claimed for `$3` until `$4`.
macro_rules! hold {
    () => {
        "UPDATE webhook_deliveries SET lease_owner = $3, lease_until = $4, lease_epoch = lease_epoch + 1"
    };
}
pub(crate) use hold;

macro_rules! held {
    () => {
        "webhook_deliveries.endpoint_id, webhook_deliveries.event_id, webhook_deliveries.organization_id, \
         webhook_deliveries.attempts, webhook_deliveries.lease_owner, webhook_deliveries.lease_epoch"
    };
}
pub(crate) use held;

pub(crate) const SETTLE: &str = "UPDATE webhook_deliveries SET attempts = attempts + 1, last_attempt_at = $5, \
     last_status = $6, last_error = $7, delivered_at = $8, given_up_at = $9, due_at = COALESCE($10, due_at), \
     lease_owner = NULL, lease_until = NULL \
     WHERE endpoint_id = $1 AND event_id = $2 AND lease_owner = $3 AND lease_epoch = $4";

pub(crate) const IS_WELL: &str =
    "UPDATE webhook_endpoints SET failing_since = NULL WHERE id = $1 AND failing_since IS NOT NULL";

pub(crate) const FAILS: &str =
    "UPDATE webhook_endpoints SET failing_since = $2 WHERE id = $1 AND failing_since IS NULL";

/// The ids of events rise with time.
pub(crate) const OF_ENDPOINT: &str = "SELECT d.endpoint_id, d.event_id, d.organization_id, e.kind, d.created_at, \
     d.due_at, d.attempts, d.last_attempt_at, d.last_status, d.last_error, d.delivered_at, d.given_up_at \
     FROM webhook_deliveries d CROSS JOIN events e WHERE d.endpoint_id = $1 AND e.id = d.event_id \
     ORDER BY d.event_id DESC LIMIT $2";

pub(crate) const RESEND: &str = "UPDATE webhook_deliveries SET delivered_at = NULL, given_up_at = NULL, \
     attempts = 0, due_at = 0, lease_owner = NULL, lease_until = NULL \
     WHERE endpoint_id = $1 AND event_id = $2 AND (lease_until IS NULL OR lease_until <= $3) \
     AND EXISTS (SELECT 1 FROM webhook_endpoints WHERE id = $1 AND disabled_at IS NULL)";
