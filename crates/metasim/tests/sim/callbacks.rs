//! Deauthorize and data deletion, as a receiver meets them.

use crate::common::{INSTAGRAM_SECRET, SECRET, World};
use crate::receiver::Receiver;
use axum::http::Method;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use metasim::Callbacks;
use serde_json::{Value, json};

const DAY: i64 = 86_400_000;
const ANA: &str = "10160472918365047";

async fn set_up() -> (World, Receiver) {
    let (world, receiver) = (World::new(), Receiver::start().await);
    world.sim.seed_grant("Ana Souza", 5 * DAY).unwrap();
    let off = r#"{"object":"permissions","fields":[]}"#;
    world.ok_control(Method::PUT, "/_sim/app-fields", off).await;
    let at = |path: &str| format!("{}{path}", receiver.base);
    let callbacks = Callbacks {
        webhook_url: at("/meta/webhooks"),
        verify_token: "vt".to_owned(),
        deauthorize_url: at("/meta/deauthorize"),
        data_deletion_url: at("/meta/data-deletion"),
    };
    let far = Callbacks { webhook_url: "https://example.com/".to_owned(), ..callbacks.clone() };
    assert!(world.sim.set_callbacks(far).is_err());
    world.sim.set_callbacks(callbacks).unwrap();
    (world, receiver)
}

/// The payload of the last form, once its signature has been checked.
fn signed(receiver: &Receiver, path: &str, secret: &str) -> Value {
    let got = receiver.last();
    assert_eq!((got.method.as_str(), got.path.as_str()), ("POST", path));
    assert_eq!(got.headers["content-type"], "application/x-www-form-urlencoded");
    let (name, value) = url::form_urlencoded::parse(&got.body).next().unwrap();
    assert_eq!(name, "signed_request");
    let (signature, payload) = value.split_once('.').unwrap();
    assert!(!value.contains('='));
    let mut mac = Hmac::<sha2::Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    mac.update(payload.as_bytes());
    assert_eq!(signature, URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes()));
    let payload: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).unwrap()).unwrap();
    assert_eq!(payload["algorithm"], "HMAC-SHA256");
    payload
}

#[tokio::test]
async fn deauthorize() {
    let (world, receiver) = set_up().await;
    let quiet = world.ok_control(Method::POST, "/_sim/deauthorize", r#"{"person":"Elisa Prado"}"#).await;
    assert!(quiet.get("callback").is_none() && receiver.received().is_empty());
    let answer = world.ok_control(Method::POST, "/_sim/deauthorize", r#"{"person":"Ana Souza","callback":true}"#).await;
    assert_eq!(answer["callback"]["delivered"], true);
    let payload = signed(&receiver, "/meta/deauthorize", SECRET);
    assert_eq!(payload["user_id"], ANA);
    assert_eq!(payload["issued_at"], world.sim.now_ms() / 1000);
    let state = world.ok_control(Method::GET, "/_sim/world", "").await;
    assert!(state["grants"].as_object().unwrap().is_empty());

    let number = json!({"number": answer["callback"]["number"]}).to_string();
    let first = receiver.last().body;
    world.ok_control(Method::POST, "/_sim/replay", &number).await;
    assert_eq!(receiver.last().body, first);
    assert_eq!(receiver.received().len(), 2);
}

#[tokio::test]
async fn deauthorize_for_a_page_and_by_instagram() {
    let (world, receiver) = set_up().await;
    let elisa = world.sim.seed_grant("Elisa Prado", 5 * DAY).unwrap();
    world.ok_control(Method::POST, "/_sim/deauthorize", r#"{"page":"Aurora Atacado","callback":true}"#).await;
    let payload = signed(&receiver, "/meta/deauthorize", SECRET);
    assert_eq!(payload["profile_id"], elisa.pages[0].id);
    assert!(payload["user_id"].is_null());
    assert!(payload["issued_at"].is_string());
    assert_eq!(world.debug(&elisa.user_token).await["is_valid"], true);
    assert_eq!(world.debug(&elisa.pages[0].token).await["is_valid"], false);

    let kids = world.sim.seed_instagram_grant("aurora.kids", 5 * DAY).unwrap();
    world.ok_control(Method::POST, "/_sim/deauthorize", r#"{"instagram":"aurora.kids","callback":true}"#).await;
    let payload = signed(&receiver, "/meta/deauthorize", INSTAGRAM_SECRET);
    assert_eq!(payload["user_id"], kids.account_id);
}

#[tokio::test]
async fn data_deletion() {
    let (world, receiver) = set_up().await;
    let ask = async || world.ok_control(Method::POST, "/_sim/data-deletion", r#"{"person":"Ana Souza"}"#).await;
    receiver.answers(200, r#"{"url":"http://127.0.0.1:3000/meta/data-deletion/abc","confirmation_code":"abc123"}"#);
    let good = ask().await;
    assert_eq!(good["accepted"], true);
    assert_eq!(good["confirmation_code"], "abc123");
    assert_eq!(good["url"], "http://127.0.0.1:3000/meta/data-deletion/abc");
    let payload = signed(&receiver, "/meta/data-deletion", SECRET);
    assert_eq!(payload["user_id"], ANA);
    assert!(payload["expires"].as_i64() > payload["issued_at"].as_i64());
    for (status, text, wrong) in [
        (200, r#"{"url":"http://127.0.0.1/x"}"#, "confirmation_code"),
        (200, r#"{"url":"/x","confirmation_code":"a"}"#, "/x"),
        (200, r#"{"url":"http://127.0.0.1/x","confirmation_code":"a-b"}"#, "alphanumeric"),
        (200, "ok", "JSON"),
        (500, "", "500"),
    ] {
        receiver.answers(status, text);
        let bad = ask().await;
        assert_eq!(bad["accepted"], false, "{text}");
        assert!(bad["problem"].as_str().unwrap().contains(wrong), "{bad}");
    }
}

#[tokio::test]
async fn without_an_address_nothing_happens() {
    let world = World::new();
    let ana = world.sim.seed_grant("Ana Souza", 5 * DAY).unwrap();
    let reply = world.control(Method::POST, "/_sim/deauthorize", r#"{"person":"Ana Souza","callback":true}"#).await;
    assert_eq!(reply.json()["field"], "deauthorize_url");
    assert_eq!(world.debug(&ana.user_token).await["is_valid"], true);
    let reply = world.control(Method::POST, "/_sim/data-deletion", r#"{"person":"Ana Souza"}"#).await;
    assert_eq!(reply.json()["field"], "data_deletion_url");
    // A receiver that is not there.
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let gone = format!("http://{}/x", listener.local_addr().unwrap());
    drop(listener);
    let settings = json!({"data_deletion_url": gone});
    world.ok_control(Method::PUT, "/_sim/settings", &settings.to_string()).await;
    let answer = world.ok_control(Method::POST, "/_sim/data-deletion", r#"{"person":"Ana Souza"}"#).await;
    assert_eq!(answer["delivered"], false);
    assert!(answer["reason"].as_str().unwrap().contains("refused"), "{answer}");
}
