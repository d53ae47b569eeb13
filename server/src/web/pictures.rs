//! `/pictures/{hash}`: the pictures of accounts. A frame has no cookie, so nobody is asked who he is: a
//! hash is known to those whose pages show it, and the pictures are public at Meta.

use axum::{
    Router,
    extract::{Path, State},
    response::{IntoResponse as _, Response},
    routing::get,
};
use http::{StatusCode, header};

use super::Mount;

/// The address changes with the picture.
const FOR_EVER: &str = "public, max-age=31536000, immutable";

pub fn router() -> Router<Mount> {
    Router::new().route("/pictures/{hash}", get(picture))
}

async fn picture(State(mount): State<Mount>, Path(hash): Path<String>) -> Response {
    let bytes = match mount.ui.renova.picture(&hash).await {
        Ok(bytes) => bytes.unwrap_or_default(),
        Err(error) => {
            tracing::warn!(code = error.code(), %error, "a picture could not be read");
            return StatusCode::SERVICE_UNAVAILABLE.into_response();
        }
    };
    match meta::picture_type(&bytes) {
        Some(kind) => ([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, FOR_EVER)], bytes).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}
