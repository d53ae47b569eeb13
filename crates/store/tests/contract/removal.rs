use lifecycle::{RenewalState, ids::RenewalId};
use store::{AuditEntry, Connection, Event, LoginAttempt, Renewal, Trail};

use crate::{
    bench::Bench,
    fixture::{self, World},
};

pub async fn deleting_a_connection_takes_what_hangs_on_it(bench: &Bench) {
    let storage = &bench.storage;
    let world = World::new(storage).await;
    let commit = world.stored_commit().await;
    let other = world.stored_commit().await;
    let finished = fixture::later(&world.stored_renewal(Some(commit.connection.id)).await, RenewalState::Finished);
    assert!(storage.update_renewal(&finished, &[], None).await.unwrap());
    let open = world.stored_renewal(Some(commit.connection.id)).await;
    let parked = LoginAttempt { code: Some(fixture::sealed("code")), ..world.attempt(&open) };
    storage.insert_login_attempt(&parked).await.unwrap();
    let elsewhere = world.stored_renewal(Some(other.connection.id)).await;
    let before = world.change_seq().await;

    let trail = world.trail();
    assert!(storage.delete_connection(world.organization, commit.connection.id, &trail).await.unwrap());

    let (seq, connections, channels, renewals, audit) = world.picture().await;
    assert_eq!(seq, before + 1);
    assert_eq!(connections, [other.connection]);
    assert_eq!(channels, other.channels);
    assert_eq!(renewals, [elsewhere]);
    assert!(audit.contains(&trail.audit));
    let abandoned = storage.renewal(world.organization, open.id).await.unwrap().unwrap();
    assert_eq!((abandoned.state, abandoned.staged), (RenewalState::Abandoned, None));
    assert_eq!((abandoned.version, abandoned.updated_at), (open.version + 1, trail.audit.at));
    assert_eq!(storage.parked_attempt(world.organization, open.id).await.unwrap(), None);
    let past = storage.renewal(world.organization, finished.id).await.unwrap().unwrap();
    assert_eq!((past.state, past.version), (RenewalState::Finished, finished.version));

    let before = world.picture().await;
    assert!(!storage.delete_connection(world.organization, commit.connection.id, &world.trail()).await.unwrap());
    assert_eq!(world.picture().await, before);
}

const NAME: &str = "Maria Aparecida";

/// An audit entry and an event that name somebody.
fn told_of(world: &World, subject: &str, id: &str) -> Trail {
    let detail = format!("{{\"connection\":\"{id}\",\"name\":\"{NAME}\"}}");
    let trail = world.trail();
    Trail {
        audit: AuditEntry { subject: subject.to_owned(), detail: detail.clone(), ..trail.audit },
        events: trail.events.into_iter().map(|event| Event { data: detail.clone(), ..event }).collect(),
    }
}

async fn names_left(bench: &Bench) -> i64 {
    let mut left = 0;
    for (table, columns) in [
        ("connections", "grantee_name"),
        ("channels", "name"),
        ("renewals", "COALESCE(staged_facts, '') || COALESCE(selection, '') || COALESCE(proof, '')"),
        ("audit_log", "detail"),
        ("events", "data"),
    ] {
        left += bench.number(&format!("SELECT count(*) FROM {table} WHERE {columns} LIKE '%{NAME}%'")).await;
    }
    left
}

async fn stored_with_name(world: &World) -> store::ConnectionCommit {
    let mut commit = world.commit();
    commit.connection = Connection { grantee_name: NAME.to_owned(), ..commit.connection };
    commit.channels[1].name = NAME.to_owned();
    let id = commit.connection.id.to_string();
    world.storage.commit_connection(&commit, &told_of(world, &id, &id)).await.unwrap();
    commit
}

