//! Several processes on one database, some of which stand still or die: each connection that is due
//! is checked once, and what comes too late is refused.
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
use store::GrantFacts;
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
        let environment = filling::environment(&base, database.unwrap_or_else(file));
        let renova = open::renova(&filling::settings(&environment)).await.unwrap();
        let mut fleet = Self { renova, environment, folder, ids: Vec::new(), begun };
        fleet.connect(&sim, &base, connections).await;
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

    /// Waits until no check is due: every connection was checked.
    async fn done(&self) {
        self.patiently(async {
            while self.renova.storage().checks_due(SystemClock.now()).await.unwrap() > 0 {
                tokio::time::sleep(PAUSE).await;
            }
        })
        .await;
    }

    async fn patiently(&self, waiting: impl Future<Output = ()>) {
        let each = PATIENCE_FOR_EACH * u32::try_from(self.ids.len()).unwrap();
        tokio::time::timeout(PATIENCE + each, waiting).await.unwrap();
    }

    /// With their facts, so that one can see why.
    async fn not_written_once(&self) -> Vec<(ConnectionId, i64, GrantFacts)> {
        let mut found = Vec::new();
        for id in &self.ids {
            let connection = self.renova.storage().connection_anywhere(*id).await.unwrap().unwrap();
            if connection.version != 2 {
                found.push((*id, connection.version, connection.facts));
            }
        }
        found
    }

    /// Every connection was written once, and Meta was hardly asked in vain.
    async fn each_was_checked_once(&self, interruptions: i64) {
        let due = i64::try_from(self.ids.len()).unwrap();
        let begun = self.begun.load(Ordering::SeqCst);
        assert_eq!(self.not_written_once().await, [], "{begun} checks begun for {due} that were due");
        assert!(begun <= due + interruptions * AT_ONCE, "{begun} checks begun for {due} that were due");
        assert!(due < 2_000 || begun * 100 <= due * 101, "{begun} checks begun for {due} that were due");
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
