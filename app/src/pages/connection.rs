//! One connection: both clocks, channels, history, raw facts folded.

use leptos::prelude::*;
use wizard::{
    Moment,
    parts::{self, FormButton},
};

use super::{account::fact, cards, frame::Scene, overview::history};
use crate::model::ConnectionDetail;

pub(super) fn view(scene: &Scene, data: ConnectionDetail) -> AnyView {
    let words = scene.words;
    let ConnectionDetail { card, facts, history: entries, may_change } = data;
    let change = may_change.then(|| {
        let href = ["/integrations/meta?connection=", &card.id].concat();
        FormButton::get(&href, words.open_in_integration).view()
    });
    let ask = cards::ask(scene, &card);
    let error = scene.error();
    let end = |moment: Option<Moment>| match moment {
        Some(moment) => parts::moment(moment),
        None => words.no_end.into_any(),
    };
    let clocks = [
        fact(words.authorization_ends.to_owned(), end(card.ends.clone())),
        fact(words.data_access_ends.to_owned(), end(card.data_access_ends.clone())),
        fact(words.renewed.to_owned(), parts::moment(card.renewed.clone())),
    ];
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
                {cards::state(card.level, card.summary)}
            </div>
            {error}
            {open}
            <dl class="facts card">{clocks.into_iter().collect::<Vec<_>>()}</dl>
            <section aria-labelledby="channels">
                <h2 id="channels">{words.channels}</h2>
                <div class="card">{cards::channels(card.channels)}</div>
            </section>
            <div class="actions">{change}{ask}</div>
            <section aria-labelledby="history">
                <h2 id="history">{words.history}</h2>
                {history(entries, words.history_empty)}
            </section>
            {facts}
        </div>
    }
    .into_any()
}
