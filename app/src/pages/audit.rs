//! The audit log: who did what, the newest first.

use leptos::prelude::*;
use wizard::parts::{self, FormButton};

use super::{
    frame::Scene,
    settings::{SettingsPage, options, settings_nav},
};
use crate::model::{Audit, AuditLine, Choice};

pub(super) fn view(scene: &Scene, data: Audit) -> AnyView {
    let words = &scene.words.settings;
    let filter = filter(scene, data.people, data.kinds);
    let entries = match (data.entries.is_empty(), data.is_filtered) {
        (true, true) => nothing_found(scene),
        (true, false) => view! { <p class="quiet">{words.audit_empty}</p> }.into_any(),
        (false, _) => table(scene, data.entries),
    };
    let newest = data.newest.map(|href| FormButton::get(&href, words.newest).quiet().view());
    let older = data.older.map(|href| FormButton::get(&href, words.older).view());
    view! {
        <div class="page">
            <div class="page-head"><h1>{words.audit}</h1></div>
            {settings_nav(scene, SettingsPage::Audit)}
            <p class="quiet">{words.audit_intro}</p>
            {filter}
            {entries}
            <div class="actions">{older}{newest}</div>
        </div>
    }
    .into_any()
}

/// A form of its own that only navigates: what it asks for stands in the address.
fn filter(scene: &Scene, people: Vec<Choice>, kinds: Vec<Choice>) -> AnyView {
    let words = &scene.words.settings;
    view! {
        <form method="get" action="/settings/audit" class="filter" role="search" aria-label=words.filter>
            {list("who", words.who, words.everybody, people)}
            {list("what", words.what, words.everything, kinds)}
            <button type="submit" class="button">{words.filter}</button>
        </form>
    }
    .into_any()
}

fn list(name: &'static str, label: &'static str, all: &'static str, mut choices: Vec<Choice>) -> AnyView {
    let is_chosen = choices.iter().all(|it| !it.is_chosen);
    choices.insert(0, Choice { value: String::new(), label: all.to_owned(), is_chosen });
    view! { <label class="field"><span>{label}</span><select name=name>{options(choices)}</select></label> }.into_any()
}

fn nothing_found(scene: &Scene) -> AnyView {
    let words = &scene.words.settings;
    let all = FormButton::get("/settings/audit", words.show_all).view();
    view! { <section class="card empty"><p>{words.audit_nothing_found}</p>{all}</section> }.into_any()
}

fn table(scene: &Scene, entries: Vec<AuditLine>) -> AnyView {
    let words = &scene.words.settings;
    let rows: Vec<_> = entries.into_iter().map(row).collect();
    view! {
        <table class="audit">
            <thead>
                <tr>
                    <th scope="col">{words.when}</th>
                    <th scope="col">{words.who}</th>
                    <th scope="col">{words.what}</th>
                    <th scope="col">{scene.words.connection}</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    }
    .into_any()
}

fn row(entry: AuditLine) -> AnyView {
    let connection = match (entry.connection, entry.connection_id) {
        (Some(name), Some(id)) => {
            let href = ["/connections/", &id].concat();
            view! { <a href=href>{name}</a> }.into_any()
        }
        (Some(name), None) => name.into_any(),
        (None, _) => ().into_any(),
    };
    view! {
        <tr>
            <td class="audit-when">{parts::moment(entry.at)}</td>
            <td class="audit-who">{entry.who}</td>
            <td class="audit-what">{entry.what}</td>
            <td class="audit-connection">{connection}</td>
        </tr>
    }
    .into_any()
}
