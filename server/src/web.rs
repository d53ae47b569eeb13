//! HTTP: what is mounted where, and what stands in front of it.
//!
//! [`gate`] holds every rule about who may ask for what; [`edge`] what every answer carries;
//! [`fail`] how each failure looks. The routes themselves only call use cases.

mod backend;
mod brand;
mod connect;
mod cookies;
mod edge;
mod embed;
mod fail;
mod functions;
mod gate;
mod headers;
pub mod health;
mod host;
mod html;
pub mod identity;
mod live;
mod meta;
mod next;
mod oauth;
mod origin;
mod own;
mod pages;
mod pictures;
mod request_id;
mod site;
mod texts;
mod tickets;
pub mod v1;
mod warnings;

use std::{num::NonZeroU32, sync::Arc};

use app::context::UiContext;
use axum::Router;
use secrecy::SecretString;
use url::Url;

pub use backend::backend;
pub use brand::logo;
pub use gate::with_caller;
pub use live::Hub;
pub use meta::SIGNATURE;
pub use next::safe_next;
pub use own::{own, own_with};
pub use pages::pages;
pub use site::{Site, SiteError};

/// What the routes need to know of where they are mounted.
#[derive(Clone)]
pub struct Mount {
    pub ui: UiContext,
    pub site: Arc<Site>,
    /// The log-in page, which takes `?next=`. `None`: people log in by other means.
    pub login: Option<String>,
    /// Scheme, host and port by which browsers reach this server.
    pub public_url: Url,
    /// What Meta sends when it asks whether the webhook address is ours; `None`: it never is.
    pub webhook_verify_token: Option<SecretString>,
    /// Tells open pages of changes.
    pub live: Hub,
    /// How often one key may ask the API; `None`: as often as it likes.
    pub api_requests_per_minute: Option<NonZeroU32>,
}

/// `/pkg`: scripts, styles and pictures under their hashed names.
pub fn assets(site: &Arc<Site>) -> Router {
    site::router(Arc::clone(site))
}
