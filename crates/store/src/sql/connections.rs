macro_rules! columns {
    () => {
        "id, organization_id, meta_app_id, provider, grantee_id, grantee_name, token_key_id, token_ciphertext, \
         token_version, token_generation, scopes, issued_at, expires_at, data_access_expires_at, proof, dead_since, \
         checked_at, unreachable_since, connected_by, created_at, renewed_at, version, grantee_kind, check_at, \
         check_failures, problem"
    };
}

pub(crate) use columns;

/// Binds `$1` to `$26`, in the order of the columns.
macro_rules! bind_connection {
    ($query:expr, $row:expr) => {
        $query
            .bind($row.id.as_uuid())
            .bind($row.organization_id.as_uuid())
            .bind($row.meta_app_id.as_uuid())
            .bind($row.provider.as_str())
            .bind($row.grantee_id.as_str())
            .bind($row.grantee_name.as_str())
            .bind($row.token.key_id.as_str())
            .bind($row.token.ciphertext.as_slice())
            .bind($row.token.token_version)
            .bind($row.token_generation)
            .bind($crate::rows::list_to_json(&$row.facts.scopes))
            .bind($row.facts.issued_at.map(|at| at.0))
            .bind($row.facts.expires_at.map(|at| at.0))
            .bind($row.facts.data_access_expires_at.map(|at| at.0))
            .bind($row.facts.proof.as_str())
            .bind($row.facts.dead_since.map(|at| at.0))
            .bind($row.facts.checked_at.map(|at| at.0))
            .bind($row.facts.unreachable_since.map(|at| at.0))
            .bind($row.connected_by.map(|id| id.as_uuid()))
            .bind($row.created_at.0)
            .bind($row.renewed_at.0)
            .bind($row.version)
            .bind($row.grantee_kind.as_str())
            .bind($row.check_at.0)
            .bind($row.check_failures)
            .bind($row.facts.problem.as_deref())
    };
}
pub(crate) use bind_connection;

pub(crate) const INSERT: &str = concat!(
    "INSERT INTO connections (",
    columns!(),
    ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, \
     $23, $24, $25, $26)"
);

pub(crate) const REPLACE: &str = "UPDATE connections SET meta_app_id = $3, provider = $4, grantee_id = $5, \
     grantee_name = $6, token_key_id = $7, token_ciphertext = $8, token_version = $9, token_generation = $10, \
     scopes = $11, issued_at = $12, expires_at = $13, data_access_expires_at = $14, proof = $15, dead_since = $16, \
     checked_at = $17, unreachable_since = $18, connected_by = $19, created_at = $20, renewed_at = $21, \
     version = $22, grantee_kind = $23, check_at = $24, check_failures = $25, problem = $26, watch_at = 0, \
     watch_lease_until = NULL \
     WHERE id = $1 AND organization_id = $2 AND version = $22 - 1";

pub(crate) const OF_ORGANIZATION: &str =
    concat!("SELECT ", columns!(), " FROM connections WHERE organization_id = $1 ORDER BY created_at, id");

pub(crate) const BY_ID: &str =
    concat!("SELECT ", columns!(), " FROM connections WHERE organization_id = $1 AND id = $2");

pub(crate) const EXISTS: &str = "SELECT EXISTS (SELECT 1 FROM connections WHERE organization_id = $1 AND id = $2)";

/// Of every organization, for workers.
pub(crate) const ANYWHERE: &str = concat!("SELECT ", columns!(), " FROM connections WHERE id = $1");

pub(crate) const IDS: &str = "SELECT id FROM connections ORDER BY created_at, id";

/// Of every organization: they share one grant.
pub(crate) const OF_GRANTEE: &str = concat!(
    "SELECT ",
    columns!(),
    " FROM connections WHERE meta_app_id = $1 AND grantee_id = $2 ORDER BY created_at, id"
);

/// Of every organization: Meta names only the account. `CROSS`, so that SQLite begins with the
/// account's channels and not with all connections to the app.
pub(crate) const OF_ACCOUNT: &str = concat!(
    "SELECT ",
    columns!(),
    " FROM (SELECT connection_id FROM channels WHERE kind = $2 AND account_id = $3) AS held \
     CROSS JOIN connections WHERE id = held.connection_id AND meta_app_id = $1 ORDER BY created_at, id"
);

