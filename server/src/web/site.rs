//! `/pkg`: the built site, from the binary or from a folder.

use std::{borrow::Cow, collections::HashMap, fs, path::Path, sync::Arc};

use app::context::SiteAssets;
use axum::{
    Router,
    body::{Body, Bytes},
    extract::{Path as UrlPath, State},
    response::{IntoResponse as _, Response},
    routing::get,
};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use serde::Deserialize;

/// Where the files are served.
const PREFIX: &str = "/pkg/";
const MANIFEST: &str = "manifest.json";
/// Names contain a hash of the content.
const FOR_EVER: &str = "public, max-age=31536000, immutable";

#[derive(rust_embed::RustEmbed)]
#[folder = "../target/site/frontend"]
#[allow_missing = true]
struct EmbeddedPages;

/// What runs in frames: a site of its own.
#[derive(rust_embed::RustEmbed)]
#[folder = "../target/site/embed"]
#[allow_missing = true]
struct EmbeddedFrame;

/// The site cannot be used as it is.
#[derive(Debug, thiserror::Error)]
pub enum SiteError {
    #[error("no site here: {0} is missing")]
    Missing(String),
    #[error("the site's manifest is unreadable: {0}")]
    Manifest(#[from] serde_json::Error),
}

#[derive(Deserialize)]
struct Manifest {
    js: String,
    wasm: String,
    css: String,
    boot: String,
    #[serde(default)]
    snippets: Vec<String>,
    #[serde(default)]
    files: HashMap<String, String>,
}

/// One file in the forms that it may travel in.
pub struct File {
    kind: &'static str,
    plain: Bytes,
    brotli: Option<Bytes>,
    gzip: Option<Bytes>,
}

/// Everything that `/pkg` serves, read once.
#[derive(Default)]
pub struct Site {
    files: HashMap<String, File>,
    pages: Part,
    /// `None`: there is nothing for frames.
    frames: Option<Part>,
}

/// What one kind of page loads.
#[derive(Default)]
struct Part {
    /// Public files: name in their folder → hashed name.
    public: HashMap<String, String>,
    /// Boot script, script, WebAssembly, style.
    parts: Option<[String; 4]>,
}

impl Part {
    fn assets(&self) -> SiteAssets {
        let [boot, js, wasm, css] =
            self.parts.clone().map(|parts| parts.map(|name| format!("{PREFIX}{name}"))).unwrap_or_default();
        SiteAssets {
            boot,
            js,
            wasm,
            css,
            favicon: self.href("favicon.svg").unwrap_or_default(),
            copy: self.href("copy.js").unwrap_or_default(),
        }
    }

    fn href(&self, name: &str) -> Option<String> {
        self.public.get(name).map(|hashed| format!("{PREFIX}{hashed}"))
    }
}

/// A public file, with the name that changes with its content.
pub struct PublicFile<'a> {
    pub hashed_name: &'a str,
    pub file: &'a File,
}

impl Site {
    /// The site inside this binary, with the one for frames where it was built.
    pub fn embedded() -> Result<Self, SiteError> {
        let site = Self::read(|name| EmbeddedPages::get(name).map(bytes))?;
        site.with_frames(|name| EmbeddedFrame::get(name).map(bytes))
    }

    /// A site that `cargo xtask site --out FOLDER` built; without anything for frames.
    pub fn from_folder(folder: &Path) -> Result<Self, SiteError> {
        Self::read(from(folder))
    }

    /// The same with the site for frames from a folder of its own.
    pub fn with_frames_from(self, folder: &Path) -> Result<Self, SiteError> {
        self.with_frames(from(folder))
    }

    /// Only what the manifest names is served.
    fn read(get: impl Fn(&str) -> Option<Bytes>) -> Result<Self, SiteError> {
        let mut site = Self::default();
        site.pages = site.take(get)?;
        Ok(site)
    }

    /// No manifest: nothing for frames. An incomplete site is an error.
    fn with_frames(mut self, get: impl Fn(&str) -> Option<Bytes>) -> Result<Self, SiteError> {
        if get(MANIFEST).is_some() {
            self.frames = Some(self.take(get)?);
        }
        Ok(self)
    }

