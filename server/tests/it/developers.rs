//! Keys and webhook endpoints of an organization, over HTTP.

use axum::http::StatusCode;
use lifecycle::ids::{ApiKeyId, EventId, WebhookEndpointId};
use renewal::{EndpointOwner, Scope};
use serde_json::Value;

use crate::harness::{ANA, Answer, BRUNO, CLARA, Harness, call};

const INVENTED: &str = "01936f00-0000-7000-8000-000000000000";
const FUNCTIONS: [&str; 8] = [
    "make_api_key",
    "revoke_api_key",
    "add_webhook",
    "rotate_webhook",
    "test_webhook",
    "switch_webhook",
    "remove_webhook",
    "resend_webhook",
];
const URL: &str = "https%3A%2F%2Fcrm.example.com%2Frenova";

/// A plain form of ours.
async fn post(harness: &Harness, name: &str, cookie: &str, form: &str) -> Answer {
    let mut request = call(name, cookie, form);
    request.headers_mut().insert("accept", "text/html".parse().unwrap());
    harness.send(request).await
}

/// What is shown once, as the browser carries it.
fn shown(answer: &Answer, path: &str) -> String {
    let cookie = answer.header("set-cookie").to_owned();
    for part in ["renova_once=", &format!("Path={path};"), "HttpOnly", "SameSite=Strict", "Max-Age=60"] {
        assert!(cookie.contains(part), "{part} in {cookie}");
    }
    cookie.split(';').next().unwrap().to_owned()
}

async fn history(harness: &Harness, email: &str) -> Vec<String> {
    let who = harness.identity(email).await;
    let entries = harness.renova().history(&who, 100).await.unwrap();
    entries.into_iter().map(|entry| entry.action).collect()
}

#[tokio::test]
async fn they_are_the_administrators() {
    let harness = Harness::new().await;
    let (ana, bruno) = (harness.session(ANA).await, harness.session(BRUNO).await);
    for path in ["/settings/api-keys", "/settings/webhooks", "/settings/webhooks/1"] {
        let refused = harness.open(path, &bruno).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN, "{path}");
        assert!(refused.body.contains("As configurações cabem aos administradores"), "{path}");
        assert_eq!(harness.open(path, "").await.status, StatusCode::SEE_OTHER, "{path}");
    }
    let fields =
        format!("name=x&scopes[]=events:read&key_id={INVENTED}&url={URL}&endpoint_id={INVENTED}&event_id={INVENTED}");
    for name in FUNCTIONS {
        assert_eq!(harness.send(call(name, &bruno, &fields)).await.status, StatusCode::FORBIDDEN, "{name}");
        assert_eq!(harness.send(call(name, "", &fields)).await.status, StatusCode::UNAUTHORIZED, "{name}");
        if !matches!(name, "make_api_key" | "add_webhook") {
            assert_eq!(harness.send(call(name, &ana, &fields)).await.status, StatusCode::NOT_FOUND, "{name}");
        }
    }
    assert_eq!(harness.open(&format!("/settings/webhooks/{INVENTED}"), &ana).await.status, StatusCode::NOT_FOUND);
    assert!(harness.open("/settings/api-keys", &ana).await.body.contains("Nenhuma chave em uso"));
    assert!(harness.open("/settings/webhooks", &ana).await.body.contains("Nenhum destino ainda"));
}

