use std::sync::Arc;

use lifecycle::{ChannelKind, RenewalState, health::TokenProof};
use store::{Channel, Connection, ConnectionCommit, LoginAttempt, Renewal, StoreError};

use crate::{
    bench::Bench,
    fixture::{self, NOW, World, later},
};

pub async fn a_renewal_is_read_back_whole(bench: &Bench) {
    let world = World::new(&bench.storage).await;
    let commit = world.stored_commit().await;
    let before = world.change_seq().await;
    let trail = world.trail();
    let full = world.renewal(Some(commit.connection.id));
    bench.storage.insert_renewal(&full, &[], &trail).await.unwrap();
    assert_eq!(bench.storage.renewal(world.organization, full.id).await.unwrap(), Some(full));
    assert_eq!(world.change_seq().await, before + 1);
    assert!(world.picture().await.4.contains(&trail.audit));

    let bare = Renewal {
        state: RenewalState::Started,
        failure: None,
        staged: None,
        staged_facts: None,
        selection: None,
        proof: None,
        ..world.renewal(None)
    };
    bench.storage.insert_renewal(&bare, &[], &world.trail()).await.unwrap();
    assert_eq!(bench.storage.renewal(world.organization, bare.id).await.unwrap(), Some(bare));
    assert_eq!(bench.storage.renewal(world.organization, fixture::renewal_id()).await.unwrap(), None);
}

pub async fn every_state_is_stored(bench: &Bench) {
    let world = World::new(&bench.storage).await;
    for state in RenewalState::ALL {
        let renewal = Renewal { state, ..world.first_renewal().await };
        bench.storage.insert_renewal(&renewal, &[], &world.trail()).await.unwrap();
        let stored = bench.storage.renewal(world.organization, renewal.id).await.unwrap().unwrap();
        assert_eq!(stored.state, state);
        assert_eq!(stored.staged.is_some(), !state.is_over());
        let open = bench.storage.open_renewals(world.organization).await.unwrap();
        assert_eq!(open.iter().any(|it| it.id == renewal.id), !state.is_over());
    }
}

pub async fn a_connection_has_one_open_renewal(bench: &Bench) {
    let storage = &bench.storage;
    let world = World::new(storage).await;
    let commit = world.stored_commit().await;
    let first = world.stored_renewal(Some(commit.connection.id)).await;
    let before = world.picture().await;
    let second = world.renewal(Some(commit.connection.id));
    let refused = storage.insert_renewal(&second, &[], &world.trail()).await;
    assert!(matches!(refused, Err(StoreError::Conflict { what: "renewal" })), "{refused:?}");
    assert_eq!(world.picture().await, before);

    assert!(storage.update_renewal(&later(&first, RenewalState::Abandoned), &[], None).await.unwrap());
    storage.insert_renewal(&second, &[], &world.trail()).await.unwrap();
}

pub async fn a_user_has_one_open_first_renewal(bench: &Bench) {
    let storage = &bench.storage;
    let world = World::new(storage).await;
    let commit = world.stored_commit().await;
    let first = world.stored_renewal(None).await;
    let before = world.picture().await;
    let second = world.renewal(None);
    let refused = storage.insert_renewal(&second, &[], &world.trail()).await;
    assert!(matches!(refused, Err(StoreError::Conflict { what: "renewal" })), "{refused:?}");
    assert_eq!(world.picture().await, before);

    // Neither a connection's renewal nor somebody else's first one is in the way.
    world.stored_renewal(Some(commit.connection.id)).await;
    world.stored_first_renewal().await;
    assert!(storage.update_renewal(&later(&first, RenewalState::Abandoned), &[], None).await.unwrap());
    storage.insert_renewal(&second, &[], &world.trail()).await.unwrap();
    let third = world.renewal(None);
    storage.insert_renewal(&third, &[second.id], &world.trail()).await.unwrap();
}

pub async fn the_open_renewal_of_a_connection_is_found(bench: &Bench) {
    let storage = &bench.storage;
    let world = World::new(storage).await;
    let (commit, other) = (world.stored_commit().await, world.stored_commit().await);
    let id = commit.connection.id;
    let find = async |connection| storage.open_renewal_of_connection(world.organization, connection).await.unwrap();
    world.stored_renewal(None).await;
    world.stored_renewal(Some(other.connection.id)).await;
    assert_eq!(find(id).await, None);

    let past = Renewal { expires_at: NOW.plus(-1_000), ..world.renewal(Some(id)) };
    storage.insert_renewal(&past, &[], &world.trail()).await.unwrap();
    assert_eq!(find(id).await.as_ref(), Some(&past));
    assert!(storage.update_renewal(&later(&past, RenewalState::Abandoned), &[], None).await.unwrap());
    assert_eq!(find(id).await, None);
    assert_eq!(find(fixture::connection_id()).await, None);
}

