//! `/embed/renova.js`: the script that other pages load, and its types, under names that stay.

use axum::{
    Router,
    extract::State,
    response::{IntoResponse as _, Response},
    routing::get,
};
use http::{HeaderMap, HeaderValue, StatusCode, header};

use super::super::{Mount, headers::RESOURCE_POLICY};

/// Pages that stay open for days get a new version when they are loaded anew.
const FOR_A_WHILE: &str = "public, max-age=300";

pub fn router() -> Router<Mount> {
    let file = |name| get(move |State(mount): State<Mount>, headers: HeaderMap| public(mount, headers, name));
    Router::new().route("/embed/renova.js", file("renova.js")).route("/embed/renova.d.ts", file("renova.d.ts"))
}

async fn public(mount: Mount, headers: HeaderMap, name: &'static str) -> Response {
    let Some(found) = mount.site.embed_file(name) else { return StatusCode::NOT_FOUND.into_response() };
    // The hashed name changes with the content. Weak: compressed or not, it is the same script.
    let tag = format!("W/\"{}\"", found.hashed_name);
    let known = headers.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    let is_known = known.is_some_and(|known| known.split(',').any(|it| it.trim() == tag));
    let mut response =
        if is_known { StatusCode::NOT_MODIFIED.into_response() } else { found.file.response(&headers, FOR_A_WHILE) };
    let answer = response.headers_mut();
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        answer.insert(header::ETAG, tag);
    }
    answer.insert(header::CACHE_CONTROL, HeaderValue::from_static(FOR_A_WHILE));
    answer.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    answer.insert(RESOURCE_POLICY, HeaderValue::from_static("cross-origin"));
    response
}
