//! Who belongs to an organization, and how somebody comes and goes.

use std::sync::Arc;

use lifecycle::{
    Role, TeamChange, TeamRefusal, Timestamp,
    ids::{OrganizationId, UserId},
};
use store::{Invitation, PasswordReset, Session, StoreError, User};

use crate::{
    bench::Bench,
    fixture::{self, NOW, World},
};

fn invitation(world: &World, email: &str) -> Invitation {
    Invitation {
        id: fixture::invitation_id(),
        organization_id: world.organization,
        email: email.to_owned(),
        role: Role::Agent,
        token_hash: fixture::hash(),
        invited_by: world.user,
        created_at: NOW.plus(1),
        expires_at: NOW.plus(10),
    }
}

async fn another(world: &World, role: Role) -> User {
    let user = User { role, ..fixture::user(world.organization) };
    world.storage.insert_user(&user).await.unwrap();
    user
}

async fn change(world: &World, id: UserId, change: TeamChange) -> Result<(), TeamRefusal> {
    world.storage.change_team(world.organization, id, change, &world.trail()).await.unwrap()
}

pub async fn a_role_changes_with_its_trail(bench: &Bench) {
    let world = World::new(&bench.storage).await;
    let agent = another(&world, Role::Agent).await;
    let before = world.change_seq().await;
    change(&world, agent.id, TeamChange::Role(Role::Admin)).await.unwrap();
    let read = bench.storage.user(world.organization, agent.id).await.unwrap().unwrap();
    assert_eq!(read, User { role: Role::Admin, ..agent });
    assert_eq!(world.change_seq().await, before + 1);
    assert_eq!(bench.storage.audit_of(world.organization, 10).await.unwrap().len(), 1);
}

pub async fn whoever_is_removed_leaves_a_name_alone(bench: &Bench) {
    let storage = &bench.storage;
    let world = World::new(storage).await;
    let gone = another(&world, Role::Admin).await;
    let session = fixture::session(gone.id);
    storage.insert_session(&session).await.unwrap();
    let reset = PasswordReset { token_hash: fixture::hash(), user_id: gone.id, expires_at: NOW.plus(10) };
    storage.insert_password_reset(&reset).await.unwrap();
    change(&world, gone.id, TeamChange::Remove).await.unwrap();

    assert_eq!(storage.user(world.organization, gone.id).await.unwrap(), None);
    assert_eq!(storage.user_by_email(&gone.email).await.unwrap(), None);
    assert_eq!(storage.session(&session.token_hash).await.unwrap(), None);
    assert_eq!(storage.password_reset(&reset.token_hash, NOW).await.unwrap(), None);
    assert_eq!(storage.users_of(world.organization).await.unwrap().len(), 1);
    assert_eq!(storage.team_of(world.organization).await.unwrap().len(), 1);
    let everybody = storage.everybody_of(world.organization).await.unwrap();
    let left = everybody.iter().find(|it| it.id == gone.id).unwrap();
    assert_eq!((left.name.as_str(), left.password_hash.as_deref()), (gone.name.as_str(), None));
    assert!(!left.email.contains('@'));
    assert_eq!(change(&world, gone.id, TeamChange::Remove).await, Err(TeamRefusal::NotThere));
    assert!(matches!(storage.set_locale(world.organization, gone.id, "en").await, Err(StoreError::Stale)));

    storage.insert_session(&fixture::session(gone.id)).await.unwrap();
    let again = User { email: gone.email.clone(), ..fixture::user(world.organization) };
    storage.insert_user(&again).await.unwrap();
    assert_eq!(storage.user_by_email(&gone.email).await.unwrap(), Some(again), "the e-mail is free again");
}

pub async fn the_last_administrator_stays(bench: &Bench) {
    let world = World::new(&bench.storage).await;
    let agent = another(&world, Role::Agent).await;
    let before = world.change_seq().await;
    for asked in [TeamChange::Role(Role::Agent), TeamChange::Remove] {
        assert_eq!(change(&world, world.user, asked).await, Err(TeamRefusal::LastAdmin));
    }
    assert_eq!(world.change_seq().await, before, "nothing was written");
    change(&world, agent.id, TeamChange::Role(Role::Admin)).await.unwrap();
    change(&world, world.user, TeamChange::Remove).await.unwrap();
    assert_eq!(change(&world, agent.id, TeamChange::Remove).await, Err(TeamRefusal::LastAdmin));
}