/// Mostly nothing is due: then nobody who writes has to wait.
pub(crate) const ANY_DUE: &str = "SELECT EXISTS (SELECT 1 FROM connections WHERE check_at <= $1)";

pub(crate) const COUNT_DUE: &str = "SELECT COUNT(*) FROM connections WHERE check_at <= $1";

pub(crate) const UNREACHABLE: &str =
    "SELECT COUNT(*), MIN(unreachable_since) FROM connections WHERE unreachable_since <= $1";

/// One failure alone may be an answer that came too soon after a renewal.
pub(crate) const CANNOT_BE_CHECKED: &str = "SELECT COUNT(*) OVER (), id FROM connections \
     WHERE unreachable_since IS NULL AND check_failures > 1 ORDER BY id LIMIT 1";

/// Of every organization: holds those whose turn it is at `$1` for `$4`, at most `$3`; real time is
/// `$2`. Turns are given by the index. `MATERIALIZED`, or SQLite would walk through all connections
/// in the order of their organizations, due or not. `$pick` chooses from `due (turn, since, ready_id)`,
/// in that order.
macro_rules! claim {
    ($($pick:tt)+) => {
        concat!(
            "WITH ready AS MATERIALIZED (SELECT id AS ready_id, organization_id AS owner, check_at AS since \
             FROM connections WHERE check_at <= $1 AND ",
            crate::sql::jobs::free!("$2"),
            "), turns AS (SELECT ready_id, since, ROW_NUMBER() OVER (PARTITION BY owner ORDER BY since, ready_id) \
             AS turn FROM ready), due AS (SELECT turn, since, ready_id FROM turns \
             ORDER BY turn, since, ready_id LIMIT $3 * 8) \
             UPDATE connections SET lease_owner = $4, lease_until = $2 + ",
            crate::sql::jobs::lease_ms!(),
            ", lease_epoch = lease_epoch + 1 WHERE id IN (",
            $($pick)+,
            ") RETURNING ",
            crate::sql::connections::columns!(),
            ", lease_owner, lease_epoch"
        )
    };
}
pub(crate) use claim;

pub(crate) const EXTEND: &str = concat!(
    "UPDATE connections SET lease_until = $4 + ",
    crate::sql::jobs::lease_ms!(),
    " WHERE id = $1 AND lease_owner = $2 AND lease_epoch = $3"
);

/// Of every organization: whose clocks are to be looked at by `$1`, at most `$3`; real time is `$2`.
macro_rules! watchable {
    () => {
        concat!(
            "SELECT id FROM connections WHERE watch_at <= $1 AND (watch_lease_until IS NULL \
             OR watch_lease_until <= $2 OR watch_lease_until > $2 + ",
            crate::sql::jobs::believed_ms!(),
            ") ORDER BY watch_at, id LIMIT $3"
        )
    };
}
pub(crate) use watchable;

/// A look is written only as it was read: no owner is needed to keep a late one out.
macro_rules! claim_watches {
    ($($pick:tt)+) => {
        concat!(
            "UPDATE connections SET watch_lease_until = $2 + ",
            crate::sql::jobs::lease_ms!(),
            " WHERE id IN (",
            $($pick)+,
            ") RETURNING ",
            crate::sql::connections::columns!(),
            ", watch_at, watched_at, silent_channels"
        )
    };
}
pub(crate) use claim_watches;

/// Mostly nothing is due: then nobody who writes has to wait.
pub(crate) const ANY_FOR_WATCH: &str = "SELECT EXISTS (SELECT 1 FROM connections WHERE watch_at <= $1)";

pub(crate) const COUNT: &str = "SELECT COUNT(*) FROM connections";

pub(crate) const COUNT_FOR_WATCH: &str = "SELECT COUNT(*) FROM connections WHERE watch_at <= $1";

/// Those due by the clock alone.
macro_rules! postpone_watch {
    ($lock:literal) => {
        concat!(
            "UPDATE connections SET watch_at = $2 WHERE id IN (SELECT id FROM connections \
             WHERE watch_at > 0 AND watch_at <= $1",
            $lock,
            ")"
        )
    };
}
pub(crate) use postpone_watch;

