//! The progress list.

use leptos::prelude::*;
use lifecycle::{Provider, RenewalState};

use crate::{
    html::el,
    texts::{Texts, fill},
};

/// Six steps; the current one is announced as such. What is over has none.
pub(super) fn steps(words: &'static Texts, (provider, step, state): (Provider, u8, RenewalState)) -> AnyView {
    let (finished, over) = (state == RenewalState::Finished, state.is_over());
    let items: Vec<_> = (1_u8..)
        .zip(words.login(provider).steps)
        .map(|(number, name)| {
            let done = number < step || finished;
            let current = number == step && !over;
            let class = match (done, current) {
                (true, _) => "step is-done",
                (_, true) => "step is-current",
                _ => "step",
            };
            let name = el("span").class("step-name").child(name);
            let mark = done.then(|| el("span").class("visually-hidden").child(words.step_done));
            let current = current.then_some("step");
            el("li").class(class).attr_if("aria-current", current).child(name).child(" ").child(mark).view()
        })
        .collect();
    let position = (finished || !over).then(|| {
        let position = fill(words.step_of, &step.to_string());
        el("p").class("progress-position").attr("aria-hidden", "true").child(position)
    });
    let list = el("ol").class("steps").attr("aria-label", words.steps_label).children(items);
    el("div").class("progress").child(position).child(list).view()
}
