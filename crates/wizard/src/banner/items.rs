//! The banner's region: the effect first, then the one action at the end of the line.

use leptos::{ev::SubmitEvent, prelude::*};

use super::{Banner, asked_words};
use crate::{
    html::{Child as _, el, group, redrawn},
    model::{Alert, Alerts, Level},
    parts::{FormButton, level_class, level_icon, sentence},
    texts::{Texts, fill, texts},
    transport::FormCall,
};

/// So many alerts are shown before the rest is folded.
const SHOWN: usize = 3;
/// The element that names the account of the banner's button.
const ACCOUNT_ID: &str = "renova-banner-account";

/// The region with everything in it; nothing where nothing is due.
pub(super) fn region(banner: &Banner, left: RwSignal<String>) -> AnyView {
    let alerts = banner.alerts.get();
    let Some(first) = alerts.items.first().cloned() else {
        return ().into_any();
    };
    let words = texts(alerts.locale);
    let many = alerts.items.len() > 1;
    let count = alerts.items.len().to_string();
    let severity = if first.level == Level::Stopped { "stopped" } else { "soon" };
    let action = action(banner, &alerts, &first);
    // The only one is put off beside its action, one of several in its own line.
    let later = (!many && first.may_wait).then(|| later(banner, words, &first, ACCOUNT_ID.to_owned()));
    let countdown = alerts
        .items
        .iter()
        .filter(|alert| alert.deadline_ms.is_some())
        .min_by_key(|alert| alert.deadline_ms)
        .map(|alert| countdown(words, many.then(|| alert.account.clone()), left));
    let heading =
        many.then(|| el("h2").class("banner-count").child(fill(count_words(words, alerts.may_renew), &count)));
    let account = first.account;
    let mut lines: Vec<_> =
        alerts.items.into_iter().map(|alert| line(banner, words, alerts.may_renew, many, alert)).collect();
    let rest = lines.split_off(lines.len().min(SHOWN));
    let rest = (!rest.is_empty()).then(|| {
        let label = fill(words.banner_more, &rest.len().to_string());
        el("details").class("banner-rest").child(el("summary").child(label)).child(el("ul").children(rest))
    });
    let text = el("div").class("banner-text").child(heading).child(el("ul").children(lines)).child(rest);
    let named = el("span").class("visually-hidden").attr("id", ACCOUNT_ID).child(account);
    let region = el("section")
        .class("banner")
        .attr("role", "region")
        .attr("aria-label", words.banner_region)
        .attr("data-severity", severity)
        .attr("data-count", count)
        .child(text)
        .child(el("div").class("banner-action").child(named).child(action).child(later));
    group([region.view(), countdown.into_child()])
}

/// How the count is told: to whom it falls.
pub(super) const fn count_words(words: &Texts, may_renew: bool) -> &'static str {
    if may_renew { words.banner_count } else { words.banner_count_agent }
}

/// One account's sentence; the way back to a renewal that only lacks its last click.
fn line(banner: &Banner, words: &'static Texts, may_renew: bool, many: bool, alert: Alert) -> AnyView {
    let class = ["banner-line ", level_class(alert.level)].concat();
    let later = (many && alert.may_wait).then(|| {
        let id = [ACCOUNT_ID, "-", &alert.connection_id].concat();
        let button = later(banner, words, &alert, id.clone());
        let account = el("span").class("visually-hidden").attr("id", id).child(alert.account.clone());
        group([account.view(), button])
    });
    let unfinished = alert.unfinished_renewal.filter(|_| may_renew).map(|renewal_id| {
        let href = banner.transport.renewal_href(&renewal_id);
        let button = FormButton::get(&href, words.resume).class("button is-primary is-small").view();
        el("div").class("banner-unfinished").child(el("strong").child(words.almost_done)).child(button)
    });
    let text = el("div").child(sentence(alert.sentence)).child(unfinished).child(later);
    el("li").class(class).child(level_icon(alert.level)).child(text).view()
}

/// Puts a warning off until tomorrow.
fn later(banner: &Banner, words: &Texts, alert: &Alert, described_by: String) -> AnyView {
    let put_off = {
        let (banner, id) = (banner.clone(), alert.connection_id.clone());
        move |event: SubmitEvent| {
            event.prevent_default();
            banner.put_off(id.clone());
        }
    };
    let action = banner.transport.form_action(FormCall::Snooze);
    FormButton::post(action, [("connection_id", alert.connection_id.clone())], words.remind_tomorrow)
        .class("button is-quiet is-small")
        .described_by(described_by)
        .on_submit(banner.busy, put_off)
        .view()
}

/// The one action: an administrator renews the most urgent, an agent asks.
fn action(banner: &Banner, alerts: &Alerts, first: &Alert) -> AnyView {
    let words = texts(alerts.locale);
    if alerts.may_renew {
        let href = banner.transport.integration_href(Some(&first.connection_id));
        let renew = FormButton::get(&href, words.change_permissions).described_by(ACCOUNT_ID);
        // Where only the last click is missing, that is the one action.
        return if first.unfinished_renewal.is_some() { renew.view() } else { renew.primary().view() };
    }
    let this = Some(&first.connection_id);
    if alerts.asked_for.as_ref() == this || banner.asked.get().as_ref() == this {
        return hint(asked_words(alerts));
    }
    let ask = {
        let (banner, id) = (banner.clone(), first.connection_id.clone());
        move |event: SubmitEvent| {
            event.prevent_default();
            banner.ask(id.clone());
        }
    };
    let action = banner.transport.form_action(FormCall::RequestRenewal);
    let button = FormButton::post(action, [("connection_id", first.connection_id.clone())], words.ask_admin)
        .primary()
        .described_by(ACCOUNT_ID)
        .on_submit(banner.busy, ask)
        .view();
    group([hint(words.only_admins), button])
}

fn hint(text: &'static str) -> AnyView {
    el("p").class("banner-hint").child(text).view()
}

/// Stands outside the region and outside the live regions: it changes every second.
fn countdown(words: &'static Texts, account: Option<String>, left: RwSignal<String>) -> AnyView {
    // The person is enough here: the accounts stand in the sentence.
    let person = account.map(|name| [name.split(" · ").next().unwrap_or_default(), " · "].concat());
    let what = [person.as_deref().unwrap_or_default(), words.time_left, ":"].concat();
    let time = redrawn(move || {
        let left = left.get();
        let is_known = !left.is_empty();
        is_known.then(|| {
            let what = el("span").child(what.clone());
            group([what.view(), " ".into_child(), el("b").child(left).view()])
        })
    });
    // A landmark of its own, so that nothing on the page stands outside of one.
    el("aside")
        .class("banner-countdown")
        .attr("aria-label", words.time_left)
        .child(el("p").attr("role", "timer").child(time))
        .view()
}
