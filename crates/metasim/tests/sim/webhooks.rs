//! Notifications: what is sent, to whom, and what happens when nobody answers.

use crate::common::{APP, INSTAGRAM_SECRET, SECRET, World};
use crate::receiver::Receiver;
use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

const DAY: i64 = 86_400_000;
const AURORA: &str = "112094837465018";
const AURORA_INSTAGRAM: &str = "17841407726395018";
const KIDS: &str = "17841417735520846";

struct Sending {
    world: World,
    receiver: Receiver,
}

impl Sending {
    /// Ana has granted her Pages, and the app has its callback.
    async fn new() -> Sending {
        let (world, receiver) = (World::new(), Receiver::start().await);
        world.sim.seed_grant("Ana Souza", 5 * DAY).unwrap();
        let settings = json!({"webhook_url": format!("{}/meta/webhooks", receiver.base), "verify_token": "vt"});
        world.ok_control(Method::PUT, "/_sim/settings", &settings.to_string()).await;
        Sending { world, receiver }
    }

    async fn send(&self, body: Value) -> Value {
        self.world.ok_control(Method::POST, "/_sim/webhook", &body.to_string()).await
    }

    async fn event(&self, channel: &str, event: &str) -> Value {
        let answer = self.send(json!({"channel": channel, "event": event})).await;
        assert_eq!(answer["delivered"], true, "{answer}");
        self.receiver.last().json()["entry"][0].clone()
    }

    async fn subscribe_page(&self, fields: &[&str]) {
        let body = json!({"page": "Loja Aurora", "fields": fields});
        self.world.ok_control(Method::PUT, "/_sim/subscriptions", &body.to_string()).await;
    }

    async fn advance(&self, span: &str) {
        self.world.ok_control(Method::POST, "/_sim/clock", &json!({"advance": span}).to_string()).await;
    }

    async fn deliveries(&self) -> Vec<Value> {
        self.world.ok_control(Method::GET, "/_sim/deliveries", "").await.as_array().unwrap().clone()
    }

    async fn page_fields(&self) -> Value {
        self.world.ok_control(Method::GET, "/_sim/world", "").await["subscriptions"][AURORA].clone()
    }
}

