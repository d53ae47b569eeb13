//! What a check finds, what it repairs, and what it does not conclude.

use lifecycle::{
    Health, Provider, Severity,
    clock::{DAY_MS, HOUR_MS, MINUTE_MS},
    health::TokenProof,
    ids::ConnectionId,
};
use renewal::{ConnectionState, Identity};
use serde_json::json;

use crate::{
    dialogs::{AURORA, KIDS, LOJA, OUTLET},
    support::{World, channel},
};

/// Ana's connection, and how it is looked at.
struct Watched {
    world: World,
    ana: Identity,
    id: ConnectionId,
}

impl Watched {
    async fn new(ends_in_days: i64) -> Self {
        let world = World::new().await;
        let id = world.connected("aurora", "Ana Souza", ends_in_days).await;
        Self { ana: world.signed_in("Ana").await, world, id }
    }

    async fn state(&self) -> ConnectionState {
        self.world.renova.connection(&self.ana, self.id).await.unwrap()
    }

    async fn checked(&self) -> ConnectionState {
        self.world.renova.check(self.id).await.unwrap();
        self.state().await
    }

    /// A minute later.
    async fn checked_later(&self) -> ConnectionState {
        self.world.meta.advance("1m").await;
        self.checked().await
    }

    async fn events(&self) -> Vec<String> {
        self.world.events(&self.ana).await.into_iter().map(|(kind, _)| kind).collect()
    }
}

