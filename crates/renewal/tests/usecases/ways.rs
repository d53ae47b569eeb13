//! Connect and renew over each of the ways: classic, by a configuration for people or for
//! businesses, and by Instagram Login.

use lifecycle::{
    GranteeKind, Provider, RenewalState as S, Severity,
    clock::{DAY_MS, HOUR_MS},
    reconcile::Listing,
};
use renewal::{LoginOutcome, LoginWindow};
use secrecy::ExposeSecret;

use crate::{
    dialogs::{ALLOWED, AURORA, BOREAL, BOREAL_LINKED, COMERCIO, EXPRESS, HOLDING, KIDS, LOJA, OUTLET, Ticks},
    support::{Setup, World, but_its_check, channel, ids},
};

const OF_COMERCIO: Ticks<'static> =
    Ticks { pages: &[AURORA, OUTLET, EXPRESS], accounts: &[LOJA], declined: &[], business: COMERCIO };

fn for_businesses() -> Setup {
    Setup { login_config_id: Some("900200"), ..Setup::default() }
}

#[tokio::test(flavor = "multi_thread")]
async fn by_single_permissions() {
    let world = World::new().await;
    let ana = world.signed_in("Ana").await;
    let id = world.renova.start_renewal(&ana, None, Provider::Facebook, false).await.unwrap();
    world.grants(&ana, id, "Ana Souza", Ticks { pages: &[AURORA], accounts: &[LOJA], ..Ticks::default() }).await;
    let staged = world.exchanged(&ana, id).await.staged.unwrap();
    assert_eq!((staged.grantee_kind, staged.listing), (GranteeKind::Person, Listing::Whole));
    let first = world.finished(&ana, id).await;
    assert_eq!(first.connection.grantee_kind, GranteeKind::Person);
    assert_eq!(first.connection.facts.expires_at, Some(world.renova.now().plus(60 * DAY_MS)), "as Meta states it");

    world.meta.advance("50d").await;
    let id = world.renova.start_renewal(&ana, Some(first.connection.id), Provider::Facebook, false).await.unwrap();
    world.logs_in_at_meta(&ana, id, "Ana Souza").await;
    world.exchanged(&ana, id).await;
    let second = world.finished(&ana, id).await;
    assert_eq!((second.connection.id, ids(&second)), (first.connection.id, ids(&first)));
    assert_eq!(second.connection.facts.expires_at, Some(world.renova.now().plus(60 * DAY_MS)));
}

