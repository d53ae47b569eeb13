//! Resolves names for webhooks, and keeps what leads into private networks away: a connection is made
//! to an address that was looked at, never to a name.

use std::{
    io,
    net::{IpAddr, SocketAddr},
    sync::Arc,
};

use futures::future::BoxFuture;
use renewal::is_public_address;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};

/// How names become addresses.
type Lookup = Arc<dyn Fn(String) -> BoxFuture<'static, io::Result<Vec<IpAddr>>> + Send + Sync>;

/// A name that leads nowhere that may be called.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("the name leads into a private or special network")]
pub(super) struct Refused;

#[derive(Clone)]
pub(super) struct Guard {
    lookup: Lookup,
    loopback: bool,
}

impl Guard {
    /// By the system's resolver.
    pub(super) fn new(loopback: bool) -> Self {
        let lookup = |name: String| -> BoxFuture<'static, io::Result<Vec<IpAddr>>> {
            Box::pin(async move {
                let found = tokio::net::lookup_host((name, 0)).await?;
                Ok(found.map(|address| address.ip()).collect())
            })
        };
        Self::with(Arc::new(lookup), loopback)
    }

    pub(super) fn with(lookup: Lookup, loopback: bool) -> Self {
        Self { lookup, loopback }
    }

    pub(super) async fn addresses(
        &self,
        name: String,
    ) -> Result<Vec<SocketAddr>, Box<dyn std::error::Error + Send + Sync>> {
        let found = (self.lookup)(name).await?;
        let allowed = |address: &IpAddr| is_public_address(*address) || (self.loopback && address.is_loopback());
        let addresses: Vec<_> = found.into_iter().filter(allowed).map(|address| SocketAddr::new(address, 0)).collect();
        if addresses.is_empty() { Err(Box::new(Refused)) } else { Ok(addresses) }
    }
}

impl Resolve for Guard {
    fn resolve(&self, name: Name) -> Resolving {
        let guard = self.clone();
        Box::pin(async move {
            let addresses = guard.addresses(name.as_str().to_owned()).await?;
            let addresses: Addrs = Box::new(addresses.into_iter());
            Ok(addresses)
        })
    }
}
