//! Log-in and passwords: plain forms that need no WebAssembly.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use wizard::{
    UiError,
    parts::{self, FormButton, hidden},
    texts::fill,
};

use super::{explanations::bare, locale_of_document};
use crate::texts::{Texts, texts};

/// The code of a link that was used or has ended.
const LINK_OVER: &str = "link_over";

/// `/login?next=`
pub fn login() -> AnyView {
    let locale = locale_of_document();
    let words = texts(locale);
    let title = fill(words.log_in_to, &super::brand::product());
    let query = use_query_map().get_untracked();
    let next = query.get("next").unwrap_or_default();
    let done = query.get("done").and_then(|code| words.done(&code));
    let done = done.map(|text| view! { <p class="notice is-good" role="status">{text}</p> });
    let error = refused(words, query.get("error"));
    let content = view! {
        <div class="card entry">
            <h1>{title}</h1>
            <p class="quiet">{words.log_in_intro}</p>
            {done}
            {error}
            <form method="post" action="/api/ui/login" class="fields">
                {hidden("next".to_owned(), next)}
                <label class="field">
                    <span>{words.email}</span>
                    <input type="email" name="email" autocomplete="username" required=true autofocus=true />
                </label>
                {current_password("password", words.password)}
                <button type="submit" class="button is-primary is-wide">{words.enter}</button>
            </form>
            <p class="entry-foot"><a href="/forgot">{words.forgot}</a></p>
        </div>
    };
    bare(locale, words.log_in, content.into_any())
}

/// `/forgot`: a link by mail; where there is no mail, a link comes from a person.
pub fn forgot() -> AnyView {
    let locale = locale_of_document();
    let words = texts(locale);
    let body = if crate::context::current().ui.renova.sends_mail() { by_mail(words) } else { by_hand(words) };
    let content = view! {
        <div class="card entry">
            <h1>{words.forgot_title}</h1>
            {body}
            <p class="entry-foot"><a href="/login">{words.back}</a></p>
        </div>
    };
    bare(locale, words.forgot_title, content.into_any())
}

/// What it says afterwards is the same for every e-mail.
fn by_mail(words: &'static Texts) -> AnyView {
    let query = use_query_map().get_untracked();
    let done = query.get("done").and_then(|code| words.done(&code));
    let done = done.map(|text| view! { <p class="notice is-good" role="status">{text}</p> });
    let error = refused(words, query.get("error"));
    view! {
        <p>{words.forgot_by_mail}</p>
        {done}
        {error}
        <form method="post" action="/api/ui/ask_for_reset" class="fields">
            <label class="field">
                <span>{words.email}</span>
                <input type="email" name="email" autocomplete="username" required=true />
            </label>
            <button type="submit" class="button is-primary is-wide">{words.send_link}</button>
        </form>
    }
    .into_any()
}

fn by_hand(words: &'static Texts) -> AnyView {
    view! {
        <p>{words.forgot_body}</p>
        <details class="technical">
            <summary>{words.facts}</summary>
            <p>{words.forgot_operator}</p>
            <p><code>"renova user reset-password --email …"</code></p>
        </details>
    }
    .into_any()
}

/// `/reset?token=`
pub fn reset() -> AnyView {
    let locale = locale_of_document();
    let words = texts(locale);
    let query = use_query_map().get_untracked();
    let token = query.get("token").unwrap_or_default();
    let code = query.get("error");
    let next = if code.as_deref() == Some(LINK_OVER) {
        FormButton::get("/forgot", words.forgot).primary().view()
    } else {
        choose_password(words, token)
    };
    let error = refused(words, code);
    let content = view! {
        <div class="card entry">
            <h1>{words.reset_title}</h1>
            {error}
            {next}
        </div>
    };
    bare(locale, words.reset_title, content.into_any())
}

fn choose_password(words: &'static Texts, token: String) -> AnyView {
    view! {
        <form method="post" action="/api/ui/set_password" class="fields">
            {hidden("token".to_owned(), token)}
            {new_password(words)}
            <button type="submit" class="button is-primary is-wide">{words.save_password}</button>
        </form>
    }
    .into_any()
}

/// The field of a password that is known already.
pub(super) fn current_password(name: &'static str, label: &'static str) -> AnyView {
    view! {
        <label class="field">
            <span>{label}</span>
            <input type="password" name=name autocomplete="current-password" required=true />
        </label>
    }
    .into_any()
}

/// The field of a password that is chosen now, with its rule.
pub(super) fn new_password(words: &'static Texts) -> AnyView {
    view! {
        <label class="field">
            <span>{words.new_password}</span>
            <input
                type="password"
                name="password"
                autocomplete="new-password"
                minlength="8"
                required=true
                aria-describedby="password-rule"
            />
        </label>
        <p class="quiet" id="password-rule">{words.password_rule}</p>
    }
    .into_any()
}

/// What a refused form says.
pub(super) fn refused(words: &'static Texts, code: Option<String>) -> Option<AnyView> {
    let code = code?;
    let error = UiError { message: words.error_of(&code).to_owned(), code, request_id: String::new() };
    Some(parts::alert(words.shared(), error))
}
