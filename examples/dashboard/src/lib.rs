//! Somebody else's dashboard with Renova inside.
//!
//! What it shows a host:
//!
//! - [`pages`]: banner and wizard as components in the host's own pages, with a transport that
//!   knows the host's addresses ([`hrefs`]);
//! - [`away`]: the same from a Renova of another origin, without any of its routes;
//! - `people`: a log-in of the host's own, and the function that tells Renova who is asking;
//! - `main.rs`: Renova's routes mounted beside the host's in one axum server;
//! - `style/`: the host's own look, over Renova's parts.
//!
//! Build its site with `cargo xtask site --package dashboard --features hydrate
//! --style examples/dashboard/style/main.css --public examples/dashboard/public
//! --out target/site/dashboard`, then run `cargo run -p dashboard --features ssr`.

pub mod away;
#[cfg(feature = "ssr")]
pub mod document;
pub mod pages;
#[cfg(feature = "ssr")]
pub mod people;
#[cfg(feature = "ssr")]
pub mod vouch;

use app::api::Hrefs;
use leptos::prelude::*;
use leptos_meta::provide_meta_context;
use leptos_router::{
    SsrMode,
    components::{FlatRoutes, Route, Router},
    path,
};

/// Where this dashboard has what banner and wizard lead to: the same on the server and in the
/// browser.
#[must_use]
pub fn hrefs() -> Hrefs {
    Hrefs { integration: "/channels".to_owned(), renewals: "/channels/renew".to_owned(), home: "/".to_owned() }
}

/// The dashboard.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    // Tests can tell when the page has come alive.
    Effect::new(|| {
        if let Some(body) = document().body() {
            body.set_attribute("data-hydrated", "true").ok();
        }
    });
    view! {
        <Router>
            <FlatRoutes fallback=pages::missing>
                <Route path=path!("/") view=pages::home ssr=SsrMode::Async />
                <Route path=path!("/inbox") view=pages::inbox ssr=SsrMode::Async />
                <Route path=path!("/channels") view=pages::channels ssr=SsrMode::Async />
                <Route path=path!("/channels/renew/:id") view=pages::renew ssr=SsrMode::Async />
                <Route path=path!("/away") view=away::start ssr=SsrMode::Async />
                <Route path=path!("/away/renew/:id") view=away::renew ssr=SsrMode::Async />
                <Route path=path!("/enter") view=pages::enter ssr=SsrMode::Async />
            </FlatRoutes>
        </Router>
    }
}

/// Called by the boot script once the module is there.
#[cfg(feature = "hydrate")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    leptos::mount::hydrate_body(App);
}
