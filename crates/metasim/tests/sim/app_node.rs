//! The app's own node: what it is subscribed to.

use axum::http::{Method, StatusCode};
use serde_json::Value;

use crate::common::{APP, World, app_token};

const PATH: &str = "/graph/v25.0/1234567890/subscriptions";

fn fields<'a>(list: &'a Value, object: &str) -> Vec<&'a str> {
    let entry = list["data"].as_array().unwrap().iter().find(|entry| entry["object"] == object);
    let fields = entry.unwrap_or_else(|| panic!("no {object} in {list}"))["fields"].as_array().unwrap();
    fields.iter().map(|field| field["name"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn what_the_app_is_subscribed_to() {
    let world = World::new();
    let list = world.app_get(PATH).await.json();
    for object in ["page", "instagram"] {
        let fields = fields(&list, object);
        assert!(fields.contains(&"messages") && fields.contains(&"message_reactions"), "{fields:?}");
    }
    assert!(fields(&list, "permissions").contains(&"connected"));
    assert_eq!(list["data"][0]["active"], true);
    assert!(list["data"][0].get("callback_url").is_none());

    let token = app_token();
    let set = world.post_form(PATH, &[("access_token", &token), ("object", "instagram"), ("fields", "messages")]).await;
    assert_eq!(set.json()["success"], true);
    assert_eq!(fields(&world.app_get(PATH).await.json(), "instagram"), ["messages"]);
    assert!(fields(&world.app_get(PATH).await.json(), "page").len() > 5);
    world.bearer(Method::DELETE, &format!("{PATH}?object=page&fields=messages,standby"), &token).await;
    assert!(!fields(&world.app_get(PATH).await.json(), "page").contains(&"messages"));
    world.bearer(Method::DELETE, &format!("{PATH}?object=page"), &token).await;
    let left = world.app_get(PATH).await.json();
    assert_eq!(left["data"].as_array().unwrap().len(), 2);
    world.bearer(Method::DELETE, PATH, &token).await;
    assert_eq!(world.app_get(PATH).await.json()["data"], serde_json::json!([]));
}

#[tokio::test]
async fn wrong_subscriptions_are_refused() {
    let world = World::new();
    let token = app_token();
    for (more, text) in [
        (&[("fields", "messages")][..], "(#100) The parameter object is required."),
        (&[("object", "pagina")][..], "(#100) Param object must be one of {page, instagram, permissions}"),
        (&[("object", "page"), ("fields", "messaging_seen")][..], "(#100) Invalid field messaging_seen"),
        (&[("object", "page"), ("callback_url", "x")][..], "(#100) callback_url URL is not properly formatted"),
    ] {
        let mut fields = vec![("access_token", token.as_str())];
        fields.extend_from_slice(more);
        let refused = world.post_form(PATH, &fields).await;
        assert_eq!(refused.error().0, 100);
        assert!(refused.text.contains(text), "{}", refused.text);
    }
    let ana = world.sim.seed_grant("Ana Souza", 86_400_000).unwrap();
    assert_eq!(world.bearer(Method::GET, PATH, &ana.user_token).await.error(), (15, None));
    assert_eq!(world.app_get("/graph/app").await.json()["id"], APP);
    let permissions = world.app_get("/graph/v25.0/1234567890/permissions").await;
    assert_eq!(permissions.status, StatusCode::OK);
    assert_eq!(permissions.json()["data"][0]["status"], "live");
}
