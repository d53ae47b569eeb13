//! Renova's own pages, rendered by Leptos, with its own log-in.

use std::sync::LazyLock;

use app::{App, shell::shell};
use axum::{
    Router,
    body::Body,
    extract::State,
    response::{IntoResponse as _, Response},
    routing::post,
};
use http::{Request, StatusCode};
use leptos::{config::LeptosOptions, prelude::provide_context};
use leptos_axum::{AxumRouteListing, LeptosRoutes as _, generate_route_list};

use super::{
    Mount,
    backend::server_function,
    edge::edge,
    fail, functions,
    gate::{Behind, guard},
    identity::session_identity,
};

/// While the list is made, no resource loads anywhere in the process, and a page that just then asks
/// for one waits for ever: so it is made once, before the first page can be asked for.
static ROUTES: LazyLock<Vec<AxumRouteListing>> = LazyLock::new(|| generate_route_list(App));

/// Every page of `app`, the log-in's server functions, and the page for what does not exist.
pub fn pages(mount: &Mount) -> Router {
    let options = LeptosOptions::builder().output_name("renova").build();
    let ui = mount.ui.clone();
    let context = move || provide_context(ui.clone());
    let routes = ROUTES.clone();
    let page = {
        let options = options.clone();
        leptos_axum::render_route_with_context(routes.clone(), context.clone(), move || shell(options.clone()))
    };
    let missing = {
        let options = options.clone();
        leptos_axum::render_app_async_with_context(context, move || shell(options.clone()))
    };
    let account = functions::own()
        .fold(Router::new(), |router, path| router.route(&path, post(server_function)))
        .with_state(mount.clone());
    let router = Router::<LeptosOptions>::new()
        // Not `leptos_routes`: it would mount every server function beside the gate's wildcard.
        .leptos_routes_with_handler(routes, move |state: State<LeptosOptions>, request: Request<Body>| {
            page(state, request)
        })
        .fallback(move |request: Request<Body>| not_found(missing.clone(), request))
        .with_state(options)
        .merge(account);
    let router = guard(router, mount, session_identity(&mount.ui), Behind::Pages);
    edge(router, mount.public_url.scheme() == "https")
}

/// The same app renders its page for unknown addresses; scripts get the bare status.
async fn not_found<F, R>(render: F, request: Request<Body>) -> Response
where
    F: Fn(Request<Body>) -> R,
    R: Future<Output = Response>,
{
    if !fail::wants_page(request.headers()) {
        return StatusCode::NOT_FOUND.into_response();
    }
    let mut response = render(request).await;
    if response.status().is_success() {
        *response.status_mut() = StatusCode::NOT_FOUND;
    }
    response
}