pub async fn an_update_supersedes_those_listed(bench: &Bench) {
    let storage = &bench.storage;
    let world = World::new(storage).await;
    let commit = world.stored_commit().await;
    let old = world.stored_renewal(Some(commit.connection.id)).await;
    world.stored_parked(world.attempt(&old)).await;
    let over = world.stored_first_renewal().await;
    let over = Renewal { staged: None, ..later(&over, RenewalState::Expired) };
    assert!(storage.update_renewal(&over, &[], None).await.unwrap());
    let first = world.stored_renewal(None).await;
    let before = world.picture().await;

    // The first connection turns out to be of a connection that there is already.
    let next = Renewal { connection_id: Some(commit.connection.id), ..later(&first, RenewalState::Exchanged) };
    let refused = storage.update_renewal(&next, &[], None).await;
    assert!(matches!(refused, Err(StoreError::Conflict { what: "renewal" })), "{refused:?}");
    let stale = Renewal { version: next.version + 1, ..next.clone() };
    assert!(!storage.update_renewal(&stale, &[old.id], Some(&world.trail())).await.unwrap());
    assert_eq!(world.picture().await, before);
    assert!(storage.parked_attempt(world.organization, old.id).await.unwrap().is_some());

    assert!(storage.update_renewal(&next, &[old.id, over.id], None).await.unwrap());
    let superseded = Renewal {
        state: RenewalState::Superseded,
        staged: None,
        staged_facts: None,
        updated_at: next.updated_at,
        version: old.version + 1,
        ..old.clone()
    };
    assert_eq!(storage.renewal(world.organization, old.id).await.unwrap(), Some(superseded));
    assert_eq!(storage.renewal(world.organization, over.id).await.unwrap(), Some(over));
    assert_eq!(storage.parked_attempt(world.organization, old.id).await.unwrap(), None);
    assert_eq!(storage.open_renewals(world.organization).await.unwrap(), [next]);
    assert_eq!(world.change_seq().await, before.0 + 1);
}

pub async fn a_new_renewal_supersedes_those_listed(bench: &Bench) {
    let storage = &bench.storage;
    let world = World::new(storage).await;
    let commit = world.stored_commit().await;
    let old = world.stored_renewal(Some(commit.connection.id)).await;
    let bystander = world.stored_renewal(None).await;
    let over = world.stored_first_renewal().await;
    let over = Renewal { staged: None, ..later(&over, RenewalState::Expired) };
    assert!(storage.update_renewal(&over, &[], None).await.unwrap());
    let parked = LoginAttempt { code: Some(fixture::sealed("code")), ..world.attempt(&old) };
    storage.insert_login_attempt(&parked).await.unwrap();
    let before = world.change_seq().await;

    let new = Renewal { created_at: NOW.plus(70), ..world.renewal(Some(commit.connection.id)) };
    storage.insert_renewal(&new, &[old.id, over.id], &world.trail()).await.unwrap();

    assert_eq!(world.change_seq().await, before + 1);
    let superseded = Renewal {
        state: RenewalState::Superseded,
        staged: None,
        staged_facts: None,
        updated_at: NOW.plus(70),
        version: old.version + 1,
        ..old.clone()
    };
    assert_eq!(storage.renewal(world.organization, old.id).await.unwrap(), Some(superseded));
    assert_eq!(storage.renewal(world.organization, over.id).await.unwrap(), Some(over));
    assert_eq!(storage.open_renewals(world.organization).await.unwrap(), [new, bystander]);
    assert_eq!(storage.parked_attempt(world.organization, old.id).await.unwrap(), None);
    assert!(!storage.update_renewal(&later(&old, RenewalState::Finished), &[], None).await.unwrap());
}