#[tokio::test]
async fn a_key_is_shown_once_used_and_revoked() {
    let harness = Harness::new().await;
    let (ana, clara) = (harness.session(ANA).await, harness.session(CLARA).await);
    let scope = Scope::of_organizations().next().unwrap();
    let form = format!("name=CRM&scopes[]={}", scope.as_str());
    let made = post(&harness, "make_api_key", &ana, &form).await;
    assert_eq!(made.header("location"), "/settings/api-keys?done=key_made");
    let once = shown(&made, "/settings/api-keys");
    let key = once.split_once('=').unwrap().1.to_owned();
    assert!(key.starts_with("rk_") && !made.body.contains(&key));
    let page = harness.open("/settings/api-keys", &format!("{ana}; {once}")).await;
    assert!(page.body.contains(&key) && page.body.contains("CRM") && page.body.contains("Nunca usada"));
    assert!(page.header("set-cookie").contains("Max-Age=0"), "and forgotten");
    let later = harness.open("/settings/api-keys", &ana).await.body;
    assert!(!later.contains(&key) && later.contains(&format!("rk_…{}", &key[key.len() - 4..])));
    let foreign = harness.open("/settings/api-keys", &format!("{clara}; {once}")).await.body;
    assert!(!foreign.contains(&key) && foreign.contains("Nenhuma chave em uso"), "another organization's");

    let who = harness.identity(ANA).await;
    let caller = harness.renova().api_caller(&key).await.unwrap().unwrap();
    assert_eq!(caller.organization, Some(who.organization));
    assert!(!harness.open("/settings/api-keys", &ana).await.body.contains("Nunca usada"));
    let id: ApiKeyId = caller.key;
    let form = format!("key_id={id}");
    assert_eq!(harness.send(call("revoke_api_key", &clara, &form)).await.status, StatusCode::NOT_FOUND);
    assert!(harness.renova().api_caller(&key).await.unwrap().is_some());
    let revoked = post(&harness, "revoke_api_key", &ana, &form).await;
    assert_eq!(revoked.header("location"), "/settings/api-keys?done=key_revoked");
    assert!(harness.renova().api_caller(&key).await.unwrap().is_none());
    assert!(harness.open("/settings/api-keys", &ana).await.body.contains("Chaves revogadas"));
    let actions = history(&harness, ANA).await;
    assert_eq!(&actions[..2], ["api_key.revoked", "api_key.made"]);
}

#[tokio::test]
async fn a_refused_form_keeps_what_was_typed() {
    let harness = Harness::new().await;
    let ana = harness.session(ANA).await;
    let scope = Scope::of_organizations().next().unwrap().as_str();
    for (form, field, said) in [
        (format!("name=++&scopes[]={scope}"), "name", "precisa de um nome"),
        ("name=CRM".to_owned(), "scope", "Marque ao menos uma"),
        ("name=CRM&scopes[]=platform:write".to_owned(), "scope", "Marque ao menos uma"),
        ("name=CRM&scopes[]=everything".to_owned(), "scope", "Marque ao menos uma"),
    ] {
        let refused = post(&harness, "make_api_key", &ana, &form).await;
        let location = refused.header("location").to_owned();
        assert!(location.starts_with(&format!("/settings/api-keys?field={field}&")), "{location}");
        assert!(location.ends_with("&error=invalid"), "{location}");
        let page = harness.open(&location, &ana).await.body;
        assert!(page.contains(said), "{said}");
        assert_eq!(page.contains("value=\"CRM\""), form.contains("CRM"), "{form}");
        assert_eq!(page.matches("role=\"alert\"").count(), 1, "said once, beside the form");
    }
    for url in ["http%3A%2F%2Fcrm.example.com", "https%3A%2F%2F10.0.0.1%2F", "x"] {
        let refused = post(&harness, "add_webhook", &ana, &format!("url={url}&description=CRM")).await;
        let location = refused.header("location").to_owned();
        assert!(location.starts_with("/settings/webhooks?field=url&"), "{location}");
        let page = harness.open(&location, &ana).await.body;
        assert!(page.contains("Este endereço não pode ser usado") && page.contains("value=\"CRM\""), "{url}");
    }
    assert!(history(&harness, ANA).await.iter().all(|it| !it.starts_with("webhook") && !it.starts_with("api_key")));
}

