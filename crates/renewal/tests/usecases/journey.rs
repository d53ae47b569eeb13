//! The main job, end to end, without a browser: start, log in, exchange, choose, prove, finish.

use std::sync::Arc;

use crate::support::{World, but_its_check};
use lifecycle::{ChannelKind, Provider, RenewalState as S, Severity, health::TokenProof};
use renewal::{Error, LoginOutcome, LoginWindow};
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn a_renewal_keeps_ids_and_replaces_tokens_only_at_the_end() {
    let world = World::new().await;
    let clara = world.signed_in("Clara").await;
    let connection = world.connected("boreal", "Clara Lima", 3).await;
    let before = world.renova.connection(&clara, connection).await.unwrap();
    assert_eq!(before.health.severity(), Severity::Soon);

    world.meta.advance("1m").await;
    let id = world.proved(&clara, Some(connection), "Clara Lima").await;
    world.meta.advance("1m").await;
    let meanwhile = world.renova.connection(&clara, connection).await.unwrap();
    let kept = (but_its_check(&meanwhile.connection), but_its_check(&before.connection));
    assert_eq!(kept.0, kept.1, "the old token stays until the commit");

    world.renova.finish(&clara, id).await.unwrap();
    let after = world.renova.connection(&clara, connection).await.unwrap();
    assert_eq!(after.health.severity(), Severity::None);
    assert_eq!(after.connection.token_generation, 2);
    assert_ne!(after.connection.token, before.connection.token);
    let ids = |state: &renewal::ConnectionState| {
        let mut ids: Vec<_> = state.channels.iter().map(|it| (it.channel.id, it.channel.account_id.clone())).collect();
        ids.sort();
        ids
    };
    assert_eq!(ids(&after), ids(&before));
    assert!(world.renova.connections(&clara).await.unwrap().iter().all(|state| !state.needs_renewal()));
    let told: Vec<_> = world.renova.history(&clara, 10).await.unwrap().into_iter().map(|it| it.action).collect();
    assert_eq!(told.first().map(String::as_str), Some("connection.renewed"));
    let finished = world.renova.renewal(&clara, id).await.unwrap().renewal;
    assert_eq!((finished.state, finished.staged), (S::Finished, None));
}

