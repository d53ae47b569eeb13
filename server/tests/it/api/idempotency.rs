use axum::http::Method;
use serde_json::{Value, json};

use super::Platform;
use crate::harness::{Answer, Harness};

async fn post(platform: &Platform<'_>, path: &str, key: &str, body: &Value) -> Answer {
    let request = platform
        .request(Method::POST, path)
        .header("content-type", "application/json")
        .header("idempotency-key", key)
        .body(body.to_string().into())
        .unwrap();
    platform.harness.send(request).await
}

#[tokio::test]
async fn the_same_request_has_its_effect_once() {
    let harness = Harness::new().await;
    let platform = Platform::new(&harness, None).await;
    let body = json!({"url": "https://platform.example.com/"});
    let first = post(&platform, "/webhook-endpoints", "one", &body).await;
    assert_eq!((first.status.as_u16(), first.header("idempotency-replayed")), (201, ""), "{}", first.body);
    let again = post(&platform, "/webhook-endpoints", "one", &body).await;
    assert_eq!((again.status.as_u16(), again.header("idempotency-replayed")), (201, "true"));
    assert_eq!((again.body.as_str(), again.header("content-type")), (first.body.as_str(), "application/json"));
    let listed = platform.read("/webhook-endpoints").await;
    assert_eq!(listed["data"].as_array().unwrap().len(), 1);

    let other = json!({"url": "https://platform.example.com/other"});
    post(&platform, "/webhook-endpoints", "one", &other).await.is_problem(422, "idempotency_key_reused");
    assert_eq!(post(&platform, "/webhook-endpoints", "two", &other).await.status.as_u16(), 201);
    // Another key of the API has names of its own.
    let second = Platform::new(&harness, None).await;
    assert_eq!(post(&second, "/webhook-endpoints", "one", &other).await.status.as_u16(), 201);
    for key in ["", &"x".repeat(256)] {
        let problem = post(&platform, "/webhook-endpoints", key, &body).await.is_problem(422, "invalid");
        assert_eq!(problem["field"], json!("Idempotency-Key"));
    }
}

#[tokio::test]
async fn requests_at_once_have_one_effect() {
    let harness = Harness::new().await;
    let platform = Platform::new(&harness, None).await;
    let body = json!({"url": "https://platform.example.com/"});
    let answers = futures::future::join_all((0..8).map(|_| post(&platform, "/webhook-endpoints", "one", &body))).await;
    assert!(answers.iter().all(|it| [201, 409].contains(&it.status.as_u16())));
    for waiting in answers.iter().filter(|it| it.status.as_u16() == 409) {
        waiting.is_problem(409, "idempotency_in_progress");
        assert_eq!(waiting.header("retry-after"), "1");
    }
    assert_eq!(platform.read("/webhook-endpoints").await["data"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn what_had_no_effect_may_be_mended() {
    let harness = Harness::new().await;
    let platform = Platform::new(&harness, None).await;
    let wrong = json!({"url": "ftp://platform.example.com/"});
    post(&platform, "/webhook-endpoints", "one", &wrong).await.is_problem(422, "invalid");
    let right = json!({"url": "https://platform.example.com/"});
    assert_eq!(post(&platform, "/webhook-endpoints", "one", &right).await.status.as_u16(), 201);
}
