//! Instagram Login, Meta's other product: its own app id, its own hosts
//! (`/ig-www` dialog, `/ig-api` code exchange, `/ig-graph` everything else) and
//! its own forms of errors. It needs no Page.

mod accounts;
mod dialog;
mod oauth;
mod reply;
mod request;
mod seed;
mod state;
mod subscriptions;
mod texts;
mod tokens;

use axum::body::to_bytes;
use axum::extract::{Request, State};
use axum::response::Response;

use crate::Sim;
use crate::calls::Asked;
use crate::graph::{GraphCall, split_version};
use crate::params::Params;
use crate::reply::{Answer, Envelope, GraphError};
use crate::state::Meta;

pub(crate) use dialog::handle as dialog;
pub use seed::SeededInstagramGrant;
pub(crate) use state::InstagramState;

const LARGEST_BODY: usize = 1 << 20;

/// In the order in which answers list them.
pub(crate) const PERMISSIONS: [&str; 5] = [
    "instagram_business_basic",
    "instagram_business_manage_messages",
    "instagram_business_manage_comments",
    "instagram_business_content_publish",
    "instagram_business_manage_insights",
];

/// Nobody can decline it.
pub(crate) const BASIC: &str = "instagram_business_basic";

/// `api.instagram.com`: one address, and errors without a frame.
pub(crate) async fn api(State(sim): State<Sim>, request: Request) -> Response {
    serve(&sim, "ig-api", request, |meta, call| match call.path.trim_end_matches('/') {
        "/oauth/access_token" => oauth::from_code(meta, call),
        _ => Err(GraphError { status: 404, ..GraphError::new(404, "Sorry, this page isn't available.") }),
    })
    .await
}

/// `graph.instagram.com`.
pub(crate) async fn graph(State(sim): State<Sim>, request: Request) -> Response {
    serve(&sim, "ig-graph", request, |meta, call| {
        let parts: Vec<&str> = call.path.split('/').filter(|part| !part.is_empty()).collect();
        match parts.as_slice() {
            ["access_token"] => oauth::exchange(meta, call),
            ["refresh_access_token"] => oauth::refresh(meta, call),
            [node] => accounts::read(meta, call, node),
            [node, "subscribed_apps"] => subscriptions::on_account(meta, call, node),
            _ => Err(reply::unsupported(call)),
        }
        .map_err(reply::in_product_form)
    })
    .await
}

async fn serve(
    sim: &Sim,
    host: &'static str,
    request: Request,
    answer: fn(&mut Meta<'_>, &GraphCall<'_>) -> Answer,
) -> Response {
    let (parts, body) = request.into_parts();
    let full = parts.uri.path();
    let path = full.strip_prefix('/').and_then(|rest| rest.strip_prefix(host)).unwrap_or(full);
    let (version, path) = split_version(path);
    let read = match to_bytes(body, LARGEST_BODY).await {
        Ok(bytes) => Params::read(&parts, &bytes),
        Err(_) => Err(GraphError { status: 413, ..GraphError::new(1, "The request body is too large") }),
    };
    let (params, unread) = match read {
        Ok(params) => (params, None),
        Err(error) => (Params::default(), Some(error)),
    };
    let method = &parts.method;
    let (fault, response) = sim.with(|meta| {
        let fault = meta.take_fault(host, method, path, &params, false);
        let base = format!("{}/{host}", meta.config.public_url);
        let call = GraphCall { method, version, path, params: &params, base };
        let answer = match (unread, &fault) {
            (Some(error), _) => Some(Err(error)),
            (None, Some(fault)) if !fault.kind.lets_through() => fault.graph_error().map(Err),
            (None, _) => Some(answer(meta, &call)),
        };
        let served = meta.state.calls.served + 1;
        let envelope =
            Envelope { version: version.map(str::to_owned), served, now: meta.now, usage: served.min(9_900) / 100 };
        let response = answer.map(|answer| {
            envelope.respond(answer, |body| {
                if host == "ig-api" {
                    reply::without_frame(body);
                }
                if let Some(fault) = &fault {
                    fault.spoil_body(body);
                }
            })
        });
        let status = response.as_ref().map(|response| response.status().as_u16());
        meta.record(&Asked {
            host,
            method,
            version,
            path,
            params: &params,
            status: fault.as_ref().map_or(status, |fault| fault.status(status)),
            fault: fault.as_ref().map(|fault| fault.name.as_str()),
        });
        (fault, response)
    });
    match (fault, response) {
        (Some(fault), response) => fault.respond(response, &sim.config().public_url).await,
        (None, Some(response)) => response,
        (None, None) => Response::default(),
    }
}
