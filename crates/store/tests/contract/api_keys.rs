use lifecycle::clock::MINUTE_MS;
use store::{ApiKey, StoreError};

use crate::{
    bench::Bench,
    fixture::{self, NOW, World},
};

pub async fn api_keys_belong_to_an_organization_or_the_platform(bench: &Bench) {
    let storage = &bench.storage;
    let (world, other) = (World::new(storage).await, World::new(storage).await);
    let platform = ApiKey {
        last_used_at: Some(NOW.plus(3)),
        revoked_at: Some(NOW.plus(4)),
        scopes: Vec::new(),
        ..fixture::api_key(None)
    };
    let ours = [fixture::api_key(Some(world.organization)), fixture::api_key(Some(world.organization))];
    let theirs = fixture::api_key(Some(other.organization));
    for key in [&ours[1], &platform, &theirs, &ours[0]] {
        storage.insert_api_key(key).await.unwrap();
    }
    assert_eq!(storage.api_keys(Some(world.organization)).await.unwrap(), ours);
    assert_eq!(storage.api_keys(Some(other.organization)).await.unwrap(), [theirs]);
    assert_eq!(storage.api_keys(None).await.unwrap(), [platform]);
    assert!(storage.api_keys(Some(fixture::organization_id())).await.unwrap().is_empty());

    let taken = ApiKey { key_hash: ours[0].key_hash, ..fixture::api_key(None) };
    let refused = storage.insert_api_key(&taken).await;
    assert!(matches!(refused, Err(StoreError::Conflict { what: "api_key" })), "{refused:?}");
    let lost = storage.insert_api_key(&fixture::api_key(Some(fixture::organization_id()))).await;
    assert!(matches!(lost, Err(StoreError::Stale)), "{lost:?}");
}

pub async fn a_revoked_api_key_opens_nothing(bench: &Bench) {
    let storage = &bench.storage;
    let (key, other) = (fixture::api_key(None), fixture::api_key(None));
    storage.insert_api_key(&key).await.unwrap();
    storage.insert_api_key(&other).await.unwrap();
    assert_eq!(storage.api_key_by_hash(&key.key_hash).await.unwrap().as_ref(), Some(&key));
    assert_eq!(storage.api_key_by_hash(&fixture::hash()).await.unwrap(), None);

    assert!(storage.revoke_api_key(key.id, NOW.plus(5)).await.unwrap());
    assert!(!storage.revoke_api_key(key.id, NOW.plus(6)).await.unwrap());
    assert!(!storage.revoke_api_key(fixture::api_key_id(), NOW).await.unwrap());

    assert_eq!(storage.api_key_by_hash(&key.key_hash).await.unwrap(), None);
    assert_eq!(storage.api_key_by_hash(&other.key_hash).await.unwrap().as_ref(), Some(&other));
    let revoked = ApiKey { revoked_at: Some(NOW.plus(5)), ..key };
    assert_eq!(storage.api_keys(None).await.unwrap(), [revoked, other]);
}

pub async fn the_use_of_an_api_key_is_noted_to_the_minute(bench: &Bench) {
    let storage = &bench.storage;
    let (key, other) = (fixture::api_key(None), fixture::api_key(None));
    storage.insert_api_key(&key).await.unwrap();
    storage.insert_api_key(&other).await.unwrap();
    for (used, noted) in [
        (NOW, NOW),
        (NOW.plus(MINUTE_MS - 1), NOW),
        (NOW.plus(MINUTE_MS), NOW.plus(MINUTE_MS)),
        (NOW, NOW.plus(MINUTE_MS)),
    ] {
        storage.touch_api_key(key.id, used).await.unwrap();
        let stored = storage.api_key_by_hash(&key.key_hash).await.unwrap().unwrap();
        assert_eq!(stored.last_used_at, Some(noted), "{used:?}");
    }
    storage.touch_api_key(fixture::api_key_id(), NOW).await.unwrap();
    assert_eq!(storage.api_key_by_hash(&other.key_hash).await.unwrap(), Some(other));
}

pub async fn a_key_is_revoked_by_its_own_organization(bench: &Bench) {
    let storage = &bench.storage;
    let (world, other) = (World::new(storage).await, World::new(storage).await);
    let key = fixture::api_key(Some(world.organization));
    let trail = world.trail();
    storage.insert_own_api_key(&key, &trail).await.unwrap();
    assert_eq!(storage.api_keys(Some(world.organization)).await.unwrap(), std::slice::from_ref(&key));
    assert!(world.picture().await.4.contains(&trail.audit));

    let trail = other.trail();
    assert!(!storage.revoke_own_api_key(other.organization, key.id, NOW, &trail).await.unwrap());
    assert!(!other.picture().await.4.contains(&trail.audit));
    assert!(storage.api_key_by_hash(&key.key_hash).await.unwrap().is_some());

    let trail = world.trail();
    assert!(storage.revoke_own_api_key(world.organization, key.id, NOW.plus(5), &trail).await.unwrap());
    assert!(!storage.revoke_own_api_key(world.organization, key.id, NOW.plus(6), &world.trail()).await.unwrap());
    assert!(world.picture().await.4.contains(&trail.audit));
    assert_eq!(storage.api_key_by_hash(&key.key_hash).await.unwrap(), None);
}
