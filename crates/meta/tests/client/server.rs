//! A Meta of a few lines: remembers what it was asked, answers what it is told.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::to_bytes;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use meta::{App, Client, Endpoints, Limits, http_client_with};
use secrecy::SecretString;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use url::Url;

pub const APP_ID: &str = "1234567890";
pub const SECRET: &str = "sample-app-secret";
pub const TOKEN: &str = "EAAB-sample-token";
/// Proof of `TOKEN` under `SECRET`.
pub const PROOF: &str = "28108649d1cb95c8e800bd14e39f335cf0cac6b808c0a1e25eac09b678052e08";
/// Proof of the app's own token.
pub const APP_PROOF: &str = "e568fb7793978d150ba3acfb89851ee22a4ddbb2112a2ed359534944bc1aa0b3";

pub fn app() -> App {
    App { app_id: APP_ID.to_owned(), secret: SecretString::from(SECRET), login_config_id: None }
}

pub fn code() -> SecretString {
    SecretString::from("AQD-sample-code")
}

pub fn token() -> SecretString {
    SecretString::from(TOKEN)
}

/// One request as it arrived.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    pub method: String,
    pub path: String,
    pub query: Vec<(String, String)>,
    pub form: Vec<(String, String)>,
    pub authorization: Option<String>,
    /// The address as sent, still encoded.
    pub address: String,
}

impl Asked {
    pub fn parameter(&self, name: &str) -> Option<&str> {
        let mut all = self.query.iter().chain(&self.form);
        all.find(|(other, _)| other == name).map(|(_, value)| value.as_str())
    }
}

type Answer = dyn Fn(&Asked) -> Response + Send + Sync;

/// A running server, its client, and what it was asked.
pub struct Meta {
    pub client: Client,
    asked: Arc<Mutex<Vec<Asked>>>,
}

impl Meta {
    pub async fn start(answer: impl Fn(&Asked) -> Response + Send + Sync + 'static) -> Self {
        let answer: Arc<Answer> = Arc::new(answer);
        let asked = Arc::new(Mutex::new(Vec::new()));
        let record = Arc::clone(&asked);
        let router = Router::new().fallback(move |request: Request| {
            let (answer, record) = (Arc::clone(&answer), Arc::clone(&record));
            async move {
                let one = note(request).await;
                record.lock().unwrap().push(one.clone());
                answer(&one)
            }
        });
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { client: client(&format!("http://{address}/graph"), Limits::default()), asked }
    }

    pub async fn answering(status: u16, body: impl Into<String>) -> Self {
        let body = body.into();
        Self::start(move |_| reply(status, body.clone())).await
    }

    pub async fn json(body: Value) -> Self {
        Self::answering(200, body.to_string()).await
    }

    pub fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }

    pub fn only(&self) -> Asked {
        let asked = self.asked();
        assert_eq!(asked.len(), 1, "{asked:?}");
        asked[0].clone()
    }
}

/// An error of the Graph API.
pub fn refusal(code: i64, subcode: Option<i64>) -> Response {
    let mut error = json!({"message": "m", "type": "OAuthException", "code": code, "fbtrace_id": "A"});
    if let Some(subcode) = subcode {
        error["error_subcode"] = json!(subcode);
    }
    reply(400, json!({ "error": error }).to_string())
}

pub fn reply(status: u16, body: String) -> Response {
    (StatusCode::from_u16(status).unwrap(), body).into_response()
}

pub fn client(base: &str, limits: Limits) -> Client {
    let at = |host: &str| Url::parse(&format!("{base}{host}")).unwrap();
    let endpoints = Endpoints {
        www: at(""),
        graph: at(""),
        version: "v25.0".to_owned(),
        instagram_www: at("/ig-www"),
        instagram_api: at("/ig-api"),
        instagram_graph: at("/ig-graph"),
    };
    Client::new(http_client_with(limits).unwrap(), endpoints)
}

/// Short enough for a test that runs into it.
pub fn short() -> Limits {
    Limits { total: Duration::from_millis(100), connect: Duration::from_millis(100) }
}

async fn note(request: Request) -> Asked {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, 100_000).await.unwrap();
    let pairs = |bytes: &[u8]| url::form_urlencoded::parse(bytes).into_owned().collect();
    Asked {
        method: parts.method.to_string(),
        path: parts.uri.path().to_owned(),
        query: pairs(parts.uri.query().unwrap_or_default().as_bytes()),
        form: pairs(&body),
        authorization: parts.headers.get("authorization").map(|value| value.to_str().unwrap().to_owned()),
        address: parts.uri.to_string(),
    }
}
