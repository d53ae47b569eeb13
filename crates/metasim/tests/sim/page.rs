//! The start page: everything is shown, and each button does what it says.

use crate::common::{World, form};
use crate::receiver::Receiver;
use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use serde_json::json;

const DAY: i64 = 86_400_000;
const AURORA: &str = "112094837465018";
const ANA: &str = "10160472918365047";

/// Presses a button and reads what the page then says in that section.
async fn press(world: &World, action: &str, fields: &[(&str, &str)]) -> String {
    let reply = world.post_form(&format!("/_sim/do/{action}"), fields).await;
    assert_eq!(reply.status, StatusCode::SEE_OTHER, "{action}");
    let to = reply.location().to_owned();
    let (address, section) = to.split_once('#').unwrap();
    let page = world.control(Method::GET, address, "").await;
    assert_eq!(page.status, StatusCode::OK);
    let start = page.text.find(&format!("<section id=\"{section}\"")).unwrap();
    let section = &page.text[start..start + page.text[start..].find("</section>").unwrap()];
    let said = section.split("role=\"status\">").nth(1).unwrap();
    said[..said.find("</p>").unwrap()].to_owned()
}

#[tokio::test]
async fn it_shows_the_world() {
    let world = World::new();
    world.sim.seed_grant("Ana Souza", DAY).unwrap();
    world.sim.seed_grant("Elisa Prado", -DAY).unwrap();
    world.sim.seed_instagram_grant("aurora.kids", DAY).unwrap();
    let fault = json!({"on": "graph:/me?x=<b>", "fault": "http_500"});
    world.ok_control(Method::POST, "/_sim/faults", &fault.to_string()).await;
    world.get("/graph/me", &[("fields", "id")]).await;
    let page = world.control(Method::GET, "/_sim/", "").await.text;
    for text in [
        "Ana Souza",
        "Aurora Comércio",
        "Aurora Express",
        "held by a business alone",
        "@aurora.kids",
        "Instagram Login only",
        "dead (190/463)",
        "until 2027-03-02 12:00:00",
        "<time>2027-03-01 12:00:00</time>",
        "graph:/me?x=&lt;b&gt;",
        "<code>/me</code>",
        "http_503: 503 with error 2",
    ] {
        assert!(page.contains(text), "{text}");
    }
    for secret in ["EAA", "IGAA", "sim-app-secret", "sim-instagram-secret", "<script"] {
        assert!(!page.contains(secret), "{secret}");
    }
}

#[tokio::test]
async fn buttons_for_clock_and_people() {
    let world = World::new();
    let receiver = Receiver::start().await;
    let ana = world.sim.seed_grant("Ana Souza", 5 * DAY).unwrap();
    let kids = world.sim.seed_instagram_grant("aurora.kids", 5 * DAY).unwrap();
    assert_eq!(press(&world, "clock", &[("advance", "1d")]).await, "The clock has moved by 1d.");
    assert_eq!(world.sim.now_ms(), crate::common::START + DAY);
    press(&world, "password", &[("person", "Ana Souza")]).await;
    assert_eq!(world.debug(&ana.user_token).await["error"]["subcode"], 460);
    press(&world, "password", &[("instagram", "aurora.kids")]).await;
    assert_eq!(world.bearer(Method::GET, "/ig-graph/me", &kids.token).await.error().0, 190);

    let nobody_told = press(&world, "deauthorize", &[("instagram", "aurora.kids")]).await;
    assert!(nobody_told.contains("@aurora.kids") && nobody_told.contains("no address"), "{nobody_told}");
    let addresses = [("deauthorize_url", receiver.base.as_str()), ("data_deletion_url", receiver.base.as_str())];
    press(&world, "settings", &addresses).await;
    let odd = press(&world, "deletion", &[("person", "Ana Souza")]).await;
    assert!(odd.contains("not JSON"), "{odd}");
    let told = press(&world, "deauthorize", &[("person", "Ana Souza")]).await;
    assert!(told.contains("the callback was delivered"), "{told}");
    assert_eq!(receiver.received().len(), 2);
    let role = press(&world, "role", &[("page", AURORA), ("person", ANA)]).await;
    assert_eq!(role, "Ana Souza has no role on Loja Aurora any more.");
    press(&world, "reset", &[]).await;
    assert_eq!(world.sim.now_ms(), crate::common::START);
}

#[tokio::test]
async fn buttons_for_webhooks_and_faults() {
    let world = World::new();
    let receiver = Receiver::start().await;
    world.sim.seed_grant("Ana Souza", 5 * DAY).unwrap();
    let event = [("channel", AURORA), ("event", "message"), ("text", ""), ("count", "3")];
    let nowhere = press(&world, "event", &event).await;
    assert!(nowhere.contains("no callback URL"), "{nowhere}");
    press(&world, "settings", &[("webhook_url", &receiver.base), ("verify_token", "vt")]).await;
    assert!(press(&world, "handshake", &[]).await.contains("it is verified"));
    assert_eq!(press(&world, "event", &event).await, "The notification was delivered.");
    let got = receiver.last();
    assert_eq!(got.json()["entry"][0]["id"], AURORA);
    let refused = press(&world, "event", &[("channel", "@aurora.kids"), ("event", "message"), ("count", "1")]).await;
    assert!(refused.starts_with("Nothing was sent: "), "{refused}");
    assert_eq!(press(&world, "replay", &[("number", "1")]).await, "Number 1 again: delivered.");
    assert_eq!(receiver.last().body, got.body);

    press(&world, "fault", &[("on", "graph:/me"), ("fault", "http_503"), ("times", "2")]).await;
    let faults = world.ok_control(Method::GET, "/_sim/faults", "").await;
    assert_eq!((faults[0]["fault"].clone(), faults[0]["times"].clone()), (json!("http_503"), json!(2)));
    press(&world, "clear-faults", &[]).await;
    assert_eq!(world.ok_control(Method::GET, "/_sim/faults", "").await, json!([]));
}

#[tokio::test]
async fn foreign_pages_press_nothing() {
    let world = World::new();
    let send = async |site: &str| {
        let request = Request::post("/_sim/do/clock")
            .header("content-type", "application/x-www-form-urlencoded")
            .header("sec-fetch-site", site)
            .body(Body::from(form(&[("advance", "1d")])))
            .unwrap();
        world.send(request).await.status
    };
    assert_eq!(send("cross-site").await, StatusCode::FORBIDDEN);
    assert_eq!(send("same-site").await, StatusCode::FORBIDDEN);
    assert_eq!(world.sim.now_ms(), crate::common::START);
    assert_eq!(send("same-origin").await, StatusCode::SEE_OTHER);
    assert_eq!(world.post_form("/_sim/do/nothing", &[]).await.status, StatusCode::NOT_FOUND);
}
