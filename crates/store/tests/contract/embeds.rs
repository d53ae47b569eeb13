use lifecycle::{Timestamp, ids::OrganizationId};
use store::{EmbedSession, LoginTicket, Redemption, Renewal, StoreError};

use crate::{
    bench::Bench,
    fixture::{self, NOW, World},
};

const ORIGIN: &str = "https://host.example";

fn session(world: &World) -> EmbedSession {
    EmbedSession {
        token_hash: fixture::hash(),
        organization_id: world.organization,
        user_id: world.user,
        origin: ORIGIN.to_owned(),
        return_url: Some(format!("{ORIGIN}/meta")),
        created_at: NOW,
        expires_at: NOW.plus(10),
        redeemed_at: None,
    }
}

async fn stored_session(world: &World) -> EmbedSession {
    let session = session(world);
    world.storage.insert_embed_session(&session, &world.trail()).await.unwrap();
    session
}

fn ticket(renewal: &Renewal) -> LoginTicket {
    LoginTicket {
        ticket_hash: fixture::hash(),
        organization_id: renewal.organization_id,
        renewal_id: renewal.id,
        user_id: renewal.user_id,
        is_popup: true,
        number: 47,
        choices: vec![12, 47, 83],
        return_url: Some(format!("{ORIGIN}/meta")),
        created_at: NOW,
        expires_at: NOW.plus(10),
        used_at: None,
    }
}

async fn embed_id(world: &World) -> String {
    world.storage.embed_id(world.organization).await.unwrap().unwrap()
}

pub async fn every_organization_has_a_random_embed_id(bench: &Bench) {
    let storage = &bench.storage;
    let (world, other) = (World::new(storage).await, World::new(storage).await);
    let (first, second) = (embed_id(&world).await, embed_id(&other).await);
    assert_ne!(first, second);
    assert!(first.len() == 32 && first.bytes().all(|byte| byte.is_ascii_hexdigit()), "{first}");
    assert_eq!(storage.organization_by_embed_id(&first).await.unwrap().unwrap().id, world.organization);
    assert_eq!(storage.organization_by_embed_id("nobody").await.unwrap(), None);
    assert_eq!(storage.embed_id(fixture::organization_id()).await.unwrap(), None);
}

pub async fn origins_belong_to_an_organization_or_the_platform(bench: &Bench) {
    let storage = &bench.storage;
    let (world, other) = (World::new(storage).await, World::new(storage).await);
    let before = world.change_seq().await;
    let trail = world.trail();
    let add = async |organization: Option<OrganizationId>, origin: &str| {
        storage.add_embed_origin(organization, origin, NOW, None).await.unwrap()
    };
    assert!(storage.add_embed_origin(Some(world.organization), ORIGIN, NOW, Some(&trail)).await.unwrap());
    assert_eq!(
        (world.change_seq().await, storage.audit_of(world.organization, 9).await.unwrap().len()),
        (before + 1, 1)
    );
    let repeated = storage.add_embed_origin(Some(world.organization), ORIGIN, NOW, Some(&world.trail())).await.unwrap();
    assert!(!repeated, "once is enough");
    assert_eq!(
        (world.change_seq().await, storage.audit_of(world.organization, 9).await.unwrap().len()),
        (before + 1, 1)
    );
    assert!(add(Some(world.organization), "https://a.example").await);
    assert!(add(Some(other.organization), ORIGIN).await, "each has a list of its own");
    assert!(add(None, ORIGIN).await && !add(None, ORIGIN).await && add(None, "https://platform.example").await);

    assert_eq!(storage.embed_origins(Some(world.organization)).await.unwrap(), ["https://a.example", ORIGIN]);
    assert_eq!(storage.embed_origins(Some(other.organization)).await.unwrap(), [ORIGIN]);
    assert_eq!(storage.embed_origins(None).await.unwrap(), [ORIGIN, "https://platform.example"]);
    for (origin, known) in
        [("https://a.example", true), ("https://platform.example", true), ("https://b.example", false)]
    {
        assert_eq!(storage.is_embed_origin(origin).await.unwrap(), known, "{origin}");
    }

    assert!(!storage.remove_embed_origin(Some(other.organization), "https://a.example", None).await.unwrap());
    assert!(storage.remove_embed_origin(Some(world.organization), ORIGIN, Some(&world.trail())).await.unwrap());
    assert_eq!(storage.embed_origins(Some(world.organization)).await.unwrap(), ["https://a.example"]);
    assert_eq!(storage.embed_origins(Some(other.organization)).await.unwrap(), [ORIGIN]);
    assert_eq!(storage.embed_origins(None).await.unwrap().len(), 2);
    let nobody = storage.add_embed_origin(Some(fixture::organization_id()), ORIGIN, NOW, None).await;
    assert!(matches!(nobody, Err(StoreError::Stale)), "{nobody:?}");
}

