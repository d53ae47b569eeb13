//! The one place where an engine's error becomes ours.

use std::borrow::Cow;

use sqlx::{
    error::{DatabaseError, ErrorKind},
    migrate::MigrateError,
    sqlite::SqliteError,
};

use crate::StoreError;

/// A unique rule: its name in PostgreSQL, the columns by which SQLite reports it, our word for it.
const CONFLICTS: [(&str, &str, &str); 20] = [
    ("organizations_external_id", "organizations.external_id", "external_id"),
    ("organizations_slug", "organizations.slug", "slug"),
    ("users_email", "users.email", "email"),
    ("users_external_id", "users.organization_id, users.external_id", "external_id"),
    ("invitations_token", "invitations.token_hash", "invitation"),
    ("invitations_email", "invitations.organization_id, invitations.email", "invitation"),
    ("sessions_pkey", "sessions.token_hash", "session"),
    ("password_resets_pkey", "password_resets.token_hash", "password_reset"),
    (
        "connections_grantee",
        "connections.organization_id, connections.meta_app_id, connections.provider, connections.grantee_id",
        "connection",
    ),
    ("channels_account", "channels.connection_id, channels.kind, channels.account_id", "channel"),
    ("channels_pkey", "channels.id", "channel"),
    ("renewals_one_open", "renewals.connection_id", "renewal"),
    ("renewals_one_first", "renewals.organization_id, renewals.user_id", "renewal"),
    ("login_attempts_state", "login_attempts.state_hash", "state"),
    ("embed_sessions_pkey", "embed_sessions.token_hash", "embed_session"),
    ("embed_sessions_bearer", "embed_sessions.bearer_hash", "embed_session"),
    ("login_tickets_pkey", "login_tickets.ticket_hash", "ticket"),
    ("data_deletions_pkey", "data_deletions.code", "data_deletion"),
    ("api_keys_hash", "api_keys.key_hash", "api_key"),
    ("renewal_links_token", "renewal_links.token_hash", "renewal_link"),
];

fn conflict_on(error: &dyn DatabaseError) -> &'static str {
    let columns = error.message().rsplit_once(": ").map_or("", |(_, columns)| columns);
    CONFLICTS
        .into_iter()
        .find(|(name, in_sqlite, _)| error.constraint() == Some(*name) || columns == *in_sqlite)
        .map_or("id", |(_, _, word)| word)
}

/// It may work later, or once the operator has looked after the database.
fn is_unavailable(error: &dyn DatabaseError) -> bool {
    const BUSY: i32 = 5;
    const LOCKED: i32 = 6;
    const READ_ONLY: i32 = 8;
    const INPUT_OUTPUT: i32 = 10;
    const FULL: i32 = 13;
    const CANNOT_OPEN: i32 = 14;

    let code = error.code().unwrap_or(Cow::Borrowed(""));
    if error.try_downcast_ref::<SqliteError>().is_some() {
        // The low byte is the primary code, the rest says more about it.
        let primary = code.parse::<i32>().map_or(0, |code| code & 0xff);
        return matches!(primary, BUSY | LOCKED | READ_ONLY | INPUT_OUTPUT | FULL | CANNOT_OPEN);
    }
    // Classes and codes of PostgreSQL: connection, authorization, rollback after a deadlock,
    // resources, operator, system; read-only, lock not available, no such database.
    ["08", "28", "40", "53", "57", "58"].iter().any(|class| code.starts_with(class))
        || matches!(code.as_ref(), "25006" | "55P03" | "3D000")
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        match error {
            sqlx::Error::Database(error) => match error.kind() {
                ErrorKind::UniqueViolation => Self::Conflict { what: conflict_on(error.as_ref()) },
                // Nothing here deletes what others need: the row pointed at is gone.
                ErrorKind::ForeignKeyViolation => Self::Stale,
                _ if is_unavailable(error.as_ref()) => Self::Unavailable(error.to_string()),
                _ => Self::Other(error.to_string()),
            },
            sqlx::Error::PoolTimedOut => Self::Unavailable("no connection became free in time".to_owned()),
            sqlx::Error::PoolClosed => Self::Unavailable("it was closed".to_owned()),
            error @ (sqlx::Error::Io(_)
            | sqlx::Error::Tls(_)
            | sqlx::Error::WorkerCrashed
            | sqlx::Error::BeginFailed) => Self::Unavailable(error.to_string()),
            error => Self::Other(error.to_string()),
        }
    }
}

impl From<MigrateError> for StoreError {
    fn from(error: MigrateError) -> Self {
        match error {
            MigrateError::VersionMissing(_) => Self::NewerSchema,
            MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) => error.into(),
            error => Self::Other(error.to_string()),
        }
    }
}
