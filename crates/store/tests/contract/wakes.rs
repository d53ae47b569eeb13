use std::{sync::Arc, time::Duration};

use store::{ConnectionCommit, JobKind, Storage, Wake, Wakes};

use crate::{
    bench::Bench,
    fixture::{self, NOW, World, next_version},
};

/// Nothing here takes as long: it ends a test that would wait for ever.
const PATIENCE: Duration = Duration::from_secs(60);

async fn woken(wakes: &mut Wakes) {
    tokio::time::timeout(PATIENCE, wakes.woken()).await.unwrap();
}

/// Whether it was woken until now.
async fn was_woken(wakes: &mut Wakes) -> bool {
    tokio::select! {
        biased;
        () = wakes.woken() => true,
        () = std::future::ready(()) => false,
    }
}

/// Another process, and its wake-ups: it listens by now.
async fn listening<const N: usize>(bench: &Bench, of: [Wake; N]) -> (Arc<dyn Storage>, [Wakes; N]) {
    let other = bench.another().await;
    let mut wakes = of.map(|wake| other.wakes(wake));
    for one in &mut wakes {
        woken(one).await;
    }
    (other, wakes)
}

pub async fn what_becomes_due_wakes_other_processes(bench: &Bench) {
    if bench.is_sqlite() {
        return;
    }
    let (storage, world) = (&bench.storage, World::new(&bench.storage).await);
    let endpoint = crate::webhooks::stored_endpoint(storage).await;
    let all = [Wake::Rounds, Wake::Mail, Wake::Forwards, Wake::Webhooks, Wake::Changes];
    let (_other, [mut rounds, mut mail, mut forwards, mut webhooks, mut changes]) = listening(bench, all).await;

    storage.schedule(JobKind::Mail, "ana", NOW).await.unwrap();
    woken(&mut mail).await;
    assert!(!was_woken(&mut rounds).await, "mail is for others");
    // Not sooner than it was: nobody has more to do.
    storage.schedule(JobKind::Mail, "ana", NOW.plus(1)).await.unwrap();
    storage.schedule(JobKind::Housekeeping, "", NOW).await.unwrap();
    woken(&mut rounds).await;
    assert!(!was_woken(&mut mail).await);

    let commit = world.stored_commit().await;
    for wakes in [&mut rounds, &mut changes, &mut webhooks] {
        woken(wakes).await;
    }
    storage.make_due(&[commit.connection.id], NOW).await.unwrap();
    woken(&mut rounds).await;

    let mut delivery = fixture::delivery(Vec::new());
    delivery.forward = Some(fixture::forward(&["page-1"], NOW));
    storage.record_deliveries(&[delivery]).await.unwrap();
    woken(&mut forwards).await;

    let event = world.trail().events.remove(0);
    storage.insert_event_for(endpoint.id, &event).await.unwrap();
    woken(&mut webhooks).await;
    assert!(storage.resend_delivery(endpoint.id, event.id, NOW).await.unwrap());
    woken(&mut webhooks).await;
}

pub async fn what_is_taken_back_wakes_nobody(bench: &Bench) {
    if bench.is_sqlite() {
        return;
    }
    let world = World::new(&bench.storage).await;
    let stored = world.stored_commit().await.connection;
    let (_other, [mut changes, mut mail]) = listening(bench, [Wake::Changes, Wake::Mail]).await;
    let stale = next_version(&next_version(&stored));
    let stale = ConnectionCommit { connection: stale, channels: Vec::new() };
    bench.storage.commit_connection(&stale, &world.trail()).await.unwrap_err();
    bench.storage.schedule(JobKind::Mail, "ana", NOW).await.unwrap();
    // They come in the order of their transactions.
    woken(&mut mail).await;
    assert!(!was_woken(&mut changes).await);
}

pub async fn a_lost_listener_comes_back(bench: &Bench) {
    if bench.is_sqlite() {
        return;
    }
    let (_other, [mut mail]) = listening(bench, [Wake::Mail]).await;
    bench
        .execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
             WHERE datname = current_database() AND query LIKE 'LISTEN %'",
        )
        .await;
    // Once it listens again, whoever has missed something is woken.
    woken(&mut mail).await;
    bench.storage.schedule(JobKind::Mail, "ana", NOW).await.unwrap();
    woken(&mut mail).await;
}

#[tokio::test]
async fn sqlite_wakes_nobody() {
    let bench = Bench::on_sqlite().await;
    bench.storage.migrate().await.unwrap();
    let mut mail = bench.storage.wakes(Wake::Mail);
    bench.storage.schedule(JobKind::Mail, "ana", NOW).await.unwrap();
    assert!(!was_woken(&mut mail).await);
}
