//! The layers around every group of routes, outermost last.

use std::{any::Any, time::Duration};

use axum::{Router, extract::Request, middleware, response::Response};
use tower_http::{catch_panic::CatchPanicLayer, limit::RequestBodyLimitLayer};

use super::{fail, headers, request_id};

/// Forms and JSON of our own pages are small.
const MOST_BYTES: usize = 256 * 1024;
/// Longer than the slowest proof, whose calls to Meta have deadlines of their own.
const LONGEST: Duration = Duration::from_secs(60);

/// Puts the layers around `router`; `https` adds HSTS.
pub fn edge(router: Router, https: bool) -> Router {
    router
        .layer(RequestBodyLimitLayer::new(MOST_BYTES))
        .layer(middleware::from_fn(in_time))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(middleware::from_fn(move |request: Request, next: middleware::Next| headers::add(https, request, next)))
        .layer(middleware::from_fn(request_id::name_and_log))
}

/// Gives up on a request that takes too long. What it had stored stays; each step can be repeated.
async fn in_time(request: Request, next: middleware::Next) -> Response {
    match tokio::time::timeout(LONGEST, next.run(request)).await {
        Ok(response) => response,
        Err(_) => fail::after_timeout(),
    }
}

/// The panic itself has been written to the log by the panic hook.
fn panicked(_: Box<dyn Any + Send + 'static>) -> Response {
    fail::after_panic()
}
