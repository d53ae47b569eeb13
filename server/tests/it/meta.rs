//! What Meta sends, from outside: nobody is signed in, everything is signed.

use axum::{
    body::Body,
    http::{Method, Request, StatusCode, request::Builder},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use lifecycle::{Provider, health::TokenProof};
use renewal::{NewApiKey, Scope};
use secrecy::ExposeSecret as _;
use serde_json::{Value, json};

use crate::harness::{ANA, Answer, Harness, ORIGIN};

const APP_SECRET: &str = "sim-app-secret";
const INSTAGRAM_SECRET: &str = "sim-instagram-secret";
/// Clara Lima, as Meta shows her to the demo's app, and her Page.
const CLARA_AT_META: &str = "10159384726150482";
const BOREAL: &str = "104857602341987";

fn mac(secret: &str, bytes: &[u8]) -> Vec<u8> {
    Hmac::<sha2::Sha256>::new_from_slice(secret.as_bytes())
        .unwrap()
        .chain_update(bytes)
        .finalize()
        .into_bytes()
        .to_vec()
}

fn signature(secret: &str, body: &[u8]) -> String {
    format!("sha256={}", hex::encode(mac(secret, body)))
}

fn signed_request(secret: &str, payload: &Value) -> String {
    let content = URL_SAFE_NO_PAD.encode(payload.to_string());
    format!("signed_request={}.{content}", URL_SAFE_NO_PAD.encode(mac(secret, content.as_bytes())))
}

fn leaves(secret: &str, user: &str, at_ms: i64) -> String {
    signed_request(secret, &json!({"user_id": user, "algorithm": "HMAC-SHA256", "issued_at": at_ms / 1000}))
}

fn notification(mid: &str) -> Vec<u8> {
    let messaging = json!([{"sender": {"id": "65"}, "recipient": {"id": BOREAL}, "timestamp": 1_790_000_000_000_i64,
        "message": {"mid": mid, "text": "Oi"}}]);
    let entry = json!([{"id": BOREAL, "time": 1_790_000_000_000_i64, "messaging": messaging}]);
    json!({"object": "page", "entry": entry}).to_string().into_bytes()
}

fn request(method: Method, path: &str) -> Builder {
    Request::builder().method(method).uri(path).header("host", "127.0.0.1:3000")
}

async fn send(harness: &Harness, request: Builder, body: impl Into<Body>) -> Answer {
    harness.send(request.body(body.into()).unwrap()).await
}

async fn get(harness: &Harness, path: &str) -> Answer {
    send(harness, request(Method::GET, path), Body::empty()).await
}

async fn post_form(harness: &Harness, path: &str, form: String) -> Answer {
    let request = request(Method::POST, path).header("content-type", "application/x-www-form-urlencoded");
    send(harness, request, form).await
}

/// Without a content type of its own, as some of those who pass it on send it.
async fn post_signed(harness: &Harness, path: &str, body: Vec<u8>, signature: &str) -> Answer {
    send(harness, request(Method::POST, path).header("x-hub-signature-256", signature), body).await
}

async fn clara_is(harness: &Harness) -> TokenProof {
    let app = harness.renova().storage().meta_app_by_app_id(Provider::Facebook, "1234567890").await.unwrap().unwrap();
    let connections = harness.renova().storage().connections_of_grantee(app.id, CLARA_AT_META).await.unwrap();
    connections[0].facts.proof
}

#[tokio::test]
async fn the_handshake_repeats_the_challenge_as_text() {
    let harness = Harness::new().await;
    let path = |mode: &str, token: &str, challenge: &str| {
        format!("/meta/webhooks?hub.mode={mode}&hub.challenge={challenge}&hub.verify_token={token}")
    };
    let answer = get(&harness, &path("subscribe", "sim-verify-token", "%3Cscript%3E1158201444")).await;
    assert_eq!((answer.status, answer.body.as_str()), (StatusCode::OK, "<script>1158201444"));
    assert!(answer.header("content-type").starts_with("text/plain"), "{}", answer.header("content-type"));
    assert_eq!(answer.header("x-content-type-options"), "nosniff");
    let refused = [
        path("subscribe", "sim-verify-toke", "1"),
        path("subscribe", "sim-verify-tokenx", "1"),
        path("subscribe", "", "1"),
        path("unsubscribe", "sim-verify-token", "1"),
        "/meta/webhooks?hub.mode=subscribe&hub.challenge=1".to_owned(),
        "/meta/webhooks?hub.mode=subscribe&hub.verify_token=sim-verify-token".to_owned(),
        "/meta/webhooks".to_owned(),
    ];
    for path in refused {
        let answer = get(&harness, &path).await;
        assert_eq!((answer.status, answer.body.as_str()), (StatusCode::FORBIDDEN, ""), "{path}");
    }
}

#[tokio::test]
async fn an_installation_without_a_verify_token_is_nobodys() {
    let mut harness = Harness::new().await;
    harness.mount.webhook_verify_token = None;
    harness.router = server::web::own(&harness.mount, None);
    for token in ["", "sim-verify-token"] {
        let path = format!("/meta/webhooks?hub.mode=subscribe&hub.challenge=1&hub.verify_token={token}");
        assert_eq!(get(&harness, &path).await.status, StatusCode::FORBIDDEN);
    }
}

#[tokio::test]
async fn a_notification_is_taken_when_it_is_signed() {
    let harness = Harness::new().await;
    let body = notification("m_1");
    for secret in [APP_SECRET, INSTAGRAM_SECRET] {
        let answer = post_signed(&harness, "/meta/webhooks", body.clone(), &signature(secret, &body)).await;
        assert_eq!(answer.status, StatusCode::OK, "{secret}: {}", answer.body);
    }
    assert!(harness.renova().storage().newest_message_at().await.unwrap().is_some());
    for wrong in ["", "sha256=", "sha256=00", &signature("another", &body), &signature(APP_SECRET, b"")] {
        let answer = post_signed(&harness, "/meta/webhooks", body.clone(), wrong).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{wrong}");
    }
    let unsigned = send(&harness, request(Method::POST, "/meta/webhooks"), body).await;
    assert_eq!(unsigned.status, StatusCode::FORBIDDEN);
    // Signed, but nobody knows what it is: Meta unsubscribes an app that refuses.
    for odd in [&b"{}"[..], b"not json", b"{\"object\":\"whatsapp_business_account\",\"entry\":[]}", b""] {
        let answer = post_signed(&harness, "/meta/webhooks", odd.to_vec(), &signature(APP_SECRET, odd)).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", String::from_utf8_lossy(odd));
    }
}

#[tokio::test]
async fn what_is_larger_than_meta_sends_is_not_read() {
    let harness = Harness::new().await;
    let key = platform_key(&harness).await;
    let largest = meta_largest();
    for (size, status) in [(largest, StatusCode::OK), (largest + 1, StatusCode::PAYLOAD_TOO_LARGE)] {
        let body = vec![b' '; size];
        let answer = post_signed(&harness, "/meta/webhooks", body.clone(), &signature(APP_SECRET, &body)).await;
        assert_eq!(answer.status, status, "{size}");
        let taken = meta_event(&harness, Some(&key), body.clone(), &signature(APP_SECRET, &body)).await;
        assert_eq!(taken.status.is_success(), status.is_success(), "{size}: {}", taken.status);
        // Without a length in its head it is counted as it comes.
        let parts = body.chunks(64 * 1024).map(|chunk| Ok::<_, std::io::Error>(chunk.to_vec())).collect::<Vec<_>>();
        let streamed = Body::from_stream(futures::stream::iter(parts));
        let request =
            request(Method::POST, "/meta/webhooks").header("x-hub-signature-256", signature(APP_SECRET, &body));
        assert_eq!(send(&harness, request, streamed).await.status, status, "{size}, streamed");
    }
    let form = format!("signed_request={}", "a".repeat(64 * 1024));
    assert_eq!(post_form(&harness, "/meta/deauthorize", form).await.status, StatusCode::FORBIDDEN);
}

fn meta_largest() -> usize {
    ::meta::webhook::LARGEST_BODY
}

#[tokio::test]
async fn who_removes_the_app_is_believed_by_the_signature_alone() {
    let harness = Harness::new().await;
    let now = harness.renova().now().0;
    let unsigned =
        [leaves("another", CLARA_AT_META, now), "signed_request=".to_owned(), "signed_request=a.b".to_owned()];
    for form in unsigned {
        assert_eq!(
            post_form(&harness, "/meta/deauthorize", form.clone()).await.status,
            StatusCode::FORBIDDEN,
            "{form}"
        );
    }
    let of_other_app = post_form(&harness, "/meta/deauthorize", leaves(INSTAGRAM_SECRET, CLARA_AT_META, now)).await;
    assert_eq!(of_other_app.status, StatusCode::OK, "signed, and nobody there has this id");
    let missing = post_form(&harness, "/meta/deauthorize", String::new()).await;
    assert!(missing.status.is_client_error(), "{}", missing.status);
    assert_eq!(clara_is(&harness).await, TokenProof::Works);
    let answer = post_form(&harness, "/meta/deauthorize", leaves(APP_SECRET, CLARA_AT_META, now)).await;
    assert_eq!((answer.status, answer.body.as_str()), (StatusCode::OK, ""));
    assert_eq!(clara_is(&harness).await, TokenProof::Revoked);
}

#[tokio::test]
async fn a_request_for_deletion_has_a_page_in_three_languages() {
    let harness = Harness::new().await;
    let now = harness.renova().now().0;
    let refused = post_form(&harness, "/meta/data-deletion", leaves("another", CLARA_AT_META, now)).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    let form = leaves(APP_SECRET, CLARA_AT_META, now);
    let answer = post_form(&harness, "/meta/data-deletion", form.clone()).await;
    assert_eq!((answer.status, answer.header("content-type")), (StatusCode::OK, "application/json"));
    let told: Value = serde_json::from_str(&answer.body).unwrap();
    let code = told["confirmation_code"].as_str().unwrap();
    assert!(!code.is_empty() && code.bytes().all(|byte| byte.is_ascii_alphanumeric()), "{code}");
    assert_eq!(told["url"], format!("{ORIGIN}/meta/data-deletion/{code}"));
    assert_eq!(told.as_object().unwrap().len(), 2, "as Meta documents it");
    let again = post_form(&harness, "/meta/data-deletion", form).await;
    assert_eq!(again.body, answer.body, "the same request has the same code");

    let page = async |language: &str, code: &str| {
        let path = format!("/meta/data-deletion/{code}");
        send(&harness, request(Method::GET, &path).header("accept-language", language), Body::empty()).await
    };
    for (language, title, missing) in [
        ("pt-BR", "Seus dados foram excluídos", "Não encontramos esta página"),
        ("en", "Your data has been deleted", "page"),
        ("es", "Tus datos se eliminaron", "No encontramos esta página"),
    ] {
        let shown = page(language, code).await;
        assert_eq!(shown.status, StatusCode::OK);
        assert!(shown.body.contains(title) && shown.body.contains(code), "{language}: {}", shown.body);
        assert!(shown.body.contains(&format!("lang=\"{language}\"")), "{language}");
        assert!(!shown.body.contains(CLARA_AT_META) && !shown.body.contains("Clara"), "nobody is named");
        assert!(shown.header("content-security-policy").contains("default-src"));
        for unknown in ["0123456789abcdef0123", "x", "%3Cscript%3E"] {
            let answer = page(language, unknown).await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{unknown}");
            assert!(answer.body.contains(missing) && !answer.body.contains("<script>"), "{language}: {}", answer.body);
        }
    }
    let head = send(&harness, request(Method::HEAD, &format!("/meta/data-deletion/{code}")), Body::empty()).await;
    assert_eq!((head.status, head.body.as_str()), (StatusCode::OK, ""));
}

#[tokio::test]
async fn other_methods_do_nothing() {
    let harness = Harness::new().await;
    let form = leaves(APP_SECRET, CLARA_AT_META, harness.renova().now().0);
    for (path, methods) in [
        ("/meta/webhooks", &[Method::PUT, Method::DELETE, Method::PATCH][..]),
        ("/meta/deauthorize", &[Method::GET, Method::HEAD, Method::PUT, Method::DELETE]),
        ("/meta/data-deletion", &[Method::GET, Method::HEAD, Method::PUT]),
        ("/meta/data-deletion/x", &[Method::POST, Method::DELETE]),
    ] {
        for method in methods {
            let request = request(method.clone(), &format!("{path}?{form}"))
                .header("content-type", "application/x-www-form-urlencoded");
            let answer = send(&harness, request, form.clone()).await;
            assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED, "{method} {path}");
        }
    }
    let key = platform_key(&harness).await;
    for method in [Method::GET, Method::HEAD, Method::PUT] {
        let request = request(method.clone(), "/api/v1/meta-events").header("authorization", format!("Bearer {key}"));
        let answer = send(&harness, request, form.clone()).await;
        assert_eq!((answer.status, answer.header("allow")), (StatusCode::METHOD_NOT_ALLOWED, "POST"), "{method}");
    }
    let head = request(Method::HEAD, "/meta/webhooks?hub.mode=subscribe&hub.challenge=1&hub.verify_token=x");
    assert_eq!(send(&harness, head, Body::empty()).await.status, StatusCode::FORBIDDEN);
    assert_eq!(clara_is(&harness).await, TokenProof::Works);
    assert_eq!(harness.calls(), 0, "Meta was asked nothing");
}

