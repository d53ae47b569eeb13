//! Meta's notifications to the platform's own address (`RENOVA_WEBHOOK_FORWARD_URL`).

use async_trait::async_trait;
use http::header;
use renewal::{ForwardFailure, Forwarder};
use url::Url;

use crate::web::SIGNATURE;

/// Posts to one address; what is answered beyond the status is not read.
pub struct HttpForwarder {
    http: reqwest::Client,
    url: Url,
}

impl HttpForwarder {
    /// `http` comes from [`meta::http_client`], with its deadline and without redirects.
    #[must_use]
    pub const fn new(http: reqwest::Client, url: Url) -> Self {
        Self { http, url }
    }
}

#[async_trait]
impl Forwarder for HttpForwarder {
    async fn forward(&self, body: Vec<u8>, signature: Option<&str>) -> Result<(), ForwardFailure> {
        let request = self.http.post(self.url.clone()).header(header::CONTENT_TYPE, "application/json").body(body);
        let request = match signature {
            Some(signature) => request.header(SIGNATURE, signature),
            None => request,
        };
        let response = request.send().await.map_err(|_| ForwardFailure::Unreachable)?;
        let status = response.status();
        if status.is_success() { Ok(()) } else { Err(ForwardFailure::Status(status.as_u16())) }
    }
}
