//! The organization's webhook endpoints, and one of them with what it was told.

use leptos::prelude::*;
use wizard::{
    UiError,
    parts::{self, FormButton, hidden},
};

use super::{
    api_keys::wrong,
    copying,
    frame::Scene,
    settings::{SettingsPage, settings_nav},
};
use crate::model::{DeliveryLine, DeliveryState, Endpoint, EndpointLine, RefusedForm, Webhooks};

pub(super) fn list(scene: &Scene, data: Webhooks) -> AnyView {
    let words = scene.words.developers;
    let Webhooks { endpoints, refused } = data;
    let error = refused.is_none().then(|| scene.error()).flatten();
    let list = if endpoints.is_empty() {
        view! { <section class="card empty"><p>{words.webhooks_none}</p></section> }.into_any()
    } else {
        let lines: Vec<_> = endpoints.into_iter().map(|it| line(scene, it)).collect();
        view! { <ul class="people card">{lines}</ul> }.into_any()
    };
    view! {
        <div class="page is-narrow">
            <h1>{words.webhooks}</h1>
            {settings_nav(scene, SettingsPage::Webhooks)}
            <p class="quiet">{words.webhooks_intro}</p>
            {error}
            {list}
            {new_endpoint(scene, refused.unwrap_or_default())}
        </div>
    }
    .into_any()
}

fn line(scene: &Scene, line: EndpointLine) -> AnyView {
    let href = ["/settings/webhooks/", &line.id].concat();
    let description = (!line.description.is_empty()).then(|| view! { <p class="quiet">{line.description.clone()}</p> });
    view! {
        <li class="person">
            <div class="person-text">
                <h2 class="person-name"><a href=href>{line.url.clone()}</a></h2>
                {description}
            </div>
            {state(scene, &line)}
        </li>
    }
    .into_any()
}

fn state(scene: &Scene, line: &EndpointLine) -> AnyView {
    let words = scene.words.developers;
    let class = ["state ", parts::level_class(line.state.level())].concat();
    let since = line.since.clone().map(|at| view! { " "{words.since}" "{parts::moment(at)} });
    view! {
        <p class=class>
            {parts::level_icon(line.state.level())}
            <span>{words.endpoint_state(line.state)}{since}</span>
        </p>
    }
    .into_any()
}

fn new_endpoint(scene: &Scene, refused: RefusedForm) -> AnyView {
    let words = scene.words.developers;
    let error = wrong(scene, "endpoint-error", &refused.field);
    let of = |field: &str| (refused.field == field).then_some("endpoint-error");
    let (wrong_url, wrong_description) = (of("url"), of("description"));
    view! {
        <section class="card" aria-labelledby="new-endpoint">
            <h2 id="new-endpoint">{words.new_endpoint}</h2>
            {error}
            <form method="post" action="/api/ui/add_webhook" class="fields">
                <label class="field">
                    <span>{words.url}</span>
                    <input
                        type="url"
                        name="url"
                        value=refused.url
                        maxlength="2000"
                        autocomplete="off"
                        spellcheck="false"
                        required=true
                        aria-describedby=wrong_url.unwrap_or("url-hint")
                        aria-invalid=wrong_url.map(|_| "true")
                    />
                </label>
                <p class="hint" id="url-hint">{words.url_hint}</p>
                <label class="field">
                    <span>{words.description}</span>
                    <input
                        type="text"
                        name="description"
                        value=refused.name
                        maxlength="200"
                        autocomplete="off"
                        aria-describedby=wrong_description.unwrap_or("description-hint")
                        aria-invalid=wrong_description.map(|_| "true")
                    />
                </label>
                <p class="hint" id="description-hint">{words.description_hint}</p>
                <div class="actions"><button type="submit" class="button is-primary">{words.add_endpoint}</button></div>
            </form>
        </section>
    }
    .into_any()
}

pub(super) fn one(scene: &Scene, data: Endpoint) -> AnyView {
    let words = scene.words.developers;
    let Endpoint { line, secret, previous_until, deliveries, has_more } = data;
    let secret = secret
        .map(|secret| copying::shown_once(scene, words.secret.to_owned(), words.secret, words.secret_once, secret));
    let previous =
        previous_until.map(|at| view! { <p class="quiet">{words.previous_until}" "{parts::moment(at)}"."</p> });
    let description = (!line.description.is_empty()).then(|| view! { <p class="quiet">{line.description.clone()}</p> });
    let is_told = line.state.is_told();
    view! {
        <div class="page">
            <div class="page-head">
                <h1>{words.endpoint}</h1>
                {state(scene, &line)}
            </div>
            {settings_nav(scene, SettingsPage::Webhooks)}
            <div>
                <p class="endpoint-url"><code>{line.url.clone()}</code></p>
                {description}
            </div>
            {error(scene)}
            {secret}
            {previous}
            {actions(scene, &line)}
            <section aria-labelledby="deliveries">
                <div class="section-head">
                    <h2 id="deliveries">{words.deliveries}</h2>
                    {FormButton::get(&["/settings/webhooks/", &line.id].concat(), words.refresh)
                        .class("button is-small is-quiet")
                        .view()}
                </div>
                {log(scene, &line.id, deliveries, is_told)}
                {has_more.then(|| view! { <p class="quiet">{words.deliveries_more}</p> })}
            </section>
        </div>
    }
    .into_any()
}

