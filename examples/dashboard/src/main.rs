//! The dashboard's server: its own pages and log-in, with Renova's routes beside them.
//!
//! `PORT`, `SIM_PORT` and `DATA_DIR` as for `renova demo`; `SITE_DIR` is where its built site is,
//! when that is not the workspace's `target/site/dashboard`; `HOST_COOP` is a
//! `Cross-Origin-Opener-Policy` for the dashboard's own pages, none by default.

use std::{env, path::PathBuf, str::FromStr, sync::Arc};

use anyhow::Context as _;
use axum::{
    Router,
    body::Body,
    extract::{Request, State},
    http::{HeaderName, HeaderValue},
    middleware,
    response::Response,
    routing::post,
};
use dashboard::{App, document::shell, hrefs, people, vouch::Elsewhere};
use leptos::{config::LeptosOptions, prelude::provide_context};
use leptos_axum::{LeptosRoutes as _, generate_route_list, handle_server_fns_with_context};
use server::{
    Identify, Mount, Site, assets, backend,
    console::say,
    demo::{Demo, DemoOptions},
    logging,
    open::Pages,
    stop::Stop,
    with_caller,
};

/// Where the site is built.
const SITE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../target/site/dashboard");

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    logging::start("warn");
    let options = DemoOptions {
        port: setting("PORT", 3100)?,
        sim_port: setting("SIM_PORT", 3101)?,
        data_dir: setting("DATA_DIR", PathBuf::from("dashboard-demo"))?,
        login_config_id: None,
        embed_origins: Vec::new(),
        brand: renewal::Brand::default(),
    };
    let folder = setting("SITE_DIR", PathBuf::from(SITE))?;
    let site = Site::from_folder(&folder)
        .with_context(|| format!("SITE_DIR: {} holds no site: build it with `cargo xtask site`", folder.display()))?;
    let pages = Pages { hrefs: hrefs(), login: Some("/enter".to_owned()) };

    // A real host opens Renova with `server::open`; this one brings the simulated Meta along.
    let demo = Demo::open(options, Arc::new(site), pages).await?;
    let sessions = people::Sessions::default();
    let identity = people::identity(&sessions, &demo.mount.ui.renova);
    let elsewhere = elsewhere(&demo.address(), &sessions)?;
    let router = with_opener_policy(own_pages(&demo.mount, &sessions, elsewhere, identity.clone()))?
        .merge(people::routes(sessions))
        .merge(backend(&demo.mount, identity))
        .merge(assets(&demo.mount.site));
    let address = demo.address();
    demo.run(router, Stop::on_signals(), move || say(&format!("The dashboard is ready: {address}"))).await?;
    Ok(())
}

/// The dashboard's pages, rendered with what Renova's components need in them.
fn own_pages(
    mount: &Mount,
    sessions: &people::Sessions,
    elsewhere: Option<Elsewhere>,
    identity: impl Identify,
) -> Router {
    let options = LeptosOptions::builder().output_name("dashboard").build();
    let routes = generate_route_list(App);
    let ui = mount.ui.clone();
    let context = move || {
        provide_context(ui.clone());
        if let Some(there) = elsewhere.clone() {
            provide_context(there);
        }
    };
    let for_functions = context.clone();
    let page = leptos_axum::render_route_with_context(routes.clone(), context.clone(), shell);
    let missing = leptos_axum::render_app_async_with_context(context, shell);
    let router = Router::<LeptosOptions>::new()
        .leptos_routes_with_handler(routes, move |state: State<LeptosOptions>, request: Request<Body>| {
            page(state, request)
        })
        .route(
            "/away/session",
            post(move |request: Request<Body>| handle_server_fns_with_context(for_functions.clone(), request)),
        )
        .fallback(move |request: Request<Body>| missing(request))
        .with_state(options)
        .layer(middleware::from_fn_with_state(sessions.clone(), people::only_signed_in));
    with_caller(router, mount, identity)
}

/// Says `HOST_COOP` of every answer.
fn with_opener_policy(router: Router) -> anyhow::Result<Router> {
    let policy = setting("HOST_COOP", String::new())?;
    if policy.is_empty() {
        return Ok(router);
    }
    let policy = HeaderValue::from_str(&policy).context("HOST_COOP")?;
    Ok(router.layer(middleware::map_response(move |mut response: Response| {
        response.headers_mut().insert(HeaderName::from_static("cross-origin-opener-policy"), policy.clone());
        async { response }
    })))
}

/// `REMOTE_RENOVA`, with `RENOVA_API_KEY`: the Renova that `/away` shows.
fn elsewhere(origin: &str, sessions: &people::Sessions) -> anyhow::Result<Option<Elsewhere>> {
    let renova = setting("REMOTE_RENOVA", String::new())?;
    if renova.is_empty() {
        return Ok(None);
    }
    Ok(Some(Elsewhere {
        renova,
        api_key: setting("RENOVA_API_KEY", String::new())?,
        origin: origin.to_owned(),
        http: meta::http_client()?,
        sessions: sessions.clone(),
    }))
}

/// A variable of the environment, or its default.
fn setting<T: FromStr>(name: &str, default: T) -> anyhow::Result<T> {
    match env::var(name) {
        Ok(text) => text.parse().map_err(|_| anyhow::anyhow!("{name}: `{text}` is not what it should be")),
        Err(_) => Ok(default),
    }
}
