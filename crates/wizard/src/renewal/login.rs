//! Before and during the trip to Meta, and when it went wrong.

use leptos::{ev::SubmitEvent, prelude::*};
use lifecycle::RenewalState;

use super::{
    Live, Login,
    screen::{call, cancel, in_this_tab, to_meta},
};
use crate::{
    html::{Child as _, el, group},
    model::{Level, Problem, Purpose, RenewalView},
    parts::{FormButton, actions_and_out, notice, paragraph, technical},
    texts::fill,
    transport::FormCall,
};

/// Step 3: one button that opens Meta's log-in.
pub(super) fn start(live: &Live, view: &RenewalView) -> AnyView {
    let (words, login) = (live.words, live.words.login(view.provider));
    let person = match &view.purpose {
        Purpose::Connect => None,
        Purpose::Renew { connection } => Some(paragraph(fill(login.person, connection))),
    };
    let buttons = vec![to_meta(live, view, login.log_in).primary().view()];
    group([
        el("div").class("prose").child(person).child(paragraph(words.start_body)).view(),
        when_blocked(live, view),
        actions_and_out(buttons, cancel(live, view)),
    ])
}

/// Step 4: the person is at Meta. What the other window does is never guessed.
pub(super) fn waiting(live: &Live, view: &RenewalView) -> AnyView {
    let words = live.words;
    let blocked = (live.login.get() == Login::Blocked)
        .then(|| notice(Level::Soon, Some("alert"), vec![paragraph(words.blocked)]));
    let buttons = vec![to_meta(live, view, words.open_again).view(), in_this_tab(live, view, words.open_here).view()];
    let body = paragraph(words.login(view.provider).waiting);
    let out = if view.state.has_staged_tokens() { back(live, view) } else { cancel(live, view) };
    group([number(live).into_child(), body, blocked.into_child(), actions_and_out(buttons, out)])
}

/// Leaves the trip to Meta: what was granted before it still counts.
fn back(live: &Live, view: &RenewalView) -> AnyView {
    let submit = {
        let live = live.clone();
        move |event: SubmitEvent| {
            event.prevent_default();
            live.stop_waiting();
        }
    };
    let href = live.transport.renewal_href(&view.id);
    FormButton::get(&href, live.words.back).on_submit(live.busy, submit).quiet().view()
}

/// The number that the log-in's window asks for, where it asks for one.
fn number(live: &Live) -> Option<AnyView> {
    let number = live.number.get()?;
    let (before, after) = live.words.number.split_once("{}").unwrap_or_default();
    let number = el("p")
        .class("login-number")
        .attr("role", "status")
        .child(before)
        .child(el("strong").child(number))
        .child(after);
    Some(group([number.view(), el("p").class("quiet").child(live.words.no_window).view()]))
}

/// Meta sent the person back: reading what was granted happens by itself, or by this button.
pub(super) fn logged_in(live: &Live, view: &RenewalView) -> AnyView {
    let words = live.words;
    let go_on = call(live, view, FormCall::Exchange, words.go_on).primary().view();
    group([paragraph(words.exchange_body), actions_and_out(vec![go_on], cancel(live, view))])
}

/// Cancelled at Meta, another person, or a failure: what happened, and the way on.
pub(super) fn problem(live: &Live, view: RenewalView) -> AnyView {
    let words = live.words;
    let (sentence, what_to_do) = match view.state {
        RenewalState::Denied => (words.denied, words.denied_advice),
        RenewalState::Mismatched => (words.mismatched, words.mismatched_advice),
        _ => (words.failed, words.failed_advice),
    };
    let told = view.problem.clone().unwrap_or_else(|| Problem {
        sentence: sentence.to_owned(),
        what_to_do: what_to_do.to_owned(),
        code: view.state.as_str().to_owned(),
    });
    let retry = to_meta(live, &view, words.retry).primary().view();
    let buttons = [Some(retry), hand_over(live, &view)];
    group([
        told_problem(live, told),
        when_blocked(live, &view),
        actions_and_out(buttons.into_iter().flatten().collect(), cancel(live, &view)),
    ])
}

/// *Passar a conexão para …*: whoever has just logged in takes the connection over.
fn hand_over(live: &Live, view: &RenewalView) -> Option<AnyView> {
    let person = view.person.as_ref().filter(|_| view.may_hand_over)?;
    Some(call(live, view, FormCall::HandOver, fill(live.words.hand_over, person)).view())
}

/// A stored problem with its next action. Announced because it arrives with its step.
pub(super) fn told_problem(live: &Live, problem: Problem) -> AnyView {
    let code = technical(live.words, problem.code, String::new());
    let sentence = el("p").child(el("strong").child(problem.sentence)).view();
    notice(Level::Soon, Some("alert"), vec![sentence, paragraph(problem.what_to_do), code])
}

/// The browser refused the window: says so, and offers this tab.
pub(super) fn when_blocked(live: &Live, view: &RenewalView) -> AnyView {
    if live.login.get() != Login::Blocked {
        return ().into_any();
    }
    let here = in_this_tab(live, view, live.words.open_here).view();
    notice(Level::Soon, Some("alert"), vec![paragraph(live.words.blocked), here])
}
