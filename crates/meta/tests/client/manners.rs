//! What Meta says beside its answers: limits, waits, its clock.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use axum::response::Response;
use meta::{App, Client, Error, FacebookLogin, LoginProvider, Meaning, Retry, Room};
use serde_json::json;

use crate::server::{APP_ID, APP_PROOF, Meta, PROOF, app, refusal, reply, token};

const NOW: i64 = 1_790_000_000;

fn with(mut response: Response, headers: &[(&'static str, String)]) -> Response {
    for (name, value) in headers {
        response.headers_mut().insert(*name, value.parse().unwrap());
    }
    response
}

fn person() -> Response {
    reply(200, json!({"id": "1", "name": "n"}).to_string())
}

fn usage(percent: u32) -> (&'static str, String) {
    ("x-app-usage", json!({"call_count": percent, "total_time": 1, "total_cputime": 1}).to_string())
}

fn at(now: &Arc<AtomicI64>, client: &Client) -> Client {
    let now = Arc::clone(now);
    client.clone().with_clock(Arc::new(move || now.load(Ordering::Relaxed)))
}

#[tokio::test]
async fn usage_is_kept_for_all_clones_and_per_app() {
    let meta = Meta::start(|asked| {
        let percent = if asked.authorization.is_some() { 85 } else { 10 };
        with(person(), &[usage(percent)])
    })
    .await;
    assert_eq!(meta.client.room(None), Room::Free);
    let now = Arc::new(AtomicI64::new(NOW));
    let client = at(&now, &meta.client);
    client.me(&app(), &token()).await.unwrap();
    let full = Room::Full { until: None };
    assert_eq!((client.room(None), client.clone().room(Some("7"))), (full, full));
    let other = App { app_id: "9876543210".to_owned(), ..app() };
    assert_eq!((client.room_of(&app(), None), client.room_of(&other, None)), (full, Room::Free));
    let login = FacebookLogin::new(client.clone(), app());
    assert_eq!(login.room(None), full);
    now.fetch_add(3_600, Ordering::Relaxed);
    assert_eq!(login.room(None), Room::Free);
}

#[tokio::test]
async fn a_limit_of_a_business_waits_as_long_as_meta_says() {
    let headers = [(
        "x-business-use-case-usage",
        json!({"500": [{"type": "pages", "call_count": 100, "estimated_time_to_regain_access": 19}]}).to_string(),
    )];
    let meta = Meta::start(move |_| with(refusal(80_001, None), &headers)).await;
    let now = Arc::new(AtomicI64::new(NOW));
    let client = at(&now, &meta.client);
    let error = client.subscribed_fields(&app(), "42", &token()).await.unwrap_err();
    let wait = Duration::from_secs(19 * 60);
    assert_eq!((error.meaning(), error.wait()), (Some(Meaning::BusinessLimit), Some(wait)));
    assert_eq!(error.retry(), Retry::Wait);
    for business_or_page in ["500", "42"] {
        assert_eq!(client.room(Some(business_or_page)), Room::Full { until: Some(wait) });
    }
    assert_eq!((client.room(Some("43")), client.room(None)), (Room::Free, Room::Free));
}

#[tokio::test]
async fn a_stated_wait_is_kept_with_every_kind_of_refusal() {
    let wait = Some(Duration::from_secs(120));
    let after = [("retry-after", "120".to_owned())];
    let headers = after.clone();
    let meta = Meta::start(move |_| with(refusal(4, None), &headers)).await;
    let error = meta.client.me(&app(), &token()).await.unwrap_err();
    assert_eq!((error.meaning(), error.wait()), (Some(Meaning::AppLimit), wait));
    assert!(matches!(meta.client.room(None), Room::Full { .. }));

    let headers = after.clone();
    let meta = Meta::start(move |_| with(reply(503, "<html>".to_owned()), &headers)).await;
    let error = meta.client.me(&app(), &token()).await.unwrap_err();
    assert_eq!(error, Error::Unavailable { status: 503, wait: Duration::from_secs(120) });
    assert_eq!((error.wait(), error.retry()), (wait, Retry::Wait));

    // A success that is none stays one of Meta's mistakes.
    let meta = Meta::start(move |_| with(reply(200, "<html>".to_owned()), &after)).await;
    assert!(matches!(meta.client.me(&app(), &token()).await, Err(Error::Malformed { .. })));
}

#[tokio::test]
async fn metas_clock() {
    let meta = Meta::start(|_| with(person(), &[("date", "Tue, 24 Nov 2026 12:00:00 GMT".to_owned())])).await;
    assert_eq!((meta.client.meta_date(), meta.client.clock_lag()), (None, None));
    let now = Arc::new(AtomicI64::new(1_795_521_600 - 4_000));
    let client = at(&now, &meta.client);
    client.me(&app(), &token()).await.unwrap();
    assert_eq!((client.meta_date(), client.clock_lag()), (Some(1_795_521_600), Some(4_000)));
    assert_eq!(meta.client.meta_date(), Some(1_795_521_600));
}

#[tokio::test]
async fn proofs_are_timed_where_that_is_wanted_and_there_is_a_clock() {
    let timed = "6df33503ece9cb3f337bc2081ac8955fbfb5f1cc94a45161e13089dac31672a5";
    let meta = Meta::start(|_| person()).await;
    let now = Arc::new(AtomicI64::new(NOW));
    let clocked = at(&now, &meta.client);
    for (client, proof, time) in [
        (meta.client.clone(), PROOF, None),
        (meta.client.clone().with_timed_proofs(true), PROOF, None),
        (clocked.clone(), PROOF, None),
        (clocked.clone().with_timed_proofs(true), timed, Some("1790000000")),
        (clocked.with_timed_proofs(true).with_timed_proofs(false), PROOF, None),
    ] {
        client.me(&app(), &token()).await.unwrap();
        let asked = meta.asked().pop().unwrap();
        assert_eq!((asked.parameter("appsecret_proof"), asked.parameter("appsecret_time")), (Some(proof), time));
    }
    let _ = meta.client.debug_token(&app(), &token()).await;
    assert_eq!(meta.asked().pop().unwrap().parameter("appsecret_proof"), Some(APP_PROOF));
}

/// Headers are as little to be trusted as bodies.
#[tokio::test]
async fn nonsense_in_headers_says_nothing() {
    let nonsense = ["", "{", "[]", "null", "{\"a\":1}", "{\"call_count\":\"x\"}", "\u{e9}"];
    for value in nonsense {
        let headers = ["x-app-usage", "x-business-use-case-usage", "retry-after", "date"];
        let headers = headers.map(|name| (name, value.to_owned()));
        let meta = Meta::start(move |_| {
            let mut response = person();
            for (name, value) in &headers {
                response.headers_mut().insert(*name, axum::http::HeaderValue::from_bytes(value.as_bytes()).unwrap());
            }
            response
        })
        .await;
        meta.client.me(&app(), &token()).await.unwrap();
        assert_eq!(meta.client.room(Some(APP_ID)), Room::Free, "{value}");
        assert_eq!(meta.client.meta_date(), None, "{value}");
    }
}