async fn platform_key(harness: &Harness) -> String {
    let new = NewApiKey { organization: None, name: "platform".to_owned(), scopes: vec![Scope::MetaEventsWrite] };
    harness.renova().add_api_key(new).await.unwrap().expose_secret().to_owned()
}

async fn meta_event(harness: &Harness, key: Option<&str>, body: Vec<u8>, signature: &str) -> Answer {
    let mut request = request(Method::POST, "/api/v1/meta-events").header("x-hub-signature-256", signature);
    if let Some(key) = key {
        request = request.header("authorization", format!("Bearer {key}"));
    }
    send(harness, request, body).await
}

#[tokio::test]
async fn a_platform_passes_on_with_its_key() {
    let harness = Harness::new().await;
    let key = platform_key(&harness).await;
    let body = notification("m_1");
    let good = signature(APP_SECRET, &body);
    let taken = meta_event(&harness, Some(&key), body.clone(), &good).await;
    assert_eq!((taken.status, taken.body.as_str()), (StatusCode::ACCEPTED, ""));
    assert!(harness.renova().storage().newest_message_at().await.unwrap().is_some());
    let again = meta_event(&harness, Some(&key), body, &good).await;
    assert_eq!(again.status, StatusCode::ACCEPTED, "Meta repeats itself, so does the platform");
}

