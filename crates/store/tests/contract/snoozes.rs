use store::{Snooze, StoreError};

use crate::{
    bench::Bench,
    fixture::{self, NOW, World},
};

fn snooze(world: &World, connection_id: lifecycle::ids::ConnectionId) -> Snooze {
    Snooze { organization_id: world.organization, user_id: world.user, connection_id, until: NOW.plus(5) }
}

pub async fn a_snooze_belongs_to_one_person_and_connection(bench: &Bench) {
    let storage = &bench.storage;
    let world = World::new(storage).await;
    let other = fixture::user(world.organization);
    storage.insert_user(&other).await.unwrap();
    let [one, two] = [world.stored_commit().await, world.stored_commit().await].map(|it| it.connection.id);
    let before = world.change_seq().await;
    let first = snooze(&world, one);
    storage.snooze(&first).await.unwrap();
    assert_eq!(world.change_seq().await, before + 1, "other windows follow");
    assert_eq!(storage.snoozes_of(world.organization, world.user).await.unwrap(), [first]);
    assert_eq!(storage.snoozes_of(world.organization, other.id).await.unwrap(), []);

    let longer = Snooze { until: NOW.plus(9), ..first };
    storage.snooze(&longer).await.unwrap();
    let second = snooze(&world, two);
    storage.snooze(&second).await.unwrap();
    let mut all = storage.snoozes_of(world.organization, world.user).await.unwrap();
    all.sort_by_key(|it| it.until);
    assert_eq!(all, [second, longer]);
}

pub async fn a_snooze_goes_with_its_connection(bench: &Bench) {
    let storage = &bench.storage;
    let world = World::new(storage).await;
    let id = world.stored_commit().await.connection.id;
    storage.snooze(&snooze(&world, id)).await.unwrap();
    assert!(storage.delete_connection(world.organization, id, &world.trail()).await.unwrap());
    assert_eq!(bench.number("SELECT count(*) FROM snoozes").await, 0);
    let before = world.change_seq().await;
    let refused = storage.snooze(&snooze(&world, id)).await;
    assert!(matches!(refused, Err(StoreError::Stale)), "{refused:?}");
    assert_eq!(world.change_seq().await, before);

    let id = world.stored_commit().await.connection.id;
    storage.snooze(&snooze(&world, id)).await.unwrap();
    storage.forget_connections().await.unwrap();
    assert_eq!(bench.number("SELECT count(*) FROM snoozes").await, 0);
}

pub async fn a_snooze_stays_within_its_organization(bench: &Bench) {
    let storage = &bench.storage;
    let (owner, stranger) = (World::new(storage).await, World::new(storage).await);
    let id = owner.stored_commit().await.connection.id;
    let own = snooze(&owner, id);
    storage.snooze(&own).await.unwrap();
    for across in [
        snooze(&stranger, id),
        Snooze { organization_id: stranger.organization, ..own },
        Snooze { user_id: stranger.user, ..own },
    ] {
        let refused = storage.snooze(&Snooze { until: NOW, ..across }).await;
        assert!(matches!(refused, Err(StoreError::Stale)), "{across:?}: {refused:?}");
    }
    assert_eq!(storage.snoozes_of(stranger.organization, owner.user).await.unwrap(), []);
    assert_eq!(storage.snoozes_of(owner.organization, owner.user).await.unwrap(), [own]);
}
