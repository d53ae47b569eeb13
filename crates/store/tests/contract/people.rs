use std::sync::Arc;

use lifecycle::{Provider, Role, Timestamp};
use store::{MetaApp, Organization, PasswordReset, Session, StoreError, User};

use crate::{
    bench::Bench,
    fixture::{self, NOW, World},
};

fn conflict_on(outcome: store::Result<()>) -> &'static str {
    match outcome {
        Err(StoreError::Conflict { what }) => what,
        other => panic!("no conflict: {other:?}"),
    }
}

pub async fn organizations_are_found_by_id_and_slug(bench: &Bench) {
    let storage = &bench.storage;
    let organization = fixture::organization();
    storage.insert_organization(&organization).await.unwrap();
    assert_eq!(storage.organization(organization.id).await.unwrap().as_ref(), Some(&organization));
    assert_eq!(storage.organization_by_slug(&organization.slug).await.unwrap().as_ref(), Some(&organization));
    assert_eq!(storage.change_seq(organization.id).await.unwrap(), Some(0));

    assert_eq!(storage.organization(fixture::organization_id()).await.unwrap(), None);
    assert_eq!(storage.organization_by_slug("nobody").await.unwrap(), None);
    assert_eq!(storage.change_seq(fixture::organization_id()).await.unwrap(), None);
}

pub async fn zone_and_language_of_an_organization_are_changed(bench: &Bench) {
    let storage = &bench.storage;
    let (world, other) = (World::new(storage).await, World::new(storage).await);
    let (commit, before) = (world.stored_commit().await, world.change_seq().await);
    let untouched = storage.organization(other.organization).await.unwrap();
    let due = async || {
        let due = storage.claim_watches(NOW, fixture::next_minute(), 100).await.unwrap();
        due.iter().any(|it| it.connection.id == commit.connection.id && it.watch_at == Timestamp(0))
    };
    let trail = world.trail();
    storage.set_zone_and_locale(world.organization, "Europe/Madrid", "es", &trail).await.unwrap();
    let organization = storage.organization(world.organization).await.unwrap().unwrap();
    assert_eq!((organization.time_zone.as_str(), organization.locale.as_str()), ("Europe/Madrid", "es"));
    assert_eq!(storage.organization(other.organization).await.unwrap(), untouched);
    assert_eq!(world.change_seq().await, before + 1);
    assert_eq!(storage.audit_of(world.organization, 1).await.unwrap(), [trail.audit]);
    assert!(due().await, "its warnings go by another clock now");

    let nobody = fixture::organization_id();
    let refused = storage.set_zone_and_locale(nobody, "UTC", "en", &world.trail()).await;
    assert!(matches!(refused, Err(StoreError::Stale)), "{refused:?}");
}

pub async fn taken_names_of_organizations_are_conflicts(bench: &Bench) {
    let storage = &bench.storage;
    let first = fixture::organization();
    storage.insert_organization(&first).await.unwrap();
    let same_slug = Organization { slug: first.slug.clone(), ..fixture::organization() };
    assert_eq!(conflict_on(storage.insert_organization(&same_slug).await), "slug");
    let same_external = Organization { external_id: first.external_id.clone(), ..fixture::organization() };
    assert_eq!(conflict_on(storage.insert_organization(&same_external).await), "external_id");
    assert_eq!(storage.organization(same_slug.id).await.unwrap(), None);
}

pub async fn users_are_read_back(bench: &Bench) {
    let storage = &bench.storage;
    let world = World::new(storage).await;
    let before = world.change_seq().await;
    let agent = User {
        role: Role::Agent,
        external_id: None,
        locale: None,
        password_hash: None,
        ..fixture::user(world.organization)
    };
    let admin = fixture::user(world.organization);
    for user in [&agent, &admin] {
        storage.insert_user(user).await.unwrap();
        assert_eq!(storage.user(world.organization, user.id).await.unwrap().as_ref(), Some(user));
        assert_eq!(storage.user_by_email(&user.email).await.unwrap().as_ref(), Some(user));
    }
    assert_eq!(storage.user_by_email("nobody@example.com").await.unwrap(), None);
    assert_eq!(world.change_seq().await, before + 2);

    let homeless = fixture::user(fixture::organization_id());
    assert!(matches!(storage.insert_user(&homeless).await, Err(StoreError::Stale)));
}

