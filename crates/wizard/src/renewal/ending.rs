//! What is over, and what somebody else is doing.

use leptos::prelude::*;
use lifecycle::{RenewalState, proof::Verdict};

use super::{Live, login::told_problem, proof};
use crate::{
    html::{Child as _, el, group},
    icon::{self, icon},
    model::{Level, RenewalView},
    parts::{FormButton, actions, notice, paragraph},
    start::Beginning,
    texts::fill,
    transport::{SharedTransport, StartRenewal},
};

/// A tick and the new date; messages that may be missing and what is still open are named.
pub(super) fn finished(live: &Live, view: RenewalView) -> AnyView {
    let words = live.words;
    let done = if live.connecting { words.done_connected } else { words.done_renewed };
    let gaps: Vec<_> = view.gaps.into_iter().map(paragraph).collect();
    let gaps = (!gaps.is_empty()).then(|| notice(Level::Advice, None, gaps));
    let open = view.proof.iter().filter(|row| row.verdict == Verdict::Open);
    let open: Vec<_> = open.map(|row| paragraph([words.proof_item(row.item), ": ", &row.note].concat())).collect();
    let open = (!open.is_empty()).then(|| notice(Level::Soon, None, open));
    let home = FormButton::get(&live.transport.home_href(), words.conclude);
    let buttons = match (view.next_id, view.next_name) {
        (Some(id), Some(name)) => {
            let wanted = StartRenewal { connection_id: Some(id), ..StartRenewal::default() };
            vec![begin(live, wanted, fill(words.title_renew, &name)).primary().view(), home.view()]
        }
        _ => vec![home.primary().view()],
    };
    let mark = el("span").class("success-mark").child(icon(icon::CHECK));
    let text = el("div").child(el("p").class("success-text").child(done)).child(view.new_dates.map(proof::new_dates));
    group([
        el("div").class("success").child(mark).child(text).view(),
        gaps.into_child(),
        open.into_child(),
        view.next_sentence.map(paragraph).into_child(),
        actions(buttons),
    ])
}

/// Expired, cancelled or taken over: what happened, and where to go on.
pub(super) fn over(live: &Live, view: RenewalView) -> AnyView {
    let words = live.words;
    let text = match view.state {
        RenewalState::Expired => words.expired,
        RenewalState::Abandoned => words.abandoned,
        _ => words.superseded,
    };
    let problem = view.problem.map(|problem| told_problem(live, problem));
    let href = live.transport.integration_href(view.connection_id.as_deref());
    let back = FormButton::get(&href, words.start_over).primary().view();
    group([paragraph(text), problem.into_child(), actions(vec![back])])
}

/// Another administrator is at it: who, and how to take over.
pub(super) fn foreign(live: &Live, view: RenewalView) -> AnyView {
    let words = live.words;
    let text = fill(words.other_owner, &view.other_owner.unwrap_or_default());
    let href = live.transport.integration_href(view.connection_id.as_deref());
    let wanted = StartRenewal { connection_id: view.connection_id, take_over: true, provider: Some(view.provider) };
    let take_over = begin(live, wanted, words.take_over);
    let back = FormButton::get(&href, words.start_over).quiet().view();
    group([paragraph(text), actions(vec![take_over.primary().view(), back])])
}

/// A form that begins another renewal; in place, where the transport can.
fn begin(live: &Live, wanted: StartRenewal, label: impl Into<String>) -> FormButton {
    let transport = SharedTransport::clone(&live.transport);
    Beginning::with(transport, live.on_started, live.busy, live.error).button(wanted, label)
}
