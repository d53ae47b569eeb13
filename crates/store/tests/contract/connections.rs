use std::sync::Arc;

use lifecycle::{ChannelKind, RenewalState, Timestamp, health::TokenProof, ids::ConnectionId};
use store::{
    Channel, ChannelTokenFacts, CheckOutcome, Connection, ConnectionCommit, GrantFacts, LoginAttempt, StoreError,
};

use crate::{
    bench::Bench,
    fixture::{self, NOW, World},
};

fn next_version(connection: &Connection) -> Connection {
    Connection { version: connection.version + 1, ..connection.clone() }
}

pub async fn a_connection_is_read_back_whole(bench: &Bench) {
    let world = World::new(&bench.storage).await;
    let before = world.change_seq().await;
    let trail = world.trail();
    let first = world.commit();
    bench.storage.commit_connection(&first, &trail).await.unwrap();
    let second = world.stored_commit().await;

    let (seq, connections, channels, _, audit) = world.picture().await;
    assert_eq!(seq, before + 2);
    assert_eq!(connections, [first.connection.clone(), second.connection.clone()]);
    assert_eq!(channels, [first.channels.clone(), second.channels].concat());
    assert!(audit.contains(&trail.audit));
    let organization = world.organization;
    let id = first.connection.id;
    assert_eq!(bench.storage.connection(organization, id).await.unwrap(), Some(first.connection));
    assert_eq!(bench.storage.channels_of_connection(organization, id).await.unwrap(), first.channels);
    assert_eq!(bench.storage.connection(organization, fixture::connection_id()).await.unwrap(), None);
}

pub async fn optional_values_may_be_missing(bench: &Bench) {
    let world = World::new(&bench.storage).await;
    let connection = Connection {
        facts: GrantFacts {
            scopes: Vec::new(),
            issued_at: None,
            expires_at: None,
            data_access_expires_at: None,
            proof: TokenProof::Works,
            dead_since: None,
            checked_at: None,
            unreachable_since: None,
        },
        connected_by: None,
        ..world.connection()
    };
    let channel = Channel {
        username: None,
        picture_url: None,
        page_id: None,
        token: None,
        facts: ChannelTokenFacts {
            expires_at: None,
            data_access_expires_at: None,
            proof: TokenProof::Works,
            dead_since: None,
            checked_at: None,
        },
        subscribed_fields: Vec::new(),
        ..world.channel(&connection, ChannelKind::Instagram)
    };
    let commit = ConnectionCommit { connection, channels: vec![channel] };
    bench.storage.commit_connection(&commit, &world.trail()).await.unwrap();
    let (_, connections, channels, _, _) = world.picture().await;
    assert_eq!(ConnectionCommit { connection: connections[0].clone(), channels }, commit);
}

pub async fn every_word_of_a_proof_is_stored(bench: &Bench) {
    let world = World::new(&bench.storage).await;
    for proof in TokenProof::ALL {
        let mut commit = world.commit();
        commit.connection.facts.proof = proof;
        commit.channels[0].facts.proof = proof;
        bench.storage.commit_connection(&commit, &world.trail()).await.unwrap();
        let id = commit.connection.id;
        let stored = bench.storage.connection(world.organization, id).await.unwrap().unwrap();
        let channels = bench.storage.channels_of_connection(world.organization, id).await.unwrap();
        assert_eq!((stored.facts.proof, channels[0].facts.proof), (proof, proof));
    }
}

pub async fn a_commit_replaces_the_connection_and_its_channels(bench: &Bench) {
    let world = World::new(&bench.storage).await;
    let first = world.stored_commit().await;
    let untouched = world.stored_commit().await;

    let changed = Connection {
        grantee_name: "Outro nome".to_owned(),
        token: fixture::sealed("renewed"),
        token_generation: 2,
        renewed_at: NOW.plus(99),
        facts: GrantFacts { proof: TokenProof::Revoked, checked_at: None, ..first.connection.facts.clone() },
        connected_by: None,
        ..next_version(&first.connection)
    };
    let kept = Channel {
        name: "Novo nome".to_owned(),
        token: None,
        page_id: None,
        story_replies: true,
        subscribed_fields: Vec::new(),
        version: 2,
        ..first.channels[0].clone()
    };
    let new = world.channel(&changed, ChannelKind::Messenger);
    let commit = ConnectionCommit { connection: changed, channels: vec![kept, new] };
    bench.storage.commit_connection(&commit, &world.trail()).await.unwrap();

    let (_, connections, channels, _, _) = world.picture().await;
    assert_eq!(connections, [commit.connection.clone(), untouched.connection.clone()]);
    let mut expected = [commit.channels, untouched.channels].concat();
    expected.sort_by_key(|channel| channel.created_at);
    assert_eq!(channels, expected, "the channel that is not listed is gone");
}

