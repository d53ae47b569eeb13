//! Which page asks, and whether it may read the answer.

use axum::response::{IntoResponse as _, Response};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use lifecycle::Origin;

use super::super::{
    fail::{self, Failure},
    headers::RESOURCE_POLICY,
    origin::{self, OriginProblem},
};

/// How long a browser may remember what a page may ask, in seconds.
const REMEMBERED: &str = "600";

/// Where a request comes from, as the browser says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asker {
    /// A page of ours: the frame.
    Us,
    /// Another page.
    Page(Origin),
}

/// # Errors
/// The refusal where the browser says nothing, or something that is no page that could be registered.
pub fn asker(headers: &HeaderMap, own: &str) -> Result<Asker, Failure> {
    match origin::check(headers, own) {
        Ok(()) => Ok(Asker::Us),
        Err(OriginProblem::Missing) => Err(fail::ORIGIN_REQUIRED),
        Err(OriginProblem::Foreign) => named(headers).map(Asker::Page).ok_or(fail::ORIGIN_FOREIGN),
    }
}

/// The one page that `Origin` names, letter by letter.
pub fn named(headers: &HeaderMap) -> Option<Origin> {
    let mut values = headers.get_all(header::ORIGIN).iter();
    let text = values.next()?.to_str().ok()?;
    let origin = Origin::parse(text).ok()?;
    (values.next().is_none() && origin.as_str() == text).then_some(origin)
}

/// Lets pages of this origin read the answer; never with cookies.
pub fn readable_by(origin: &Origin, mut response: Response) -> Response {
    if let Ok(origin) = HeaderValue::from_str(origin.as_str()) {
        let headers = response.headers_mut();
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        headers.insert(RESOURCE_POLICY, HeaderValue::from_static("cross-origin"));
    }
    response
}

/// Every answer depends on who asks.
pub fn varying(mut response: Response) -> Response {
    response.headers_mut().append(header::VARY, HeaderValue::from_static("origin"));
    response
}

/// What pages of this origin may ask.
pub fn allowance(origin: &Origin) -> Response {
    let headers = [
        (header::ACCESS_CONTROL_ALLOW_METHODS, "POST"),
        (header::ACCESS_CONTROL_ALLOW_HEADERS, "authorization, content-type, accept"),
        (header::ACCESS_CONTROL_MAX_AGE, REMEMBERED),
    ];
    readable_by(origin, (StatusCode::NO_CONTENT, headers).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    const OWN: &str = "http://127.0.0.1:3000";

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect()
    }

    #[test]
    fn only_what_a_browser_writes_is_a_page() {
        let page = |text: &str| Ok(Asker::Page(Origin::parse(text).unwrap()));
        let host = "https://host.example";
        for (given, expected) in [
            (headers(&[("origin", OWN)]), Ok(Asker::Us)),
            (headers(&[("sec-fetch-site", "same-origin")]), Ok(Asker::Us)),
            (headers(&[]), Err(fail::ORIGIN_REQUIRED)),
            (headers(&[("origin", host)]), page(host)),
            (headers(&[("origin", host), ("sec-fetch-site", "cross-site")]), page(host)),
            (headers(&[("origin", OWN), ("sec-fetch-site", "cross-site")]), page(OWN)),
            (headers(&[("origin", "null")]), Err(fail::ORIGIN_FOREIGN)),
            (headers(&[("origin", "https://HOST.example")]), Err(fail::ORIGIN_FOREIGN)),
            (headers(&[("origin", "https://host.example/")]), Err(fail::ORIGIN_FOREIGN)),
            (headers(&[("origin", "https://host.example:443")]), Err(fail::ORIGIN_FOREIGN)),
            (headers(&[("origin", "http://host.example")]), Err(fail::ORIGIN_FOREIGN)),
            (headers(&[("sec-fetch-site", "cross-site")]), Err(fail::ORIGIN_FOREIGN)),
        ] {
            assert_eq!(asker(&given, OWN), expected, "{given:?}");
        }
        let mut twice = headers(&[("origin", host)]);
        twice.append("origin", HeaderValue::from_static("https://other.example"));
        assert_eq!(named(&twice), None);
    }
}
