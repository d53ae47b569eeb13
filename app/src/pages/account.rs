//! The reader's own account.

use leptos::prelude::*;
use wizard::parts::FormButton;

use super::frame::Scene;

/// Name, e-mail, organization, profile, and the way out.
pub(super) fn view(scene: &Scene) -> AnyView {
    let (words, reader) = (scene.words, &scene.reader);
    let role = if reader.is_admin { words.role_admin } else { words.role_agent };
    let facts = [
        (words.name, reader.name.clone()),
        (words.email, reader.email.clone()),
        (words.organization, reader.organization.clone()),
        (words.role, role.to_owned()),
    ];
    let facts: Vec<_> = facts.into_iter().map(|(name, value)| fact(name.to_owned(), value.into_any())).collect();
    // The button of the header has the fixed word; this is the same form with more words around it.
    let forgot = FormButton::get("/forgot", words.forgot).quiet().view();
    view! {
        <div class="page is-narrow">
            <h1>{words.account}</h1>
            <dl class="facts card">{facts}</dl>
            <div class="actions">{forgot}</div>
        </div>
    }
    .into_any()
}

/// One line of a list of facts.
pub(super) fn fact(name: String, value: AnyView) -> AnyView {
    view! { <div class="fact"><dt>{name}</dt><dd>{value}</dd></div> }.into_any()
}