#[tokio::test]
async fn a_message_as_meta_sends_it() {
    let it = Sending::new().await;
    let answer = it.send(json!({"channel": "Loja Aurora", "event": "message", "text": "äöå 😍 a/b"})).await;
    assert_eq!(answer["delivered"], true);
    assert_eq!(answer["status"], 200);
    let got = it.receiver.last();
    assert_eq!((got.method.as_str(), got.path.as_str()), ("POST", "/meta/webhooks"));
    assert_eq!(got.headers["content-type"], "application/json");
    assert!(got.is_signed_with(SECRET));
    let raw = std::str::from_utf8(&got.body).unwrap();
    assert!(raw.is_ascii());
    assert!(raw.contains(r"\u00e4\u00f6\u00e5 \ud83d\ude0d a\/b"), "{raw}");
    assert!(raw.starts_with(r#"{"object":"page","entry":[{"id":"#), "{raw}");
    let entry = &got.json()["entry"][0];
    let item = &entry["messaging"][0];
    assert_eq!(entry["id"], AURORA);
    assert_eq!(entry["time"], it.world.sim.now_ms());
    assert_eq!(item["recipient"]["id"], AURORA);
    assert_eq!(item["message"]["mid"], answer["mid"]);
    assert_eq!(item["message"]["text"], "äöå 😍 a/b");
    assert!(item["message"]["mid"].as_str().unwrap().starts_with("m_"));
    let again = it.event("Loja Aurora", "message").await;
    assert_eq!(again["messaging"][0]["sender"], item["sender"]);
    assert_ne!(again["messaging"][0]["message"]["mid"], item["message"]["mid"]);
}

#[tokio::test]
async fn every_event_of_instagram() {
    let it = Sending::new().await;
    it.subscribe_page(&["messages", "messaging_postbacks", "message_reactions", "standby"]).await;
    let item = async |event: &str| it.event("@loja.aurora", event).await["messaging"][0].clone();
    let message = item("message").await;
    assert_eq!(it.receiver.last().json()["object"], "instagram");
    assert_eq!(message["recipient"]["id"], AURORA_INSTAGRAM);
    let mid = message["message"]["mid"].clone();
    assert!(mid.as_str().unwrap().starts_with("aWdfZAG1"));
    assert_eq!(item("reaction").await["reaction"]["mid"], mid);
    assert_eq!(item("read").await["read"], json!({"mid": mid}));
    let mention = item("story_mention").await;
    assert_eq!(mention["message"]["attachments"][0]["type"], "story_mention");
    assert!(mention["message"]["attachments"][0]["payload"]["url"].as_str().unwrap().contains("asset_id="));
    let reply = item("story_reply").await;
    assert!(reply["message"]["reply_to"]["story"]["id"].is_string());
    assert!(reply["message"]["text"].is_string());
    let echo = item("echo").await;
    assert_eq!(echo["message"]["is_echo"], true);
    assert_eq!(echo["sender"]["id"], AURORA_INSTAGRAM);
    assert_eq!(item("postback").await["postback"]["payload"], "GET_STARTED");
    assert_eq!(item("edit").await["message_edit"]["num_edit"], 1);
    let standby = it.event("@loja.aurora", "standby").await;
    assert!(standby.get("messaging").is_none());
    assert!(standby["standby"][0]["message"]["mid"].is_string());

    let fields = json!({"object": "instagram", "fields": ["comments"]});
    it.world.ok_control(Method::PUT, "/_sim/app-fields", &fields.to_string()).await;
    let comment = it.event("@loja.aurora", "comment").await;
    assert_eq!(comment["changes"][0]["field"], "comments");
    let delivery = it.world.control(Method::POST, "/_sim/webhook", r#"{"channel":"@loja.aurora","event":"delivery"}"#);
    assert_eq!(delivery.await.json()["field"], "event");
}

#[tokio::test]
async fn instagram_login_signs_with_its_own_secret() {
    let it = Sending::new().await;
    let refused = it.send(json!({"channel": "@aurora.kids", "event": "message"})).await;
    assert_eq!(refused["delivered"], false);
    it.world.sim.seed_instagram_grant("aurora.kids", 5 * DAY).unwrap();
    let entry = it.event(KIDS, "message").await;
    assert_eq!(entry["id"], KIDS);
    assert!(it.receiver.last().is_signed_with(INSTAGRAM_SECRET));
    let fields = json!({"object": "instagram", "fields": ["comments"]});
    it.world.ok_control(Method::PUT, "/_sim/app-fields", &fields.to_string()).await;
    let body = json!({"instagram": "aurora.kids", "fields": ["comments"]});
    it.world.ok_control(Method::PUT, "/_sim/subscriptions", &body.to_string()).await;
    let comment = it.event("@aurora.kids", "comment").await;
    assert_eq!(comment["field"], "comments");
    assert!(comment["value"]["text"].is_string());
    assert!(comment.get("changes").is_none());
}

#[tokio::test]
async fn only_what_both_levels_are_subscribed_to() {
    let it = Sending::new().await;
    let refused = async |channel: &str, event: &str| {
        let answer = it.send(json!({"channel": channel, "event": event})).await;
        assert_eq!(answer["delivered"], false, "{answer}");
        assert!(answer["mid"].is_null() && answer["status"].is_null());
        answer["reason"].as_str().unwrap().to_owned()
    };
    it.event("@loja.aurora", "reaction").await;
    // At the Page.
    it.subscribe_page(&["messages"]).await;
    assert!(refused("Loja Aurora", "reaction").await.contains("message_reactions of Loja Aurora"));
    assert!(refused("@loja.aurora", "reaction").await.contains("message_reactions of Loja Aurora"));
    it.event("@loja.aurora", "read").await;
    // At the app.
    let fields = json!({"object": "instagram", "fields": ["messaging_seen"]});
    it.world.ok_control(Method::PUT, "/_sim/app-fields", &fields.to_string()).await;
    assert!(refused("@loja.aurora", "story_mention").await.contains("the object instagram"));
    it.event("Loja Aurora", "message").await;
    // Somebody else's Page.
    refused("Café Boreal", "message").await;
    it.subscribe_page(&[]).await;
    refused("@loja.aurora", "read").await;
    assert_eq!(it.receiver.received().len(), 3);
}

#[tokio::test]
async fn many_in_one_notification() {
    let it = Sending::new().await;
    let answer = it.send(json!({"channel": "@loja.aurora", "event": "message", "count": 1000})).await;
    assert_eq!(answer["mids"].as_array().unwrap().len(), 1000);
    assert_eq!(it.receiver.received().len(), 1);
    let body = it.receiver.last().json();
    let mids: Vec<&Value> = body["entry"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|entry| entry["messaging"].as_array().unwrap())
        .map(|item| &item["message"]["mid"])
        .collect();
    assert_eq!(json!(mids), answer["mids"]);
    assert!(body["entry"].as_array().unwrap().len() > 1);
    assert!(body["entry"][0]["messaging"].as_array().unwrap().len() > 1);
}

#[tokio::test]
async fn failures_are_repeated_on_the_simulated_clock() {
    let it = Sending::new().await;
    it.receiver.answers(500, "");
    let answer = it.send(json!({"channel": "Loja Aurora", "event": "message"})).await;
    assert_eq!((answer["delivered"].clone(), answer["status"].clone()), (json!(false), json!(500)));
    // Once more at once, then after 10 s, a minute, 10 minutes.
    it.advance("1s").await;
    assert_eq!(it.receiver.received().len(), 2);
    it.advance("10s").await;
    assert_eq!(it.receiver.received().len(), 3);
    it.advance("30s").await;
    assert_eq!(it.receiver.received().len(), 3);
    it.advance("30s").await;
    assert_eq!(it.receiver.received().len(), 4);
    it.receiver.answers(200, "");
    it.advance("10m").await;
    let all = it.receiver.received();
    assert_eq!(all.len(), 5);
    assert!(all.iter().all(|one| one.body == all[0].body && one.is_signed_with(SECRET)));
    assert_eq!(it.deliveries().await[0]["standing"], "delivered");
    assert!(it.page_fields().await.is_array());
    it.advance("2h").await;
    assert_eq!(it.receiver.received().len(), 5);
}

#[tokio::test]
async fn after_an_hour_the_app_is_unsubscribed() {
    let it = Sending::new().await;
    it.receiver.answers(503, "");
    it.send(json!({"channel": "@loja.aurora", "event": "message"})).await;
    it.advance("59m").await;
    assert!(it.page_fields().await.is_array());
    it.send(json!({"channel": "Loja Aurora", "event": "message"})).await;
    it.advance("31m").await;
    assert!(it.page_fields().await.is_null());
    let standings: Vec<Value> = it.deliveries().await.iter().map(|one| one["standing"].clone()).collect();
    assert_eq!(standings, ["given_up", "given_up"]);
    it.receiver.answers(200, "");
    let count = it.receiver.received().len();
    it.advance("1d").await;
    assert_eq!(it.receiver.received().len(), count);
    assert_eq!(it.send(json!({"channel": "Loja Aurora", "event": "message"})).await["delivered"], false);
    // The other Page of the same person is as before.
    it.event("Aurora Outlet", "message").await;
}

#[tokio::test]
async fn a_success_starts_the_hour_anew() {
    let it = Sending::new().await;
    it.receiver.answers(500, "");
    it.send(json!({"channel": "Loja Aurora", "event": "message"})).await;
    it.advance("50m").await;
    it.receiver.answers(200, "");
    it.event("Loja Aurora", "message").await;
    it.receiver.answers(500, "");
    it.advance("31m").await;
    assert!(it.page_fields().await.is_array());
}

#[tokio::test]
async fn a_replay_is_the_same_to_the_byte() {
    let it = Sending::new().await;
    let answer = it.send(json!({"channel": "Loja Aurora", "event": "message"})).await;
    let first = it.receiver.last();
    it.advance("1d").await;
    let body = json!({"number": answer["number"]}).to_string();
    let again = it.world.ok_control(Method::POST, "/_sim/replay", &body).await;
    assert_eq!(again["delivered"], true);
    let second = it.receiver.last();
    assert_eq!(it.receiver.received().len(), 2);
    assert_eq!(first.body, second.body);
    assert_eq!(first.headers["x-hub-signature-256"], second.headers["x-hub-signature-256"]);
    let none = it.world.control(Method::POST, "/_sim/replay", r#"{"number":99}"#).await;
    assert_eq!(none.json()["field"], "number");
    it.world.ok_control(Method::DELETE, "/_sim/deliveries", "").await;
    assert!(it.deliveries().await.is_empty());
}

#[tokio::test]
async fn the_handshake() {
    let it = Sending::new().await;
    let verified = it.world.ok_control(Method::POST, "/_sim/handshake", "").await;
    assert_eq!(verified["verified"], true);
    let asked = it.receiver.last();
    assert_eq!(asked.method, Method::GET);
    assert!(asked.query.starts_with("hub.mode=subscribe&hub.challenge="), "{}", asked.query);
    assert!(asked.query.ends_with("&hub.verify_token=vt"), "{}", asked.query);
    it.receiver.answers(403, "");
    assert_eq!(it.world.ok_control(Method::POST, "/_sim/handshake", "").await["verified"], false);

    // By the Graph API: what is not answered is not taken.
    let token = format!("{APP}|{SECRET}");
    let path = format!("/graph/v25.0/{APP}/subscriptions");
    let callback = format!("{}/other", it.receiver.base);
    let fields = [
        ("access_token", token.as_str()),
        ("object", "page"),
        ("callback_url", callback.as_str()),
        ("fields", "messages"),
        ("verify_token", "other"),
    ];
    assert_eq!(it.world.post_form(&path, &fields).await.error(), (2200, None));
    it.receiver.answers(200, "no challenge");
    assert_eq!(it.world.post_form(&path, &fields).await.error(), (2200, None));
    let willing = Receiver::start().await;
    let callback = format!("{}/other", willing.base);
    let fields = fields.map(|(name, value)| (name, if name == "callback_url" { callback.as_str() } else { value }));
    assert_eq!(it.world.post_form(&path, &fields).await.status, StatusCode::OK);
    let answer = it.send(json!({"channel": "Loja Aurora", "event": "message"})).await;
    assert_eq!(answer["delivered"], true);
    assert_eq!(willing.last().path, "/other");
}

#[tokio::test]
async fn grants_that_change_are_told() {
    let it = Sending::new().await;
    let switch = json!({"person": "Ana Souza", "permission": "pages_messaging", "granted": false});
    it.world.ok_control(Method::PUT, "/_sim/permissions", &switch.to_string()).await;
    let got = it.receiver.last();
    assert!(got.is_signed_with(SECRET));
    let body = got.json();
    assert_eq!(body["object"], "permissions");
    let entry = &body["entry"][0];
    assert_eq!(entry["uid"], "10160472918365047");
    assert_eq!(entry["time"], it.world.sim.now_ms() / 1000);
    let change = &entry["changes"][0];
    assert_eq!(change["field"], "pages_messaging");
    assert_eq!(change["value"]["verb"], "revoked");
    assert!(change["value"]["target_ids"].as_array().unwrap().contains(&json!(AURORA)));
    it.world.ok_control(Method::POST, "/_sim/deauthorize", r#"{"person":"Ana Souza"}"#).await;
    let changes = it.receiver.last().json()["entry"][0]["changes"].clone();
    assert_eq!(changes[0], json!({"field": "connected", "verb": "revoked"}));

    let off = json!({"object": "permissions", "fields": []});
    it.world.ok_control(Method::PUT, "/_sim/app-fields", &off.to_string()).await;
    let count = it.receiver.received().len();
    it.world.log_in("Ana Souza", "s").await;
    it.advance("1s").await;
    assert_eq!(it.receiver.received().len(), count);
}

#[tokio::test]
async fn wrong_wishes_are_named() {
    let it = Sending::new().await;
    for (path, body, field) in [
        ("/_sim/webhook", r#"{"channel":"Nobody","event":"message"}"#, "channel"),
        ("/_sim/webhook", r#"{"channel":"Loja Aurora","event":"sneeze"}"#, "event"),
        ("/_sim/webhook", r#"{"channel":"Loja Aurora","event":"story_mention"}"#, "event"),
        ("/_sim/webhook", r#"{"channel":"Loja Aurora","event":"message","count":1001}"#, "count"),
        ("/_sim/webhook", r#"{"channel":"Loja Aurora","event":"message","txt":"x"}"#, "txt"),
    ] {
        let reply = it.world.control(Method::POST, path, body).await;
        assert_eq!(reply.status, StatusCode::BAD_REQUEST, "{body}");
        assert_eq!(reply.json()["field"], field, "{body}");
    }
    let far = it.world.control(Method::PUT, "/_sim/settings", r#"{"webhook_url":"https://example.com/"}"#).await;
    assert_eq!(far.json()["field"], "webhook_url");
    let fields = it.world.control(Method::PUT, "/_sim/app-fields", r#"{"object":"page","fields":["nods"]}"#).await;
    assert_eq!(fields.json()["field"], "fields");
    it.world.ok_control(Method::PUT, "/_sim/settings", r#"{"webhook_url":""}"#).await;
    let nowhere = it.world.control(Method::POST, "/_sim/webhook", r#"{"channel":"Loja Aurora","event":"message"}"#);
    assert_eq!(nowhere.await.json()["field"], "webhook_url");
}

#[tokio::test]
async fn as_recorded() {
    let it = Sending::new().await;
    for (event, name) in [
        ("message", "messaging-message-basic.json"),
        ("story_reply", "messaging-message-reply-2.json"),
        ("reaction", "messaging-reaction-1.json"),
        ("read", "messaging-read-basic.json"),
        ("delivery", "messaging-delivery-basic.json"),
    ] {
        it.event("Loja Aurora", event).await;
        let Some(recorded) = crate::recordings::recorded("webhooks", name) else {
            continue;
        };
        crate::recordings::compare(name, &as_today(recorded), &it.receiver.last().json());
    }
}

/// The recordings are older than two changes: ids are texts now, and `seq` is gone.
fn as_today(value: Value) -> Value {
    match value {
        Value::Object(fields) => fields
            .into_iter()
            .filter(|(name, _)| name != "seq")
            .map(|(name, value)| {
                let value = if name == "id" && value.is_number() { json!(value.to_string()) } else { as_today(value) };
                (name, value)
            })
            .collect(),
        Value::Array(items) => items.into_iter().map(as_today).collect(),
        other => other,
    }
}
