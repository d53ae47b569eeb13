//! What a host mounts: server functions, the trip to Meta, what Meta sends, and pictures of accounts. No
//! page of ours but the status of a deletion.

use app::context::{Caller, UiContext};
use axum::{
    Extension, Router,
    body::{Body, to_bytes},
    extract::State,
    response::{IntoResponse as _, Response},
    routing::any,
};
use http::{Request, StatusCode};
use leptos::{prelude::provide_context, server_fn::axum::get_server_fn_service};

use wizard::UiError;

use super::{
    Mount, connect,
    edge::{edge, edge_for},
    fail::{self, Telling},
    gate::{Behind, guard},
    identity::Identify,
    live, meta, oauth, pictures,
    request_id::RequestId,
};

/// `/api/ui`, `/connect`, `/oauth`, `/meta` and `/pictures`; `identity` tells who is asking.
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
    edge(guard(routes, mount, identity, Behind::Backend), https)
        .merge(edge_for(meta::MOST_BYTES, inbound, https))
        .merge(edge(pictures::router().with_state(mount.clone()), https))
}

/// Calls the function that the path names.
pub async fn server_function(
    State(mount): State<Mount>,
    Extension(caller): Extension<Caller>,
    Extension(request_id): Extension<RequestId>,
    request: Request<Body>,
) -> Response {
    let headers = request.headers().clone();
    let telling =
        Telling { mount: &mount, identity: caller.identity.as_ref(), headers: &headers, request_id: &request_id };
    if get_server_fn_service(request.uri().path(), request.method().clone()).is_none() {
        return telling.json(fail::NOT_FOUND);
    }
    let ui: UiContext = mount.ui.clone();
    let called = leptos_axum::handle_server_fns_with_context(move || provide_context(ui.clone()), request);
    let response = called.await.into_response();
    if response.status() != StatusCode::INTERNAL_SERVER_ERROR {
        return response;
    }
    let (parts, body) = response.into_parts();
    match to_bytes(body, LARGEST_ERROR).await {
        Ok(body) if is_unread(&body) => telling.json(fail::INCOMPLETE),
        Ok(body) => Response::from_parts(parts, body.into()),
        Err(_) => telling.json(fail::INTERNAL),
    }
}

/// In bytes; an error is a code and a sentence.
const LARGEST_ERROR: usize = 16 * 1024;

/// The call's arguments could not be read: the framework refused before a function of ours ran, each of
/// which names the request in its error.
fn is_unread(body: &[u8]) -> bool {
    serde_json::from_slice::<UiError>(body).is_ok_and(|error| error.request_id.is_empty())
}
