//! `/api/v1`: what the platform's own servers ask, with a key of theirs.
//!
//! # To add a resource
//!
//! A file of its own in `v1/`, with a `routes()` that is merged in [`routes`]. Each handler takes
//! [`Caller`] first, and its first line says which scope it needs; the same scope stands in `security` of
//! its `#[utoipa::path]`, which a test compares. What is read comes through [`extract`], what is told goes as
//! JSON with instants as [`Instant`], failures are [`Problem`]s, lists are [`page::Page`]s. `Idempotency-Key`,
//! limits and the failures that every operation shares need nothing.

mod caller;
mod channels;
mod connections;
mod embed_sessions;
mod events;
mod extract;
mod idempotency;
pub mod imports;
mod instant;
mod limits;
mod meta_events;
mod openapi;
mod organizations;
mod page;
mod problem;
mod reference;
mod renewal_links;
mod status;
mod token;
mod users;
mod webhook_endpoints;

use std::sync::Arc;

use axum::{
    Router,
    extract::DefaultBodyLimit,
    middleware,
    response::{IntoResponse as _, Response},
    routing::{any, get},
};
use renewal::Renova;
use utoipa_axum::router::OpenApiRouter;

use self::{caller::Caller, instant::Instant, limits::Limits, problem::Problem};
use super::Mount;

pub use openapi::{document, example};

/// Where it is mounted.
pub const PATH: &str = "/api/v1";
/// Of a request with a body of JSON; Meta's own bodies may be larger.
const MOST_BYTES: usize = 1024 * 1024;

/// What the routes share.
#[derive(Clone)]
pub struct Api {
    mount: Mount,
    limits: Arc<Limits>,
}

impl Api {
    fn renova(&self) -> &Arc<Renova> {
        &self.mount.ui.renova
    }
}

/// Every resource.
fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::with_openapi(openapi::about())
        .merge(organizations::routes())
        .merge(users::routes())
        .merge(imports::routes())
        .merge(connections::routes())
        .merge(channels::routes())
        .merge(token::routes())
        .merge(embed_sessions::routes())
        .merge(meta_events::routes())
        .merge(webhook_endpoints::routes())
        .merge(events::routes())
        .merge(renewal_links::routes())
}

pub fn router(mount: &Mount) -> Router {
    let api = Api { mount: mount.clone(), limits: Arc::new(Limits::new(mount)) };
    let (routes, _) = routes().split_for_parts();
    let guarded = routes
        .route("/{*anything}", any(nothing))
        .method_not_allowed_fallback(no_such_method)
        .layer(middleware::from_fn_with_state(api.clone(), idempotency::once))
        .layer(middleware::from_fn_with_state(api.clone(), caller::identify))
        .layer(DefaultBodyLimit::max(MOST_BYTES));
    let open = Router::new().route("/openapi.json", get(openapi::serve)).route("/docs", get(reference::page));
    let all = open.merge(guarded).layer(middleware::from_fn(problem::tell)).with_state(api);
    Router::new().nest(PATH, all)
}

async fn nothing() -> Response {
    problem::NOTHING_HERE.into_response()
}

async fn no_such_method() -> Response {
    problem::METHOD.into_response()
}
