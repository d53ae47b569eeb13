//! What is sent, what is asked, and what goes wrong on demand.

use serde_json::Value;

use super::parts::{bad, button, card, cards, good, input, select, table, time};
use crate::faults::FaultKind;
use crate::html::escape;
use crate::state::Meta;
use crate::webhooks::{Delivery, Event, Standing};

const SHOWN_CALLS: usize = 40;
const SHOWN_DELIVERIES: usize = 20;

/// The calls that a fault can wait for by a select box.
const CALLS: [&str; 22] = [
    "graph:/me/accounts",
    "graph:/me",
    "graph:/me/permissions",
    "graph:/me/businesses",
    "graph:/debug_token",
    "graph:/oauth/access_token",
    "graph:/oauth/access_token?grant_type=fb_exchange_token",
    "graph:/{id}",
    "graph:/{id}/subscribed_apps",
    "graph:/{id}/subscriptions",
    "graph:/{id}/owned_pages",
    "graph:/{id}/client_pages",
    "graph:/*",
    "www:/dialog/oauth",
    "ig-www:/oauth/authorize",
    "ig-api:/oauth/access_token",
    "ig-graph:/access_token",
    "ig-graph:/refresh_access_token",
    "ig-graph:/me",
    "ig-graph:/{id}",
    "ig-graph:/{id}/subscribed_apps",
    "ig-graph:/*",
];

pub(super) fn webhooks(meta: &Meta<'_>) -> String {
    let channels = meta.channels();
    let names = channels.iter().map(|channel| (channel.id.as_str(), channel.name.clone()));
    let events = Event::ALL.iter().map(|(_, name)| (*name, name.replace('_', " ")));
    let mut out = format!(
        "<h3>Send an event</h3><form class=\"row\" method=\"post\" action=\"/_sim/do/event\">{}{}{}{}<button class=\"main\">Send</button></form>",
        select("Page or account", "channel", names),
        select("Event", "event", events),
        input("Text (optional)", "text", "text", "", ""),
        "<label class=\"field narrow\">How many<input type=\"number\" name=\"count\" value=\"1\" min=\"1\" max=\"1000\"></label>",
    );
    out.push_str("<h3 class=\"gap\">Deliveries</h3>");
    out.push_str(&deliveries(meta));
    out.push_str("<h3 class=\"gap\">The app’s subscriptions</h3>");
    out.push_str(&cards(meta.state.app_subscriptions.iter().map(|(object, app)| {
        let callback = app.callback_url.as_deref().or(meta.state.settings.webhook_url.as_deref());
        let facts = [("Callback", escape(callback.unwrap_or("none"))), ("Fields", escape(&app.fields.join(", ")))];
        card(object, &facts, "")
    })));
    out.push_str(&addresses(meta));
    out
}

fn addresses(meta: &Meta<'_>) -> String {
    let settings = &meta.state.settings;
    let value = |setting: &Option<String>| setting.clone().unwrap_or_default();
    format!(
        "<h3 class=\"gap\">Addresses of your app</h3>\
         <form class=\"row\" method=\"post\" action=\"/_sim/do/settings\">{}{}{}{}<button>Save</button></form>\
         <div class=\"row gap\">{}</div>",
        input("Webhook URL", "webhook_url", "url", &value(&settings.webhook_url), ""),
        input("Verify token", "verify_token", "text", &value(&settings.verify_token), ""),
        input("Deauthorize URL", "deauthorize_url", "url", &value(&settings.deauthorize_url), ""),
        input("Data deletion URL", "data_deletion_url", "url", &value(&settings.data_deletion_url), ""),
        button("handshake", &[], "Verify the webhook URL", "", ""),
    )
}

fn deliveries(meta: &Meta<'_>) -> String {
    table(
        "Table of deliveries",
        "Nothing has been sent yet.",
        &["No.", "What", "Last attempt", "Attempts", "State", "Again"],
        meta.state.webhooks.newest().take(SHOWN_DELIVERIES).map(|delivery| {
            let number = delivery.number.to_string();
            let again = button("replay", &[("number", &number)], "Replay", &format!("number {number}"), "");
            let last = delivery.attempts.last().map(|attempt| time(attempt.at_ms)).unwrap_or_default();
            vec![number, escape(&delivery.what), last, delivery.attempts.len().to_string(), standing(delivery), again]
        }),
    )
}

