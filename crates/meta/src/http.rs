//! The HTTP client, and reading an answer within bounds.

use std::time::Duration;

use crate::error::Error;

/// Largest answer accepted, in bytes.
const LARGEST_BODY: usize = 1024 * 1024;

/// How long a call may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// From the start of a call to the last byte of its answer.
    pub total: Duration,
    /// Until the connection stands.
    pub connect: Duration,
}

impl Default for Limits {
    /// 15 s in all, 5 s for the connection.
    fn default() -> Self {
        Self { total: Duration::from_secs(15), connect: Duration::from_secs(5) }
    }
}

/// The HTTP client for all calls to Meta, with the usual [`Limits`]: it follows
/// no redirect, uses no proxy of the environment, sends no `Referer` and never
/// repeats a request by itself.
///
/// # Errors
///
/// [`Error::Setup`] when TLS cannot be set up on this machine.
pub fn http_client() -> Result<reqwest::Client, Error> {
    http_client_with(Limits::default())
}

/// [`http_client`] with other limits.
///
/// # Errors
///
/// As there.
#[expect(clippy::disallowed_methods, reason = "the one place where the client is built")]
pub fn http_client_with(limits: Limits) -> Result<reqwest::Client, Error> {
    reqwest::Client::builder()
        .timeout(limits.total)
        .connect_timeout(limits.connect)
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .no_proxy()
        .referer(false)
        .user_agent(concat!("renova/", env!("CARGO_PKG_VERSION")))
        .build()
        .map_err(|_| Error::Setup)
}

/// The whole body, if it is no larger than 1 MiB. Reading stops at the first
/// byte too many.
pub(crate) async fn body(mut response: reqwest::Response) -> Result<Vec<u8>, Error> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| Error::from_http(&error))? {
        if body.len() + chunk.len() > LARGEST_BODY {
            return Err(Error::TooLarge);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}