#[tokio::test]
async fn an_endpoint_is_added_tested_rotated_paused_and_removed() {
    let harness = Harness::new().await;
    let (ana, clara) = (harness.session(ANA).await, harness.session(CLARA).await);
    let added = post(&harness, "add_webhook", &ana, &format!("url={URL}&description=CRM")).await;
    let page = added.header("location").strip_suffix("?done=webhook_added").unwrap().to_owned();
    let id: WebhookEndpointId = page.rsplit('/').next().unwrap().parse().unwrap();
    let once = shown(&added, "/settings/webhooks");
    let secret = once.split_once('.').unwrap().1.to_owned();
    assert!(secret.starts_with("whsec_"));
    let html = harness.open(&page, &format!("{ana}; {once}")).await.body;
    assert!(html.contains(&secret) && html.contains("https://crm.example.com/renova") && html.contains("Recebendo"));
    assert!(!harness.open(&page, &ana).await.body.contains(&secret), "shown once");
    assert!(harness.open("/settings/webhooks", &ana).await.body.contains("https://crm.example.com/renova"));

    // Another organization sees nothing of it, and does nothing to it.
    assert_eq!(harness.open(&page, &clara).await.status, StatusCode::NOT_FOUND);
    assert!(!harness.open("/settings/webhooks", &clara).await.body.contains("crm.example.com"));
    let form = format!("endpoint_id={id}");
    for name in &FUNCTIONS[3..] {
        let form = format!("{form}&event_id={INVENTED}");
        assert_eq!(harness.send(call(name, &clara, &form)).await.status, StatusCode::NOT_FOUND, "{name}");
    }
    let renova = harness.renova();
    assert!(renova.webhook_endpoints(EndpointOwner::PLATFORM).await.unwrap().is_empty(), "it is not the platform's");

    let tested = post(&harness, "test_webhook", &ana, &form).await;
    assert_eq!(tested.header("location"), format!("{page}?done=webhook_tested"));
    let who = harness.identity(ANA).await;
    let owner = EndpointOwner::admin(&who).unwrap();
    let log = renova.webhook_deliveries(owner, id, 10).await.unwrap();
    assert_eq!((log.len(), log[0].kind.as_str(), log[0].organization_id), (1, "webhook.test", who.organization));
    let html = harness.open(&page, &ana).await.body;
    assert!(html.contains("webhook.test") && html.contains("Na fila"), "{html}");
    let event: EventId = log[0].event_id;
    let again = post(&harness, "resend_webhook", &ana, &format!("{form}&event_id={event}")).await;
    assert_eq!(again.header("location"), format!("{page}?done=webhook_resent"));

    let rotated = post(&harness, "rotate_webhook", &ana, &form).await;
    assert_eq!(rotated.header("location"), format!("{page}?done=webhook_rotated"));
    let fresh = shown(&rotated, "/settings/webhooks");
    assert!(!fresh.contains(&secret));
    assert!(harness.open(&page, &ana).await.body.contains("O segredo anterior também assina até"));

    post(&harness, "switch_webhook", &ana, &form).await;
    let html = harness.open(&page, &ana).await.body;
    assert!(html.contains("Pausado") && html.contains("Retomar os envios") && !html.contains("test_webhook"));
    let refused = post(&harness, "test_webhook", &ana, &form).await;
    assert_eq!(refused.header("location"), format!("{page}?error=invalid"));
    assert!(harness.open(refused.header("location"), &ana).await.body.contains("pausado ou desligado"));
    post(&harness, "switch_webhook", &ana, &format!("{form}&on=true")).await;
    assert!(harness.open(&page, &ana).await.body.contains("Recebendo"));

    let removed = post(&harness, "remove_webhook", &ana, &form).await;
    assert_eq!(removed.header("location"), "/settings/webhooks?done=webhook_removed");
    assert_eq!(harness.open(&page, &ana).await.status, StatusCode::NOT_FOUND);
    let actions = history(&harness, ANA).await;
    let expected = ["webhook.removed", "webhook.enabled", "webhook.paused", "webhook.rotated", "webhook.added"];
    assert_eq!(&actions[..5], expected);
}

#[tokio::test]
async fn a_script_gets_the_secret_in_the_answer() {
    let harness = Harness::new().await;
    let ana = harness.session(ANA).await;
    let scope = Scope::of_organizations().next().unwrap().as_str();
    for (name, form, prefix) in
        [("make_api_key", format!("name=CRM&scopes[]={scope}"), "rk_"), ("add_webhook", format!("url={URL}"), "whsec_")]
    {
        let answer = harness.send(call(name, &ana, &form)).await;
        let secret: Value = serde_json::from_str(&answer.body).unwrap();
        assert!(secret.as_str().unwrap().starts_with(prefix), "{name}");
        assert_eq!(answer.header("set-cookie"), "", "{name}");
    }
}
