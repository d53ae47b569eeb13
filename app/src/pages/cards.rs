//! A connection and its channels, as several pages show them.

use leptos::prelude::*;
use wizard::parts;

use super::frame::Scene;
use crate::model::{ChannelCard, ConnectionCard};

/// One connection: name, state, channels, and what can be done.
pub(super) fn connection(scene: &Scene, card: ConnectionCard, actions: Vec<AnyView>) -> AnyView {
    let heading_id = ["connection-", &card.id].concat();
    let labelled_by = heading_id.clone();
    let href = ["/connections/", &card.id].concat();
    let open = open_renewal(scene, &card);
    let class = ["card connection ", parts::level_class(card.level)].concat();
    let actions = (!actions.is_empty()).then(|| view! { <div class="actions">{actions}</div> });
    view! {
        <article class=class data-status=card.status aria-labelledby=labelled_by>
            <header class="connection-head">
                <h3 id=heading_id><a href=href>{card.name}</a></h3>
                {parts::state(card.level, card.summary)}
            </header>
            {channels(card.channels)}
            {open}
            {actions}
        </article>
    }
    .into_any()
}

/// The channels of a connection with their own states.
pub(super) fn channels(channels: Vec<ChannelCard>) -> AnyView {
    let rows: Vec<_> = channels.into_iter().map(channel).collect();
    view! { <ul class="channels">{rows}</ul> }.into_any()
}

fn channel(card: ChannelCard) -> AnyView {
    let name = card.handle.unwrap_or(card.name);
    let why = card.why.map(|why| view! { <p class="channel-why">{why}</p> });
    view! {
        <li class="channel" data-status=card.status>
            {parts::avatar(card.initials, card.picture, card.kind)}
            <span class="channel-text">
                <span class="channel-name">{name}</span>
                <span class="channel-kind">{parts::network(card.kind)}</span>
            </span>
            {parts::state(card.level, card.summary)}
            {why}
        </li>
    }
    .into_any()
}

/// Who is renewing this connection right now, where somebody is.
pub(super) fn open_renewal(scene: &Scene, card: &ConnectionCard) -> Option<AnyView> {
    let open = card.open_renewal.as_ref()?;
    Some(wizard::start::open_renewal(scene.shared, scene.first, open))
}
