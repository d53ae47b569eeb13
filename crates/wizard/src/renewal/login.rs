//! Before and during the trip to Meta, and when it went wrong.

use leptos::prelude::*;
use lifecycle::RenewalState;

use super::{
    Live, Login,
    screen::{call, cancel, in_this_tab, to_meta},
};
use crate::{
    model::{Level, Problem, Purpose, RenewalView},
    parts::{actions_and_out, notice, paragraph, technical},
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
    view! {
        <div class="prose">{person}{paragraph(words.start_body)}</div>
        {when_blocked(live, view)}
        {actions_and_out(buttons, cancel(live, view))}
    }
    .into_any()
}

/// Step 4: the person is at Meta. What the other window does is never guessed.
pub(super) fn waiting(live: &Live, view: &RenewalView) -> AnyView {
    let words = live.words;
    let blocked = (live.login.get() == Login::Blocked)
        .then(|| notice(Level::Soon, Some("alert"), vec![paragraph(words.blocked)]));
    let buttons = vec![to_meta(live, view, words.open_again).view(), in_this_tab(live, view, words.open_here).view()];
    let body = paragraph(words.login(view.provider).waiting);
    view! { {number(live)}{body}{blocked}{actions_and_out(buttons, cancel(live, view))} }.into_any()
}

/// The number that the log-in's window asks for, where it asks for one.
fn number(live: &Live) -> Option<AnyView> {
    let number = live.number.get()?;
    let (before, after) = live.words.number.split_once("{}").unwrap_or_default();
    let said = view! {
        <p class="login-number" role="status">{before}<strong>{number}</strong>{after}</p>
        <p class="quiet">{live.words.no_window}</p>
    };
    Some(said.into_any())
}

/// Meta sent the person back: reading what was granted happens by itself, or by this button.
pub(super) fn logged_in(live: &Live, view: &RenewalView) -> AnyView {
    let words = live.words;
    let go_on = call(live, view, FormCall::Exchange, words.go_on).primary().view();
    view! { {paragraph(words.exchange_body)}{actions_and_out(vec![go_on], cancel(live, view))} }.into_any()
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
    view! {
        {told_problem(live, told)}
        {when_blocked(live, &view)}
        {actions_and_out(buttons.into_iter().flatten().collect(), cancel(live, &view))}
    }
    .into_any()
}

/// *Passar a conexão para …*: whoever has just logged in takes the connection over.
fn hand_over(live: &Live, view: &RenewalView) -> Option<AnyView> {
    let person = view.person.as_ref().filter(|_| view.may_hand_over)?;
    Some(call(live, view, FormCall::HandOver, fill(live.words.hand_over, person)).view())
}

/// A stored problem with its next action. Announced because it arrives with its step.
pub(super) fn told_problem(live: &Live, problem: Problem) -> AnyView {
    let code = technical(live.words, problem.code, String::new());
    let sentence = view! { <p><strong>{problem.sentence}</strong></p> }.into_any();
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
