//! The integration screen: prerequisites, then the one button *Iniciar*; below it the rest.

use leptos::prelude::*;
use lifecycle::ChannelKind;
use wizard::{
    Level,
    icon::{self, icon},
    parts::{self, FormButton, hidden},
    texts::fill,
};

use super::{cards, frame::Scene};
use crate::model::{ChannelCard, ConnectionCard, Integration};

/// The code of a disconnect whose name was not typed as shown.
const NAME_MISMATCH: &str = "name_mismatch";
/// The status of a channel to which Meta does not send all that its options ask for.
const STORY_OPTION_OFF: &str = "story_option_off";
const START: &str = "/api/ui/start_renewal";

pub(super) fn view(scene: &Scene, data: Integration) -> AnyView {
    let (words, shared) = (scene.words, scene.shared);
    let Integration { prerequisites, target, open_first, others, has_more, instagram_login } = data;
    let title = match &target {
        Some(card) => fill(shared.title_renew, &card.name),
        None => shared.title_connect.to_owned(),
    };
    let prerequisites = wizard::start::prerequisites(scene.first, prerequisites);
    let remarks: Vec<_> = words.remarks.into_iter().map(|text| view! { <li>{text}</li> }.into_any()).collect();
    let connect = target
        .is_some()
        .then(|| FormButton::get("/integrations/meta?connection=new", scene.first.connect_another).view());
    let open = target.as_ref().map_or(open_first.as_ref(), |card| card.open_renewal.as_ref());
    let note = open.map(|open| wizard::start::open_renewal(scene.shared, scene.first, open));
    let start = start(scene, target.as_ref());
    let by_instagram = (instagram_login && target.is_none()).then(|| by_instagram(scene));
    let state = target.as_ref().map(|card| parts::state(card.level, card.summary.clone()));
    let details = target.map(|card| target_details(scene, card));
    let others = (!others.is_empty()).then(|| other_connections(scene, others, has_more));
    // A refused disconnect is told where it was asked for.
    let told_below = scene.error.as_deref() == Some(NAME_MISMATCH) || scene.channel.is_some();
    let error = (!told_below).then(|| scene.error()).flatten();
    view! {
        <div class="page is-narrow">
            <p class="breadcrumb"><a href="/">{words.overview}</a></p>
            <div class="page-head"><h1>{title}</h1>{state}</div>
            <section class="card" aria-labelledby="before-start">
                <h2 id="before-start">{scene.first.before_start}</h2>
                {prerequisites}
                {error}
                {note}
                {start}
            </section>
            {by_instagram}
            <details class="remarks">
                <summary>{words.remarks_title}</summary>
                <ul>{remarks}</ul>
            </details>
            {details}
            {others}
            <div class="actions">{connect}</div>
        </div>
    }
    .into_any()
}

/// *Iniciar*, or taking over what another administrator has begun.
fn start(scene: &Scene, target: Option<&ConnectionCard>) -> AnyView {
    let buttons = match target {
        None => vec![FormButton::post(START, [], scene.first.start).primary().view()],
        Some(card) => start_buttons(scene, card, scene.first.start.to_owned(), true),
    };
    view! { <div class="actions">{buttons}</div> }.into_any()
}

/// Another way for an account that has no Page.
fn by_instagram(scene: &Scene) -> AnyView {
    let button = FormButton::post(START, [("provider", "instagram".to_owned())], scene.first.connect_instagram);
    view! {
        <section class="card" aria-labelledby="by-instagram">
            <h2 id="by-instagram">{scene.first.instagram_title}</h2>
            <p class="quiet">{scene.first.instagram_body}</p>
            <div class="actions">{button.view()}</div>
        </section>
    }
    .into_any()
}

fn start_buttons(scene: &Scene, card: &ConnectionCard, label: String, primary: bool) -> Vec<AnyView> {
    let foreign = card.open_renewal.as_ref().is_some_and(|open| open.other_owner.is_some());
    let mut button = FormButton::post(START, [("connection_id", card.id.clone())], label);
    if foreign {
        button = FormButton::post(START, [("connection_id", card.id.clone())], scene.shared.take_over)
            .field("take_over", "true");
    }
    vec![if primary { button.primary().view() } else { button.view() }]
}