pub async fn taken_names_of_users_are_conflicts(bench: &Bench) {
    let storage = &bench.storage;
    let (one, two) = (World::new(storage).await, World::new(storage).await);
    let first = fixture::user(one.organization);
    storage.insert_user(&first).await.unwrap();
    let before = two.change_seq().await;

    let same_email = User { email: first.email.clone(), ..fixture::user(two.organization) };
    assert_eq!(conflict_on(storage.insert_user(&same_email).await), "email");
    assert_eq!(two.change_seq().await, before);

    let external_id = first.external_id.clone();
    let same_external = User { external_id: external_id.clone(), ..fixture::user(one.organization) };
    assert_eq!(conflict_on(storage.insert_user(&same_external).await), "external_id");
    let elsewhere = User { external_id, ..fixture::user(two.organization) };
    storage.insert_user(&elsewhere).await.unwrap();
}

pub async fn users_come_in_the_order_of_their_names(bench: &Bench) {
    let world = World::new(&bench.storage).await;
    for name in ["beto", "Carla", "Ana"] {
        let user = User { name: name.to_owned(), ..fixture::user(world.organization) };
        bench.storage.insert_user(&user).await.unwrap();
    }
    let users = bench.storage.users_of(world.organization).await.unwrap();
    let names: Vec<_> = users.iter().map(|user| user.name.as_str()).take(3).collect();
    assert_eq!(names, ["Ana", "beto", "Carla"]);
    assert_eq!(users.len(), 4);
}

pub async fn a_stronger_hash_replaces_the_old_one(bench: &Bench) {
    let world = World::new(&bench.storage).await;
    bench.storage.rehash_password(world.user, "stronger").await.unwrap();
    let user = bench.storage.user(world.organization, world.user).await.unwrap().unwrap();
    assert_eq!(user.password_hash.as_deref(), Some("stronger"));
}

pub async fn a_session_comes_with_its_user(bench: &Bench) {
    let storage = &bench.storage;
    let world = World::new(storage).await;
    let user = storage.user(world.organization, world.user).await.unwrap().unwrap();
    let session = fixture::session(user.id);
    storage.insert_session(&session).await.unwrap();
    let read = storage.session(&session.token_hash).await.unwrap();
    assert_eq!(read, Some((session.clone(), user.clone())));
    assert_eq!(storage.session(&fixture::hash()).await.unwrap(), None);

    storage.touch_session(&session.token_hash, NOW.plus(50)).await.unwrap();
    storage.touch_session(&session.token_hash, NOW.plus(40)).await.unwrap();
    let (touched, _) = storage.session(&session.token_hash).await.unwrap().unwrap();
    assert_eq!(touched.last_seen_at, NOW.plus(50), "a late request does not turn it back");

    assert_eq!(conflict_on(storage.insert_session(&session).await), "session");
    storage.delete_session(&session.token_hash).await.unwrap();
    assert_eq!(storage.session(&session.token_hash).await.unwrap(), None);
}

pub async fn sessions_end(bench: &Bench) {
    let storage = &bench.storage;
    let world = World::new(storage).await;
    let live = fixture::session(world.user);
    let ended = Session { expires_at: NOW.plus(400), ..fixture::session(world.user) };
    let idle = Session { last_seen_at: NOW.plus(-500), ..fixture::session(world.user) };
    for session in [&live, &ended, &idle] {
        storage.insert_session(session).await.unwrap();
    }
    storage.delete_ended_sessions(NOW.plus(500), NOW.plus(-100)).await.unwrap();
    assert!(storage.session(&live.token_hash).await.unwrap().is_some());
    assert!(storage.session(&ended.token_hash).await.unwrap().is_none());
    assert!(storage.session(&idle.token_hash).await.unwrap().is_none());
}

pub async fn a_password_reset_is_used_once(bench: &Bench) {
    let storage = &bench.storage;
    let (world, other) = (World::new(storage).await, World::new(storage).await);
    let (session, foreign) = (fixture::session(world.user), fixture::session(other.user));
    storage.insert_session(&session).await.unwrap();
    storage.insert_session(&foreign).await.unwrap();
    let reset = PasswordReset { token_hash: fixture::hash(), user_id: world.user, expires_at: NOW.plus(10) };
    storage.insert_password_reset(&reset).await.unwrap();
    assert_eq!(storage.password_reset(&reset.token_hash, NOW).await.unwrap().map(|it| it.id), Some(world.user));

    let tasks: Vec<_> = (0..20)
        .map(|number| {
            let (storage, trail) = (Arc::clone(storage), world.trail());
            let password = format!("new-{number}");
            tokio::spawn(async move { storage.use_password_reset(&reset.token_hash, &password, NOW, &trail).await })
        })
        .collect();
    let mut winners = Vec::new();
    for (number, task) in tasks.into_iter().enumerate() {
        match task.await.unwrap().unwrap() {
            Some(user) if user == world.user => winners.push(number),
            Some(_) => panic!("somebody else's"),
            None => {}
        }
    }
    assert_eq!(winners.len(), 1);
    assert_eq!(
        storage.audit_of(world.organization, 30).await.unwrap().len(),
        1,
        "whoever came too late writes nothing"
    );
    let user = storage.user(world.organization, world.user).await.unwrap().unwrap();
    assert_eq!(user.password_hash, Some(format!("new-{}", winners[0])));
    assert_eq!(storage.session(&session.token_hash).await.unwrap(), None);
    assert!(storage.session(&foreign.token_hash).await.unwrap().is_some());
    assert_eq!(storage.password_reset(&reset.token_hash, NOW).await.unwrap(), None);
}

