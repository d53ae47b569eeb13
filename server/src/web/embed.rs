//! `/embed`: Renova inside other pages. No cookie is read or set here.
//!
//! [`frame`] is the page in the frame, [`api`] what it asks for, [`loader`] the script that makes the
//! frame. What stands between them and other pages is in [`cors`].

mod api;
mod cors;
mod frame;
mod loader;

use axum::Router;

use super::Mount;

pub fn router() -> Router<Mount> {
    Router::new().merge(loader::router()).merge(frame::router()).merge(api::router())
}
