//! The way past one machine: several processes on one database.
//!
//! Transactions run at the default level, read committed. That is enough because each one that
//! changes an organization's data begins by locking that organization's row.

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
mod wakes;
mod webhooks;

use std::{
    str::FromStr,
    sync::{Arc, OnceLock},
    time::Duration,
};

use sqlx::{
    ConnectOptions, Connection as _, Executor, PgPool, Postgres, Transaction,
    migrate::Migrator,
    postgres::{PgConnectOptions, PgPoolOptions},
};

use crate::{Result, Storage, StoreError, wakes::Signals};

static MIGRATOR: Migrator = sqlx::migrate!("migrations/postgres");

const CONNECTIONS: u32 = 10;
/// How long a call waits for a connection.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(5);
/// No statement waits for a lock, and no transaction stays idle, for longer than this.
const LIMITS: &str = "SET lock_timeout = '10s'; SET idle_in_transaction_session_timeout = '60s'";

/// [`Storage`] in a PostgreSQL database.
pub struct PostgresStorage {
    pool: PgPool,
    options: PgConnectOptions,
    signals: Arc<Signals>,
    listener: OnceLock<wakes::Listener>,
}

impl PostgresStorage {
    /// Opens `postgres://USER:PASSWORD@HOST/DATABASE`.
    pub async fn open(url: &str) -> Result<Self> {
        // The cause may quote the URL, and with it the password.
        let options = PgConnectOptions::from_str(url)
            .map_err(|_| StoreError::BadUrl("must be postgres://USER:PASSWORD@HOST/DATABASE".to_owned()))?;

        // The pool would only say that its time was up: this first attempt says why.
        match tokio::time::timeout(ACQUIRE_TIMEOUT, options.connect()).await {
            Ok(Ok(connection)) => connection.close().await?,
            Ok(Err(error)) => return Err(StoreError::Unavailable(error.to_string())),
            Err(_) => return Err(StoreError::Unavailable("no answer in time".to_owned())),
        }
        let pool = PgPoolOptions::new()
            .max_connections(CONNECTIONS)
            .acquire_timeout(ACQUIRE_TIMEOUT)
            .after_connect(|connection, _| {
                Box::pin(async move {
                    connection.execute(LIMITS).await?;
                    Ok(())
                })
            })
            .connect_lazy_with(options.clone());
        Ok(Self { pool, options, signals: Arc::default(), listener: OnceLock::new() })
    }

    fn reader(&self) -> &PgPool {
        &self.pool
    }

    fn writer(&self) -> &PgPool {
        &self.pool
    }

    async fn begin(&self) -> Result<Transaction<'static, Postgres>> {
        Ok(self.pool.begin().await?)
    }
}

impl Storage for PostgresStorage {}