pub async fn open_renewals_come_newest_first(bench: &Bench) {
    let world = World::new(&bench.storage).await;
    for minute in [2, 3, 1] {
        let renewal = Renewal { created_at: NOW.plus(minute), ..world.first_renewal().await };
        bench.storage.insert_renewal(&renewal, &[], &world.trail()).await.unwrap();
    }
    let open = bench.storage.open_renewals(world.organization).await.unwrap();
    let minutes: Vec<_> = open.iter().map(|renewal| renewal.created_at.since(NOW)).collect();
    assert_eq!(minutes, [3, 2, 1]);
}

pub async fn an_update_needs_the_version_before(bench: &Bench) {
    let storage = &bench.storage;
    let world = World::new(storage).await;
    let renewal = world.stored_renewal(None).await;
    let before = world.picture().await;
    for version in [renewal.version - 1, renewal.version, renewal.version + 2, i64::MIN] {
        let stale = Renewal { version, failure: None, ..renewal.clone() };
        assert!(!storage.update_renewal(&stale, &[], Some(&world.trail())).await.unwrap());
        assert_eq!(world.picture().await, before);
    }
    assert!(!storage.update_renewal(&later(&world.renewal(None), RenewalState::Failed), &[], None).await.unwrap());
    assert_eq!(world.picture().await, before);

    let changed = Renewal {
        failure: None,
        staged: Some(fixture::sealed("again")),
        staged_facts: None,
        selection: Some("[]".to_owned()),
        proof: None,
        expires_at: NOW.plus(77),
        ..later(&renewal, RenewalState::Chosen)
    };
    let trail = world.trail();
    assert!(storage.update_renewal(&changed, &[], Some(&trail)).await.unwrap());
    let (seq, _, _, open, audit) = world.picture().await;
    assert_eq!((seq, open), (before.0 + 1, vec![changed]));
    assert!(audit.contains(&trail.audit));
}

pub async fn of_many_updates_of_one_version_one_wins(bench: &Bench) {
    let world = Arc::new(World::new(&bench.storage).await);
    let renewal = world.stored_renewal(None).await;
    let before = world.change_seq().await;
    let tasks: Vec<_> = (0..20)
        .map(|_| {
            let (world, next) = (Arc::clone(&world), later(&renewal, RenewalState::Chosen));
            tokio::spawn(async move { world.storage.update_renewal(&next, &[], Some(&world.trail())).await })
        })
        .collect();
    let mut won = 0;
    for task in tasks {
        won += i64::from(task.await.unwrap().unwrap());
    }
    assert_eq!((won, world.change_seq().await), (1, before + 1));
}

pub async fn what_is_over_keeps_no_tokens(bench: &Bench) {
    let storage = &bench.storage;
    let world = World::new(storage).await;
    for state in RenewalState::ALL.into_iter().filter(|state| state.is_over()) {
        let renewal = world.stored_renewal(None).await;
        let parked = LoginAttempt { code: Some(fixture::sealed("code")), ..world.attempt(&renewal) };
        storage.insert_login_attempt(&parked).await.unwrap();
        assert!(storage.update_renewal(&later(&renewal, state), &[], None).await.unwrap());
        let stored = storage.renewal(world.organization, renewal.id).await.unwrap().unwrap();
        assert_eq!((stored.state, stored.staged), (state, None));
        assert_eq!(storage.parked_attempt(world.organization, renewal.id).await.unwrap(), None);
    }
}

pub async fn an_attempt_is_found_by_its_state(bench: &Bench) {
    let storage = &bench.storage;
    let world = World::new(storage).await;
    let renewal = world.stored_renewal(None).await;
    let attempt = world.stored_attempt(&renewal).await;
    assert_eq!(storage.login_attempt_by_state(&attempt.state_hash).await.unwrap().as_ref(), Some(&attempt));
    assert_eq!(storage.login_attempt_by_state(&fixture::hash()).await.unwrap(), None);
    assert_eq!(storage.login_attempt_by_state(&attempt.cookie_hash).await.unwrap(), None);

    let same_state = LoginAttempt { state_hash: attempt.state_hash, ..world.attempt(&renewal) };
    let refused = storage.insert_login_attempt(&same_state).await;
    assert!(matches!(refused, Err(StoreError::Conflict { what: "state" })), "{refused:?}");
    let refused = storage.insert_login_attempt(&world.attempt(&world.renewal(None))).await;
    assert!(matches!(refused, Err(StoreError::Stale)), "{refused:?}");
}

