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
