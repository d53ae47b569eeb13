//! How many connections are checked in a second against the simulated Meta, by 1, 2 and 4 workers on
//! one database: `cargo run --release --package server --example checks`. On PostgreSQL where
//! `RENOVA_TEST_POSTGRES_URL` names a server, otherwise on SQLite. `CHECKS` is how many there are.

#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a measurement")]
#![expect(clippy::disallowed_methods, reason = "it measures time")]

use std::{sync::Arc, time::Instant};

use lifecycle::Clock as _;
use renewal::Renova;
use server::{clock::SystemClock, demo, open};
use tokio::net::TcpListener;

#[path = "../../crates/store/tests/contract/bench.rs"]
#[expect(dead_code, reason = "the contract suite uses the rest")]
mod bench;
#[path = "../tests/it/filling.rs"]
mod filling;

#[tokio::main]
async fn main() {
    let checks = std::env::var("CHECKS").ok().and_then(|text| text.parse().ok()).unwrap_or(800);
    println!("{:<12} {:>10} {:>14}", "engine", "workers", "checks/s");
    for workers in [1, 2, 4] {
        measure(workers, checks, None).await;
    }
    let Some(server) = bench::postgres_server() else { return };
    for workers in [1, 2, 4] {
        let database = bench::Bench::on_postgres(&server).await;
        measure(workers, checks, Some(database.url.clone())).await;
        bench::finish_on_postgres(&server, &database.url, Ok(())).await;
    }
}

async fn measure(workers: usize, checks: usize, database: Option<String>) {
    let engine = if database.is_some() { "PostgreSQL" } else { "SQLite" };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let sim = demo::simulator(port, None).unwrap();
    let router = sim.router();
    tokio::spawn(async move { axum::serve(listener, router).await });
    let folder = tempfile::tempdir().unwrap();
    let meta = format!("http://127.0.0.1:{port}");
    let settings = filling::settings(&filling::environment(&meta, database.unwrap_or_else(|| file_in(&folder))));
    let first = open::renova(&settings).await.unwrap();
    let ids = filling::connect(&first, &sim, &meta, checks).await;
    let mut fleet = vec![first];
    for _ in 1..workers {
        fleet.push(open::renova(&settings).await.unwrap());
    }
    fleet[0].storage().make_due(&ids, SystemClock.now()).await.unwrap();
    let start = Instant::now();
    let working: Vec<_> = fleet.iter().map(|renova| tokio::spawn(work(Arc::clone(renova)))).collect();
    for worker in working {
        worker.await.unwrap();
    }
    let seconds = start.elapsed().as_secs_f64();
    let checks = u32::try_from(checks).unwrap();
    println!("{engine:<12} {workers:>10} {:>14.0}", f64::from(checks) / seconds);
    for renova in fleet {
        renova.storage().close().await;
    }
}

/// Until nothing is due any more.
async fn work(renova: Arc<Renova>) {
    loop {
        renova.check_what_is_due().await.unwrap();
        if renova.storage().checks_due(SystemClock.now()).await.unwrap() == 0 {
            return;
        }
    }
}

fn file_in(folder: &tempfile::TempDir) -> String {
    format!("sqlite://{}", folder.path().join("renova.db").display())
}