/// Story options and disconnecting, for the connection that the screen is about.
fn target_details(scene: &Scene, card: ConnectionCard) -> AnyView {
    let words = scene.words;
    let stories: Vec<_> = card
        .channels
        .iter()
        .filter(|channel| channel.kind == ChannelKind::Instagram)
        .map(|channel| story_options(scene, &card.id, channel))
        .collect();
    let name = card.name;
    let is_about_all = scene.error.as_deref() == Some(NAME_MISMATCH) && scene.channel.is_none();
    let refused = is_about_all.then(|| scene.error()).flatten();
    let one = disconnect_one(scene, &card.id, &card.channels);
    let is_refused = refused.is_some();
    let disconnect_label = fill(words.disconnect_label, &name);
    view! {
        <section aria-labelledby="channels">
            <h2 id="channels">{words.channels}</h2>
            <div class="card">{cards::channels(card.channels)}</div>
        </section>
        {stories}
        {one}
        <details class="disconnect" open=is_refused>
            <summary>{fill(words.disconnect_title, &name)}</summary>
            <form method="post" action="/api/ui/disconnect" class="fields">
                {hidden("connection_id".to_owned(), card.id)}
                <p>{words.disconnect_body}</p>
                {refused}
                <label class="field">
                    <span>{disconnect_label}</span>
                    <input type="text" name="confirm_name" autocomplete="off" required=true />
                </label>
                <button type="submit" class="button is-danger">{fill(words.disconnect, &name)}</button>
            </form>
        </details>
    }
    .into_any()
}

/// One of several channels; the last one goes with its connection.
fn disconnect_one(scene: &Scene, connection_id: &str, channels: &[ChannelCard]) -> Option<AnyView> {
    let words = scene.words;
    let refused = scene.channel.is_some().then(|| scene.error()).flatten();
    let is_refused = refused.is_some();
    if channels.len() < 2 && !is_refused {
        return None;
    }
    let options: Vec<_> = channels
        .iter()
        .map(|channel| {
            let name = channel.handle.as_ref().unwrap_or(&channel.name);
            let label = [name.as_str(), parts::network(channel.kind)].join(" · ");
            let chosen = scene.channel.as_ref() == Some(&channel.id);
            view! { <option value=channel.id.clone() selected=chosen>{label}</option> }.into_any()
        })
        .collect();
    Some(
        view! {
            <details class="disconnect" open=is_refused>
                <summary>{words.disconnect_one_title}</summary>
                <form method="post" action="/api/ui/disconnect_channel" class="fields">
                    {hidden("connection_id".to_owned(), connection_id.to_owned())}
                    <p>{words.disconnect_one_body}</p>
                    {refused}
                    <label class="field">
                        <span>{words.channel}</span>
                        <select name="channel_id">{options}</select>
                    </label>
                    <label class="field">
                        <span>{words.disconnect_one_label}</span>
                        <input type="text" name="confirm_name" autocomplete="off" required=true />
                    </label>
                    <button type="submit" class="button is-danger">{words.disconnect_one}</button>
                </form>
            </details>
        }
        .into_any(),
    )
}

/// The two options of the platform, in the words of the source.
fn story_options(scene: &Scene, connection_id: &str, channel: &ChannelCard) -> AnyView {
    let (words, shared) = (scene.words, scene.shared);
    let name = channel.handle.as_ref().unwrap_or(&channel.name);
    let all_on = channel.story_mentions && channel.story_replies;
    let off =
        (!all_on).then(|| view! { <p class="state is-soon">{icon(icon::WARNING)}<span>{words.story_off}</span></p> });
    let not_sent = (all_on && channel.status == STORY_OPTION_OFF)
        .then(|| parts::notice(Level::Advice, None, vec![parts::paragraph(words.story_not_sent)]));
    let heading_id = ["stories-", &channel.id].concat();
    let (labelled_by, described_by) = (heading_id.clone(), heading_id.clone());
    view! {
        <section class="card" aria-labelledby=labelled_by>
            <h3 id=heading_id>{fill(words.story_title, name)}</h3>
            <p class="quiet">{words.story_intro}</p>
            {off}
            {not_sent}
            <form method="post" action="/api/ui/story_options" class="fields">
                {hidden("channel_id".to_owned(), channel.id.clone())}
                {hidden("connection_id".to_owned(), connection_id.to_owned())}
                {option("story_mentions", shared.story_mentions, channel.story_mentions)}
                {option("story_replies", shared.story_replies, channel.story_replies)}
                <div class="actions"><button type="submit" class="button" aria-describedby=described_by>{words.save_options}</button></div>
            </form>
        </section>
    }
    .into_any()
}

fn option(name: &'static str, label: &'static str, on: bool) -> AnyView {
    view! { <label class="check"><input type="checkbox" name=name value="true" checked=on /><span>{label}</span></label> }
        .into_any()
}

fn other_connections(scene: &Scene, others: Vec<ConnectionCard>, has_more: bool) -> AnyView {
    let words = scene.words;
    let cards: Vec<_> = others
        .into_iter()
        .map(|card| {
            let actions = start_buttons(scene, &card, fill(scene.first.renew, &card.name), false);
            cards::connection(scene, card, actions)
        })
        .collect();
    let more = has_more.then(|| view! { <p><a href="/review">{words.timeline_all}</a></p> });
    view! {
        <section aria-labelledby="others">
            <h2 id="others">{scene.first.others}</h2>
            <div class="cards">{cards}</div>
            {more}
        </section>
    }
    .into_any()
}
