//! Instagram Login: dialog, tokens, the account and its subscription.

use crate::common::{Browser, INSTAGRAM_APP, INSTAGRAM_SECRET, Reply, World, form, query_value};
use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

const BACK: &str = "http://127.0.0.1:3000/oauth/instagram/callback";
const SCOPES: &str = "instagram_business_basic,instagram_business_manage_messages";
const KIDS: &str = "17841417735520846";
const DAY: i64 = 86_400_000;

fn authorize(more: &[(&str, &str)]) -> String {
    let mut fields = vec![
        ("client_id", INSTAGRAM_APP),
        ("redirect_uri", BACK),
        ("response_type", "code"),
        ("scope", SCOPES),
        ("state", "s+1"),
    ];
    fields.extend_from_slice(more);
    format!("/ig-www/oauth/authorize?{}", form(&fields))
}

async fn log_in(world: &World, username: &str) -> String {
    let mut browser = Browser::new(world);
    browser.open(&authorize(&[])).await;
    browser.press(username).await;
    browser.press("Permitir").await;
    browser.left_to.unwrap()
}

async fn exchange_code(world: &World, code: &str, more: &[(&str, &str)]) -> Reply {
    let mut fields = more.to_vec();
    for (name, value) in [
        ("client_id", INSTAGRAM_APP),
        ("client_secret", INSTAGRAM_SECRET),
        ("grant_type", "authorization_code"),
        ("redirect_uri", BACK),
        ("code", code),
    ] {
        if !more.iter().any(|(given, _)| *given == name) {
            fields.push((name, value));
        }
    }
    world.post_form("/ig-api/oauth/access_token", &fields).await
}

async fn short_token(world: &World) -> String {
    let code = query_value(&log_in(world, "@aurora.kids").await, "code");
    exchange_code(world, &code, &[]).await.json()["access_token"].as_str().unwrap().to_owned()
}

async fn make_long(world: &World, short: &str) -> Reply {
    let fields = [("grant_type", "ig_exchange_token"), ("client_secret", INSTAGRAM_SECRET), ("access_token", short)];
    world.get("/ig-graph/access_token", &fields).await
}

async fn refresh(world: &World, token: &str) -> Reply {
    let fields = [("grant_type", "ig_refresh_token"), ("access_token", token)];
    world.get("/ig-graph/refresh_access_token", &fields).await
}

async fn advance(world: &World, span: &str) {
    world.ok_control(Method::POST, "/_sim/clock", &json!({"advance": span}).to_string()).await;
}

fn flat(reply: &Reply) -> String {
    assert_eq!(reply.status, StatusCode::BAD_REQUEST, "{}", reply.text);
    let body = reply.json();
    assert_eq!(body["error_type"], "OAuthException");
    assert_eq!(body["code"], 400);
    body["error_message"].as_str().unwrap().to_owned()
}

fn graph_error(reply: &Reply) -> (String, u64) {
    let error = reply.json()["error"].clone();
    assert!(error.get("error_subcode").is_none(), "{error}");
    assert!(error["fbtrace_id"].is_string());
    (error["type"].as_str().unwrap().to_owned(), reply.error().0)
}

