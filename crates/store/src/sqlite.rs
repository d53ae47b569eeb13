//! The embedded database: one file, one writer, readers beside it.
//!
//! Several processes may use the file at once: the write-ahead log lets them read while one
//! writes, and whoever wants to write waits for a while. A transaction of several statements
//! takes the write lock at its beginning, because one that begins as a reader cannot wait for it.

mod api;
mod api_keys;
mod audit;
mod connections;
mod data_deletions;
mod embeds;
mod invitations;
mod jobs;
mod meta_apps;
mod meta_events;
mod notices;
mod organizations;
mod overdue;
mod pictures;
mod removal;
mod renewal_links;
mod renewals;
mod reviews;
mod sessions;
mod snoozes;
mod system;
mod team;
mod trail;
mod users;
mod webhooks;

#[cfg(test)]
mod plans;

use std::{str::FromStr, time::Duration};

use sqlx::{
    Sqlite, SqlitePool, Transaction,
    migrate::Migrator,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};

use crate::{Result, Storage, StoreError, Wake, WakeUps, Wakes};

static MIGRATOR: Migrator = sqlx::migrate!("migrations/sqlite");

const READERS: u32 = 4;
/// How long a write waits for other processes.
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);
/// How long a call waits for its turn in this process.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(15);
/// Turning a new file into one with a write-ahead log cannot wait for another process that does
/// the same at that moment, so it is tried again.
const OPEN_ATTEMPTS: u32 = 50;
const OPEN_PAUSE: Duration = Duration::from_millis(40);

/// [`Storage`] in one SQLite file.
pub struct SqliteStorage {
    writer: SqlitePool,
    readers: SqlitePool,
}

impl SqliteStorage {
    /// Opens `sqlite://PATH`; the file is created if it is missing.
    pub async fn open(url: &str) -> Result<Self> {
        let options = options(url)?;
        let writer = SqlitePoolOptions::new()
            .max_connections(1)
            .min_connections(1)
            .idle_timeout(None)
            .max_lifetime(None)
            .acquire_timeout(ACQUIRE_TIMEOUT);
        let readers = SqlitePoolOptions::new().max_connections(READERS).acquire_timeout(ACQUIRE_TIMEOUT);

        let write = options
            .clone()
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            // What is deleted is overwritten: it may have been a token.
            .pragma("secure_delete", "ON");
        let connect = async {
            let mut attempt = 1;
            loop {
                match writer.clone().connect_with(write.clone()).await.map_err(StoreError::from) {
                    Err(StoreError::Unavailable(_)) if attempt < OPEN_ATTEMPTS && write.get_filename().exists() => {
                        attempt += 1;
                        tokio::time::sleep(OPEN_PAUSE).await;
                    }
                    other => break other,
                }
            }
        };
        let writer = tokio::time::timeout(ACQUIRE_TIMEOUT, connect)
            .await
            .map_err(|_| StoreError::Unavailable("locked by another process".to_owned()))??;
        let readers = readers.connect_lazy_with(options.read_only(true));
        Ok(Self { writer, readers })
    }

    fn reader(&self) -> &SqlitePool {
        &self.readers
    }

    fn writer(&self) -> &SqlitePool {
        &self.writer
    }

    async fn begin(&self) -> Result<Transaction<'static, Sqlite>> {
        Ok(self.writer.begin_with("BEGIN IMMEDIATE").await?)
    }
}

impl WakeUps for SqliteStorage {
    fn wakes(&self, _: Wake) -> Wakes {
        Wakes::never()
    }
}

fn options(url: &str) -> Result<SqliteConnectOptions> {
    let bad = |why: &str| StoreError::BadUrl(format!("must be sqlite://PATH: {why}"));
    if url.contains(":memory:") || url.contains("mode=memory") {
        return Err(bad("a database in memory would be lost"));
    }
    let options = SqliteConnectOptions::from_str(url).map_err(|error| bad(&error.to_string()))?;
    if options.get_filename().as_os_str().is_empty() {
        return Err(bad("the path is missing"));
    }
    Ok(options.foreign_keys(true).busy_timeout(BUSY_TIMEOUT))
}

impl Storage for SqliteStorage {}
