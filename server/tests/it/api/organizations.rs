use axum::http::Method;
use lifecycle::Role;
use renewal::NewUser;
use serde_json::json;
use server::demo::PASSWORD;

use super::Platform;
use crate::harness::{ANA, Harness};

#[tokio::test]
async fn an_organization_is_put_as_often_as_you_like() {
    let harness = Harness::new().await;
    let platform = Platform::new(&harness, None).await;
    let path = "/organizations/customer%2042";
    platform.get(path).await.is_problem(404, "not_found");
    let added = platform.put(path, json!({"name": "Padaria Sol"})).await;
    assert_eq!(added.status.as_u16(), 201, "{}", added.body);
    let first = added.json();
    assert_eq!(
        (&first["external_id"], &first["slug"], &first["time_zone"], &first["locale"]),
        (&json!("customer 42"), &json!("padaria-sol"), &json!("America/Sao_Paulo"), &json!("pt-BR"))
    );
    let again = platform.put(path, json!({"name": "Padaria Sol"})).await;
    assert_eq!((again.status.as_u16(), again.json()), (200, first.clone()));
    let changed =
        platform.put(path, json!({"name": "Padaria Lua", "time_zone": "europe/lisbon", "locale": "en"})).await;
    assert_eq!(changed.json()["time_zone"], json!("Europe/Lisbon"));
    let kept = platform.put(path, json!({"name": "Padaria Lua", "locale": null})).await.json();
    assert_eq!((&kept["locale"], &kept["time_zone"]), (&json!("en"), &json!("Europe/Lisbon")), "null leaves it alone");
    assert_eq!(platform.read(path).await, kept);
    // The name is taken as a slug, and a number makes another.
    let twin = platform.put("/organizations/43", json!({"name": "Padaria Sol"})).await.json();
    assert_ne!(twin["slug"], first["slug"]);
}

#[tokio::test]
async fn what_cannot_be_names_its_field() {
    let harness = Harness::new().await;
    let platform = Platform::new(&harness, None).await;
    for (body, field) in [
        (json!({}), "name"),
        (json!({"name": " "}), "name"),
        (json!({"name": 7}), "name"),
        (json!({"name": "A", "slug": "Ä"}), "slug"),
        (json!({"name": "A", "slug": "aurora"}), "slug"),
        (json!({"name": "A", "time_zone": "Mars/One"}), "time_zone"),
        (json!({"name": "A", "locale": "fr"}), "locale"),
        (json!({"name": "A\u{0}"}), "body"),
    ] {
        let problem = platform.put("/organizations/new", body.clone()).await.is_problem(422, "invalid");
        assert_eq!(problem["field"], json!(field), "{body}: {problem}");
    }
    let spaced = platform.put("/organizations/%20new", json!({"name": "A"})).await.is_problem(422, "invalid");
    assert_eq!(spaced["field"], json!("external_id"));
    let zero = platform.get("/connections?organization=a%00").await.is_problem(422, "invalid");
    assert_eq!(zero["field"], json!("organization"));
    let unknown = platform.put("/organizations/new", json!({"name": "A", "colour": 1})).await;
    assert!(unknown.is_problem(422, "invalid")["detail"].as_str().unwrap().contains("colour"));
    let request = platform.request(Method::PUT, "/organizations/new").body("{}".into()).unwrap();
    harness.send(request).await.is_problem(415, "not_json");
    let request = platform.request(Method::PUT, "/organizations/new").header("content-type", "application/json");
    harness.send(request.body("{".into()).unwrap()).await.is_problem(400, "malformed");
    let deep = format!("{{\"name\":{}", "[".repeat(100_000));
    let request = platform.request(Method::PUT, "/organizations/new").header("content-type", "application/json");
    let status = harness.send(request.body(deep.into()).unwrap()).await.status.as_u16();
    assert!((400..500).contains(&status), "{status}");
    platform.get("/organizations/new").await.is_problem(404, "not_found");
}

#[tokio::test]
async fn what_a_key_does_stands_under_its_name() {
    let harness = Harness::new().await;
    let platform = Platform::new(&harness, None).await;
    let person = json!({"email": "rui@aurora.example", "name": "Rui Alves", "role": "agent"});
    assert_eq!(platform.put("/organizations/aurora/users/77", person).await.status.as_u16(), 201);
    let own = Platform::new(&harness, Some("aurora")).await;
    let channels = own.all("/channels", 100).await;
    let instagram = channels.iter().find(|it| it["kind"] == "instagram").unwrap();
    let path = format!("/channels/{}", instagram["id"].as_str().unwrap());
    let changed = own.send(Method::PATCH, &path, Some(&json!({"story_replies": false}))).await;
    assert_eq!(changed.status.as_u16(), 200, "{}", changed.body);

    let ana = harness.session(ANA).await;
    let log = harness.open("/settings/audit", &ana).await.body;
    assert!(log.contains("A plataforma (API)") && log.contains("Chave de API platform"), "{log}");
    harness.minute().await;
    let events = platform.get("/events").await.body;
    assert!(events.contains("channel.story_options_changed") && !events.contains("api_key"), "{events}");
}

