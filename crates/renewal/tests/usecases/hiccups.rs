//! What goes wrong half-way, and what must not get lost by it.

use lifecycle::{Provider, RenewalState as S, Severity};
use renewal::{Error, LoginAnswer, LoginOutcome, LoginWindow};
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;

use crate::support::World;

#[tokio::test(flavor = "multi_thread")]
async fn a_second_log_in_that_fails_goes_back_to_what_was_staged() {
    let world = World::new().await;
    let ana = world.signed_in("Ana").await;
    let connection = world.connected("aurora", "Ana Souza", 5).await;
    world.meta.sim.seed_grant("Elisa Prado", 0).unwrap();
    let id = world.granted(&ana, Some(connection), "Ana Souza").await;
    let staged = world.renova.renewal(&ana, id).await.unwrap();

    let again = [("Ana Souza", Some("http_500"), "unknown_trouble"), ("Elisa Prado", None, "other_person_again")];
    for (person, fault, failure) in again {
        let start = world.renova.begin_login(&ana, id, LoginWindow::Tab, None).await.unwrap();
        let plain = start.dialog_url.replace("auth_type=reauthorize", "auth_type=");
        let back = world.meta.dialog(&plain, person, &[("sim_do", "reconnect")]).await;
        world.complete(&back, Some(start.cookie.expose_secret())).await;
        if let Some(fault) = fault {
            world.meta.control("faults", json!({"on": "graph:/me/accounts", "fault": fault, "times": 1})).await;
        }
        world.renova.exchange(&ana, id).await.unwrap();
        let after = world.renova.renewal(&ana, id).await.unwrap();
        assert_eq!((after.renewal.state, after.renewal.failure.as_deref()), (S::Exchanged, Some(failure)));
        assert_eq!((&after.renewal.staged, &after.staged), (&staged.renewal.staged, &staged.staged));
    }
    let selected = world.renova.renewal(&ana, id).await.unwrap().selected();
    world.renova.choose(&ana, id, selected, false).await.unwrap();
    world.renova.prove(&ana, id, false).await.unwrap();
    world.renova.finish(&ana, id).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn connecting_a_person_whose_renewal_is_open_takes_it_over_only_from_oneself() {
    let world = World::new().await;
    let (ana, beatriz) = (world.signed_in("Ana").await, world.signed_in("Beatriz").await);
    let connection = world.connected("aurora", "Ana Souza", 5).await;
    let forgotten = world.renova.start_renewal(&ana, Some(connection), Provider::Facebook, false).await.unwrap();

    let others = world.granted(&beatriz, None, "Ana Souza").await;
    let refused = world.renova.renewal(&beatriz, others).await.unwrap().renewal;
    assert_eq!((refused.state, refused.failure.as_deref()), (S::Failed, Some("other_is_renewing")));

    let own = world.granted(&ana, None, "Ana Souza").await;
    let detail = world.renova.renewal(&ana, own).await.unwrap();
    assert_eq!((detail.renewal.state, detail.renewal.connection_id), (S::Exchanged, Some(connection)));
    assert_eq!(world.renova.renewal(&ana, forgotten).await.unwrap().renewal.state, S::Superseded);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_has_outlived_itself_is_forgotten() {
    let world = World::new().await;
    let clara = world.signed_in("Clara").await;
    let connection = world.connected("boreal", "Clara Lima", 3).await;
    let id = world.renova.start_renewal(&clara, Some(connection), Provider::Facebook, false).await.unwrap();
    world.logs_in_at_meta(&clara, id, "Clara Lima").await;
    let parked = || async { world.renova.storage().parked_attempt(clara.organization, id).await.unwrap() };
    world.renova.round().await.unwrap();
    assert!(parked().await.is_some());
    world.meta.advance("11m").await;
    world.renova.round().await.unwrap();
    assert!(parked().await.is_none(), "a parked code lives ten minutes");
    world.meta.advance("24h").await;
    world.renova.round().await.unwrap();
    let stored = world.renova.storage().renewal(clara.organization, id).await.unwrap().unwrap();
    assert_eq!(stored.state, S::Expired);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_in_somebody_else_s_session_is_foreign() {
    let world = World::new().await;
    let (clara, ana) = (world.signed_in("Clara").await, world.signed_in("Ana").await);
    let connection = world.connected("boreal", "Clara Lima", 3).await;
    let id = world.renova.start_renewal(&clara, Some(connection), Provider::Facebook, false).await.unwrap();
    let start = world.renova.begin_login(&clara, id, LoginWindow::Popup, None).await.unwrap();
    let url = reqwest::Url::parse(&start.dialog_url).unwrap();
    let state = url.query_pairs().find(|(name, _)| name == "state").unwrap().1.into_owned();
    let code = SecretString::from("a-code");
    let answer = |signed_in| LoginAnswer {
        state: Some(&state),
        cookie: Some(start.cookie.expose_secret()),
        code: Some(&code),
        signed_in,
        ..LoginAnswer::default()
    };
    let outcome = world.renova.complete_login(Provider::Facebook, answer(Some(ana.user))).await.unwrap();
    assert_eq!(outcome, LoginOutcome::Foreign);
    let outcome = world.renova.complete_login(Provider::Facebook, answer(Some(clara.user))).await.unwrap();
    assert!(matches!(outcome, LoginOutcome::Back { .. }));
}

#[tokio::test(flavor = "multi_thread")]
async fn silence_of_meta_while_subscribing_forgets_no_subscription() {
    let world = World::new().await;
    let clara = world.signed_in("Clara").await;
    let connection = world.connected("boreal", "Clara Lima", 3).await;
    let id = world.granted(&clara, Some(connection), "Clara Lima").await;
    let selected = world.renova.renewal(&clara, id).await.unwrap().selected();
    world.renova.choose(&clara, id, selected.clone(), false).await.unwrap();
    let fault = json!({"on": "graph:/{id}/subscribed_apps", "fault": "http_500", "times": 1});
    world.meta.control("faults", fault).await;
    world.renova.prove(&clara, id, false).await.unwrap();
    world.renova.finish(&clara, id).await.unwrap();
    let after = world.renova.connection(&clara, connection).await.unwrap();
    assert_eq!(after.health.severity(), Severity::None, "{:?}", after.health);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_open_point_is_proved_again_when_asked() {
    let world = World::new().await;
    let clara = world.signed_in("Clara").await;
    let connection = world.connected("boreal", "Clara Lima", 3).await;
    let id = world.granted(&clara, Some(connection), "Clara Lima").await;
    let selected = world.renova.renewal(&clara, id).await.unwrap().selected();
    world.renova.choose(&clara, id, selected, false).await.unwrap();
    world.meta.control("faults", json!({"on": "graph:/me/permissions", "fault": "http_500", "times": 1})).await;
    let is_open = || async {
        let record = world.renova.renewal(&clara, id).await.unwrap().proof.unwrap();
        lifecycle::proof::has_open_points(&record.lines)
    };
    world.renova.prove(&clara, id, false).await.unwrap();
    assert!(is_open().await);
    world.renova.prove(&clara, id, false).await.unwrap();
    assert!(is_open().await, "a second window does not begin anew");
    world.renova.prove(&clara, id, true).await.unwrap();
    assert!(!is_open().await);
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_there_so_an_open_point_is_not_committed() {
    let world = World::new().await;
    let ana = world.signed_in("Ana").await;
    let dead = world.connected("aurora", "Elisa Prado", -1).await;
    let id = world.granted(&ana, Some(dead), "Elisa Prado").await;
    world.meta.control("faults", json!({"on": "graph:/me/permissions", "fault": "http_500", "times": 1})).await;
    world.meta.advance("11m").await;
    world.renova.round().await.unwrap();
    assert_eq!(world.renova.connection(&ana, dead).await.unwrap().connection.token_generation, 1);
    assert_eq!(world.renova.renewal(&ana, id).await.unwrap().renewal.state, S::Proved);
}

#[tokio::test(flavor = "multi_thread")]
async fn asking_twice_asks_once() {
    let world = World::new().await;
    let connection = world.connected("aurora", "Ana Souza", 5).await;
    let bruno = world.signed_in("Bruno").await;
    let asked = || async {
        let history = world.renova.history(&bruno, 50).await.unwrap();
        history.iter().filter(|entry| entry.action == "renewal.requested").count()
    };
    for _ in 0..3 {
        world.renova.request_renewal(&bruno, connection).await.unwrap();
    }
    assert_eq!(asked().await, 1);
    world.meta.advance("25h").await;
    world.renova.request_renewal(&bruno, connection).await.unwrap();
    assert_eq!(asked().await, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn too_many_log_ins_at_once_are_told_to_come_back() {
    let world = World::new().await;
    let attempts = (0..60).map(|_| {
        let renova = world.renova.clone();
        tokio::spawn(async move { renova.log_in("clara@example.com", &SecretString::from("wrong-password")).await })
    });
    let mut busy = 0;
    for attempt in attempts.collect::<Vec<_>>() {
        match attempt.await.unwrap() {
            Ok(session) => assert!(session.is_none()),
            Err(error) => {
                assert!(matches!(error, Error::TooBusy), "{error}");
                busy += 1;
            }
        }
    }
    assert!(busy > 0, "the queue is bounded");
}
