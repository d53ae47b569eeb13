//! Deadlines, sizes, redirects, broken connections.

use std::convert::Infallible;

use axum::body::Body;
use axum::http::header::LOCATION;
use axum::response::IntoResponse;
use meta::{Error, Limits, http_client};
use secrecy::SecretString;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use crate::server::{Meta, app, client, reply, short, token};

/// A server that says these bytes to everybody and then closes, or keeps
/// silent for ever.
async fn saying(bytes: &'static [u8], then_close: bool) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let mut open = Vec::new();
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut request = [0; 4096];
            let _ = stream.read(&mut request).await;
            let _ = stream.write_all(bytes).await;
            if !then_close {
                open.push(stream);
            }
        }
    });
    format!("http://{address}")
}

#[tokio::test]
async fn silence_ends_at_the_deadline() {
    for start in ["", "HTTP/1.1 200 OK\r\nContent-Le", "HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n{\"id\":"] {
        let base = saying(start.as_bytes(), false).await;
        let error = client(&base, short()).me(&app(), &token()).await.unwrap_err();
        assert_eq!(error, Error::Timeout, "{start}");
        assert!(error.is_metas_trouble() && !error.proves_dead());
    }
}

#[tokio::test]
async fn a_connection_that_breaks_off() {
    for start in ["", "HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n{\"id\":", "nonsense\r\n\r\n"] {
        let base = saying(start.as_bytes(), true).await;
        let error = client(&base, Limits::default()).me(&app(), &token()).await.unwrap_err();
        assert_eq!(error, Error::Unreachable, "{start}");
        assert!(error.is_metas_trouble());
    }
}

#[tokio::test]
async fn nobody_there() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let error = client(&format!("http://{address}"), Limits::default()).me(&app(), &token()).await.unwrap_err();
    assert_eq!(error, Error::Unreachable);
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    for status in [301, 302, 303, 307, 308] {
        let meta = Meta::start(move |_| {
            let mut response = reply(status, String::new());
            response.headers_mut().insert(LOCATION, "/elsewhere".parse().unwrap());
            response
        })
        .await;
        let error = meta.client.me(&app(), &token()).await.unwrap_err();
        assert_eq!(error, Error::HttpStatus(status));
        assert_eq!(meta.asked().len(), 1);
    }
}

#[tokio::test]
async fn an_endless_body_is_cut() {
    let chunk = axum::body::Bytes::from(vec![b' '; 64 * 1024]);
    for (chunks, expected) in [(15, None), (usize::MAX, Some(Error::TooLarge))] {
        let chunk = chunk.clone();
        let meta = Meta::start(move |_| {
            let spaces = std::iter::repeat_n(chunk.clone(), chunks);
            let end = axum::body::Bytes::from_static(br#"{"id":"1","name":"n"}"#);
            let stream = tokio_stream(spaces.chain([end]));
            Body::from_stream(stream).into_response()
        })
        .await;
        assert_eq!(meta.client.me(&app(), &token()).await.err(), expected);
    }
}

fn tokio_stream<T>(
    items: impl Iterator<Item = T> + Send + 'static,
) -> impl futures::Stream<Item = Result<T, Infallible>> + Send {
    futures::stream::iter(items.map(Ok))
}

#[tokio::test]
async fn a_token_that_cannot_be_sent_is_not_sent() {
    let meta = Meta::answering(200, "{}").await;
    let error = meta.client.me(&app(), &SecretString::from("EAAB\nx")).await.unwrap_err();
    assert!(matches!(error, Error::Request { .. }));
    assert!(!error.is_metas_trouble() && !error.proves_dead());
    assert!(meta.asked().is_empty());
}

#[test]
fn the_usual_client_can_be_built() {
    assert!(http_client().is_ok());
}