pub async fn a_stale_commit_changes_nothing(bench: &Bench) {
    let world = World::new(&bench.storage).await;
    let first = world.stored_commit().await;
    let before = world.picture().await;
    for version in [first.connection.version, first.connection.version + 2] {
        let commit = ConnectionCommit {
            connection: Connection { version, grantee_name: "x".to_owned(), ..first.connection.clone() },
            channels: Vec::new(),
        };
        let refused = bench.storage.commit_connection(&commit, &world.trail()).await;
        assert!(matches!(refused, Err(StoreError::Stale)), "{refused:?}");
        assert_eq!(world.picture().await, before);
    }
}

pub async fn of_two_commits_of_one_version_one_wins(bench: &Bench) {
    let world = Arc::new(World::new(&bench.storage).await);
    let first = world.stored_commit().await;
    let tasks: Vec<_> = (0..8)
        .map(|number| {
            let world = Arc::clone(&world);
            let commit = ConnectionCommit {
                connection: Connection { grantee_name: format!("{number}"), ..next_version(&first.connection) },
                channels: first.channels.clone(),
            };
            tokio::spawn(async move { world.storage.commit_connection(&commit, &world.trail()).await })
        })
        .collect();
    let mut won = 0;
    for task in tasks {
        match task.await.unwrap() {
            Ok(()) => won += 1,
            Err(StoreError::Stale) => {}
            Err(error) => panic!("{error}"),
        }
    }
    assert_eq!(won, 1);
}

pub async fn a_deleted_connection_does_not_come_back(bench: &Bench) {
    let world = World::new(&bench.storage).await;
    let first = world.stored_commit().await;
    assert!(bench.storage.delete_connection(world.organization, first.connection.id, &world.trail()).await.unwrap());
    let prepared = ConnectionCommit { connection: next_version(&first.connection), channels: first.channels };
    let refused = bench.storage.commit_connection(&prepared, &world.trail()).await;
    assert!(matches!(refused, Err(StoreError::Stale)), "{refused:?}");
    assert!(bench.storage.connections_of(world.organization).await.unwrap().is_empty());
}

pub async fn the_same_grant_twice_is_a_conflict(bench: &Bench) {
    let (world, other) = (World::new(&bench.storage).await, World::new(&bench.storage).await);
    let first = world.stored_commit().await;
    let mut again = world.commit();
    again.connection.grantee_id = first.connection.grantee_id.clone();
    let refused = bench.storage.commit_connection(&again, &world.trail()).await;
    assert!(matches!(refused, Err(StoreError::Conflict { what: "connection" })), "{refused:?}");

    let mut elsewhere = other.commit();
    elsewhere.connection.meta_app_id = world.app;
    elsewhere.connection.grantee_id = first.connection.grantee_id;
    bench.storage.commit_connection(&elsewhere, &other.trail()).await.unwrap();
}

pub async fn a_failed_commit_changes_nothing(bench: &Bench) {
    let world = World::new(&bench.storage).await;
    let first = world.stored_commit().await;
    let other = world.stored_commit().await;
    let before = world.picture().await;
    let connection = next_version(&first.connection);

    let new = world.channel(&connection, ChannelKind::Messenger);
    let twice = vec![new.clone(), Channel { id: fixture::channel_id(), ..new }];
    let not_ours = vec![Channel { connection_id: connection.id, ..other.channels[0].clone() }];
    for channels in [twice, not_ours] {
        let commit = ConnectionCommit { connection: connection.clone(), channels };
        let refused = bench.storage.commit_connection(&commit, &world.trail()).await;
        assert!(matches!(refused, Err(StoreError::Conflict { what: "channel" })), "{refused:?}");
        assert_eq!(world.picture().await, before);
    }

    let mut used = world.trail();
    used.audit.id = before.4[0].id;
    let commit = ConnectionCommit { connection, channels: Vec::new() };
    let refused = bench.storage.commit_connection(&commit, &used).await;
    assert!(matches!(refused, Err(StoreError::Conflict { what: "id" })), "{refused:?}");
    assert_eq!(world.picture().await, before);
}

