//! A Meta without sockets, for tests that ask it a hundred thousand times.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, LazyLock};

use async_trait::async_trait;
use reqwest::StatusCode;
use reqwest::header::HeaderMap;
use secrecy::SecretString;

use super::Client;
use super::transport::{Reply, Transport};
use crate::app::App;
use crate::endpoints::everything_at;
use crate::error::Error;
use crate::http::http_client;

pub(crate) const BASE: &str = "https://meta.test";

/// One request as the script sees it.
pub(crate) struct Asked {
    pub(crate) method: String,
    /// Path after host and version.
    pub(crate) path: String,
    pub(crate) query: BTreeMap<String, String>,
    pub(crate) address: String,
}

/// Status and body, or no answer at all.
pub(crate) type Answer = Result<(u16, Vec<u8>), Error>;

struct Scripted<F>(F);

#[async_trait]
impl<F: Fn(&Asked) -> Answer + Send + Sync> Transport for Scripted<F> {
    async fn send(&self, request: reqwest::Request) -> Result<Reply, Error> {
        let address = request.url().to_string();
        assert!(address.starts_with(BASE), "asked a foreign host: {address}");
        let (_, path) = request.url().path().split_once("/v25.0/").unwrap_or(("", request.url().path()));
        let asked = Asked {
            method: request.method().to_string(),
            path: path.to_owned(),
            query: request.url().query_pairs().into_owned().collect(),
            address,
        };
        let (status, body) = (self.0)(&asked)?;
        Ok(Reply { status: StatusCode::from_u16(status).unwrap(), headers: HeaderMap::new(), body })
    }
}

pub(crate) fn client(script: impl Fn(&Asked) -> Answer + Send + Sync + 'static) -> Client {
    static HTTP: LazyLock<reqwest::Client> = LazyLock::new(|| http_client().unwrap());
    Client::new(HTTP.clone(), everything_at(BASE)).with_transport(Arc::new(Scripted(script)))
}

/// Answers the first request like this, and no other, ever.
pub(crate) fn half_answering(first: &'static str) -> Client {
    struct Half(&'static str, AtomicBool);

    #[async_trait]
    impl Transport for Half {
        async fn send(&self, _request: reqwest::Request) -> Result<Reply, Error> {
            if self.1.swap(true, Ordering::Relaxed) {
                std::future::pending::<()>().await;
            }
            Ok(Reply { status: StatusCode::OK, headers: HeaderMap::new(), body: self.0.as_bytes().to_vec() })
        }
    }

    client(|_| Err(Error::Setup)).with_transport(Arc::new(Half(first, AtomicBool::new(false))))
}

pub(crate) fn app() -> App {
    App {
        app_id: "1234567890".to_owned(),
        secret: SecretString::from("sample-app-secret"),
        login_config_id: Some("77".to_owned()),
    }
}

/// Waits for what never sleeps.
pub(crate) fn wait<T>(future: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    runtime.block_on(future)
}
