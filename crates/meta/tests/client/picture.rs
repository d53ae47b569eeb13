//! Pictures of accounts: what is fetched, and what is left alone.

use axum::body::Body;
use axum::http::header::LOCATION;
use axum::response::{IntoResponse, Response};
use meta::Error;

use crate::server::{Meta, reply};

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n a picture";

async fn answering(answer: impl Fn() -> Response + Send + Sync + 'static) -> (Result<Vec<u8>, Error>, usize) {
    let meta = Meta::start(move |_| answer()).await;
    let address = format!("{}/cdn/1.png", meta.client.graph_url().origin().ascii_serialization());
    let picture = meta.client.picture(&address).await;
    (picture, meta.asked().len())
}

fn bytes(length: usize) -> Response {
    let mut body = PNG.to_vec();
    body.resize(length, 0);
    Body::from(body).into_response()
}

#[tokio::test]
async fn a_picture_is_fetched_without_any_token() {
    let meta = Meta::start(|_| PNG.into_response()).await;
    let address = format!("{}/cdn/1.png?oh=a", meta.client.graph_url().origin().ascii_serialization());
    assert_eq!(meta.client.picture(&address).await.as_deref(), Ok(PNG));
    let asked = meta.only();
    assert_eq!((asked.method.as_str(), asked.address.as_str()), ("GET", "/cdn/1.png?oh=a"));
    assert_eq!(asked.authorization, None);
}

#[tokio::test]
async fn what_is_no_small_picture_is_left_alone() {
    assert_eq!(answering(|| bytes(200_000)).await.0.map(|picture| picture.len()), Ok(200_000));
    assert_eq!(answering(|| bytes(200_001)).await.0, Err(Error::TooLarge));
    assert_eq!(answering(|| bytes(2_000_000)).await.0, Err(Error::TooLarge));
    assert_eq!(answering(|| reply(404, String::new())).await.0, Err(Error::HttpStatus(404)));
    for text in ["", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>", "<!DOCTYPE html>"] {
        let answer = answering(move || ([("content-type", "image/png")], text).into_response()).await.0;
        assert!(matches!(answer, Err(Error::Malformed { .. })), "{text}: {answer:?}");
    }
}

#[tokio::test]
async fn a_redirect_leads_nowhere() {
    let moved = || {
        let mut response = reply(302, String::new());
        response.headers_mut().insert(LOCATION, "/elsewhere".parse().unwrap());
        response
    };
    assert_eq!(answering(moved).await, (Err(Error::HttpStatus(302)), 1));
}

#[tokio::test]
async fn another_address_than_metas_is_not_called() {
    let (meta, other) = (Meta::answering(200, "").await, Meta::start(|_| PNG.into_response()).await);
    let elsewhere = other.client.graph_url().origin().ascii_serialization();
    for address in [format!("{elsewhere}/cdn/1.png"), "no address".to_owned(), "/cdn/1.png".to_owned()] {
        let refused = meta.client.picture(&address).await;
        assert!(matches!(refused, Err(Error::Request { .. })), "{address}: {refused:?}");
    }
    assert_eq!((meta.asked().len(), other.asked().len()), (0, 0));
}
