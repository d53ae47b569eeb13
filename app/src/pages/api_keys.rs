//! The organization's API keys.

use leptos::prelude::*;
use wizard::{
    Level,
    parts::{self, FormButton},
    texts::fill,
};

use super::{
    copying,
    frame::Scene,
    settings::{SettingsPage, settings_nav},
};
use crate::model::{ApiKeyLine, ApiKeys, Choice, RefusedForm};

pub(super) fn view(scene: &Scene, data: ApiKeys) -> AnyView {
    let words = scene.words.developers;
    let ApiKeys { in_use, revoked, made, scopes, refused } = data;
    // What belongs to no field: such as a key that was revoked meanwhile.
    let error = refused.is_none().then(|| scene.error()).flatten();
    let made = made.map(|made| {
        copying::shown_once(scene, fill(words.key_made, &made.name), words.key, words.key_once, made.secret)
    });
    let list = if in_use.is_empty() {
        view! { <section class="card empty"><p>{words.no_keys}</p></section> }.into_any()
    } else {
        let keys: Vec<_> = in_use.into_iter().map(|it| key(scene, it)).collect();
        view! { <ul class="people card">{keys}</ul> }.into_any()
    };
    let revoked = (!revoked.is_empty()).then(|| {
        let keys: Vec<_> = revoked.into_iter().map(|it| key(scene, it)).collect();
        view! { <details class="past"><summary>{words.revoked_keys}</summary><ul class="people card">{keys}</ul></details> }
    });
    view! {
        <div class="page is-narrow">
            <h1>{words.api_keys}</h1>
            {settings_nav(scene, SettingsPage::ApiKeys)}
            <p class="quiet">{words.api_keys_intro}</p>
            {error}
            {made}
            {list}
            {new_key(scene, scopes, refused)}
            {revoked}
        </div>
    }
    .into_any()
}

fn key(scene: &Scene, key: ApiKeyLine) -> AnyView {
    let words = scene.words.developers;
    let heading_id = ["key-", &key.id].concat();
    let scopes: Vec<_> =
        key.scopes.iter().map(|scope| view! { <li><code>{scope.clone()}</code></li> }.into_any()).collect();
    let used = match key.last_used {
        Some(at) => view! { {words.last_used}" "{parts::moment(at)} }.into_any(),
        None => words.never_used.into_any(),
    };
    let change = match key.revoked {
        Some(at) => view! { <p class="quiet">{words.revoked_on}" "{parts::moment(at)}</p> }.into_any(),
        None => revoke(scene, &key.id, &key.name, &heading_id),
    };
    view! {
        <li class="person">
            <div class="person-text">
                <h2 class="person-name" id=heading_id>{key.name}</h2>
                <p class="quiet"><code>{key.hint}</code>" · "{words.made_on}" "{parts::moment(key.made)}" · "{used}</p>
                <ul class="scopes">{scopes}</ul>
            </div>
            {change}
        </li>
    }
    .into_any()
}

/// Asks once more, without a script: the button stands behind a fold that says what happens.
fn revoke(scene: &Scene, id: &str, name: &str, described_by: &str) -> AnyView {
    let words = scene.words.developers;
    let button = FormButton::post("/api/ui/revoke_api_key", [("key_id", id.to_owned())], words.revoke)
        .class("button is-small is-danger")
        .described_by(described_by)
        .view();
    view! {
        <div class="person-changes">
            <details>
                <summary>{fill(words.revoke_title, name)}</summary>
                <p>{words.revoke_body}</p>
                {button}
            </details>
        </div>
    }
    .into_any()
}

fn new_key(scene: &Scene, scopes: Vec<Choice>, refused: Option<RefusedForm>) -> AnyView {
    let words = scene.words.developers;
    let refused = refused.unwrap_or_default();
    let error = wrong(scene, "key-error", &refused.field);
    let of = |field: &str| (refused.field == field).then_some("key-error");
    let (wrong_name, wrong_scope) = (of("name"), of("scope"));
    let scopes: Vec<_> = scopes.into_iter().map(scope).collect();
    view! {
        <section class="card" aria-labelledby="new-key">
            <h2 id="new-key">{words.new_key}</h2>
            {error}
            <form method="post" action="/api/ui/make_api_key" class="fields">
                <label class="field">
                    <span>{words.key_name}</span>
                    <input
                        type="text"
                        name="name"
                        value=refused.name
                        maxlength="80"
                        autocomplete="off"
                        required=true
                        aria-describedby=wrong_name.unwrap_or("key-name-hint")
                        aria-invalid=wrong_name.map(|_| "true")
                    />
                </label>
                <p class="hint" id="key-name-hint">{words.key_name_hint}</p>
                <fieldset class="choices" aria-describedby=wrong_scope>
                    <legend>{words.scopes}</legend>
                    {scopes}
                </fieldset>
                <div class="actions"><button type="submit" class="button is-primary">{words.make_key}</button></div>
            </form>
        </section>
    }
    .into_any()
}

fn scope(choice: Choice) -> AnyView {
    let name = choice.value.clone();
    view! {
        <label class="check">
            <input type="checkbox" name="scopes[]" value=choice.value checked=choice.is_chosen />
            <span>{choice.label}" "<code class="quiet">{name}</code></span>
        </label>
    }
    .into_any()
}

/// What is wrong with a field and the fix, beside its form; `id` describes the field.
pub(super) fn wrong(scene: &Scene, id: &'static str, field: &str) -> Option<AnyView> {
    let sentence = parts::paragraph(scene.words.developers.wrong(field)?);
    Some(view! { <div id=id>{parts::notice(Level::Stopped, Some("alert"), vec![sentence])}</div> }.into_any())
}
