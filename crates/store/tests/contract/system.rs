use std::sync::Arc;

use lifecycle::Timestamp;
use store::{AuditEntry, Delivery, StoreError, Trail};

use crate::{
    bench::Bench,
    fixture::{self, NOW, World},
};

pub async fn a_closed_database_is_unavailable(bench: &Bench) {
    bench.storage.ping().await.unwrap();
    bench.storage.close().await;
    assert!(matches!(bench.storage.ping().await, Err(StoreError::Unavailable(_))));
}

pub async fn the_key_check_is_kept_once(bench: &Bench) {
    let storage = &bench.storage;
    assert_eq!(storage.key_check().await.unwrap(), None);
    let first = store::SealedToken { token_version: 0, ..fixture::sealed("first") };
    storage.init_key_check(&first).await.unwrap();
    storage.init_key_check(&fixture::sealed("second")).await.unwrap();
    assert_eq!(storage.key_check().await.unwrap(), Some(first));
}

pub async fn forgetting_connections_keeps_people(bench: &Bench) {
    let storage = &bench.storage;
    let (one, two) = (World::new(storage).await, World::new(storage).await);
    let session = fixture::session(one.user);
    storage.insert_session(&session).await.unwrap();
    storage.init_key_check(&fixture::sealed("check")).await.unwrap();
    for world in [&one, &two] {
        let commit = world.stored_commit().await;
        let renewal = world.stored_renewal(Some(commit.connection.id)).await;
        world.stored_attempt(&renewal).await;
        world.stored_picture("1").await;
    }
    let forward = Some(fixture::forward(&["a"], NOW));
    let marks = vec![fixture::mark("a", NOW)];
    storage.record_deliveries(&[Delivery { marks, forward }]).await.unwrap();
    storage.insert_deletion(&fixture::deletion()).await.unwrap();
    let key = fixture::api_key(Some(one.organization));
    storage.insert_api_key(&key).await.unwrap();
    let before = one.change_seq().await;

    storage.forget_connections().await.unwrap();

    for world in [&one, &two] {
        let (_, connections, channels, renewals, audit) = world.picture().await;
        assert!(connections.is_empty() && channels.is_empty() && renewals.is_empty() && audit.is_empty());
        assert!(storage.user(world.organization, world.user).await.unwrap().is_some());
        assert!(storage.meta_app(world.app).await.unwrap().is_some());
    }
    for table in [
        "connections",
        "channels",
        "pictures",
        "renewals",
        "login_attempts",
        "events",
        "audit_log",
        "message_marks",
        "forwards",
        "forward_accounts",
        "data_deletions",
    ] {
        assert_eq!(bench.number(&format!("SELECT count(*) FROM {table}")).await, 0, "{table}");
    }
    assert!(one.change_seq().await > before);
    assert!(storage.session(&session.token_hash).await.unwrap().is_some());
    assert!(storage.key_check().await.unwrap().is_some());
    assert_eq!(storage.api_keys(Some(one.organization)).await.unwrap(), [key]);
}

pub async fn what_was_written_is_there_after_reopening(bench: &Bench) {
    let world = World::new(&bench.storage).await;
    let commit = world.stored_commit().await;
    bench.storage.close().await;
    let again = bench.another().await;
    again.check_schema().await.unwrap();
    assert_eq!(again.connection(world.organization, commit.connection.id).await.unwrap(), Some(commit.connection));
}

pub async fn two_processes_writing_at_once_lose_nothing(bench: &Bench) {
    let world = Arc::new(World::new(&bench.storage).await);
    let before = world.change_seq().await;
    let storages = [bench.another().await, bench.another().await];
    let tasks: Vec<_> = (0..60)
        .map(|number| {
            let (storage, world) = (Arc::clone(&storages[number % 2]), Arc::clone(&world));
            tokio::spawn(async move { storage.append_audit(&world.trail()).await })
        })
        .collect();
    for task in tasks {
        task.await.unwrap().unwrap();
    }
    assert_eq!(world.change_seq().await, before + 60);
    assert_eq!(bench.storage.audit_of(world.organization, 1_000).await.unwrap().len(), 60);
    assert_eq!(bench.number("SELECT count(*) FROM events").await, 60);
}

pub async fn what_cannot_be_read_is_called_corrupt(bench: &Bench) {
    let world = World::new(&bench.storage).await;
    world.stored_commit().await;
    bench.execute("UPDATE connections SET scopes = 'not a list'").await;
    bench.execute("UPDATE channels SET subscribed_fields = '[1]'").await;
    let connections = bench.storage.connections_of(world.organization).await;
    assert!(matches!(connections, Err(StoreError::Corrupt { table: "connections", column: "scopes" })));
    let channels = bench.storage.channels_of(world.organization).await;
    assert!(matches!(channels, Err(StoreError::Corrupt { table: "channels", column: "subscribed_fields" })));
}

pub async fn the_audit_log_is_read_newest_first(bench: &Bench) {
    let world = World::new(&bench.storage).await;
    let before = world.change_seq().await;
    let mut entries = Vec::new();
    for (minute, user_id) in [(2, None), (1, Some(world.user)), (3, None), (2, Some(world.user))] {
        let audit = AuditEntry { at: Timestamp(NOW.0 + minute), user_id, ..world.trail().audit };
        bench.storage.append_audit(&Trail { audit: audit.clone(), events: vec![] }).await.unwrap();
        entries.push(audit);
    }
    entries.sort_by_key(|entry| std::cmp::Reverse((entry.at, entry.id.as_uuid())));
    assert_eq!(bench.storage.audit_of(world.organization, 10).await.unwrap(), entries);
    assert_eq!(bench.storage.audit_of(world.organization, 2).await.unwrap(), entries[..2]);
    assert_eq!(world.change_seq().await, before + 4);
}
