//! Sending: what a control route asks for goes out before it answers, what
//! failed goes out again when the simulated clock says so.

use std::time::Duration;

use futures::future::join_all;

use super::channel::{Channel, Route};
use super::outbox::{Kind, Standing};
use super::sender::{self, Answered, Post};
use super::{Event, NotSent, signature};
use crate::Sim;
use crate::state::Meta;

/// How often those that wait are looked at while nobody moves the clock.
const LOOK: Duration = Duration::from_secs(1);

pub(super) const FORM: &str = "application/x-www-form-urlencoded";
const JSON: &str = "application/json";

/// What became of something that was sent at once.
pub(crate) struct Sent {
    pub number: u64,
    pub mids: Vec<String>,
    pub answered: Result<Answer, String>,
}

pub(crate) struct Answer {
    pub status: u16,
    pub text: String,
}

impl Sim {
    /// Builds a notification with `count` updates and sends it at once.
    pub(crate) async fn notify(
        &self,
        channel: &Channel,
        event: Event,
        text: Option<&str>,
        count: usize,
    ) -> Result<Sent, NotSent> {
        let (number, mids) = self.with(|meta| meta.prepare(channel, event, text, count))?;
        Ok(Sent { number, mids, answered: self.send_once(number).await })
    }

    /// Sends a former delivery again, byte for byte, as one of its own.
    pub(crate) async fn replay(&self, number: u64) -> Option<Sent> {
        let again = self.with(|meta| {
            let former = meta.state.webhooks.get(number)?;
            let (kind, post) = (former.kind, former.post.clone());
            let what = format!("{} (replay of {number})", former.what);
            let again = meta.put(kind, what, None, post, Standing::Held);
            // The tester's own doing: its failure is neither repeated nor counted.
            meta.state.webhooks.get_mut(again)?.repeated = false;
            Some(again)
        })?;
        let answered = self.send_once(again).await;
        Some(Sent { number: again, mids: Vec::new(), answered })
    }

    /// Sends what is in the outbox under this number, whatever its time.
    pub(crate) async fn send_once(&self, number: u64) -> Result<Answer, String> {
        let Some(post) = self.with(|meta| meta.take(number)) else {
            return Err("it is on its way already".to_owned());
        };
        let answered = sender::post(&post).await;
        self.with(|meta| meta.record_attempt(number, &answered));
        answered.map(|Answered { status, text }| Answer { status, text })
    }

    /// Sends everything that is due; returns when nothing is any more. One
    /// caller at a time, so that whoever has waited knows that all is done.
    pub(crate) async fn send_due(&self) {
        let _turn = self.shared.sending.lock().await;
        loop {
            let due = self.with(|meta| meta.state.webhooks.due(meta.now_ms));
            if due.is_empty() {
                return;
            }
            join_all(due.into_iter().map(|number| self.send_once(number))).await;
        }
    }

    /// Has somebody look after those that wait, where a runtime is there to do it.
    pub(crate) fn attend(&self) {
        let Ok(runtime) = tokio::runtime::Handle::try_current() else {
            return;
        };
        if self.with(|meta| std::mem::replace(&mut meta.state.webhooks.attended, true)) {
            return;
        }
        let sim = self.clone();
        runtime.spawn(async move {
            loop {
                sim.send_due().await;
                let done = sim.with(|meta| {
                    let done = !meta.state.webhooks.has_waiting();
                    meta.state.webhooks.attended = !done;
                    done
                });
                if done {
                    return;
                }
                tokio::time::sleep(LOOK).await;
            }
        });
    }
}

impl Meta<'_> {
    fn prepare(
        &mut self,
        channel: &Channel,
        event: Event,
        text: Option<&str>,
        count: usize,
    ) -> Result<(u64, Vec<String>), NotSent> {
        let field = channel.field(event)?;
        let url = self.callback_of(channel.object())?;
        self.check_subscribed(channel, field)?;
        let failed = || NotSent::NoSuchEvent("the notification cannot be written".to_owned());
        let written = self.write(channel, event, text, count).ok_or_else(failed)?;
        let secret = self.secret_of(channel).to_owned();
        let signature = Some(signature::of_body(&secret, &written.body).ok_or_else(failed)?);
        let post = Post { url, content_type: JSON, signature, body: written.body };
        let what = format!("{} of {}", event.name(), channel.name);
        let number = self.put(Kind::Webhook, what, Some(channel.subscribed_on.clone()), post, Standing::Held);
        Ok((number, written.mids))
    }

    /// Puts a notification that belongs to no Page into the outbox, due now.
    pub(super) fn queue_notification(&mut self, url: String, what: String, body: String) {
        let signature = signature::of_body(&self.config.app_secret, &body);
        let post = Post { url, content_type: JSON, signature, body };
        self.put(Kind::Webhook, what, None, post, Standing::Waiting(self.now_ms));
    }

    /// Notifications of Instagram Login are signed with that app's own secret.
    fn secret_of(&self, channel: &Channel) -> &str {
        match channel.route {
            Route::InstagramLogin => &self.config.instagram_app_secret,
            _ => &self.config.app_secret,
        }
    }
}
