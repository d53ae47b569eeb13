//! Links by which one person begins one renewal.

use lifecycle::ids::{ConnectionId, RenewalId};
use store::{RenewalLink, Session, StoreError};

use crate::{
    bench::Bench,
    fixture::{self, NOW, World},
};

fn link(world: &World, connection_id: Option<ConnectionId>) -> RenewalLink {
    RenewalLink {
        id: fixture::renewal_link_id(),
        organization_id: world.organization,
        user_id: world.user,
        connection_id,
        token_hash: fixture::hash(),
        vouched: true,
        created_at: NOW,
        expires_at: NOW.plus(1_000),
        used: None,
    }
}

async fn stored(world: &World, link: RenewalLink) -> RenewalLink {
    world.storage.insert_renewal_link(&link, &world.trail()).await.unwrap();
    link
}

pub async fn a_link_is_read_back_whole(bench: &Bench) {
    let storage = &bench.storage;
    let (world, other) = (World::new(storage).await, World::new(storage).await);
    let connection = world.stored_commit().await.connection.id;
    let trail = world.trail();
    let first = link(&world, Some(connection));
    storage.insert_renewal_link(&first, &trail).await.unwrap();
    assert!(world.picture().await.4.contains(&trail.audit));
    let used = Some((NOW.plus(3), fixture::renewal_id()));
    let second = stored(&world, RenewalLink { vouched: false, used, ..link(&world, None) }).await;
    for it in [first, second] {
        assert_eq!(storage.renewal_link(&it.token_hash).await.unwrap(), Some(it));
    }
    assert_eq!(storage.renewal_link(&fixture::hash()).await.unwrap(), None);
    let foreign = RenewalLink { organization_id: other.organization, ..link(&world, None) };
    let refused = storage.insert_renewal_link(&foreign, &other.trail()).await;
    assert!(matches!(refused, Err(StoreError::Stale)), "{refused:?}");
    let foreign =
        RenewalLink { user_id: other.user, organization_id: other.organization, ..link(&world, Some(connection)) };
    let refused = storage.insert_renewal_link(&foreign, &other.trail()).await;
    assert!(matches!(refused, Err(StoreError::Stale)), "{refused:?}");
}

fn session_for(world: &World, renewal: RenewalId) -> Session {
    Session { only_renewal: Some(renewal), ..fixture::session(world.user) }
}

pub async fn a_link_is_used_once(bench: &Bench) {
    let storage = &bench.storage;
    let world = World::new(storage).await;
    let link = stored(&world, link(&world, None)).await;
    let (renewal, hash) = (fixture::renewal_id(), &link.token_hash);
    let (session, late) = (session_for(&world, renewal), session_for(&world, renewal));
    let use_it = async |now, session: &Session| {
        let trail = world.trail();
        let used = storage.use_renewal_link(hash, now, renewal, Some(session), &trail).await.unwrap();
        (used, trail)
    };
    assert!(!use_it(link.expires_at, &late).await.0, "over");
    let (used, trail) = use_it(NOW.plus(9), &session).await;
    assert!(used);
    assert!(!use_it(NOW.plus(10), &late).await.0, "used");
    assert!(!storage.use_renewal_link(&fixture::hash(), NOW, renewal, None, &world.trail()).await.unwrap());

    let found = storage.renewal_link(hash).await.unwrap().unwrap();
    assert_eq!(found, RenewalLink { used: Some((NOW.plus(9), renewal)), ..link });
    let (kept, user) = storage.session(&session.token_hash).await.unwrap().unwrap();
    assert_eq!((kept, user.id), (session.clone(), world.user));
    assert_eq!(storage.sessions_of(world.user).await.unwrap(), [session]);
    assert_eq!(storage.session(&late.token_hash).await.unwrap(), None);
    assert!(world.picture().await.4.contains(&trail.audit));
}

pub async fn of_uses_at_once_one_wins(bench: &Bench) {
    let world = World::new(&bench.storage).await;
    let link = stored(&world, link(&world, None)).await;
    let renewal = fixture::renewal_id();
    let mut uses = Vec::new();
    for _ in 0..6 {
        let (storage, session, trail) = (bench.another().await, session_for(&world, renewal), world.trail());
        uses.push(tokio::spawn(async move {
            storage.use_renewal_link(&link.token_hash, NOW, renewal, Some(&session), &trail).await.unwrap()
        }));
    }
    let mut won = 0;
    for it in uses {
        won += usize::from(it.await.unwrap());
    }
    assert_eq!(won, 1);
    assert_eq!(bench.storage.sessions_of(world.user).await.unwrap().len(), 1);
}

pub async fn a_link_goes_with_its_connection_and_its_end(bench: &Bench) {
    let storage = &bench.storage;
    let world = World::new(storage).await;
    let connection = world.stored_commit().await.connection.id;
    let of_connection = stored(&world, link(&world, Some(connection))).await;
    let of_none = stored(&world, link(&world, None)).await;
    assert!(storage.delete_connection(world.organization, connection, &world.trail()).await.unwrap());
    assert_eq!(storage.renewal_link(&of_connection.token_hash).await.unwrap(), None);
    storage.delete_ended_sessions(of_none.expires_at.plus(-1), NOW).await.unwrap();
    assert!(storage.renewal_link(&of_none.token_hash).await.unwrap().is_some());
    storage.delete_ended_sessions(of_none.expires_at, NOW).await.unwrap();
    assert_eq!(storage.renewal_link(&of_none.token_hash).await.unwrap(), None);
}
