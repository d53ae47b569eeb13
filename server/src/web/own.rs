//! The whole of Renova's own server: what `renova serve` and `renova demo` answer.

use axum::{Router, extract::Request, middleware};

use super::{
    Mount, assets, backend,
    edge::{edge, edge_for, named},
    embed, health, host,
    identity::session_identity,
    meta, pages, v1, warnings,
};
use crate::worker::Heartbeat;

/// Pages, server functions, the trip to Meta, what Meta sends, the API, files and health.
pub fn own(mount: &Mount, worker: Option<Heartbeat>) -> Router {
    own_with(mount, worker, Router::new())
}

/// The same with `more` routes, which anybody may ask.
pub fn own_with(mount: &Mount, worker: Option<Heartbeat>, more: Router) -> Router {
    let https = mount.public_url.scheme() == "https";
    let public = mount.public_url.clone();
    let people = Router::new()
        .merge(pages(mount))
        .merge(backend(mount, session_identity(&mount.ui)))
        .merge(edge_for(meta::MOST_BYTES, v1::router(mount), https))
        .merge(edge(warnings::router().with_state(mount.clone()), https))
        .merge(edge(embed::router().with_state(mount.clone()), https))
        .merge(edge(assets(&mount.site), https))
        .merge(edge(more, https))
        .layer(middleware::from_fn(move |request: Request, next: middleware::Next| {
            host::one_name(public.clone(), request, next)
        }));
    named(people, https).merge(edge(health::router(mount.ui.renova.clone(), worker), https))
}