pub async fn an_attempt_is_used_once(bench: &Bench) {
    let world = Arc::new(World::new(&bench.storage).await);
    let renewal = world.stored_renewal(None).await;
    let attempt = world.stored_attempt(&renewal).await;
    let before = world.change_seq().await;
    let tasks: Vec<_> = (0..20)
        .map(|number| {
            let (world, attempt) = (Arc::clone(&world), attempt.clone());
            let next = later(&renewal, RenewalState::LoggedIn);
            tokio::spawn(async move {
                let code = fixture::sealed(&format!("code-{number}"));
                let won = world.storage.use_login_attempt(&attempt, Some(&code), NOW.plus(5), &next).await.unwrap();
                won.then_some(code)
            })
        })
        .collect();
    let mut winners = Vec::new();
    for task in tasks {
        winners.extend(task.await.unwrap());
    }
    assert_eq!(winners.len(), 1);
    assert_eq!(world.change_seq().await, before + 1);
    let used = LoginAttempt { used_at: Some(NOW.plus(5)), code: winners.pop(), ..attempt.clone() };
    let stored = bench.storage.login_attempt_by_state(&attempt.state_hash).await.unwrap();
    assert_eq!(stored.as_ref(), Some(&used));
    let stored = bench.storage.renewal(world.organization, renewal.id).await.unwrap().unwrap();
    assert_eq!((stored.state, stored.version), (RenewalState::LoggedIn, 2));

    // Used already, although the renewal has not changed since.
    let picture = world.picture().await;
    let next = later(&stored, RenewalState::Denied);
    assert!(!bench.storage.use_login_attempt(&attempt, None, NOW.plus(6), &next).await.unwrap());
    assert_eq!(world.picture().await, picture);
    assert_eq!(bench.storage.login_attempt_by_state(&attempt.state_hash).await.unwrap(), Some(used));
}

pub async fn an_attempt_is_not_used_for_a_renewal_that_has_changed(bench: &Bench) {
    let storage = &bench.storage;
    let world = World::new(storage).await;
    let renewal = world.stored_renewal(None).await;
    let attempt = world.stored_attempt(&renewal).await;
    let before = world.picture().await;
    let stale = Renewal { version: renewal.version + 2, ..later(&renewal, RenewalState::LoggedIn) };
    let code = fixture::sealed("code");
    assert!(!storage.use_login_attempt(&attempt, Some(&code), NOW, &stale).await.unwrap());
    assert_eq!(world.picture().await, before);
    assert_eq!(storage.login_attempt_by_state(&attempt.state_hash).await.unwrap().as_ref(), Some(&attempt));

    // Denied at Meta: nothing to park.
    assert!(storage.use_login_attempt(&attempt, None, NOW, &later(&renewal, RenewalState::Denied)).await.unwrap());
    assert_eq!(storage.parked_attempt(world.organization, renewal.id).await.unwrap(), None);
}

pub async fn a_parked_code_is_found_and_forgotten(bench: &Bench) {
    let storage = &bench.storage;
    let world = World::new(storage).await;
    let renewal = world.stored_renewal(None).await;
    let parked =
        |at| LoginAttempt { code: Some(fixture::sealed("code")), created_at: NOW.plus(at), ..world.attempt(&renewal) };
    let (older, newer) = (parked(1), parked(2));
    let unparked = LoginAttempt { created_at: NOW.plus(3), ..world.attempt(&renewal) };
    for attempt in [&newer, &older, &unparked] {
        storage.insert_login_attempt(attempt).await.unwrap();
    }
    assert_eq!(storage.parked_attempt(world.organization, renewal.id).await.unwrap().as_ref(), Some(&newer));
    storage.forget_code(&newer).await.unwrap();
    storage.forget_code(&newer).await.unwrap();
    assert_eq!(storage.parked_attempt(world.organization, renewal.id).await.unwrap().as_ref(), Some(&older));
    let forgotten = storage.login_attempt_by_state(&newer.state_hash).await.unwrap();
    assert_eq!(forgotten, Some(LoginAttempt { code: None, ..newer }));
}

/// What finishing writes: the renewed connection with one channel kept, one lost and one new.
fn renewed(world: &World, commit: &ConnectionCommit) -> ConnectionCommit {
    let connection = Connection {
        token: fixture::sealed("renewed"),
        token_generation: commit.connection.token_generation + 1,
        version: commit.connection.version + 1,
        ..commit.connection.clone()
    };
    let kept = Channel { token: Some(fixture::sealed("new page")), version: 2, ..commit.channels[0].clone() };
    let new = world.channel(&connection, ChannelKind::Messenger);
    ConnectionCommit { connection, channels: vec![kept, new] }
}

