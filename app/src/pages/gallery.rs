//! Every component in every state, as the reader's theme and language show it: for those who develop.
//!
//! The components are the real ones; what they show comes from [`samples`]. A new component gets its
//! [`shelf`] here.

mod samples;

use leptos::prelude::*;
use wizard::{
    Level, RenewalBanner, RenewalWizard, UiError,
    parts::{self, FormButton},
};

use super::{
    account::fact,
    cards,
    frame::Scene,
    overview,
    settings::{SettingsPage, languages, options, refused, settings_nav},
    timeline,
};
use crate::model::SettingsField;

/// The address is the title: the page has no words of its own.
pub(super) const TITLE: &str = "/dev/components";

/// Every component.
pub(super) fn view(scene: &Scene) -> AnyView {
    view! {
        <div class="page gallery">
            <h1>{TITLE}</h1>
            {shelf("parts::FormButton", buttons(scene))}
            {shelf("form.css", form(scene))}
            {shelf("settings::settings_nav", settings_nav(scene, SettingsPage::General))}
            {shelf("parts::notice", notices(scene))}
            {shelf("RenewalBanner", banners(scene))}
            {shelf("cards::connection", connections(scene))}
            {shelf("timeline::view", timeline::view(scene, &samples::cards(), samples::cards().len(), &[14, 7, 3, 1]))}
            {shelf("RenewalWizard", wizards(scene))}
            {shelf("account::fact", facts(scene))}
            {shelf("overview::history", overview::history(samples::activities(), scene.words.history_empty))}
            {shelf("overview::empty", empty(scene))}
        </div>
    }
    .into_any()
}

/// A component under the name by which code finds it.
fn shelf(name: &'static str, content: AnyView) -> AnyView {
    view! { <section aria-label=name><h2><code>{name}</code></h2>{content}</section> }.into_any()
}

fn row(items: Vec<AnyView>) -> AnyView {
    view! { <div class="actions">{items}</div> }.into_any()
}

fn buttons(scene: &Scene) -> AnyView {
    let (words, shared) = (scene.words, scene.shared);
    let button = |label: &'static str| FormButton::get(TITLE, label);
    let danger = button(words.settings.save_warnings).class("button is-danger").view();
    let waiting =
        view! { <button type="button" class="button is-primary" aria-disabled="true">{scene.first.start}</button> };
    let off = view! { <button type="button" class="button" disabled=true>{scene.first.start}</button> };
    let wide = button(words.enter).class("button is-primary is-wide").view();
    let different = vec![
        button(scene.first.start).primary().view(),
        button(shared.retry).view(),
        button(words.forgot).quiet().view(),
        button(words.log_out).class("button is-small is-quiet").view(),
        danger,
        waiting.into_any(),
        off.into_any(),
    ];
    view! { {row(different)}{wide} }.into_any()
}

fn form(scene: &Scene) -> AnyView {
    let (words, settings) = (scene.words, &scene.words.settings);
    let wrong = refused(scene, "sample-error", SettingsField::TimeZone);
    view! {
        <div class="card fields">
            {wrong}
            <label class="field"><span>{words.email}</span><input type="email" value=samples::EMAIL /></label>
            <label class="field">
                <span>{settings.time_zone}</span>
                <input type="text" value=samples::NO_ZONE aria-invalid="true" aria-describedby="sample-error" />
            </label>
            <label class="field"><span>{settings.language}</span><select>{options(languages(scene.locale))}</select></label>
            <p class="hint">{settings.language_hint}</p>
            <fieldset class="choices">
                <legend>{settings.days}</legend>
                <div class="choices-grid">
                    <label class="check"><input type="checkbox" checked=true /><span>{settings.on_the_day}</span></label>
                    <label class="check"><input type="checkbox" /><span>{settings.one_day_before}</span></label>
                    <label class="check"><input type="checkbox" disabled=true /><span>{settings.everything}</span></label>
                </div>
            </fieldset>
        </div>
    }
    .into_any()
}

fn notices(scene: &Scene) -> AnyView {
    let (words, shared) = (scene.words, scene.shared);
    let levels = [
        (Level::Good, words.done_saved),
        (Level::Advice, words.story_not_sent),
        (Level::Soon, words.story_off),
        (Level::Stopped, words.failed_title),
    ];
    let levels = levels.map(|(level, text)| parts::notice(level, None, vec![parts::paragraph(text)]));
    let code = "meta_unreachable";
    let error = UiError { code: code.to_owned(), message: String::new(), request_id: samples::ID.to_owned() };
    view! { <div class="fields">{levels.into_iter().collect::<Vec<_>>()}{parts::alert(shared, error)}</div> }.into_any()
}

fn banners(scene: &Scene) -> AnyView {
    let kinds = [samples::SOON, samples::STOPPED, samples::SEVERAL, samples::AGENT];
    let banners = kinds.map(|kind| {
        let transport = samples::Sample::banner(kind, scene.locale);
        view! { <RenewalBanner transport /> }.into_any()
    });
    view! { <div class="fields">{banners.into_iter().collect::<Vec<_>>()}</div> }.into_any()
}

fn connections(scene: &Scene) -> AnyView {
    let card = |card: crate::model::ConnectionCard| {
        let button = FormButton::get(TITLE, scene.first.start).view();
        cards::connection(scene, card, vec![button])
    };
    view! { <div class="cards">{samples::cards().into_iter().map(card).collect::<Vec<_>>()}</div> }.into_any()
}

fn wizards(scene: &Scene) -> AnyView {
    let steps = samples::STEPS.map(|step| {
        let transport = samples::Sample::wizard(scene.locale);
        view! { <RenewalWizard transport renewal_id=step error_code=None locale=scene.locale /> }.into_any()
    });
    view! { <div class="fields">{steps.into_iter().collect::<Vec<_>>()}</div> }.into_any()
}

fn facts(scene: &Scene) -> AnyView {
    let words = scene.words;
    let facts = [
        fact(words.authorization_ends.to_owned(), parts::moment(samples::day(28))),
        fact(words.data_access_ends.to_owned(), words.no_end.into_any()),
        fact(words.email.to_owned(), samples::EMAIL.into_any()),
    ];
    view! { <dl class="facts card">{facts.into_iter().collect::<Vec<_>>()}</dl> }.into_any()
}

fn empty(scene: &Scene) -> AnyView {
    let nothing = overview::history(Vec::new(), scene.words.history_empty);
    view! { {overview::empty(scene)}{nothing}<div class="skeleton"></div> }.into_any()
}