#[tokio::test]
async fn from_log_in_to_the_account() {
    let world = World::new();
    let back = log_in(&world, "@aurora.kids").await;
    assert!(back.starts_with(BACK) && back.ends_with("&state=s%2B1#_"), "{back}");
    let code = query_value(&back, "code");
    let answer = exchange_code(&world, &code, &[]).await.json();
    assert_eq!(answer["permissions"], json!(["instagram_business_basic", "instagram_business_manage_messages"]));
    let short = answer["access_token"].as_str().unwrap();
    let long = make_long(&world, short).await.json();
    assert_eq!(long["token_type"], "bearer");
    assert_eq!(long["expires_in"], 60 * 86_400);
    let long = long["access_token"].as_str().unwrap();
    let fields = "user_id,username,name,profile_picture_url,account_type";
    let me = world.get("/ig-graph/v25.0/me", &[("fields", fields), ("access_token", long)]).await.json();
    assert_eq!(me["user_id"], KIDS);
    assert_eq!(me["username"], "aurora.kids");
    assert_eq!(me["name"], "Aurora Kids");
    assert_eq!(me["account_type"], "BUSINESS");
    assert_eq!(me["id"], answer["user_id"]);
    assert_ne!(me["id"], KIDS);
    let picture = me["profile_picture_url"].as_str().unwrap().replace("http://localhost:3001", "");
    assert_eq!(world.control(Method::GET, &picture, "").await.status, StatusCode::OK);
    let by_id = world.bearer(Method::GET, &format!("/ig-graph/{KIDS}?fields=username"), long).await.json();
    assert_eq!(by_id["username"], "aurora.kids");
    let foreign = world.bearer(Method::GET, "/ig-graph/17841407726395018", long).await;
    assert_eq!(graph_error(&foreign), ("IGApiException".to_owned(), 100));
    let odd = world.bearer(Method::GET, "/ig-graph/me?fields=tasks", long).await;
    assert_eq!(graph_error(&odd), ("IGApiException".to_owned(), 100));
}

#[tokio::test]
async fn the_dialog() {
    let world = World::new();
    let mut browser = Browser::new(&world);
    browser.open(&authorize(&[])).await;
    for name in ["@aurora.kids", "@loja.aurora", "@cafe.boreal"] {
        assert!(browser.html.contains(&format!(">{name}</button>")), "{name}");
    }
    browser.press("@loja.aurora").await;
    browser.untick = vec!["instagram_business_manage_messages".to_owned()];
    browser.press("Permitir").await;
    let code = query_value(&browser.left_to.take().unwrap(), "code");
    let answer = exchange_code(&world, &code, &[]).await.json();
    assert_eq!(answer["permissions"], json!(["instagram_business_basic"]));

    // The cookie leads to the card at once, unless the log-in is asked for.
    browser.open(&authorize(&[])).await;
    assert!(browser.html.contains("<strong>@loja.aurora</strong>"));
    browser.open(&authorize(&[("force_reauth", "true")])).await;
    assert!(!browser.html.contains("Permitir"));
    browser.press("@aurora.kids").await;
    assert!(browser.html.contains("<strong>@aurora.kids</strong>"));
    browser.press("Usar outra conta").await;
    assert!(browser.html.contains("Entrar no Instagram"));
    browser.press("Cancelar").await;
    let back = browser.left_to.take().unwrap();
    assert_eq!(
        back,
        format!(
            "{BACK}?error=access_denied&error_reason=user_denied&error_description=The+user+denied+your+request&state=s%2B1#_"
        )
    );

    for (name, right, wrong) in [
        ("client_id", INSTAGRAM_APP, "1"),
        ("redirect_uri", BACK, "/x"),
        ("response_type", "code", "token"),
        ("scope", SCOPES, "email"),
    ] {
        let address = authorize(&[]).replace(&form(&[(name, right)]), &form(&[(name, wrong)]));
        browser.open(&address).await;
        assert_eq!(browser.status, StatusCode::BAD_REQUEST, "{name}");
    }
    let mut english = Browser::new(&world);
    english.open(&authorize(&[])).await;
    assert!(english.html.contains("lang=\"pt-BR\""));
    let request = axum::http::Request::get(authorize(&[])).header("accept-language", "en-GB,en;q=0.9");
    let page = world.send(request.body(axum::body::Body::empty()).unwrap()).await;
    assert!(page.text.contains("Log in to Instagram"));
}

