//! A page for people that renders the document.

use axum::response::{Html, IntoResponse as _, Response};

pub async fn page() -> Response {
    Html(String::new()).into_response()
}
