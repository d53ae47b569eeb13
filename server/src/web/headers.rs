//! What every answer tells the browser about itself.

use axum::{extract::Request, middleware::Next, response::Response};
use http::{HeaderName, HeaderValue, header};

use super::gate::within;

/// For everything that sets no policy of its own: nothing may load, nobody may frame it.
const STRICT_POLICY: &str = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// For the server's own small pages: their style and script from `/pkg`, links home.
const SMALL_PAGE_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; \
     font-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/// The policy of a small page whose form leads on to one of Meta's `dialogs`, and which shows a picture from `logo`.
pub fn small_page_policy(dialogs: &[String], logo: Option<&str>) -> String {
    let mut policy = SMALL_PAGE_POLICY.to_owned();
    if let Some(logo) = logo {
        policy = policy.replace("img-src 'self'", &format!("img-src 'self' {logo}"));
    }
    if !dialogs.is_empty() {
        policy = policy.replace("form-action 'self'", &format!("form-action 'self' {}", dialogs.join(" ")));
    }
    policy
}

/// Whose pages may load an answer, where it sets another than ours.
pub const RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");

/// Marks an answer whose own policy says which pages may frame it. `X-Frame-Options` knows no such list.
#[derive(Clone, Copy, Debug)]
pub struct Framed;

const PERMISSIONS: &str = "camera=(), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=()";

/// Adds what is missing; what a page has set itself stays.
pub async fn add(https: bool, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let login = within(path, "/connect") || within(path, "/oauth");
    let a_file = path.starts_with("/pkg/");
    let mut response = next.run(request).await;
    let file = a_file && response.status().is_success();
    let html =
        response.headers().get(header::CONTENT_TYPE).is_some_and(|value| value.as_bytes().starts_with(b"text/html"));
    let may_be_framed = response.extensions().get::<Framed>().is_some();
    let headers = response.headers_mut();
    let mut ensure = |name: HeaderName, value: &'static str| {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    };
    ensure(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    ensure(header::CONTENT_SECURITY_POLICY, STRICT_POLICY);
    if !may_be_framed {
        ensure(header::X_FRAME_OPTIONS, "DENY");
    }
    ensure(header::REFERRER_POLICY, if login { "no-referrer" } else { "same-origin" });
    ensure(HeaderName::from_static("permissions-policy"), PERMISSIONS);
    if !file {
        ensure(header::CACHE_CONTROL, "no-store");
    }
    if html {
        // The wizard keeps its pop-up; the pages of the trip itself need nobody.
        let opener = if login { "same-origin" } else { "same-origin-allow-popups" };
        ensure(HeaderName::from_static("cross-origin-opener-policy"), opener);
    }
    ensure(RESOURCE_POLICY, "same-origin");
    if https {
        ensure(header::STRICT_TRANSPORT_SECURITY, "max-age=31536000; includeSubDomains");
    }
    response
}
