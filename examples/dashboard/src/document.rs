//! The document around every page.

use app::context::{UiContext, content_security_policy};
use axum::http::{HeaderValue, header};
use leptos::{nonce::use_nonce, prelude::*};
use leptos_axum::ResponseOptions;
use leptos_meta::MetaTags;

use crate::{App, away::META_NAME, vouch::Elsewhere};

/// The host's own document. Its policy must let forms lead to Meta's dialog, for those whose
/// browser blocks the pop-up or runs no script.
pub fn shell() -> impl IntoView {
    let ui = expect_context::<UiContext>();
    let elsewhere = use_context::<Elsewhere>();
    let nonce = use_nonce();
    if let (Some(nonce), Some(response)) = (&nonce, use_context::<ResponseOptions>()) {
        let mut policy = content_security_policy(&nonce.to_string(), &ui.dialog_origins, None);
        if let Some(there) = &elsewhere {
            // The components of `away` ask the other Renova from here.
            policy = policy.replace("connect-src 'self'", &format!("connect-src 'self' {}", there.renova));
        }
        if let Ok(policy) = HeaderValue::from_str(&policy) {
            response.insert_header(header::CONTENT_SECURITY_POLICY, policy);
        }
    }
    let assets = ui.assets;
    let style = (!assets.css.is_empty()).then(|| view! { <link rel="stylesheet" href=assets.css /> });
    let script =
        (!assets.boot.is_empty()).then(|| view! { <script type="module" src=assets.boot nonce=nonce></script> });
    let icon = (!assets.favicon.is_empty()).then(|| view! { <link rel="icon" href=assets.favicon /> });
    let renova = elsewhere.map(|there| view! { <meta name=META_NAME content=there.renova /> });
    view! {
        <!DOCTYPE html>
        <html lang="pt-BR">
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1" />
                {renova}
                {icon}
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
