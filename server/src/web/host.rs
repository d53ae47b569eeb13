//! One name for one machine: cookies and `Origin` depend on it.

use axum::{
    extract::Request,
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use http::{HeaderValue, StatusCode, header};
use url::Url;

use crate::settings::is_loopback;

/// Sends other names of this machine (`localhost`, `[::1]`) to the public URL, when that is this
/// machine too. Behind a proxy every name is the proxy's business.
pub async fn one_name(public: Url, request: Request, next: Next) -> Response {
    match elsewhere(&public, &request) {
        Some(location) => (StatusCode::PERMANENT_REDIRECT, [(header::LOCATION, location)]).into_response(),
        None => next.run(request).await,
    }
}

fn elsewhere(public: &Url, request: &Request) -> Option<HeaderValue> {
    let named = request.headers().get(header::HOST)?.to_str().ok()?;
    let asked = Url::parse(&format!("http://{named}/")).ok()?;
    if !is_loopback(public) || !is_loopback(&asked) || asked.host() == public.host() {
        return None;
    }
    let rest = request.uri().path_and_query().map_or("/", |rest| rest.as_str());
    HeaderValue::from_str(&format!("{}{rest}", public.origin().ascii_serialization())).ok()
}
