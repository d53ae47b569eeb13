//! What has been sent and what waits to be sent again. A failed notification is
//! repeated at once, then less and less often; after an hour of failures in a
//! row the app is unsubscribed from that Page or account.

use std::collections::{BTreeMap, VecDeque};

use serde_json::{Value, json};

use super::sender::{Answered, Post};
use crate::clock::{HOUR, rfc3339};
use crate::state::Meta;

const KEPT: usize = 500;

/// Milliseconds from one failure to the next attempt; the last one repeats.
const DELAYS: [i64; 5] = [0, 10_000, 60_000, 600_000, 1_800_000];

/// After this the app is unsubscribed from the Page or account.
const PATIENCE: i64 = HOUR * 1000;

/// Notifications that belong to no Page are dropped after 36 hours.
const PATIENCE_WITHOUT_PAGE: i64 = 36 * HOUR * 1000;

const UNSUBSCRIBED: &str = "the app is no longer subscribed";

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Kind {
    Webhook,
    Deauthorize,
    DataDeletion,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Standing {
    /// Whoever has put it here sends it.
    Held,
    /// To be sent at this simulated time, in milliseconds.
    Waiting(i64),
    OnTheWay,
    Delivered,
    /// With the reason.
    GivenUp(&'static str),
}

pub(crate) struct Delivery {
    pub number: u64,
    pub kind: Kind,
    /// For people: `message of @loja.aurora`.
    pub what: String,
    /// The subscription that ends with too many failures.
    pub subscribed_on: Option<String>,
    pub(super) post: Post,
    pub standing: Standing,
    /// Whether a failure is followed by further attempts.
    pub(super) repeated: bool,
    created_ms: i64,
    pub attempts: Vec<Attempt>,
}

pub(crate) struct Attempt {
    pub at_ms: i64,
    /// Or why there was no answer.
    pub outcome: Result<u16, String>,
}

#[derive(Default)]
pub(crate) struct Outbox {
    deliveries: VecDeque<Delivery>,
    sent: u64,
    /// Since when in a row, by subscription, in milliseconds.
    failing_since: BTreeMap<String, i64>,
    last_mid: BTreeMap<String, String>,
    /// Whether somebody looks after those that wait.
    pub(super) attended: bool,
}

impl Outbox {
    pub(super) fn last_mid(&self, channel: &str) -> Option<String> {
        self.last_mid.get(channel).cloned()
    }

    pub(super) fn remember_mid(&mut self, channel: &str, mid: &str) {
        self.last_mid.insert(channel.to_owned(), mid.to_owned());
    }

    pub(super) fn get(&self, number: u64) -> Option<&Delivery> {
        self.deliveries.iter().find(|delivery| delivery.number == number)
    }

    pub(super) fn get_mut(&mut self, number: u64) -> Option<&mut Delivery> {
        self.deliveries.iter_mut().find(|delivery| delivery.number == number)
    }

    /// The newest first.
    pub fn newest(&self) -> impl Iterator<Item = &Delivery> {
        self.deliveries.iter().rev()
    }

    pub(super) fn due(&self, now_ms: i64) -> Vec<u64> {
        let is_due = |standing: &Standing| matches!(standing, Standing::Waiting(at) if *at <= now_ms);
        self.deliveries.iter().filter(|delivery| is_due(&delivery.standing)).map(|delivery| delivery.number).collect()
    }

    /// Whether something waits and nobody looks after it.
    pub fn is_neglected(&self) -> bool {
        !self.attended && self.has_waiting()
    }

    pub(super) fn has_waiting(&self) -> bool {
        self.deliveries.iter().any(|delivery| matches!(delivery.standing, Standing::Waiting(_)))
    }

    /// For a reset. The numbers go on, and so does who looks after the outbox.
    pub fn emptied(&self) -> Outbox {
        Outbox { sent: self.sent, attended: self.attended, ..Outbox::default() }
    }

    /// What waits goes on waiting.
    pub fn forget_finished(&mut self) {
        self.deliveries.retain(|delivery| !matches!(delivery.standing, Standing::Delivered | Standing::GivenUp(_)));
    }
}

impl Meta<'_> {
    /// Puts something into the outbox; `standing` says who sends it.
    pub(super) fn put(
        &mut self,
        kind: Kind,
        what: String,
        subscribed_on: Option<String>,
        post: Post,
        standing: Standing,
    ) -> u64 {
        let created_ms = self.now_ms;
        let outbox = &mut self.state.webhooks;
        outbox.sent += 1;
        if outbox.deliveries.len() >= KEPT {
            outbox.deliveries.pop_front();
        }
        let number = outbox.sent;
        outbox.deliveries.push_back(Delivery {
            number,
            kind,
            what,
            subscribed_on,
            post,
            standing,
            repeated: kind == Kind::Webhook,
            created_ms,
            attempts: Vec::new(),
        });
        number
    }

    /// Takes one for sending; nothing where somebody else has it already.
    pub(super) fn take(&mut self, number: u64) -> Option<Post> {
        let delivery = self.state.webhooks.get_mut(number)?;
        if !matches!(delivery.standing, Standing::Waiting(_) | Standing::Held) {
            return None;
        }
        delivery.standing = Standing::OnTheWay;
        Some(delivery.post.clone())
    }

    pub(super) fn record_attempt(&mut self, number: u64, answered: &Result<Answered, String>) {
        let now_ms = self.now_ms;
        let Some(delivery) = self.state.webhooks.get_mut(number) else {
            return;
        };
        let outcome = answered.as_ref().map(|answered| answered.status).map_err(Clone::clone);
        let delivered = outcome == Ok(200);
        delivery.attempts.push(Attempt { at_ms: now_ms, outcome });
        delivery.standing = if delivered { Standing::Delivered } else { delivery.after_failure(now_ms) };
        let waits = matches!(delivery.standing, Standing::Waiting(_));
        let Some(subscription) = delivery.subscribed_on.clone() else {
            return;
        };
        if delivered {
            self.state.webhooks.failing_since.remove(&subscription);
        } else if waits {
            self.count_failure(&subscription);
        }
    }

    fn count_failure(&mut self, subscription: &str) {
        let now_ms = self.now_ms;
        let since = *self.state.webhooks.failing_since.entry(subscription.to_owned()).or_insert(now_ms);
        // It may have ended while this one was on its way.
        if now_ms - since >= PATIENCE || !self.is_subscribed(subscription) {
            self.give_up(subscription);
        }
    }

    fn give_up(&mut self, subscription: &str) {
        let outbox = &mut self.state.webhooks;
        outbox.failing_since.remove(subscription);
        for delivery in &mut outbox.deliveries {
            if delivery.subscribed_on.as_deref() == Some(subscription)
                && matches!(delivery.standing, Standing::Waiting(_))
            {
                delivery.standing = Standing::GivenUp(UNSUBSCRIBED);
            }
        }
        self.unsubscribe(subscription);
        tracing::info!(subscription, "webhooks failed for too long: the app is unsubscribed");
    }
}

impl Delivery {
    fn after_failure(&self, now_ms: i64) -> Standing {
        if !self.repeated {
            return Standing::GivenUp("sent once");
        }
        if self.subscribed_on.is_none() && now_ms - self.created_ms >= PATIENCE_WITHOUT_PAGE {
            return Standing::GivenUp("36 hours without success");
        }
        let failures = self.attempts.len().clamp(1, DELAYS.len());
        Standing::Waiting(now_ms + DELAYS[failures - 1])
    }

    pub fn to_json(&self) -> Value {
        let attempts: Vec<Value> = self.attempts.iter().map(Attempt::to_json).collect();
        let (standing, detail) = match &self.standing {
            Standing::Waiting(at) => ("waiting", Some(rfc3339(*at))),
            Standing::Held | Standing::OnTheWay => ("on_the_way", None),
            Standing::Delivered => ("delivered", None),
            Standing::GivenUp(reason) => ("given_up", Some((*reason).to_owned())),
        };
        json!({
            "number": self.number,
            "kind": self.kind.name(),
            "what": self.what,
            "url": self.post.url,
            "body": self.post.body,
            "signature": self.post.signature,
            "standing": standing,
            "detail": detail,
            "attempts": attempts,
        })
    }
}

impl Attempt {
    fn to_json(&self) -> Value {
        let (status, error) = match &self.outcome {
            Ok(status) => (Some(*status), None),
            Err(error) => (None, Some(error)),
        };
        json!({"at": rfc3339(self.at_ms), "status": status, "error": error})
    }
}

impl Kind {
    pub fn name(self) -> &'static str {
        match self {
            Kind::Webhook => "webhook",
            Kind::Deauthorize => "deauthorize",
            Kind::DataDeletion => "data_deletion",
        }
    }
}
