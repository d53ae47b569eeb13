//! The two ways by which people hear of their connections, and how each can fail.

use std::{
    collections::HashSet,
    sync::{
        Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
};

use async_trait::async_trait;
use lifecycle::ids::ConnectionId;
use renewal::{LinkMail, Mail, MailFailure, Mailer, SentStatus, WebhookFailure, WebhookMessage, WebhookSender};
use serde_json::Value;

/// A mail server and the platform's end of the webhooks.
#[derive(Default)]
pub struct Outside {
    pub letters: Mutex<Vec<Mail>>,
    pub mail_is_down: AtomicBool,
    /// Of everybody whose name begins so, mail is refused for good.
    pub boxes_gone: Mutex<Option<&'static str>>,
    pub dead_letters: AtomicUsize,
    pub platform_is_down: AtomicBool,
    /// Of which tokens (by connection and generation) the platform has heard that they end soon.
    pub end_soon: Mutex<HashSet<(ConnectionId, i64)>>,
    /// And of which that they have stopped.
    pub stopped: Mutex<HashSet<(ConnectionId, i64)>>,
}

/// The events that tell of a connection that has stopped.
const STOPS: [&str; 4] =
    ["connection.revoked", "connection.expired", "connection.account_lost", "connection.missing_permission"];

#[async_trait]
impl Mailer for Outside {
    async fn send(&self, mail: &Mail) -> Result<(), MailFailure> {
        if self.mail_is_down.load(Ordering::Relaxed) {
            return Err(MailFailure::Later("421".to_owned()));
        }
        if self.boxes_gone.lock().unwrap().is_some_and(|name| mail.to.name.starts_with(name)) {
            self.dead_letters.fetch_add(1, Ordering::Relaxed);
            return Err(MailFailure::Never("550".to_owned()));
        }
        self.letters.lock().unwrap().push(mail.clone());
        Ok(())
    }

    async fn send_link(&self, _: &LinkMail) -> Result<(), MailFailure> {
        Ok(())
    }
}

#[async_trait]
impl WebhookSender for Outside {
    async fn post(&self, _: &str, message: &WebhookMessage) -> Result<SentStatus, WebhookFailure> {
        if self.platform_is_down.load(Ordering::Relaxed) {
            return Err(WebhookFailure::Unreachable);
        }
        let body: Value = serde_json::from_str(&message.body).unwrap();
        let heard = match body["type"].as_str().unwrap() {
            "connection.expires_soon" => &self.end_soon,
            kind if STOPS.contains(&kind) => &self.stopped,
            _ => return Ok(SentStatus { status: 204, retry_after_ms: None }),
        };
        let id = body["data"]["connection"].as_str().unwrap().parse().unwrap();
        let generation = body["data"]["token_generation"].as_i64().unwrap();
        heard.lock().unwrap().insert((id, generation));
        Ok(SentStatus { status: 204, retry_after_ms: None })
    }
}
