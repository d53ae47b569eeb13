//! Several processes on one database, some of which stand still or die: each connection that is due
//! is checked once, and what comes too late is refused.
//!
//! The database writes down who has written what, by a trigger: the version of a row alone does not
//! tell a result that was written twice from a check that did not reach Meta in time, on a busy
//! machine, and was repeated a minute later, as it must be.
//!
//! `RENOVA_FLEET_CONNECTIONS` and `RENOVA_FLEET_WORKERS` change its size.

use std::{
    collections::HashMap,
    path::Path,
    process::{Child, Command, Stdio},
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use axum::{extract::Request, middleware};
use lifecycle::{Clock as _, ids::ConnectionId};
use metasim::Sim;
use renewal::Renova;
use serde_json::json;
use server::{clock::SystemClock, demo, open};
use tokio::net::TcpListener;

use crate::{bench, filling};

/// Longer than a lease lasts.
const BEYOND_LEASE: Duration = Duration::from_secs(33);
/// Checks that one process has under way at the same time.
const AT_ONCE: i64 = 4;
/// Between two looks at what is waited for.
const PAUSE: Duration = Duration::from_millis(50);
/// How long it is waited for, and how much longer for each connection.
const PATIENCE: Duration = Duration::from_secs(300);
const PATIENCE_FOR_EACH: Duration = Duration::from_millis(300);

/// Each result that is written raises the version: by whom (the epoch of the claim), and whether Meta
/// was reached.
const NOTE_IN_SQLITE: [&str; 3] = [
    "CREATE TABLE noted (id BLOB, epoch INTEGER, failures INTEGER)",
    "CREATE INDEX noted_by_failures ON noted (failures, id)",
    "CREATE TRIGGER note AFTER UPDATE OF version ON connections \
     BEGIN INSERT INTO noted VALUES (NEW.id, NEW.lease_epoch, NEW.check_failures); END",
];
const NOTE_IN_POSTGRES: [&str; 3] = [
    "CREATE TABLE noted (id UUID, epoch BIGINT, failures BIGINT)",
    "CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS \
     $$ BEGIN INSERT INTO noted VALUES (NEW.id, NEW.lease_epoch, NEW.check_failures); RETURN NULL; END $$",
    "CREATE TRIGGER note AFTER UPDATE OF version ON connections FOR EACH ROW EXECUTE FUNCTION note()",
];
const RESULTS: &str = "SELECT COUNT(*) FROM noted WHERE failures = 0";
const CHECKED: &str = "SELECT COUNT(DISTINCT id) FROM noted WHERE failures = 0";
const UNREACHED: &str = "SELECT COUNT(*) FROM noted WHERE failures > 0";
const WRITTEN_TWICE: &str =
    "SELECT COUNT(*) FROM (SELECT id FROM noted GROUP BY id, epoch HAVING COUNT(*) > 1) AS twice";

fn number(name: &str, otherwise: usize) -> usize {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(otherwise)
}

/// A process that works; killed with the test.
struct Worker(Child);

impl Worker {
    fn start(environment: &HashMap<String, String>, folder: &Path) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_renova"));
        command.current_dir(folder).env_clear().envs(environment).env("RUST_LOG", "warn").arg("worker");
        Self(command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap())
    }

    fn signal(&self, signal: &str) {
        let sent = Command::new("kill").args([signal, &self.0.id().to_string()]).status().unwrap();
        assert!(sent.success());
    }

    fn kill(&mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

struct Fleet {
    renova: Arc<Renova>,
    environment: HashMap<String, String>,
    database: String,
    folder: tempfile::TempDir,
    ids: Vec<ConnectionId>,
    /// Checks that Meta has seen begin.
    begun: Arc<AtomicI64>,
}

impl Fleet {
    async fn new(database: Option<String>, connections: usize) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let sim = demo::simulator(port, None).unwrap();
        let begun = Arc::new(AtomicI64::new(0));
        let router = counted(&sim, &begun);
        tokio::spawn(async move { axum::serve(listener, router).await });
        let folder = tempfile::tempdir().unwrap();
        let file = || format!("sqlite://{}", folder.path().join("renova.db").display());
        let base = format!("http://127.0.0.1:{port}");
        let database = database.unwrap_or_else(file);
        let environment = filling::environment(&base, database.clone());
        let renova = open::renova(&filling::settings(&environment)).await.unwrap();
        let mut fleet = Self { renova, environment, database, folder, ids: Vec::new(), begun };
        fleet.connect(&sim, &base, connections).await;
        fleet.writes_are_noted().await;
        fleet
    }

    async fn connect(&mut self, sim: &Sim, base: &str, connections: usize) {
        self.ids = filling::connect(&self.renova, sim, base, connections).await;
        let http = meta::http_client().unwrap();
        let slow = json!({"on": "graph:/debug_token", "fault": "slow", "delay_ms": 250, "times": 1_000_000});
        let answer = http.post(format!("{base}/_sim/faults")).json(&slow).send().await.unwrap();
        assert!(answer.status().is_success());
        self.renova.storage().make_due(&self.ids, SystemClock.now()).await.unwrap();
    }

    fn worker(&self) -> Worker {
        Worker::start(&self.environment, self.folder.path())
    }

    /// Waits until Meta has seen so many checks begin.
    async fn begun(&self, so_many: i64) {
        self.patiently(async {
            while self.begun.load(Ordering::SeqCst) < so_many {
                tokio::time::sleep(PAUSE).await;
            }
        })
        .await;
    }

    /// Waits until every connection was checked.
    async fn done(&self) {
        let due = i64::try_from(self.ids.len()).unwrap();
        self.patiently(async {
            while self.count(CHECKED).await < due {
                tokio::time::sleep(PAUSE).await;
            }
        })
        .await;
    }

    async fn writes_are_noted(&self) {
        let is_sqlite = self.database.starts_with("sqlite:");
        for statement in if is_sqlite { NOTE_IN_SQLITE } else { NOTE_IN_POSTGRES } {
            bench::execute(&self.database, statement).await;
        }
    }

    async fn count(&self, sql: &str) -> i64 {
        bench::number(&self.database, sql).await
    }

    async fn patiently(&self, waiting: impl Future<Output = ()>) {
        let each = PATIENCE_FOR_EACH * u32::try_from(self.ids.len()).unwrap();
        tokio::time::timeout(PATIENCE + each, waiting).await.unwrap();
    }

    /// Every connection was found out about once, by whoever held it, and Meta was hardly asked in vain.
    async fn each_was_checked_once(&self, interruptions: i64) {
        let due = i64::try_from(self.ids.len()).unwrap();
        let begun = self.begun.load(Ordering::SeqCst);
        let repeated = self.count(UNREACHED).await;
        assert_eq!(self.count(WRITTEN_TWICE).await, 0, "of one claim one result is written");
        assert_eq!((self.count(CHECKED).await, self.count(RESULTS).await), (due, due));
        let asked = format!("{begun} checks begun for {due} that were due and {repeated} that did not reach Meta");
        assert!(begun <= due + repeated + interruptions * AT_ONCE, "{asked}");
        assert!(due < 2_000 || begun * 100 <= (due + repeated) * 101, "{asked}");
    }
}

fn counted(sim: &Sim, begun: &Arc<AtomicI64>) -> axum::Router {
    let begun = Arc::clone(begun);
    sim.router().layer(middleware::from_fn(move |request: Request, next: middleware::Next| {
        if request.uri().path().ends_with("/debug_token") {
            begun.fetch_add(1, Ordering::SeqCst);
        }
        next.run(request)
    }))
}

async fn a_fleet(url: String) {
    let fleet = Fleet::new(Some(url), number("RENOVA_FLEET_CONNECTIONS", 120)).await;
    let workers = number("RENOVA_FLEET_WORKERS", 4);
    let rounds = workers / 2;
    let mut processes: Vec<_> = (0..workers).map(|_| fleet.worker()).collect();
    let due = i64::try_from(fleet.ids.len()).unwrap();
    let mut stopped = Vec::new();
    for round in 0..rounds {
        // In the middle of its work one dies, another one stands still.
        fleet.begun(due * i64::try_from(round).unwrap() / i64::try_from(rounds).unwrap() + 5).await;
        processes[2 * round].kill();
        processes.push(fleet.worker());
        processes[2 * round + 1].signal("-STOP");
        stopped.push(2 * round + 1);
    }
    tokio::time::timeout(BEYOND_LEASE, std::future::pending::<()>()).await.unwrap_err();
    stopped.iter().for_each(|index| processes[*index].signal("-CONT"));
    fleet.done().await;
    // Whoever woke up late has had the time to write, had he been let.
    for process in &mut processes {
        process.signal_and_wait();
    }
    fleet.each_was_checked_once(i64::try_from(2 * rounds).unwrap()).await;
}

impl Worker {
    /// Ends as an operator ends it: within ten seconds.
    fn signal_and_wait(&mut self) {
        if self.0.try_wait().unwrap().is_some() {
            return;
        }
        self.signal("-TERM");
        assert!(self.0.wait().unwrap().success(), "it ends in peace");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_processes_one_checks_each_connection_on_postgresql() {
    let Some(server) = bench::postgres_server() else { return };
    let database = bench::Bench::on_postgres(&server).await;
    let url = database.url.clone();
    let outcome = tokio::spawn(a_fleet(url.clone())).await;
    bench::finish_on_postgres(&server, &url, outcome).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_process_that_dies_is_followed_by_another_on_sqlite() {
    let fleet = Fleet::new(None, number("RENOVA_FLEET_CONNECTIONS", 120) / 2).await;
    let mut first = fleet.worker();
    fleet.begun(10).await;
    first.kill();
    let mut second = fleet.worker();
    fleet.done().await;
    second.signal_and_wait();
    fleet.each_was_checked_once(1).await;
}
