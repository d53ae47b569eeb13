//! The page of whoever holds an invitation.

use leptos::prelude::*;
use wizard::{
    Locale,
    parts::{FormButton, hidden},
    texts::fill,
};

use super::{
    explanations::bare,
    password::{new_password, refused},
    people, set_status,
};
use crate::{
    model::Invitation,
    texts::{Texts, texts},
};

/// Name and password, or why there is nothing to fill in.
pub(super) fn view(locale: Locale, data: Option<Invitation>, error: Option<String>) -> AnyView {
    let words = texts(locale);
    match data {
        Some(invitation) => bare(locale, words.join, form(words, invitation, error)),
        None => bare(locale, words.join_over_title, over(words)),
    }
}

fn form(words: &'static Texts, invitation: Invitation, error: Option<String>) -> AnyView {
    view! {
        <div class="card entry">
            <h1>{fill(words.join_title, &invitation.organization)}</h1>
            <p class="quiet">
                {fill(words.join_body, &invitation.email)}" · "{people::role(words, invitation.role)}
            </p>
            {refused(words, error)}
            <form method="post" action="/api/ui/accept_invitation" class="fields">
                {hidden("token".to_owned(), invitation.token)}
                <label class="field">
                    <span>{words.join_name}</span>
                    <input type="text" name="name" autocomplete="name" maxlength="120" required=true />
                </label>
                {new_password(words)}
                <button type="submit" class="button is-primary is-wide">{words.join}</button>
            </form>
        </div>
    }
    .into_any()
}

fn over(words: &'static Texts) -> AnyView {
    set_status(410);
    view! {
        <div class="card entry">
            <h1>{words.join_over_title}</h1>
            <p>{words.join_over_body}</p>
            <div class="actions">{FormButton::get("/login", words.enter).view()}</div>
        </div>
    }
    .into_any()
}
