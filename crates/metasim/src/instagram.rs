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

use axum::extract::{Request, State};
use axum::response::Response;

use crate::Sim;
use crate::graph::GraphCall;
use crate::host::{self, Host};
use crate::reply::{Answer, GraphError};
use crate::state::Meta;

pub(crate) use dialog::handle as dialog;
pub use seed::SeededInstagramGrant;
pub(crate) use state::InstagramState;

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
    let host = Host { name: "ig-api", answer: api_answer, reword: reply::without_frame };
    host::serve(&sim, host, request).await
}

/// `graph.instagram.com`.
pub(crate) async fn graph(State(sim): State<Sim>, request: Request) -> Response {
    let host = Host { name: "ig-graph", answer: graph_answer, reword: |_| {} };
    host::serve(&sim, host, request).await
}

fn api_answer(meta: &mut Meta<'_>, call: &GraphCall<'_>) -> Answer {
    match call.path.trim_end_matches('/') {
        "/oauth/access_token" => oauth::from_code(meta, call),
        _ => Err(GraphError { status: 404, ..GraphError::new(404, "Sorry, this page isn't available.") }),
    }
}

fn graph_answer(meta: &mut Meta<'_>, call: &GraphCall<'_>) -> Answer {
    let parts: Vec<&str> = call.path.split('/').filter(|part| !part.is_empty()).collect();
    match parts.as_slice() {
        ["access_token"] => oauth::exchange(meta, call),
        ["refresh_access_token"] => oauth::refresh(meta, call),
        [node] => accounts::read(meta, call, node),
        [node, "subscribed_apps"] => subscriptions::on_account(meta, call, node),
        _ => Err(reply::unsupported(call)),
    }
    .map_err(reply::in_product_form)
}
