//! Open pages are told of changes, as server-sent events.

use std::{net::Ipv4Addr, time::Duration};

use axum::{
    Router,
    body::{Body, BodyDataStream},
    http::{Request, StatusCode, request::Parts},
};
use futures::StreamExt as _;
use server::{Identified, Mount, backend, serve::serve, stop::Stop};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    time::timeout,
};
use tower::ServiceExt as _;

use crate::harness::{ANA, BRUNO, CLARA, Harness, call};

const SOON: Duration = Duration::from_secs(5);
/// The server looks each second.
const A_WHILE: Duration = Duration::from_millis(2_500);

fn listen(cookie: &str) -> Request<Body> {
    Request::get("/api/ui/live")
        .header("host", "127.0.0.1:3000")
        .header("accept", "text/event-stream")
        .header("sec-fetch-site", "same-origin")
        .header("cookie", cookie)
        .body(Body::empty())
        .unwrap()
}

/// An open stream.
struct Stream(BodyDataStream);

impl Stream {
    async fn open(router: &Router, request: Request<Body>) -> Self {
        let response = router.clone().oneshot(request).await.unwrap();
        assert_eq!(response.status(), StatusCode::OK);
        let header = |name: &str| response.headers()[name].to_str().unwrap().to_owned();
        assert_eq!(header("content-type"), "text/event-stream");
        assert_eq!((header("cache-control").as_str(), header("x-accel-buffering").as_str()), ("no-store", "no"));
        Self(response.into_body().into_data_stream())
    }

    /// The number that the next event carries.
    async fn seq(&mut self) -> i64 {
        let chunk = timeout(SOON, self.0.next()).await.unwrap().unwrap().unwrap();
        let text = String::from_utf8(chunk.to_vec()).unwrap();
        let data = text.strip_prefix("event: change\ndata: ").unwrap();
        data.trim_end().parse().unwrap()
    }

    async fn is_silent(&mut self) -> bool {
        timeout(A_WHILE, self.0.next()).await.is_err()
    }
}

async fn change_seq(harness: &Harness, email: &str) -> i64 {
    let who = harness.identity(email).await;
    harness.renova().storage().change_seq(who.organization).await.unwrap().unwrap()
}

/// Somebody of the organization asks for a renewal of its first connection.
async fn change(harness: &Harness, email: &str) {
    let who = harness.identity(email).await;
    let connection = harness.renova().connections(&who).await.unwrap()[0].connection.id;
    harness.renova().request_renewal(&who, connection).await.unwrap();
}

#[tokio::test]
async fn nobody_listens_without_a_session() {
    let harness = Harness::new().await;
    for cookie in ["", "renova_session=invented"] {
        assert_eq!(harness.send(listen(cookie)).await.status, StatusCode::UNAUTHORIZED, "{cookie}");
    }
    let answer = harness.send(call("live", &harness.session(ANA).await, "")).await;
    assert_ne!(answer.status, StatusCode::OK, "nothing is posted there");
}

#[tokio::test]
async fn the_first_event_comes_at_once_and_the_next_with_a_change_of_the_own_organization() {
    let harness = Harness::new().await;
    let router = &harness.router;
    let mut ana = Stream::open(router, listen(&harness.session(ANA).await)).await;
    let mut bruno = Stream::open(router, listen(&harness.session(BRUNO).await)).await;
    let mut clara = Stream::open(router, listen(&harness.session(CLARA).await)).await;
    let before = change_seq(&harness, ANA).await;
    assert_eq!((ana.seq().await, bruno.seq().await), (before, before));
    assert_eq!(clara.seq().await, change_seq(&harness, CLARA).await);

    change(&harness, BRUNO).await;
    let after = change_seq(&harness, ANA).await;
    assert!(after > before);
    assert_eq!((ana.seq().await, bruno.seq().await), (after, after));
    assert!(clara.is_silent().await, "another organization's change is nobody's business");
    assert!(ana.is_silent().await, "one change, one event");
}

#[tokio::test]
async fn a_change_between_two_streams_is_told_to_both() {
    let harness = Harness::new().await;
    let ana = harness.session(ANA).await;
    let mut first = Stream::open(&harness.router, listen(&ana)).await;
    first.seq().await;
    change(&harness, ANA).await;
    let mut second = Stream::open(&harness.router, listen(&ana)).await;
    second.seq().await;
    assert_eq!(first.seq().await, change_seq(&harness, ANA).await);
}

#[tokio::test]
async fn one_person_has_so_many_streams_and_another_is_not_touched() {
    let harness = Harness::new().await;
    let ana = harness.session(ANA).await;
    let mut open = Vec::new();
    for _ in 0..10 {
        open.push(Stream::open(&harness.router, listen(&ana)).await);
    }
    let answer = harness.send(listen(&ana)).await;
    assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(answer.body.contains("too_many_windows"), "{}", answer.body);
    Stream::open(&harness.router, listen(&harness.session(BRUNO).await)).await;
    open.pop();
    Stream::open(&harness.router, listen(&ana)).await.seq().await;
}

/// A host's log-in, which keeps no session of ours.
#[tokio::test]
async fn a_host_gets_it_with_its_own_people() {
    let harness = Harness::new().await;
    let mount = Mount { login: None, ..harness.mount.clone() };
    let ana = harness.identity(ANA).await;
    let identity = move |parts: &Parts| -> Identified {
        let who = parts.headers.contains_key("x-ana").then(|| ana.clone());
        Box::pin(async { Ok(who) })
    };
    let host = backend(&mount, identity);
    let mut request = listen("");
    assert_eq!(host.clone().oneshot(listen("")).await.unwrap().status(), StatusCode::UNAUTHORIZED);
    request.headers_mut().insert("x-ana", "yes".parse().unwrap());
    assert_eq!(Stream::open(&host, request).await.seq().await, change_seq(&harness, ANA).await);
}

/// By the sockets that people have, after the server was told to stop.
#[tokio::test]
async fn a_stop_ends_the_streams_in_order() {
    let harness = Harness::new().await;
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    let stop = Stop::default();
    let server = tokio::spawn(serve(listener, harness.router.clone(), stop.clone()));
    let mut client = TcpStream::connect(address).await.unwrap();
    let cookie = harness.session(ANA).await;
    let head = format!("GET /api/ui/live HTTP/1.1\r\nHost: 127.0.0.1:3000\r\nCookie: {cookie}\r\n\r\n");
    client.write_all(head.as_bytes()).await.unwrap();
    let mut answer = String::new();
    let mut buffer = [0; 4096];
    while !answer.contains("event: change") {
        let read = timeout(SOON, client.read(&mut buffer)).await.unwrap().unwrap();
        assert_ne!(read, 0, "{answer}");
        answer += std::str::from_utf8(&buffer[..read]).unwrap();
    }
    stop.request();
    let mut rest = String::new();
    timeout(SOON, client.read_to_string(&mut rest)).await.unwrap().unwrap();
    assert!(rest.ends_with("0\r\n\r\n"), "whole, not cut: {rest:?}");
    timeout(SOON, server).await.unwrap().unwrap().unwrap();
}
