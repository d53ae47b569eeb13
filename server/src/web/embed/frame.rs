//! `/embed/{embed_id}/banner` and `/wizard`: the page in a frame.
//!
//! Its address names the organization, and with it the pages that may frame it. Who looks at it is
//! told later, by the token that the framing page hands over.

use std::fmt;

use app::context::{SiteAssets, framed_security_policy};
use axum::{
    Extension, Router,
    extract::{Path, Query, State},
    response::{Html, IntoResponse as _, Response},
    routing::get,
};
use http::{HeaderMap, HeaderValue, header};
use lifecycle::ids::ConnectionId;
use renewal::{Brand, EmbedFrame};
use serde::Deserialize;
use vault::Random as _;
use wizard::Locale;

use super::super::{
    Mount,
    fail::{self, Telling},
    headers::{Framed, RESOURCE_POLICY},
    html::{Branded, Escaped},
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
    let brand = mount.ui.renova.brand();
    let page = Page { what, embed_id, frame: &frame, wanted, nonce: &nonce, brand, assets: mount.site.embed_assets() };
    let policy = {
        let logo = brand.logo_origin();
        framed_security_policy(&nonce, &mount.ui.dialog_origins, logo.as_deref(), frame.origins.iter())
    };
    let mut response = Html(page.to_string()).into_response();
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
    brand: &'a Brand,
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

    /// The head of the wizard. The banner is the host's own concern.
    fn branded(&self) -> Option<Branded<'_>> {
        Branded::of(self.brand).filter(|_| matches!(self.what, Embedding::Wizard))
    }

    fn origins(&self) -> String {
        self.frame.origins.iter().collect::<Vec<_>>().join(" ")
    }
}

impl fmt::Display for Page<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let locale = self.locale();
        write!(out, "<!DOCTYPE html><html lang=\"{}\" data-theme=\"{}\">", locale.tag(), self.theme())?;
        out.write_str("<head><meta charset=\"utf-8\">")?;
        out.write_str("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">")?;
        out.write_str("<meta name=\"color-scheme\" content=\"light dark\">")?;
        write!(out, "<title>{}</title>", Escaped(texts::embed_title(self.what, locale)))?;
        // None: or the browser asks for one that is not there.
        out.write_str("<link rel=\"icon\" href=\"data:,\">")?;
        if let Some(assets) = &self.assets {
            write!(out, "<link rel=\"stylesheet\" href=\"{}\">", Escaped(&assets.css))?;
            write!(out, "<link rel=\"modulepreload\" href=\"{}\">", Escaped(&assets.js))?;
            let wasm = Escaped(&assets.wasm);
            write!(out, "<link rel=\"preload\" href=\"{wasm}\" as=\"fetch\" type=\"application/wasm\" crossorigin>")?;
            let (boot, nonce) = (Escaped(&assets.boot), self.nonce);
            write!(out, "<script type=\"module\" src=\"{boot}\" nonce=\"{nonce}\"></script>")?;
        }
        let (what, id, origins) = (self.what.as_str(), Escaped(self.embed_id), self.origins());
        write!(out, "</head><body data-embed=\"{what}\" data-embed-id=\"{id}\"")?;
        write!(out, " data-origins=\"{}\"", Escaped(&origins))?;
        if let Some(connection) = self.connection() {
            write!(out, " data-connection=\"{connection}\"")?;
        }
        out.write_str("><main id=\"renova-embed\">")?;
        // The screens come after it.
        if let Some(branded) = self.branded() {
            write!(out, "{branded}")?;
        }
        out.write_str("</main></body></html>")
    }
}
