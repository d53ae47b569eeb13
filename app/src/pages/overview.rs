//! The overview: one look answers whether anything is about to stop.

use leptos::prelude::*;
use wizard::{
    parts::{self, FormButton},
    texts::fill,
};

use super::{cards, frame::Scene, listing, timeline};
use crate::model::{Activity, ConnectionCard, Overview, Part};

pub(super) fn view(scene: &Scene, data: Overview) -> AnyView {
    let words = scene.words;
    let admins = (!scene.reader.is_admin && !data.admins.is_empty())
        .then(|| view! { <p class="admins">{fill(words.admins, &data.admins.join(", "))}</p> });
    let mail_is_off = data.mail_is_off.then(|| view! { <p class="quiet">{words.mail_is_off}</p> });
    let error = scene.error();
    let today = fill(words.today, &data.now.text);
    let now = data.now.iso;
    let connections = if data.part.tally.total() == 0 {
        empty(scene)
    } else {
        let picture = timeline::view(scene, &data.urgent, data.part.tally.total(), &data.warning_days);
        list(scene, &data.part, data.connections, picture)
    };
    view! {
        <div class="page">
            <div class="page-head">
                <h1>{words.overview}</h1>
                <p class="quiet"><time datetime=now>{today}</time></p>
            </div>
            {error}
            {admins}
            {connections}
            {mail_is_off}
            <section aria-labelledby="recent">
                <h2 id="recent">{words.recent}</h2>
                {history(data.recent, words.recent_empty)}
            </section>
        </div>
    }
    .into_any()
}

/// Counts and picture of all; below them those that are asked for.
fn list(scene: &Scene, part: &Part, connections: Vec<ConnectionCard>, picture: AnyView) -> AnyView {
    let is_first = part.page == 1 && !part.is_filtered();
    let picture = is_first.then_some(picture);
    let cards: Vec<_> = connections.into_iter().map(|card| cards::connection(scene, card, Vec::new())).collect();
    view! {
        {listing::counts(scene, part)}
        {picture}
        <section aria-labelledby="connections">
            <h2 id="connections">{scene.words.connections}</h2>
            {listing::filters(scene, part)}
            {listing::found(scene, part)}
            <div class="cards">{cards}</div>
            {listing::pager(scene, part)}
        </section>
    }
    .into_any()
}

/// Says what will be here, and offers the one thing to do.
pub(super) fn empty(scene: &Scene) -> AnyView {
    let words = scene.words;
    let body = if scene.reader.is_admin { words.empty_body } else { words.empty_body_agent };
    let connect = scene.reader.is_admin.then(|| FormButton::get("/integrations/meta", words.connect).primary().view());
    view! {
        <section class="card empty">
            <h2>{words.empty_title}</h2>
            <p>{body}</p>
            {connect}
        </section>
    }
    .into_any()
}

/// What happened, newest first.
pub(super) fn history(entries: Vec<Activity>, when_empty: &'static str) -> AnyView {
    if entries.is_empty() {
        return view! { <p class="quiet">{when_empty}</p> }.into_any();
    }
    let entries: Vec<_> = entries
        .into_iter()
        .map(|entry| view! { <li>{parts::moment(entry.at)}<span>{entry.text}</span></li> }.into_any())
        .collect();
    view! { <ol class="history">{entries}</ol> }.into_any()
}
