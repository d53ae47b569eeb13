//! From a request to the person who is asking.

use std::sync::Arc;

use app::context::UiContext;
use futures::future::BoxFuture;
use http::request::Parts;
use renewal::{Identity, Renova};
use secrecy::ExposeSecret as _;

use super::{cookies, functions};

/// `None`: nobody is signed in.
pub type Identified = BoxFuture<'static, Result<Option<Identity>, renewal::Error>>;

/// A host's way to tell who is asking. Must look at nothing but what the browser cannot forge,
/// such as a session cookie; the organization comes from there, never from the address.
pub trait Identify: Fn(&Parts) -> Identified + Clone + Send + Sync + 'static {}

impl<F: Fn(&Parts) -> Identified + Clone + Send + Sync + 'static> Identify for F {}

/// By Renova's own session cookie.
pub fn session_identity(ui: &UiContext) -> impl Identify + use<> {
    let renova = Arc::clone(&ui.renova);
    let cookie = ui.cookies.name.clone();
    move |parts: &Parts| -> Identified {
        let renova: Arc<Renova> = Arc::clone(&renova);
        let token = cookies::read(&parts.headers, &cookie);
        let unattended = functions::name(parts.uri.path()).is_some_and(functions::is_polled);
        Box::pin(async move {
            match token {
                Some(token) if unattended => renova.identify_unattended(token.expose_secret()).await,
                Some(token) => renova.identify(token.expose_secret()).await,
                None => Ok(None),
            }
        })
    }
}