pub async fn finishing_replaces_the_connection(bench: &Bench) {
    let storage = &bench.storage;
    let world = World::new(storage).await;
    let commit = world.stored_commit().await;
    let renewal = world.stored_renewal(Some(commit.connection.id)).await;
    let before = world.change_seq().await;
    let events = bench.number("SELECT count(*) FROM events").await;

    let new = renewed(&world, &commit);
    let (finished, trail) = (later(&renewal, RenewalState::Finished), world.trail());
    assert!(storage.finish_renewal(&finished, &new, &trail).await.unwrap());

    let (seq, connections, channels, open, audit) = world.picture().await;
    assert_eq!(seq, before + 1);
    assert_eq!(connections, [new.connection]);
    assert_eq!(channels, new.channels);
    assert!(open.is_empty() && audit.contains(&trail.audit));
    assert_eq!(bench.number("SELECT count(*) FROM events").await, events + 1);
    let stored = storage.renewal(world.organization, renewal.id).await.unwrap();
    assert_eq!(stored, Some(Renewal { staged: None, ..finished }));
}

pub async fn finishing_connects_for_the_first_time(bench: &Bench) {
    let world = World::new(&bench.storage).await;
    let renewal = world.stored_renewal(None).await;
    let commit = world.commit();
    let finished = Renewal { connection_id: Some(commit.connection.id), ..later(&renewal, RenewalState::Finished) };
    assert!(bench.storage.finish_renewal(&finished, &commit, &world.trail()).await.unwrap());
    let (_, connections, channels, open, _) = world.picture().await;
    assert_eq!((connections, channels, open), (vec![commit.connection], commit.channels, vec![]));
    let stored = bench.storage.renewal(world.organization, renewal.id).await.unwrap().unwrap();
    assert_eq!(stored.connection_id, finished.connection_id);
}

pub async fn of_many_finishes_one_wins(bench: &Bench) {
    let world = Arc::new(World::new(&bench.storage).await);
    let commit = world.stored_commit().await;
    let again = world.stored_renewal(Some(commit.connection.id)).await;
    let first_time = world.stored_renewal(None).await;
    let first_commit = world.commit();
    // The loser of a first connect must hear that it came late, not that the grant is taken.
    for (renewal, commits) in
        [(again, (0..10).map(|_| renewed(&world, &commit)).collect::<Vec<_>>()), (first_time, vec![first_commit; 10])]
    {
        let before = world.change_seq().await;
        let tasks: Vec<_> = commits
            .into_iter()
            .map(|commit| {
                let (world, finished) = (Arc::clone(&world), later(&renewal, RenewalState::Finished));
                tokio::spawn(async move {
                    world.storage.finish_renewal(&finished, &commit, &world.trail()).await.map(|won| (won, commit))
                })
            })
            .collect();
        let mut winners = Vec::new();
        for task in tasks {
            let (won, commit) = task.await.unwrap().unwrap();
            winners.extend(won.then_some(commit));
        }
        assert_eq!(winners.len(), 1);
        assert_eq!(world.change_seq().await, before + 1);
        let won = &winners[0];
        let id = won.connection.id;
        let stored = bench.storage.connection(world.organization, id).await.unwrap();
        assert_eq!(stored.as_ref(), Some(&won.connection));
        let channels = bench.storage.channels_of_connection(world.organization, id).await.unwrap();
        assert_eq!(channels, won.channels);
    }
}

pub async fn finishing_is_all_or_nothing(bench: &Bench) {
    let storage = &bench.storage;
    let world = World::new(storage).await;
    let commit = world.stored_commit().await;
    let renewal = world.stored_renewal(Some(commit.connection.id)).await;
    let before = world.picture().await;
    let finished = later(&renewal, RenewalState::Finished);

    let mut clash = renewed(&world, &commit);
    clash.channels.push(Channel { id: fixture::channel_id(), ..clash.channels[1].clone() });
    let refused = storage.finish_renewal(&finished, &clash, &world.trail()).await;
    assert!(matches!(refused, Err(StoreError::Conflict { what: "channel" })), "{refused:?}");
    assert_eq!(world.picture().await, before);

    // The very last statement fails.
    let mut trail = world.trail();
    trail.events[0].organization_id = fixture::organization_id();
    let refused = storage.finish_renewal(&finished, &renewed(&world, &commit), &trail).await;
    assert!(matches!(refused, Err(StoreError::Stale)), "{refused:?}");
    assert_eq!(world.picture().await, before);

    assert!(storage.finish_renewal(&finished, &renewed(&world, &commit), &world.trail()).await.unwrap());
}

