//! What a host mounts: server functions, the trip to Meta, and what Meta sends. No page of ours but
//! the status of a deletion.

use app::context::{Caller, UiContext};
use axum::{
    Extension, Router,
    body::Body,
    extract::State,
    response::{IntoResponse as _, Response},
    routing::any,
};
use http::Request;
use leptos::{prelude::provide_context, server_fn::axum::get_server_fn_service};

use super::{
    Mount, connect,
    edge::{edge, edge_for},
    fail::{self, Telling},
    gate::{Behind, guard},
    identity::Identify,
    live, meta, oauth,
    request_id::RequestId,
};

/// `/api/ui`, `/connect`, `/oauth` and `/meta`; `identity` tells who is asking.
pub fn backend(mount: &Mount, identity: impl Identify) -> Router {
    let routes = Router::new()
        .route("/api/ui/{*function}", any(server_function))
        .merge(connect::router())
        .merge(oauth::router())
        .merge(live::router(identity.clone()))
        .with_state(mount.clone());
    let https = mount.public_url.scheme() == "https";
    // Meta is nobody's session: its signature is asked for, not a cookie.
    let inbound = meta::router().with_state(mount.clone());
    edge(guard(routes, mount, identity, Behind::Backend), https).merge(edge_for(meta::MOST_BYTES, inbound, https))
}

/// Calls the function that the path names.
pub async fn server_function(
    State(mount): State<Mount>,
    Extension(caller): Extension<Caller>,
    Extension(request_id): Extension<RequestId>,
    request: Request<Body>,
) -> Response {
    if get_server_fn_service(request.uri().path(), request.method().clone()).is_none() {
        let headers = request.headers();
        let telling = Telling { mount: &mount, identity: caller.identity.as_ref(), headers, request_id: &request_id };
        return telling.json(fail::NOT_FOUND);
    }
    let ui: UiContext = mount.ui;
    leptos_axum::handle_server_fns_with_context(move || provide_context(ui.clone()), request).await.into_response()
}