    fn take(&mut self, get: impl Fn(&str) -> Option<Bytes>) -> Result<Part, SiteError> {
        let manifest = get(MANIFEST).ok_or_else(|| SiteError::Missing(MANIFEST.to_owned()))?;
        let manifest: Manifest = serde_json::from_slice(&manifest)?;
        let parts = [manifest.boot, manifest.js, manifest.wasm, manifest.css];
        let names = parts.iter().chain(&manifest.snippets).chain(manifest.files.values());
        for name in names {
            let plain = get(name).ok_or_else(|| SiteError::Missing(name.clone()))?;
            let file =
                File { kind: kind(name), plain, brotli: get(&format!("{name}.br")), gzip: get(&format!("{name}.gz")) };
            self.files.insert(name.clone(), file);
        }
        Ok(Part { public: manifest.files, parts: Some(parts) })
    }

    /// The address of a file of `public/`, such as `popup.js`.
    #[must_use]
    pub fn href(&self, name: &str) -> Option<String> {
        self.pages.href(name)
    }

    /// What pages load. Empty addresses when there is no site.
    #[must_use]
    pub fn page_assets(&self) -> SiteAssets {
        self.pages.assets()
    }

    /// What the pages in frames load.
    #[must_use]
    pub fn embed_assets(&self) -> Option<SiteAssets> {
        self.frames.as_ref().map(Part::assets)
    }

    /// A public file of the site for frames, such as `renova.js`.
    #[must_use]
    pub fn embed_file(&self, name: &str) -> Option<PublicFile<'_>> {
        let hashed_name = self.frames.as_ref()?.public.get(name)?;
        Some(PublicFile { hashed_name, file: self.files.get(hashed_name)? })
    }
}

fn bytes(file: rust_embed::EmbeddedFile) -> Bytes {
    match file.data {
        Cow::Borrowed(bytes) => Bytes::from_static(bytes),
        Cow::Owned(bytes) => Bytes::from(bytes),
    }
}

fn from(folder: &Path) -> impl Fn(&str) -> Option<Bytes> {
    let folder = folder.to_owned();
    move |name| fs::read(folder.join(name)).ok().map(Bytes::from)
}

pub fn router(site: Arc<Site>) -> Router {
    Router::new().route("/pkg/{*file}", get(serve)).with_state(site)
}

async fn serve(State(site): State<Arc<Site>>, UrlPath(name): UrlPath<String>, headers: HeaderMap) -> Response {
    let Some(file) = site.files.get(&name) else {
        return (StatusCode::NOT_FOUND, [(header::CACHE_CONTROL, "no-store")]).into_response();
    };
    file.response(&headers, FOR_EVER)
}

impl File {
    /// In the smallest form that the browser understands.
    pub fn response(&self, headers: &HeaderMap, cache: &'static str) -> Response {
        let accepts = |coding: &str| accepts(headers, coding);
        let (bytes, coding) = match (&self.brotli, &self.gzip) {
            (Some(bytes), _) if accepts("br") => (bytes, Some("br")),
            (_, Some(bytes)) if accepts("gzip") => (bytes, Some("gzip")),
            _ => (&self.plain, None),
        };
        let mut response = Response::new(Body::from(bytes.clone()));
        let answer = response.headers_mut();
        answer.insert(header::CONTENT_TYPE, HeaderValue::from_static(self.kind));
        answer.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
        answer.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
        if let Some(coding) = coding {
            answer.insert(header::CONTENT_ENCODING, HeaderValue::from_static(coding));
        }
        response
    }
}

/// `Accept-Encoding` names the coding and does not give it the weight zero.
fn accepts(headers: &HeaderMap, coding: &str) -> bool {
    let named = headers.get_all(header::ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    named.flat_map(|value| value.split(',')).any(|item| {
        let mut words = item.split(';').map(str::trim);
        let is_it = words.next().is_some_and(|name| name.eq_ignore_ascii_case(coding));
        let weight = words.find_map(|word| word.strip_prefix("q="));
        is_it && weight.is_none_or(|weight| weight.parse::<f32>().is_ok_and(|weight| weight > 0.0))
    })
}

fn kind(name: &str) -> &'static str {
    match name.rsplit_once('.').map_or("", |(_, suffix)| suffix) {
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "wasm" => "application/wasm",
        "css" => "text/css; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "webp" => "image/webp",
        "woff2" => "font/woff2",
        "json" | "webmanifest" => "application/json",
        "txt" | "ts" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_are_read() {
        let headers = |value: &str| HeaderMap::from_iter([(header::ACCEPT_ENCODING, value.parse().unwrap())]);
        assert!(accepts(&headers("gzip, deflate, br, zstd"), "br"));
        assert!(accepts(&headers("br;q=0.5"), "br"));
        assert!(!accepts(&headers("br;q=0, gzip"), "br"));
        assert!(!accepts(&headers("gzip"), "br"));
        assert!(!accepts(&HeaderMap::new(), "gzip"));
    }
}
