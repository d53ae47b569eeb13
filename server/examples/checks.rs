//! How many connections are checked in a second against the simulated Meta, by 1, 2 and 4 workers on
//! one database: `cargo run --release --package server --example checks`. On PostgreSQL where
//! `RENOVA_TEST_POSTGRES_URL` names a server, otherwise on SQLite. `CHECKS` is how many there are.

#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a measurement")]
#![expect(clippy::disallowed_methods, reason = "it measures time")]

use std::{collections::HashMap, path::PathBuf, sync::Arc, time::Instant};

use lifecycle::{Clock as _, Timestamp, clock::DAY_MS, health::TokenProof, ids::ConnectionId};
use metasim::Sim;
use renewal::{AdoptedGrant, AdoptedPage, NewOrganization, Renova};
use secrecy::SecretString;
use serde_json::json;
use server::{
    clock::SystemClock,
    demo, open,
    settings::{Need, Settings, Sources},
};
use tokio::net::TcpListener;

#[path = "../../crates/store/tests/contract/bench.rs"]
#[expect(dead_code, reason = "the contract suite uses the rest")]
mod bench;

const KEY: &str = "k1:00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

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
    let settings = settings(port, database.unwrap_or_else(|| file_in(&folder)));
    let first = open::renova(&settings).await.unwrap();
    let ids = connect(&first, &sim, port, checks).await;
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

fn settings(port: u16, database: String) -> Settings {
    let environment: HashMap<_, _> = [
        ("RENOVA_ENCRYPTION_KEYS", KEY.to_owned()),
        ("RENOVA_DATABASE_URL", database),
        ("RENOVA_META_APP_ID", "1234567890".to_owned()),
        ("RENOVA_META_APP_SECRET", "sim-app-secret".to_owned()),
        ("RENOVA_META_GRAPH_URL", format!("http://127.0.0.1:{port}/graph")),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .into();
    let sources = Sources { file: None, folder: PathBuf::from("/nonexistent"), environment };
    Settings::load(&sources, Need::Keys).unwrap()
}

async fn connect(renova: &Renova, sim: &Sim, port: u16, checks: usize) -> Vec<ConnectionId> {
    let http = meta::http_client().unwrap();
    let names: Vec<_> = (0..checks).map(|number| format!("Pessoa {number}")).collect();
    let people: Vec<_> = names.iter().map(|name| json!({"name": name})).collect();
    let pages: Vec<_> = names.iter().map(|name| json!({"name": format!("Loja {name}"), "people": [name]})).collect();
    for (path, body) in [("people", json!({"people": people})), ("pages", json!({"pages": pages}))] {
        let url = format!("http://127.0.0.1:{port}/_sim/{path}");
        assert!(http.put(url).json(&body).send().await.unwrap().status().is_success());
    }
    let mut ids = Vec::new();
    for (number, chunk) in names.chunks(20).enumerate() {
        let name = format!("org-{number}");
        let new = NewOrganization { external_id: name.clone(), name: name.clone(), ..NewOrganization::default() };
        renova.add_organization(new).await.unwrap();
        for person in chunk {
            ids.push(renova.adopt_grant(&name, grant(sim, person)).await.unwrap());
        }
    }
    ids
}

fn grant(sim: &Sim, person: &str) -> AdoptedGrant {
    let seeded = sim.seed_grant(person, 40 * DAY_MS).unwrap();
    let pages = seeded.pages.into_iter().map(|page| AdoptedPage {
        id: page.id,
        name: page.name,
        token: SecretString::from(page.token),
        subscribed_fields: page.subscribed_fields,
        instagram: None,
    });
    AdoptedGrant {
        person_id: seeded.user_id,
        person_name: seeded.user_name,
        user_token: SecretString::from(seeded.user_token),
        issued_at: Some(Timestamp(seeded.issued_at_ms)),
        expires_at: Some(Timestamp(seeded.expires_at_ms)),
        data_access_expires_at: Some(Timestamp(seeded.data_access_expires_at_ms)),
        scopes: seeded.scopes,
        pages: pages.collect(),
        proof: TokenProof::Works,
        dead_since: None,
    }
}
