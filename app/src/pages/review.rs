//! The periodic review: every connection on one screen, and a signature below it.

use leptos::prelude::*;
use wizard::{
    Moment,
    parts::{self, FormButton},
    texts::fill,
};

use super::{frame::Scene, listing};
use crate::model::{ChannelCard, ConnectionCard, Review, SignOff};

pub(super) fn view(scene: &Scene, data: Review) -> AnyView {
    let words = scene.words;
    let Review { connections, part, signed } = data;
    let error = scene.error();
    let last = signed.first().map(|it| last_time(scene, it));
    let total = part.tally.total();
    let sign = (total > 0).then(|| sign(scene, total, signed));
    let list = if total == 0 {
        view! { <p class="quiet">{words.review_empty}</p> }.into_any()
    } else {
        view! {
            {listing::counts(scene, &part)}
            {listing::filters(scene, &part)}
            {listing::found(scene, &part)}
            {table(scene, connections)}
            {listing::pager(scene, &part)}
        }
        .into_any()
    };
    view! {
        <div class="page review">
            <div class="page-head"><h1>{words.review}</h1>{last}</div>
            <p>{words.review_intro}</p>
            {error}
            {list}
            {sign}
        </div>
    }
    .into_any()
}

fn last_time(scene: &Scene, last: &SignOff) -> AnyView {
    let (before, after) = scene.words.reviewed_last.split_once("{}").unwrap_or_default();
    let after = fill(after, &last.name);
    view! { <p class="quiet">{before}{parts::moment(last.at.clone())}{after}</p> }.into_any()
}

fn table(scene: &Scene, connections: Vec<ConnectionCard>) -> Option<AnyView> {
    let words = scene.words;
    if connections.is_empty() {
        return None;
    }
    let rows: Vec<_> = connections.into_iter().map(|card| row(scene, card)).collect();
    Some(
        view! {
            <table class="rows">
                <thead>
                    <tr>
                        <th scope="col">{words.connection}</th>
                        <th scope="col">{words.state}</th>
                        <th scope="col">{words.ends}</th>
                        <th scope="col">{words.channels}</th>
                        <th scope="col">{words.renewed}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        }
        .into_any(),
    )
}

fn row(scene: &Scene, card: ConnectionCard) -> AnyView {
    let words = scene.words;
    let href = ["/connections/", &card.id].concat();
    let by = card.renewed_by.map(|name| view! { <span class="quiet">{name}</span> });
    view! {
        <tr data-status=card.status>
            <th scope="row"><a href=href>{card.name}</a></th>
            <td>{parts::state(card.level, card.summary)}</td>
            <td data-label=words.ends>{end(scene, card.nearest_end)}</td>
            <td data-label=words.channels>{channels(card.channels)}</td>
            <td data-label=words.renewed><span>{parts::moment(card.renewed)}</span>{by}</td>
        </tr>
    }
    .into_any()
}

fn end(scene: &Scene, at: Option<Moment>) -> AnyView {
    match at {
        Some(at) => parts::moment(at),
        None => view! { <span class="quiet">{scene.words.no_end}</span> }.into_any(),
    }
}

/// Names alone; one that does not work says so.
fn channels(channels: Vec<ChannelCard>) -> AnyView {
    let names: Vec<_> = channels
        .into_iter()
        .map(|channel| {
            let class = ["channel-short ", parts::level_class(channel.level)].concat();
            let name = channel.handle.unwrap_or(channel.name);
            let state = (!matches!(channel.level, wizard::Level::Good))
                .then(|| view! { <span class="visually-hidden">" ("{parts::plain(&channel.summary)}")"</span> });
            let mark = state.is_some().then(|| parts::level_icon(channel.level));
            view! { <li class=class title=parts::network(channel.kind)>{mark}{name}{state}</li> }.into_any()
        })
        .collect();
    view! { <ul class="channels-short">{names}</ul> }.into_any()
}

/// One button, for all connections, whatever the filter shows; below it, who did so last.
fn sign(scene: &Scene, total: usize, signed: Vec<SignOff>) -> AnyView {
    let words = scene.words;
    let [one, many] = words.review_signs;
    let what = fill(if total == 1 { one } else { many }, &total.to_string());
    let button =
        FormButton::post("/api/ui/sign_review", [], words.review_sign).primary().described_by("what-is-signed").view();
    let signed: Vec<_> = signed
        .into_iter()
        .map(|it| {
            view! { <li>{parts::moment(it.at)}<span><strong>{it.name}</strong>" · "{it.about}</span></li> }.into_any()
        })
        .collect();
    let before = (!signed.is_empty()).then(|| {
        view! { <h3>{words.reviewed_before}</h3><ol class="history">{signed}</ol> }
    });
    view! {
        <section class="card" aria-labelledby="sign">
            <h2 id="sign">{words.review_sign_title}</h2>
            <p id="what-is-signed">{what}</p>
            <div class="actions">{button}</div>
            {before}
        </section>
    }
    .into_any()
}
