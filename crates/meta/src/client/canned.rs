//! The client without a network, for the fuzz targets in `fuzz/`.

use std::sync::{Arc, OnceLock};

use async_trait::async_trait;
use reqwest::StatusCode;
use reqwest::header::HeaderMap;
use url::Url;

use super::Client;
use super::transport::{Reply, Transport};
use crate::endpoints::Endpoints;
use crate::error::Error;
use crate::http::http_client;

/// One answer to everything.
struct Canned {
    status: StatusCode,
    body: Vec<u8>,
}

#[async_trait]
impl Transport for Canned {
    async fn send(&self, _: reqwest::Request) -> Result<Reply, Error> {
        Ok(Reply { status: self.status, headers: HeaderMap::new(), body: self.body.clone() })
    }
}

/// A client whose every call is answered with this status and body; nothing is
/// sent. A status that HTTP does not know counts as 200.
///
/// # Errors
///
/// [`Error::Setup`] when there can be no client at all.
pub fn client_answering(status: u16, body: &[u8]) -> Result<Client, Error> {
    static HTTP: OnceLock<Result<reqwest::Client, Error>> = OnceLock::new();
    let http = HTTP.get_or_init(http_client).clone()?;
    let nowhere = Url::parse("https://meta.invalid").map_err(|_| Error::Setup)?;
    let endpoints = Endpoints {
        www: nowhere.clone(),
        graph: nowhere.clone(),
        version: String::new(),
        instagram_www: nowhere.clone(),
        instagram_api: nowhere.clone(),
        instagram_graph: nowhere,
    };
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::OK);
    let transport = Arc::new(Canned { status, body: body.to_vec() });
    Ok(Client { transport, ..Client::new(http, endpoints) })
}
