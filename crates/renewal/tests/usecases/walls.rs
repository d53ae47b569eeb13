//! Who may not: agents, other organizations, other administrators, other browsers.

use crate::support::{PASSWORD, World};
use lifecycle::{
    Provider, RenewalState as S,
    ids::{ConnectionId, RenewalId},
};
use proptest::prelude::*;
use renewal::{Error, LoginAnswer, LoginOutcome, LoginWindow};
use secrecy::{ExposeSecret, SecretString};

#[tokio::test(flavor = "multi_thread")]
async fn agents_see_the_state_and_may_ask_but_not_act() {
    let world = World::new().await;
    let connection = world.connected("aurora", "Ana Souza", 5).await;
    let (ana, bruno) = (world.signed_in("Ana").await, world.signed_in("Bruno").await);
    let id = world.renova.start_renewal(&ana, Some(connection), Provider::Facebook, false).await.unwrap();
    assert_eq!(world.renova.connections(&bruno).await.unwrap().len(), 1);
    world.renova.request_renewal(&bruno, connection).await.unwrap();
    let invented: RenewalId = "01900000-0000-7000-8000-000000000000".parse().unwrap();
    for id in [id, invented] {
        let renova = &world.renova;
        let refused = [
            renova.start_renewal(&bruno, Some(connection), Provider::Facebook, true).await.err(),
            renova.renewal(&bruno, id).await.err(),
            renova.begin_login(&bruno, id, LoginWindow::Tab, None).await.err(),
            renova.exchange(&bruno, id).await.err(),
            renova.choose(&bruno, id, Vec::new(), true).await.err(),
            renova.prove(&bruno, id, false).await.err(),
            renova.finish(&bruno, id).await.err(),
            renova.cancel(&bruno, id).await.err(),
            renova.disconnect(&bruno, connection, "Ana Souza").await.err(),
        ];
        for error in refused {
            assert!(matches!(error, Some(Error::Forbidden)), "{error:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn another_organization_finds_nothing() {
    let world = World::new().await;
    let connection = world.connected("aurora", "Ana Souza", 5).await;
    let (ana, clara) = (world.signed_in("Ana").await, world.signed_in("Clara").await);
    let id = world.renova.start_renewal(&ana, Some(connection), Provider::Facebook, false).await.unwrap();
    let invented: ConnectionId = "01900000-0000-7000-8000-000000000000".parse().unwrap();
    let renova = &world.renova;
    assert!(renova.connections(&clara).await.unwrap().is_empty());
    let refused = [
        renova.connection(&clara, connection).await.err(),
        renova.connection(&clara, invented).await.err(),
        renova.start_renewal(&clara, Some(connection), Provider::Facebook, true).await.err(),
        renova.renewal(&clara, id).await.err(),
        renova.begin_login(&clara, id, LoginWindow::Tab, None).await.err(),
        renova.exchange(&clara, id).await.err(),
        renova.choose(&clara, id, Vec::new(), true).await.err(),
        renova.prove(&clara, id, false).await.err(),
        renova.finish(&clara, id).await.err(),
        renova.cancel(&clara, id).await.err(),
        renova.disconnect(&clara, connection, "Ana Souza").await.err(),
        renova.request_renewal(&clara, connection).await.err(),
    ];
    for error in refused {
        assert!(matches!(error, Some(Error::NotFound)), "{error:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn another_administrator_takes_over_only_on_purpose() {
    let world = World::new().await;
    let connection = world.connected("aurora", "Ana Souza", 5).await;
    let (ana, beatriz) = (world.signed_in("Ana").await, world.signed_in("Beatriz").await);
    let first = world.proved(&ana, Some(connection), "Ana Souza").await;
    let refused = world.renova.start_renewal(&beatriz, Some(connection), Provider::Facebook, false).await;
    assert!(matches!(refused, Err(Error::OtherIsRenewing)));
    assert!(matches!(world.renova.finish(&beatriz, first).await, Err(Error::OtherIsRenewing)));
    let second = world.renova.start_renewal(&beatriz, Some(connection), Provider::Facebook, true).await.unwrap();
    let superseded = world.renova.renewal(&ana, first).await.unwrap().renewal;
    assert_eq!((superseded.state, superseded.staged), (S::Superseded, None));
    assert!(world.renova.finish(&ana, first).await.is_err());
    assert_eq!(world.renova.renewal(&beatriz, second).await.unwrap().renewal.state, S::Started);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forwarded_dialog_stores_nothing_in_another_browser() {
    let world = World::new().await;
    let clara = world.signed_in("Clara").await;
    let connection = world.connected("boreal", "Clara Lima", 3).await;
    let id = world.renova.start_renewal(&clara, Some(connection), Provider::Facebook, false).await.unwrap();
    let start = world.renova.begin_login(&clara, id, LoginWindow::Popup, None).await.unwrap();
    let back = world.meta.dialog(&start.dialog_url, "Clara Lima", &[("sim_do", "reconnect")]).await;
    let others = "ab".repeat(32);
    for cookie in [None, Some(others.as_str()), Some("")] {
        assert_eq!(world.complete(&back, cookie).await, LoginOutcome::Foreign);
    }
    assert_eq!(world.renova.renewal(&clara, id).await.unwrap().renewal.state, S::AwaitingLogin);
    assert_eq!(world.meta.calls_of("/oauth/access_token").await, 0);
    let own = Some(start.cookie.expose_secret());
    assert!(
        matches!(world.complete(&back, own).await, LoginOutcome::Back { .. }),
        "the attempt is not used up by strangers"
    );
    assert_eq!(world.complete(&back, own).await, LoginOutcome::Foreign, "a state works once");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_log_in_that_took_too_long_is_over() {
    let world = World::new().await;
    let clara = world.signed_in("Clara").await;
    let connection = world.connected("boreal", "Clara Lima", 3).await;
    let id = world.renova.start_renewal(&clara, Some(connection), Provider::Facebook, false).await.unwrap();
    let start = world.renova.begin_login(&clara, id, LoginWindow::Popup, None).await.unwrap();
    let back = world.meta.dialog(&start.dialog_url, "Clara Lima", &[("sim_do", "reconnect")]).await;
    world.meta.advance("11m").await;
    assert_eq!(world.complete(&back, Some(start.cookie.expose_secret())).await, LoginOutcome::Foreign);
    world.logs_in_at_meta(&clara, id, "Clara Lima").await;
    world.meta.advance("11m").await;
    world.renova.exchange(&clara, id).await.unwrap();
    let renewal = world.renova.renewal(&clara, id).await.unwrap().renewal;
    assert_eq!((renewal.state, renewal.failure.as_deref()), (S::Failed, Some("login_expired")));
    assert_eq!(world.meta.calls_of("/oauth/access_token").await, 0);
}

/// How a state or cookie may be wrong.
#[derive(Clone, Debug)]
enum Forgery {
    Invented(String),
    Flipped(usize),
    Cut(usize),
    OtherAttempts,
    Missing,
}

fn forgery() -> impl Strategy<Value = Forgery> {
    prop_oneof![
        "[0-9a-f]{0,80}[pt]?".prop_map(Forgery::Invented),
        ".{0,40}".prop_map(Forgery::Invented),
        (0usize..64).prop_map(Forgery::Flipped),
        (0usize..64).prop_map(Forgery::Cut),
        Just(Forgery::OtherAttempts),
        Just(Forgery::Missing),
    ]
}

fn forged(good: &str, others: &str, forgery: &Forgery) -> Option<String> {
    match forgery {
        Forgery::Invented(text) => Some(text.clone()),
        Forgery::Flipped(at) => {
            let mut bytes = good.as_bytes().to_vec();
            bytes[*at] = if bytes[*at] == b'0' { b'1' } else { b'0' };
            String::from_utf8(bytes).ok()
        }
        Forgery::Cut(at) => Some(good[..*at].to_owned()),
        Forgery::OtherAttempts => Some(others.to_owned()),
        Forgery::Missing => None,
    }
}

/// A used, foreign or invented state, or a cookie that does not belong to it, stores nothing and
/// asks Meta nothing: 1,000 cases.
#[test]
fn forged_answers_store_nothing_and_call_nothing() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let (world, clara, id, state, cookie, other_state, other_cookie) = runtime.block_on(async {
        let world = World::new().await;
        let clara = world.signed_in("Clara").await;
        let connection = world.connected("boreal", "Clara Lima", 3).await;
        let id = world.renova.start_renewal(&clara, Some(connection), Provider::Facebook, false).await.unwrap();
        let mut attempts = Vec::new();
        for _ in 0..2 {
            let start = world.renova.begin_login(&clara, id, LoginWindow::Popup, None).await.unwrap();
            let url = reqwest::Url::parse(&start.dialog_url).unwrap();
            let state = url.query_pairs().find(|(name, _)| name == "state").unwrap().1.into_owned();
            attempts.push((state, start.cookie.expose_secret().to_owned()));
        }
        let (other_state, other_cookie) = attempts.pop().unwrap();
        let (state, cookie) = attempts.pop().unwrap();
        (world, clara, id, state, cookie, other_state, other_cookie)
    });
    let before = runtime.block_on(world.renova.renewal(&clara, id)).unwrap().renewal;
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig {
        cases: ProptestConfig::default().cases.max(1_000),
        failure_persistence: None,
        ..ProptestConfig::default()
    });
    let cases = (forgery(), proptest::bool::ANY, "[A-Za-z0-9_-]{1,60}");
    runner
        .run(&cases, |(forgery, forge_state, code)| {
            let (state_given, cookie_given) = if forge_state {
                (forged(&state, &other_state, &forgery), Some(cookie.clone()))
            } else {
                (Some(state.clone()), forged(&cookie, &other_cookie, &forgery))
            };
            let code = SecretString::from(code);
            let answer = LoginAnswer {
                state: state_given.as_deref(),
                cookie: cookie_given.as_deref(),
                code: Some(&code),
                ..LoginAnswer::default()
            };
            let outcome = runtime.block_on(world.renova.complete_login(Provider::Facebook, answer)).unwrap();
            prop_assert_eq!(outcome, LoginOutcome::Foreign);
            Ok(())
        })
        .unwrap();
    runtime.block_on(async {
        assert_eq!(world.renova.renewal(&clara, id).await.unwrap().renewal, before);
        let parked = world.renova.storage().parked_attempt(clara.organization, id).await.unwrap();
        assert_eq!(parked, None);
        assert_eq!(world.meta.calls_of("/oauth/access_token").await, 0);
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn passwords_sessions_and_reset_links() {
    let world = World::new().await;
    let renova = &world.renova;
    let log_in = |email: &'static str, password: &'static str| async move {
        renova.log_in(email, &SecretString::from(password)).await.unwrap()
    };
    assert!(log_in("clara@example.com", "wrong-password").await.is_none());
    assert!(log_in("nobody@example.com", PASSWORD).await.is_none());
    let session = log_in(" Clara@Example.com ", PASSWORD).await.unwrap();
    let token = session.token.expose_secret();
    assert!(renova.identify(token).await.unwrap().is_some());
    for other in ["", "x", &"0".repeat(64)] {
        assert!(renova.identify(other).await.unwrap().is_none());
    }
    assert_eq!(renova.password_reset_link("nobody@example.com").await.unwrap(), None);
    let link = renova.password_reset_link("clara@example.com").await.unwrap().unwrap();
    let (_, reset) = link.split_once("token=").unwrap();
    assert!(matches!(renova.set_password(reset, &SecretString::from("short")).await, Err(Error::WeakPassword(8))));
    renova.set_password(reset, &SecretString::from("a-new-password")).await.unwrap();
    assert!(renova.identify(token).await.unwrap().is_none(), "all sessions end");
    let again = renova.set_password(reset, &SecretString::from("another-password")).await;
    assert!(matches!(again, Err(Error::LinkOver)));
    assert!(log_in("clara@example.com", PASSWORD).await.is_none());
    let session = log_in("clara@example.com", "a-new-password").await.unwrap();
    renova.log_out(session.token.expose_secret()).await.unwrap();
    assert!(renova.identify(session.token.expose_secret()).await.unwrap().is_none());
}
