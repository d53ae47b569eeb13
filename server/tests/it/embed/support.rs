//! A platform whose pages show Renova: what its server asks for, and what its browsers send.

use axum::{
    body::Body,
    http::{Request, StatusCode},
};
use lifecycle::{
    Role, Timestamp,
    ids::{ApiKeyId, OrganizationId},
};
use renewal::{ApiCaller, NewEmbedSession, Renova, Scope, UserProfile, VouchedUser};
use secrecy::ExposeSecret as _;
use serde_json::{Value, json};

use crate::harness::{ANA, Answer, CLARA, Harness, ORIGIN};

/// Registered for Café Boreal.
pub const HOST: &str = "https://host.example";
/// Registered for Loja Aurora.
pub const ELSEWHERE: &str = "https://elsewhere.example";
/// Allowed by the platform for all.
pub const PLATFORM: &str = "http://platform.localhost:4000";

/// Both organizations have a page of their own.
pub async fn platform() -> Harness {
    let harness = Harness::for_pages(&[PLATFORM]).await;
    for (email, origin) in [(CLARA, HOST), (ANA, ELSEWHERE)] {
        let who = harness.identity(email).await;
        harness.renova().add_embed_origin(&who, origin).await.unwrap();
    }
    harness
}

/// Clara of Café Boreal on the platform's page, as its server asks for her session.
pub fn clara_at(origin: &str) -> NewEmbedSession {
    NewEmbedSession {
        organization: "boreal".to_owned(),
        user: VouchedUser {
            external_id: "clara".to_owned(),
            profile: UserProfile {
                name: "Clara Lima".to_owned(),
                email: CLARA.to_owned(),
                locale: None,
                role: Role::Admin,
            },
        },
        origin: origin.to_owned(),
        return_url: Some(format!("{origin}/settings/meta")),
    }
}

/// A key that may begin sessions: of the platform, or of one organization.
pub fn key(organization: Option<OrganizationId>) -> ApiCaller {
    ApiCaller { key: ApiKeyId::new(Timestamp(0), [7; 10]), organization, scopes: vec![Scope::EmbedSessionsWrite] }
}

/// A session's token and the organization's embed id.
pub async fn token(renova: &Renova, new: NewEmbedSession) -> (String, String) {
    let session = renova.create_embed_session(&key(None), new).await.unwrap();
    (session.token.expose_secret().to_owned(), session.embed_id)
}

/// What the frame sends that was handed a token by a page of `origin`.
pub fn redeem(token: &str, origin: &str, embed_id: &str) -> Request<Body> {
    redeem_from(ORIGIN, token, origin, embed_id)
}

/// The same, sent by a page of `from`.
pub fn redeem_from(from: &str, token: &str, origin: &str, embed_id: &str) -> Request<Body> {
    let body = json!({"token": token, "origin": origin, "embed_id": embed_id});
    Request::post("/embed/api/redeem")
        .header("host", "127.0.0.1:3000")
        .header("origin", from)
        .header("content-type", "application/json")
        .body(Body::from(body.to_string()))
        .unwrap()
}

/// A call of a function by a page of `from`.
pub fn call_from(from: &str, function: &str, bearer: &str, form: &str) -> Request<Body> {
    Request::post(format!("/embed/api/{function}"))
        .header("host", "127.0.0.1:3000")
        .header("origin", from)
        .header("authorization", format!("Bearer {bearer}"))
        .header("content-type", "application/x-www-form-urlencoded")
        .header("accept", "application/json")
        .body(Body::from(form.to_owned()))
        .unwrap()
}

/// A call of a function by the frame.
pub fn call(function: &str, bearer: &str, form: &str) -> Request<Body> {
    call_from(ORIGIN, function, bearer, form)
}

pub fn json_of(answer: &Answer) -> Value {
    serde_json::from_str(&answer.body).unwrap_or_else(|_| panic!("{} {}", answer.status, answer.body))
}

pub fn code_of(answer: &Answer) -> String {
    json_of(answer)["code"].as_str().unwrap_or_default().to_owned()
}

/// Clara's frame, which may ask.
pub async fn bearer(harness: &Harness, new: NewEmbedSession) -> String {
    let origin = new.origin.clone();
    let (token, embed_id) = token(harness.renova(), new).await;
    let answer = harness.send(redeem(&token, &origin, &embed_id)).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    json_of(&answer)["bearer"].as_str().unwrap().to_owned()
}