pub async fn an_account_may_return_under_a_new_id(bench: &Bench) {
    let world = World::new(&bench.storage).await;
    let first = world.stored_commit().await;
    let returned = Channel { id: fixture::channel_id(), ..first.channels[0].clone() };
    let commit = ConnectionCommit { connection: next_version(&first.connection), channels: vec![returned] };
    bench.storage.commit_connection(&commit, &world.trail()).await.unwrap();
    assert_eq!(bench.storage.channels_of(world.organization).await.unwrap(), commit.channels);
}

pub async fn a_page_used_by_another_connection_is_known(bench: &Bench) {
    let storage = &bench.storage;
    let (world, other) = (World::new(storage).await, World::new(storage).await);
    let ours = world.stored_commit().await;
    let page = ours.channels[0].page_id.clone().unwrap();
    let used = async |app, except| storage.page_is_used_elsewhere(app, &page, except).await.unwrap();

    assert!(!used(world.app, ours.connection.id).await, "by itself only");
    assert!(used(world.app, fixture::connection_id()).await);

    let mut theirs = other.commit();
    theirs.channels[0].page_id = Some(page.clone());
    storage.commit_connection(&theirs, &other.trail()).await.unwrap();
    assert!(!used(world.app, ours.connection.id).await, "by another app");
    theirs.connection = Connection { meta_app_id: world.app, ..next_version(&theirs.connection) };
    storage.commit_connection(&theirs, &other.trail()).await.unwrap();
    assert!(used(world.app, ours.connection.id).await, "by another organization");
}

async fn due(bench: &Bench, now: Timestamp, limit: i64) -> Vec<ConnectionId> {
    let due = bench.storage.due_for_check(now, limit).await.unwrap();
    due.iter().map(|connection| connection.id).collect()
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

fn outcome(commit: &ConnectionCommit) -> CheckOutcome {
    CheckOutcome {
        connection_id: commit.connection.id,
        expected_version: commit.connection.version,
        facts: GrantFacts {
            scopes: vec!["new_scope".to_owned()],
            issued_at: Some(NOW.plus(101)),
            expires_at: Some(NOW.plus(102)),
            data_access_expires_at: Some(NOW.plus(103)),
            proof: TokenProof::Expired,
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
                dead_since: Some(NOW.plus(112)),
                checked_at: Some(NOW.plus(113)),
            },
            vec!["messages".to_owned()],
        )],
        next_check_at: NOW.plus(120),
        failures: 3,
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

pub async fn story_options_are_set(bench: &Bench) {
    let world = World::new(&bench.storage).await;
    let commit = world.stored_commit().await;
    let before = world.change_seq().await;
    let trail = world.trail();
    let id = commit.channels[1].id;
    bench.storage.set_story_options(world.organization, id, false, true, &trail).await.unwrap();

    let (seq, _, channels, _, audit) = world.picture().await;
    assert_eq!(seq, before + 1);
    assert_eq!(channels[0], commit.channels[0]);
    let expected = Channel { story_mentions: false, story_replies: true, version: 2, ..commit.channels[1].clone() };
    assert_eq!(channels[1], expected);
    assert!(audit.contains(&trail.audit));

    let before = world.picture().await;
    let unknown = fixture::channel_id();
    let refused = bench.storage.set_story_options(world.organization, unknown, true, true, &world.trail()).await;
    assert!(matches!(refused, Err(StoreError::Stale)), "{refused:?}");
    assert_eq!(world.picture().await, before);
}

pub async fn a_prepared_commit_does_not_undo_story_options(bench: &Bench) {
    let world = World::new(&bench.storage).await;
    let commit = world.stored_commit().await;
    let prepared = ConnectionCommit { connection: next_version(&commit.connection), channels: commit.channels.clone() };
    let id = commit.channels[1].id;
    bench.storage.set_story_options(world.organization, id, false, false, &world.trail()).await.unwrap();
    let refused = bench.storage.commit_connection(&prepared, &world.trail()).await;
    assert!(matches!(refused, Err(StoreError::Stale)), "{refused:?}");
}

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