pub async fn administrators_that_remove_each_other_at_once_leave_one(bench: &Bench) {
    let world = Arc::new(World::new(&bench.storage).await);
    let mut admins = vec![world.user];
    for _ in 0..5 {
        admins.push(another(&world, Role::Admin).await.id);
    }
    let tasks: Vec<_> = admins
        .into_iter()
        .map(|id| {
            let world = Arc::clone(&world);
            tokio::spawn(async move { change(&world, id, TeamChange::Remove).await })
        })
        .collect();
    let mut refused = Vec::new();
    for task in tasks {
        refused.extend(task.await.unwrap().err());
    }
    assert_eq!(refused, [TeamRefusal::LastAdmin]);
    assert_eq!(bench.storage.users_of(world.organization).await.unwrap().len(), 1);
}

pub async fn the_team_says_who_was_there_when(bench: &Bench) {
    let storage = &bench.storage;
    let world = World::new(storage).await;
    let seen = async || storage.team_of(world.organization).await.unwrap()[0].last_seen_at;
    assert_eq!(seen().await, None);
    let session = Session { last_seen_at: NOW, ..fixture::session(world.user) };
    storage.insert_session(&session).await.unwrap();
    assert_eq!(seen().await, Some(NOW));
    storage.touch_session(&session.token_hash, NOW.plus(50)).await.unwrap();
    storage.touch_session(&session.token_hash, NOW.plus(40)).await.unwrap();
    storage.delete_session(&session.token_hash).await.unwrap();
    assert_eq!(seen().await, Some(NOW.plus(50)));
}

pub async fn a_new_password_keeps_one_session(bench: &Bench) {
    let storage = &bench.storage;
    let (world, other) = (World::new(storage).await, World::new(storage).await);
    let [own, elsewhere] = [fixture::session(world.user), fixture::session(world.user)];
    let foreign = fixture::session(other.user);
    for session in [&own, &elsewhere, &foreign] {
        storage.insert_session(session).await.unwrap();
    }
    assert_eq!(storage.sessions_of(world.user).await.unwrap().len(), 2);
    let reset = PasswordReset { token_hash: fixture::hash(), user_id: world.user, expires_at: NOW.plus(10) };
    storage.insert_password_reset(&reset).await.unwrap();
    assert_eq!(storage.open_resets(world.user, NOW).await.unwrap(), 1);
    storage.change_password(world.user, "newer", &own.token_hash, NOW, &world.trail()).await.unwrap();
    assert_eq!(storage.open_resets(world.user, NOW).await.unwrap(), 0);
    assert_eq!(storage.sessions_of(world.user).await.unwrap(), [own]);
    assert!(storage.session(&foreign.token_hash).await.unwrap().is_some());
    let user = storage.user(world.organization, world.user).await.unwrap().unwrap();
    assert_eq!(user.password_hash.as_deref(), Some("newer"));

    storage.end_sessions(world.user, &world.trail()).await.unwrap();
    assert_eq!(storage.sessions_of(world.user).await.unwrap(), []);
    assert!(storage.session(&foreign.token_hash).await.unwrap().is_some());
}

pub async fn a_language_is_kept(bench: &Bench) {
    let world = World::new(&bench.storage).await;
    bench.storage.set_locale(world.organization, world.user, "es").await.unwrap();
    let user = bench.storage.user(world.organization, world.user).await.unwrap().unwrap();
    assert_eq!(user.locale.as_deref(), Some("es"));
}

pub async fn the_newest_invitation_of_an_address_counts(bench: &Bench) {
    let storage = &bench.storage;
    let (world, other) = (World::new(storage).await, World::new(storage).await);
    let (first, elsewhere) = (invitation(&world, "gil@x.example"), invitation(&other, "gil@x.example"));
    storage.put_invitation(&first, &world.trail()).await.unwrap();
    storage.put_invitation(&elsewhere, &other.trail()).await.unwrap();
    let second = Invitation { role: Role::Admin, created_at: NOW.plus(2), ..invitation(&world, "gil@x.example") };
    let third = invitation(&world, "lia@x.example");
    storage.put_invitation(&second, &world.trail()).await.unwrap();
    storage.put_invitation(&third, &world.trail()).await.unwrap();
    assert_eq!(storage.invitation(&first.token_hash, NOW).await.unwrap(), None);
    assert_eq!(storage.invitation(&second.token_hash, NOW).await.unwrap().as_ref(), Some(&second));
    let all = storage.invitations_of(world.organization, NOW).await.unwrap();
    assert_eq!(all, [second.clone(), third]);
    assert_eq!(storage.invitation(&second.token_hash, NOW.plus(10)).await.unwrap(), None, "it is over");
    assert_eq!(storage.invitations_of(world.organization, NOW.plus(10)).await.unwrap(), []);
    assert_eq!(storage.invitations_of(other.organization, NOW).await.unwrap(), [elsewhere]);
}

