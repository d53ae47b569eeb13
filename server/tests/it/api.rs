//! The public API, from outside.

mod document;
mod guard;
mod idempotency;
mod imports;
mod lists;
mod organizations;
mod token;

use axum::{
    body::Body,
    http::{Method, Request},
};
use lifecycle::ids::OrganizationId;
use renewal::{NewApiKey, Scope};
use secrecy::ExposeSecret as _;
use serde_json::{Value, json};

use crate::harness::{Answer, Harness};

/// A server of the platform, with a key.
pub struct Platform<'a> {
    pub harness: &'a Harness,
    pub key: String,
}

impl<'a> Platform<'a> {
    /// With every scope, for every organization or one (by its slug).
    pub async fn new(harness: &'a Harness, organization: Option<&str>) -> Self {
        Self::with(harness, organization, &Scope::ALL).await
    }

    pub async fn with(harness: &'a Harness, organization: Option<&str>, scopes: &[Scope]) -> Self {
        let new = NewApiKey {
            organization: organization.map(str::to_owned),
            name: "platform".to_owned(),
            scopes: scopes.to_vec(),
        };
        let key = harness.renova().add_api_key(new).await.unwrap().expose_secret().to_owned();
        Self { harness, key }
    }

    pub fn request(&self, method: Method, path: &str) -> axum::http::request::Builder {
        Request::builder()
            .method(method)
            .uri(format!("/api/v1{path}"))
            .header("host", "127.0.0.1:3000")
            .header("authorization", format!("Bearer {}", self.key))
    }

    pub async fn send(&self, method: Method, path: &str, body: Option<&Value>) -> Answer {
        let request = self.request(method, path);
        let request = match body {
            Some(body) => request.header("content-type", "application/json").body(Body::from(body.to_string())),
            None => request.body(Body::empty()),
        };
        self.harness.send(request.unwrap()).await
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, None).await
    }

    /// What a GET answers, which has to be well.
    pub async fn read(&self, path: &str) -> Value {
        let answer = self.get(path).await;
        assert_eq!(answer.status.as_u16(), 200, "{path}: {}", answer.body);
        answer.json()
    }

    pub async fn post(&self, path: &str, body: Value) -> Answer {
        self.send(Method::POST, path, Some(&body)).await
    }

    pub async fn put(&self, path: &str, body: Value) -> Answer {
        self.send(Method::PUT, path, Some(&body)).await
    }

    pub async fn delete(&self, path: &str) -> Answer {
        self.send(Method::DELETE, path, None).await
    }

    /// Every entry of a list, page by page.
    pub async fn all(&self, path: &str, limit: usize) -> Vec<Value> {
        let mut found = Vec::new();
        let mut cursor = String::new();
        let joint = if path.contains('?') { '&' } else { '?' };
        loop {
            let page = self.read(&format!("{path}{joint}limit={limit}{cursor}")).await;
            let data = page["data"].as_array().unwrap();
            assert!(data.len() <= limit);
            found.extend(data.iter().cloned());
            match page["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => return found,
            }
        }
    }
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }

    /// A problem with this status and code.
    #[track_caller]
    pub fn is_problem(&self, status: u16, code: &str) -> Value {
        assert_eq!(self.status.as_u16(), status, "{code}: {}", self.body);
        assert_eq!(self.header("content-type"), "application/problem+json");
        let problem = self.json();
        assert_eq!((&problem["code"], &problem["status"]), (&json!(code), &json!(status)), "{problem}");
        let id = self.header("x-request-id");
        assert_eq!(problem["instance"], json!(format!("urn:renova:request:{id}")));
        problem
    }
}

pub async fn organization(harness: &Harness, slug: &str) -> OrganizationId {
    harness.renova().storage().organization_by_slug(slug).await.unwrap().unwrap().id
}
