//! Control routes for what the simulator sends: notifications, their repetition
//! and the callbacks of a person who leaves.

use axum::body::Bytes;
use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use serde_json::{Value, json};

use super::bodies::{AppFieldsBody, DataDeletionBody, DeauthorizeBody, ReplayBody, WebhookBody};
use super::{ControlError, Outcome, Who, answer, page_id, read, who};
use crate::Sim;
use crate::app_fields;
use crate::state::Meta;
use crate::webhooks::{self, Event, Kind, Leaving, NotSent, Sent};

const MOST_UPDATES: usize = 1_000;

/// Answers `{delivered, status, mid, …}` once the receiver has answered.
pub(super) async fn webhook(State(sim): State<Sim>, body: Bytes) -> Response {
    answer(match read::<WebhookBody>(&body) {
        Ok(wanted) => send_event(&sim, &wanted).await,
        Err(error) => Err(error),
    })
}

pub(super) async fn send_event(sim: &Sim, wanted: &WebhookBody) -> Outcome {
    let event = Event::deserialize(json!(wanted.event)).map_err(|_| {
        let known: Vec<&str> = Event::ALL.iter().map(|(_, name)| *name).collect();
        ControlError::about("event", format!("no event {:?}; known: {}", wanted.event, known.join(", ")))
    })?;
    let count = wanted.count.unwrap_or(1);
    if !(1..=MOST_UPDATES).contains(&count) {
        return Err(ControlError::about("count", format!("count is 1 to {MOST_UPDATES}")));
    }
    let channel = sim.with(|meta| {
        meta.channel(&wanted.channel).ok_or_else(|| {
            let known: Vec<String> = meta.channels().into_iter().map(|channel| channel.name).collect();
            let text = format!("no channel {:?}; known: {}", wanted.channel, known.join(", "));
            ControlError::about("channel", text)
        })
    })?;
    match sim.notify(&channel, event, wanted.text.as_deref(), count).await {
        Ok(sent) => Ok(outcome(&sent)),
        // As at Meta: nothing is sent, and nobody is told why. A tester is.
        Err(NotSent::NotSubscribed(reason)) => {
            Ok(json!({"delivered": false, "status": null, "mid": null, "reason": reason}))
        }
        Err(error) => Err(about_sending(error, "webhook_url")),
    }
}

fn about_sending(error: NotSent, address: &str) -> ControlError {
    match error {
        NotSent::NoSuchEvent(text) => ControlError::about("event", text),
        NotSent::NoAddress(text) | NotSent::NotSubscribed(text) => ControlError::about(address, text),
    }
}

fn outcome(sent: &Sent) -> Value {
    let (status, reason) = match &sent.answered {
        Ok(answered) => (Some(answered.status), None),
        Err(error) => (None, Some(error.as_str())),
    };
    let mut body = json!({
        "delivered": status == Some(200),
        "status": status,
        "mid": sent.mids.first(),
        "number": sent.number,
    });
    if sent.mids.len() > 1 {
        body["mids"] = json!(sent.mids);
    }
    if let Some(reason) = reason {
        body["reason"] = json!(reason);
    }
    body
}

/// As Meta's dashboard does when the callback is saved.
pub(super) async fn handshake(State(sim): State<Sim>) -> Response {
    answer(shake_hands(&sim).await)
}

pub(super) async fn shake_hands(sim: &Sim) -> Outcome {
    let (url, token) = sim.with(|meta| {
        let url = meta.callback_of("page").map_err(|error| about_sending(error, "webhook_url"))?;
        Ok((url, meta.state.settings.verify_token.clone().unwrap_or_default()))
    })?;
    let verified = webhooks::handshake(&url, &token).await;
    Ok(json!({"verified": verified.is_ok(), "reason": verified.err()}))
}

/// The newest last, as the calls.
pub(super) async fn deliveries(State(sim): State<Sim>) -> Response {
    answer(Ok(sim.with(|meta| {
        let mut all: Vec<Value> = meta.state.webhooks.newest().map(|delivery| delivery.to_json()).collect();
        all.reverse();
        json!(all)
    })))
}

pub(super) async fn forget_deliveries(State(sim): State<Sim>) -> Response {
    sim.with(|meta| meta.state.webhooks.forget_finished());
    answer(Ok(json!({"ok": true})))
}

pub(super) async fn replay(State(sim): State<Sim>, body: Bytes) -> Response {
    answer(match read::<ReplayBody>(&body) {
        Ok(wanted) => send_again(&sim, wanted.number).await,
        Err(error) => Err(error),
    })
}

