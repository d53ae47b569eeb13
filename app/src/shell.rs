//! The document around every page.

use leptos::{config::LeptosOptions, nonce::use_nonce, prelude::*};
use leptos_axum::ResponseOptions;
use leptos_meta::MetaTags;

use crate::{
    App,
    context::{UiContext, content_security_policy},
};

/// The document. Its language is set by the page, which knows the reader.
///
/// Also sets the page's content security policy, because only here the nonce of the inline
/// scripts that Leptos writes is known.
pub fn shell(_options: LeptosOptions) -> impl IntoView {
    // Only islands are hydrated: what stands outside of them is not prepared for it.
    if let Some(shared) = Owner::current_shared_context() {
        shared.set_is_hydrating(false);
    }
    let ui = expect_context::<UiContext>();
    let nonce = use_nonce();
    if let (Some(nonce), Some(response)) = (&nonce, use_context::<ResponseOptions>()) {
        let policy =
            content_security_policy(&nonce.to_string(), &ui.dialog_origins, ui.renova.brand().logo_origin().as_deref());
        if let Ok(policy) = http::HeaderValue::from_str(&policy) {
            response.insert_header(http::header::CONTENT_SECURITY_POLICY, policy);
        }
    }
    let assets = ui.assets;
    let favicon =
        (!assets.favicon.is_empty()).then(|| view! { <link rel="icon" href=assets.favicon type="image/svg+xml" /> });
    let style = (!assets.css.is_empty()).then(|| view! { <link rel="stylesheet" href=assets.css /> });
    // Loads the rest once the page is painted: nothing else competes with what is seen first.
    let script =
        (!assets.boot.is_empty()).then(|| view! { <script type="module" src=assets.boot nonce=nonce></script> });
    view! {
        <!DOCTYPE html>
        <html>
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                <meta name="color-scheme" content="light dark" />
                {favicon}
                {style}
                {script}
                <MetaTags />
            </head>
            <body>
                <App />
            </body>
        </html>
    }
}