#[tokio::test]
async fn a_code_works_once_within_the_hour() {
    let world = World::new();
    let code = query_value(&log_in(&world, "@aurora.kids").await, "code");
    assert_eq!(flat(&exchange_code(&world, &code, &[("client_id", "1")]).await), "Invalid platform app");
    flat(&exchange_code(&world, &code, &[("client_secret", "x")]).await);
    flat(&exchange_code(&world, &code, &[("redirect_uri", "http://127.0.0.1/other")]).await);
    let with_end = format!("{code}#_");
    let not_found = "Matching code was not found or was already used";
    assert_eq!(flat(&exchange_code(&world, &with_end, &[]).await), not_found);
    advance(&world, "59m").await;
    assert_eq!(exchange_code(&world, &code, &[]).await.status, StatusCode::OK);
    assert_eq!(flat(&exchange_code(&world, &code, &[]).await), not_found);
    let late = query_value(&log_in(&world, "@aurora.kids").await, "code");
    advance(&world, "1h").await;
    assert_eq!(flat(&exchange_code(&world, &late, &[]).await), not_found);
}

#[tokio::test]
async fn the_documented_wrapping_by_setting() {
    let world = World::new();
    world.ok_control(Method::PUT, "/_sim/settings", r#"{"instagram_answers_in_data":true}"#).await;
    let code = query_value(&log_in(&world, "@aurora.kids").await, "code");
    let answer = exchange_code(&world, &code, &[]).await.json();
    assert_eq!(answer["data"][0]["permissions"], SCOPES);
    assert!(answer["data"][0]["access_token"].is_string());
    assert!(answer.get("access_token").is_none());
}

#[tokio::test]
async fn tokens_are_refreshed_in_time_or_lost() {
    let world = World::new();
    let short = short_token(&world).await;
    assert_eq!(graph_error(&refresh(&world, &short).await), ("OAuthException".to_owned(), 100));
    let long = make_long(&world, &short).await.json()["access_token"].as_str().unwrap().to_owned();
    let again = make_long(&world, &long).await;
    assert_eq!(graph_error(&again), ("IGApiException".to_owned(), 100));
    advance(&world, "2h").await;
    assert_eq!(graph_error(&make_long(&world, &short).await), ("OAuthException".to_owned(), 190));
    let early = refresh(&world, &long).await;
    assert_eq!(graph_error(&early), ("OAuthException".to_owned(), 100));
    assert!(early.text.contains("at least 24 hours"));
    advance(&world, "58d").await;
    let renewed = refresh(&world, &long).await.json();
    assert_eq!(renewed["expires_in"], 60 * 86_400);
    let renewed = renewed["access_token"].as_str().unwrap().to_owned();
    assert_ne!(renewed, long);
    advance(&world, "2d").await;
    assert_eq!(graph_error(&refresh(&world, &long).await), ("OAuthException".to_owned(), 190));
    let me = world.bearer(Method::GET, "/ig-graph/me", &renewed).await;
    assert_eq!(me.status, StatusCode::OK);
    advance(&world, "58d").await;
    let dead = world.bearer(Method::GET, "/ig-graph/me", &renewed).await;
    assert_eq!(graph_error(&dead), ("OAuthException".to_owned(), 190));
    assert!(dead.text.contains("Session has expired on "));
    let refreshed = world.bearer(Method::GET, "/ig-graph/me", "IGAAinvented").await;
    assert_eq!(graph_error(&refreshed), ("OAuthException".to_owned(), 190));
}

#[tokio::test]
async fn subscriptions_in_instagrams_words() {
    let world = World::new();
    let seeded = world.sim.seed_instagram_grant("aurora.kids", 12 * DAY).unwrap();
    let path = format!("/ig-graph/v25.0/{KIDS}/subscribed_apps");
    let read = async || world.bearer(Method::GET, &path, &seeded.token).await.json();
    assert_eq!(read().await["data"][0]["subscribed_fields"], json!(seeded.subscribed_fields));
    let set = async |fields: &str| {
        world.post_form(&path, &[("access_token", &seeded.token), ("subscribed_fields", fields)]).await
    };
    assert_eq!(set("messages,messaging_seen").await.json(), json!({"success": true}));
    assert_eq!(read().await["data"][0]["subscribed_fields"], json!(["messages", "messaging_seen"]));
    let page_word = set("messages,message_reads").await;
    assert_eq!(graph_error(&page_word), ("IGApiException".to_owned(), 100));
    assert!(page_word.text.contains("subscribed_fields[1]"));
    let not_allowed = set("comments").await;
    assert_eq!(graph_error(&not_allowed), ("IGApiException".to_owned(), 10));
    let ended = world.bearer(Method::DELETE, &path, &seeded.token).await.json();
    assert_eq!(ended, json!({"success": true}));
    assert_eq!(read().await["data"], json!([]));
}

#[tokio::test]
async fn seeded_invalidated_and_removed() {
    let world = World::new();
    let now = world.sim.now_ms();
    let kids = world.sim.seed_instagram_grant("aurora.kids", 12 * DAY).unwrap();
    assert_eq!(kids.account_id, KIDS);
    assert_eq!(kids.name, "Aurora Kids");
    assert_eq!(kids.expires_at_ms, now + 12 * DAY);
    assert_eq!(kids.issued_at_ms, now - 48 * DAY);
    assert_eq!(kids.scopes.join(","), SCOPES);
    let me = async |token: &str| world.bearer(Method::GET, "/ig-graph/me", token).await;
    assert_eq!(me(&kids.token).await.status, StatusCode::OK);
    assert_eq!(refresh(&world, &kids.token).await.status, StatusCode::OK);
    assert!(!format!("{kids:?}").contains("IGAA"));

    world.ok_control(Method::POST, "/_sim/invalidate", r#"{"instagram":"@aurora.kids"}"#).await;
    assert!(me(&kids.token).await.text.contains("changed their password"));
    let linked = world.sim.seed_instagram_grant("loja.aurora", DAY).unwrap();
    world.ok_control(Method::POST, "/_sim/deauthorize", r#"{"instagram":"loja.aurora"}"#).await;
    let removed = me(&linked.token).await;
    assert_eq!(graph_error(&removed), ("OAuthException".to_owned(), 190));
    let state = world.ok_control(Method::GET, "/_sim/world", "").await;
    assert_eq!(state["instagram"]["subscriptions"].as_object().unwrap().len(), 1);

    let ended = world.sim.seed_instagram_grant("aurora.kids", -DAY).unwrap();
    assert_eq!(graph_error(&me(&ended.token).await).1, 190);
    assert!(world.sim.seed_instagram_grant("nobody", DAY).is_err());
    assert!(world.sim.seed_instagram_grant("aurora.kids", 61 * DAY).is_err());
}

#[tokio::test]
async fn faults_and_calls_of_the_three_hosts() {
    let world = World::new();
    let fault = async |body: Value| world.ok_control(Method::POST, "/_sim/faults", &body.to_string()).await;
    fault(json!({"on": "ig-www:/oauth/authorize", "fault": "dialog_denied"})).await;
    assert!(log_in(&world, "@aurora.kids").await.contains("error=access_denied"));
    fault(json!({"on": "ig-api:/oauth/access_token", "fault": "http_500"})).await;
    let code = query_value(&log_in(&world, "@aurora.kids").await, "code");
    let failed = exchange_code(&world, &code, &[]).await;
    assert_eq!(failed.status, StatusCode::INTERNAL_SERVER_ERROR);
    assert!(failed.json()["error_message"].is_string());
    let short = exchange_code(&world, &code, &[]).await.json()["access_token"].as_str().unwrap().to_owned();
    fault(json!({"on": "ig-graph:/access_token", "fault": "missing_expires_in"})).await;
    assert!(make_long(&world, &short).await.json().get("expires_in").is_none());
    fault(json!({"on": "ig-graph:/me", "fault": "rate_limit"})).await;
    assert_eq!(world.bearer(Method::GET, "/ig-graph/me", &short).await.error().0, 4);

    let calls = world.ok_control(Method::GET, "/_sim/calls", "").await;
    let hosts: Vec<&str> = calls.as_array().unwrap().iter().filter_map(|call| call["host"].as_str()).collect();
    for host in ["ig-www", "ig-api", "ig-graph"] {
        assert!(hosts.contains(&host), "{host}");
    }
    let text = calls.to_string();
    assert!(!text.contains("IGAA") && !text.contains(INSTAGRAM_SECRET) && !text.contains(&code));
}
