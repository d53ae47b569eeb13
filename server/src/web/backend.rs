//! What a host mounts: server functions and the trip to Meta. No page of ours.

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
    edge::edge,
    fail::{self, Telling},
    gate::{Behind, guard},
    identity::Identify,
    oauth,
    request_id::RequestId,
};

/// `/api/ui`, `/connect` and `/oauth`; `identity` tells who is asking.
pub fn backend(mount: &Mount, identity: impl Identify) -> Router {
    let routes = Router::new()
        .route("/api/ui/{*function}", any(server_function))
        .merge(connect::router())
        .merge(oauth::router())
        .with_state(mount.clone());
    edge(guard(routes, mount, identity, Behind::Backend), mount.public_url.scheme() == "https")
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
