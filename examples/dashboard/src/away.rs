//! The other transport: the same components from a Renova of another origin, for a host that mounts none
//! of its routes. All it needs is a session that this dashboard's server vouches for.

use std::sync::Arc;

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use wizard::{
    Hrefs, RemoteTransport, RenewalBanner, RenewalStart, RenewalWizard, SharedTransport, UiError,
    remote::{RemoteOptions, SessionToken},
};

/// Where the other Renova is: the server writes it into the document, where there is one.
pub const META_NAME: &str = "renova";

// snippet: session
/// The other Renova's answer about the person who is signed in here.
#[server(name = Session, prefix = "/away", endpoint = "session")]
pub async fn session() -> Result<SessionToken, ServerFnError> {
    crate::vouch::session().await.map_err(|error| ServerFnError::new(error.to_string()))
}
// snippet end

// snippet: transport
fn transport(renova: String) -> SharedTransport {
    let fetch_session = || async { session().await.map_err(|_| UiError::of("session_over")) };
    RemoteTransport::new(RemoteOptions {
        renova,
        origin: window().location().origin().unwrap_or_default(),
        hrefs: Hrefs { integration: "/away".into(), renewals: "/away/renew".into(), home: "/away".into() },
        fetch_session: Arc::new(move || Box::pin(fetch_session())),
        on_session: None,
    })
    .shared()
}
// snippet end

/// `/away`: banner and first screen.
pub fn start() -> AnyView {
    in_browser(|renova| {
        let (banner, wizard) = (transport(renova.clone()), transport(renova));
        view! {
            <RenewalBanner transport=banner />
            <main class="atlas-main"><RenewalStart transport=wizard /></main>
        }
        .into_any()
    })
}

/// `/away/renew/:id`
pub fn renew() -> AnyView {
    let params = use_params_map();
    in_browser(move |renova| {
        let renewal_id = params.with(|params| params.get("id")).unwrap_or_default();
        view! { <main class="atlas-main"><RenewalWizard transport=transport(renova) renewal_id /></main> }.into_any()
    })
}

/// Once the page is alive: the server cannot ask on behalf of a browser.
fn in_browser(show: impl Fn(String) -> AnyView + Send + 'static) -> AnyView {
    let renova = RwSignal::new(None);
    Effect::new(move || renova.set(address()));
    (move || renova.get().map(&show)).into_any()
}

fn address() -> Option<String> {
    let selector = ["meta[name=", META_NAME, "]"].concat();
    document().query_selector(&selector).ok()??.get_attribute("content")
}
