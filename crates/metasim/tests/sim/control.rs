//! The control routes: faults, calls, reset, and the refusal of what is wrong.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::common::{World, query_value};
use axum::http::{Method, StatusCode};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

async fn fault(world: &World, body: &str) {
    world.ok_control(Method::POST, "/_sim/faults", body).await;
}

#[tokio::test]
async fn faults_come_and_go() {
    let world = World::new();
    let ana = world.sim.seed_grant("Ana Souza", 86_400_000).unwrap();
    let token = &ana.user_token;
    let accounts = "/graph/v25.0/me/accounts";
    fault(&world, r#"{"on":"graph:/me/accounts","fault":"http_500","times":2}"#).await;
    for expected in [500, 500, 200] {
        let reply = world.bearer(Method::GET, accounts, token).await;
        assert_eq!(reply.status.as_u16(), expected);
    }
    for (name, status) in [
        ("http_503", 503),
        ("rate_limit", 400),
        ("rate_limit_page", 400),
        ("rate_limit_business", 400),
        ("html", 200),
        ("html_502", 502),
        ("empty", 200),
        ("empty_object", 200),
        ("not_json", 200),
        ("redirect", 302),
    ] {
        fault(&world, &format!(r#"{{"on":"graph:/{{id}}","fault":"{name}"}}"#)).await;
        let path = format!("/graph/{}", ana.pages[0].id);
        let reply = world.bearer(Method::GET, &path, token).await;
        assert_eq!(reply.status.as_u16(), status, "{name}");
        let whole = world.bearer(Method::GET, &path, token).await;
        assert_eq!(whole.json()["name"], "Loja Aurora", "{name}");
    }
    fault(&world, r#"{"on":"graph:/me","fault":"error","code":190,"subcode":460,"message":"gone"}"#).await;
    let asked = world.bearer(Method::GET, "/graph/me", token).await;
    assert_eq!(asked.error(), (190, Some(460)));

    fault(&world, r#"{"on":"graph:/me","fault":"wrong_type"}"#).await;
    let wrong = world.bearer(Method::GET, "/graph/me", token).await.json();
    assert!(wrong["name"].is_number());

    fault(&world, r#"{"on":"graph:/oauth/access_token?grant_type=fb_exchange_token","fault":"missing_expires_in"}"#)
        .await;
    let short = world.short_token("Ana Souza").await;
    let reply = world.token_request(&[("grant_type", "fb_exchange_token"), ("fb_exchange_token", &short)]).await.json();
    assert!(reply["access_token"].is_string());
    assert!(reply.get("expires_in").is_none());

    fault(&world, r#"{"on":"graph:/me","fault":"slow","delay_ms":20}"#).await;
    let slow = world.bearer(Method::GET, "/graph/me", token).await;
    assert_eq!(slow.json()["name"], "Ana Souza");

    fault(&world, r#"{"on":"graph:/me","fault":"truncated"}"#).await;
    assert_eq!(world.ok_control(Method::GET, "/_sim/faults", "").await.as_array().unwrap().len(), 1);
    world.ok_control(Method::DELETE, "/_sim/faults", "").await;
    let whole = world.bearer(Method::GET, "/graph/me", token).await;
    assert_eq!(whole.status, StatusCode::OK);
}

#[tokio::test]
async fn faults_of_the_dialog() {
    let world = World::new();
    fault(&world, r#"{"on":"www:/dialog/oauth","fault":"dialog_denied"}"#).await;
    let denied = world.log_in("Clara Lima", "s").await;
    assert_eq!(query_value(&denied, "error"), "access_denied");
    fault(&world, r#"{"on":"www:/dialog/oauth","fault":"dialog_error_901"}"#).await;
    let odd = world.log_in("Clara Lima", "s").await;
    assert_eq!(query_value(&odd, "error_code"), "901");
    assert!(!odd.contains("error=access_denied"));
}

/// Over a real connection, since what breaks is the connection.
#[tokio::test]
async fn broken_connections() {
    let world = World::new();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let router = world.router.clone();
    let server = tokio::spawn(async move { axum::serve(listener, router).await });
    let ask = async || {
        let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
        stream.write_all(b"GET /graph/me HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").await.unwrap();
        let mut answer = Vec::new();
        // A reset counts as an end here.
        let _ = stream.read_to_end(&mut answer).await;
        String::from_utf8(answer).unwrap()
    };
    let whole = ask().await;
    assert!(whole.contains("\"code\":2500"));
    for (name, delay) in [("reset", 0), ("lost", 0), ("timeout", 10)] {
        fault(&world, &format!(r#"{{"on":"graph:/me","fault":"{name}","delay_ms":{delay}}}"#)).await;
        assert_eq!(ask().await, "", "{name}");
    }
    fault(&world, r#"{"on":"graph:/me","fault":"truncated"}"#).await;
    let half = ask().await;
    assert!(half.starts_with("HTTP/1.1 400"), "{half}");
    assert!(half.contains("{\"error\""));
    assert!(!half.contains("\"type\""), "{half}");
    server.abort();
}

#[tokio::test]
async fn calls_are_seen_without_secrets() {
    let world = World::new();
    let ana = world.sim.seed_grant("Ana Souza", 86_400_000).unwrap();
    world.long_token("Clara Lima").await;
    world.get("/graph/v25.0/me", &[("access_token", &ana.user_token), ("fields", "id")]).await;
    let calls = world.ok_control(Method::GET, "/_sim/calls", "").await;
    let text = calls.to_string();
    assert!(!text.contains("EAA"));
    assert!(!text.contains("AQ"));
    assert!(!text.contains(crate::common::SECRET));
    let last = calls.as_array().unwrap().last().unwrap();
    assert_eq!(last["host"], "graph");
    assert_eq!(last["path"], "/me");
    assert_eq!(last["version"], "v25.0");
    assert_eq!(last["query"]["access_token"], "***");
    assert_eq!(last["query"]["fields"], "id");
    assert_eq!(last["status"], 200);
    world.ok_control(Method::DELETE, "/_sim/calls", "").await;
    let calls = world.ok_control(Method::GET, "/_sim/calls", "").await;
    assert_eq!(calls, serde_json::json!([]));
}

#[tokio::test]
async fn reset_awaits_the_hook() {
    let world = World::new();
    world.sim.seed_grant("Ana Souza", 86_400_000).unwrap();
    world.ok_control(Method::POST, "/_sim/clock", r#"{"advance":"3d"}"#).await;
    let ran = Arc::new(AtomicBool::new(false));
    let (flag, sim) = (ran.clone(), world.sim.clone());
    world.sim.on_reset(move || {
        let (flag, sim) = (flag.clone(), sim.clone());
        Box::pin(async move {
            sim.seed_grant("Clara Lima", 86_400_000).map_err(|error| error.to_string())?;
            flag.store(true, Ordering::SeqCst);
            Ok(())
        })
    });
    world.ok_control(Method::POST, "/_sim/reset", "").await;
    assert!(ran.load(Ordering::SeqCst));
    assert_eq!(world.sim.now_ms(), crate::common::START);
    let state = world.ok_control(Method::GET, "/_sim/world", "").await;
    assert_eq!(state["grants"].as_object().unwrap().len(), 1);

    world.sim.on_reset(|| Box::pin(async { Err("no database".to_owned()) }));
    let failed = world.control(Method::POST, "/_sim/reset", "").await;
    assert_eq!(failed.status, StatusCode::INTERNAL_SERVER_ERROR);
    assert!(failed.text.contains("no database"));
}

#[tokio::test]
async fn people_and_pages_can_be_changed() {
    let world = World::new();
    world.ok_control(Method::PUT, "/_sim/people", r#"{"people":[{"name":"Gil Torres"}]}"#).await;
    world
        .ok_control(
            Method::PUT,
            "/_sim/pages",
            r#"{"pages":[
                {"name":"Gil Motos","people":["Gil Torres"],"instagram":{"username":"gil.motos"}},
                {"name":"Só Leitura","people":[{"person":"Gil Torres","tasks":["ANALYZE"]}]},
                {"name":"Sem Token","people":["Gil Torres"],"token_withheld":true}]}"#,
        )
        .await;
    let token = world.long_token("Gil Torres").await;
    let body = world
        .bearer(
            Method::GET,
            "/graph/me/accounts?summary=true&fields=name,access_token,instagram_business_account{username}",
            &token,
        )
        .await
        .json();
    assert_eq!(body["summary"]["total_count"], 3);
    assert_eq!(body["data"][0]["instagram_business_account"]["username"], "gil.motos");
    assert!(body["data"][2].get("access_token").is_none());
    let page = body["data"][1]["access_token"].as_str().unwrap();
    let refused = world
        .post_form("/graph/me/subscribed_apps", &[("access_token", page), ("subscribed_fields", "messages")])
        .await;
    assert_eq!(refused.error(), (200, None));

    world
        .ok_control(
            Method::PUT,
            "/_sim/pages",
            r#"{"pages":[{"name":"Gil Motos","instagram":null},{"name":"Sem Token","removed":true}]}"#,
        )
        .await;
    let state = world.ok_control(Method::GET, "/_sim/world", "").await;
    let pages = state["pages"].as_array().unwrap();
    assert_eq!(pages.len(), 8);
    let motos = pages.iter().find(|page| page["name"] == "Gil Motos");
    assert!(motos.unwrap()["instagram"].is_null());

    let empty = world.ok_control(Method::PUT, "/_sim/pages", r#"{"replace":true,"pages":[]}"#).await;
    assert_eq!(empty["pages"].as_array().unwrap().len(), 0);
}

#[tokio::test]
async fn what_is_wrong_is_named() {
    let world = World::new();
    for (method, path, body, field) in [
        (Method::POST, "/_sim/clock", r#"{"advnce":"1d"}"#, "advnce"),
        (Method::POST, "/_sim/clock", r#"{"advance":"1w"}"#, "advance"),
        (Method::POST, "/_sim/clock", "{}", "advance"),
        (Method::POST, "/_sim/clock", r#"{"set":"now"}"#, "set"),
        (Method::POST, "/_sim/invalidate", r#"{"person":"Nobody","subcode":460}"#, "person"),
        (Method::POST, "/_sim/invalidate", r#"{"person":"Ana Souza","subcode":7}"#, "subcode"),
        (Method::POST, "/_sim/deauthorize", "{}", "person"),
        (Method::POST, "/_sim/faults", r#"{"on":"graph:/me","fault":"sulk"}"#, "fault"),
        (Method::POST, "/_sim/faults", r#"{"on":"/me","fault":"html"}"#, "on"),
        (Method::PUT, "/_sim/pages", r#"{"pages":[{"name":"X","people":["Nobody"]}]}"#, "person"),
        (Method::PUT, "/_sim/people", r#"{"people":[{"nam":"X"}]}"#, "nam"),
        (Method::PUT, "/_sim/businesses", r#"{"businesses":[{"name":"X","people":["Nobody"]}]}"#, "person"),
        (Method::PUT, "/_sim/businesses", r#"{"businesses":[{"name":"X","owned_pages":["Nothing"]}]}"#, "page"),
        (Method::PUT, "/_sim/businesses", r#"{"businesses":[{"name":"X","pages":[]}]}"#, "pages"),
    ] {
        let reply = world.control(method, path, body).await;
        assert_eq!(reply.status, StatusCode::BAD_REQUEST, "{path} {body}");
        assert_eq!(reply.json()["field"], field, "{path} {body}");
    }
    let lost = world.control(Method::POST, "/_sim/nothing", "{}").await;
    assert_eq!(lost.status, StatusCode::NOT_FOUND);
    let garbage = world.control(Method::POST, "/_sim/clock", "{").await;
    assert_eq!(garbage.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn grants_without_the_dialog() {
    let world = World::new();
    let ana = world.ok_control(Method::POST, "/_sim/grants", r#"{"person":"Ana Souza","ends_in":"5d"}"#).await;
    let data = world.debug(ana["token"].as_str().unwrap()).await;
    assert_eq!(data["expires_at"], (world.sim.now_ms() + 5 * 86_400_000) / 1000);
    assert_eq!(ana["pages"][0]["name"], "Loja Aurora");
    assert_eq!(world.debug(ana["pages"][0]["token"].as_str().unwrap()).await["type"], "PAGE");
    let kids = world.ok_control(Method::POST, "/_sim/grants", r#"{"instagram":"aurora.kids"}"#).await;
    let me = world.bearer(Method::GET, "/ig-graph/me?fields=username", kids["token"].as_str().unwrap()).await;
    assert_eq!(me.json()["username"], "aurora.kids");
    for (body, field) in [
        (r#"{"person":"Nobody"}"#, "person"),
        (r#"{"person":"Aurora Comércio"}"#, "person"),
        (r#"{"person":"Ana Souza","ends_in":"61d"}"#, "ends_in"),
        (r#"{"instagram":"aurora.kids","ends_in":"soon"}"#, "ends_in"),
    ] {
        assert_eq!(world.control(Method::POST, "/_sim/grants", body).await.json()["field"], field, "{body}");
    }
}

#[tokio::test]
async fn the_start_page() {
    let world = World::new();
    world.sim.seed_grant("Ana Souza", 86_400_000).unwrap();
    let page = world.control(Method::GET, "/_sim/", "").await;
    assert_eq!(page.status, StatusCode::OK);
    for text in ["Ana Souza", "Aurora Outlet", "@loja.aurora", "/_sim/clock"] {
        assert!(page.text.contains(text), "{text}");
    }
    assert!(!page.text.contains("EAA"));
    let picture = world.control(Method::GET, "/cdn/17841407726395018.png", "").await;
    assert_eq!(picture.headers["content-type"], "image/png");
    assert!(picture.text.contains("PNG\r\n"), "{}", picture.text);
    assert_eq!(world.control(Method::GET, "/cdn/1.png", "").await.status, StatusCode::NOT_FOUND);
}
