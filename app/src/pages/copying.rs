//! What is there to be copied: a secret that is shown once, a piece of code.

use leptos::prelude::*;

use super::frame::Scene;

/// A secret in a card of its own: shown this once, to be copied.
pub(super) fn shown_once(
    scene: &Scene,
    title: String,
    label: &'static str,
    note: &'static str,
    secret: String,
) -> AnyView {
    view! {
        <section class="card made" aria-labelledby="made">
            <h2 id="made">{title}</h2>
            <div class="copy-row">
                <label class="field">
                    <span>{label}</span>
                    <input
                        type="text"
                        class="link-field"
                        id="made-secret"
                        readonly=true
                        autocomplete="off"
                        value=secret
                        aria-describedby="made-note"
                    />
                </label>
                {copy_button(scene, "made-secret", "made")}
            </div>
            <p class="quiet" id="made-note">{note}</p>
            {script()}
        </section>
    }
    .into_any()
}

/// Copies the text or the value of `target`; `described_by` is the heading that says what it is.
pub(super) fn copy_button(scene: &Scene, target: &str, described_by: &str) -> AnyView {
    let words = scene.words.developers;
    let (target, described_by) = (target.to_owned(), described_by.to_owned());
    view! {
        <button type="button" class="button is-small" data-copy=target data-done=words.copied aria-describedby=described_by>
            {words.copy}
        </button>
        <span class="visually-hidden" role="status"></span>
    }
    .into_any()
}

/// Once on a page that has such buttons.
pub(super) fn script() -> Option<AnyView> {
    let source = crate::context::current().ui.assets.copy;
    (!source.is_empty()).then(|| view! { <script src=source defer=true></script> }.into_any())
}
