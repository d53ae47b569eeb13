use std::sync::Arc;

use lifecycle::{ChannelKind, GranteeKind, health::TokenProof};
use store::{Channel, ChannelTokenFacts, Connection, ConnectionCommit, GrantFacts, StoreError};

use crate::{
    bench::Bench,
    fixture::{self, NOW, World, next_version},
};

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
            problem: Some("role_lost".to_owned()),
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
            problem: None,
            dead_since: None,
            checked_at: None,
        },
        subscribed_fields: Vec::new(),
        last_message_at: None,
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
        grantee_kind: GranteeKind::Person,
        renewed_at: NOW.plus(99),
        check_at: NOW.plus(98),
        check_failures: 0,
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

pub async fn a_commit_leaves_the_last_message_of_a_channel_alone(bench: &Bench) {
    let world = World::new(&bench.storage).await;
    let first = world.stored_commit().await;
    let mut channels = first.channels.clone();
    channels[0].last_message_at = None;
    channels[1].last_message_at = Some(NOW.plus(77));
    let commit = ConnectionCommit { connection: next_version(&first.connection), channels };
    bench.storage.commit_connection(&commit, &world.trail()).await.unwrap();
    assert_eq!(bench.storage.channels_of(world.organization).await.unwrap(), first.channels);
}

pub async fn a_connection_is_found_anywhere(bench: &Bench) {
    let (world, other) = (World::new(&bench.storage).await, World::new(&bench.storage).await);
    for connection in [world.stored_commit().await.connection, other.stored_commit().await.connection] {
        assert_eq!(bench.storage.connection_anywhere(connection.id).await.unwrap(), Some(connection));
    }
    assert_eq!(bench.storage.connection_anywhere(fixture::connection_id()).await.unwrap(), None);
}

pub async fn connections_that_share_a_grant_are_found(bench: &Bench) {
    let storage = &bench.storage;
    let (world, other) = (World::new(storage).await, World::new(storage).await);
    let first = world.stored_commit().await.connection;
    world.stored_commit().await;
    let grantee = first.grantee_id.as_str();
    let mut elsewhere = other.commit();
    elsewhere.connection.grantee_id = grantee.to_owned();
    storage.commit_connection(&elsewhere, &other.trail()).await.unwrap();
    assert_eq!(
        storage.connections_of_grantee(world.app, grantee).await.unwrap(),
        std::slice::from_ref(&first),
        "by another app"
    );

    let mut second = other.commit();
    second.connection = Connection {
        meta_app_id: world.app,
        grantee_id: grantee.to_owned(),
        created_at: first.created_at.plus(-1),
        ..second.connection
    };
    storage.commit_connection(&second, &other.trail()).await.unwrap();
    let found = storage.connections_of_grantee(world.app, grantee).await.unwrap();
    assert_eq!(found, [second.connection, first]);
    assert!(storage.connections_of_grantee(world.app, "nobody").await.unwrap().is_empty());
}

pub async fn connections_that_hold_an_account_are_found(bench: &Bench) {
    let storage = &bench.storage;
    let (world, other) = (World::new(storage).await, World::new(storage).await);
    let first = world.stored_commit().await;
    world.stored_commit().await;
    let account = first.channels[0].account_id.as_str();
    let holding = |kind| {
        let mut commit = other.commit();
        commit.connection.meta_app_id = world.app;
        commit.channels[0] = Channel { kind, account_id: account.to_owned(), ..commit.channels[0].clone() };
        commit
    };
    // The same number as an Instagram account is another account.
    let instagram = holding(ChannelKind::Instagram);
    let mut by_another_app = holding(ChannelKind::Messenger);
    by_another_app.connection.meta_app_id = other.app;
    let mut second = holding(ChannelKind::Messenger);
    second.connection.created_at = first.connection.created_at.plus(-1);
    for commit in [&instagram, &by_another_app, &second] {
        storage.commit_connection(commit, &other.trail()).await.unwrap();
    }
    let found = async |kind, account| storage.connections_of_account(world.app, kind, account).await.unwrap();
    assert_eq!(found(ChannelKind::Messenger, account).await, [second.connection, first.connection]);
    assert_eq!(found(ChannelKind::Instagram, account).await, [instagram.connection]);
    assert!(found(ChannelKind::Messenger, "nobody").await.is_empty());
}
