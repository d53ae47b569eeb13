//! Meta keeps one grant for each person and app: what a log-in changes, every connection of that
//! person feels, in whatever organization. And a Page has one subscription for all of them.

use lifecycle::{Health, Provider, Severity, health::TokenProof, ids::ConnectionId};
use renewal::Identity;
use serde_json::json;

use crate::{
    dialogs::{ATACADO, ATACADO_LINKED, AURORA, LOJA, OUTLET, Ticks},
    support::{World, channel},
};

const WITHOUT_OUTLET: Ticks<'static> = Ticks { pages: &[AURORA], accounts: &[LOJA], declined: &[], business: "" };

/// Ana Souza's grant, connected in both organizations.
async fn shared(world: &World) -> (Identity, ConnectionId, Identity, ConnectionId) {
    let aurora = world.connected("aurora", "Ana Souza", 30).await;
    let boreal = world.connected("boreal", "Ana Souza", 30).await;
    (world.signed_in("Ana").await, aurora, world.signed_in("Clara").await, boreal)
}

#[tokio::test(flavor = "multi_thread")]
async fn who_loses_a_page_by_anothers_log_in_is_told() {
    let world = World::new().await;
    let (ana, aurora, clara, boreal) = shared(&world).await;
    world.meta.advance("1h").await;
    let id = world.renova.start_renewal(&ana, Some(aurora), Provider::Facebook, false).await.unwrap();
    world.grants(&ana, id, "Ana Souza", WITHOUT_OUTLET).await;
    world.renova.round().await.unwrap();
    let state = world.renova.connection(&clara, boreal).await.unwrap();
    assert!(state.connection.facts.checked_at < Some(world.renova.now()), "nothing is due before the log-in is used");

    world.exchanged(&ana, id).await;
    world.renova.round().await.unwrap();
    let state = world.renova.connection(&clara, boreal).await.unwrap();
    assert_eq!(channel(&state, OUTLET).health, Health::AccountLost { since: world.renova.now() });
    for kept in [AURORA, LOJA] {
        assert_eq!(channel(&state, kept).channel.facts.proof, TokenProof::Works, "{kept}");
    }
    assert_eq!((state.severity(), state.connection.facts.proof), (Severity::Stopped, TokenProof::Works));
    assert_eq!(world.count_in_history(&clara, "channel.account_lost").await, 1);
    let events = world.events(&clara).await;
    let (_, told) = events.iter().find(|(kind, _)| kind == "channel.account_lost").unwrap();
    assert_eq!(told["channel"], json!(channel(&state, OUTLET).channel.id));
    assert_eq!((told["name"].as_str(), told["from"].as_str()), (Some("Aurora Outlet"), Some("healthy")));
    assert_eq!(world.count_of_events(&clara, "connection.account_lost").await, 1);
    assert_eq!(world.count_in_history(&ana, "channel.account_lost").await, 0, "each organization has its own history");

    // Told once, and found again when the Page comes back.
    world.renova.check(boreal).await.unwrap();
    assert_eq!(world.count_of_events(&clara, "channel.account_lost").await, 1);
    let ticks = Ticks { pages: &[AURORA, OUTLET], ..WITHOUT_OUTLET };
    world.grants(&ana, id, "Ana Souza", ticks).await;
    world.exchanged(&ana, id).await;
    world.renova.round().await.unwrap();
    let state = world.renova.connection(&clara, boreal).await.unwrap();
    assert_eq!(channel(&state, OUTLET).channel.facts.proof, TokenProof::Works);
    assert_eq!(world.count_of_events(&clara, "connection.recovered").await, 1);
}

/// A log-in of the wrong person changes that person's grant all the same.
#[tokio::test(flavor = "multi_thread")]
async fn a_log_in_that_comes_to_nothing_is_felt_elsewhere_too() {
    let world = World::new().await;
    let (ana, clara) = (world.signed_in("Ana").await, world.signed_in("Clara").await);
    let aurora = world.connected("aurora", "Ana Souza", 30).await;
    let of_elisa = world.connected("boreal", "Elisa Prado", 30).await;
    world.meta.advance("1h").await;
    let id = world.renova.start_renewal(&ana, Some(aurora), Provider::Facebook, false).await.unwrap();
    world.grants(&ana, id, "Elisa Prado", Ticks { pages: &[], accounts: &[], ..WITHOUT_OUTLET }).await;
    let detail = world.exchanged(&ana, id).await;
    assert_eq!(detail.renewal.state, lifecycle::RenewalState::Mismatched);
    world.renova.round().await.unwrap();
    let state = world.renova.connection(&clara, of_elisa).await.unwrap();
    assert_eq!(channel(&state, ATACADO).health, Health::AccountLost { since: world.renova.now() });
    assert_eq!(channel(&state, ATACADO_LINKED).channel.facts.proof, TokenProof::RoleLost);
}

