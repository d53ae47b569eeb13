//! What Meta signs, as Meta signs it, without the simulator.

use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode},
    routing::post,
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use metasim::Callbacks;
use renewal::Renova;
use serde_json::{Value, json};
use std::sync::Arc;

use crate::support::World;

fn mac(secret: &str, bytes: &[u8]) -> Vec<u8> {
    let mac = Hmac::<sha2::Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    mac.chain_update(bytes).finalize().into_bytes().to_vec()
}

/// The header of a notification.
pub fn signature(secret: &str, body: &[u8]) -> String {
    format!("sha256={}", hex::encode(mac(secret, body)))
}

/// A callback of somebody who leaves.
pub fn signed_request(secret: &str, payload: &Value) -> String {
    let content = URL_SAFE_NO_PAD.encode(payload.to_string());
    format!("{}.{content}", URL_SAFE_NO_PAD.encode(mac(secret, content.as_bytes())))
}

/// One message to a Page or an Instagram account.
pub fn message(object: &str, account: &str, mid: &str, at_ms: i64) -> Vec<u8> {
    let messaging = json!([{
        "sender": {"id": "6500000000000001"}, "recipient": {"id": account}, "timestamp": at_ms,
        "message": {"mid": mid, "text": "quanto custa o vestido azul?"},
    }]);
    let entry = json!([{"id": account, "time": at_ms, "messaging": messaging}]);
    json!({"object": object, "entry": entry}).to_string().into_bytes()
}

impl World {
    /// The addresses that the app's dashboard at Meta names lead here.
    pub async fn listens(&self) {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let at = |path: &str| format!("http://{}/{path}", listener.local_addr().unwrap());
        let callbacks = Callbacks {
            webhook_url: at("webhooks"),
            verify_token: "a-verify-token".to_owned(),
            deauthorize_url: at("deauthorize"),
            data_deletion_url: at("deletion"),
        };
        let router = Router::new()
            .route("/webhooks", post(notification))
            .route("/deauthorize", post(deauthorize))
            .route("/deletion", post(deletion))
            .with_state(self.renova.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        self.meta.sim.set_callbacks(callbacks).unwrap();
    }
}

async fn notification(State(renova): State<Arc<Renova>>, headers: HeaderMap, body: Bytes) -> StatusCode {
    let signature = headers.get("x-hub-signature-256").and_then(|value| value.to_str().ok());
    match renova.take_notification(&body, signature, renewal::Source::Meta).await {
        Ok(()) => StatusCode::OK,
        Err(_) => StatusCode::FORBIDDEN,
    }
}

async fn deauthorize(State(renova): State<Arc<Renova>>, body: String) -> StatusCode {
    match renova.deauthorize(&signed(&body)).await {
        Ok(()) => StatusCode::OK,
        Err(_) => StatusCode::FORBIDDEN,
    }
}

async fn deletion(State(renova): State<Arc<Renova>>, body: String) -> String {
    let code = renova.request_deletion(&signed(&body)).await.unwrap();
    json!({"url": format!("http://127.0.0.1/deletion/{code}"), "confirmation_code": code}).to_string()
}

fn signed(form: &str) -> String {
    let url = reqwest::Url::parse(&format!("http://127.0.0.1/?{form}")).unwrap();
    url.query_pairs().find(|(name, _)| name == "signed_request").unwrap().1.into_owned()
}
