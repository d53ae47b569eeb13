//! What a worker's tick costs at different sizes, with the same number due: `cargo run --release
//! --package store --example tick`. Also on PostgreSQL where `RENOVA_TEST_POSTGRES_URL` names a
//! server. `TICK_SIZES` is a list of numbers of connections.

#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a measurement")]
#![expect(clippy::disallowed_methods, reason = "it measures time")]

use std::time::{Duration, Instant};

use lifecycle::{Timestamp, ids::OrganizationId};
use store::Storage;

#[path = "../tests/contract/bench.rs"]
#[expect(dead_code, reason = "the contract suite uses the rest")]
mod bench;

mod rows;

use bench::Bench;

const NOW: Timestamp = Timestamp(1_790_000_000_000);
const TICKS: i64 = 20;

#[tokio::main]
async fn main() {
    let sizes = std::env::var("TICK_SIZES").unwrap_or_else(|_| "1000,60000,1000000".to_owned());
    println!("{:<12} {:>12} {:>14} {:>14} {:>14}", "engine", "connections", "claim 20", "look at 100", "banner");
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
    bench.storage.migrate().await.unwrap();
    rows::fill(bench, size, NOW, true).await;
    let storage = &*bench.storage;
    let organization = an_organization(bench).await;
    let mut claims = Vec::new();
    for tick in 0..TICKS {
        let start = Instant::now();
        let claimed = storage.claim_checks(NOW, NOW.plus(tick), "bench", 20).await.unwrap();
        claims.push(start.elapsed());
        assert_eq!(claimed.len(), 20);
    }
    // Each after the leases of the one before.
    let later = std::cell::Cell::new(NOW);
    let looks = timed(async || {
        later.set(later.get().plus(lifecycle::lease::LEASE_MS));
        assert_eq!(storage.claim_watches(NOW, later.get(), 100).await.unwrap().len(), 100);
    });
    let looks = looks.await;
    let banner = timed(async || read_banner(storage, organization).await).await;
    println!("{engine:<12} {size:>12} {:>14} {:>14} {:>14}", shown(median(claims)), shown(looks), shown(banner));
}

/// What the banner asks the database.
async fn read_banner(storage: &dyn Storage, organization: OrganizationId) {
    let connections = storage.connections_of(organization).await.unwrap();
    let channels = storage.channels_of(organization).await.unwrap();
    storage.open_renewals(organization).await.unwrap();
    storage.newest_message_at().await.unwrap();
    assert!(!connections.is_empty() && connections.len() == channels.len());
}

async fn timed(work: impl AsyncFn()) -> Duration {
    let mut times = Vec::new();
    for _ in 0..TICKS {
        let start = Instant::now();
        work().await;
        times.push(start.elapsed());
    }
    median(times)
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

fn shown(time: Duration) -> String {
    format!("{:.2} ms", time.as_secs_f64() * 1_000.0)
}

async fn an_organization(bench: &Bench) -> OrganizationId {
    bench.storage.organization_by_slug("org-0").await.unwrap().unwrap().id
}
