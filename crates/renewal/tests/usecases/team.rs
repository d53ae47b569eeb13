//! Who comes, who goes, who may change whom; passwords and sessions of one's own.

use std::sync::Arc;

use lifecycle::{Role, clock::DAY_MS, ids::UserId};
use renewal::{Error, Identity, LinkAbout, MOST_OPEN_INVITATIONS, Renova};
use secrecy::{ExposeSecret, SecretString};

use crate::{
    support::{PASSWORD, Setup, World},
    warnings::Letters,
};

fn secret(text: &str) -> SecretString {
    SecretString::from(text)
}

async fn with_mail() -> (World, Arc<Letters>) {
    let letters = Arc::new(Letters::default());
    let world = World::with(Setup { mailer: Some(letters.clone()), ..Setup::default() }).await;
    (world, letters)
}

async fn person(world: &World, email: &str) -> UserId {
    world.renova.storage().user_by_email(email).await.unwrap().unwrap().id
}

async fn identified(renova: &Renova, token: &SecretString) -> Option<Identity> {
    renova.identify(token.expose_secret()).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invitation_makes_an_account_once() {
    let (world, letters) = with_mail().await;
    let renova = &world.renova;
    let ana = world.signed_in("Ana").await;
    let token = renova.invite(&ana, " Gil@Example.com ", Role::Admin).await.unwrap();
    let pending = renova.invitations(&ana).await.unwrap();
    assert_eq!((pending[0].email.as_str(), pending[0].role), ("gil@example.com", Role::Admin));
    assert!(renova.own_invitation(&ana, &token).await.unwrap().is_some());
    let clara = world.signed_in("Clara").await;
    assert!(renova.own_invitation(&clara, &token).await.unwrap().is_none(), "another organization's");
    assert!(matches!(renova.withdraw_invitation(&clara, pending[0].id).await, Err(Error::NotFound)));

    let accept = async |name: &str, password: &str| {
        renova.accept_invitation(token.expose_secret(), name, &secret(password)).await
    };
    assert!(matches!(accept("Gil", "short").await, Err(Error::WeakPassword(_))));
    assert!(matches!(accept("  ", "long-enough").await, Err(Error::Invalid { field: "name", .. })));
    let session = accept("Gil Nunes", "long-enough").await.unwrap();
    let gil = identified(renova, &session.token).await.unwrap();
    assert_eq!((gil.organization, gil.role, gil.name.as_str()), (ana.organization, Role::Admin, "Gil Nunes"));
    assert!(matches!(accept("Gil again", "long-enough").await, Err(Error::LinkOver)));
    assert!(renova.invitations(&ana).await.unwrap().is_empty());
    for action in ["invitation.sent", "user.joined"] {
        assert_eq!(world.count_in_history(&ana, action).await, 1, "{action}");
    }
    assert!(matches!(renova.invite(&ana, "gil@example.com", Role::Agent).await, Err(Error::InTeam)));
    // What is sent in the background is handed over by now, or another turn lets it.
    while letters.links.lock().unwrap().is_empty() {
        tokio::task::yield_now().await;
    }
    let links = letters.links.lock().unwrap();
    assert_eq!(links[0].about, LinkAbout::Invitation { by: "Ana".to_owned() });
    assert!(links[0].url.expose_secret().ends_with(token.expose_secret()));
    assert!(!format!("{:?}", links[0]).contains(token.expose_secret()), "it is in no log");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invitation_ends_is_replaced_and_withdrawn() {
    let world = World::new().await;
    let renova = &world.renova;
    let ana = world.signed_in("Ana").await;
    let first = renova.invite(&ana, "gil@example.com", Role::Agent).await.unwrap();
    let second = renova.invite(&ana, "gil@example.com", Role::Agent).await.unwrap();
    assert!(renova.invitation(first.expose_secret()).await.unwrap().is_none(), "replaced");
    let id = renova.invitations(&ana).await.unwrap()[0].id;
    renova.withdraw_invitation(&ana, id).await.unwrap();
    assert!(renova.invitation(second.expose_secret()).await.unwrap().is_none());
    assert!(matches!(renova.withdraw_invitation(&ana, id).await, Err(Error::NotFound)));

    let third = renova.invite(&ana, "gil@example.com", Role::Agent).await.unwrap();
    world.pass(7 * DAY_MS);
    let late = renova.accept_invitation(third.expose_secret(), "Gil", &secret("long-enough")).await;
    assert!(matches!(late, Err(Error::LinkOver)));
    for nonsense in ["", "gil", "@", "a@", "@b", "a b@c", "a@b\nc"] {
        let refused = renova.invite(&ana, nonsense, Role::Agent).await;
        assert!(matches!(refused, Err(Error::Invalid { field: "email", .. })), "{nonsense:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_of_another_organization_is_told_to_its_owner_alone() {
    let world = World::new().await;
    let ana = world.signed_in("Ana").await;
    let token = world.renova.invite(&ana, "clara@example.com", Role::Agent).await.unwrap();
    let taken = world.renova.accept_invitation(token.expose_secret(), "Clara", &secret("long-enough")).await;
    assert!(matches!(taken, Err(Error::EmailTaken)));
}

#[tokio::test(flavor = "multi_thread")]
async fn administrators_change_others_and_never_themselves() {
    let world = World::new().await;
    let renova = &world.renova;
    let (ana, bruno, clara) =
        (world.signed_in("Ana").await, world.signed_in("Bruno").await, world.signed_in("Clara").await);
    let beatriz = person(&world, "beatriz@example.com").await;
    assert!(matches!(renova.set_role(&ana, ana.user, Role::Agent).await, Err(Error::OwnAccount)));
    assert!(matches!(renova.remove_person(&ana, ana.user).await, Err(Error::OwnAccount)));
    assert!(matches!(renova.remove_person(&clara, clara.user).await, Err(Error::LastAdmin)));
    assert!(matches!(renova.set_role(&clara, clara.user, Role::Agent).await, Err(Error::LastAdmin)));

    for (who, expected) in [(&bruno, "forbidden"), (&clara, "not_found")] {
        assert_eq!(renova.set_role(who, beatriz, Role::Agent).await.unwrap_err().code(), expected);
        assert_eq!(renova.remove_person(who, beatriz).await.unwrap_err().code(), expected);
    }
    assert!(matches!(renova.team(&bruno).await, Err(Error::Forbidden)));
    assert!(matches!(renova.invite(&bruno, "x@example.com", Role::Agent).await, Err(Error::Forbidden)));
    assert!(matches!(renova.invitations(&bruno).await, Err(Error::Forbidden)));

    renova.set_role(&ana, bruno.user, Role::Admin).await.unwrap();
    assert!(world.signed_in("Bruno").await.require_admin().is_ok(), "at once");
    assert_eq!(world.count_in_history(&ana, "user.role_changed").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_removed_is_out_at_once_and_stays_in_the_history() {
    let world = World::new().await;
    let renova = &world.renova;
    let ana = world.signed_in("Ana").await;
    let session = renova.log_in("beatriz@example.com", &secret(PASSWORD)).await.unwrap().unwrap();
    let beatriz = identified(renova, &session.token).await.unwrap();
    renova.invite(&beatriz, "gil@example.com", Role::Agent).await.unwrap();
    renova.remove_person(&ana, beatriz.user).await.unwrap();
    assert!(identified(renova, &session.token).await.is_none());
    assert!(renova.log_in("beatriz@example.com", &secret(PASSWORD)).await.unwrap().is_none());
    assert_eq!(renova.password_reset_link("beatriz@example.com").await.unwrap(), None);
    assert!(renova.people(&ana).await.unwrap().iter().all(|it| it.id != beatriz.user));
    assert!(renova.everybody(&ana).await.unwrap().iter().any(|it| it.name == "Beatriz"));
    let again = renova.invite(&ana, "beatriz@example.com", Role::Agent).await.unwrap();
    renova.accept_invitation(again.expose_secret(), "Beatriz", &secret("long-enough")).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_is_changed_by_whoever_knows_it() {
    let world = World::new().await;
    let renova = &world.renova;
    let log_in = async |password: &str| renova.log_in("ana@example.com", &secret(password)).await.unwrap();
    let (own, elsewhere) = (log_in(PASSWORD).await.unwrap(), log_in(PASSWORD).await.unwrap());
    let ana = identified(renova, &own.token).await.unwrap();
    assert_eq!(renova.own_sessions(&ana, &own.token).await.unwrap().iter().filter(|it| it.is_this).count(), 1);
    let change =
        async |current: &str, new: &str| renova.change_password(&ana, &own.token, &secret(current), &secret(new)).await;
    assert!(matches!(change("wrong-password", "a-new-password").await, Err(Error::WrongPassword)));
    assert!(matches!(change(PASSWORD, "short").await, Err(Error::WeakPassword(_))));
    assert!(identified(renova, &elsewhere.token).await.is_some());
    change(PASSWORD, "a-new-password").await.unwrap();
    assert!(identified(renova, &own.token).await.is_some());
    assert!(identified(renova, &elsewhere.token).await.is_none());
    assert!(log_in(PASSWORD).await.is_none());
    assert!(log_in("a-new-password").await.is_some());
    assert_eq!(renova.own_sessions(&ana, &own.token).await.unwrap().len(), 2);
    renova.log_out_everywhere(&ana).await.unwrap();
    assert!(identified(renova, &own.token).await.is_none());
    for action in ["user.password_changed", "user.logged_out_everywhere"] {
        assert_eq!(world.count_in_history(&ana, action).await, 1, "{action}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_language_is_the_person_s_own() {
    let world = World::new().await;
    let ana = world.signed_in("Ana").await;
    world.renova.set_language(&ana, "es").await.unwrap();
    assert_eq!(world.signed_in("Ana").await.locale.as_deref(), Some("es"));
    assert_eq!(world.signed_in("Beatriz").await.locale, None);
    assert!(matches!(world.renova.set_language(&ana, "fr").await, Err(Error::Invalid { field: "locale", .. })));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_for_a_new_password_goes_to_its_owner_alone_and_not_without_end() {
    let (world, letters) = with_mail().await;
    let renova = &world.renova;
    renova.ask_for_reset("nobody@example.com").unwrap().await.unwrap();
    assert!(letters.links.lock().unwrap().is_empty());
    for _ in 0..5 {
        renova.ask_for_reset(" Ana@Example.com").unwrap().await.unwrap();
    }
    let links = std::mem::take(&mut *letters.links.lock().unwrap());
    assert_eq!(links.len(), 3, "nobody fills somebody else's mailbox");
    assert!(links.iter().all(|it| it.email == "ana@example.com" && it.about == LinkAbout::PasswordReset));
    let (_, token) = links[0].url.expose_secret().split_once("token=").unwrap();
    renova.set_password(token, &secret("a-new-password")).await.unwrap();
    assert_eq!(world.count_in_history(&world.signed_in("Beatriz").await, "user.password_reset").await, 1);
    assert!(renova.log_in("ana@example.com", &secret("a-new-password")).await.unwrap().is_some());
    let ana_elsewhere = links[1].url.expose_secret().split_once("token=").unwrap().1;
    let used = renova.set_password(ana_elsewhere, &secret("another-password")).await;
    assert!(matches!(used, Err(Error::LinkOver)), "one that is used ends the others");
    renova.ask_for_reset("ana@example.com").unwrap().await.unwrap();
    assert_eq!(letters.links.lock().unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_organization_has_only_so_many_open_invitations() {
    let world = World::new().await;
    let (ana, clara) = (world.signed_in("Ana").await, world.signed_in("Clara").await);
    let invite =
        async |number: usize| world.renova.invite(&ana, &format!("pessoa.{number}@example.com"), Role::Agent).await;
    for number in 0..MOST_OPEN_INVITATIONS {
        invite(number).await.unwrap();
    }
    assert!(matches!(invite(MOST_OPEN_INVITATIONS).await, Err(Error::TooManyInvitations)));
    invite(0).await.expect("a new one in the place of an old one");
    world.renova.invite(&clara, "alguem@example.com", Role::Agent).await.expect("another organization has its own");
    let open = world.renova.invitations(&ana).await.unwrap();
    world.renova.withdraw_invitation(&ana, open[0].id).await.unwrap();
    invite(MOST_OPEN_INVITATIONS).await.expect("there is room again");
}
