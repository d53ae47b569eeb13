//! The platform's picture, where it is a file of ours.

use std::sync::Arc;

use axum::{Router, extract::State, response::IntoResponse, routing::get};
use http::header;

use crate::settings::{BrandSettings, Logo, LogoFile};

/// Its one route; none where there is no such file.
pub fn logo(brand: &BrandSettings) -> Router {
    match &brand.logo {
        Some(Logo::Own(file)) => Router::new().route(file.kind.path(), get(picture)).with_state(Arc::new(file.clone())),
        _ => Router::new(),
    }
}

async fn picture(State(file): State<Arc<LogoFile>>) -> impl IntoResponse {
    let headers = [(header::CONTENT_TYPE, file.kind.media_type()), (header::CACHE_CONTROL, "public, max-age=3600")];
    (headers, file.bytes.clone())
}
