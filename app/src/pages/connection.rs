//! One connection: both clocks, channels, history, raw facts folded.

use leptos::prelude::*;
use lifecycle::{ChannelKind, Provider};
use wizard::{
    Level, Moment,
    parts::{self, FormButton, hidden},
    texts::fill,
};

use super::{account::fact, cards, copying, frame::Scene, overview::history, settings::options};
use crate::{
    model::{Choice, ConnectionCard, ConnectionDetail, Requirement, Sent},
    texts::Texts,
};

pub(super) fn view(scene: &Scene, data: ConnectionDetail) -> AnyView {
    let words = scene.words;
    let ConnectionDetail {
        card,
        permissions,
        sent,
        facts,
        history: entries,
        may_change,
        asked,
        admins,
        made_link,
        sends_mail,
    } = data;
    let made_link = made_link.map(|made| {
        let told = words.developers;
        copying::shown_once(scene, fill(told.link_made_for, &made.name), told.link, told.link_once, made.secret)
    });
    let ask_another = may_change.then(|| link_form(scene, &card.id, admins, sends_mail));
    let change = may_change.then(|| {
        let href = ["/integrations/meta?connection=", &card.id].concat();
        FormButton::get(&href, words.open_in_integration).view()
    });
    let ask = ask(scene, &card, asked);
    let error = scene.error();
    let end = |moment: Option<Moment>| match moment {
        Some(moment) => parts::moment(moment),
        None => words.no_end.into_any(),
    };
    let clocks = [
        fact(words.authorization_ends.to_owned(), end(card.ends.clone())),
        fact(words.data_access_ends.to_owned(), end(card.data_access_ends.clone())),
        fact(words.renewed.to_owned(), renewed(scene, &card)),
    ];
    let stories = stories(scene, &card);
    let open = cards::open_renewal(scene, &card);
    let heading_id = ["connection-", &card.id].concat();
    let facts: Vec<_> = facts.into_iter().map(|(name, value)| fact(name, value.into_any())).collect();
    let facts = (!facts.is_empty()).then(|| {
        view! { <details class="technical"><summary>{words.facts}</summary><dl class="facts">{facts}</dl></details> }
    });
    view! {
        <div class="page">
            <p class="breadcrumb"><a href="/">{words.overview}</a></p>
            <div class="page-head">
                <h1 id=heading_id>{card.name}</h1>
                {parts::state(card.level, card.summary)}
            </div>
            {error}
            {made_link}
            {open}
            <dl class="facts card">{clocks.into_iter().collect::<Vec<_>>()}</dl>
            <section aria-labelledby="channels">
                <h2 id="channels">{words.channels}</h2>
                <div class="card">{cards::channels(card.channels)}</div>
            </section>
            <div class="actions">{change}{ask}</div>
            <section aria-labelledby="allowed">
                <h2 id="allowed">{words.allowed}</h2>
                <div class="card">
                    {requirements(scene, permissions)}
                </div>
            </section>
            <section aria-labelledby="sent">
                <h2 id="sent">{words.sent}</h2>
                <div class="card sent">{sent.into_iter().map(|it| sent_of(scene, it)).collect::<Vec<_>>()}</div>
            </section>
            {stories}
            {ask_another}
            <section aria-labelledby="history">
                <h2 id="history">{words.history}</h2>
                {history(entries, words.history_empty)}
            </section>
            {facts}
        </div>
    }
    .into_any()
}

/// An agent asks the administrators, where there is something to ask for, once a day.
fn ask(scene: &Scene, card: &ConnectionCard, asked: Option<String>) -> Option<AnyView> {
    if scene.reader.is_admin || !matches!(card.level, Level::Soon | Level::Stopped) {
        return None;
    }
    if let Some(said) = asked {
        return Some(view! { <p class="quiet">{said}</p> }.into_any());
    }
    let button =
        FormButton::post("/api/ui/request_renewal", [("connection_id", card.id.clone())], scene.shared.ask_admin);
    Some(button.described_by(["connection-", &card.id].concat()).view())
}

/// A link by which another administrator renews this connection.
fn link_form(scene: &Scene, connection_id: &str, admins: Vec<Choice>, sends_mail: bool) -> AnyView {
    let words = scene.words.developers;
    let how = if sends_mail { words.link_mailed } else { words.link_by_hand };
    view! {
        <section class="card" aria-labelledby="send-link">
            <h2 id="send-link">{words.link_title}</h2>
            <p class="quiet">{words.link_body}" "{how}</p>
            <form method="post" action="/api/ui/send_renewal_link" class="fields">
                {hidden("connection_id".to_owned(), connection_id.to_owned())}
                <label class="field"><span>{words.link_for}</span><select name="user_id">{options(admins)}</select></label>
                <div class="actions"><button type="submit" class="button">{words.send_link}</button></div>
            </form>
        </section>
    }
    .into_any()
}

/// When, by whom, and as whom at Meta.
fn renewed(scene: &Scene, card: &ConnectionCard) -> AnyView {
    let by = card.renewed_by.as_ref().map(|name| fill(scene.words.renewed_by, name));
    let network = if card.provider == Provider::Instagram { "Instagram" } else { "Facebook" };
    let login = [network, card.name.as_str()].join(": ");
    view! { {parts::moment(card.renewed.clone())}" "{by}<span class="quiet">" ("{login}")"</span> }.into_any()
}

fn requirements(scene: &Scene, all: Vec<Requirement>) -> AnyView {
    let rows: Vec<_> = all
        .into_iter()
        .map(|it| {
            let level = if it.is_met { Level::Good } else { Level::Soon };
            let class = ["requirement ", parts::level_class(level)].concat();
            let missing = (!it.is_met).then(|| view! { " · "{scene.words.is_missing} });
            view! { <li class=class>{parts::level_icon(level)}<span>{it.text}{missing}</span></li> }.into_any()
        })
        .collect();
    view! { <ul class="requirements">{rows}</ul> }.into_any()
}

/// What Meta sends of one channel.
fn sent_of(scene: &Scene, sent: Sent) -> AnyView {
    view! { <div><h3>{sent.name}</h3>{requirements(scene, sent.kinds)}</div> }.into_any()
}

/// The platform's options of each Instagram account, as they are; they are switched on the integration screen.
fn stories(scene: &Scene, card: &ConnectionCard) -> Option<AnyView> {
    let (words, shared) = (scene.words, scene.shared);
    let of: Vec<_> = card
        .channels
        .iter()
        .filter(|channel| channel.kind == ChannelKind::Instagram)
        .map(|channel| {
            let name = channel.handle.as_ref().unwrap_or(&channel.name);
            let options =
                [(shared.story_mentions, channel.story_mentions), (shared.story_replies, channel.story_replies)]
                    .map(|(text, is_on)| switch(words, text, is_on));
            view! { <div><h3>{fill(words.story_title, name)}</h3><ul class="requirements">{options}</ul></div> }
                .into_any()
        })
        .collect();
    (!of.is_empty()).then(|| {
        view! {
            <section aria-labelledby="stories">
                <h2 id="stories">{words.stories}</h2>
                <div class="card sent">{of}</div>
            </section>
        }
        .into_any()
    })
}

fn switch(words: &'static Texts, text: &str, is_on: bool) -> AnyView {
    let level = if is_on { Level::Good } else { Level::Advice };
    let class = ["requirement ", parts::level_class(level)].concat();
    let text = [text, if is_on { words.is_on } else { words.is_off }].join(": ");
    view! { <li class=class>{parts::level_icon(level)}<span>{text}</span></li> }.into_any()
}
