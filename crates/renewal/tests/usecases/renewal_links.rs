//! Links by which one administrator begins one renewal.

use std::sync::Arc;

use lifecycle::{clock::HOUR_MS, ids::UserId};
use renewal::{Error, LinkAbout, LinkUse, MadeRenewalLink, NewRenewalLink};
use secrecy::ExposeSecret;

use crate::{
    support::{Setup, World},
    warnings::Letters,
};

async fn new_link(world: &World, person: &str, vouched: bool) -> NewRenewalLink {
    let who = world.signed_in(person).await;
    let connection = world.connected("aurora", "Ana Souza", 5).await;
    NewRenewalLink { organization: who.organization, connection: Some(connection), user: who.user, vouched }
}

async fn used(world: &World, made: &MadeRenewalLink) -> Result<LinkUse, Error> {
    world.renova.use_renewal_link(made.token.expose_secret(), None, false).await
}

#[tokio::test(flavor = "multi_thread")]
async fn it_ends_after_a_day_by_real_time() {
    let world = World::new().await;
    let new = new_link(&world, "Ana", true).await;
    let made = world.renova.create_renewal_link(None, new).await.unwrap();
    let token = made.token.expose_secret();
    world.meta.advance("30d").await;
    world.pass(24 * HOUR_MS - 1);
    assert!(world.renova.opened_link(token).await.unwrap().is_some(), "by real time");
    world.pass(1);
    assert!(world.renova.opened_link(token).await.unwrap().is_none());
    assert!(matches!(used(&world, &made).await, Err(Error::LinkOver)));
}

#[tokio::test(flavor = "multi_thread")]
async fn one_that_is_vouched_for_begins_a_session_for_it_alone() {
    let world = World::new().await;
    let new = new_link(&world, "Ana", true).await;
    let renova = &world.renova;
    let made = renova.create_renewal_link(None, new).await.unwrap();
    let Ok(LinkUse::Begun { renewal, session: Some(session) }) = used(&world, &made).await else {
        panic!("it begins");
    };
    assert!(matches!(used(&world, &made).await, Err(Error::LinkOver)), "once");
    let guest = renova.identify(session.token.expose_secret()).await.unwrap().unwrap();
    assert_eq!((guest.user, guest.only_renewal), (new.user, Some(renewal)));
    assert!(renova.renewal(&guest, renewal).await.is_ok());
    let ana = world.signed_in("Ana").await;
    let other = renova.start_renewal(&ana, None, lifecycle::Provider::Facebook, false).await.unwrap();
    assert!(matches!(renova.renewal(&guest, other).await, Err(Error::Forbidden)));
    assert!(matches!(renova.cancel(&guest, other).await, Err(Error::Forbidden)));
    assert!(matches!(guest.require_admin(), Err(Error::Forbidden)));
    // The whole way, as somebody who is logged in goes it.
    world.logs_in_at_meta(&guest, renewal, "Ana Souza").await;
    renova.exchange(&guest, renewal).await.unwrap();
    world.chosen_and_proved(&guest, renewal).await;
    renova.finish(&guest, renewal).await.unwrap();
    assert_eq!(world.count_in_history(&ana, "renewal.link_used").await, 1);
    world.pass(24 * HOUR_MS);
    assert!(renova.identify(session.token.expose_secret()).await.unwrap().is_none(), "a day at most");
}

#[tokio::test(flavor = "multi_thread")]
async fn it_is_for_an_administrator_of_the_organization_alone() {
    let world = World::new().await;
    let new = new_link(&world, "Ana", false).await;
    let renova = &world.renova;
    let (ana, bruno, clara) =
        (world.signed_in("Ana").await, world.signed_in("Bruno").await, world.signed_in("Clara").await);
    let make = async |by, new| renova.create_renewal_link(by, new).await;
    assert!(matches!(make(Some(&bruno), new).await, Err(Error::Forbidden)));
    assert!(matches!(make(Some(&clara), new).await, Err(Error::Forbidden)), "another organization's");
    let vouched = NewRenewalLink { vouched: true, ..new };
    assert!(matches!(make(Some(&ana), vouched).await, Err(Error::Forbidden)), "only the platform vouches");
    let agent = NewRenewalLink { user: bruno.user, ..new };
    assert!(matches!(make(None, agent).await, Err(Error::Invalid { field: "user", .. })));
    let stranger = NewRenewalLink { user: clara.user, ..new };
    assert!(matches!(make(None, stranger).await, Err(Error::NotFound)));
    let elsewhere = NewRenewalLink { organization: clara.organization, user: clara.user, ..new };
    assert!(matches!(make(None, elsewhere).await, Err(Error::NotFound)), "another organization's connection");

    // Whoever stops being one cannot use it any more.
    let made = make(Some(&ana), NewRenewalLink { user: person(&world, "Beatriz").await, ..new }).await.unwrap();
    renova.set_role(&ana, person(&world, "Beatriz").await, lifecycle::Role::Agent).await.unwrap();
    assert!(renova.opened_link(made.token.expose_secret()).await.unwrap().is_none());
}

async fn person(world: &World, name: &str) -> UserId {
    world.signed_in(name).await.user
}

#[tokio::test(flavor = "multi_thread")]
async fn another_administrators_renewal_is_taken_over_on_purpose() {
    let world = World::new().await;
    let new = new_link(&world, "Ana", false).await;
    let renova = &world.renova;
    let (ana, beatriz) = (world.signed_in("Ana").await, world.signed_in("Beatriz").await);
    renova.start_renewal(&beatriz, new.connection, lifecycle::Provider::Facebook, false).await.unwrap();
    let made = renova.create_renewal_link(None, new).await.unwrap();
    let token = made.token.expose_secret();
    let refused = renova.use_renewal_link(token, Some(&ana), false).await;
    assert!(matches!(refused, Err(Error::OtherIsRenewing)));
    assert!(renova.use_renewal_link(token, Some(&ana), true).await.is_ok(), "it was not used up");
}

#[tokio::test(flavor = "multi_thread")]
async fn made_by_a_person_it_is_mailed() {
    let letters = Arc::new(Letters::default());
    let world = World::with(Setup { mailer: Some(letters.clone()), ..Setup::default() }).await;
    let new = new_link(&world, "Beatriz", false).await;
    let ana = world.signed_in("Ana").await;
    world.renova.create_renewal_link(None, NewRenewalLink { vouched: true, ..new }).await.unwrap();
    let made = world.renova.create_renewal_link(Some(&ana), new).await.unwrap();
    while letters.links.lock().unwrap().is_empty() {
        tokio::task::yield_now().await;
    }
    let links = letters.links.lock().unwrap();
    let [letter] = links.as_slice() else { panic!("what the platform makes is the platform's to send") };
    let about = LinkAbout::Renewal { by: "Ana".to_owned(), connection: Some("Ana Souza".to_owned()) };
    assert_eq!((letter.name.as_deref(), &letter.about), (Some("Beatriz"), &about));
    assert_eq!(letter.url.expose_secret(), made.url.expose_secret());
}
