//! Who may do what: driven by the document, so that no operation is left out.

use std::num::NonZeroU32;

use axum::http::Method;
use renewal::Scope;
use serde_json::{Value, json};
use server::{Mount, web};

use super::Platform;
use crate::harness::Harness;

/// Method, address with some id in it, the scope that the document names, and whether an id is in it.
fn operations() -> Vec<(Method, String, Scope, bool)> {
    let document: Value = serde_json::from_str(server::web::v1::document()).unwrap();
    let mut operations = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, what) in item.as_object().unwrap() {
            let Ok(method) = method.to_uppercase().parse::<Method>() else { continue };
            let scope = what["security"][0]["api_key"][0].as_str().unwrap_or_else(|| panic!("{path} has no scope"));
            let id = "01a0c5c9-7a43-7e5c-9c1e-2b8f0e6d4a11";
            let filled =
                path.replace("{id}", id).replace("{external_id}", "nobody").replace("{user_external_id}", "nobody");
            operations.push((method, filled, Scope::parse(scope).unwrap(), path.contains("{id}")));
        }
    }
    operations
}

fn body_for(path: &str) -> Option<Value> {
    Some(match path {
        _ if path.ends_with("/report") => json!({"code": 190}),
        _ if path.ends_with("/import") => json!({"connections": []}),
        _ if path.ends_with("/embed-sessions") => json!({
            "organization": "nobody",
            "user": {"external_id": "a", "email": "a@b.example", "name": "A", "role": "admin"},
            "origin": "https://app.example.com",
        }),
        _ if path.ends_with("/renewal-links") => json!({"organization": "nobody", "user": "a"}),
        _ if path.ends_with("/webhook-endpoints") => json!({"url": "https://platform.example.com/"}),
        _ if path.contains("/channels/") => json!({}),
        _ if path.contains("/users/") => json!({"email": "a@b.example", "name": "A", "role": "admin"}),
        _ if path.contains("/organizations/") => json!({"name": "A"}),
        _ => return None,
    })
}

#[tokio::test]
async fn every_operation_wants_a_key_with_its_scope() {
    let harness = Harness::new().await;
    let nobody = Platform { harness: &harness, key: "rk_x".to_owned() };
    for (method, path, scope, _) in operations() {
        let body = body_for(&path);
        let answer = nobody.send(method.clone(), &path, body.as_ref()).await;
        answer.is_problem(401, "unauthorized");
        assert_eq!(answer.header("www-authenticate"), "Bearer");

        let others: Vec<_> = Scope::ALL.into_iter().filter(|other| *other != scope).collect();
        let powerless = Platform::with(&harness, None, &others).await;
        let problem = powerless.send(method.clone(), &path, body.as_ref()).await.is_problem(403, "scope_missing");
        let detail = problem["detail"].as_str().unwrap();
        assert!(detail.contains(scope.as_str()), "{method} {path}: {detail}");
    }
}

#[tokio::test]
async fn what_does_not_exist_or_is_anothers_is_not_there() {
    let harness = Harness::new().await;
    let platform = Platform::new(&harness, None).await;
    let boreal = Platform::new(&harness, Some("boreal")).await;
    let of_aurora = platform.read("/connections?organization=aurora").await["data"][0].clone();
    let (connection, channel) = (&of_aurora["id"], &of_aurora["channels"][0]["id"]);
    for (method, path, _, has_id) in operations() {
        if !has_id || path.contains("webhook") {
            continue;
        }
        let body = body_for(&path);
        platform.send(method.clone(), &path, body.as_ref()).await.is_problem(404, "not_found");
        let theirs = if path.contains("/connections/") { connection } else { channel };
        let foreign = path.replace("01a0c5c9-7a43-7e5c-9c1e-2b8f0e6d4a11", theirs.as_str().unwrap());
        boreal.send(method.clone(), &foreign, body.as_ref()).await.is_problem(404, "not_found");
        let nonsense = path.replace("01a0c5c9-7a43-7e5c-9c1e-2b8f0e6d4a11", "7");
        platform.send(method, &nonsense, body.as_ref()).await.is_problem(404, "not_found");
    }
    for path in ["/connections", "/channels", "/events"] {
        boreal.get(&format!("{path}?organization=aurora")).await.is_problem(404, "not_found");
        boreal.get(&format!("{path}?organization=nobody")).await.is_problem(404, "not_found");
    }
    let still = platform.read("/connections?organization=aurora").await;
    assert_eq!(still["data"][0], of_aurora, "nothing has changed");
    platform.get("/nothing/here").await.is_problem(404, "not_found");
    assert_eq!(harness.calls(), 0, "Meta was asked nothing");
}

