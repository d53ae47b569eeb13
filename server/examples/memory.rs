//! What a worker needs in memory at different sizes, in a process of its own that looks at the clocks of
//! 500 connections: `cargo run --release --package server --example memory`. On PostgreSQL where
//! `RENOVA_TEST_POSTGRES_URL` names a server, otherwise on SQLite. `MEMORY_SIZES` is a list of numbers of
//! connections, `RENOVA_BIN` the program (target/release/renova).

#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a measurement")]

use std::{
    fs,
    process::{Child, Command, Stdio},
    time::Duration,
};

use lifecycle::Clock as _;
use server::{clock::SystemClock, open};

#[path = "../../crates/store/tests/contract/bench.rs"]
#[expect(dead_code, reason = "the contract suite uses the rest")]
mod bench;
#[path = "../tests/it/filling.rs"]
#[expect(dead_code, reason = "the tests use the rest")]
mod filling;
#[path = "../../crates/store/examples/rows/mod.rs"]
mod rows;

use bench::Bench;

/// Between two looks at what is left to do.
const PAUSE: Duration = Duration::from_millis(200);
/// Rounds with nothing to do, after the work.
const AT_REST: Duration = Duration::from_secs(6);

#[tokio::main]
async fn main() {
    let sizes = std::env::var("MEMORY_SIZES").unwrap_or_else(|_| "1000,60000".to_owned());
    println!("{:<12} {:>12} {:>14} {:>14}", "engine", "connections", "at rest", "at most");
    for size in sizes.split(',').map(|size| size.trim().parse::<i64>().unwrap()) {
        measure("SQLite", &Bench::on_sqlite().await, size).await;
        if let Some(server) = bench::postgres_server() {
            let bench = Bench::on_postgres(&server).await;
            measure("PostgreSQL", &bench, size).await;
            bench.storage.close().await;
            bench::finish_on_postgres(&server, &bench.url, Ok(())).await;
        }
    }
}

async fn measure(engine: &str, bench: &Bench, size: i64) {
    // Nobody is asked: no check is due.
    let environment = filling::environment("http://127.0.0.1:9", bench.url.clone());
    let renova = open::renova(&filling::settings(&environment)).await.unwrap();
    rows::fill(bench, size, SystemClock.now(), false).await;
    let program = std::env::var("RENOVA_BIN").unwrap_or_else(|_| "target/release/renova".to_owned());
    let mut command = Command::new(program);
    command.env_clear().envs(environment).arg("worker").stdout(Stdio::null()).stderr(Stdio::null());
    let worker = Worker(command.spawn().unwrap());
    while renova.storage().count_for_watch(SystemClock.now()).await.unwrap().1 > 0 {
        tokio::time::sleep(PAUSE).await;
    }
    tokio::time::sleep(AT_REST).await;
    println!("{engine:<12} {size:>12} {:>11} MB {:>11} MB", worker.megabytes("VmRSS"), worker.megabytes("VmHWM"));
    renova.storage().close().await;
}

/// Ends with the measurement.
struct Worker(Child);

impl Worker {
    fn megabytes(&self, key: &str) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.0.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(':')).unwrap();
        line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() / 1_000
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}