#[tokio::test]
async fn what_the_platform_may_not_is_a_problem_in_json() {
    let harness = Harness::new().await;
    let key = platform_key(&harness).await;
    let body = notification("m_1");
    let good = signature(APP_SECRET, &body);
    let powerless = without_scope(&harness, &key).await;
    let invented = format!("rk_{}", "0".repeat(64));
    let session = harness.session(ANA).await;
    let cases = [
        (None, good.as_str(), 401, "unauthorized"),
        (Some(""), &good, 401, "unauthorized"),
        (Some("rk_x"), &good, 401, "unauthorized"),
        (Some(invented.as_str()), &good, 401, "unauthorized"),
        (Some(powerless.as_str()), &good, 403, "scope_missing"),
        (Some(key.as_str()), "sha256=00", 422, "bad_signature"),
        (Some(key.as_str()), "", 422, "bad_signature"),
    ];
    for (key, signature, status, code) in cases {
        let answer = meta_event(&harness, key, body.clone(), signature).await;
        assert_problem(&answer, status, code);
    }
    let unauthorized = meta_event(&harness, None, body.clone(), &good).await;
    assert_eq!(unauthorized.header("www-authenticate"), "Bearer");
    let by_session =
        request(Method::POST, "/api/v1/meta-events").header("x-hub-signature-256", &good).header("cookie", session);
    assert_problem(&send(&harness, by_session, body.clone()).await, 401, "unauthorized");
    assert_eq!(harness.renova().storage().newest_message_at().await.unwrap(), None, "nothing was taken");
    let too_large = meta_event(&harness, Some(&key), vec![b' '; meta_largest() + 1], "").await;
    assert_problem(&too_large, 413, "too_large");
}

