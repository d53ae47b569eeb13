//! Which screen belongs to which state. Every state has a way on.

use leptos::{ev::SubmitEvent, prelude::*};
use lifecycle::RenewalState;

use super::{Live, Login, accounts, ending, login, proof};
use crate::{model::RenewalView, parts::FormButton, transport::FormCall};

/// The step's heading: takes the focus when it changes.
pub(super) fn heading(live: &Live) -> &'static str {
    let words = live.words;
    let opened = live.login.get() == Login::Opened;
    live.view.with(|view| match view.state {
        _ if Live::is_foreign(view) => words.other_owner_heading,
        state if opened && state.may_go_to_meta() => words.waiting_heading,
        RenewalState::Started => words.login(view.provider).heading,
        RenewalState::AwaitingLogin => words.waiting_heading,
        RenewalState::LoggedIn => words.exchange_heading,
        RenewalState::Exchanged => words.accounts_heading,
        RenewalState::Chosen | RenewalState::Proving => words.proving_heading,
        RenewalState::Proved => words.proved_heading,
        RenewalState::Finished => words.done_heading,
        RenewalState::Denied | RenewalState::Mismatched | RenewalState::Failed => words.problem_heading,
        RenewalState::Expired => words.expired_heading,
        RenewalState::Abandoned => words.abandoned_heading,
        RenewalState::Superseded => words.superseded_heading,
    })
}

/// What is under way, in one line that is announced.
pub(super) fn status(live: &Live) -> Option<&'static str> {
    let words = live.words;
    let opened = live.login.get() == Login::Opened;
    let busy = live.busy.get();
    live.view.with(|view| match view.state {
        _ if Live::is_foreign(view) => None,
        state if opened && state.may_go_to_meta() => Some(words.login(view.provider).waiting_status),
        RenewalState::AwaitingLogin => Some(words.login(view.provider).waiting_status),
        RenewalState::LoggedIn if busy => Some(words.exchange_status),
        RenewalState::Chosen | RenewalState::Proving if busy => Some(words.proving_status),
        _ => None,
    })
}

/// The step's content and its actions.
pub(super) fn screen(live: &Live) -> AnyView {
    let opened = live.login.get() == Login::Opened;
    let view = live.view.get();
    match view.state {
        _ if Live::is_foreign(&view) => ending::foreign(live, view),
        state if opened && state.may_go_to_meta() => login::waiting(live, &view),
        RenewalState::Started => login::start(live, &view),
        RenewalState::AwaitingLogin => login::waiting(live, &view),
        RenewalState::LoggedIn => login::logged_in(live, &view),
        RenewalState::Exchanged => accounts::choice(live, view),
        RenewalState::Chosen | RenewalState::Proving | RenewalState::Proved => proof::proof(live, view),
        RenewalState::Finished => ending::finished(live, view),
        RenewalState::Denied | RenewalState::Mismatched | RenewalState::Failed => login::problem(live, view),
        RenewalState::Expired | RenewalState::Abandoned | RenewalState::Superseded => ending::over(live, view),
    }
}

/// A step as a form: posts without WebAssembly, calls with it.
pub(super) fn call(live: &Live, view: &RenewalView, call: FormCall, label: impl Into<String>) -> FormButton {
    let submit = {
        let live = live.clone();
        move |event: SubmitEvent| live.submit(call, &event)
    };
    FormButton::post(live.transport.form_action(call), [("renewal_id", view.id.clone())], label)
        .on_submit(live.busy, submit)
}

/// Ends the renewal; nothing is lost by it.
pub(super) fn cancel(live: &Live, view: &RenewalView) -> AnyView {
    call(live, view, FormCall::Cancel, live.words.cancel).quiet().view()
}

/// The way to Meta, in a window of its own where there is WebAssembly.
pub(super) fn to_meta(live: &Live, view: &RenewalView, label: &'static str) -> FormButton {
    let submit = {
        let live = live.clone();
        move |event: SubmitEvent| live.open_login(&event)
    };
    in_this_tab(live, view, label).on_submit(live.busy, submit)
}

/// The way to Meta in this tab.
pub(super) fn in_this_tab(live: &Live, view: &RenewalView, label: &'static str) -> FormButton {
    let submit = {
        let live = live.clone();
        move |event: SubmitEvent| live.open_in_tab(&event)
    };
    FormButton::get(&live.transport.connect_href(&view.id), label).field("in", "tab").on_submit(live.busy, submit)
}
