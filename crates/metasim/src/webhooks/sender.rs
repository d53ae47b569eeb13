//! The simulator's HTTP client. It reaches this machine alone: whoever runs a
//! simulator must not send its invented events to somebody else by a slip.

use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::http::header::{ACCEPT, CONTENT_TYPE, HOST, HeaderName, USER_AGENT};
use axum::http::{Request, request};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use url::{Host, Url};

/// For everything: connecting, sending, the whole answer.
const DEADLINE: Duration = Duration::from_secs(10);

const LARGEST_ANSWER: usize = 1 << 16;

pub(super) struct Answered {
    pub status: u16,
    pub text: String,
}

/// One POST, ready to go.
#[derive(Clone)]
pub(super) struct Post {
    pub url: String,
    pub content_type: &'static str,
    /// Of `X-Hub-Signature-256`.
    pub signature: Option<String>,
    pub body: String,
}

/// The address if the simulator may send there, else why not.
pub(crate) fn check_address(text: &str) -> Result<Url, String> {
    let url =
        Url::parse(text).map_err(|_| format!("{text:?} is no URL such as http://127.0.0.1:3000/meta/webhooks"))?;
    let loopback = match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    };
    if url.scheme() != "http" || !loopback {
        return Err(format!("{text:?} is refused: the simulator sends to http:// addresses of this machine only"));
    }
    Ok(url)
}

pub(super) async fn post(post: &Post) -> Result<Answered, String> {
    let url = check_address(&post.url)?;
    let mut request = head(&url).method("POST").header(CONTENT_TYPE, post.content_type);
    if let Some(signature) = &post.signature {
        request = request.header(HeaderName::from_static("x-hub-signature-256"), signature);
    }
    send(request, Body::from(post.body.clone())).await
}

pub(super) async fn get(url: &Url) -> Result<Answered, String> {
    send(head(url).method("GET"), Body::empty()).await
}

fn head(url: &Url) -> request::Builder {
    let authority = &url[url::Position::BeforeHost..url::Position::AfterPort];
    let mut reached = url.clone();
    // Names below localhost are not known to every resolver.
    if url.host_str().is_some_and(|host| host.ends_with(".localhost")) {
        let _ = reached.set_host(Some("localhost"));
    }
    reached.set_fragment(None);
    Request::builder()
        .uri(reached.as_str())
        .header(HOST, authority)
        .header(USER_AGENT, "facebookexternalua")
        .header(ACCEPT, "*/*")
}

async fn send(request: request::Builder, body: Body) -> Result<Answered, String> {
    let request = request.body(body).map_err(|error| error.to_string())?;
    let client: Client<HttpConnector, Body> = Client::builder(TokioExecutor::new()).build_http();
    let exchange = async {
        let response = client.request(request).await.map_err(|error| reason(&error))?;
        let status = response.status().as_u16();
        let body = to_bytes(Body::new(response.into_body()), LARGEST_ANSWER).await;
        let text = String::from_utf8_lossy(&body.map_err(|error| reason(&error))?).into_owned();
        Ok(Answered { status, text })
    };
    tokio::time::timeout(DEADLINE, exchange)
        .await
        .unwrap_or_else(|_| Err(format!("no answer within {} s", DEADLINE.as_secs())))
}

/// The innermost cause: the outer ones say only that a request failed.
fn reason(error: &(dyn std::error::Error + 'static)) -> String {
    let mut cause = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    cause.to_string()
}

#[cfg(test)]
mod tests {
    use super::check_address;

    #[test]
    fn addresses_of_this_machine_only() {
        for right in ["http://127.0.0.1:3000/x", "http://localhost/x", "http://a.localhost:1/", "http://[::1]:3000/"] {
            assert!(check_address(right).is_ok(), "{right}");
        }
        for wrong in
            ["https://127.0.0.1/", "http://example.com/", "http://10.0.0.1/", "http://localhost.example/", "/x"]
        {
            assert!(check_address(wrong).is_err(), "{wrong}");
        }
    }
}
