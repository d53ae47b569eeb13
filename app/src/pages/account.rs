//! The reader's own account.

use leptos::prelude::*;
use wizard::{
    Locale,
    parts::{self, FormButton},
};

use super::{
    frame::Scene,
    password::{current_password, new_password},
};
use crate::{
    model::{Account, SessionLine},
    present::deeds::language as in_its_own_words,
    texts::Texts,
};

/// Name, e-mail, organization, profile; language, password, sessions.
pub(super) fn view(scene: &Scene, data: Account) -> AnyView {
    let (words, reader) = (scene.words, &scene.reader);
    let role = if reader.is_admin { words.role_admin } else { words.role_agent };
    let facts = [
        (words.name, reader.name.clone()),
        (words.email, reader.email.clone()),
        (words.organization, reader.organization.clone()),
        (words.role, role.to_owned()),
    ];
    let facts: Vec<_> = facts.into_iter().map(|(name, value)| fact(name.to_owned(), value.into_any())).collect();
    view! {
        <div class="page is-narrow">
            <h1>{words.account}</h1>
            <dl class="facts card">{facts}</dl>
            {language(scene)}
            {password(scene)}
            {sessions(words, data.sessions)}
        </div>
    }
    .into_any()
}

/// One line of a list of facts.
pub(super) fn fact(name: String, value: AnyView) -> AnyView {
    view! { <div class="fact"><dt>{name}</dt><dd>{value}</dd></div> }.into_any()
}

/// One click switches: each language is a button of the same form.
fn language(scene: &Scene) -> AnyView {
    let buttons: Vec<_> = Locale::ALL
        .into_iter()
        .map(|locale| {
            let here = (locale == scene.locale).then_some("true");
            view! {
                <button type="submit" class="button" name="locale" value=locale.tag() lang=locale.tag() aria-current=here>
                    {in_its_own_words(locale.tag())}
                </button>
            }
            .into_any()
        })
        .collect();
    view! {
        <section aria-labelledby="language">
            <h2 id="language">{scene.words.language}</h2>
            <form method="post" action="/api/ui/set_language" class="actions languages">{buttons}</form>
        </section>
    }
    .into_any()
}

fn password(scene: &Scene) -> AnyView {
    let words = scene.words;
    view! {
        <section class="card" aria-labelledby="change-password">
            <h2 id="change-password">{words.change_password}</h2>
            {scene.error()}
            <form method="post" action="/api/ui/change_password" class="fields">
                {current_password("current", words.current_password)}
                {new_password(words)}
                <div class="actions"><button type="submit" class="button">{words.save_password}</button></div>
            </form>
            <p><a href="/forgot">{words.forgot}</a></p>
        </section>
    }
    .into_any()
}

fn sessions(words: &'static Texts, sessions: Vec<SessionLine>) -> Option<AnyView> {
    if sessions.is_empty() {
        return None;
    }
    let lines: Vec<_> = sessions.into_iter().map(|it| session(words, it)).collect();
    let log_out = FormButton::post("/api/ui/log_out_everywhere", [], words.log_out_everywhere).view();
    let section = view! {
        <section aria-labelledby="sessions">
            <h2 id="sessions">{words.sessions}</h2>
            <ul class="people card">{lines}</ul>
            <div class="actions">{log_out}</div>
        </section>
    };
    Some(section.into_any())
}

fn session(words: &'static Texts, it: SessionLine) -> AnyView {
    let this = it.is_this.then(|| view! { <span class="person-name">{words.session_this}</span> });
    view! {
        <li class="person">
            <span>
                {words.session_started}" "{parts::moment(it.started)}
                <span class="quiet">" · "{words.session_seen}" "{parts::moment(it.last_seen)}</span>
            </span>
            {this}
        </li>
    }
    .into_any()
}
