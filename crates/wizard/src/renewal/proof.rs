//! Step 6: the proof fills in, then *Finalizar*.

use leptos::prelude::*;
use lifecycle::{RenewalState, proof::Verdict};

use super::{
    Live,
    login::{told_problem, when_blocked},
    screen::{call, cancel, to_meta},
};
use crate::{
    html::{Child as _, el, group},
    icon::{self, icon},
    model::{Level, ProofRow, RenewalView, Sentence},
    parts::{actions_and_out, notice, paragraph, sentence},
    texts::Texts,
    transport::FormCall,
};

/// The element that says why *Finalizar* is refused.
const REASON_ID: &str = "renova-proof-reason";

/// The list of what is proved, and the step's one button.
pub(super) fn proof(live: &Live, view: RenewalView) -> AnyView {
    let words = live.words;
    let proved = view.state == RenewalState::Proved;
    let cancel = cancel(live, &view);
    let (remark, buttons) = match (proved, view.may_finish) {
        (false, _) => {
            let verify = call(live, &view, FormCall::Prove, words.verify_now);
            (None, vec![verify.primary().view()])
        }
        (true, false) => {
            let retry = to_meta(live, &view, words.retry);
            (Some(words.cannot_finish), vec![retry.primary().view(), refused_finish(words)])
        }
        (true, true) => {
            let finish = call(live, &view, FormCall::Finish, words.finish).primary().view();
            let verify = call(live, &view, FormCall::Prove, words.verify_again).field("again", "true");
            match view.has_open_points {
                true => (Some(words.open_points), vec![finish, verify.view()]),
                false => (None, vec![finish]),
            }
        }
    };
    let remark = remark.map(|text| {
        let notice = notice(Level::Soon, None, vec![paragraph(text)]);
        el("div").attr("id", REASON_ID).child(notice)
    });
    let problem = view.problem.clone().map(|problem| told_problem(live, problem));
    let blocked = when_blocked(live, &view);
    group([
        problem.into_child(),
        list(words, view.proof),
        view.new_dates.map(new_dates).into_child(),
        remark.into_child(),
        blocked,
        actions_and_out(buttons, cancel),
    ])
}

/// *Finalizar* stays in sight where it is refused, with the reason.
fn refused_finish(words: &'static Texts) -> AnyView {
    el("button")
        .attr("type", "button")
        .class("button")
        .flag("disabled", true)
        .attr("aria-describedby", REASON_ID)
        .child(words.finish)
        .view()
}

pub(super) fn new_dates(dates: Sentence) -> AnyView {
    el("p").class("new-dates").child(sentence(dates)).view()
}

/// One line per item.
fn list(words: &'static Texts, rows: Vec<ProofRow>) -> AnyView {
    let rows: Vec<_> = rows.into_iter().map(|row| line(words, row)).collect();
    el("ul").class("proof").attr("aria-label", words.proof_label).children(rows).view()
}

fn line(words: &'static Texts, row: ProofRow) -> AnyView {
    let (class, mark) = match row.verdict {
        Verdict::Pending => ("proof-line is-pending", icon::WAITING),
        Verdict::Good => ("proof-line is-good", icon::CHECK),
        Verdict::Open => ("proof-line is-soon", icon::WARNING),
        Verdict::Blocking => ("proof-line is-stopped", icon::STOPPED),
        Verdict::NotApplicable => ("proof-line is-off", icon::MINUS),
    };
    el("li")
        .class(class)
        .child(icon(mark))
        .child(el("span").class("proof-name").child(words.proof_item(row.item)))
        .child(el("span").class("proof-verdict").child(words.verdict(row.verdict)))
        .child(el("span").class("proof-note").child(row.note))
        .view()
}
