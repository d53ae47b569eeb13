use store::{Review, StoreError};

use crate::{
    bench::Bench,
    fixture::{self, NOW, World},
};

fn review(world: &World, after: i64) -> Review {
    let at = NOW.plus(after);
    Review {
        id: fixture::review_id(),
        organization_id: world.organization,
        user_id: world.user,
        user_name: "Ana Souza".to_owned(),
        connections: 7,
        stopped: 1,
        soon: 2,
        at,
    }
}

pub async fn reviews_are_read_back_newest_first(bench: &Bench) {
    let storage = &bench.storage;
    let world = World::new(storage).await;
    let before = world.change_seq().await;
    let [first, second, third] = [review(&world, 1), review(&world, 2), review(&world, 3)];
    for each in [&second, &third, &first] {
        storage.insert_review(each, &world.trail()).await.unwrap();
    }
    assert_eq!(world.change_seq().await, before + 3, "other windows follow");
    assert_eq!(storage.reviews_of(world.organization, 2).await.unwrap(), [third, second]);
    assert_eq!(storage.audit_of(world.organization, 10).await.unwrap().len(), 3);
    storage.forget_connections().await.unwrap();
    assert_eq!(storage.reviews_of(world.organization, 2).await.unwrap(), []);
}

pub async fn a_review_stays_within_its_organization(bench: &Bench) {
    let storage = &bench.storage;
    let (owner, stranger) = (World::new(storage).await, World::new(storage).await);
    let own = review(&owner, 0);
    storage.insert_review(&own, &owner.trail()).await.unwrap();
    assert_eq!(storage.reviews_of(stranger.organization, 9).await.unwrap(), []);
    let across = Review { user_id: stranger.user, ..review(&owner, 1) };
    let before = owner.change_seq().await;
    let refused = storage.insert_review(&across, &owner.trail()).await;
    assert!(matches!(refused, Err(StoreError::Stale)), "{refused:?}");
    assert_eq!(owner.change_seq().await, before);
    assert_eq!(storage.reviews_of(owner.organization, 9).await.unwrap(), [own]);
}

pub async fn one_channel_goes_and_the_last_one_stays(bench: &Bench) {
    let storage = &bench.storage;
    let (owner, stranger) = (World::new(storage).await, World::new(storage).await);
    let commit = owner.stored_commit().await;
    let (organization, connection) = (owner.organization, commit.connection.id);
    let other = owner.stored_commit().await.connection.id;
    let ids: Vec<_> = commit.channels.iter().map(|it| it.id).collect();
    assert!(ids.len() > 1, "the fixture has several");
    let before = owner.picture().await;
    for (organization, connection) in [(stranger.organization, connection), (organization, other)] {
        let done = storage.delete_channel(organization, connection, ids[0], &owner.trail()).await.unwrap();
        assert!(!done);
    }
    assert_eq!(owner.picture().await, before);

    for id in &ids[1..] {
        assert!(storage.delete_channel(organization, connection, *id, &owner.trail()).await.unwrap());
        assert!(!storage.delete_channel(organization, connection, *id, &owner.trail()).await.unwrap(), "once");
    }
    let left = storage.channels_of_connection(organization, connection).await.unwrap();
    assert_eq!(left.iter().map(|it| it.id).collect::<Vec<_>>(), ids[..1]);
    assert!(!storage.delete_channel(organization, connection, ids[0], &owner.trail()).await.unwrap(), "the last");
    let stored = storage.connection(organization, connection).await.unwrap().unwrap();
    let gone = i64::try_from(ids.len()).unwrap() - 1;
    assert_eq!(stored.version, commit.connection.version + gone, "what was prepared before is refused");
}
