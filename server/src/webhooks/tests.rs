use std::{
    net::{IpAddr, Ipv4Addr},
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
};

use axum::{
    Router,
    body::{Body, Bytes},
    response::IntoResponse as _,
    routing::post,
};
use http::StatusCode;
use tokio::net::TcpListener;

use super::*;

fn message() -> WebhookMessage {
    WebhookMessage {
        id: "0190-test".to_owned(),
        timestamp: 1_790_000_000,
        signature: "v1,one v1,two".to_owned(),
        body: r#"{"type":"webhook.test"}"#.to_owned(),
    }
}

/// Where a server of this machine answers.
async fn listening(router: Router) -> String {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await });
    format!("http://{address}")
}

fn local() -> HttpWebhooks {
    HttpWebhooks::with(Guard::new(true), Duration::from_secs(2), true).unwrap()
}

/// Names lead to these addresses, one list after the other; counts how often was asked.
fn resolving(answers: Vec<Vec<&'static str>>, loopback: bool) -> (HttpWebhooks, Arc<AtomicUsize>) {
    let asked = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&asked);
    let lookup = move |_| -> futures::future::BoxFuture<'static, std::io::Result<Vec<IpAddr>>> {
        let turn = count.fetch_add(1, Ordering::SeqCst).min(answers.len() - 1);
        let found = answers[turn].iter().map(|text| text.parse().unwrap()).collect();
        Box::pin(async move { Ok(found) })
    };
    let guard = Guard::with(Arc::new(lookup), loopback);
    (HttpWebhooks::with(guard, Duration::from_secs(2), loopback).unwrap(), asked)
}

#[tokio::test]
async fn the_message_arrives_with_its_headers() {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let taken = Arc::clone(&seen);
    let handler = move |headers: HeaderMap, body: Bytes| {
        taken.lock().unwrap_or_else(PoisonError::into_inner).push((headers, body));
        async { StatusCode::ACCEPTED }
    };
    let base = listening(Router::new().route("/hooks", post(handler))).await;
    let answer = local().post(&format!("{base}/hooks?tenant=1"), &message()).await;
    assert_eq!(answer, Ok(SentStatus { status: 202, retry_after_ms: None }));
    let (headers, body) = seen.lock().unwrap().remove(0);
    let header = |name: &str| headers.get(name).unwrap().to_str().unwrap().to_owned();
    assert_eq!(body, message().body);
    assert_eq!([header("webhook-id"), header("webhook-timestamp")], ["0190-test", "1790000000"]);
    assert_eq!([header("webhook-signature"), header("content-type")], ["v1,one v1,two", "application/json"]);
    assert!(header("user-agent").starts_with("renova/"));
    assert!(headers.get("referer").is_none());
}

#[tokio::test]
async fn no_redirect_is_followed_and_no_long_answer_read() {
    let reached = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&reached);
    let router = Router::new()
        .route("/moved", post(async || (StatusCode::TEMPORARY_REDIRECT, [(header::LOCATION, "/target")])))
        .route(
            "/target",
            post(move || {
                count.fetch_add(1, Ordering::SeqCst);
                async { StatusCode::OK }
            }),
        )
        .route(
            "/endless",
            post(async || {
                let drip =
                    futures::stream::repeat(Ok::<_, std::convert::Infallible>(Bytes::from_static(&[b'x'; 1024])));
                Body::from_stream(drip).into_response()
            }),
        );
    let base = listening(router).await;
    let sender = local();
    let status = async |path: &str| sender.post(&format!("{base}{path}"), &message()).await.unwrap().status;
    assert_eq!(status("/moved").await, 307);
    assert_eq!(reached.load(Ordering::SeqCst), 0);
    assert_eq!(status("/endless").await, 200);
}

#[tokio::test]
async fn what_does_not_answer_is_told_apart() {
    let silent = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let sender = HttpWebhooks::with(Guard::new(true), Duration::from_millis(200), true).unwrap();
    let url = format!("http://{}/", silent.local_addr().unwrap());
    assert_eq!(sender.post(&url, &message()).await, Err(WebhookFailure::TimedOut));
    drop(silent);
    assert_eq!(sender.post(&url, &message()).await, Err(WebhookFailure::Unreachable));
}

#[tokio::test]
async fn a_name_that_leads_inside_is_not_called() {
    for private in ["127.0.0.1", "10.0.0.8", "169.254.169.254", "::1", "fd00::1", "::ffff:127.0.0.1", "64:ff9b::7f00:1"]
    {
        let (sender, asked) = resolving(vec![vec![private]], false);
        let answer = sender.post("https://inside.example.com/", &message()).await;
        assert_eq!((answer, asked.load(Ordering::SeqCst)), (Err(WebhookFailure::AddressRefused), 1), "{private}");
    }
    // Where this machine is allowed, other private networks are not.
    let (sender, _) = resolving(vec![vec!["192.168.0.1"]], true);
    assert_eq!(sender.post("http://a.localhost/", &message()).await, Err(WebhookFailure::AddressRefused));
}

#[tokio::test]
async fn a_name_is_looked_at_whenever_it_is_called() {
    // Public at first, this machine afterwards.
    let (sender, asked) = resolving(vec![vec!["192.0.2.1", "203.0.113.1"], vec!["127.0.0.1"]], false);
    for _ in 0..2 {
        assert_eq!(sender.post("https://rebound.example.com/", &message()).await, Err(WebhookFailure::AddressRefused));
    }
    assert_eq!(asked.load(Ordering::SeqCst), 2);
    let guard =
        Guard::with(Arc::new(|_| Box::pin(async { Ok(vec![[1, 1, 1, 1].into(), [127, 0, 0, 1].into()]) })), false);
    let kept = guard.addresses("mixed.example.com".to_owned()).await.unwrap();
    assert_eq!(kept, ["1.1.1.1:0".parse().unwrap()], "only what was looked at is connected to");
}

#[tokio::test]
async fn an_address_given_as_a_number_is_looked_at_too() {
    let reached = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&reached);
    let handler = move || {
        count.fetch_add(1, Ordering::SeqCst);
        async { StatusCode::OK }
    };
    let base = listening(Router::new().route("/", post(handler))).await;
    let port = base.rsplit(':').next().unwrap();
    let (sender, asked) = resolving(vec![vec!["127.0.0.1"]], false);
    for host in
        ["127.0.0.1", "2130706433", "0x7f000001", "017700000001", "127.1", "[::1]", "[::ffff:127.0.0.1]", "localhost"]
    {
        for scheme in ["http", "https"] {
            let answer = sender.post(&format!("{scheme}://{host}:{port}/"), &message()).await;
            assert_eq!(answer, Err(WebhookFailure::AddressRefused), "{scheme} {host}");
        }
    }
    assert_eq!((reached.load(Ordering::SeqCst), asked.load(Ordering::SeqCst)), (0, 0));
}

#[test]
fn an_endpoint_says_in_seconds_or_by_date_when_to_come_again() {
    let now = Timestamp(1_790_000_000_000);
    let asked = |text: &str| {
        let headers = HeaderMap::from_iter([(header::RETRY_AFTER, text.parse().unwrap())]);
        retry_after(&headers, now)
    };
    assert_eq!(asked("120"), Some(120_000));
    assert_eq!(asked("Mon, 21 Sep 2026 14:14:20 GMT"), Some(60_000));
    assert_eq!(asked("Mon, 21 Sep 2020 14:14:20 GMT"), Some(0));
    assert_eq!([asked("-5"), asked("soon"), asked("")], [None, None, None]);
    assert_eq!(retry_after(&HeaderMap::new(), now), None);
}
