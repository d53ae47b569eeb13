//! Accounts and their pictures.

use lifecycle::{Provider, clock::DAY_MS, ids::RenewalId};
use renewal::Identity;

use crate::support::World;

/// Nobody is held up by pictures: they come when they come.
async fn until_all_are_there(world: &World, who: &Identity, id: RenewalId) -> Vec<String> {
    let there = async {
        loop {
            let detail = world.renova.renewal(who, id).await.unwrap();
            let pictures = world.renova.pictures_of_renewal(&detail).await.unwrap();
            let accounts = detail.staged.unwrap().accounts;
            let paths: Vec<_> = accounts.iter().filter_map(|it| pictures.path_of(&it.key.account_id)).collect();
            if paths.len() == accounts.len() {
                return paths;
            }
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(20), there).await.expect("every account has a picture")
}

async fn bytes_of(world: &World, path: &str) -> Option<Vec<u8>> {
    world.renova.picture(path.strip_prefix("/pictures/").unwrap()).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_log_in_brings_the_pictures_of_its_accounts() {
    let world = World::new().await;
    let ana = world.signed_in("Ana").await;
    let connection = world.connected("aurora", "Ana Souza", 5).await;
    let id = world.granted(&ana, Some(connection), "Ana Souza").await;

    let mut paths = until_all_are_there(&world, &ana, id).await;
    for path in &paths {
        let bytes = bytes_of(&world, path).await.unwrap();
        assert_eq!(meta::picture_type(&bytes), Some("image/png"));
    }
    // What is connected keeps its pictures, and shows them.
    let state = world.finished(&ana, id).await;
    world.meta.advance("25h").await;
    world.renova.housekeeping().await.unwrap();
    let pictures = world.renova.pictures(&ana, &[&state]).await.unwrap();
    let mut shown: Vec<_> = state.channels.iter().filter_map(|it| pictures.path_of(&it.channel.account_id)).collect();
    paths.sort();
    shown.sort();
    assert_eq!(shown, paths);
    let clara = world.signed_in("Clara").await;
    let foreign = world.renova.pictures(&clara, &[&state]).await.unwrap();
    assert!(state.channels.iter().all(|it| foreign.path_of(&it.channel.account_id).is_none()));

    world.renova.disconnect(&ana, connection, "Ana Souza").await.unwrap();
    for path in &paths {
        assert_eq!(bytes_of(&world, path).await, None, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn pictures_of_a_log_in_that_came_to_nothing_go() {
    let world = World::new().await;
    let ana = world.signed_in("Ana").await;
    let id = world.renova.start_renewal(&ana, None, Provider::Facebook, false).await.unwrap();
    world.meta.sim.seed_grant("Ana Souza", DAY_MS).unwrap();
    world.logs_in_at_meta(&ana, id, "Ana Souza").await;
    world.renova.exchange(&ana, id).await.unwrap();
    let paths = until_all_are_there(&world, &ana, id).await;
    world.renova.cancel(&ana, id).await.unwrap();

    world.renova.housekeeping().await.unwrap();
    assert!(bytes_of(&world, &paths[0]).await.is_some());
    world.meta.advance("25h").await;
    world.renova.housekeeping().await.unwrap();
    for path in &paths {
        assert_eq!(bytes_of(&world, path).await, None, "{path}");
    }
}