pub(crate) const RECORD_WATCH: &str = "UPDATE connections SET watch_at = $5, watched_at = $6, silent_channels = $7, \
     watch_lease_until = NULL WHERE id = $1 AND organization_id = $2 AND version = $3 AND watch_at = $4";

/// Planned by a clock that was wrong.
pub(crate) const ANY_AHEAD: &str = "SELECT EXISTS (SELECT 1 FROM connections WHERE check_at > $1) \
     OR EXISTS (SELECT 1 FROM connections WHERE watch_at > $1) \
     OR EXISTS (SELECT 1 FROM webhook_deliveries WHERE delivered_at IS NULL AND given_up_at IS NULL AND due_at > $2)";

macro_rules! pull_checks_back {
    ($lock:literal) => {
        concat!(
            "UPDATE connections SET check_at = $1 WHERE id IN (SELECT id FROM connections WHERE check_at > $2",
            $lock,
            ")"
        )
    };
}
pub(crate) use pull_checks_back;

pub(crate) const PULL_DELIVERIES_BACK: &str = "UPDATE webhook_deliveries SET due_at = $1 \
     WHERE delivered_at IS NULL AND given_up_at IS NULL AND due_at > $2";

/// Only as it was read: a commit or a check has made it due otherwise.
pub(crate) const DEFER_WATCH: &str = "UPDATE connections SET watch_at = $3, watch_lease_until = NULL \
     WHERE id = $1 AND watch_at = $2";

macro_rules! pull_watch_back {
    ($lock:literal) => {
        concat!(
            "UPDATE connections SET watch_at = $1, watch_lease_until = NULL WHERE id IN (SELECT id FROM connections \
             WHERE watch_at > $2",
            $lock,
            ")"
        )
    };
}
pub(crate) use pull_watch_back;

pub(crate) const MAKE_DUE: &str = "UPDATE connections SET check_at = $2 WHERE id = $1 AND check_at > $2";

pub(crate) const RECORD_CHECK: &str = "UPDATE connections SET scopes = $4, issued_at = $5, expires_at = $6, \
     data_access_expires_at = $7, proof = $8, dead_since = $9, checked_at = $10, unreachable_since = $11, \
     check_at = $12, check_failures = $13, problem = $14, version = version + 1, watch_at = 0, \
     watch_lease_until = NULL, lease_owner = NULL, lease_until = NULL WHERE id = $1 AND organization_id = $2 AND version = $3 \
     AND (CAST($15 AS TEXT) IS NULL OR (lease_owner = $15 AND lease_epoch = $16))";

pub(crate) const RAISE_VERSION: &str = "UPDATE connections SET version = version + 1, watch_at = 0, \
     watch_lease_until = NULL \
     WHERE organization_id = $1 AND id = $2";

pub(crate) const DELETE: &str = "DELETE FROM connections WHERE organization_id = $1 AND id = $2";

pub(crate) mod channels {
    macro_rules! columns {
        () => {
            "id, organization_id, connection_id, kind, account_id, name, username, picture_url, page_id, \
             token_key_id, token_ciphertext, token_version, token_generation, expires_at, data_access_expires_at, \
             proof, dead_since, checked_at, subscribed_fields, story_mentions, story_replies, created_at, version, \
             last_message_at, problem"
        };
    }
    pub(crate) use columns;

