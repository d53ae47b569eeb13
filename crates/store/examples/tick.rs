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

use bench::Bench;

const NOW: Timestamp = Timestamp(1_790_000_000_000);
/// Connections that are due, whatever the size.
const DUE: i64 = 500;
const TICKS: i64 = 20;
/// Connections of one organization.
const EACH: i64 = 3;

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
    fill(bench, size).await;
    let storage = &*bench.storage;
    let organization = an_organization(bench).await;
    let mut claims = Vec::new();
    for tick in 0..TICKS {
        let start = Instant::now();
        let claimed = storage.claim_checks(NOW, NOW.plus(tick), "bench", 20).await.unwrap();
        claims.push(start.elapsed());
        assert_eq!(claimed.len(), 20);
    }
    let looks = timed(async || assert_eq!(storage.due_for_watch(NOW, 100).await.unwrap().len(), 100)).await;
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

/// Organizations with connections and a channel each, written as rows.
async fn fill(bench: &Bench, size: i64) {
    let (id, empty, yes, series) = if bench.is_sqlite() {
        let series =
            "(WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < {}) SELECT i FROM n)";
        ("randomblob(16)", "x''", "1", series)
    } else {
        ("gen_random_uuid()", "''::bytea", "true", "(SELECT i FROM generate_series(0, {} - 1) AS i)")
    };
    let numbers = |count: i64| series.replace("{}", &count.to_string());
    let organizations = size / EACH + 1;
    let now = NOW.0;
    let later = now + 1_000_000;
    let spread = (size / DUE).max(1);
    for statement in [
        format!("INSERT INTO meta_apps (id, provider, app_id) VALUES ({id}, 'facebook', '1')"),
        format!(
            "INSERT INTO organizations (id, external_id, slug, name, time_zone, locale, created_at) \
             SELECT {id}, 'org-' || i, 'org-' || i, 'Loja', 'UTC', 'en', {now} FROM {} AS n",
            numbers(organizations)
        ),
        format!(
            "INSERT INTO connections (id, organization_id, meta_app_id, provider, grantee_id, grantee_name, \
             token_key_id, token_ciphertext, token_version, token_generation, scopes, proof, created_at, renewed_at, \
             version, check_at, watch_at) SELECT {id}, o.id, a.id, 'facebook', CAST(i AS TEXT), 'Ana', 'k', {empty}, 1, \
             1, '[]', 'works', {now}, {now}, 1, CASE WHEN i % {spread} = 0 THEN {now} - i ELSE {later} + i END, \
             CASE WHEN i % {spread} = 0 THEN {now} - i ELSE {later} + i END \
             FROM {} AS n JOIN organizations o ON o.slug = 'org-' || (i / {EACH}) CROSS JOIN meta_apps a",
            numbers(size)
        ),
        format!(
            "INSERT INTO channels (id, organization_id, connection_id, kind, account_id, name, token_generation, \
             proof, subscribed_fields, story_mentions, story_replies, created_at, version) SELECT {id}, \
             organization_id, id, 'messenger', grantee_id, 'Loja', 1, 'works', '[]', {yes}, {yes}, {now}, 1 \
             FROM connections"
        ),
        "ANALYZE".to_owned(),
    ] {
        bench.execute(&statement).await;
    }
}