#[tokio::test]
async fn an_organizations_own_key_reaches_nothing_else() {
    let harness = Harness::new().await;
    let own = Platform::new(&harness, Some("aurora")).await;
    assert_eq!(own.read("/organizations/aurora").await["external_id"], json!("aurora"));
    for path in ["/organizations/boreal", "/organizations/new"] {
        own.get(path).await.is_problem(404, "not_found");
        own.put(path, json!({"name": "A"})).await.is_problem(404, "not_found");
    }
    own.get("/organizations/boreal/users/1").await.is_problem(404, "not_found");
    own.delete("/organizations/aurora").await.is_problem(403, "platform_only");
}

#[tokio::test]
async fn users_come_and_go_by_the_platforms_ids() {
    let harness = Harness::new().await;
    let platform = Platform::new(&harness, None).await;
    let path = "/organizations/aurora/users/7";
    let eva = json!({"email": "Eva@Aurora.example", "name": "Eva", "role": "agent", "locale": "es"});
    let added = platform.put(path, eva.clone()).await;
    assert_eq!(added.status.as_u16(), 201, "{}", added.body);
    assert_eq!(added.json()["email"], json!("eva@aurora.example"));
    let again = platform.put(path, eva).await;
    assert_eq!((again.status.as_u16(), again.json()), (200, added.json()));
    assert_eq!(platform.read(path).await, added.json());
    let promoted =
        platform.put(path, json!({"email": "eva@aurora.example", "name": "Eva Lima", "role": "admin"})).await;
    assert_eq!((&promoted.json()["role"], &promoted.json()["locale"]), (&json!("admin"), &json!("es")));

    // Dora is there by her e-mail already, and becomes the platform's user; she keeps her password.
    const DORA: &str = "dora@aurora.example";
    let dora = NewUser {
        email: DORA.to_owned(),
        name: "Dora".to_owned(),
        role: Role::Agent,
        external_id: None,
        password: PASSWORD.into(),
    };
    harness.renova().add_user("aurora", dora).await.unwrap();
    let put = platform.put("/organizations/aurora/users/1", json!({"email": DORA, "name": "Dora", "role": "agent"}));
    assert_eq!(put.await.status.as_u16(), 200);
    harness.session(DORA).await;
    let taken =
        platform.put("/organizations/boreal/users/2", json!({"email": DORA, "name": "D", "role": "admin"})).await;
    assert_eq!(taken.is_problem(409, "email_taken")["field"], json!("email"));
    let twice =
        platform.put("/organizations/aurora/users/2", json!({"email": DORA, "name": "D", "role": "admin"})).await;
    twice.is_problem(409, "email_taken");

    assert_eq!(platform.delete(path).await.status.as_u16(), 204);
    platform.get(path).await.is_problem(404, "not_found");
    platform.delete(path).await.is_problem(404, "not_found");
    platform.delete("/organizations/aurora/users/ana").await.is_problem(409, "last_admin");
    let demoted =
        platform.put("/organizations/aurora/users/ana", json!({"email": ANA, "name": "Ana", "role": "agent"}));
    demoted.await.is_problem(409, "last_admin");
}

#[tokio::test]
async fn a_deleted_organization_leaves_nothing() {
    let harness = Harness::with_meta().await;
    let platform = Platform::new(&harness, None).await;
    let own = Platform::new(&harness, Some("aurora")).await;
    let channel = own.read("/channels").await["data"][0]["id"].as_str().unwrap().to_owned();
    let boreal = platform.read("/connections?organization=boreal").await;
    assert_eq!(platform.delete("/organizations/aurora").await.status.as_u16(), 204);
    platform.get("/organizations/aurora").await.is_problem(404, "not_found");
    platform.get(&format!("/channels/{channel}")).await.is_problem(404, "not_found");
    platform.delete("/organizations/aurora").await.is_problem(404, "not_found");
    assert!(harness.renova().storage().user_by_email(ANA).await.unwrap().is_none());
    assert_eq!(platform.read("/connections?organization=boreal").await, boreal, "others are as they were");
    let back = platform.put("/organizations/aurora", json!({"name": "Loja Aurora"})).await;
    assert_eq!((back.status.as_u16(), &back.json()["slug"]), (201, &json!("loja-aurora")));
}
