//! The pictures of accounts, as browsers get them.

use axum::http::StatusCode;
use lifecycle::Timestamp;
use store::Picture;

use crate::harness::{ANA, CLARA, Harness};

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n a picture";

impl Harness {
    /// A picture of one account of this person's first connection.
    async fn with_picture(&self, email: &str, hash: &str, bytes: &[u8]) {
        let organization = self.identity(email).await.organization;
        let storage = self.renova().storage();
        let account_id = storage.channels_of(organization).await.unwrap()[0].account_id.clone();
        let picture = Picture { account_id, hash: hash.to_owned(), bytes: bytes.to_vec() };
        storage.put_pictures(organization, &[picture], Timestamp(i64::MAX)).await.unwrap();
    }
}

#[tokio::test]
async fn a_picture_is_for_everybody_who_knows_its_hash() {
    let harness = Harness::new().await;
    harness.with_picture(CLARA, "abc123", PNG).await;
    let answer = harness.open("/pictures/abc123", "").await;
    assert_eq!(answer.status, StatusCode::OK);
    for (name, value) in [
        ("content-type", "image/png"),
        ("cache-control", "public, max-age=31536000, immutable"),
        ("x-content-type-options", "nosniff"),
        ("cross-origin-resource-policy", "same-origin"),
    ] {
        assert_eq!(answer.header(name), value, "{name}");
    }
    assert!(answer.header("content-security-policy").starts_with("default-src 'none';"));
    assert!(answer.headers.get("set-cookie").is_none());

    for unknown in ["/pictures/abc124", "/pictures/", "/pictures/abc123/x", "/pictures/%00"] {
        let answer = harness.open(unknown, &harness.session(CLARA).await).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{unknown}");
        assert_eq!(answer.header("cache-control"), "no-store", "{unknown}");
    }
}

#[tokio::test]
async fn what_is_no_picture_is_not_served() {
    let harness = Harness::new().await;
    harness.with_picture(CLARA, "abc123", b"<!DOCTYPE html><script>").await;
    let answer = harness.open("/pictures/abc123", "").await;
    assert_eq!((answer.status, answer.body.as_str()), (StatusCode::NOT_FOUND, ""));
}

#[tokio::test]
async fn pages_show_the_pictures_of_their_own_organization() {
    let harness = Harness::new().await;
    harness.with_picture(CLARA, "abc123", PNG).await;
    let clara = harness.identity(CLARA).await;
    let connection = harness.renova().storage().connections_of(clara.organization).await.unwrap()[0].id;
    let session = harness.session(CLARA).await;
    for page in ["/", "/integrations/meta", &format!("/connections/{connection}")] {
        let answer = harness.open(page, &session).await;
        assert_eq!(answer.status, StatusCode::OK, "{page}");
        assert!(answer.body.contains("src=\"/pictures/abc123\""), "{page}");
        let policy = answer.header("content-security-policy");
        assert!(policy.contains("img-src 'self'"), "{page}: {policy}");
    }
    let other = harness.open("/", &harness.session(ANA).await).await;
    assert!(!other.body.contains("/pictures/"));
}