fn proofs(state: &ConnectionState) -> [TokenProof; 3] {
    [AURORA, LOJA, OUTLET].map(|account| channel(state, account).channel.facts.proof)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_subscription_is_restored_and_told() {
    let watched = Watched::new(30).await;
    watched.checked().await;
    assert_eq!(watched.events().await, [""; 0], "nothing to tell of a healthy one");
    let meta = &watched.world.meta;
    meta.put("subscriptions", json!({"page": "Loja Aurora", "fields": []})).await;
    let state = watched.checked_later().await;
    for field in meta::MESSENGER_FIELDS {
        assert!(meta.subscribed(AURORA).await.iter().any(|it| it == field), "{field}");
    }
    assert_eq!((state.severity(), channel(&state, AURORA).health), (Severity::None, Health::Healthy));
    let events = watched.world.events(&watched.ana).await;
    let told: Vec<_> = events.iter().filter(|(kind, _)| kind == "channel.resubscribed").collect();
    assert_eq!(told.len(), 2, "the Page and the account that is linked to it");
    assert_eq!(told[0].1["connection"], json!(watched.id));
    assert_eq!(events.len(), 2);
    assert_eq!(watched.world.count_in_history(&watched.ana, "channel.resubscribed").await, 2);
    watched.checked_later().await;
    assert_eq!(watched.events().await.len(), 2, "told once");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_subscription_that_cannot_be_restored_is_lost_until_it_can() {
    let watched = Watched::new(30).await;
    let meta = &watched.world.meta;
    meta.put("subscriptions", json!({"page": "Loja Aurora", "fields": []})).await;
    let refusal = json!({
        "on": format!("graph:/{AURORA}/subscribed_apps"), "method": "POST", "fault": "error", "code": 100, "times": 99,
    });
    meta.control("faults", refusal).await;
    let state = watched.checked_later().await;
    assert_eq!(channel(&state, AURORA).health, Health::SubscriptionLost);
    assert!(!state.needs_renewal(), "no renewal would help");
    assert_eq!(proofs(&state), [TokenProof::Works; 3]);
    meta.heal().await;
    let state = watched.checked_later().await;
    assert_eq!(state.severity(), Severity::None);
    assert!(watched.events().await.contains(&"channel.resubscribed".to_owned()));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_app_itself_is_not_subscribed_to_does_not_arrive() {
    let watched = Watched::new(30).await;
    let meta = &watched.world.meta;
    watched.checked().await;
    let without_reactions = ["messages", "messaging_postbacks", "messaging_referral"];
    meta.put("app-fields", json!({"object": "instagram", "fields": without_reactions})).await;
    let state = watched.checked_later().await;
    assert_eq!(channel(&state, LOJA).health, Health::StoryOptionOff);
    assert_eq!((channel(&state, AURORA).health, state.severity()), (Health::Healthy, Severity::Advice));

    meta.put("app-fields", json!({"object": "page", "fields": ["messaging_postbacks"]})).await;
    let state = watched.checked_later().await;
    assert_eq!(channel(&state, AURORA).health, Health::SubscriptionLost);
    assert!(!state.needs_renewal());
    let posts = meta.count_of_calls("POST", &format!("/{AURORA}/subscribed_apps")).await;
    watched.checked_later().await;
    assert_eq!(meta.count_of_calls("POST", &format!("/{AURORA}/subscribed_apps")).await, posts, "no use trying");

    let all = ["messages", "messaging_postbacks", "message_reactions", "message_echoes"];
    for object in ["page", "instagram"] {
        meta.put("app-fields", json!({"object": object, "fields": all})).await;
    }
    assert_eq!(watched.checked_later().await.severity(), Severity::None);
}

#[tokio::test(flavor = "multi_thread")]
async fn each_way_in_which_a_token_dies_is_named() {
    for (subcode, proof, word) in [
        (458, TokenProof::Revoked, "revoked"),
        (459, TokenProof::Revoked, "revoked"),
        (460, TokenProof::Revoked, "revoked"),
        (463, TokenProof::Expired, "expired"),
        (464, TokenProof::Revoked, "revoked"),
        (466, TokenProof::Revoked, "revoked"),
        (467, TokenProof::Revoked, "revoked"),
        (490, TokenProof::Revoked, "revoked"),
        (492, TokenProof::RoleLost, "account_lost"),
    ] {
        let watched = Watched::new(30).await;
        watched.world.meta.control("invalidate", json!({"person": "Ana Souza", "subcode": subcode})).await;
        let state = watched.checked_later().await;
        assert_eq!((state.connection.facts.proof, proofs(&state)), (proof, [proof; 3]), "{subcode}");
        assert_eq!((state.severity(), state.health.as_str()), (Severity::Stopped, word), "{subcode}");
        assert_eq!(state.connection.facts.dead_since, Some(watched.world.renova.now()));
        let events = watched.events().await;
        assert_eq!(events.iter().filter(|kind| **kind == format!("channel.{word}")).count(), 3, "{events:?}");
        assert_eq!(events.iter().filter(|kind| **kind == format!("connection.{word}")).count(), 1, "{events:?}");
        let since = state.connection.facts.dead_since;
        let state = watched.checked_later().await;
        assert_eq!((state.connection.facts.dead_since, watched.events().await.len()), (since, events.len()), "once");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_role_stops_its_page_alone_and_comes_back() {
    let watched = Watched::new(30).await;
    let people = |people: &[&str]| json!({"pages": [{"name": "Loja Aurora", "people": people}]});
    watched.world.meta.put("pages", people(&[])).await;
    let state = watched.checked_later().await;
    assert_eq!(proofs(&state), [TokenProof::RoleLost, TokenProof::RoleLost, TokenProof::Works]);
    assert_eq!((state.connection.facts.proof, state.severity()), (TokenProof::Works, Severity::Stopped));
    let since = watched.world.renova.now();
    assert_eq!(channel(&state, AURORA).health, Health::AccountLost { since });

    watched.world.meta.put("pages", people(&["Ana Souza"])).await;
    let state = watched.checked_later().await;
    assert_eq!((proofs(&state), state.severity()), ([TokenProof::Works; 3], Severity::None));
    let events = watched.world.events(&watched.ana).await;
    let (_, recovered) = events.iter().find(|(kind, _)| kind == "connection.recovered").unwrap();
    let gaps = recovered["gaps"].as_array().unwrap();
    assert_eq!((gaps.len(), &gaps[0]["from"]), (2, &json!(since)), "what may be missing is told");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_grant_that_has_ended_is_amber_while_its_page_tokens_live() {
    let watched = Watched::new(5).await;
    watched.world.meta.advance("6d").await;
    let state = watched.checked().await;
    assert_eq!((state.connection.facts.proof, proofs(&state)), (TokenProof::Expired, [TokenProof::Works; 3]));
    assert!(matches!(state.health, Health::Expired { .. }));
    assert_eq!(state.severity(), Severity::Soon, "nothing has stopped");
    assert!(!watched.events().await.iter().any(|kind| kind.starts_with("channel.")));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_end_that_meta_does_not_state_stays_as_it_was_known() {
    let watched = Watched::new(10).await;
    let known = watched.state().await.connection.facts.expires_at;
    watched.world.meta.fails("graph:/debug_token", "missing_expires_at", 1).await;
    let state = watched.checked_later().await;
    assert_eq!(watched.world.meta.faults_waiting().await, 0, "it was not stated");
    assert_eq!((state.connection.facts.expires_at, state.health.as_str()), (known, "expires_soon"));
}

#[tokio::test(flavor = "multi_thread")]
async fn data_access_that_lapsed_stops_instagram_alone() {
    for (code, word) in [(10, "missing_permission"), (190, "revoked")] {
        let watched = Watched::new(60).await;
        watched.world.meta.put("settings", json!({"data_access_lapsed_code": code})).await;
        // The grant would have ended first: it is refreshed by nobody, so only its Page tokens live.
        watched.world.meta.advance("89d").await;
        let state = watched.checked().await;
        assert_eq!(proofs(&state), [TokenProof::Works; 3], "{code}");
        assert!(matches!(channel(&state, LOJA).health, Health::ExpiresSoon { .. }));
        watched.world.meta.advance("2d").await;
        let unasked = watched.state().await;
        assert!(matches!(channel(&unasked, LOJA).health, Health::DataAccessLapsed { .. }), "by the clock alone");
        assert_eq!(unasked.severity(), Severity::Soon);
        let state = watched.checked().await;
        assert_eq!((channel(&state, LOJA).health.as_str(), state.severity()), (word, Severity::Stopped));
        for page in [AURORA, OUTLET] {
            assert_eq!(channel(&state, page).channel.facts.proof, TokenProof::Works, "{code}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_permission_taken_back_is_found() {
    for (permission, stopped) in [
        ("pages_messaging", &[AURORA, LOJA, OUTLET][..]),
        ("pages_manage_metadata", &[AURORA, LOJA, OUTLET]),
        ("instagram_manage_messages", &[LOJA]),
        ("instagram_basic", &[LOJA]),
    ] {
        let watched = Watched::new(30).await;
        let switch = |granted| json!({"person": "Ana Souza", "permission": permission, "granted": granted});
        watched.world.meta.put("permissions", switch(false)).await;
        watched.checked_later().await;
        let since = watched.world.renova.now();
        let state = watched.checked_later().await;
        for account in [AURORA, LOJA, OUTLET] {
            let expected = if stopped.contains(&account) { TokenProof::MissingPermission } else { TokenProof::Works };
            let facts = &channel(&state, account).channel.facts;
            let dead_since = (expected != TokenProof::Works).then_some(since);
            assert_eq!((facts.proof, facts.dead_since), (expected, dead_since), "{permission} for {account}");
        }
        assert_eq!(state.severity(), Severity::Stopped, "{permission}");
        assert_eq!(watched.world.count_of_events(&watched.ana, "connection.missing_permission").await, 1);
        watched.world.meta.put("permissions", switch(true)).await;
        let state = watched.checked_later().await;
        assert_eq!((proofs(&state), state.severity()), ([TokenProof::Works; 3], Severity::None), "{permission}");
    }
}

/// What Meta states about permissions in one broken answer proves nothing.
#[tokio::test(flavor = "multi_thread")]
async fn a_list_of_permissions_that_is_empty_takes_none_away() {
    let watched = Watched::new(30).await;
    for (on, fault) in [
        ("graph:/debug_token", "missing_fields"),
        ("graph:/debug_token", "null_fields"),
        ("graph:/me/permissions", "empty_list"),
        ("graph:/me/permissions", "http_500"),
    ] {
        watched.world.meta.fails(on, fault, 1).await;
        let state = watched.checked_later().await;
        watched.world.meta.heal().await;
        assert_eq!(proofs(&state), [TokenProof::Works; 3], "{fault} at {on}");
        assert!(state.severity() < Severity::Soon, "{fault} at {on}: {:?}", state.health);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn metas_own_trouble_changes_nothing_and_is_nobodys_news() {
    for fault in
        ["http_500", "http_503", "reset", "html", "rate_limit", "transient_190", "blocked", "error_without_code"]
    {
        let watched = Watched::new(30).await;
        let before = watched.checked().await;
        watched.world.meta.fails("graph:/*", fault, 999).await;
        let mut wait = 0;
        for failures in 1..=4 {
            let state = watched.checked_later().await;
            let since = state.connection.facts.unreachable_since.unwrap();
            assert_eq!(state.health, Health::Unreachable { since }, "{fault}");
            assert!(!state.needs_renewal(), "{fault}");
            assert_eq!(proofs(&state), [TokenProof::Works; 3], "{fault}");
            assert_eq!(state.connection.facts.proof, TokenProof::Works);
            assert_eq!(state.connection.facts.expires_at, before.connection.facts.expires_at);
            assert_eq!(state.connection.facts.scopes, before.connection.facts.scopes);
            assert_eq!(
                channel(&state, LOJA).channel.subscribed_fields,
                channel(&before, LOJA).channel.subscribed_fields
            );
            assert_eq!(state.connection.check_failures, failures);
            wait = state.connection.check_at.since(watched.world.renova.now());
            assert!((0..=6 * HOUR_MS).contains(&wait), "{fault}: {wait}");
        }
        assert!(wait > 0);
        watched.world.meta.heal().await;
        // A barred Page is left alone for as long as Meta has said.
        watched.world.meta.advance("1h").await;
        let state = watched.checked().await;
        assert_eq!((state.severity(), state.connection.facts.unreachable_since), (Severity::None, None), "{fault}");
        assert_eq!(state.connection.check_failures, 0);
        assert_eq!(watched.events().await, [""; 0], "{fault}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_died_while_meta_was_away_is_told_once_meta_is_back() {
    let watched = Watched::new(30).await;
    watched.checked().await;
    watched.world.meta.fails("graph:/*", "http_500", 999).await;
    let state = watched.checked_later().await;
    assert_eq!(state.health.as_str(), "unreachable");
    watched.world.meta.control("invalidate", json!({"person": "Ana Souza", "subcode": 460})).await;
    watched.world.meta.heal().await;
    let state = watched.checked_later().await;
    assert_eq!(state.severity(), Severity::Stopped);
    let events = watched.events().await;
    assert!(events.iter().any(|it| it == "connection.revoked"), "{events:?}");
    assert_eq!(events.iter().filter(|it| *it == "channel.revoked").count(), 3, "{events:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_end_that_comes_near_while_meta_is_away_is_told() {
    let watched = Watched::new(16).await;
    watched.checked().await;
    watched.world.renova.watch_what_is_due().await.unwrap();
    watched.world.meta.fails("graph:/*", "http_500", 999).await;
    assert_eq!(watched.checked_later().await.health.as_str(), "unreachable");
    watched.world.meta.advance("25h").await;
    watched.world.renova.watch_what_is_due().await.unwrap();
    assert_eq!(watched.state().await.health.as_str(), "expires_soon");
    assert_eq!(watched.events().await, ["connection.expires_soon"]);
}

/// Neither proof of an end nor Meta's passing trouble: whoever runs this service has to look, and
/// asking again and again would help nobody.
#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_nobody_knows_is_shown_and_not_asked_for_again_and_again() {
    for (code, word) in [(424_242, "unknown"), (3, "capability_missing"), (100, "bad_parameter")] {
        let watched = Watched::new(30).await;
        let strange = json!({"on": format!("graph:/{AURORA}"), "fault": "error", "code": code, "times": 99});
        watched.world.meta.control("faults", strange).await;
        let state = watched.checked_later().await;
        let facts = &channel(&state, AURORA).channel.facts;
        assert_eq!((facts.proof, facts.problem.as_deref()), (TokenProof::Works, Some(word)), "{code}");
        assert_eq!((state.severity(), state.connection.facts.unreachable_since), (Severity::None, None), "{code}");
        assert_eq!(state.connection.check_failures, 0, "{code}");
        let wait = state.connection.check_at.since(watched.world.renova.now());
        assert!(wait > 20 * HOUR_MS, "{code}: with the daily check: {wait}");
        watched.world.meta.heal().await;
        assert_eq!(channel(&watched.checked_later().await, AURORA).channel.facts.problem, None, "{code}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn just_after_a_renewal_one_bad_answer_alone_changes_nothing() {
    let watched = Watched::new(5).await;
    let (world, ana) = (&watched.world, &watched.ana);
    let id = world.proved(ana, Some(watched.id), "Ana Souza").await;
    world.renova.finish(ana, id).await.unwrap();
    let told = watched.events().await.len();
    world.meta.control("invalidate", json!({"person": "Ana Souza", "subcode": 460})).await;
    let state = watched.checked_later().await;
    assert_eq!((proofs(&state), state.connection.facts.proof), ([TokenProof::Works; 3], TokenProof::Works));
    assert_eq!(watched.events().await.len(), told);
    let soon = state.connection.check_at.since(world.renova.now());
    assert!(soon <= 2 * MINUTE_MS, "it is asked again at once: {soon}");
    let state = watched.checked_later().await;
    assert_eq!(proofs(&state), [TokenProof::Revoked; 3], "said twice, it is true");
}

#[tokio::test(flavor = "multi_thread")]
async fn later_one_bad_answer_is_enough() {
    let watched = Watched::new(5).await;
    let (world, ana) = (&watched.world, &watched.ana);
    let id = world.proved(ana, Some(watched.id), "Ana Souza").await;
    world.renova.finish(ana, id).await.unwrap();
    world.meta.advance("10m").await;
    world.meta.control("invalidate", json!({"person": "Ana Souza", "subcode": 460})).await;
    assert_eq!(proofs(&watched.checked().await), [TokenProof::Revoked; 3]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_is_looked_at_once_a_day_and_more_often_near_its_end() {
    let watched = Watched::new(30).await;
    for (advance, sooner, later) in [("1m", 22 * HOUR_MS, DAY_MS), ("28d", 4 * HOUR_MS, 6 * HOUR_MS)] {
        watched.world.meta.advance(advance).await;
        let state = watched.checked().await;
        let wait = state.connection.check_at.since(watched.world.renova.now());
        assert!((sooner..=later).contains(&wait), "{wait}");
    }
    let before = watched.state().await.connection.facts.checked_at;
    watched.world.renova.round().await.unwrap();
    assert_eq!(watched.state().await.connection.facts.checked_at, before, "not before it is due");
    watched.world.meta.advance("6h").await;
    watched.world.renova.round().await.unwrap();
    assert_eq!(watched.state().await.connection.facts.checked_at, Some(watched.world.renova.now()));
}

#[tokio::test(flavor = "multi_thread")]
async fn instagram_login_is_watched_the_same_way() {
    let world = World::new().await;
    let ana = world.signed_in("Ana").await;
    let id = world.renova.start_renewal(&ana, None, Provider::Instagram, false).await.unwrap();
    world.allows(&ana, id, "aurora.kids").await;
    world.exchanged(&ana, id).await;
    let id = world.finished(&ana, id).await.connection.id;
    let look = async || {
        world.meta.advance("20m").await;
        world.renova.check(id).await.unwrap();
        world.renova.connection(&ana, id).await.unwrap()
    };
    world.meta.put("subscriptions", json!({"instagram": "aurora.kids", "fields": []})).await;
    let state = look().await;
    assert_eq!((channel(&state, KIDS).health, state.severity()), (Health::Healthy, Severity::None));
    assert_eq!(world.count_of_events(&ana, "channel.resubscribed").await, 1);
    world.meta.fails("ig-graph:/*", "http_500", 99).await;
    assert!(matches!(look().await.health, Health::Unreachable { .. }));
    world.meta.heal().await;
    assert_eq!(look().await.severity(), Severity::None);
    world.meta.control("invalidate", json!({"instagram": "aurora.kids"})).await;
    let state = look().await;
    assert_eq!((state.health.as_str(), state.severity()), ("revoked", Severity::Stopped));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_only_the_operator_can_mend_is_not_called_metas_trouble() {
    let watched = Watched::new(30).await;
    let (storage, id) = (watched.world.renova.storage(), watched.id);
    watched.checked().await;
    let spoil = "UPDATE connections SET token_ciphertext = zeroblob(60)";
    sqlx::query(spoil).execute(&mut watched.world.database().await).await.unwrap();
    for _ in 0..2 {
        watched.world.meta.advance("1d").await;
        watched.world.renova.check_what_is_due().await.unwrap();
    }
    assert_eq!(storage.cannot_be_checked().await.unwrap(), Some((1, id)));
    assert_eq!(storage.unreachable(watched.world.renova.now()).await.unwrap(), (0, None));
}