pub async fn an_invitation_is_withdrawn_by_its_own_organization(bench: &Bench) {
    let storage = &bench.storage;
    let (world, other) = (World::new(storage).await, World::new(storage).await);
    let asked = invitation(&world, "gil@x.example");
    storage.put_invitation(&asked, &world.trail()).await.unwrap();
    assert!(!storage.withdraw_invitation(other.organization, asked.id, &other.trail()).await.unwrap());
    assert!(storage.withdraw_invitation(world.organization, asked.id, &world.trail()).await.unwrap());
    assert!(!storage.withdraw_invitation(world.organization, asked.id, &world.trail()).await.unwrap());
    assert_eq!(storage.invitation(&asked.token_hash, NOW).await.unwrap(), None);
    assert!(storage.audit_of(other.organization, 10).await.unwrap().is_empty());
}

async fn accept(world: &World, asked: &Invitation, now: Timestamp) -> store::Result<bool> {
    let user = User {
        email: asked.email.clone(),
        organization_id: asked.organization_id,
        ..fixture::user(world.organization)
    };
    let session = fixture::session(user.id);
    let mut trail = world.trail();
    trail.audit.user_id = Some(user.id);
    world.storage.accept_invitation(&asked.token_hash, now, &user, &session, &trail).await
}

pub async fn an_invitation_is_used_once(bench: &Bench) {
    let storage = &bench.storage;
    let world = Arc::new(World::new(storage).await);
    let asked = invitation(&world, "gil@x.example");
    storage.put_invitation(&asked, &world.trail()).await.unwrap();
    assert!(!accept(&world, &asked, NOW.plus(10)).await.unwrap(), "over");
    let tasks: Vec<_> = (0..8)
        .map(|_| {
            let (world, asked) = (Arc::clone(&world), asked.clone());
            tokio::spawn(async move { accept(&world, &asked, NOW).await.unwrap() })
        })
        .collect();
    let mut used = 0;
    for task in tasks {
        used += usize::from(task.await.unwrap());
    }
    assert_eq!(used, 1);
    assert_eq!(storage.users_of(world.organization).await.unwrap().len(), 2);
    assert_eq!(bench.number("SELECT count(*) FROM sessions").await, 1);
}

pub async fn a_taken_address_leaves_the_invitation_as_it_is(bench: &Bench) {
    let storage = &bench.storage;
    let (world, other) = (World::new(storage).await, World::new(storage).await);
    let taken = another(&other, Role::Agent).await;
    let asked = invitation(&world, &taken.email);
    storage.put_invitation(&asked, &world.trail()).await.unwrap();
    let refused = accept(&world, &asked, NOW).await;
    assert!(matches!(refused, Err(StoreError::Conflict { what: "email" })), "{refused:?}");
    assert_eq!(storage.invitation(&asked.token_hash, NOW).await.unwrap(), Some(asked));
    assert_eq!(bench.number("SELECT count(*) FROM sessions").await, 0);
}

pub async fn nobody_changes_a_foreign_team(bench: &Bench) {
    let storage = &bench.storage;
    let (owner, stranger) = (World::new(storage).await, World::new(storage).await);
    let agent = another(&owner, Role::Agent).await;
    let foreign: OrganizationId = stranger.organization;
    for asked in [TeamChange::Role(Role::Admin), TeamChange::Remove] {
        let refused = storage.change_team(foreign, agent.id, asked, &stranger.trail()).await.unwrap();
        assert_eq!(refused, Err(TeamRefusal::NotThere));
    }
    assert!(matches!(storage.set_locale(foreign, agent.id, "en").await, Err(StoreError::Stale)));
    assert_eq!(storage.user(owner.organization, agent.id).await.unwrap(), Some(agent));
    let across = Invitation { invited_by: owner.user, ..invitation(&stranger, "gil@x.example") };
    assert!(matches!(storage.put_invitation(&across, &stranger.trail()).await, Err(StoreError::Stale)));
}

pub async fn what_has_ended_goes_with_the_sessions(bench: &Bench) {
    let storage = &bench.storage;
    let world = World::new(storage).await;
    let reset = |expires_at| PasswordReset { token_hash: fixture::hash(), user_id: world.user, expires_at };
    let asked = |email: &str, expires_at| Invitation { expires_at, ..invitation(&world, email) };
    for end in [NOW, NOW.plus(1)] {
        storage.insert_password_reset(&reset(end)).await.unwrap();
        storage.put_invitation(&asked(&format!("{}@x.example", end.0), end), &world.trail()).await.unwrap();
    }
    storage.delete_ended_sessions(NOW, NOW.plus(-100)).await.unwrap();
    assert_eq!(bench.number("SELECT count(*) FROM password_resets").await, 1);
    assert_eq!(bench.number("SELECT count(*) FROM invitations").await, 1);
}