fn standing(delivery: &Delivery) -> String {
    let answer = match delivery.attempts.last().map(|attempt| &attempt.outcome) {
        Some(Ok(status)) => status.to_string(),
        Some(Err(error)) => error.clone(),
        None => String::new(),
    };
    match &delivery.standing {
        Standing::Delivered => good("delivered"),
        Standing::Waiting(at) => bad(&format!("{answer}; again at {}", time(*at))),
        Standing::GivenUp(reason) => bad(&format!("{answer}; given up: {reason}")),
        Standing::Held | Standing::OnTheWay => "on the way".to_owned(),
    }
}

pub(super) fn faults(meta: &Meta<'_>) -> String {
    let mut out = table(
        "Table of waiting faults",
        "No fault waits.",
        &["Call", "Fault", "Times"],
        meta.state.faults.iter().map(|fault| {
            let on = match &fault.method {
                Some(method) => format!("{method} {}", fault.on),
                None => fault.on.clone(),
            };
            vec![format!("<code>{}</code>", escape(&on)), escape(&fault.name), fault.times_left.to_string()]
        }),
    );
    // An error of one's own needs a code: that is for the control route.
    let kinds = FaultKind::ALL.iter().filter(|kind| **kind != FaultKind::Error);
    out.push_str(&format!(
        "<h3 class=\"gap\">Set a fault</h3><form class=\"row\" method=\"post\" action=\"/_sim/do/fault\">{}{}{}<button class=\"main\">Set</button></form>",
        select("Call", "on", CALLS.iter().map(|call| (*call, (*call).to_owned()))),
        select("Fault", "fault", kinds.map(|kind| (kind.name(), format!("{}: {}", kind.name(), kind.about())))),
        "<label class=\"field narrow\">Times<input type=\"number\" name=\"times\" value=\"1\" min=\"1\" max=\"1000\"></label>",
    ));
    if !meta.state.faults.is_empty() {
        out.push_str(&format!(
            "<div class=\"row gap\">{}</div>",
            button("clear-faults", &[], "Clear all faults", "", "")
        ));
    }
    out
}

pub(super) fn calls(meta: &Meta<'_>) -> String {
    table(
        "Table of calls",
        "Nobody has called yet.",
        &["Time", "Host", "Method", "Path", "Status", "Fault"],
        meta.state.calls.newest(SHOWN_CALLS).map(|call| {
            let text = |name: &str| match &call[name] {
                Value::Null => String::new(),
                Value::String(text) => escape(text),
                other => escape(&other.to_string()),
            };
            let at = text("at");
            let status = match call["status"].as_u64() {
                None => bad("no answer"),
                Some(status) if status >= 400 => bad(&status.to_string()),
                Some(status) => status.to_string(),
            };
            vec![
                at.get(11..19).unwrap_or(&at).to_owned(),
                text("host"),
                text("method"),
                format!("<code>{}</code>", text("path")),
                status,
                text("fault"),
            ]
        }),
    )
}

pub(super) fn clock(meta: &Meta<'_>) -> String {
    let days = meta.state.clock_offset_ms / 86_400_000;
    let moved = match days {
        0 if meta.state.clock_offset_ms == 0 => "as on your watch".to_owned(),
        0 => "moved by less than a day".to_owned(),
        1 => "moved by 1 day".to_owned(),
        _ => format!("moved by {days} days"),
    };
    let spans = [("1h", "+1 hour", ""), ("1d", "+1 day", ""), ("60d", "+60 days", "main"), ("90d", "+90 days", "")];
    let buttons: String = spans
        .iter()
        .map(|(span, label, class)| button("clock", &[("advance", span)], label, "on the clock", class))
        .collect();
    format!(
        "<p class=\"now\"><time>{}</time> <span class=\"hidden\">UTC</span></p><p class=\"soft\">UTC, {moved}</p>\
         <div class=\"row\">{buttons}{}</div>",
        time(meta.now_ms),
        button("reset", &[], "Reset everything", "", "grave"),
    )
}
