//! One name for one machine: cookies and `Origin` depend on it.

use axum::{
    extract::Request,
    middleware::Next,
    response::{IntoResponse as _, Response},
};
use http::{HeaderValue, StatusCode, header};
use url::Url;

use super::fail::{self, Asker};
use crate::settings::is_loopback;

/// Where the public URL is this machine, sends its other names (`localhost`, `[::1]`) there, and
/// refuses those that are none: a foreign name that leads here was made to (DNS rebinding).
///
/// Behind a proxy every name is the proxy's business, and so are health checks by address.
pub async fn one_name(public: Url, mut request: Request, next: Next) -> Response {
    if !is_loopback(&public) {
        return next.run(request).await;
    }
    match named(&request) {
        Some(asked) if asked.host() == public.host() => next.run(request).await,
        Some(asked) if is_loopback(&asked) => match elsewhere(&public, &request) {
            Some(location) => (StatusCode::PERMANENT_REDIRECT, [(header::LOCATION, location)]).into_response(),
            None => next.run(request).await,
        },
        _ => Asker::of(&mut request).tell(fail::WRONG_HOST, public.as_str()),
    }
}

/// What the one `Host` names.
fn named(request: &Request) -> Option<Url> {
    let mut hosts = request.headers().get_all(header::HOST).iter();
    let host = hosts.next()?.to_str().ok()?;
    let asked = Url::parse(&format!("http://{host}/")).ok()?;
    hosts.next().is_none().then_some(asked)
}

fn elsewhere(public: &Url, request: &Request) -> Option<HeaderValue> {
    let rest = request.uri().path_and_query().map_or("/", |rest| rest.as_str());
    HeaderValue::from_str(&format!("{}{rest}", public.origin().ascii_serialization())).ok()
}
