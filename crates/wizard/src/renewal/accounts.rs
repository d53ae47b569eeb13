//! Step 5: what Meta granted, and what stays on the platform.

use leptos::{ev::SubmitEvent, prelude::*};
use lifecycle::reconcile::Change;

use super::{
    Live, calls,
    login::{told_problem, when_blocked},
    screen::{cancel, to_meta},
};
use crate::{
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

    let person = view.person.as_ref().map(|name| view! { <p class="quiet">{fill(words.accounts_person, name)}</p> });
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
    let lost = any_lost.then_some("true");
    view! {
        {person}
        {problem}
        {none}
        <form id=FORM_ID class="accounts" method="post" action=action data-lost=lost on:submit=submit>
            {hidden("renewal_id".to_owned(), view.id)}
            <ul class="account-list">{rows}</ul>
            {loss}
        </form>
        {blocked}
        {actions_and_out(buttons, cancel)}
    }
    .into_any()
}

fn is_selectable(account: &Account) -> bool {
    matches!(account.change, Change::Kept | Change::New)
}

/// *Continuar*, beside the form that it sends.
fn submit_button(live: &Live) -> AnyView {
    let busy = waiting(Some(live.busy));
    view! {
        <button type="submit" form=FORM_ID class="button is-primary" aria-disabled=busy>{live.words.go_on}</button>
    }
    .into_any()
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
        view! {
            <input
                type="checkbox"
                name=calls::ACCOUNTS_FIELD
                value=account.value
                checked=account.selected
                data-former=former
            />
        }
    });
    let name = account.handle.unwrap_or(account.name);
    let reason = account.reason.map(|reason| view! { <span class="account-reason">{reason}</span> });
    // The style sheet shows the one mark or the other, by the tick.
    let dropped = former.map(|_| {
        view! { <span class="account-mark is-dropped">{icon(icon::MINUS)}<span>{words.dropped}</span></span> }
    });
    // Without a tick there is nothing to label, but the row looks the same.
    view! {
        <li class=class>
            <label class="account-row">
                {tick}
                {avatar(account.initials, account.kind)}
                <span class="account-text">
                    <span class="account-name">{name}</span>
                    <span class="account-kind">{network(account.kind)}</span>
                    {reason}
                </span>
                <span class="account-mark">{icon(mark)}<span>{words.change(account.change)}</span></span>
                {dropped}
            </label>
        </li>
    }
    .into_any()
}

/// The style sheet shows it when an account of before is not ticked (`:has`), and always where
/// one was not granted: no script is needed.
fn loss_confirmation(words: &'static Texts) -> AnyView {
    view! {
        <label class="loss-confirmation">
            <input type="checkbox" name=calls::LOSS_FIELD value="true" />
            <span>{words.loss_confirm}</span>
        </label>
    }
    .into_any()
}
