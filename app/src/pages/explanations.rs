//! Pages that say why there is nothing else, each with a way on.

use leptos::prelude::*;
use wizard::{
    Locale, UiError,
    parts::{self, FormButton},
    texts::fill,
};

use super::{
    brand,
    frame::{Scene, document_head},
    set_status,
};
use crate::{
    model::Page,
    texts::{Texts, texts},
};

/// An address that no route knows: the frame needs no data.
pub(super) fn missing(locale: Locale) -> AnyView {
    let words = texts(locale);
    bare(locale, words.not_found_title, not_found(words))
}

/// Nobody is signed in, or nothing could be read.
pub(super) fn without_reader(locale: Locale, page: Page, path: &str) -> AnyView {
    let words = texts(locale);
    match page {
        Page::Failed(error) => {
            bare(locale, words.failed_title, failed(words, wizard::texts::texts(locale), error, path))
        }
        Page::NotFound => missing(locale),
        _ => bare(locale, words.signed_out_title, signed_out(words, path)),
    }
}

/// A page without header: the mark, and one column.
pub(super) fn bare(locale: Locale, title: &'static str, content: AnyView) -> AnyView {
    view! {
        {document_head(locale, title.to_owned())}
        <div class="bare">
            <header>
                {brand::home_link()}
            </header>
            <main id="main" tabindex="-1">{content}</main>
        </div>
    }
    .into_any()
}

/// The role does not allow it: who can help, and how to ask.
///
/// The request names a connection, so it is sent from the overview, where they are.
pub(super) fn forbidden(scene: &Scene, admins: &[String]) -> AnyView {
    set_status(403);
    let words = scene.words;
    let is_about_settings = scene.path == "/settings" || scene.path.starts_with("/settings/");
    let body = if is_about_settings { words.settings.forbidden } else { words.forbidden_body };
    let admins_are = if is_about_settings { words.admins_are } else { words.admins };
    let who = (!admins.is_empty()).then(|| view! { <p>{fill(admins_are, &admins.join(", "))}</p> });
    explanation(
        words.forbidden_title,
        view! { <p>{body}</p>{who} }.into_any(),
        FormButton::get("/", words.home).primary().view(),
    )
}

pub(super) fn not_found(words: &'static Texts) -> AnyView {
    set_status(404);
    explanation(
        words.not_found_title,
        view! { <p>{words.not_found_body}</p> }.into_any(),
        FormButton::get("/", words.home).primary().view(),
    )
}

pub(super) fn signed_out(words: &'static Texts, path: &str) -> AnyView {
    explanation(
        words.signed_out_title,
        view! { <p>{words.signed_out_body}</p> }.into_any(),
        FormButton::get("/login", words.enter).field("next", path).primary().view(),
    )
}

pub(super) fn failed(
    words: &'static Texts,
    shared: &'static wizard::texts::Texts,
    error: UiError,
    path: &str,
) -> AnyView {
    set_status(500);
    explanation(words.failed_title, parts::alert(shared, error), FormButton::get(path, shared.retry).primary().view())
}

fn explanation(title: &'static str, body: AnyView, action: AnyView) -> AnyView {
    view! {
        <div class="page is-narrow explanation">
            <h1>{title}</h1>
            {body}
            <div class="actions">{action}</div>
        </div>
    }
    .into_any()
}