#[tokio::test(flavor = "multi_thread")]
async fn by_a_configuration_for_people() {
    let world = World::with(Setup { login_config_id: Some("900100"), ..Setup::default() }).await;
    let ana = world.signed_in("Ana").await;
    let connection = world.connected("aurora", "Ana Souza", 5).await;
    let before = world.renova.connection(&ana, connection).await.unwrap();
    let id = world.renova.start_renewal(&ana, Some(connection), Provider::Facebook, false).await.unwrap();
    let start = world.renova.begin_login(&ana, id, LoginWindow::Tab, None).await.unwrap();
    assert!(start.dialog_url.contains("config_id=900100"), "{}", start.dialog_url);
    world.logs_in_at_meta(&ana, id, "Ana Souza").await;
    assert_eq!(world.exchanged(&ana, id).await.renewal.state, S::Exchanged);
    let after = world.finished(&ana, id).await;
    assert_eq!((after.connection.id, ids(&after)), (connection, ids(&before)));
    assert_eq!(after.connection.grantee_kind, GranteeKind::Person);
    assert_eq!(after.connection.facts.expires_at, Some(world.renova.now().plus(60 * DAY_MS)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_renewal_for_the_business_never_has_to_be_repeated() {
    let world = World::with(for_businesses()).await;
    let ana = world.signed_in("Ana").await;
    let connection = world.connected("aurora", "Ana Souza", 5).await;
    let before = world.renova.connection(&ana, connection).await.unwrap();
    let id = world.renova.start_renewal(&ana, Some(connection), Provider::Facebook, false).await.unwrap();
    world.grants(&ana, id, "Ana Souza", OF_COMERCIO).await;
    let detail = world.exchanged(&ana, id).await;
    let staged = detail.staged.clone().unwrap();
    assert_eq!((detail.renewal.state, staged.grantee_kind), (S::Exchanged, GranteeKind::Business), "it says so");
    assert_eq!((staged.grantee_name.as_str(), staged.expires_at), ("Aurora Comércio", None));
    assert_eq!(detail.selected().len(), 3, "what is new is not ticked by itself");
    let until_now = world.renova.connection(&ana, connection).await.unwrap().connection;
    let kept = (but_its_check(&until_now), but_its_check(&before.connection));
    assert_eq!(kept.0, kept.1, "nothing is replaced before the end");

    let after = world.finished(&ana, id).await;
    assert_eq!((after.connection.id, ids(&after)), (connection, ids(&before)));
    assert_eq!(after.connection.grantee_kind, GranteeKind::Business);
    assert_eq!(after.connection.grantee_id, COMERCIO);
    assert_eq!((after.connection.facts.expires_at, after.connection.facts.data_access_expires_at), (None, None));
    assert_eq!(world.count_in_history(&ana, "connection.passed").await, 1);

    world.meta.advance("400d").await;
    world.renova.check(connection).await.unwrap();
    let later = world.renova.connection(&ana, connection).await.unwrap();
    assert_eq!((later.severity(), later.connection.facts.expires_at), (Severity::None, None));
    let id = world.renova.start_renewal(&ana, Some(connection), Provider::Facebook, false).await.unwrap();
    world.logs_in_at_meta(&ana, id, "Elisa Prado").await;
    assert_eq!(world.exchanged(&ana, id).await.renewal.state, S::Exchanged, "whoever has a role in the business");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_business_that_reaches_none_of_the_accounts_is_somebody_else() {
    let world = World::with(for_businesses()).await;
    let ana = world.signed_in("Ana").await;
    let connection = world.connected("aurora", "Ana Souza", 5).await;
    let before = world.renova.connection(&ana, connection).await.unwrap().connection;
    let id = world.renova.start_renewal(&ana, Some(connection), Provider::Facebook, false).await.unwrap();
    let ticks = Ticks { pages: &[BOREAL], accounts: &[BOREAL_LINKED], declined: &[], business: HOLDING };
    world.grants(&ana, id, "Clara Lima", ticks).await;
    let detail = world.exchanged(&ana, id).await;
    assert_eq!((detail.renewal.state, detail.renewal.failure.as_deref()), (S::Mismatched, Some("other_person")));
    assert_eq!(detail.staged.as_ref().unwrap().grantee_name, "Boreal Holding");
    assert!(!detail.may_be_handed_over());
    let after = world.renova.connection(&ana, connection).await.unwrap().connection;
    assert_eq!(but_its_check(&after), but_its_check(&before));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_business_that_is_connected_takes_no_second_connection_over() {
    let world = World::with(for_businesses()).await;
    let ana = world.signed_in("Ana").await;
    let id = world.renova.start_renewal(&ana, None, Provider::Facebook, false).await.unwrap();
    world.grants(&ana, id, "Elisa Prado", OF_COMERCIO).await;
    world.exchanged(&ana, id).await;
    let of_business = world.finished(&ana, id).await;

    let classic = world.connected("aurora", "Ana Souza", 5).await;
    let before = world.renova.connection(&ana, classic).await.unwrap().connection;
    let id = world.renova.start_renewal(&ana, Some(classic), Provider::Facebook, false).await.unwrap();
    world.grants(&ana, id, "Ana Souza", OF_COMERCIO).await;
    let detail = world.exchanged(&ana, id).await;
    assert_eq!((detail.renewal.state, detail.renewal.failure.as_deref()), (S::Failed, Some("already_connected")));
    assert_eq!(detail.renewal.staged, None);
    let after = world.renova.connection(&ana, classic).await.unwrap().connection;
    assert_eq!(but_its_check(&after), but_its_check(&before));

    // A first connection by the business is a renewal of the one that it has.
    let id = world.renova.start_renewal(&ana, None, Provider::Facebook, false).await.unwrap();
    world.grants(&ana, id, "Ana Souza", OF_COMERCIO).await;
    let detail = world.exchanged(&ana, id).await;
    assert_eq!(detail.renewal.connection_id, Some(of_business.connection.id));
}

#[tokio::test(flavor = "multi_thread")]
async fn by_instagram_login() {
    let world = World::new().await;
    let ana = world.signed_in("Ana").await;
    let id = world.renova.start_renewal(&ana, None, Provider::Instagram, false).await.unwrap();
    world.allows(&ana, id, "aurora.kids").await;
    let staged = world.exchanged(&ana, id).await.staged.unwrap();
    assert_eq!((staged.grantee_id.as_str(), staged.grantee_name.as_str()), (KIDS, "@aurora.kids"));
    let first = world.finished(&ana, id).await;
    assert_eq!((first.connection.provider, first.severity()), (Provider::Instagram, Severity::None));
    let [only] = first.channels.as_slice() else { panic!("one account") };
    assert!(only.channel.token.is_some(), "its own");
    assert_eq!((only.channel.account_id.as_str(), only.channel.page_id.as_deref()), (KIDS, None));
    assert_eq!(only.channel.facts.expires_at, Some(world.renova.now().plus(60 * DAY_MS)));
    assert!(only.channel.subscribed_fields.iter().any(|field| field == "messages"));

    world.meta.advance("59d").await;
    let connection = first.connection.id;
    // Its way goes with the connection, whatever a page says.
    let id = world.renova.start_renewal(&ana, Some(connection), Provider::Facebook, false).await.unwrap();
    world.allows(&ana, id, "aurora.kids").await;
    world.exchanged(&ana, id).await;
    let second = world.finished(&ana, id).await;
    assert_eq!((second.connection.id, ids(&second)), (connection, ids(&first)));
    assert_eq!(second.connection.facts.expires_at, Some(world.renova.now().plus(60 * DAY_MS)));
    assert_eq!(second.connection.token_generation, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn another_instagram_account_is_named_and_replaces_nothing() {
    let world = World::new().await;
    let ana = world.signed_in("Ana").await;
    let connection = kids(&world, 20 * DAY_MS, 0).await;
    let before = world.renova.connection(&ana, connection).await.unwrap().connection;
    let id = world.renova.start_renewal(&ana, Some(connection), Provider::Instagram, false).await.unwrap();
    world.allows(&ana, id, "loja.aurora").await;
    let detail = world.exchanged(&ana, id).await;
    assert_eq!((detail.renewal.state, detail.renewal.failure.as_deref()), (S::Mismatched, Some("other_person")));
    assert_eq!(detail.staged.as_ref().unwrap().grantee_name, "@loja.aurora");
    assert!(!detail.may_be_handed_over(), "an account is nobody else's");
    let after = world.renova.connection(&ana, connection).await.unwrap().connection;
    assert_eq!(but_its_check(&after), but_its_check(&before));
    let again = world.renova.begin_login(&ana, id, LoginWindow::Tab, None).await.unwrap();
    assert!(again.dialog_url.contains("force_reauth=true"), "{}", again.dialog_url);
}

/// A connection of Instagram Login whose token ends in so long, and is so old by what is stored.
async fn kids(world: &World, ends_in_ms: i64, age_ms: i64) -> lifecycle::ids::ConnectionId {
    world.connected_by_instagram("aurora", "aurora.kids", ends_in_ms, age_ms).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_of_instagram_login_lives_on_by_itself() {
    let world = World::new().await;
    let ana = world.signed_in("Ana").await;
    let id = world.renova.start_renewal(&ana, None, Provider::Instagram, false).await.unwrap();
    world.allows(&ana, id, "aurora.kids").await;
    world.exchanged(&ana, id).await;
    let first = world.finished(&ana, id).await;
    let connection = first.connection.id;
    let look = || async {
        world.renova.check(connection).await.unwrap();
        world.renova.connection(&ana, connection).await.unwrap()
    };
    world.meta.advance("29d").await;
    assert_eq!(look().await.connection.token_generation, 1, "31 days are left");
    world.meta.advance("1d").await;
    let refreshed = look().await;
    assert_eq!((refreshed.connection.token_generation, ids(&refreshed)), (2, ids(&first)));
    assert_ne!(refreshed.connection.token, first.connection.token);
    assert_eq!(refreshed.connection.facts.expires_at, Some(world.renova.now().plus(60 * DAY_MS)));
    let account = &channel(&refreshed, KIDS).channel;
    assert_eq!((account.token_generation, account.facts.expires_at), (2, refreshed.connection.facts.expires_at));
    assert_eq!(world.count_of_events(&ana, "connection.renewed").await, 1);
    // By the old token's clock it would have ended.
    world.meta.advance("31d").await;
    assert_eq!(look().await.severity(), Severity::None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_of_instagram_login_whose_end_is_not_known_is_given_one() {
    let world = World::new().await;
    let ana = world.signed_in("Ana").await;
    let id = world.renova.start_renewal(&ana, None, Provider::Instagram, false).await.unwrap();
    world.allows(&ana, id, "aurora.kids").await;
    world.meta.fails("ig-graph:/access_token", "missing_expires_in", 1).await;
    world.exchanged(&ana, id).await;
    let first = world.finished(&ana, id).await;
    assert_eq!(first.connection.facts.expires_at, None);
    for (advance, generation, end) in [("23h", 1, None), ("1h", 2, Some(60 * DAY_MS)), ("1d", 2, Some(59 * DAY_MS))] {
        world.meta.advance(advance).await;
        world.renova.check(first.connection.id).await.unwrap();
        let known = world.renova.connection(&ana, first.connection.id).await.unwrap().connection;
        let left = known.facts.expires_at.map(|at| at.since(world.renova.now()));
        assert_eq!((known.token_generation, left), (generation, end), "{advance}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_of_less_than_a_day_is_left_alone() {
    let world = World::new().await;
    let ana = world.signed_in("Ana").await;
    let connection = kids(&world, 20 * DAY_MS, 2 * HOUR_MS).await;
    let generation = || async {
        world.renova.check(connection).await.unwrap();
        world.renova.connection(&ana, connection).await.unwrap().connection.token_generation
    };
    assert_eq!((generation().await, world.meta.calls_of("/refresh_access_token").await), (1, 0));
    world.meta.advance("21h").await;
    assert_eq!((generation().await, world.meta.calls_of("/refresh_access_token").await), (1, 0));
    world.meta.advance("1h").await;
    assert_eq!((generation().await, world.meta.calls_of("/refresh_access_token").await), (2, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refresh_that_fails_leaves_the_token_and_comes_again() {
    let world = World::new().await;
    let ana = world.signed_in("Ana").await;
    let connection = kids(&world, 20 * DAY_MS, 30 * DAY_MS).await;
    for (on, fault) in [
        ("ig-graph:/refresh_access_token", "http_500"),
        ("ig-graph:/refresh_access_token", "lost"),
        ("ig-graph:/refresh_access_token", "foreign_token"),
        ("ig-graph:/me", "http_503"),
    ] {
        world.meta.fails(on, fault, 1).await;
        world.renova.check(connection).await.unwrap();
        world.meta.heal().await;
        let state = world.renova.connection(&ana, connection).await.unwrap();
        assert_eq!(state.connection.token_generation, 1, "{fault}");
        assert!(state.severity() < Severity::Soon, "{fault}: {:?}", state.health);
    }
    world.renova.check(connection).await.unwrap();
    assert_eq!(world.renova.connection(&ana, connection).await.unwrap().connection.token_generation, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_answer_of_one_way_is_foreign_at_the_address_of_another() {
    let world = World::new().await;
    let ana = world.signed_in("Ana").await;
    world.meta.sim.seed_grant("Ana Souza", 0).unwrap();
    let exchanges =
        || async { world.meta.calls_of("/oauth/access_token").await + world.meta.calls_of("/access_token").await };

    let id = world.renova.start_renewal(&ana, None, Provider::Facebook, false).await.unwrap();
    let start = world.renova.begin_login(&ana, id, LoginWindow::Popup, None).await.unwrap();
    let cookie = Some(start.cookie.expose_secret());
    let back = world.meta.dialog(&start.dialog_url, "Ana Souza", &[("sim_do", "reconnect")]).await;
    assert_eq!(world.complete_at(Provider::Instagram, &back, cookie).await, LoginOutcome::Foreign);
    assert_eq!(world.renova.renewal(&ana, id).await.unwrap().renewal.state, S::AwaitingLogin);
    assert!(world.renova.storage().parked_attempt(ana.organization, id).await.unwrap().is_none());
    world.renova.exchange(&ana, id).await.unwrap();
    assert_eq!(exchanges().await, 0);
    let own = world.complete_at(Provider::Facebook, &back, cookie).await;
    assert!(matches!(own, LoginOutcome::Back { .. }), "a mix-up does not use it up");

    let id = world.renova.start_renewal(&ana, None, Provider::Instagram, false).await.unwrap();
    let start = world.renova.begin_login(&ana, id, LoginWindow::Popup, None).await.unwrap();
    let cookie = Some(start.cookie.expose_secret());
    let back = world.meta.instagram_dialog(&start.dialog_url, "aurora.kids", &ALLOWED).await;
    assert_eq!(world.complete_at(Provider::Facebook, &back, cookie).await, LoginOutcome::Foreign);
    assert_eq!(world.renova.renewal(&ana, id).await.unwrap().renewal.state, S::AwaitingLogin);
    world.renova.exchange(&ana, id).await.unwrap();
    assert_eq!(exchanges().await, 0);
}
