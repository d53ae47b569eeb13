//! What the pages of the settings have in common.

use leptos::prelude::*;

use super::frame::Scene;

/// The way between the pages of the settings; `here` is the address of the one that is shown.
pub(super) fn settings_nav(scene: &Scene, here: &'static str) -> AnyView {
    let words = scene.words;
    let pages = [
        ("/settings", words.settings_warnings),
        ("/settings/people", words.people),
        ("/settings/audit", words.settings_audit),
    ];
    let links: Vec<_> = pages
        .into_iter()
        .map(|(href, label)| {
            view! { <li><a href=href aria-current=(href == here).then_some("page")>{label}</a></li> }.into_any()
        })
        .collect();
    view! { <nav class="settings-nav" aria-label=words.settings><ul>{links}</ul></nav> }.into_any()
}
