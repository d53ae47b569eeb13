//! Events on their way to the platform: the loop that sends what is due, and the client that posts.

mod guard;

use std::{sync::Arc, time::Duration};

use async_trait::async_trait;
use http::{HeaderMap, header};
use lifecycle::{Clock as _, Timestamp, clock::SECOND_MS};
use renewal::{Error, Renova, SentStatus, WebhookFailure, WebhookMessage, WebhookSender, webhook_address};
use store::{DeliveryLane, Wake};
use tokio::task::{JoinError, JoinSet};

use crate::{clock::SystemClock, pause::pause_or_wake, stop::Stop};

use guard::{Guard, Refused};

/// From the start of a call to the head of its answer.
const DEADLINE: Duration = Duration::from_secs(15);
const CONNECT: Duration = Duration::from_secs(5);
const IDLE: Duration = Duration::from_secs(30);
/// Between two looks at what is due.
const EVERY: Duration = Duration::from_millis(500);
/// How many are under way at once. Each is a connection, of which a process has about a thousand.
const STEADY_AT_ONCE: usize = 256;
const FAILING_AT_ONCE: usize = 128;

/// Sends what is due, as it comes, until the process stops. Endpoints that fail have a lane of their
/// own, so that waiting for them holds up nobody else.
pub async fn deliver(renova: Arc<Renova>, stop: Stop) {
    tokio::join!(
        deliver_in(DeliveryLane::Steady, STEADY_AT_ONCE, &renova, &stop),
        deliver_in(DeliveryLane::Failing, FAILING_AT_ONCE, &renova, &stop),
    );
}

async fn deliver_in(lane: DeliveryLane, at_once: usize, renova: &Arc<Renova>, stop: &Stop) {
    let mut under_way = JoinSet::new();
    let mut wakes = renova.storage().wakes(Wake::Webhooks);
    loop {
        while let Some(ended) = under_way.try_join_next() {
            tell(ended);
        }
        let room = at_once - under_way.len();
        let claimed = renova.claim_webhooks(lane, room).await.unwrap_or_else(|error| {
            tracing::warn!(code = error.code(), %error, "no delivery could be claimed; it is tried again");
            Vec::new()
        });
        let pause = if claimed.is_empty() { EVERY } else { Duration::ZERO };
        for held in claimed {
            let renova = Arc::clone(renova);
            under_way.spawn(async move { renova.send_webhook(held).await });
        }
        tokio::select! {
            () = stop.requested() => break,
            // Its place, or its endpoint's, is free for the next.
            Some(ended) = under_way.join_next(), if !under_way.is_empty() => tell(ended),
            () = pause_or_wake(pause, &mut wakes) => {}
        }
    }
    while let Some(ended) = under_way.join_next().await {
        tell(ended);
    }
}

fn tell(ended: Result<Result<(), Error>, JoinError>) {
    match ended {
        Ok(Ok(())) => {}
        Ok(Err(error)) => tracing::warn!(code = error.code(), %error, "a delivery failed; it is sent again"),
        Err(error) => tracing::error!(%error, "a delivery ended early; it is sent again"),
    }
}

/// Posts to public addresses only, and to this machine where that is allowed. Follows no redirect,
/// uses no proxy of the environment, and reads nothing of an answer but its head.
pub struct HttpWebhooks {
    http: reqwest::Client,
    loopback: bool,
}

impl HttpWebhooks {
    /// `loopback` allows this machine itself: for demo and tests.
    ///
    /// # Errors
    /// [`meta::Error::Setup`] when TLS cannot be set up on this machine.
    pub fn new(loopback: bool) -> Result<Self, Box<meta::Error>> {
        Self::with(Guard::new(loopback), DEADLINE, loopback)
    }

    #[expect(clippy::disallowed_methods, reason = "the one client that resolves names by its own guard")]
    fn with(guard: Guard, deadline: Duration, loopback: bool) -> Result<Self, Box<meta::Error>> {
        let http = reqwest::Client::builder()
            .timeout(deadline)
            .connect_timeout(CONNECT)
            .pool_idle_timeout(IDLE)
            .pool_max_idle_per_host(1)
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .no_proxy()
            .referer(false)
            .user_agent(concat!("renova/", env!("CARGO_PKG_VERSION")))
            .dns_resolver(Arc::new(guard))
            .build()
            .map_err(|_| Box::new(meta::Error::Setup))?;
        Ok(Self { http, loopback })
    }
}

#[async_trait]
impl WebhookSender for HttpWebhooks {
    async fn post(&self, url: &str, message: &WebhookMessage) -> Result<SentStatus, WebhookFailure> {
        // Again, and not only when it was added: an address given as a number is never resolved.
        let url = webhook_address(url, self.loopback).map_err(|_| WebhookFailure::AddressRefused)?;
        let request = self
            .http
            .post(url)
            .header(header::CONTENT_TYPE, "application/json")
            .header("webhook-id", message.id.as_str())
            .header("webhook-timestamp", message.timestamp)
            .header("webhook-signature", message.signature.as_str())
            .body(message.body.clone());
        let response = request.send().await.map_err(|error| failure(&error))?;
        let retry_after_ms = retry_after(response.headers(), SystemClock.now());
        Ok(SentStatus { status: response.status().as_u16(), retry_after_ms })
    }
}

fn failure(error: &reqwest::Error) -> WebhookFailure {
    let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(it) = cause {
        if it.is::<Refused>() {
            return WebhookFailure::AddressRefused;
        }
        cause = it.source();
    }
    if error.is_timeout() { WebhookFailure::TimedOut } else { WebhookFailure::Unreachable }
}

/// Seconds, or an instant.
fn retry_after(headers: &HeaderMap, now: Timestamp) -> Option<i64> {
    let text = headers.get(header::RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = text.parse::<u32>() {
        return Some(i64::from(seconds) * SECOND_MS);
    }
    let instant = httpdate::parse_http_date(text).ok()?;
    let since_epoch = instant.duration_since(std::time::UNIX_EPOCH).ok()?;
    Some(Timestamp(i64::try_from(since_epoch.as_millis()).ok()?).since(now).max(0))
}

#[cfg(test)]
mod tests;
