//! Which address shows which page.

use leptos::prelude::*;
use leptos_meta::provide_meta_context;
use leptos_router::{
    SsrMode,
    components::{FlatRoutes, Route, Router},
    path,
};

use crate::pages;

/// Every page of Renova.
///
/// # On the server
///
/// Each route renders completely before it answers, so that status and title are the page's own,
/// and everything works before the WebAssembly has arrived.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    view! {
        <Router>
            <FlatRoutes fallback=pages::missing>
                <Route path=path!("/") view=pages::overview ssr=SsrMode::Async />
                <Route path=path!("/review") view=pages::review ssr=SsrMode::Async />
                <Route path=path!("/login") view=pages::login ssr=SsrMode::Async />
                <Route path=path!("/forgot") view=pages::forgot ssr=SsrMode::Async />
                <Route path=path!("/reset") view=pages::reset ssr=SsrMode::Async />
                <Route path=path!("/invitation") view=pages::invitation ssr=SsrMode::Async />
                <Route path=path!("/account") view=pages::account ssr=SsrMode::Async />
                <Route path=path!("/settings/people") view=pages::people ssr=SsrMode::Async />
                <Route path=path!("/connections/:id") view=pages::connection ssr=SsrMode::Async />
                <Route path=path!("/integrations/meta") view=pages::integration ssr=SsrMode::Async />
                <Route path=path!("/integrations/meta/renewals/:id") view=pages::renewal ssr=SsrMode::Async />
                <Route path=path!("/settings") view=pages::settings ssr=SsrMode::Async />
                <Route path=path!("/settings/audit") view=pages::audit ssr=SsrMode::Async />
                <Route path=path!("/settings/api-keys") view=pages::api_keys ssr=SsrMode::Async />
                <Route path=path!("/settings/webhooks") view=pages::webhooks ssr=SsrMode::Async />
                <Route path=path!("/settings/webhooks/:id") view=pages::webhook ssr=SsrMode::Async />
                <Route path=path!("/settings/embed") view=pages::embedding ssr=SsrMode::Async />
                <Route path=path!("/r/:token") view=pages::renewal_link ssr=SsrMode::Async />
                <Route path=path!("/dev/components") view=pages::gallery ssr=SsrMode::Async />
            </FlatRoutes>
        </Router>
    }
}