fn with_name(renewal: Renewal) -> Renewal {
    Renewal {
        staged_facts: Some(format!("{{\"name\":\"{NAME}\"}}")),
        selection: Some(format!("[\"{NAME}\"]")),
        proof: Some(format!("[[\"{NAME}\"]]")),
        ..renewal
    }
}

async fn facts_of(world: &World, id: RenewalId) -> [Option<String>; 3] {
    let renewal = world.storage.renewal(world.organization, id).await.unwrap().unwrap();
    [renewal.staged_facts, renewal.selection, renewal.proof]
}

pub async fn erasing_a_connection_leaves_no_name(bench: &Bench) {
    let storage = &bench.storage;
    let world = World::new(storage).await;
    let commit = stored_with_name(&world).await;
    let id = commit.connection.id;
    let finished = with_name(world.renewal(Some(id)));
    storage.insert_renewal(&finished, &[], &world.trail()).await.unwrap();
    let finished = fixture::later(&finished, RenewalState::Finished);
    assert!(storage.update_renewal(&finished, &[], None).await.unwrap());
    let open = with_name(world.renewal(Some(id)));
    storage.insert_renewal(&open, &[], &world.trail()).await.unwrap();
    world.stored_parked(world.attempt(&open)).await;
    // Of the connection's things, also where the connection itself is not named.
    for subject in [commit.channels[0].id.to_string(), finished.id.to_string()] {
        storage.append_audit(&told_of(&world, &subject, &subject)).await.unwrap();
    }
    storage.append_audit(&told_of(&world, "something else", &id.to_string())).await.unwrap();
    assert!(names_left(bench).await >= 12);
    let before = world.change_seq().await;

    let trail = world.trail();
    assert!(storage.erase_connection(world.organization, id, &trail).await.unwrap());

    assert_eq!(names_left(bench).await, 0);
    let (seq, connections, channels, renewals, audit) = world.picture().await;
    assert_eq!(seq, before + 1);
    assert!(connections.is_empty() && channels.is_empty() && renewals.is_empty());
    assert!(audit.contains(&trail.audit), "that it was erased stays known");
    let erased = audit.iter().filter(|entry| entry.detail == "{\"erased\":true}");
    assert_eq!(erased.count(), 4, "that something was done stays known");
    assert_eq!(bench.number("SELECT count(*) FROM events WHERE data = '{\"erased\":true}'").await, 4);
    for renewal in [&finished, &open] {
        assert_eq!(facts_of(&world, renewal.id).await, [None, None, None]);
    }
    let ended = storage.renewal(world.organization, open.id).await.unwrap().unwrap();
    assert_eq!((ended.state, ended.staged, ended.connection_id), (RenewalState::Abandoned, None, None));
    assert_eq!(storage.parked_attempt(world.organization, open.id).await.unwrap(), None);
}

pub async fn erasing_a_connection_touches_nothing_else(bench: &Bench) {
    let storage = &bench.storage;
    let (world, other) = (World::new(storage).await, World::new(storage).await);
    let commit = world.stored_commit().await;
    let id = commit.connection.id;
    let kept = stored_with_name(&world).await;
    let renewal = with_name(world.renewal(Some(kept.connection.id)));
    storage.insert_renewal(&renewal, &[], &world.trail()).await.unwrap();
    stored_with_name(&other).await;
    storage.append_audit(&told_of(&other, &id.to_string(), &id.to_string())).await.unwrap();
    let names = names_left(bench).await;
    let elsewhere = other.picture().await;

    assert!(storage.erase_connection(world.organization, id, &world.trail()).await.unwrap());

    assert_eq!(names_left(bench).await, names);
    assert_eq!(other.picture().await, elsewhere);
    let (_, connections, channels, renewals, _) = world.picture().await;
    assert_eq!((connections, channels, renewals), (vec![kept.connection], kept.channels, vec![renewal]));

    let before = world.picture().await;
    assert!(!storage.erase_connection(world.organization, id, &world.trail()).await.unwrap());
    assert_eq!(world.picture().await, before);
}