#[tokio::test(flavor = "multi_thread")]
async fn every_step_repeated_or_doubled_has_one_effect() {
    let world = Arc::new(World::new().await);
    let clara = world.signed_in("Clara").await;
    let connection = world.connected("boreal", "Clara Lima", 3).await;
    let twice = |world: Arc<World>, who: renewal::Identity| async move {
        let start = || world.renova.start_renewal(&who, Some(connection), Provider::Facebook, false);
        let (first, second) = tokio::join!(start(), start());
        (first.unwrap(), second.unwrap())
    };
    let (id, same) = twice(world.clone(), clara.clone()).await;
    assert_eq!(id, same);
    world.logs_in_at_meta(&clara, id, "Clara Lima").await;
    let (first, second) = tokio::join!(world.renova.exchange(&clara, id), world.renova.exchange(&clara, id));
    first.and(second).unwrap();
    assert_eq!(world.meta.calls_of("/oauth/access_token").await, 2, "one code, one long-lived token");
    let selected = world.renova.renewal(&clara, id).await.unwrap().selected();
    world.renova.choose(&clara, id, selected.clone(), false).await.unwrap();
    world.renova.choose(&clara, id, selected.clone(), false).await.unwrap();
    world.renova.prove(&clara, id, false).await.unwrap();
    world.renova.choose(&clara, id, selected, false).await.unwrap();
    assert_eq!(
        world.renova.renewal(&clara, id).await.unwrap().renewal.state,
        S::Proved,
        "the same choice keeps the proof"
    );
    let (first, second) = tokio::join!(world.renova.finish(&clara, id), world.renova.finish(&clara, id));
    first.and(second).unwrap();
    world.renova.finish(&clara, id).await.unwrap();
    let state = world.renova.connection(&clara, connection).await.unwrap();
    assert_eq!(state.connection.token_generation, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_process_that_dies_between_exchange_and_finish_loses_nothing() {
    let world = World::new().await;
    let clara = world.signed_in("Clara").await;
    let connection = world.connected("boreal", "Clara Lima", 3).await;
    let id = world.granted(&clara, Some(connection), "Clara Lima").await;
    let before = world.renova.connection(&clara, connection).await.unwrap().connection;

    let world = world.restarted().await;
    assert_eq!(world.renova.connection(&clara, connection).await.unwrap().connection, before);
    let detail = world.renova.renewal(&clara, id).await.unwrap();
    assert_eq!(detail.renewal.state, S::Exchanged);
    world.renova.choose(&clara, id, detail.selected(), false).await.unwrap();
    world.renova.prove(&clara, id, false).await.unwrap();
    world.renova.finish(&clara, id).await.unwrap();
    assert_eq!(world.renova.connection(&clara, connection).await.unwrap().connection.token_generation, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_first_connection_and_its_end() {
    let world = World::new().await;
    let ana = world.signed_in("Ana").await;
    let id = world.renova.start_renewal(&ana, None, Provider::Facebook, false).await.unwrap();
    world.meta.sim.seed_grant("Ana Souza", 0).unwrap();
    world.logs_in_at_meta(&ana, id, "Ana Souza").await;
    world.renova.exchange(&ana, id).await.unwrap();
    let selected = world.renova.renewal(&ana, id).await.unwrap().selected();
    assert_eq!(selected.len(), 3, "two Pages and one Instagram account");
    world.renova.choose(&ana, id, selected, false).await.unwrap();
    world.renova.prove(&ana, id, false).await.unwrap();
    world.renova.finish(&ana, id).await.unwrap();
    let connections = world.renova.connections(&ana).await.unwrap();
    let [state] = connections.as_slice() else { panic!("one connection") };
    assert_eq!(state.health.severity(), Severity::None);
    assert!(state.channels.iter().all(|it| it.channel.story_mentions && it.channel.story_replies));

    let connection = state.connection.id;
    let refused = world.renova.disconnect(&ana, connection, "ana souza?").await;
    assert!(matches!(refused, Err(Error::NameMismatch)));
    world.renova.disconnect(&ana, connection, "Ana Souza").await.unwrap();
    assert!(world.renova.connections(&ana).await.unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn connecting_again_by_the_same_person_is_a_renewal() {
    let world = World::new().await;
    let clara = world.signed_in("Clara").await;
    let connection = world.connected("boreal", "Clara Lima", 3).await;
    let id = world.proved(&clara, None, "Clara Lima").await;
    world.renova.finish(&clara, id).await.unwrap();
    let connections = world.renova.connections(&clara).await.unwrap();
    assert_eq!(connections.len(), 1);
    assert_eq!((connections[0].connection.id, connections[0].connection.token_generation), (connection, 2));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_would_be_lost_needs_a_deliberate_yes() {
    let world = World::new().await;
    let ana = world.signed_in("Ana").await;
    let connection = world.connected("aurora", "Ana Souza", 5).await;
    let id = world.granted(&ana, Some(connection), "Ana Souza").await;
    let mut selected = world.renova.renewal(&ana, id).await.unwrap().selected();
    selected.retain(|key| key.kind != ChannelKind::Instagram);
    let refused = world.renova.choose(&ana, id, selected.clone(), false).await;
    assert!(matches!(refused, Err(Error::Selection(_))));
    assert_eq!(world.renova.renewal(&ana, id).await.unwrap().renewal.state, S::Exchanged);
    world.renova.choose(&ana, id, selected, true).await.unwrap();
    world.renova.prove(&ana, id, false).await.unwrap();
    world.renova.finish(&ana, id).await.unwrap();
    let after = world.renova.connection(&ana, connection).await.unwrap();
    assert_eq!(after.channels.len(), 2);
    let events = world.events(&ana).await;
    let gone: Vec<_> = events.iter().filter(|(kind, _)| kind == "channel.removed").collect();
    assert_eq!(gone.len(), 1, "{events:?}");
    assert_eq!((gone[0].1["name"].as_str(), gone[0].1["kind"].as_str()), (Some("@loja.aurora"), Some("instagram")));
    assert_eq!(world.count_of_events(&ana, "channel.added").await, 0);
    assert_eq!(world.count_of_events(&ana, "renewal.finished").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn before_a_log_in_there_is_nothing_to_prove() {
    let world = World::new().await;
    let ana = world.signed_in("Ana").await;
    let id = world.renova.start_renewal(&ana, None, Provider::Facebook, false).await.unwrap();
    assert!(matches!(world.renova.prove(&ana, id, false).await, Err(Error::NotApplicable(_))));
    world.renova.begin_login(&ana, id, LoginWindow::Tab, None).await.unwrap();
    assert!(matches!(world.renova.prove(&ana, id, false).await, Err(Error::NotApplicable(_))));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_first_connection_tells_of_each_channel() {
    let world = World::new().await;
    let ana = world.signed_in("Ana").await;
    world.meta.sim.seed_grant("Ana Souza", 0).unwrap();
    let id = world.proved(&ana, None, "Ana Souza").await;
    world.renova.finish(&ana, id).await.unwrap();
    let kinds: Vec<_> = world.events(&ana).await.into_iter().map(|(kind, _)| kind).collect();
    let expected = ["renewal.started", "connection.created", "channel.added", "channel.added", "channel.added"];
    assert_eq!(kinds, [&expected[..], &["renewal.finished"]].concat());
}

#[tokio::test(flavor = "multi_thread")]
async fn story_options_that_are_off_stay_off_and_are_told() {
    let world = World::new().await;
    let clara = world.signed_in("Clara").await;
    let connection = world.connected("boreal", "Clara Lima", 3).await;
    let state = world.renova.connection(&clara, connection).await.unwrap();
    let instagram = state.channels.iter().find(|it| it.channel.kind == ChannelKind::Instagram).unwrap();
    world.renova.set_story_options(&clara, instagram.channel.id, false, true).await.unwrap();
    let id = world.proved(&clara, Some(connection), "Clara Lima").await;
    let proof = world.renova.renewal(&clara, id).await.unwrap().proof.unwrap();
    let verdict = |item| proof.lines.iter().find(|line| line.item == item).unwrap().verdict;
    use lifecycle::proof::{ProofItem, Verdict};
    assert_eq!(verdict(ProofItem::StoryMentions), Verdict::Open);
    assert_eq!(verdict(ProofItem::StoryReplies), Verdict::Good);
    world.renova.finish(&clara, id).await.unwrap();
    let after = world.renova.connection(&clara, connection).await.unwrap();
    let instagram = after.channels.iter().find(|it| it.channel.kind == ChannelKind::Instagram).unwrap();
    assert_eq!((instagram.channel.story_mentions, instagram.channel.story_replies), (false, true));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_declined_permission_blocks_and_asks_again() {
    let world = World::new().await;
    let clara = world.signed_in("Clara").await;
    let connection = world.connected("boreal", "Clara Lima", 3).await;
    world
        .meta
        .put("permissions", json!({"person": "Clara Lima", "permission": "pages_messaging", "granted": false}))
        .await;
    let id = world.proved(&clara, Some(connection), "Clara Lima").await;
    let refused = world.renova.finish(&clara, id).await;
    assert!(matches!(refused, Err(Error::NotProved)));
    assert_eq!(world.renova.connection(&clara, connection).await.unwrap().connection.token_generation, 1);
    let again = world.renova.begin_login(&clara, id, LoginWindow::Tab, None).await.unwrap();
    assert!(again.dialog_url.contains("auth_type=rerequest"), "{}", again.dialog_url);
    assert_eq!(world.renova.renewal(&clara, id).await.unwrap().renewal.state, S::Proved, "nothing is lost by looking");
}

#[tokio::test(flavor = "multi_thread")]
async fn another_person_is_named_and_replaces_nothing() {
    let world = World::new().await;
    let ana = world.signed_in("Ana").await;
    let connection = world.connected("aurora", "Ana Souza", 5).await;
    world.meta.sim.seed_grant("Elisa Prado", 0).unwrap();
    let id = world.granted(&ana, Some(connection), "Elisa Prado").await;
    let detail = world.renova.renewal(&ana, id).await.unwrap();
    assert_eq!(detail.renewal.state, S::Mismatched);
    assert!(!detail.may_be_handed_over(), "they share no account");
    assert!(matches!(world.renova.hand_over(&ana, id).await, Err(Error::NotApplicable(_))));
    assert_eq!(detail.staged.unwrap().grantee_name, "Elisa Prado");
    let again = world.renova.begin_login(&ana, id, LoginWindow::Tab, None).await.unwrap();
    assert!(again.dialog_url.contains("reauthenticate"), "{}", again.dialog_url);
    let waiting = world.renova.renewal(&ana, id).await.unwrap();
    assert_eq!((waiting.renewal.staged, waiting.staged), (None, None), "a new log-in forgets the other person");
}

#[tokio::test(flavor = "multi_thread")]
async fn cancelling_at_meta_leaves_a_way_on() {
    let world = World::new().await;
    let clara = world.signed_in("Clara").await;
    let connection = world.connected("boreal", "Clara Lima", 3).await;
    let id = world.renova.start_renewal(&clara, Some(connection), Provider::Facebook, false).await.unwrap();
    let outcome = world.answers(&clara, id, "Clara Lima", &[("sim_do", "cancel")]).await;
    assert_eq!(outcome, LoginOutcome::Back { renewal: id, window: LoginWindow::Popup });
    let denied = world.renova.renewal(&clara, id).await.unwrap().renewal;
    assert_eq!((denied.state, denied.failure.as_deref()), (S::Denied, Some("login_cancelled")));
    world.logs_in_at_meta(&clara, id, "Clara Lima").await;
    assert_eq!(world.renova.renewal(&clara, id).await.unwrap().renewal.state, S::LoggedIn);
}

#[tokio::test(flavor = "multi_thread")]
async fn cancelling_at_meta_keeps_what_was_granted_before_and_is_told() {
    let world = World::new().await;
    let clara = world.signed_in("Clara").await;
    let connection = world.connected("boreal", "Clara Lima", 3).await;
    let id = world.granted(&clara, Some(connection), "Clara Lima").await;
    world.answers(&clara, id, "Clara Lima", &[("sim_do", "cancel")]).await;
    let detail = world.renova.renewal(&clara, id).await.unwrap();
    assert_eq!((detail.renewal.state, detail.renewal.failure.as_deref()), (S::Exchanged, Some("login_cancelled")));
    assert!(detail.staged.is_some());
    world.chosen_and_proved(&clara, id).await;
    assert_eq!(world.renova.renewal(&clara, id).await.unwrap().renewal.failure, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn metas_trouble_at_any_call_is_told_and_harms_nothing() {
    let world = World::new().await;
    let clara = world.signed_in("Clara").await;
    let connection = world.connected("boreal", "Clara Lima", 3).await;
    let before = world.renova.connection(&clara, connection).await.unwrap().connection;
    let exchange = [
        "/oauth/access_token",
        "/oauth/access_token?grant_type=fb_exchange_token",
        "/debug_token",
        "/me",
        "/me/accounts",
    ];
    for path in exchange {
        for fault in ["http_500", "reset", "html", "truncated", "not_json", "empty", "rate_limit", "wrong_type"] {
            let id = world.renova.start_renewal(&clara, Some(connection), Provider::Facebook, false).await.unwrap();
            world.logs_in_at_meta(&clara, id, "Clara Lima").await;
            world.meta.control("faults", json!({"on": format!("graph:{path}"), "fault": fault, "times": 1})).await;
            world.renova.exchange(&clara, id).await.unwrap();
            let renewal = world.renova.renewal(&clara, id).await.unwrap().renewal;
            assert_eq!(renewal.state, S::Failed, "{fault} at {path}");
            assert!(renewal.failure.is_some());
            let (kind, told) = world.events(&clara).await.pop().unwrap();
            assert_eq!((kind.as_str(), told["problem"].as_str()), ("renewal.failed", renewal.failure.as_deref()));
            let after = world.renova.connection(&clara, connection).await.unwrap().connection;
            assert_eq!(but_its_check(&after), but_its_check(&before));
        }
    }
    let proof = ["/me/permissions", "/{id}/subscribed_apps", "/{id}"];
    for path in proof {
        let id = world.renova.start_renewal(&clara, Some(connection), Provider::Facebook, false).await.unwrap();
        world.logs_in_at_meta(&clara, id, "Clara Lima").await;
        world.renova.exchange(&clara, id).await.unwrap();
        let selected = world.renova.renewal(&clara, id).await.unwrap().selected();
        world.renova.choose(&clara, id, selected, false).await.unwrap();
        world.meta.control("faults", json!({"on": format!("graph:{path}"), "fault": "http_500", "times": 1})).await;
        world.renova.prove(&clara, id, false).await.unwrap();
        let record = world.renova.renewal(&clara, id).await.unwrap().proof.unwrap();
        assert!(lifecycle::proof::has_open_points(&record.lines), "{path}");
        assert!(lifecycle::proof::may_finish(&record.lines), "Meta's trouble does not block: {path}");
        world.renova.cancel(&clara, id).await.unwrap();
    }
    let id = world.proved(&clara, Some(connection), "Clara Lima").await;
    world.renova.finish(&clara, id).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_good_renewal_left_alone_is_committed_when_the_old_token_is_dead() {
    let world = World::new().await;
    let ana = world.signed_in("Ana").await;
    let dead = world.connected("aurora", "Elisa Prado", -1).await;
    let alive = world.connected("aurora", "Ana Souza", 5).await;
    for (connection, person) in [(dead, "Elisa Prado"), (alive, "Ana Souza")] {
        let id = world.renova.start_renewal(&ana, Some(connection), Provider::Facebook, false).await.unwrap();
        world.logs_in_at_meta(&ana, id, person).await;
        world.renova.exchange(&ana, id).await.unwrap();
    }
    world.meta.advance("9m").await;
    world.renova.round().await.unwrap();
    let generation = |connection| {
        let (world, ana) = (&world, &ana);
        async move { world.renova.connection(ana, connection).await.unwrap().connection.token_generation }
    };
    assert_eq!(generation(dead).await, 1);
    world.meta.advance("2m").await;
    world.renova.round().await.unwrap();
    assert_eq!(generation(dead).await, 2);
    assert_eq!(generation(alive).await, 1, "the person decides while the old token works");
    let state = world.renova.connection(&ana, dead).await.unwrap();
    assert!(state.channels.iter().all(|it| it.channel.facts.proof == TokenProof::Works));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_renewal_ends_after_a_day() {
    let world = World::new().await;
    let clara = world.signed_in("Clara").await;
    let connection = world.connected("boreal", "Clara Lima", 3).await;
    let id = world.proved(&clara, Some(connection), "Clara Lima").await;
    world.meta.advance("25h").await;
    assert_eq!(world.renova.renewal(&clara, id).await.unwrap().renewal.state, S::Expired);
    assert!(world.renova.finish(&clara, id).await.is_err());
    assert_eq!(world.renova.connection(&clara, connection).await.unwrap().connection.token_generation, 1);
    let fresh = world.renova.start_renewal(&clara, Some(connection), Provider::Facebook, false).await.unwrap();
    assert_ne!(fresh, id);
    world.renova.round().await.unwrap();
}
