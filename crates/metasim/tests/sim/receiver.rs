//! The other side of a webhook: a server that keeps what it is sent and answers
//! as a test says.

use std::sync::{Arc, Mutex};

use axum::body::{Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::Value;

#[derive(Clone)]
pub struct Received {
    pub method: Method,
    pub path: String,
    pub query: String,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Received {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    pub fn is_signed_with(&self, secret: &str) -> bool {
        let mut mac = Hmac::<sha2::Sha256>::new_from_slice(secret.as_bytes()).unwrap();
        mac.update(&self.body);
        let wanted = format!("sha256={}", hex::encode(mac.finalize().into_bytes()));
        self.headers["x-hub-signature-256"] == wanted
    }
}

#[derive(Clone)]
pub struct Receiver {
    pub base: String,
    inner: Arc<Mutex<Inner>>,
}

struct Inner {
    received: Vec<Received>,
    status: StatusCode,
    answer: Answer,
}

#[derive(Clone)]
enum Answer {
    /// `hub.challenge`, as the handshake wants it.
    Challenge,
    Text(String),
}

impl Receiver {
    pub async fn start() -> Receiver {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let inner = Inner { received: Vec::new(), status: StatusCode::OK, answer: Answer::Challenge };
        let receiver = Receiver { base, inner: Arc::new(Mutex::new(inner)) };
        let router = axum::Router::new().fallback(take).with_state(receiver.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        receiver
    }

    pub fn answers(&self, status: u16, text: &str) {
        let mut inner = self.inner.lock().unwrap();
        inner.status = StatusCode::from_u16(status).unwrap();
        inner.answer = Answer::Text(text.to_owned());
    }

    pub fn received(&self) -> Vec<Received> {
        self.inner.lock().unwrap().received.clone()
    }

    pub fn last(&self) -> Received {
        self.received().pop().unwrap()
    }
}

async fn take(State(receiver): State<Receiver>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, 1 << 24).await.unwrap();
    let query = parts.uri.query().unwrap_or_default().to_owned();
    let challenge = url::form_urlencoded::parse(query.as_bytes())
        .find(|(name, _)| name == "hub.challenge")
        .map_or_else(String::new, |(_, value)| value.into_owned());
    let mut inner = receiver.inner.lock().unwrap();
    inner.received.push(Received {
        method: parts.method,
        path: parts.uri.path().to_owned(),
        query,
        headers: parts.headers,
        body,
    });
    let text = match &inner.answer {
        Answer::Challenge => challenge,
        Answer::Text(text) => text.clone(),
    };
    (inner.status, text).into_response()
}
