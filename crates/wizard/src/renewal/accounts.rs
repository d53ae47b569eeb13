//! Step 5: what Meta granted, and what stays on the platform.

use leptos::{ev::SubmitEvent, prelude::*};
use lifecycle::reconcile::Change;

use super::{
    Live, calls,
    login::{told_problem, when_blocked},
    screen::{cancel, to_meta},
    ticks,
};
use crate::{
    html::{Child as _, Place, el, group},
    icon::{self, icon},
    model::{Account, Level, RenewalView},
    parts::{actions_and_out, avatar, hidden, network, notice, paragraph, waiting},
    texts::{Texts, fill},
    transport::FormCall,
};

/// The form's id: its button stands in the row of actions.
const FORM_ID: &str = "renova-accounts";

/// The accounts with a tick each, the confirmation of a loss, and *Continuar*.
pub(super) fn choice(live: &Live, view: RenewalView) -> AnyView {
    let words = live.words;
    let selectable = view.accounts.iter().any(is_selectable);
    let any_lost = view.accounts.iter().any(|account| account.change == Change::Lost);
    let any_former = any_lost || view.accounts.iter().any(|account| account.change == Change::Kept);

    let person = view.person.as_ref().map(|name| el("p").class("quiet").child(fill(words.accounts_person, name)));
    let problem = view.problem.clone().map(|problem| told_problem(live, problem));
    let none = (!selectable).then(|| notice(Level::Soon, Some("alert"), vec![paragraph(words.accounts_none)]));
    let again = to_meta(live, &view, words.choose_again);
    let buttons = if selectable { vec![submit_button(live), again.view()] } else { vec![again.primary().view()] };
    let blocked = when_blocked(live, &view);
    let cancel = cancel(live, &view);

    let submit = {
        let live = live.clone();
        move |event: SubmitEvent| {
            if calls::choice(&event).0.is_empty() {
                live.refuse(&event, "nothing_selected");
            } else {
                live.submit(FormCall::Choose, &event);
            }
        }
    };
    let action = live.transport.form_action(FormCall::Choose);
    let rows: Vec<_> = view.accounts.into_iter().map(|account| row(words, account)).collect();
    let loss = any_former.then(|| loss_confirmation(words));
    let place = Place::new();
    ticks::keep(place, &view.id);
    let form = el("form")
        .at(place)
        .attr("id", FORM_ID)
        .class("accounts")
        .attr("method", "post")
        .attr("action", action)
        .attr_if("data-lost", any_lost.then_some("true"))
        .on_submit(submit)
        .child(hidden("renewal_id".to_owned(), view.id))
        .child(el("ul").class("account-list").children(rows))
        .child(loss);
    group([
        person.into_child(),
        problem.into_child(),
        none.into_child(),
        form.view(),
        blocked,
        actions_and_out(buttons, cancel),
    ])
}

fn is_selectable(account: &Account) -> bool {
    matches!(account.change, Change::Kept | Change::New)
}

/// *Continuar*, beside the form that it sends.
fn submit_button(live: &Live) -> AnyView {
    el("button")
        .attr("type", "submit")
        .attr("form", FORM_ID)
        .class("button is-primary")
        .live_attr("aria-disabled", waiting(Some(live.busy)))
        .child(live.words.go_on)
        .view()
}

/// One account: tick, picture, name, and its mark as shape and word.
fn row(words: &'static Texts, account: Account) -> AnyView {
    let selectable = is_selectable(&account);
    let (class, mark) = match account.change {
        Change::Kept => ("account is-kept", icon::CHECK),
        Change::New => ("account is-new", icon::PLUS),
        Change::Lost => ("account is-lost", icon::MINUS),
        Change::Unusable => ("account is-unusable", icon::MINUS),
        Change::Untouched => ("account is-untouched", icon::CHECK),
    };
    let former = (account.change == Change::Kept).then_some("true");
    let tick = selectable.then(|| {
        el("input")
            .attr("type", "checkbox")
            .attr("name", calls::ACCOUNTS_FIELD)
            .attr("value", account.value)
            .flag("checked", account.selected)
            .attr_if("data-former", former)
    });
    let name = account.handle.unwrap_or(account.name);
    let reason = account.reason.map(|reason| el("span").class("account-reason").child(reason));
    // The style sheet shows the one mark or the other, by the tick.
    let dropped = former.map(|_| {
        let dropped = el("span").child(words.dropped);
        el("span").class("account-mark is-dropped").child(icon(icon::MINUS)).child(dropped)
    });
    let text = el("span")
        .class("account-text")
        .child(el("span").class("account-name").child(name))
        .child(el("span").class("account-kind").child(network(account.kind)))
        .child(reason);
    let change = el("span").child(words.change(account.change));
    // Without a tick there is nothing to label, but the row looks the same.
    let row = el("label")
        .class("account-row")
        .child(tick)
        .child(avatar(account.initials, account.picture, account.kind))
        .child(text)
        .child(el("span").class("account-mark").child(icon(mark)).child(change))
        .child(dropped);
    el("li").class(class).child(row).view()
}

/// The style sheet shows it when an account of before is not ticked (`:has`), and always where
/// one was not granted: no script is needed.
fn loss_confirmation(words: &'static Texts) -> AnyView {
    let tick = el("input").attr("type", "checkbox").attr("name", calls::LOSS_FIELD).attr("value", "true");
    el("label").class("loss-confirmation").child(tick).child(el("span").child(words.loss_confirm)).view()
}
