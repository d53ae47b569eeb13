//! Renova's banner and wizard as Leptos components for any host.
//!
//! The host hands in a [`Transport`]: banner and wizard know no server function and no address
//! of their own. Enable `ssr` in the host's server build and `hydrate` in its browser build; each
//! feature forwards to Leptos.
//!
//! # In a host
//!
//! - Put both into routes with `SsrMode::Async`: the first HTML is then complete, and works
//!   before the WebAssembly has arrived and without it.
//! - The style sheet is Renova's `style/` (cascade layers, custom properties): a host can bring
//!   its own for the same class names.
//! - Banner and wizard of one browser wake each other through the `BroadcastChannel` `renova`.

pub mod html;
pub mod icon;
pub mod model;
pub mod parts;
pub mod texts;
pub mod transport;

#[cfg(feature = "remote")]
pub mod remote;
pub mod start;

mod banner;
mod live;
mod loaded;
mod renewal;

pub use banner::{Counts, RenewalBanner};
pub use model::*;
#[cfg(feature = "remote")]
pub use remote::RemoteTransport;
pub use renewal::RenewalWizard;
pub use start::RenewalStart;
pub use transport::{FormCall, Hrefs, LoginTicket, LoginWindow, Pending, SharedTransport, StartRenewal, Transport};

#[cfg(all(test, feature = "ssr"))]
mod test_transport;
