//! The layers around every group of routes, outermost last.

use std::{panic::AssertUnwindSafe, time::Duration};

use axum::{Router, extract::Request, middleware, response::Response};
use futures::FutureExt as _;
use tower_http::limit::RequestBodyLimitLayer;

use super::{
    fail::{self, Asker},
    headers, request_id,
};

/// Forms and JSON of our own pages are small.
const MOST_BYTES: usize = 256 * 1024;
/// Longer than the slowest proof, whose calls to Meta have deadlines of their own.
const LONGEST: Duration = Duration::from_secs(60);

/// Puts the layers around `router`; `https` adds HSTS.
pub fn edge(router: Router, https: bool) -> Router {
    edge_for(MOST_BYTES, router, https)
}

/// The same for routes whose bodies may have so many bytes.
pub fn edge_for(most_bytes: usize, router: Router, https: bool) -> Router {
    within(LONGEST, most_bytes, router, https)
}

fn within(longest: Duration, most_bytes: usize, router: Router, https: bool) -> Router {
    let router = router
        .layer(RequestBodyLimitLayer::new(most_bytes))
        .layer(middleware::from_fn(move |request: Request, next: middleware::Next| to_an_end(longest, request, next)));
    named(router, https)
}

/// Name, log and headers alone, once even where it is put twice.
pub fn named(router: Router, https: bool) -> Router {
    router
        .layer(middleware::from_fn(move |request: Request, next: middleware::Next| headers::add(https, request, next)))
        .layer(middleware::from_fn(request_id::name_and_log))
}

/// Gives up on a request that takes too long or panics. What it had stored stays; each step can be
/// repeated.
async fn to_an_end(longest: Duration, mut request: Request, next: middleware::Next) -> Response {
    let asker = Asker::of(&mut request);
    // Nothing of the request is looked at after a panic.
    let answer = AssertUnwindSafe(next.run(request)).catch_unwind();
    match tokio::time::timeout(longest, answer).await {
        Ok(Ok(response)) => response,
        // The panic itself has been written to the log by the panic hook.
        Ok(Err(_)) => asker.tell(fail::INTERNAL, "/"),
        Err(_) => asker.tell(fail::TOO_SLOW, "/"),
    }
}

#[cfg(test)]
mod tests {
    use axum::{body::Body, routing::get};
    use http::{StatusCode, header};
    use tower::ServiceExt as _;

    use super::*;

    async fn panics() -> &'static str {
        panic!("canary")
    }

    fn router() -> Router {
        let routes = Router::new().route("/panics", get(panics)).route("/hangs", get(std::future::pending::<()>));
        within(Duration::from_millis(50), MOST_BYTES, routes, false)
    }

    async fn ask(path: &str, accept: &str) -> (StatusCode, String, String) {
        let request = Request::get(path).header(header::ACCEPT, accept).body(Body::empty()).unwrap();
        let response = router().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = axum::body::to_bytes(body, usize::MAX).await.unwrap();
        let id = parts.headers["x-request-id"].to_str().unwrap().to_owned();
        assert_eq!(parts.headers[header::CACHE_CONTROL], "no-store");
        (parts.status, id, String::from_utf8(body.to_vec()).unwrap())
    }

    #[tokio::test]
    async fn scripts_get_json_and_people_a_page() {
        for (path, status, code) in [
            ("/panics", StatusCode::INTERNAL_SERVER_ERROR, "internal"),
            ("/hangs", StatusCode::GATEWAY_TIMEOUT, "too_slow"),
        ] {
            let (found, id, body) = ask(path, "application/json").await;
            assert_eq!(found, status);
            let body: serde_json::Value = serde_json::from_str(&body).unwrap();
            assert_eq!((&body["code"], &body["request_id"]), (&code.into(), &id.into()));
            assert!(!body["message"].as_str().unwrap().is_empty());

            let (found, id, body) = ask(path, "text/html,*/*").await;
            assert_eq!(found, status);
            for part in [code, &id, "href=\"/\""] {
                assert!(body.contains(part), "{part}: {body}");
            }
            assert!(!body.contains("canary"));
        }
    }
}