/// Two refusals have words of their own here.
fn error(scene: &Scene) -> Option<AnyView> {
    let words = scene.words.developers;
    let message = match scene.error.as_deref()? {
        "invalid" => words.error_endpoint_off,
        "conflict" => words.error_under_way,
        _ => return scene.error(),
    };
    let code = scene.error.clone().unwrap_or_default();
    Some(parts::alert(scene.shared, UiError { code, message: message.to_owned(), request_id: String::new() }))
}

fn actions(scene: &Scene, line: &EndpointLine) -> AnyView {
    let words = scene.words.developers;
    let id = || ("endpoint_id", line.id.clone());
    let switch = |on: bool| ("on", on.to_string());
    let (main, hint) = if line.state.is_told() {
        (FormButton::post("/api/ui/test_webhook", [id()], words.test), words.test_hint)
    } else {
        (FormButton::post("/api/ui/switch_webhook", [id(), switch(true)], words.resume), words.test_when_on)
    };
    let pause = line.state.is_told().then(|| {
        let button = FormButton::post("/api/ui/switch_webhook", [id(), switch(false)], words.pause).class(SMALL).view();
        fold(words.pause_title, words.pause_body, button)
    });
    let rotate = FormButton::post("/api/ui/rotate_webhook", [id()], words.rotate).class(SMALL).view();
    let remove = FormButton::post("/api/ui/remove_webhook", [id()], words.remove).class(DANGER).view();
    view! {
        <section class="card endpoint-actions">
            <div class="actions">{main.primary().described_by("action-hint").view()}</div>
            <p class="quiet" id="action-hint">{hint}</p>
            {pause}
            {fold(words.rotate_title, words.rotate_body, rotate)}
            {fold(words.remove_title, words.remove_body, remove)}
        </section>
    }
    .into_any()
}

const SMALL: &str = "button is-small";
const DANGER: &str = "button is-small is-danger";

/// Asks once more, without a script.
pub(super) fn fold(title: &'static str, body: &'static str, button: AnyView) -> AnyView {
    view! { <details><summary>{title}</summary><p>{body}</p>{button}</details> }.into_any()
}

fn log(scene: &Scene, endpoint_id: &str, deliveries: Vec<DeliveryLine>, may_resend: bool) -> AnyView {
    let words = scene.words.developers;
    if deliveries.is_empty() {
        return view! { <section class="card empty"><p>{words.deliveries_none}</p></section> }.into_any();
    }
    let rows: Vec<_> = deliveries.into_iter().map(|it| row(scene, endpoint_id, it, may_resend)).collect();
    view! {
        <table class="audit deliveries">
            <thead>
                <tr>
                    <th scope="col">{words.event}</th>
                    <th scope="col">{scene.words.settings.when}</th>
                    <th scope="col">{words.result}</th>
                    <th scope="col">{words.resend}</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    }
    .into_any()
}

fn row(scene: &Scene, endpoint_id: &str, delivery: DeliveryLine, may_resend: bool) -> AnyView {
    let words = scene.words.developers;
    let level = delivery.state.level();
    let class = ["state ", parts::level_class(level)].concat();
    let event_id = ["event-", &delivery.event].concat();
    let described_by = event_id.clone();
    let when = delivery.when.map(|at| {
        let next = (delivery.state == DeliveryState::Again).then_some(words.next_attempt);
        view! { " · "{next}" "{parts::moment(at)} }
    });
    let answer = delivery.answer.map(|answer| view! { " · "<code>{answer}</code> });
    let attempts = (delivery.attempts > 0).then(|| view! { {words.attempts}": "{delivery.attempts.to_string()} });
    let resend = may_resend.then(|| {
        view! {
            <form method="post" action="/api/ui/resend_webhook">
                {hidden("endpoint_id".to_owned(), endpoint_id.to_owned())}
                {hidden("event_id".to_owned(), delivery.event.clone())}
                <button type="submit" class="button is-small" aria-describedby=described_by>{words.resend}</button>
            </form>
        }
    });
    view! {
        <tr>
            <td class="delivery-event" id=event_id><code>{delivery.kind}</code></td>
            <td class="audit-when">{parts::moment(delivery.at)}</td>
            <td class="delivery-result">
                <p class=class>{parts::level_icon(level)}<span>{words.delivery_state(delivery.state)}</span></p>
                <p class="quiet">{attempts}{answer}{when}</p>
            </td>
            <td class="delivery-resend">{resend}</td>
        </tr>
    }
    .into_any()
}