pub async fn a_used_reset_ends_the_others_of_its_user(bench: &Bench) {
    let storage = &bench.storage;
    let world = World::new(storage).await;
    let other = fixture::user(world.organization);
    storage.insert_user(&other).await.unwrap();
    let reset = |user_id| PasswordReset { token_hash: fixture::hash(), user_id, expires_at: NOW.plus(10) };
    let resets: Vec<_> = (0..8).map(|_| reset(world.user)).collect();
    let foreign = reset(other.id);
    for reset in resets.iter().chain([&foreign]) {
        storage.insert_password_reset(reset).await.unwrap();
    }
    // All links at once: one of them is used.
    let tasks: Vec<_> = resets
        .iter()
        .map(|reset| {
            let (storage, token_hash, trail) = (Arc::clone(storage), reset.token_hash, world.trail());
            tokio::spawn(async move { storage.use_password_reset(&token_hash, "new", NOW, &trail).await })
        })
        .collect();
    let mut used = 0;
    for task in tasks {
        used += u8::from(task.await.unwrap().unwrap().is_some());
    }
    assert_eq!(used, 1);
    for reset in &resets {
        assert_eq!(storage.password_reset(&reset.token_hash, NOW).await.unwrap(), None);
    }
    assert_eq!(storage.password_reset(&foreign.token_hash, NOW).await.unwrap(), Some(other));
}

pub async fn a_reset_that_is_over_changes_nothing(bench: &Bench) {
    let storage = &bench.storage;
    let world = World::new(storage).await;
    let session = fixture::session(world.user);
    storage.insert_session(&session).await.unwrap();
    let reset = PasswordReset { token_hash: fixture::hash(), user_id: world.user, expires_at: NOW };
    storage.insert_password_reset(&reset).await.unwrap();
    for token_hash in [reset.token_hash, fixture::hash()] {
        assert_eq!(storage.password_reset(&token_hash, NOW).await.unwrap(), None);
        assert_eq!(storage.use_password_reset(&token_hash, "new", NOW, &world.trail()).await.unwrap(), None);
    }
    let user = storage.user(world.organization, world.user).await.unwrap().unwrap();
    assert_ne!(user.password_hash.as_deref(), Some("new"));
    assert!(storage.session(&session.token_hash).await.unwrap().is_some());
}

pub async fn meta_apps_are_inserted_once(bench: &Bench) {
    let storage = &bench.storage;
    let app = |provider| MetaApp { id: fixture::meta_app_id(), provider, app_id: "42".to_owned() };
    let tasks: Vec<_> = (0..10)
        .map(|_| {
            let (storage, app) = (Arc::clone(storage), app(Provider::Facebook));
            tokio::spawn(async move { storage.ensure_meta_app(&app).await })
        })
        .collect();
    let stored = storage.ensure_meta_app(&app(Provider::Facebook)).await.unwrap();
    for task in tasks {
        assert_eq!(task.await.unwrap().unwrap(), stored);
    }
    assert_eq!(storage.meta_app(stored.id).await.unwrap().as_ref(), Some(&stored));
    assert_eq!(storage.meta_app_by_app_id(Provider::Facebook, "42").await.unwrap(), Some(stored.clone()));
    assert_eq!(storage.meta_app_by_app_id(Provider::Instagram, "42").await.unwrap(), None);
    assert_eq!(storage.meta_app(fixture::meta_app_id()).await.unwrap(), None);
    assert_ne!(storage.ensure_meta_app(&app(Provider::Instagram)).await.unwrap().id, stored.id);
}

pub async fn changes_of_several_organizations_are_read_at_once(bench: &Bench) {
    let storage = &bench.storage;
    let worlds = [World::new(storage).await, World::new(storage).await, World::new(storage).await];
    for world in &worlds[1..] {
        storage.append_audit(&world.trail()).await.unwrap();
    }
    let asked = [worlds[0].organization, fixture::organization_id(), worlds[1].organization];
    let mut expected = Vec::new();
    for world in &worlds[..2] {
        expected.push((world.organization, world.change_seq().await));
    }
    let mut found = storage.change_seqs(&asked).await.unwrap();
    found.sort_by_key(|(_, seq)| *seq);
    assert_eq!(found, expected);
    assert_eq!(storage.change_seqs(&[]).await.unwrap(), []);
}