pub async fn finishing_needs_the_connection_that_was_read(bench: &Bench) {
    let storage = &bench.storage;
    let world = World::new(storage).await;
    let commit = world.stored_commit().await;
    let renewal = world.stored_renewal(Some(commit.connection.id)).await;
    let prepared = renewed(&world, &commit);
    let id = commit.channels[0].id;
    storage.set_story_options(world.organization, id, false, false, &world.trail()).await.unwrap();
    let before = world.picture().await;

    let finished = later(&renewal, RenewalState::Finished);
    assert!(!storage.finish_renewal(&finished, &prepared, &world.trail()).await.unwrap());
    assert_eq!(world.picture().await, before);

    let mut again = prepared;
    again.connection.version = before.1[0].version + 1;
    assert!(storage.finish_renewal(&finished, &again, &world.trail()).await.unwrap());

    // Deleted meanwhile: gone for good.
    let renewal = world.stored_renewal(Some(commit.connection.id)).await;
    assert!(storage.delete_connection(world.organization, commit.connection.id, &world.trail()).await.unwrap());
    again.connection.version += 1;
    let finished = later(&renewal, RenewalState::Finished);
    assert!(!storage.finish_renewal(&finished, &again, &world.trail()).await.unwrap());
    assert!(storage.connections_of(world.organization).await.unwrap().is_empty());
}

pub async fn renewals_left_alone_are_found(bench: &Bench) {
    let storage = &bench.storage;
    let worlds = [World::new(storage).await, World::new(storage).await];
    let now = NOW.plus(20);
    // A connection and its renewal: whether the grant works, when it ends, when the renewal was
    // touched and ends, whether tokens are staged.
    let mut ids = Vec::new();
    for (number, (proof, grant_end, touched, end, is_staged)) in [
        (TokenProof::Revoked, None, 3, 21, true),
        (TokenProof::Works, Some(20), 1, 21, true),
        (TokenProof::Expired, Some(99), 2, 21, true),
        (TokenProof::Works, Some(21), 0, 21, true),
        (TokenProof::Works, None, 0, 21, true),
        (TokenProof::Revoked, None, 0, 20, true),
        (TokenProof::Revoked, None, 5, 21, true),
        (TokenProof::Revoked, None, 0, 21, false),
    ]
    .into_iter()
    .enumerate()
    {
        let world = &worlds[number % 2];
        let mut commit = world.commit();
        commit.connection.facts.proof = proof;
        commit.connection.facts.expires_at = grant_end.map(|end| NOW.plus(end));
        storage.commit_connection(&commit, &world.trail()).await.unwrap();
        let mut renewal = world.renewal(Some(commit.connection.id));
        renewal.updated_at = NOW.plus(touched);
        renewal.expires_at = NOW.plus(end);
        renewal.staged = renewal.staged.filter(|_| is_staged);
        storage.insert_renewal(&renewal, &[], &world.trail()).await.unwrap();
        ids.push(renewal.id);
    }
    let first = Renewal { updated_at: NOW, expires_at: NOW.plus(21), ..worlds[0].renewal(None) };
    storage.insert_renewal(&first, &[], &worlds[0].trail()).await.unwrap();

    let found = async |limit| {
        let found = storage.renewals_left_alone(NOW.plus(4), now, limit).await.unwrap();
        found.iter().map(|renewal| renewal.id).collect::<Vec<_>>()
    };
    assert_eq!(found(10).await, [ids[1], ids[2], ids[0]]);
    assert_eq!(found(1).await, [ids[1]]);

    let over = storage.renewal(worlds[1].organization, ids[1]).await.unwrap().unwrap();
    assert!(storage.update_renewal(&later(&over, RenewalState::Abandoned), &[], None).await.unwrap());
    assert_eq!(found(10).await, [ids[2], ids[0]]);
}