#[tokio::test]
async fn each_key_has_the_webhook_endpoints_of_its_owner() {
    let harness = Harness::new().await;
    let own = Platform::new(&harness, Some("aurora")).await;
    let new = json!({"url": "https://platform.example.com/"});
    assert_eq!(own.post("/webhook-endpoints", new.clone()).await.status.as_u16(), 201);

    let platform = Platform::new(&harness, None).await;
    let added = platform.post("/webhook-endpoints", new).await;
    assert_eq!(added.status.as_u16(), 201, "{}", added.body);
    let (id, secret) = (added.json()["id"].clone(), added.json()["secret"].clone());
    assert!(secret.as_str().unwrap().starts_with("whsec_"));
    let listed = platform.get("/webhook-endpoints").await;
    assert_eq!(listed.json()["data"][0]["id"], id);
    assert_eq!(listed.json()["data"].as_array().unwrap().len(), 1, "not the organization's");
    assert_ne!(own.read("/webhook-endpoints").await["data"][0]["id"], id);
    assert!(!listed.body.contains("whsec_"), "it is shown once");
    let path = format!("/webhook-endpoints/{}", id.as_str().unwrap());
    own.delete(&path).await.is_problem(404, "not_found");
    assert_eq!(platform.delete(&path).await.status.as_u16(), 204);
    platform.delete(&path).await.is_problem(404, "not_found");
    let refused = platform.post("/webhook-endpoints", json!({"url": "http://10.0.0.1/"})).await;
    assert_eq!(refused.is_problem(422, "invalid")["field"], json!("url"));
}

#[tokio::test]
async fn a_key_asks_no_more_often_than_it_may() {
    let mut limited = Harness::new().await;
    let mount = Mount { api_requests_per_minute: NonZeroU32::new(3), ..limited.mount.clone() };
    limited.router = web::own(&mount, None);
    let platform = Platform::new(&limited, None).await;
    for left in ["2", "1", "0"] {
        let answer = platform.get("/events").await;
        assert_eq!(answer.status.as_u16(), 200, "{}", answer.body);
        assert_eq!((answer.header("ratelimit-limit"), answer.header("ratelimit-remaining")), ("3", left));
        assert!(answer.header("ratelimit-reset").parse::<u64>().unwrap() <= 60);
    }
    let refused = platform.get("/events").await;
    refused.is_problem(429, "too_many_requests");
    let wait: u64 = refused.header("retry-after").parse().unwrap();
    assert!((1..=20).contains(&wait), "{wait}");
    let another = Platform::new(&limited, None).await;
    assert_eq!(another.get("/events").await.status.as_u16(), 200, "each key by itself");
}

#[tokio::test]
async fn a_revoked_key_opens_nothing_a_second_later() {
    let harness = Harness::new().await;
    let platform = Platform::new(&harness, None).await;
    let storage = harness.renova().storage();
    let key = storage.api_keys(None).await.unwrap().remove(0);
    assert!(storage.revoke_api_key(key.id, harness.renova().wall_now()).await.unwrap());
    // Never asked before: nothing is remembered.
    platform.get("/events").await.is_problem(401, "unauthorized");
}
