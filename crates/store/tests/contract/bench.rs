//! A database of its own for each case, on either engine.

use std::{
    hash::{BuildHasher, RandomState},
    process,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use sqlx::{AssertSqlSafe, Connection as _, Executor, PgConnection, SqliteConnection};
use store::Storage;
use tempfile::TempDir;

pub struct Bench {
    pub storage: Arc<dyn Storage>,
    pub url: String,
    /// Keeps SQLite's folder until the case is over.
    _folder: Option<TempDir>,
}

impl Bench {
    pub async fn on_sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}/renova.db", folder.path().display());
        Self::new(url, Some(folder)).await
    }

    pub async fn on_postgres(server: &str) -> Self {
        let name = unique_name();
        execute(server, &format!("CREATE DATABASE {name}")).await;
        Self::new(with_database(server, &name), None).await
    }

    async fn new(url: String, folder: Option<TempDir>) -> Self {
        let storage = store::open(&url).await.unwrap();
        Self { storage, url, _folder: folder }
    }

    /// What another process would hold.
    pub async fn another(&self) -> Arc<dyn Storage> {
        store::open(&self.url).await.unwrap()
    }

    /// Behind the storage's back.
    pub async fn execute(&self, sql: &str) {
        execute(&self.url, sql).await;
    }

    /// One number, behind the storage's back.
    pub async fn number(&self, sql: &str) -> i64 {
        number(&self.url, sql).await
    }

    /// How many tables there are.
    pub async fn tables(&self) -> i64 {
        self.number(if self.is_sqlite() {
            "SELECT count(*) FROM sqlite_schema WHERE type = 'table'"
        } else {
            "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"
        })
        .await
    }

    pub fn is_sqlite(&self) -> bool {
        self.url.starts_with("sqlite:")
    }
}

pub async fn execute(url: &str, sql: &str) {
    let sql = AssertSqlSafe(sql.to_owned());
    if url.starts_with("sqlite:") {
        SqliteConnection::connect(url).await.unwrap().execute(sql).await.unwrap();
    } else {
        PgConnection::connect(url).await.unwrap().execute(sql).await.unwrap();
    }
}

pub async fn number(url: &str, sql: &str) -> i64 {
    let sql = AssertSqlSafe(sql.to_owned());
    if url.starts_with("sqlite:") {
        let mut connection = SqliteConnection::connect(url).await.unwrap();
        sqlx::query_scalar(sql).fetch_one(&mut connection).await.unwrap()
    } else {
        let mut connection = PgConnection::connect(url).await.unwrap();
        sqlx::query_scalar(sql).fetch_one(&mut connection).await.unwrap()
    }
}

/// The server that the environment names, if it names one.
#[expect(clippy::print_stderr, reason = "a skipped engine must be seen")]
pub fn postgres_server() -> Option<String> {
    let set = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    let server = set("RENOVA_TEST_POSTGRES_URL");
    if server.is_none() {
        assert!(
            set("CI").is_none() && set("RENOVA_TEST_REQUIRE_POSTGRES").is_none(),
            "RENOVA_TEST_POSTGRES_URL is not set, and PostgreSQL must not be skipped here"
        );
        eprintln!("skipped: RENOVA_TEST_POSTGRES_URL is not set");
    }
    server
}

/// The case ran in a task of its own, so that its database goes whether it passed or not.
pub async fn finish_on_postgres(server: &str, url: &str, outcome: Result<(), tokio::task::JoinError>) {
    let name = url.rsplit('/').next().unwrap().split('?').next().unwrap();
    execute(server, &format!("DROP DATABASE {name} WITH (FORCE)")).await;
    if let Err(failure) = outcome {
        std::panic::resume_unwind(failure.into_panic());
    }
}

fn unique_name() -> String {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    // Each state hashes with random keys.
    let random = RandomState::new().hash_one(number);
    format!("renova_test_{}_{number}_{random:x}", process::id())
}

fn with_database(server: &str, name: &str) -> String {
    let (address, parameters) = server.split_once('?').map_or((server, None), |(a, p)| (a, Some(p)));
    let (scheme, rest) = address.split_once("://").unwrap();
    let host = rest.split('/').next().unwrap();
    match parameters {
        Some(parameters) => format!("{scheme}://{host}/{name}?{parameters}"),
        None => format!("{scheme}://{host}/{name}"),
    }
}