pub async fn a_token_is_redeemed_once_where_it_belongs(bench: &Bench) {
    let storage = &bench.storage;
    let (world, other) = (World::new(storage).await, World::new(storage).await);
    let session = stored_session(&world).await;
    let (own, foreign) = (embed_id(&world).await, embed_id(&other).await);
    let bearer_hash = fixture::hash();
    let right =
        Redemption { token_hash: session.token_hash, origin: ORIGIN, embed_id: &own, bearer_hash, at: NOW.plus(9) };
    for wrong in [
        Redemption { token_hash: fixture::hash(), ..right },
        Redemption { origin: "https://sub.host.example", ..right },
        Redemption { embed_id: &foreign, ..right },
        Redemption { embed_id: "", ..right },
        Redemption { at: session.expires_at, ..right },
    ] {
        assert!(!storage.redeem_embed_session(&wrong).await.unwrap(), "{wrong:?}");
    }
    assert_eq!(storage.embed_session(&bearer_hash).await.unwrap(), None);

    assert!(storage.redeem_embed_session(&right).await.unwrap());
    let (redeemed, user) = storage.embed_session(&bearer_hash).await.unwrap().unwrap();
    assert_eq!(redeemed, EmbedSession { redeemed_at: Some(right.at), ..session.clone() });
    assert_eq!(user.id, world.user);
    assert!(!storage.redeem_embed_session(&Redemption { bearer_hash: fixture::hash(), ..right }).await.unwrap());
    assert_eq!(storage.embed_session(&session.token_hash).await.unwrap(), None, "the token itself opens nothing");
}

pub async fn of_many_that_redeem_at_once_one_does(bench: &Bench) {
    let world = World::new(&bench.storage).await;
    let session = stored_session(&world).await;
    let own = embed_id(&world).await;
    let tasks: Vec<_> = (0..8)
        .map(|_| {
            let (storage, own) = (world.storage.clone(), own.clone());
            tokio::spawn(async move {
                let redemption = Redemption {
                    token_hash: session.token_hash,
                    origin: ORIGIN,
                    embed_id: &own,
                    bearer_hash: fixture::hash(),
                    at: NOW,
                };
                storage.redeem_embed_session(&redemption).await.unwrap()
            })
        })
        .collect();
    let mut redeemed = 0;
    for task in tasks {
        redeemed += usize::from(task.await.unwrap());
    }
    assert_eq!(redeemed, 1);
}

pub async fn a_session_ends_with_its_person(bench: &Bench) {
    let storage = &bench.storage;
    let world = World::new(storage).await;
    let another = fixture::user(world.organization);
    storage.insert_user(&another).await.unwrap();
    let session = EmbedSession { user_id: another.id, ..session(&world) };
    storage.insert_embed_session(&session, &world.trail()).await.unwrap();
    let (own, bearer_hash) = (embed_id(&world).await, fixture::hash());
    let redemption =
        Redemption { token_hash: session.token_hash, origin: ORIGIN, embed_id: &own, bearer_hash, at: NOW };
    assert!(storage.redeem_embed_session(&redemption).await.unwrap());
    assert!(storage.embed_session(&bearer_hash).await.unwrap().is_some());
    let removed = storage
        .change_team(world.organization, another.id, lifecycle::TeamChange::Remove, &world.trail())
        .await
        .unwrap();
    assert_eq!(removed, Ok(()));
    assert_eq!(storage.embed_session(&bearer_hash).await.unwrap(), None);
    let across =
        EmbedSession { organization_id: World::new(storage).await.organization, ..stored_session(&world).await };
    let across = EmbedSession { token_hash: fixture::hash(), ..across };
    let refused = storage.insert_embed_session(&across, &world.trail()).await;
    assert!(matches!(refused, Err(StoreError::Stale)), "a person of another organization: {refused:?}");
}

pub async fn a_ticket_is_used_once(bench: &Bench) {
    let storage = &bench.storage;
    let world = World::new(storage).await;
    let renewal = world.stored_renewal(None).await;
    let stored = ticket(&renewal);
    storage.insert_login_ticket(&stored).await.unwrap();
    assert_eq!(storage.login_ticket(&stored.ticket_hash).await.unwrap().as_ref(), Some(&stored));
    let refused = storage.insert_login_ticket(&LoginTicket { number: 12, ..stored.clone() }).await;
    assert!(matches!(refused, Err(StoreError::Conflict { what: "ticket" })), "{refused:?}");
    let across = LoginTicket { organization_id: World::new(storage).await.organization, ..ticket(&renewal) };
    let refused = storage.insert_login_ticket(&across).await;
    assert!(matches!(refused, Err(StoreError::Stale)), "{refused:?}");

    assert_eq!(storage.use_login_ticket(&fixture::hash(), NOW).await.unwrap(), None);
    assert_eq!(storage.use_login_ticket(&stored.ticket_hash, stored.expires_at).await.unwrap(), None, "over");
    let used = LoginTicket { used_at: Some(NOW.plus(9)), ..stored.clone() };
    assert_eq!(storage.use_login_ticket(&stored.ticket_hash, NOW.plus(9)).await.unwrap().as_ref(), Some(&used));
    assert_eq!(storage.use_login_ticket(&stored.ticket_hash, NOW.plus(9)).await.unwrap(), None);
    assert_eq!(storage.login_ticket(&stored.ticket_hash).await.unwrap(), Some(used), "known until it is tidied up");
}

pub async fn what_has_ended_of_embeds_goes(bench: &Bench) {
    let storage = &bench.storage;
    let world = World::new(storage).await;
    let renewal = world.stored_renewal(None).await;
    let ends = |at: i64| -> Timestamp { NOW.plus(at) };
    for end in [1, 2, 3] {
        let session = EmbedSession { expires_at: ends(end), ..session(&world) };
        storage.insert_embed_session(&session, &world.trail()).await.unwrap();
        storage.insert_login_ticket(&LoginTicket { expires_at: ends(end), ..ticket(&renewal) }).await.unwrap();
    }
    storage.delete_ended_embeds(ends(2)).await.unwrap();
    for table in ["embed_sessions", "login_tickets"] {
        assert_eq!(bench.number(&format!("SELECT count(*) FROM {table}")).await, 1, "{table}");
    }
}