/// The person unticked a Page and nobody finished the renewal: the old token has lost it.
#[tokio::test(flavor = "multi_thread")]
async fn a_renewal_that_nobody_finishes_leaves_its_connection_looked_at() {
    let world = World::new().await;
    let ana = world.signed_in("Ana").await;
    let aurora = world.connected("aurora", "Ana Souza", 30).await;
    let id = world.renova.start_renewal(&ana, Some(aurora), Provider::Facebook, false).await.unwrap();
    world.grants(&ana, id, "Ana Souza", WITHOUT_OUTLET).await;
    world.exchanged(&ana, id).await;
    world.renova.round().await.unwrap();
    let lost = || async {
        let state = world.renova.connection(&ana, aurora).await.unwrap();
        channel(&state, OUTLET).channel.facts.proof == TokenProof::RoleLost
    };
    assert!(!lost().await, "the person is still choosing");
    world.renova.cancel(&ana, id).await.unwrap();
    world.meta.advance("11m").await;
    world.renova.round().await.unwrap();
    assert!(lost().await);
    assert_eq!(world.count_of_events(&ana, "channel.account_lost").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_subscription_that_another_connection_uses_is_never_ended() {
    let world = World::new().await;
    let (ana, aurora, clara, boreal) = shared(&world).await;
    let arrives = async |page| world.meta.subscribed(page).await.contains(&"messages".to_owned());
    world.renova.disconnect(&ana, aurora, "Ana Souza").await.unwrap();
    assert!(arrives(AURORA).await && arrives(OUTLET).await, "the other organization uses both");
    assert!(world.renova.connections(&ana).await.unwrap().is_empty());
    world.renova.check(boreal).await.unwrap();
    assert_eq!(world.renova.connection(&clara, boreal).await.unwrap().severity(), Severity::None);

    world.renova.disconnect(&clara, boreal, "Ana Souza").await.unwrap();
    assert!(!arrives(AURORA).await && !arrives(OUTLET).await, "nobody uses them any more");
}

/// The same Page through two people is still one Page with one subscription.
#[tokio::test(flavor = "multi_thread")]
async fn nor_one_that_another_person_s_connection_uses() {
    let world = World::new().await;
    let ana = world.signed_in("Ana").await;
    let shared = json!({"name": "Loja Aurora", "people": ["Ana Souza", "Elisa Prado"]});
    world.meta.put("pages", json!({"pages": [shared]})).await;
    let by_ana = world.connected("aurora", "Ana Souza", 30).await;
    let by_elisa = world.connected("aurora", "Elisa Prado", 30).await;
    world.renova.disconnect(&ana, by_ana, "Ana Souza").await.unwrap();
    assert!(!world.meta.subscribed(AURORA).await.is_empty());
    assert!(world.meta.subscribed(OUTLET).await.is_empty());
    world.renova.disconnect(&ana, by_elisa, "Elisa Prado").await.unwrap();
    assert!(world.meta.subscribed(AURORA).await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_platforms_own_fields_stay() {
    let world = World::new().await;
    let ana = world.signed_in("Ana").await;
    let aurora = world.connected("aurora", "Ana Souza", 30).await;
    let own = ["feed", "leadgen", "mention"];
    let assert_both = async || {
        let fields = world.meta.subscribed(AURORA).await;
        for field in own.iter().chain(meta::MESSENGER_FIELDS) {
            assert!(fields.iter().any(|it| it == field), "{field} in {fields:?}");
        }
    };
    let only_own = json!({"page": "Loja Aurora", "fields": own});
    world.meta.put("subscriptions", only_own.clone()).await;
    let id = world.proved(&ana, Some(aurora), "Ana Souza").await;
    assert_both().await;
    world.renova.finish(&ana, id).await.unwrap();
    world.meta.put("subscriptions", only_own).await;
    world.renova.check(aurora).await.unwrap();
    assert_both().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_refused_field_does_not_lose_the_others() {
    let world = World::new().await;
    let ana = world.signed_in("Ana").await;
    let aurora = world.connected("aurora", "Ana Souza", 30).await;
    world.meta.put("subscriptions", json!({"page": "Loja Aurora", "fields": ["feed"]})).await;
    // The whole list first, then the first field of those asked for one by one.
    let refusal = json!({
        "on": format!("graph:/{AURORA}/subscribed_apps"), "method": "POST", "fault": "error", "code": 100, "times": 2,
    });
    world.meta.control("faults", refusal).await;
    let id = world.proved(&ana, Some(aurora), "Ana Souza").await;
    let fields = world.meta.subscribed(AURORA).await;
    let ours = meta::MESSENGER_FIELDS.iter().filter(|field| fields.iter().any(|it| it == *field)).count();
    assert_eq!((ours, fields.contains(&"feed".to_owned())), (meta::MESSENGER_FIELDS.len() - 1, true), "{fields:?}");
    let record = world.renova.renewal(&ana, id).await.unwrap().proof.unwrap();
    assert!(lifecycle::proof::has_open_points(&record.lines) && lifecycle::proof::may_finish(&record.lines));
    world.renova.prove(&ana, id, true).await.unwrap();
    let record = world.renova.renewal(&ana, id).await.unwrap().proof.unwrap();
    assert!(!lifecycle::proof::has_open_points(&record.lines), "asked again, nothing is open");
}