fn assert_problem(answer: &Answer, status: u16, code: &str) {
    assert_eq!(answer.status.as_u16(), status, "{code}: {}", answer.body);
    assert_eq!(answer.header("content-type"), "application/problem+json");
    let problem: Value = serde_json::from_str(&answer.body).unwrap();
    assert_eq!((&problem["code"], &problem["status"]), (&json!(code), &json!(status)));
    for field in ["type", "title", "detail"] {
        assert!(problem[field].as_str().is_some_and(|text| !text.is_empty()), "{field} in {problem}");
    }
}

/// A key that allows something else than passing on.
async fn without_scope(harness: &Harness, other: &str) -> String {
    let storage = harness.renova().storage();
    let key = format!("rk_{}", "ab".repeat(32));
    let known = storage.api_keys(None).await.unwrap().remove(0);
    assert!(other.ends_with(&known.hint));
    let id = lifecycle::ids::ApiKeyId::new(harness.renova().wall_now(), [7; 10]);
    let hash: [u8; 32] = <sha2::Sha256 as sha2::Digest>::digest(key.as_bytes()).into();
    let scopes = vec!["channels:read".to_owned()];
    storage.insert_api_key(&store::ApiKey { id, key_hash: hash, scopes, ..known }).await.unwrap();
    key
}

