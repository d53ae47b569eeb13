//! What Renova keeps, behind traits; SQLite and PostgreSQL behind them.
//!
//! # To add one more query
//!
//! 1. A method on the trait of its aggregate in [`traits`], with what it promises.
//! 2. Both implementations: `sqlite/` and `postgres/`. Static SQL, `$1` placeholders,
//!    instants as epoch milliseconds, words with a `CHECK`.
//! 3. A case in the contract suite (`tests/contract.rs`), which runs on both engines.
//!
//! Each method is one short transaction; none is ever held over a network call. Look-ups return
//! `Result<Option<T>>`; writes that must hit a row say so. A query of an organization's data
//! always takes the organization.

mod deliveries;
mod failure;
pub mod model;
pub mod postgres;
mod rows;
mod schema;
mod sql;
pub mod sqlite;
pub mod traits;
mod wakes;

use std::sync::Arc;

/// No lease of a delivery is given for longer. Theirs are shorter, so that clocks may differ a little.
pub const LONGEST_LEASE_MS: i64 = lifecycle::lease::LEASE_MS;
/// What one claim takes of one webhook endpoint.
pub const DELIVERIES_AT_A_TURN: i64 = 4;

pub use model::*;
pub use traits::*;
pub use wakes::{Wake, Wakes};

/// What can go wrong in storage, told in words that callers can act on.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// A unique value is already taken, or a row that others need would go.
    #[error("conflict on {what}")]
    Conflict { what: &'static str },
    /// The row was changed by somebody else since it was read, or is gone.
    #[error("the row has changed since it was read")]
    Stale,
    /// The database cannot be reached, is locked for too long or is full.
    #[error("the database is unavailable: {0}")]
    Unavailable(String),
    /// The schema is newer than this program.
    #[error("the database was written by a newer version of Renova")]
    NewerSchema,
    /// A stored value cannot be read as what it should be.
    #[error("unreadable value in {table}.{column}")]
    Corrupt { table: &'static str, column: &'static str },
    /// The database URL is not one that Renova understands.
    #[error("{0}")]
    BadUrl(String),
    #[error("database: {0}")]
    Other(String),
}

pub type Result<T, E = StoreError> = std::result::Result<T, E>;

/// Opens the database behind a URL (`sqlite://PATH` or `postgres://…`) without migrating it.
pub async fn open(url: &str) -> Result<Arc<dyn Storage>> {
    if url.starts_with("sqlite:") {
        Ok(Arc::new(sqlite::SqliteStorage::open(url).await?))
    } else if url.starts_with("postgres://") || url.starts_with("postgresql://") {
        Ok(Arc::new(postgres::PostgresStorage::open(url).await?))
    } else {
        Err(StoreError::BadUrl("must begin with sqlite:// or postgres://".to_owned()))
    }
}
