//! What the organization decides for itself: when it is warned, its time zone, its language.

use leptos::prelude::*;
use wizard::{
    Level, Locale,
    icon::{self, icon},
    parts,
};

use super::{account::fact, frame::Scene};
use crate::{
    model::{Choice, Settings, SettingsField},
    present::deeds::language,
};

/// The pages below `/settings`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SettingsPage {
    General,
    People,
    ApiKeys,
    Webhooks,
    Embedding,
    Audit,
}

/// The way from one page of the settings to the others.
pub(super) fn settings_nav(scene: &Scene, here: SettingsPage) -> AnyView {
    let words = &scene.words.settings;
    let places = [
        ("/settings", words.general, here == SettingsPage::General),
        ("/settings/people", scene.words.people, here == SettingsPage::People),
        ("/settings/api-keys", scene.words.developers.api_keys, here == SettingsPage::ApiKeys),
        ("/settings/webhooks", scene.words.developers.webhooks, here == SettingsPage::Webhooks),
        ("/settings/embed", scene.words.developers.embedding, here == SettingsPage::Embedding),
        ("/settings/audit", words.audit, here == SettingsPage::Audit),
    ];
    let links = places.map(|(href, label, is_here)| {
        view! { <a href=href aria-current=is_here.then_some("page")>{label}</a> }.into_any()
    });
    view! { <nav class="tabs" aria-label=words.navigation>{links.into_iter().collect::<Vec<_>>()}</nav> }.into_any()
}

pub(super) fn view(scene: &Scene, data: Settings) -> AnyView {
    let words = &scene.words.settings;
    let teller = teller(scene, &data);
    // What belongs to no field: such as a storage that did not answer.
    let error = data.wrong.is_none().then(|| scene.error()).flatten();
    let warnings = warnings(scene, data.wrong, data.days, data.from_hours, data.to_hours);
    let zone = Zone { name: data.time_zone, now: data.now, offered: data.zones };
    let organization = organization(scene, data.wrong, zone, data.locale);
    view! {
        <div class="page is-narrow">
            <h1>{words.title}</h1>
            {settings_nav(scene, SettingsPage::General)}
            {error}
            {warnings}
            {organization}
            {teller}
        </div>
    }
    .into_any()
}

/// What is wrong with a field and the fix, beside its form; `id` describes the field.
pub(super) fn refused(scene: &Scene, id: &'static str, field: SettingsField) -> AnyView {
    let sentence = parts::paragraph(scene.words.settings.wrong(field));
    view! { <div id=id>{parts::notice(Level::Stopped, Some("alert"), vec![sentence])}</div> }.into_any()
}

fn warnings(
    scene: &Scene,
    wrong: Option<SettingsField>,
    days: Vec<Choice>,
    from_hours: Vec<Choice>,
    to_hours: Vec<Choice>,
) -> AnyView {
    let words = &scene.words.settings;
    let field = wrong.filter(|field| matches!(field, SettingsField::Days | SettingsField::Hours));
    let error = field.map(|field| refused(scene, "warnings-error", field));
    let described = |field: SettingsField| (wrong == Some(field)).then_some("warnings-error");
    let days_error = described(SettingsField::Days);
    let hours = Hours { error: described(SettingsField::Hours), from: from_hours, to: to_hours };
    let days: Vec<_> = days.into_iter().map(day).collect();
    view! {
        <section class="card" aria-labelledby="warnings">
            <h2 id="warnings">{words.warnings}</h2>
            <p class="quiet">{words.warnings_intro}</p>
            {error}
            <form method="post" action="/api/ui/set_warnings" class="fields">
                <fieldset class="choices" aria-describedby=days_error>
                    <legend>{words.days}</legend>
                    <div class="choices-grid">{days}</div>
                </fieldset>
                {hours.view(scene)}
                <div class="actions"><button type="submit" class="button is-primary">{words.save_warnings}</button></div>
            </form>
        </section>
    }
    .into_any()
}

fn day(choice: Choice) -> AnyView {
    view! {
        <label class="check">
            <input type="checkbox" name="days[]" value=choice.value checked=choice.is_chosen />
            <span>{choice.label}</span>
        </label>
    }
    .into_any()
}

struct Hours {
    error: Option<&'static str>,
    from: Vec<Choice>,
    to: Vec<Choice>,
}

