//! The demo's mailbox and its pages.

use axum::Router;
use http::StatusCode;
use renewal::Mailer as _;
use server::{
    demo::{DemoInbox, inbox_pages},
    web,
};

use crate::{
    harness::{ANA, Answer, Harness, navigation, send},
    mail::mail,
};

async fn open(router: &Router, path: &str) -> Answer {
    send(router, navigation(path, "")).await
}

#[tokio::test(flavor = "multi_thread")]
async fn letters_are_kept_and_shown_behind_glass() {
    let harness = Harness::new().await;
    let inbox = std::sync::Arc::new(DemoInbox::default());
    let router = web::own_with(&harness.mount, None, inbox_pages(&inbox, &harness.mount.site));
    assert!(open(&router, "/demo/inbox").await.body.contains("No mail yet"));

    let mut mail = mail().await;
    inbox.send(&mail).await.unwrap();
    mail.to.email = "<i>@x.example".into();
    inbox.send(&mail).await.unwrap();

    let json = open(&router, "/demo/inbox.json").await;
    let letters: serde_json::Value = serde_json::from_str(&json.body).unwrap();
    assert_eq!(letters[1]["to"], "ana@aurora.example");
    assert!(letters[1]["subject"].as_str().unwrap().starts_with("Bruno Alves pede"), "{letters}");
    for key in ["text", "html", "at"] {
        assert!(!letters[1][key].as_str().unwrap().is_empty(), "{key}");
    }
    let list = open(&router, "/demo/inbox").await.body;
    assert!(list.contains("href=\"/demo/inbox/0\"") && list.contains("&lt;i&gt;@x.example"), "{list}");

    let page = open(&router, "/demo/inbox/0").await;
    assert!(page.body.contains("sandbox=\"allow-top-navigation-by-user-activation\""), "{}", page.body);
    assert!(page.body.contains("<summary>Plain text</summary>"), "{}", page.body);
    let letter = open(&router, "/demo/inbox/0/letter").await;
    for part in ["default-src 'none'", "sandbox allow-top", "frame-ancestors 'self'"] {
        assert!(letter.header("content-security-policy").contains(part), "{part}");
    }
    assert_eq!(letter.header("x-frame-options"), "SAMEORIGIN");
    for path in ["/demo/inbox/2", "/demo/inbox/2/letter"] {
        assert_eq!(open(&router, path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_oldest_go_and_numbers_stay() {
    let harness = Harness::new().await;
    let inbox = std::sync::Arc::new(DemoInbox::default());
    let router = inbox_pages(&inbox, &harness.mount.site);
    let mail = mail().await;
    for _ in 0..201 {
        inbox.send(&mail).await.unwrap();
    }
    assert_eq!(open(&router, "/demo/inbox/0").await.status, StatusCode::NOT_FOUND);
    assert_eq!(open(&router, "/demo/inbox/200").await.status, StatusCode::OK);
    inbox.clear();
    assert_eq!(open(&router, "/demo/inbox.json").await.body, "[]");
    inbox.send(&mail).await.unwrap();
    assert_eq!(open(&router, "/demo/inbox/201").await.status, StatusCode::OK);
}

#[tokio::test(flavor = "multi_thread")]
async fn outside_of_a_demo_there_is_none() {
    let harness = Harness::new().await;
    let ana = harness.session(ANA).await;
    for path in ["/demo/inbox", "/demo/inbox.json", "/demo/inbox/0/letter"] {
        assert_eq!(harness.open(path, &ana).await.status, StatusCode::NOT_FOUND, "{path}");
    }
}
