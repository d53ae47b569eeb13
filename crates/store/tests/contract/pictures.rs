use store::{ConnectionCommit, Picture, StoreError};

use crate::{
    bench::Bench,
    fixture::{self, SETTLES_AT, World},
};

/// The hashes that are known of these accounts, in their order.
async fn hashes(world: &World, accounts: &[&str]) -> Vec<Option<String>> {
    let wanted: Vec<_> = accounts.iter().map(|&account| account.to_owned()).collect();
    let found = world.storage.picture_hashes(world.organization, &wanted).await.unwrap();
    let hash = |account: &&str| found.iter().find(|(it, _)| it == account).map(|(_, hash)| hash.clone());
    accounts.iter().map(hash).collect()
}

async fn is_kept(world: &World, picture: &Picture) -> bool {
    world.storage.picture(&picture.hash).await.unwrap().as_ref() == Some(&picture.bytes)
}

pub async fn a_picture_is_found_by_its_account_and_by_its_hash(bench: &Bench) {
    let storage = &bench.storage;
    let (world, other) = (World::new(storage).await, World::new(storage).await);
    let before = world.change_seq().await;
    let former = world.stored_picture("1").await;
    assert_eq!(world.change_seq().await, before + 1, "open pages follow");
    let (next, second) = (fixture::picture("1"), fixture::picture("2"));
    storage.put_pictures(world.organization, &[next.clone(), second.clone()], SETTLES_AT).await.unwrap();
    let found = hashes(&world, &["1", "3", "2"]).await;
    assert_eq!(found, [Some(next.hash.clone()), None, Some(second.hash.clone())]);
    assert!(is_kept(&world, &next).await && is_kept(&world, &second).await);
    assert!(!is_kept(&world, &former).await, "another one took its place");
    assert_eq!(hashes(&world, &[]).await, []);

    assert_eq!(hashes(&other, &["1", "2"]).await, [None, None]);
    storage.put_pictures(other.organization, std::slice::from_ref(&next), SETTLES_AT).await.unwrap();
    assert_eq!(hashes(&other, &["1"]).await, [Some(next.hash.clone())]);
    assert!(is_kept(&other, &next).await, "two organizations may show the same");

    let nobody = storage.put_pictures(fixture::organization_id(), &[next], SETTLES_AT).await;
    assert!(matches!(nobody, Err(StoreError::Stale)), "{nobody:?}");
}

pub async fn a_picture_goes_with_the_last_channel_that_shows_it(bench: &Bench) {
    let storage = &bench.storage;
    let (world, other) = (World::new(storage).await, World::new(storage).await);
    let (first, mut second) = (world.stored_commit().await, world.commit());
    // The same Page under two connections.
    second.channels[0].account_id.clone_from(&first.channels[0].account_id);
    storage.commit_connection(&second, &world.trail()).await.unwrap();
    let shared = world.stored_picture(&first.channels[0].account_id).await;
    let [single, last] = [&first, &second].map(|commit| commit.channels[1].account_id.clone());
    let (single, last) = (world.stored_picture(&single).await, world.stored_picture(&last).await);
    let elsewhere = other.stored_picture("1").await;

    assert!(storage.delete_connection(world.organization, first.connection.id, &world.trail()).await.unwrap());
    assert!(!is_kept(&world, &single).await);
    assert!(is_kept(&world, &shared).await && is_kept(&world, &last).await);

    let mut next = ConnectionCommit { channels: vec![second.channels[0].clone()], ..second };
    next.connection.version += 1;
    storage.commit_connection(&next, &world.trail()).await.unwrap();
    assert!(is_kept(&world, &shared).await && !is_kept(&world, &last).await);

    assert!(storage.erase_connection(world.organization, next.connection.id, &world.trail()).await.unwrap());
    assert!(!is_kept(&world, &shared).await);
    assert!(is_kept(&other, &elsewhere).await);
}

pub async fn a_picture_waits_for_a_channel_and_then_settles(bench: &Bench) {
    let storage = &bench.storage;
    let (world, other) = (World::new(storage).await, World::new(storage).await);
    let commit = world.stored_commit().await;
    let connected = world.stored_picture(&commit.channels[0].account_id).await;
    let unused = world.stored_picture("nobody's").await;
    // Connected by another organization alone.
    let foreign = other.stored_picture(&commit.channels[0].account_id).await;

    storage.settle_pictures(SETTLES_AT.plus(-1)).await.unwrap();
    assert!(is_kept(&world, &unused).await && is_kept(&other, &foreign).await);
    storage.settle_pictures(SETTLES_AT).await.unwrap();
    assert!(!is_kept(&world, &unused).await && !is_kept(&other, &foreign).await);
    assert!(is_kept(&world, &connected).await);
    assert_eq!(bench.number("SELECT count(*) FROM pictures WHERE settles_at IS NOT NULL").await, 0);
}
