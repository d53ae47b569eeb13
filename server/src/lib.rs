//! Renova's server as a library, with the `renova` binary as its thin user.
//!
//! # For hosts
//!
//! A dashboard with a log-in of its own mounts [`backend`] beside its routes: `/api/ui`,
//! `/connect`, `/oauth` and `/meta`, nothing else. It says who is asking with an identity function from a
//! request to a [`renewal::Identity`], and wraps its own page routes with [`with_caller`], so
//! that banner and wizard know the reader while they are rendered on the server. The `hrefs` of
//! the context tell where its pages are. `docs/hosting.md` is the whole of it, `examples/dashboard` such a host.
//!
//! Renova's own binary is a host too: it mounts [`pages`], [`backend`] and [`assets`], and its
//! identity function reads the session cookie ([`session_identity`]).

pub mod clock;
pub mod console;
pub mod demo;
pub mod doctor;
pub mod forward;
pub mod logging;
pub mod mail;
pub mod open;
mod pause;
pub mod random;
pub mod serve;
pub mod settings;
pub mod stop;
pub mod web;
pub mod webhooks;
pub mod worker;

pub use web::{
    Mount, Site, assets, backend,
    identity::{Identified, Identify, session_identity},
    pages, with_caller,
};