/// The answer of one dialog at the address of another is nobody's.
#[tokio::test]
async fn an_answer_of_facebook_at_instagrams_address_is_foreign() {
    let harness = Harness::new().await;
    let session = harness.session(ANA).await;
    let ana = harness.identity(ANA).await;
    let renewal = harness.renova().start_renewal(&ana, None, Provider::Facebook, false).await.unwrap();
    let answer = harness.open(&format!("/connect/{renewal}?in=popup"), &session).await;
    let dialog = url::Url::parse(answer.header("location")).unwrap();
    let state = dialog.query_pairs().find(|(name, _)| name == "state").unwrap().1.into_owned();
    let cookie = answer.header("set-cookie").split(';').next().unwrap().to_owned();
    let calls = harness.calls();
    for provider in ["instagram", "whatsapp"] {
        let path = format!("/oauth/{provider}/callback?state={state}&code=canary-code");
        let answer = harness.open(&path, &format!("{cookie}; {session}")).await;
        assert!(answer.status.is_client_error(), "{provider}: {}", answer.status);
        assert!(!answer.body.contains("canary"), "{}", answer.body);
        assert_eq!(answer.header("referrer-policy"), "no-referrer");
    }
    let parked = harness.renova().storage().parked_attempt(ana.organization, renewal).await.unwrap();
    assert!(parked.is_none() && harness.calls() == calls, "nothing is stored and nobody is asked");
    let own = harness.open(&format!("/oauth/facebook/callback?state={state}&code=canary-code"), &cookie).await;
    assert_eq!(own.status, StatusCode::SEE_OTHER, "the mix-up has not used it up: {}", own.body);
}