pub(super) async fn send_again(sim: &Sim, number: u64) -> Outcome {
    let sent = sim.replay(number).await.ok_or_else(|| {
        ControlError::about("number", format!("no delivery has the number {number}; /_sim/deliveries lists them"))
    })?;
    Ok(outcome(&sent))
}

/// As if somebody had changed the app's subscription in the dashboard.
pub(super) async fn app_fields(State(sim): State<Sim>, body: Bytes) -> Response {
    answer(read(&body).and_then(|wanted: AppFieldsBody| {
        let Some((object, known)) = app_fields::object(&wanted.object) else {
            let objects: Vec<&str> = app_fields::objects().collect();
            let text = format!("no object {:?}; known: {}", wanted.object, objects.join(", "));
            return Err(ControlError::about("object", text));
        };
        if let Some(field) = wanted.fields.iter().find(|field| !known.contains(&field.as_str())) {
            let text = format!("{object} has no field {field:?}; known: {}", known.join(", "));
            return Err(ControlError::about("fields", text));
        }
        Ok(sim.with(|meta| {
            meta.state.app_subscriptions.entry(object.to_owned()).or_default().fields = wanted.fields;
            meta.state.changed = true;
            json!({"ok": true})
        }))
    }))
}

pub(super) async fn deauthorize(State(sim): State<Sim>, body: Bytes) -> Response {
    answer(match read::<DeauthorizeBody>(&body) {
        Ok(wanted) => remove_app(&sim, &wanted).await,
        Err(error) => Err(error),
    })
}

pub(super) async fn remove_app(sim: &Sim, wanted: &DeauthorizeBody) -> Outcome {
    let leaving = sim.with(|meta| {
        let leaving = match (&wanted.page, &wanted.person, &wanted.instagram) {
            (Some(page), None, None) => Leaving::Page(page_id(meta, page)?),
            _ => match who(meta, wanted.person.as_deref(), wanted.instagram.as_deref())? {
                Who::Person(person) => Leaving::Person(person),
                Who::Instagram(account) => Leaving::Instagram(account),
            },
        };
        if wanted.callback {
            // Before anything has happened.
            meta.check_callback(Kind::Deauthorize).map_err(|error| about_sending(error, "deauthorize_url"))?;
        }
        match &leaving {
            Leaving::Person(person) => meta.deauthorize(person),
            Leaving::Instagram(account) => meta.deauthorize_instagram(account),
            Leaving::Page(page) => remove_from_page(meta, page),
        }
        Ok(leaving)
    })?;
    let mut body = json!({"ok": true});
    if wanted.callback {
        let sent = sim.call_back(Kind::Deauthorize, &leaving).await;
        body["callback"] = outcome(&sent.map_err(|error| about_sending(error, "deauthorize_url"))?);
    }
    sim.send_due().await;
    Ok(body)
}

/// The Page's people go on with their other Pages.
fn remove_from_page(meta: &mut Meta<'_>, page: &str) {
    let holders: Vec<String> = meta.state.grants.keys().cloned().collect();
    for holder in holders {
        meta.invalidate(&holder, Some(page), 458);
        if let Some(grant) = meta.state.grants.get_mut(&holder) {
            grant.pages.remove(page);
        }
    }
    meta.unsubscribe(page);
}

/// Answers what came back, and whether Meta would take it.
pub(super) async fn data_deletion(State(sim): State<Sim>, body: Bytes) -> Response {
    answer(match read::<DataDeletionBody>(&body) {
        Ok(wanted) => ask_for_deletion(&sim, &wanted).await,
        Err(error) => Err(error),
    })
}

pub(super) async fn ask_for_deletion(sim: &Sim, wanted: &DataDeletionBody) -> Outcome {
    let leaving = sim.with(|meta| {
        Ok(match who(meta, wanted.person.as_deref(), wanted.instagram.as_deref())? {
            Who::Person(person) => Leaving::Person(person),
            Who::Instagram(account) => Leaving::Instagram(account),
        })
    })?;
    let sent = sim.call_back(Kind::DataDeletion, &leaving).await;
    let sent = sent.map_err(|error| about_sending(error, "data_deletion_url"))?;
    let read = match &sent.answered {
        Ok(answered) => webhooks::deletion_answer(answered.status, &answered.text),
        Err(error) => Err(error.clone()),
    };
    let mut body = outcome(&sent);
    body["accepted"] = json!(read.is_ok());
    match read {
        Ok((url, code)) => {
            body["url"] = json!(url);
            body["confirmation_code"] = json!(code);
        }
        Err(problem) => body["problem"] = json!(problem),
    }
    Ok(body)
}
