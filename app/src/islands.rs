//! What comes alive in the browser: banner and wizard. Everything else on a page is plain HTML.
//!
//! An island is hydrated on its own; its component stays an ordinary one, which other hosts
//! hydrate with their whole page.

use leptos::prelude::*;
use wizard::{Locale, RenewalBanner, RenewalWizard, UiError};

use crate::api::ServerFnTransport;

/// The banner, with this server as its transport.
#[island]
pub fn BannerIsland() -> impl IntoView {
    view! { <RenewalBanner transport=ServerFnTransport::new() /> }
}

/// The wizard of one renewal. One that cannot be read decides the page's status.
#[island]
pub fn WizardIsland(
    renewal_id: String,
    /// `?error=` of a form that was refused.
    error_code: Option<String>,
    locale: Locale,
) -> impl IntoView {
    let on_failure = Callback::new(|error: UiError| {
        set_status(match error.code.as_str() {
            "not_found" => 404,
            "forbidden" => 403,
            _ => 500,
        });
    });
    view! { <RenewalWizard transport=ServerFnTransport::new() renewal_id error_code on_failure locale /> }
}

/// The answer's status; the browser has none.
pub(crate) fn set_status(status: u16) {
    #[cfg(feature = "ssr")]
    if let (Some(response), Ok(status)) =
        (use_context::<leptos_axum::ResponseOptions>(), http::StatusCode::from_u16(status))
    {
        response.set_status(status);
    }
    #[cfg(not(feature = "ssr"))]
    let _ = status;
}
