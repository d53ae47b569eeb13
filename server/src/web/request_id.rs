//! A name for each request, for people who report a failure and for the log.

use axum::{extract::Request, middleware::Next, response::Response};
use http::HeaderValue;
use vault::Random as _;

use crate::{clock::monotonic, random::SystemRandom};

/// The name of one request.
#[derive(Clone, Debug)]
pub struct RequestId(pub String);

impl RequestId {
    /// A new one; what the client may have sent is not believed.
    fn new() -> Self {
        let mut bytes = [0; 8];
        SystemRandom.fill(&mut bytes);
        Self(hex::encode(bytes))
    }
}

/// The request's name, given to it here when it has none yet.
pub fn of(request: &mut Request) -> RequestId {
    if let Some(id) = request.extensions().get::<RequestId>() {
        return id.clone();
    }
    let id = RequestId::new();
    request.extensions_mut().insert(id.clone());
    id
}

/// A path as it may be written down: of a renewal link, which opens something, without its secret.
fn told(path: &str) -> &str {
    if path.starts_with("/r/") { "/r/…" } else { path }
}

/// Names the request, logs it without query and headers, and tells the name in `x-request-id`.
pub async fn name_and_log(mut request: Request, next: Next) -> Response {
    let named_before = request.extensions().get::<RequestId>().is_some();
    let id = of(&mut request);
    if named_before {
        return next.run(request).await;
    }
    let method = request.method().clone();
    let path = told(request.uri().path()).to_owned();
    let start = monotonic();
    let mut response = next.run(request).await;
    let milliseconds = start.elapsed().as_millis();
    let status = response.status().as_u16();
    tracing::info!(request = %id.0, %method, path, status, milliseconds, "request {method} {path} {status}");
    if let Ok(value) = HeaderValue::from_str(&id.0) {
        response.headers_mut().insert("x-request-id", value);
    }
    response
}
