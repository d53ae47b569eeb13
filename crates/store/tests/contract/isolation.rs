//! Two organizations, and the ids of one in the hands of the other.

use lifecycle::RenewalState;
use store::{Channel, CheckOutcome, ConnectionCommit, LoginAttempt, Renewal, StoreError};

use crate::{
    bench::Bench,
    fixture::{self, NOW, World, later},
};

pub async fn reading_with_a_foreign_organization_finds_nothing(bench: &Bench) {
    let storage = &bench.storage;
    let (owner, stranger) = (World::new(storage).await, World::new(storage).await);
    let commit = owner.stored_commit().await;
    let renewal = owner.stored_renewal(Some(commit.connection.id)).await;
    let parked = LoginAttempt { code: Some(fixture::sealed("code")), ..owner.attempt(&renewal) };
    storage.insert_login_attempt(&parked).await.unwrap();

    let foreign = stranger.organization;
    assert_eq!(storage.user(foreign, owner.user).await.unwrap(), None);
    assert!(storage.users_of(foreign).await.unwrap().iter().all(|user| user.id == stranger.user));
    assert!(storage.connections_of(foreign).await.unwrap().is_empty());
    assert_eq!(storage.connection(foreign, commit.connection.id).await.unwrap(), None);
    assert!(storage.channels_of(foreign).await.unwrap().is_empty());
    assert!(storage.channels_of_connection(foreign, commit.connection.id).await.unwrap().is_empty());
    assert_eq!(storage.renewal(foreign, renewal.id).await.unwrap(), None);
    assert!(storage.open_renewals(foreign).await.unwrap().is_empty());
    assert_eq!(storage.open_renewal_of_connection(foreign, commit.connection.id).await.unwrap(), None);
    assert_eq!(storage.parked_attempt(foreign, renewal.id).await.unwrap(), None);
    assert!(storage.audit_of(foreign, 10).await.unwrap().is_empty());
}

pub async fn writing_with_a_foreign_organization_changes_nothing(bench: &Bench) {
    let storage = &bench.storage;
    let (owner, stranger) = (World::new(storage).await, World::new(storage).await);
    let commit = owner.stored_commit().await;
    let renewal = owner.stored_renewal(Some(commit.connection.id)).await;
    let parked = LoginAttempt { code: Some(fixture::sealed("code")), ..owner.attempt(&renewal) };
    storage.insert_login_attempt(&parked).await.unwrap();
    let unused = owner.stored_attempt(&renewal).await;
    let (ours, theirs) = (owner.picture().await, stranger.picture().await);
    let foreign = stranger.organization;

    let check = CheckOutcome {
        connection_id: commit.connection.id,
        expected_version: commit.connection.version,
        facts: commit.connection.facts.clone(),
        channels: Vec::new(),
        at: NOW,
        next_check_at: NOW,
        failures: 0,
        held: None,
        trails: Vec::new(),
    };
    assert!(matches!(storage.record_check(foreign, &check).await, Err(StoreError::Stale)));
    let refused = storage.set_story_options(foreign, commit.channels[0].id, false, false, &stranger.trail()).await;
    assert!(matches!(refused, Err(StoreError::Stale)), "{refused:?}");
    assert!(!storage.delete_connection(foreign, commit.connection.id, &stranger.trail()).await.unwrap());
    assert!(!storage.erase_connection(foreign, commit.connection.id, &stranger.trail()).await.unwrap());

    let mut taken = commit.clone();
    taken.connection.organization_id = foreign;
    taken.connection.version += 1;
    taken.connection.connected_by = Some(stranger.user);
    taken.channels.clear();
    assert!(storage.commit_connection(&taken, &stranger.trail()).await.is_err());
    taken.connection.version = 1;
    assert!(storage.commit_connection(&taken, &stranger.trail()).await.is_err());

    let next = Renewal {
        organization_id: foreign,
        user_id: stranger.user,
        connection_id: None,
        ..later(&renewal, RenewalState::Abandoned)
    };
    assert!(!storage.update_renewal(&next, &[], None).await.unwrap());
    assert!(!storage.finish_renewal(&next, &stranger.commit(), &stranger.trail()).await.unwrap());
    let attempt = LoginAttempt { organization_id: foreign, ..unused.clone() };
    assert!(!storage.use_login_attempt(&attempt, None, NOW, &next).await.unwrap());
    storage.forget_code(&LoginAttempt { organization_id: foreign, ..parked.clone() }).await.unwrap();

    assert_eq!(owner.picture().await, ours);
    assert_eq!(stranger.picture().await, theirs);
    assert_eq!(storage.parked_attempt(owner.organization, renewal.id).await.unwrap(), Some(parked));

    // A stranger's own renewal neither uses the owner's attempt nor supersedes the owner's renewal.
    let own = stranger.renewal(None);
    storage.insert_renewal(&own, &[renewal.id], &stranger.trail()).await.unwrap();
    let own = later(&own, RenewalState::AwaitingLogin);
    assert!(storage.update_renewal(&own, &[renewal.id], None).await.unwrap());
    let next = later(&own, RenewalState::LoggedIn);
    assert!(!storage.use_login_attempt(&attempt, None, NOW, &next).await.unwrap());
    assert_eq!(storage.login_attempt_by_state(&unused.state_hash).await.unwrap(), Some(unused));
    assert_eq!(owner.picture().await, ours);
}

pub async fn the_schema_refuses_rows_across_organizations(bench: &Bench) {
    let storage = &bench.storage;
    let (owner, stranger) = (World::new(storage).await, World::new(storage).await);
    let commit = owner.stored_commit().await;
    let renewal = owner.stored_renewal(None).await;
    let (ours, theirs) = (owner.picture().await, stranger.picture().await);

    let across = Renewal { connection_id: Some(commit.connection.id), ..stranger.renewal(None) };
    let refused = storage.insert_renewal(&across, &[], &stranger.trail()).await;
    assert!(matches!(refused, Err(StoreError::Stale)), "{refused:?}");
    let across = Renewal { user_id: owner.user, ..stranger.renewal(None) };
    let refused = storage.insert_renewal(&across, &[], &stranger.trail()).await;
    assert!(matches!(refused, Err(StoreError::Stale)), "{refused:?}");
    let across = LoginAttempt { organization_id: stranger.organization, ..owner.attempt(&renewal) };
    let refused = storage.insert_login_attempt(&across).await;
    assert!(matches!(refused, Err(StoreError::Stale)), "{refused:?}");

    let own = stranger.commit();
    let stolen = Channel { organization_id: owner.organization, ..own.channels[0].clone() };
    let across = ConnectionCommit { connection: own.connection, channels: vec![stolen] };
    let refused = storage.commit_connection(&across, &stranger.trail()).await;
    assert!(matches!(refused, Err(StoreError::Stale)), "{refused:?}");

    assert_eq!(owner.picture().await, ours);
    assert_eq!(stranger.picture().await, theirs);
}
