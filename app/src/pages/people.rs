//! The organization's team: who belongs to it, who is invited.

use leptos::prelude::*;
use lifecycle::Role;
use wizard::{
    parts::{self, FormButton, hidden},
    texts::fill,
};

use super::{
    frame::Scene,
    settings::{SettingsPage, settings_nav},
};
use crate::{
    model::{MadeLink, PendingInvitation, People, Person},
    texts::Texts,
};

/// Codes that speak of the form by which somebody is invited.
const OF_INVITATION: [&str; 3] = ["invalid", "in_team", "too_many_invitations"];

pub(super) fn view(scene: &Scene, data: People) -> AnyView {
    let words = scene.words;
    let People { team, invitations, made, sends_mail } = data;
    let of_invitation = scene.error.as_deref().is_some_and(|code| OF_INVITATION.contains(&code));
    let error = (!of_invitation).then(|| scene.error()).flatten();
    let made = made.map(|made| made_link(words, made));
    let team: Vec<_> = team.into_iter().map(|it| person(words, it)).collect();
    view! {
        <div class="page is-narrow">
            <h1>{words.people}</h1>
            {settings_nav(scene, SettingsPage::People)}
            <p class="quiet">{words.people_intro}</p>
            {error}
            {made}
            <ul class="people card">{team}</ul>
            {invite(scene, sends_mail, of_invitation)}
            {pending(words, invitations)}
        </div>
    }
    .into_any()
}

pub(super) const fn role(words: &'static Texts, role: Role) -> &'static str {
    match role {
        Role::Admin => words.role_admin,
        Role::Agent => words.role_agent,
    }
}

fn person(words: &'static Texts, person: Person) -> AnyView {
    let heading_id = ["person-", &person.id].concat();
    let you = person.is_reader.then(|| view! { <span class="quiet">" ("{words.you}")"</span> });
    let seen = match person.last_seen.clone() {
        Some(at) => view! { {words.last_seen}" "{parts::moment(at)} }.into_any(),
        None => words.never_seen.into_any(),
    };
    let change = if person.is_reader {
        view! { <p class="quiet">{words.own_entry}</p> }.into_any()
    } else {
        changes(words, &person, &heading_id)
    };
    view! {
        <li class="person">
            <div class="person-text">
                <h2 class="person-name" id=heading_id>{person.name}{you}</h2>
                <p class="quiet">{person.email}</p>
                <p class="quiet">{role(words, person.role)}" · "{seen}</p>
            </div>
            {change}
        </li>
    }
    .into_any()
}

/// Removing asks once more, without a script: the button stands behind a fold that says what happens.
fn changes(words: &'static Texts, person: &Person, described_by: &str) -> AnyView {
    let (other, label) = match person.role {
        Role::Admin => (Role::Agent, words.make_agent),
        Role::Agent => (Role::Admin, words.make_admin),
    };
    let id = || ("user_id", person.id.clone());
    let change = FormButton::post("/api/ui/set_role", [id(), ("role", other.as_str().to_owned())], label)
        .class("button is-small")
        .described_by(described_by)
        .view();
    let remove = FormButton::post("/api/ui/remove_person", [id()], words.remove)
        .class("button is-small is-danger")
        .described_by(described_by)
        .view();
    view! {
        <div class="person-changes">
            {change}
            <details>
                <summary>{fill(words.remove_person, &person.name)}</summary>
                <p>{fill(words.remove_body, &person.name)}</p>
                {remove}
            </details>
        </div>
    }
    .into_any()
}

fn made_link(words: &'static Texts, made: MadeLink) -> AnyView {
    view! {
        <section class="card" aria-labelledby="made">
            <h2 id="made">{fill(words.invited_title, &made.email)}</h2>
            <label class="field">
                <span>{words.invited_link}</span>
                <input type="text" class="link-field" readonly=true value=made.link aria-describedby="made-note" />
            </label>
            <p class="quiet" id="made-note">{words.invited_body}</p>
        </section>
    }
    .into_any()
}

fn invite(scene: &Scene, sends_mail: bool, refused: bool) -> AnyView {
    let words = scene.words;
    let error = refused.then(|| scene.error()).flatten();
    let note = if sends_mail { words.invite_mailed } else { words.invite_by_hand };
    view! {
        <section class="card" aria-labelledby="invite">
            <h2 id="invite">{words.invite_title}</h2>
            <p class="quiet">{note}</p>
            {error}
            <form method="post" action="/api/ui/invite" class="fields">
                <label class="field">
                    <span>{words.email}</span>
                    <input type="email" name="email" autocomplete="off" maxlength="254" required=true />
                </label>
                <label class="field">
                    <span>{words.role}</span>
                    <select name="role">
                        <option value="agent">{words.role_agent}</option>
                        <option value="admin">{words.role_admin}</option>
                    </select>
                </label>
                <div class="actions"><button type="submit" class="button is-primary">{words.invite}</button></div>
            </form>
        </section>
    }
    .into_any()
}

fn pending(words: &'static Texts, invitations: Vec<PendingInvitation>) -> AnyView {
    let list = if invitations.is_empty() {
        view! { <p class="quiet">{words.pending_empty}</p> }.into_any()
    } else {
        let rows: Vec<_> = invitations.into_iter().map(|it| invitation(words, it)).collect();
        view! { <ul class="people card">{rows}</ul> }.into_any()
    };
    view! {
        <section aria-labelledby="pending">
            <h2 id="pending">{words.pending}</h2>
            {list}
        </section>
    }
    .into_any()
}

fn invitation(words: &'static Texts, it: PendingInvitation) -> AnyView {
    let heading_id = ["invitation-", &it.id].concat();
    let described_by = heading_id.clone();
    view! {
        <li class="person">
            <div class="person-text">
                <h3 class="person-name" id=heading_id>{it.email}</h3>
                <p class="quiet">{role(words, it.role)}" · "{words.valid_until}" "{parts::moment(it.ends)}</p>
            </div>
            <form method="post" action="/api/ui/withdraw_invitation">
                {hidden("invitation_id".to_owned(), it.id)}
                <button type="submit" class="button is-small" aria-describedby=described_by>{words.withdraw}</button>
            </form>
        </li>
    }
    .into_any()
}
