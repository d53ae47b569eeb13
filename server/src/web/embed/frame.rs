//! `/embed/{embed_id}/banner` and `/wizard`: the page in a frame.
//!
//! Its address names the organization, and with it the pages that may frame it. Who looks at it is
//! told later, by the token that the framing page hands over.

use std::fmt::Write as _;

use app::context::{SiteAssets, framed_security_policy};
use axum::{
    Extension, Router,
    extract::{Path, Query, State},
    response::{Html, IntoResponse as _, Response},
    routing::get,
};
use http::{HeaderMap, HeaderValue, header};
use lifecycle::ids::ConnectionId;
use renewal::EmbedFrame;
use serde::Deserialize;
use vault::Random as _;
use wizard::Locale;

use super::super::{
    Mount,
    fail::{self, Telling},
    headers::{Framed, RESOURCE_POLICY},
    html::Escaped,
    request_id::RequestId,
    texts::{self, Embedding},
};
use crate::random::SystemRandom;

pub fn router() -> Router<Mount> {
    Router::new().route("/embed/{embed_id}/banner", get(banner)).route("/embed/{embed_id}/wizard", get(wizard))
}

/// What the framing page wants. What it does not spell right is left out.
#[derive(Deserialize)]
struct Wanted {
    locale: Option<String>,
    theme: Option<String>,
    connection: Option<String>,
}

async fn banner(
    mount: State<Mount>,
    request_id: Extension<RequestId>,
    embed_id: Path<String>,
    wanted: Query<Wanted>,
    headers: HeaderMap,
) -> Response {
    frame(Embedding::Banner, mount.0, request_id.0, &embed_id, &wanted, &headers).await
}

async fn wizard(
    mount: State<Mount>,
    request_id: Extension<RequestId>,
    embed_id: Path<String>,
    wanted: Query<Wanted>,
    headers: HeaderMap,
) -> Response {
    frame(Embedding::Wizard, mount.0, request_id.0, &embed_id, &wanted, &headers).await
}

async fn frame(
    what: Embedding,
    mount: Mount,
    request_id: RequestId,
    embed_id: &str,
    wanted: &Wanted,
    headers: &HeaderMap,
) -> Response {
    let telling = Telling { mount: &mount, identity: None, headers, request_id: &request_id };
    let frame = match mount.ui.renova.embed_frame(embed_id).await {
        Ok(Some(frame)) => frame,
        Ok(None) => return telling.page(fail::NOT_FOUND),
        Err(error) => return telling.error(&error),
    };
    let mut nonce = [0; 16];
    SystemRandom.fill(&mut nonce);
    let nonce = hex::encode(nonce);
    let page = Page { what, embed_id, frame: &frame, wanted, nonce: &nonce, assets: mount.site.embed_assets() };
    let policy = framed_security_policy(&nonce, &mount.ui.dialog_origins, frame.origins.iter());
    let mut response = Html(page.html()).into_response();
    let answer = response.headers_mut();
    match HeaderValue::from_str(&policy) {
        Ok(policy) => answer.insert(header::CONTENT_SECURITY_POLICY, policy),
        Err(_) => return telling.page(fail::INTERNAL),
    };
    // For pages that isolate themselves.
    answer.insert(RESOURCE_POLICY, HeaderValue::from_static("cross-origin"));
    response.extensions_mut().insert(Framed);
    response
}

struct Page<'a> {
    what: Embedding,
    embed_id: &'a str,
    frame: &'a EmbedFrame,
    wanted: &'a Wanted,
    nonce: &'a str,
    /// `None`: this program was built without the embed's site.
    assets: Option<SiteAssets>,
}

impl Page<'_> {
    fn locale(&self) -> Locale {
        let asked = self.wanted.locale.as_deref().and_then(Locale::parse);
        asked.or_else(|| Locale::parse(&self.frame.organization.locale)).unwrap_or_default()
    }

    fn theme(&self) -> &'static str {
        match self.wanted.theme.as_deref() {
            Some("light") => "light",
            Some("dark") => "dark",
            _ => "auto",
        }
    }

    fn connection(&self) -> Option<ConnectionId> {
        self.wanted.connection.as_deref()?.parse().ok()
    }

    fn html(&self) -> String {
        let locale = self.locale();
        let origins: Vec<&str> = self.frame.origins.iter().collect();
        let mut page = format!(
            "<!DOCTYPE html><html lang=\"{}\" data-theme=\"{}\"><head><meta charset=\"utf-8\">\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
             <meta name=\"color-scheme\" content=\"light dark\"><title>{}</title>",
            locale.tag(),
            self.theme(),
            Escaped(texts::embed_title(self.what, locale)),
        );
        if let Some(assets) = &self.assets {
            // Writing into a text cannot fail.
            drop(write!(
                page,
                "<link rel=\"stylesheet\" href=\"{}\"><link rel=\"modulepreload\" href=\"{}\">\
                 <link rel=\"preload\" href=\"{}\" as=\"fetch\" type=\"application/wasm\" crossorigin>\
                 <script type=\"module\" src=\"{}\" nonce=\"{}\"></script>",
                Escaped(&assets.css),
                Escaped(&assets.js),
                Escaped(&assets.wasm),
                Escaped(&assets.boot),
                self.nonce,
            ));
        }
        drop(write!(
            page,
            "</head><body data-embed=\"{}\" data-embed-id=\"{}\" data-origins=\"{}\"",
            self.what.as_str(),
            Escaped(self.embed_id),
            Escaped(&origins.join(" ")),
        ));
        if let Some(connection) = self.connection() {
            drop(write!(page, " data-connection=\"{connection}\""));
        }
        page.push_str("><main id=\"renova-embed\"></main></body></html>");
        page
    }
}
