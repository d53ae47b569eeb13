//! An organization that is large enough for its facts to be kept in memory.

use renewal::{ConnectionState, Identity, Renova};

use crate::{clock_jump::grant, support::World};

const MANY: usize = 60;

async fn seen(renova: &Renova, who: &Identity) -> Vec<String> {
    let calls = renova.calls(who).await.unwrap().connections;
    let all = renova.connections(who).await.unwrap();
    assert_eq!(calls.len(), all.iter().filter(|state| state.needs_renewal()).count());
    let told = |state: ConnectionState| format!("{state:?}");
    all.into_iter().chain(calls).map(told).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_kept_is_what_is_stored() {
    let world = World::new().await;
    let mut ids = Vec::new();
    for number in 0..MANY {
        ids.push(world.renova.adopt_grant("aurora", grant(&world, number)).await.unwrap());
    }
    let who = world.signed_in("Ana").await;
    let other = world.another_process().await;
    let before = seen(&world.renova, &who).await;
    assert_eq!((before.len(), &seen(&world.renova, &who).await), (MANY, &before), "read twice, it is the same");

    // Each is a change that another process writes, or that time brings.
    let channel = other.connection(&who, ids[1]).await.unwrap().channels[0].channel.id;
    for change in 0..5 {
        match change {
            0 => other.disconnect(&who, ids[0], &grant(&world, 0).person_name).await.unwrap(),
            1 => other.set_story_options(&who, channel, false, false).await.unwrap(),
            2 => other.check(ids[2]).await.unwrap(),
            3 => drop(other.adopt_grant("aurora", grant(&world, MANY)).await.unwrap()),
            _ => world.meta.advance("50d").await,
        }
        let fresh = world.another_process().await;
        assert_eq!(seen(&world.renova, &who).await, seen(&fresh, &who).await, "change {change}");
    }
    let left = other.connections(&who).await.unwrap();
    assert!(left.len() == MANY && left.iter().all(|state| state.connection.id != ids[0]));
    assert!(!other.calls(&who).await.unwrap().connections.is_empty());
}
