//! The page of whoever holds a renewal link. Opening it changes nothing.

use leptos::prelude::*;
use wizard::{
    Locale,
    parts::{FormButton, hidden},
    texts::fill,
};

use super::{explanations::bare, password::refused, set_status};
use crate::{
    model::RenewalLinkPage,
    texts::{Texts, texts},
};

const OTHER_IS_RENEWING: &str = "other_is_renewing";

pub(super) fn view(locale: Locale, data: Option<RenewalLinkPage>, error: Option<String>) -> AnyView {
    let words = texts(locale);
    match data {
        Some(link) => bare(locale, words.developers.link, opened(words, link, error)),
        None => bare(locale, words.developers.link_over_title, over(words)),
    }
}

fn opened(words: &'static Texts, link: RenewalLinkPage, error: Option<String>) -> AnyView {
    let told = words.developers;
    let title = match &link.connection {
        Some(name) => fill(told.opened_title, name),
        None => told.opened_connect.to_owned(),
    };
    let take_over = error.as_deref() == Some(OTHER_IS_RENEWING);
    let error = refused(words, error);
    let (body, next) = match (link.renewal_href, link.other) {
        (Some(href), _) => (told.opened_used.to_owned(), FormButton::get(&href, told.go_on).primary().view()),
        (None, Some(other)) => (fill(told.opened_other, &other), log_out(words)),
        (None, None) => (fill(told.opened_body, &link.person), start(words, link.token, take_over)),
    };
    view! {
        <div class="card entry">
            <p class="quiet">{link.organization}</p>
            <h1>{title}</h1>
            {error}
            <p>{body}</p>
            {next}
        </div>
    }
    .into_any()
}

fn start(words: &'static Texts, token: String, take_over: bool) -> AnyView {
    let label = if take_over { words.developers.take_over } else { words.start };
    let take_over = take_over.then(|| hidden("take_over".to_owned(), "true".to_owned()));
    view! {
        <form method="post" action="/api/ui/use_renewal_link" class="fields">
            {hidden("token".to_owned(), token)}
            {take_over}
            <button type="submit" class="button is-primary is-wide">{label}</button>
        </form>
    }
    .into_any()
}

fn log_out(words: &'static Texts) -> AnyView {
    FormButton::post("/api/ui/logout", [], words.log_out).view()
}

fn over(words: &'static Texts) -> AnyView {
    set_status(410);
    view! {
        <div class="card entry">
            <h1>{words.developers.link_over_title}</h1>
            <p>{words.developers.link_over_body}</p>
            <div class="actions">{FormButton::get("/login", words.enter).view()}</div>
        </div>
    }
    .into_any()
}
