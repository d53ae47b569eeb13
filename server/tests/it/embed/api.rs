//! `POST /api/v1/embed-sessions`: what the platform's server asks for its page.

use axum::{
    body::Body,
    http::{Request, StatusCode},
};
use renewal::{NewApiKey, Scope};
use secrecy::ExposeSecret as _;
use serde_json::{Value, json};

use super::support::{self, ELSEWHERE, HOST, code_of, json_of};
use crate::harness::{CLARA, Harness};

async fn key(harness: &Harness, organization: Option<&str>, scope: Scope) -> String {
    let organization = organization.map(str::to_owned);
    let new = NewApiKey { organization, name: "test".to_owned(), scopes: vec![scope] };
    harness.renova().add_api_key(new).await.unwrap().expose_secret().to_owned()
}

fn ask(key: &str, body: &Value) -> Request<Body> {
    Request::post("/api/v1/embed-sessions")
        .header("host", "127.0.0.1:3000")
        .header("authorization", format!("Bearer {key}"))
        .header("content-type", "application/json")
        .body(Body::from(body.to_string()))
        .unwrap()
}

fn clara() -> Value {
    json!({
        "organization": "boreal",
        "user": {"external_id": "clara", "name": "Clara Lima", "email": CLARA, "locale": null, "role": "admin"},
        "origin": HOST,
        "return_url": format!("{HOST}/meta"),
    })
}

fn with(field: &str, value: impl Into<Value>) -> Value {
    let mut body = clara();
    *body.pointer_mut(field).unwrap() = value.into();
    body
}

#[tokio::test]
async fn the_platform_begins_a_session_for_its_person() {
    let harness = support::platform().await;
    for organization in [None, Some("boreal")] {
        let key = key(&harness, organization, Scope::EmbedSessionsWrite).await;
        let answer = harness.send(ask(&key, &clara())).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.body);
        let session = json_of(&answer);
        let (token, embed_id) = (session["token"].as_str().unwrap(), session["embed_id"].as_str().unwrap());
        assert!(token.starts_with("es_") && token.len() == 46 && embed_id.len() == 32, "{session}");
        assert!(session["expires_at"].as_str().unwrap().ends_with('Z'), "{session}");
        let redeemed = harness.send(support::redeem(token, HOST, embed_id)).await;
        assert_eq!(redeemed.status, StatusCode::OK, "{}", redeemed.body);
    }
}

#[tokio::test]
async fn what_the_key_or_the_origin_does_not_allow_is_refused() {
    let harness = support::platform().await;
    let platform = key(&harness, None, Scope::EmbedSessionsWrite).await;
    let aurora = key(&harness, Some("aurora"), Scope::EmbedSessionsWrite).await;
    let other = key(&harness, None, Scope::TokensRead).await;
    for (key, body, status, code, field) in [
        ("rk_nothing", clara(), StatusCode::UNAUTHORIZED, "unauthorized", Value::Null),
        (other.as_str(), clara(), StatusCode::FORBIDDEN, "scope_missing", Value::Null),
        (&aurora, clara(), StatusCode::NOT_FOUND, "not_found", Value::Null),
        (&platform, with("/organization", "nobody"), StatusCode::NOT_FOUND, "not_found", Value::Null),
        (&platform, with("/origin", ELSEWHERE), StatusCode::UNPROCESSABLE_ENTITY, "invalid", "origin".into()),
        (&platform, with("/origin", "*"), StatusCode::UNPROCESSABLE_ENTITY, "invalid", "origin".into()),
        (&platform, with("/return_url", ELSEWHERE), StatusCode::UNPROCESSABLE_ENTITY, "invalid", "return_url".into()),
        (&platform, with("/user/role", "owner"), StatusCode::UNPROCESSABLE_ENTITY, "invalid", "user.role".into()),
        (&platform, with("/user/locale", "fr"), StatusCode::UNPROCESSABLE_ENTITY, "invalid", "locale".into()),
        (&platform, with("/user/email", "ana@aurora.example"), StatusCode::CONFLICT, "email_taken", "email".into()),
    ] {
        let answer = harness.send(ask(key, &body)).await;
        assert_eq!((answer.status, code_of(&answer).as_str()), (status, code), "{body}: {}", answer.body);
        assert_eq!(json_of(&answer)["field"], field, "{}", answer.body);
        assert!(!answer.body.contains("es_"), "{}", answer.body);
    }
}
