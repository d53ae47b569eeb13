//! A worker that looks by itself only once an hour does what another process makes due.

use std::{sync::Arc, time::Duration};

use lifecycle::{Clock as _, ids::ConnectionId};
use renewal::Renova;
use server::{
    clock::SystemClock,
    demo, open,
    stop::Stop,
    worker::{self, Heartbeat},
};
use store::{Wake, Wakes};
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

async fn works_when_woken(url: String) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let sim = demo::simulator(port, None).unwrap();
    let router = sim.router();
    tokio::spawn(async move { axum::serve(listener, router).await });
    let base = format!("http://127.0.0.1:{port}");
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