    /// Binds `$1` to `$25`, in the order of the columns. `$26` of [`PUT`] is when this was.
    macro_rules! bind_channel {
        ($query:expr, $row:expr) => {
            $query
                .bind($row.id.as_uuid())
                .bind($row.organization_id.as_uuid())
                .bind($row.connection_id.as_uuid())
                .bind($row.kind.as_str())
                .bind($row.account_id.as_str())
                .bind($row.name.as_str())
                .bind($row.username.as_deref())
                .bind($row.picture_url.as_deref())
                .bind($row.page_id.as_deref())
                .bind($row.token.as_ref().map(|token| token.key_id.as_str()))
                .bind($row.token.as_ref().map(|token| token.ciphertext.as_slice()))
                .bind($row.token.as_ref().map(|token| token.token_version))
                .bind($row.token_generation)
                .bind($row.facts.expires_at.map(|at| at.0))
                .bind($row.facts.data_access_expires_at.map(|at| at.0))
                .bind($row.facts.proof.as_str())
                .bind($row.facts.dead_since.map(|at| at.0))
                .bind($row.facts.checked_at.map(|at| at.0))
                .bind($crate::rows::list_to_json(&$row.subscribed_fields))
                .bind($row.story_mentions)
                .bind($row.story_replies)
                .bind($row.created_at.0)
                .bind($row.version)
                .bind($row.last_message_at.map(|at| at.0))
                .bind($row.facts.problem.as_deref())
        };
    }
    pub(crate) use bind_channel;

    /// Hits no row when the id belongs to another connection. Leaves `last_message_at` of a row that
    /// is there: it moves while a commit is prepared.
    pub(crate) const PUT: &str = concat!(
        "INSERT INTO channels (",
        columns!(),
        ", changed_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, \
         $22, $23, $24, $25, $26) ON CONFLICT (id) DO UPDATE SET kind = excluded.kind, account_id = excluded.account_id, \
         name = excluded.name, username = excluded.username, picture_url = excluded.picture_url, \
         page_id = excluded.page_id, token_key_id = excluded.token_key_id, \
         token_ciphertext = excluded.token_ciphertext, token_version = excluded.token_version, \
         token_generation = excluded.token_generation, expires_at = excluded.expires_at, \
         data_access_expires_at = excluded.data_access_expires_at, proof = excluded.proof, \
         dead_since = excluded.dead_since, checked_at = excluded.checked_at, \
         subscribed_fields = excluded.subscribed_fields, story_mentions = excluded.story_mentions, \
         story_replies = excluded.story_replies, created_at = excluded.created_at, version = excluded.version, \
         problem = excluded.problem, changed_at = excluded.changed_at WHERE channels.organization_id = excluded.organization_id \
         AND channels.connection_id = excluded.connection_id"
    );

    pub(crate) const OF_ORGANIZATION: &str =
        concat!("SELECT ", columns!(), " FROM channels WHERE organization_id = $1 ORDER BY created_at, kind, name, id");

    pub(crate) const OF_CONNECTION: &str = concat!(
        "SELECT ",
        columns!(),
        " FROM channels WHERE organization_id = $1 AND connection_id = $2 ORDER BY created_at, kind, name, id"
    );

    pub(crate) const IDS_OF_CONNECTION: &str =
        "SELECT id FROM channels WHERE organization_id = $1 AND connection_id = $2";

    pub(crate) const DELETE: &str = "DELETE FROM channels WHERE organization_id = $1 AND id = $2";

    /// Of every organization: Meta's subscription belongs to the Page, whoever uses it.
    pub(crate) const PAGE_USED_ELSEWHERE: &str = "SELECT EXISTS (SELECT 1 FROM channels h \
         JOIN connections c ON c.id = h.connection_id \
         WHERE h.page_id = $2 AND c.meta_app_id = $1 AND h.connection_id <> $3)";

    /// A check that finds everything as before is no change.
    pub(crate) const RECORD_CHECK: &str = "UPDATE channels SET changed_at = CASE \
         WHEN expires_at IS NOT DISTINCT FROM $4 AND data_access_expires_at IS NOT DISTINCT FROM $5 AND proof = $6 \
         AND subscribed_fields = $9 AND problem IS NOT DISTINCT FROM $10 THEN changed_at \
         ELSE $11 END, expires_at = $4, data_access_expires_at = $5, \
         proof = $6, dead_since = $7, checked_at = $8, subscribed_fields = $9, problem = $10, version = version + 1 \
         WHERE id = $1 AND organization_id = $2 AND connection_id = $3";

    pub(crate) const SET_STORY_OPTIONS: &str = "UPDATE channels SET story_mentions = $3, story_replies = $4, \
         changed_at = $5, version = version + 1 WHERE organization_id = $1 AND id = $2 RETURNING connection_id";
}
