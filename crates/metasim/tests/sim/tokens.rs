//! Codes, tokens and how they end.

use crate::common::{APP, BACK, SECRET, World, config, proof};
use axum::http::{Method, StatusCode};
use metasim::Sim;

#[tokio::test]
async fn a_code_works_once_and_only_for_its_address() {
    let world = World::new();
    let code = world.code_for("Clara Lima").await;
    let wrong = world.token_request(&[("code", &code), ("redirect_uri", "http://127.0.0.1:3000/other")]).await;
    assert_eq!(wrong.error(), (100, Some(36008)));
    let missing = world.token_request(&[("code", &code)]).await;
    assert_eq!(missing.error(), (191, None));
    let relative = world.token_request(&[("code", &code), ("redirect_uri", "/other")]).await;
    assert_eq!(relative.error(), (191, None));
    let good = world.token_request(&[("code", &code), ("redirect_uri", BACK)]).await;
    assert_eq!(good.status, StatusCode::OK);
    let again = world.token_request(&[("code", &code), ("redirect_uri", BACK)]).await;
    assert_eq!(again.error(), (100, Some(36009)));
    assert_eq!(
        again.headers["www-authenticate"],
        "OAuth \"Facebook Platform\" \"invalid_code\" \"This authorization code has been used.\""
    );
    let invented = world.token_request(&[("code", "AQinvented"), ("redirect_uri", BACK)]).await;
    assert_eq!(invented.error(), (100, None));

    let late = world.code_for("Clara Lima").await;
    world.ok_control(Method::POST, "/_sim/clock", r#"{"advance":"10m"}"#).await;
    let expired = world.token_request(&[("code", &late), ("redirect_uri", BACK)]).await;
    assert_eq!(expired.error(), (100, Some(36007)));
}

#[tokio::test]
async fn the_app_is_checked_in_all_three_places() {
    let world = World::new();
    let grant = ("grant_type", "client_credentials");
    let path = "/graph/oauth/access_token";
    let by_query = world.get(path, &[("client_id", APP), ("client_secret", SECRET), grant]).await;
    assert_eq!(by_query.json()["access_token"], format!("{APP}|{SECRET}"));
    let basic = axum::http::Request::post(path)
        .header("content-type", "application/x-www-form-urlencoded")
        // 1234567890:sim-app-secret
        .header("authorization", "Basic MTIzNDU2Nzg5MDpzaW0tYXBwLXNlY3JldA==")
        .body(axum::body::Body::from("grant_type=client_credentials"))
        .unwrap();
    assert_eq!(world.send(basic).await.status, StatusCode::OK);
    let wrong = world.get(path, &[("client_id", APP), ("client_secret", "x"), grant]).await;
    assert_eq!(wrong.error(), (1, None));
    let foreign = world.get(path, &[("client_id", "1"), ("client_secret", SECRET), grant]).await;
    assert_eq!(foreign.error(), (101, None));
}

#[tokio::test]
async fn the_clock_ends_tokens() {
    let world = World::new();
    let long = world.long_token("Fábio Reis").await;
    let pages = world.bearer(Method::GET, "/graph/me/accounts", &long).await.json();
    let page = pages["data"][0]["access_token"].as_str().unwrap().to_owned();
    let account = "/graph/17841412394716205?fields=username";
    world.ok_control(Method::POST, "/_sim/clock", r#"{"advance":"59d23h"}"#).await;
    assert_eq!(world.debug(&long).await["is_valid"], true);

    let answer = world.ok_control(Method::POST, "/_sim/clock", r#"{"advance":"2h"}"#).await;
    assert_eq!(answer["now"], world.sim.now_ms());
    let data = world.debug(&long).await;
    assert_eq!(data["is_valid"], false);
    assert_eq!(data["error"]["subcode"], 463);
    let dead = world.bearer(Method::GET, "/graph/v25.0/me", &long).await;
    assert_eq!(dead.error(), (190, Some(463)));
    assert_eq!(dead.status, StatusCode::BAD_REQUEST);
    assert!(dead.text.contains("Session has expired on "));
    let exchange = world.token_request(&[("grant_type", "fb_exchange_token"), ("fb_exchange_token", &long)]).await;
    assert_eq!(exchange.error(), (190, Some(463)));

    // The Page token has no end, but at 90 days Instagram goes dark.
    assert_eq!(world.debug(&page).await["is_valid"], true);
    assert_eq!(world.bearer(Method::GET, account, &page).await.json()["username"], "aurora.casa");
    world.ok_control(Method::POST, "/_sim/clock", r#"{"advance":"30d"}"#).await;
    assert_eq!(world.debug(&page).await["is_valid"], true);
    assert_eq!(world.bearer(Method::GET, account, &page).await.error(), (10, None));
    let messenger = world
        .post_form("/graph/me/subscribed_apps", &[("access_token", &page), ("subscribed_fields", "messages")])
        .await;
    assert_eq!(messenger.status, StatusCode::OK);
}

#[tokio::test]
async fn page_tokens_of_a_short_token_end_with_it() {
    let world = World::new();
    let short = world.short_token("Clara Lima").await;
    let pages = world.bearer(Method::GET, "/graph/me/accounts", &short).await.json();
    let page = pages["data"][0]["access_token"].as_str().unwrap();
    assert_eq!(world.debug(page).await["expires_at"], world.debug(&short).await["expires_at"]);
    let same = world.bearer(Method::GET, "/graph/me/accounts", &short).await.json();
    assert_eq!(same["data"][0]["access_token"], page);
}

#[tokio::test]
async fn seeded_grants() {
    let world = World::new();
    let day = 86_400_000;
    let now = world.sim.now_ms();
    let ana = world.sim.seed_grant("Ana Souza", 5 * day).unwrap();
    assert_eq!(ana.expires_at_ms, now + 5 * day);
    assert_eq!(ana.issued_at_ms, now - 55 * day);
    assert_eq!(ana.data_access_expires_at_ms, now + 35 * day);
    assert_eq!(ana.pages.len(), 2);
    assert_eq!(ana.pages[0].instagram.as_ref().unwrap().username, "loja.aurora");
    assert!(ana.pages[1].instagram.is_none());
    let data = world.debug(&ana.user_token).await;
    assert_eq!(data["is_valid"], true);
    assert_eq!(data["expires_at"], (now + 5 * day) / 1000);
    assert_eq!(data["issued_at"], ana.issued_at_ms / 1000);
    assert_eq!(data["data_access_expires_at"], ana.data_access_expires_at_ms / 1000);
    let page = &ana.pages[0];
    let subscribed =
        world.bearer(Method::GET, &format!("/graph/{}/subscribed_apps", page.id), &page.token).await.json();
    assert_eq!(subscribed["data"][0]["subscribed_fields"], serde_json::json!(page.subscribed_fields));

    let elisa = world.sim.seed_grant("Elisa Prado", -day).unwrap();
    for token in [&elisa.user_token, &elisa.pages[0].token] {
        let dead = world.bearer(Method::GET, "/graph/me", token).await;
        assert_eq!(dead.error(), (190, Some(463)));
    }
    assert!(world.sim.seed_grant("Nobody", day).is_err());
    assert!(world.sim.seed_grant("Ana Souza", 61 * day).is_err());
}

#[tokio::test]
async fn invalidated_and_removed() {
    let world = World::new();
    let ana = world.sim.seed_grant("Ana Souza", 86_400_000).unwrap();
    let page = &ana.pages[0].token;
    world
        .ok_control(Method::POST, "/_sim/invalidate", r#"{"person":"Ana Souza","subcode":492,"page":"Loja Aurora"}"#)
        .await;
    assert_eq!(world.bearer(Method::GET, "/graph/me", page).await.error(), (190, Some(492)));
    assert_eq!(world.debug(&ana.user_token).await["is_valid"], true);
    world.ok_control(Method::POST, "/_sim/deauthorize", r#"{"person":"Ana Souza"}"#).await;
    assert_eq!(world.bearer(Method::GET, "/graph/me", &ana.user_token).await.error(), (190, Some(458)));
    // A new log-in does not bring the old tokens back.
    let new = world.long_token("Ana Souza").await;
    assert_eq!(world.debug(&new).await["is_valid"], true);
    assert_eq!(world.debug(&ana.user_token).await["is_valid"], false);
    let revoked = world.bearer(Method::DELETE, "/graph/me/permissions", &new).await;
    assert_eq!(revoked.json()["success"], true);
    assert_eq!(world.bearer(Method::GET, "/graph/me", &new).await.error(), (190, Some(458)));
}

#[tokio::test]
async fn a_lost_role_ends_page_tokens() {
    let world = World::new();
    let ana = world.sim.seed_grant("Ana Souza", 86_400_000).unwrap();
    world.ok_control(Method::PUT, "/_sim/pages", r#"{"pages":[{"name":"Loja Aurora","people":["Davi Rocha"]}]}"#).await;
    assert_eq!(world.bearer(Method::GET, "/graph/me", &ana.pages[0].token).await.error(), (190, Some(492)));
    let left = world.bearer(Method::GET, "/graph/me/accounts", &ana.user_token).await.json();
    assert_eq!(left["data"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn appsecret_proof() {
    let world = World::new();
    let ana = world.sim.seed_grant("Ana Souza", 86_400_000).unwrap();
    let token = ana.user_token.as_str();
    let wrong = world.get("/graph/me", &[("access_token", token), ("appsecret_proof", "00")]).await;
    assert_eq!(wrong.error(), (100, None));
    world.ok_control(Method::PUT, "/_sim/settings", r#"{"require_appsecret_proof":true}"#).await;
    let without = world.get("/graph/me", &[("access_token", token)]).await;
    assert!(without.text.contains("require an appsecret_proof argument"));

    let plain_proof = proof(token);
    let plain = world.get("/graph/me", &[("access_token", token), ("appsecret_proof", &plain_proof)]).await;
    assert_eq!(plain.status, StatusCode::OK);
    let now = world.sim.now_ms() / 1000;
    for (at, good) in [(now, true), (now - 299, true), (now - 400, false)] {
        let at = at.to_string();
        let proof = proof(&format!("{token}|{at}"));
        let timed = world
            .post_form(
                "/graph/me/accounts",
                &[("access_token", token), ("appsecret_proof", &proof), ("appsecret_time", &at)],
            )
            .await;
        // The edge takes no POST, but says so only once the proof holds.
        assert_eq!(timed.text.contains("Unsupported post"), good, "{at}");
    }
}

#[tokio::test]
async fn debug_token_needs_the_app() {
    let world = World::new();
    let ana = world.sim.seed_grant("Ana Souza", 86_400_000).unwrap();
    let clara = world.sim.seed_grant("Clara Lima", 86_400_000).unwrap();
    let path = "/graph/debug_token";
    let itself = world
        .get(path, &[("input_token", &ana.user_token), ("access_token", &ana.user_token), ("fields", "app_id")])
        .await;
    assert_eq!(itself.json()["data"], serde_json::json!({"app_id": APP}));
    let other = world.get(path, &[("input_token", &ana.user_token), ("access_token", &clara.user_token)]).await;
    assert_eq!(other.error(), (100, None));
    let data = world.debug("EAAinvented").await;
    assert_eq!(data["is_valid"], false);
    assert_eq!(data["error"]["code"], 190);
    assert_eq!(world.bearer(Method::GET, "/graph/me", "EAAx").await.error(), (190, None));
    assert_eq!(world.get("/graph/me", &[]).await.error(), (2500, None));
}

#[tokio::test]
async fn the_state_file_goes_on() {
    let world = World::new();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("sim.json");
    let open = || {
        let mut config = config(&world.wall);
        config.state_file = Some(file.clone());
        Sim::open(config)
    };
    let first = open().unwrap();
    let ana = first.seed_grant("Ana Souza", 86_400_000).unwrap();
    let one = World { router: first.router(), sim: first, wall: world.wall.clone() };
    one.ok_control(Method::POST, "/_sim/clock", r#"{"advance":"1h"}"#).await;
    let second = open().unwrap();
    assert_eq!(second.now_ms(), one.sim.now_ms());
    let two = World { router: second.router(), sim: second, wall: world.wall.clone() };
    assert_eq!(two.debug(&ana.user_token).await["is_valid"], true);
    two.sim.reset();
    assert_eq!(open().unwrap().now_ms(), crate::common::START);
    assert_eq!(two.debug(&ana.user_token).await["is_valid"], false);
    let again = two.sim.seed_grant("Ana Souza", 86_400_000).unwrap();
    assert_ne!(again.user_token, ana.user_token);
    assert_eq!(again.user_id, ana.user_id);

    std::fs::write(&file, "{").unwrap();
    assert!(open().is_err());
}

#[tokio::test]
async fn lapsed_data_access() {
    let world = World::new();
    let ana = world.sim.seed_grant("Ana Souza", 86_400_000).unwrap();
    let page = &ana.pages[0];
    world.ok_control(Method::POST, "/_sim/clock", r#"{"advance":"31d"}"#).await;
    let account = format!("/graph/{}", page.instagram.as_ref().unwrap().id);
    let data = world.debug(&page.token).await;
    assert_eq!(data["is_valid"], true);
    assert!(data["data_access_expires_at"].as_i64().unwrap() <= world.sim.now_ms() / 1000);
    assert_eq!(world.bearer(Method::GET, &account, &page.token).await.error(), (10, None));
    world.ok_control(Method::PUT, "/_sim/settings", r#"{"data_access_lapsed_code":190}"#).await;
    assert_eq!(world.bearer(Method::GET, &account, &page.token).await.error(), (190, None));
    let me = world.bearer(Method::GET, "/graph/me", &page.token).await;
    assert_eq!(me.json()["name"], "Loja Aurora", "Messenger goes on");
    let wrong = world.control(Method::PUT, "/_sim/settings", r#"{"data_access_lapsed_code":200}"#).await;
    assert_eq!(wrong.status, StatusCode::BAD_REQUEST);

    let app = crate::common::app_token();
    let permissions =
        world.bearer(Method::GET, &format!("/graph/{}/permissions?status=expired", ana.user_id), &app).await.json();
    let expired: Vec<_> = permissions["data"].as_array().unwrap().iter().map(|entry| &entry["permission"]).collect();
    assert_eq!(expired, ["instagram_basic", "instagram_manage_messages"]);
    // A new log-in starts the 90 days again, for the old Page token too.
    world.log_in("Ana Souza", "s").await;
    assert_eq!(world.bearer(Method::GET, &account, &page.token).await.status, StatusCode::OK);
}

#[tokio::test]
async fn granular_scopes_by_setting() {
    let world = World::new();
    let ana = world.sim.seed_grant("Ana Souza", 86_400_000).unwrap();
    let targets = async || {
        let data = world.debug(&ana.user_token).await;
        let scopes = data["granular_scopes"].as_array().unwrap().clone();
        scopes.iter().filter(|entry| entry.get("target_ids").is_some()).count()
    };
    assert_eq!(targets().await, 6);
    world.ok_control(Method::PUT, "/_sim/settings", r#"{"granular_scopes_without_targets":true}"#).await;
    assert_eq!(targets().await, 0);
    world.ok_control(Method::PUT, "/_sim/pages", r#"{"pages":[{"name":"Aurora Nova","people":["Ana Souza"]}]}"#).await;
    assert_eq!(targets().await, 4, "one Page is not granted");
}

#[tokio::test]
async fn a_checkpoint_ends_with_a_log_in() {
    let world = World::new();
    let ana = world.sim.seed_grant("Ana Souza", 86_400_000).unwrap();
    for (subcode, comes_back) in [(459, true), (464, true), (490, true), (460, false)] {
        let body = format!(r#"{{"person":"Ana Souza","subcode":{subcode}}}"#);
        world.ok_control(Method::POST, "/_sim/invalidate", &body).await;
        assert_eq!(world.bearer(Method::GET, "/graph/me", &ana.user_token).await.error(), (190, Some(subcode)));
        world.log_in("Ana Souza", "s").await;
        let after = world.bearer(Method::GET, "/graph/me", &ana.user_token).await;
        assert_eq!(after.status == StatusCode::OK, comes_back, "{subcode}");
    }
}

#[tokio::test]
async fn a_deleted_page() {
    let world = World::new();
    let ana = world.sim.seed_grant("Ana Souza", 86_400_000).unwrap();
    world.ok_control(Method::PUT, "/_sim/pages", r#"{"pages":[{"name":"Loja Aurora","removed":true}]}"#).await;
    let dead = world.bearer(Method::GET, "/graph/me", &ana.pages[0].token).await;
    assert_eq!(dead.error(), (190, None));
    assert!(dead.text.contains("belongs to a Page that has been deleted"));
}

#[tokio::test]
async fn every_form_of_a_call() {
    let world = World::new();
    let ana = world.sim.seed_grant("Ana Souza", 86_400_000).unwrap();
    let page = &ana.pages[0];
    let path = format!("/graph/v25.0/{}/subscribed_apps", page.id);
    let token = page.token.as_str();
    let subscribed = async || {
        let list = world.bearer(Method::GET, &path, token).await.json();
        list["data"][0]["subscribed_fields"].clone()
    };
    let wanted = serde_json::json!(["messages", "message_reactions"]);
    for body in [
        "subscribed_fields=messages,message_reactions",
        "subscribed_fields=%5B%22messages%22,%22message_reactions%22%5D",
        "subscribed_fields=messages&subscribed_fields=message_reactions",
        "subscribed_fields%5B0%5D=messages&subscribed_fields%5B1%5D=message_reactions",
    ] {
        world.bearer(Method::DELETE, &path, token).await;
        let by_query = world.bearer(Method::POST, &format!("{path}?{body}"), token).await;
        assert_eq!(by_query.json()["success"], true, "{body}");
        assert_eq!(subscribed().await, wanted, "{body}");
        world.bearer(Method::DELETE, &path, token).await;
        let form = axum::http::Request::post(format!("{path}?access_token={token}"))
            .header("content-type", "application/x-www-form-urlencoded")
            .body(axum::body::Body::from(body))
            .unwrap();
        assert_eq!(world.send(form).await.json()["success"], true, "{body}");
        assert_eq!(subscribed().await, wanted, "{body}");
    }
    world.post_form(&path, &[("access_token", token), ("method", "delete")]).await;
    assert!(subscribed().await.is_null());
    let body = serde_json::json!({"access_token": token, "subscribed_fields": wanted});
    let json = world.control(Method::POST, "/graph/me/subscribed_apps", &body.to_string()).await;
    assert_eq!(json.json()["success"], true);
    assert_eq!(subscribed().await, wanted);

    let exchange = [
        ("client_id", APP),
        ("client_secret", SECRET),
        ("grant_type", "fb_exchange_token"),
        ("fb_exchange_token", &ana.user_token),
    ];
    for path in ["/graph/oauth/access_token", "/graph/v25.0/oauth/access_token"] {
        let by_query = world.get(path, &exchange).await.json();
        assert_eq!(by_query, world.post_form(path, &exchange).await.json());
        assert_eq!(by_query["access_token"], ana.user_token);
    }
}
