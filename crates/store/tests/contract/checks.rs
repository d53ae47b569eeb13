use lifecycle::{Timestamp, health::TokenProof, ids::ConnectionId};
use store::{Channel, ChannelTokenFacts, CheckOutcome, Connection, ConnectionCommit, GrantFacts, StoreError};

use crate::{
    bench::Bench,
    fixture::{self, NOW, World, next_version},
};

async fn due(bench: &Bench, now: Timestamp, limit: i64) -> Vec<ConnectionId> {
    // Each time a minute later: what was held before is free again.
    let claimed = bench.storage.claim_checks(now, fixture::next_minute(), "worker", limit).await.unwrap();
    claimed.iter().map(|claimed| claimed.connection.id).collect()
}

async fn stored_until(world: &World, check_at: i64) -> ConnectionId {
    let mut commit = world.commit();
    commit.connection.check_at = NOW.plus(check_at);
    world.storage.commit_connection(&commit, &world.trail()).await.unwrap();
    commit.connection.id
}

pub async fn due_checks_come_by_turns_of_the_organizations(bench: &Bench) {
    let storage = &bench.storage;
    let (large, small, idle) = (World::new(storage).await, World::new(storage).await, World::new(storage).await);
    let mut ids = Vec::new();
    for check_at in [3, 1, 2, 9] {
        ids.push(stored_until(&large, check_at).await);
    }
    for check_at in [5, 4, 10] {
        ids.push(stored_until(&small, check_at).await);
    }
    stored_until(&idle, 10).await;

    assert_eq!(due(bench, NOW.plus(9), 10).await, [ids[1], ids[5], ids[2], ids[4], ids[0], ids[3]]);
    assert_eq!(due(bench, NOW.plus(9), 3).await, [ids[1], ids[5], ids[2]]);
    assert_eq!(due(bench, NOW.plus(4), 10).await, [ids[1], ids[5], ids[2], ids[0]]);
    assert_eq!(due(bench, NOW, 10).await, []);
}

pub async fn what_is_made_due_is_due_without_a_new_version(bench: &Bench) {
    let world = World::new(&bench.storage).await;
    let ids = [stored_until(&world, 50).await, stored_until(&world, 3).await, stored_until(&world, 60).await];
    let before = world.picture().await;

    bench.storage.make_due(&[ids[1], ids[0], fixture::connection_id(), ids[0]], NOW.plus(7)).await.unwrap();

    let (seq, connections, ..) = world.picture().await;
    assert_eq!(seq, before.0);
    let expected =
        [Connection { check_at: NOW.plus(7), ..before.1[0].clone() }, before.1[1].clone(), before.1[2].clone()];
    assert_eq!(connections, expected);
    assert_eq!(due(bench, NOW.plus(7), 10).await, [ids[1], ids[0]]);
    // A commit that was prepared before is as good as before.
    let commit = ConnectionCommit { connection: next_version(&before.1[0]), channels: Vec::new() };
    bench.storage.commit_connection(&commit, &world.trail()).await.unwrap();
}

pub fn outcome(commit: &ConnectionCommit) -> CheckOutcome {
    CheckOutcome {
        connection_id: commit.connection.id,
        expected_version: commit.connection.version,
        facts: GrantFacts {
            scopes: vec!["new_scope".to_owned()],
            issued_at: Some(NOW.plus(101)),
            expires_at: Some(NOW.plus(102)),
            data_access_expires_at: Some(NOW.plus(103)),
            proof: TokenProof::Expired,
            problem: Some("password_changed".to_owned()),
            dead_since: Some(NOW.plus(104)),
            checked_at: Some(NOW.plus(105)),
            unreachable_since: None,
        },
        channels: vec![(
            commit.channels[1].id,
            ChannelTokenFacts {
                expires_at: Some(NOW.plus(111)),
                data_access_expires_at: None,
                proof: TokenProof::RoleLost,
                problem: Some("password_changed".to_owned()),
                dead_since: Some(NOW.plus(112)),
                checked_at: Some(NOW.plus(113)),
            },
            vec!["messages".to_owned()],
        )],
        at: NOW.plus(110),
        next_check_at: NOW.plus(120),
        failures: 3,
        held: None,
        trails: Vec::new(),
    }
}

pub async fn a_check_changes_facts_only(bench: &Bench) {
    let world = World::new(&bench.storage).await;
    let commit = world.stored_commit().await;
    let before = world.change_seq().await;
    let trails = vec![world.trail(), world.trail()];
    let found = CheckOutcome { trails, ..outcome(&commit) };
    bench.storage.record_check(world.organization, &found).await.unwrap();

    let (seq, connections, channels, _, audit) = world.picture().await;
    assert_eq!(seq, before + 1);
    let connection = Connection {
        facts: found.facts,
        check_at: found.next_check_at,
        check_failures: 3,
        ..next_version(&commit.connection)
    };
    assert_eq!(connections, [connection]);
    assert!(found.trails.iter().all(|trail| audit.contains(&trail.audit)));
    assert_eq!(bench.number("SELECT count(*) FROM events").await, 3);
    let (_, facts, subscribed_fields) = found.channels[0].clone();
    let checked = Channel { facts, subscribed_fields, version: 2, ..commit.channels[1].clone() };
    assert!(checked.last_message_at.is_some(), "a check tells nothing of messages");
    assert_eq!(channels, [commit.channels[0].clone(), checked]);
}

pub async fn a_stale_check_changes_nothing(bench: &Bench) {
    let world = World::new(&bench.storage).await;
    let commit = world.stored_commit().await;
    let before = world.picture().await;
    let good = CheckOutcome { trails: vec![world.trail()], ..outcome(&commit) };
    let mut gone = good.clone();
    gone.channels[0].0 = fixture::channel_id();
    for stale in [
        CheckOutcome { expected_version: 7, ..good.clone() },
        CheckOutcome { connection_id: fixture::connection_id(), ..good },
        gone,
    ] {
        let refused = bench.storage.record_check(world.organization, &stale).await;
        assert!(matches!(refused, Err(StoreError::Stale)), "{refused:?}");
        assert_eq!(world.picture().await, before);
    }
}

pub async fn what_cannot_be_checked_is_told_by_its_reason(bench: &Bench) {
    let (storage, world) = (&bench.storage, World::new(&bench.storage).await);
    let stored = async |unreachable_since: Option<i64>, failures: i64| {
        let mut commit = world.commit();
        commit.connection.facts.unreachable_since = unreachable_since.map(|since| NOW.plus(since));
        commit.connection.check_failures = failures;
        storage.commit_connection(&commit, &world.trail()).await.unwrap();
        commit.connection.id
    };
    stored(None, 0).await;
    assert_eq!(storage.unreachable(NOW).await.unwrap(), (0, None));
    assert_eq!(storage.cannot_be_checked().await.unwrap(), None);
    for (since, failures) in [(Some(-7), 3), (Some(-5), 1), (Some(1), 1), (None, 1)] {
        stored(since, failures).await;
    }
    assert_eq!(storage.unreachable(NOW).await.unwrap(), (2, Some(NOW.plus(-7))));
    assert_eq!(storage.cannot_be_checked().await.unwrap(), None, "one failure alone is none");
    let mut ids = [stored(None, 2).await, stored(None, 9).await];
    ids.sort();
    assert_eq!(storage.cannot_be_checked().await.unwrap(), Some((2, ids[0])));
}