impl Hours {
    fn view(self, scene: &Scene) -> AnyView {
        let words = &scene.words.settings;
        let is_wrong = self.error.is_some();
        let described_by = self.error.unwrap_or("hours-hint");
        view! {
            <fieldset class="choices">
                <legend>{words.hours}</legend>
                <div class="field-row">
                    <label class="field">
                        <span>{words.from_hour}</span>
                        <select name="from_hour" aria-describedby="hours-hint">{options(self.from)}</select>
                    </label>
                    <label class="field">
                        <span>{words.to_hour}</span>
                        <select
                            name="to_hour"
                            aria-describedby=described_by
                            aria-invalid=is_wrong.then_some("true")
                            autofocus=is_wrong
                        >
                            {options(self.to)}
                        </select>
                    </label>
                </div>
                <p class="hint" id="hours-hint">{words.hours_hint}</p>
            </fieldset>
        }
        .into_any()
    }
}

/// What a list offers.
pub(super) fn options(choices: Vec<Choice>) -> Vec<AnyView> {
    let option = |choice: Choice| {
        view! { <option value=choice.value selected=choice.is_chosen>{choice.label}</option> }.into_any()
    };
    choices.into_iter().map(option).collect()
}

/// Each language in its own words.
pub(super) fn languages(chosen: Locale) -> Vec<Choice> {
    let choice = |it: Locale| Choice {
        value: it.tag().to_owned(),
        label: language(it.tag()).to_owned(),
        is_chosen: it == chosen,
    };
    Locale::ALL.map(choice).to_vec()
}

struct Zone {
    name: String,
    now: wizard::Moment,
    offered: Vec<String>,
}

fn organization(scene: &Scene, wrong: Option<SettingsField>, zone: Zone, locale: Locale) -> AnyView {
    let words = &scene.words.settings;
    let field = wrong.filter(|field| matches!(field, SettingsField::TimeZone | SettingsField::Locale));
    let error = field.map(|field| refused(scene, "organization-error", field));
    let languages = languages(locale);
    let locale_error = (wrong == Some(SettingsField::Locale)).then_some("organization-error");
    view! {
        <section class="card" aria-labelledby="organization">
            <h2 id="organization">{words.organization}</h2>
            {error}
            <form method="post" action="/api/ui/set_organization" class="fields">
                {zone.view(scene, wrong == Some(SettingsField::TimeZone))}
                <label class="field">
                    <span>{words.language}</span>
                    <select name="locale" aria-describedby=locale_error.unwrap_or("language-hint")>
                        {options(languages)}
                    </select>
                </label>
                <p class="hint" id="language-hint">{words.language_hint}</p>
                <div class="actions"><button type="submit" class="button is-primary">{words.save_organization}</button></div>
            </form>
        </section>
    }
    .into_any()
}

impl Zone {
    /// A text field that offers the names: the list is long, and whoever knows his types it.
    fn view(self, scene: &Scene, is_wrong: bool) -> AnyView {
        let words = &scene.words.settings;
        let names: Vec<_> = self.offered.into_iter().map(|name| view! { <option value=name></option> }).collect();
        let described_by = if is_wrong { "organization-error zone-hint" } else { "zone-hint" };
        view! {
            <label class="field">
                <span>{words.time_zone}</span>
                <input
                    type="text"
                    name="time_zone"
                    value=self.name
                    list="zones"
                    autocomplete="off"
                    spellcheck="false"
                    required=true
                    aria-describedby=described_by
                    aria-invalid=is_wrong.then_some("true")
                    autofocus=is_wrong
                />
            </label>
            <datalist id="zones">{names}</datalist>
            <p class="hint" id="zone-hint">{words.time_zone_hint}</p>
            <p class="hint">{words.now}" "{parts::moment(self.now)}</p>
        }
        .into_any()
    }
}

/// What the operator has decided: to be read, not to be changed here.
fn teller(scene: &Scene, data: &Settings) -> AnyView {
    let words = &scene.words.settings;
    let (level, mail) = if data.has_mail { (Level::Good, words.mail_on) } else { (Level::Soon, words.mail_off) };
    let class = ["state ", parts::level_class(level)].concat();
    let mark = if data.has_mail { icon::CHECK } else { icon::WARNING };
    let how = (!data.has_mail).then(|| view! { <p class="quiet">{words.mail_how}</p> });
    let by_mail = view! { <code>"RENOVA_SMTP_URL"</code>", "<code>"RENOVA_MAIL_FROM"</code> };
    view! {
        <section class="card" aria-labelledby="teller">
            <h2 id="teller">{words.teller}</h2>
            <p>{words.told_by(data.teller)}</p>
            <p class="quiet">{words.teller_operator}</p>
            <p class=class>{icon(mark)}<span>{mail}</span></p>
            {how}
            <details class="technical">
                <summary>{scene.words.facts}</summary>
                <dl class="facts">
                    {fact(words.teller.to_owned(), view! { <code>"RENOVA_NOTIFY"</code> }.into_any())}
                    {fact(words.mail.to_owned(), by_mail.into_any())}
                </dl>
            </details>
        </section>
    }
    .into_any()
}
