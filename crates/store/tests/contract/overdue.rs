use std::sync::Arc;

use lifecycle::{RenewalState, Timestamp, clock::DAY_MS};
use sqlx::{Connection as _, Executor as _, SqliteConnection};
use store::{LoginAttempt, Renewal};

use crate::{
    bench::Bench,
    fixture::{self, NOW, World},
};

async fn stored_until(world: &World, end: Timestamp) -> Renewal {
    let renewal = Renewal { expires_at: end, ..world.first_renewal().await };
    world.storage.insert_renewal(&renewal, &[], &world.trail()).await.unwrap();
    renewal
}

pub async fn overdue_renewals_end(bench: &Bench) {
    let storage = &bench.storage;
    let (world, other, idle) = (World::new(storage).await, World::new(storage).await, World::new(storage).await);
    let connection = world.stored_commit().await.connection.id;
    let now = NOW.plus(100);
    let mut overdue = vec![stored_until(&world, now).await, stored_until(&world, NOW).await];
    let renewal = Renewal { expires_at: now, staged: None, ..world.renewal(Some(connection)) };
    storage.insert_renewal(&renewal, &[], &world.trail()).await.unwrap();
    overdue.push(renewal);
    overdue.push(stored_until(&other, now).await);
    let in_time = stored_until(&world, now.plus(1)).await;
    let over = stored_until(&other, NOW).await;
    let over = Renewal { staged: None, ..fixture::later(&over, RenewalState::Finished) };
    assert!(storage.update_renewal(&over, &[], None).await.unwrap());
    // Parked for a renewal that ends, although the code itself would still be good.
    let good = LoginAttempt { expires_at: now.plus(1), ..world.attempt(&overdue[0]) };
    world.stored_parked(good).await;
    let bystander = stored_until(&idle, now.plus(1)).await;
    let seqs = [world.change_seq().await, other.change_seq().await];
    let untouched = idle.picture().await;

    assert_eq!(storage.end_overdue(now).await.unwrap(), 4);

    for renewal in overdue {
        let ended = Renewal {
            state: RenewalState::Expired,
            staged: None,
            staged_facts: None,
            updated_at: now,
            version: renewal.version + 1,
            ..renewal.clone()
        };
        assert_eq!(storage.renewal(renewal.organization_id, renewal.id).await.unwrap(), Some(ended));
        assert_eq!(storage.parked_attempt(renewal.organization_id, renewal.id).await.unwrap(), None);
    }
    assert_eq!(storage.renewal(other.organization, over.id).await.unwrap(), Some(over));
    assert_eq!(storage.open_renewals(world.organization).await.unwrap(), [in_time]);
    assert_eq!([world.change_seq().await, other.change_seq().await], [seqs[0] + 1, seqs[1] + 1]);
    assert_eq!(idle.picture().await, untouched);
    assert_eq!(untouched.3, [bystander]);

    let pictures = [world.picture().await, other.picture().await];
    assert_eq!(storage.end_overdue(now).await.unwrap(), 0);
    assert_eq!([world.picture().await, other.picture().await], pictures);
}

pub async fn overdue_codes_and_attempts_go(bench: &Bench) {
    let storage = &bench.storage;
    let world = World::new(storage).await;
    let now = NOW.plus(2 * DAY_MS);
    let renewal = stored_until(&world, now.plus(1)).await;
    let until = |end| LoginAttempt { expires_at: end, ..world.attempt(&renewal) };
    let good = world.stored_parked(until(now.plus(1))).await;
    let past = world.stored_parked(until(now)).await;
    let a_day_ago = until(now.plus(-DAY_MS));
    storage.insert_login_attempt(&a_day_ago).await.unwrap();
    let before = world.picture().await;
    let by_state = async |attempt: &LoginAttempt| storage.login_attempt_by_state(&attempt.state_hash).await.unwrap();

    assert_eq!(storage.end_overdue(now).await.unwrap(), 0);
    assert_eq!(by_state(&good).await.as_ref(), Some(&good));
    assert_eq!(by_state(&past).await, Some(LoginAttempt { code: None, ..past.clone() }));
    assert_eq!(by_state(&a_day_ago).await.as_ref(), Some(&a_day_ago));

    let ancient = world.stored_parked(until(now.plus(-DAY_MS - 1))).await;
    assert_eq!(storage.end_overdue(now).await.unwrap(), 0);
    assert_eq!(by_state(&ancient).await, None);
    assert_eq!(by_state(&a_day_ago).await.as_ref(), Some(&a_day_ago));
    assert_eq!(by_state(&good).await, Some(good));
    // Nobody sees any of this.
    assert_eq!(world.picture().await, before);
}

pub async fn nothing_overdue_writes_nothing(bench: &Bench) {
    let storage = &bench.storage;
    let world = World::new(storage).await;
    stored_until(&world, NOW.plus(1)).await;
    let before = world.picture().await;
    if bench.is_sqlite() {
        // It does not even wait for whoever writes.
        let mut writer = SqliteConnection::connect(&bench.url).await.unwrap();
        writer.execute("BEGIN IMMEDIATE").await.unwrap();
        assert_eq!(storage.end_overdue(NOW).await.unwrap(), 0);
        writer.close().await.unwrap();
    }
    assert_eq!(storage.end_overdue(NOW).await.unwrap(), 0);
    assert_eq!(world.picture().await, before);
}

pub async fn of_workers_that_end_at_once_each_renewal_ends_once(bench: &Bench) {
    let mut worlds = Vec::new();
    for _ in 0..4 {
        let world = World::new(&bench.storage).await;
        for _ in 0..3 {
            let renewal = stored_until(&world, NOW).await;
            world.stored_parked(world.attempt(&renewal)).await;
        }
        worlds.push((world.change_seq().await, world));
    }
    let tasks: Vec<_> = (0..8)
        .map(|_| {
            let storage = Arc::clone(&bench.storage);
            tokio::spawn(async move { storage.end_overdue(NOW.plus(5)).await })
        })
        .collect();
    let mut ended = 0;
    for task in tasks {
        ended += task.await.unwrap().unwrap();
    }
    assert_eq!(ended, 12);
    for (before, world) in worlds {
        assert_eq!(world.change_seq().await, before + 1);
        assert!(bench.storage.open_renewals(world.organization).await.unwrap().is_empty());
    }
}
