//! What people see: shell, pages, server functions.
//!
//! A page is a route in `routes`, a request in [`model::PageRequest`], and a view in `pages`. Pages are
//! rendered by the server alone, links and forms are plain; only the [`islands`] come alive in the
//! browser.

pub mod api;
#[cfg(feature = "ssr")]
pub mod context;
pub mod islands;
pub mod model;
#[cfg(feature = "ssr")]
pub mod own_path;
#[cfg(feature = "ssr")]
pub mod pages;
#[cfg(feature = "ssr")]
pub mod present;
#[cfg(feature = "ssr")]
pub mod routes;
#[cfg(feature = "ssr")]
pub mod shell;
#[cfg(feature = "ssr")]
pub mod texts;

#[cfg(feature = "ssr")]
pub use routes::App;
