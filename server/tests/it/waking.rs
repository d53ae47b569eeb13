//! What makes a worker look, and what does not keep it from looking.

use std::{sync::Arc, time::Duration};

use lifecycle::{Clock as _, health::TokenProof, ids::ConnectionId};
use metasim::Sim;
use renewal::Renova;
use serde_json::json;
use server::{
    clock::SystemClock,
    demo, open,
    stop::Stop,
    worker::{self, Heartbeat},
};
use store::{CheckOutcome, Connection, Wake, Wakes};
use tokio::net::TcpListener;

use crate::{bench, filling};

const HOUR: Duration = Duration::from_secs(60 * 60);
/// Nothing here takes as long: it ends a test that would wait for ever.
const PATIENCE: Duration = Duration::from_secs(120);

#[tokio::test(flavor = "multi_thread")]
async fn a_wake_up_is_enough_to_work_on_postgresql() {
    let Some(server) = bench::postgres_server() else { return };
    let database = bench::Bench::on_postgres(&server).await;
    let url = database.url.clone();
    let outcome = tokio::spawn(works_when_woken(url.clone())).await;
    bench::finish_on_postgres(&server, &url, outcome).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_looks_at_clocks_does_not_wait_for_meta() {
    let Some(server) = bench::postgres_server() else { return };
    let database = bench::Bench::on_postgres(&server).await;
    let url = database.url.clone();
    let outcome = tokio::spawn(looks_while_meta_hangs(url.clone())).await;
    bench::finish_on_postgres(&server, &url, outcome).await;
}

/// A simulated Meta, and where it listens.
pub async fn simulated_meta() -> (Sim, String) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let sim = demo::simulator(port, None).unwrap();
    let router = sim.router();
    tokio::spawn(async move { axum::serve(listener, router).await });
    (sim, format!("http://127.0.0.1:{port}"))
}

async fn looks_while_meta_hangs(url: String) {
    let (sim, base) = simulated_meta().await;
    let settings = filling::settings(&filling::environment(&base, url));
    let (renova, other) = (open::renova(&settings).await.unwrap(), open::renova(&settings).await.unwrap());
    let id = filling::connect(&renova, &sim, &base, 1).await[0];
    let fault = json!({"on": "graph:/*", "fault": "timeout", "times": 999});
    let faults = meta::http_client().unwrap().post(format!("{base}/_sim/faults")).json(&fault);
    assert!(faults.send().await.unwrap().status().is_success());
    let dead = found_dead(&renova, id).await;

    let mut changes = renova.storage().wakes(Wake::Changes);
    let worker = tokio::spawn(worker::run_every(HOUR, other, Heartbeat::default(), Stop::default()));
    let mut is_told = async || {
        while renova.storage().notices_of(dead.organization_id, id, 1).await.unwrap().is_empty() {
            changes.woken().await;
        }
    };
    tokio::time::timeout(PATIENCE, is_told()).await.unwrap();
    let now = renova.storage().connection_anywhere(id).await.unwrap().unwrap();
    assert_eq!(now.version, dead.version, "the check is still waiting for Meta");
    worker.abort();
    assert!(worker.await.is_err_and(|error| error.is_cancelled()));
}

/// As if a check had proved it dead, and another one were due.
async fn found_dead(renova: &Arc<Renova>, id: ConnectionId) -> Connection {
    let storage = renova.storage();
    let connection = storage.connection_anywhere(id).await.unwrap().unwrap();
    let now = SystemClock.now();
    let mut facts = connection.facts.clone();
    (facts.proof, facts.dead_since) = (TokenProof::Revoked, Some(now));
    let outcome = CheckOutcome {
        connection_id: id,
        expected_version: connection.version,
        facts,
        channels: Vec::new(),
        at: now,
        next_check_at: now,
        failures: 0,
        held: None,
        trails: Vec::new(),
    };
    storage.record_check(connection.organization_id, &outcome).await.unwrap();
    storage.connection_anywhere(id).await.unwrap().unwrap()
}

async fn works_when_woken(url: String) {
    let (sim, base) = simulated_meta().await;
    let settings = filling::settings(&filling::environment(&base, url));
    let (renova, other) = (open::renova(&settings).await.unwrap(), open::renova(&settings).await.unwrap());
    let ids = filling::connect(&renova, &sim, &base, 2).await;

    let (stop, mut changes) = (Stop::default(), renova.storage().wakes(Wake::Changes));
    let worker = tokio::spawn(worker::run_every(HOUR, other, Heartbeat::default(), stop.clone()));
    // The first may be done by the round with which a worker begins, the others by none.
    for version in 2..=4 {
        renova.storage().make_due(&ids, SystemClock.now()).await.unwrap();
        let checked = all_have(&renova, &ids, version, &mut changes);
        tokio::time::timeout(PATIENCE, checked).await.unwrap();
    }
    stop.request();
    worker.await.unwrap();
}

/// Looks when it is woken, too.
async fn all_have(renova: &Arc<Renova>, ids: &[ConnectionId], version: i64, changes: &mut Wakes) {
    for id in ids {
        while renova.storage().connection_anywhere(*id).await.unwrap().unwrap().version < version {
            changes.woken().await;
        }
    }
}
