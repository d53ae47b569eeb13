//! The progress list.

use leptos::prelude::*;
use lifecycle::{Provider, RenewalState};

use crate::texts::{Texts, fill};

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
            let mark = done.then(|| view! { <span class="visually-hidden">{words.step_done}</span> });
            view! { <li class=class aria-current=current.then_some("step")><span class="step-name">{name}</span>" "{mark}</li> }
        })
        .collect();
    let position = (finished || !over).then(|| {
        let position = fill(words.step_of, &step.to_string());
        view! { <p class="progress-position" aria-hidden="true">{position}</p> }.into_any()
    });
    view! {
        <div class="progress">
            {position}
            <ol class="steps" aria-label=words.steps_label>{items}</ol>
        </div>
    }
    .into_any()
}
