//! Subscribing a Page, reading back, unsubscribing.

use meta::{Error, INSTAGRAM_FIELDS, MESSENGER_FIELDS, Meaning};
use serde_json::json;

use crate::server::{APP_ID, Meta, PROOF, TOKEN, app, token};

#[tokio::test]
async fn only_our_own_fields_are_read() {
    let others = json!({"id": "99", "name": "other", "subscribed_fields": ["feed"]});
    let ours = json!({"id": APP_ID, "subscribed_fields": ["messages", "message_echoes"]});
    let silent = json!({"id": APP_ID, "name": "ours"});
    for (data, expected) in [
        (json!([others.clone(), ours]), vec!["messages", "message_echoes"]),
        (json!([others]), vec![]),
        (json!([silent]), vec![]),
        (json!([]), vec![]),
    ] {
        let meta = Meta::json(json!({ "data": data })).await;
        let fields = meta.client.subscribed_fields(&app(), "7", &token()).await.unwrap();
        assert_eq!(fields, expected);
        let asked = meta.only();
        assert_eq!((asked.method.as_str(), asked.path.as_str()), ("GET", "/graph/v25.0/7/subscribed_apps"));
    }
}

#[tokio::test]
async fn exactly_the_fields_named_are_subscribed() {
    let fields: Vec<String> = MESSENGER_FIELDS.iter().map(|field| (*field).to_owned()).collect();
    for yes in [json!({"success": true}), json!({"success": "true"}), json!(true)] {
        let meta = Meta::json(yes).await;
        meta.client.subscribe(&app(), "7", &token(), &fields).await.unwrap();
        let asked = meta.only();
        assert_eq!((asked.method.as_str(), asked.path.as_str()), ("POST", "/graph/v25.0/7/subscribed_apps"));
        assert_eq!(asked.query, []);
        assert_eq!(
            asked.form,
            [
                ("appsecret_proof".to_owned(), PROOF.to_owned()),
                ("subscribed_fields".to_owned(), MESSENGER_FIELDS.join(",")),
            ]
        );
        assert_eq!(asked.authorization, Some(format!("Bearer {TOKEN}")));
    }
}

#[tokio::test]
async fn no_field_is_no_call() {
    let meta = Meta::json(json!({"success": true})).await;
    let error = meta.client.subscribe(&app(), "7", &token(), &[]).await.unwrap_err();
    assert!(matches!(error, Error::Request { .. }));
    assert!(meta.asked().is_empty());
}

#[tokio::test]
async fn the_subscription_ends() {
    let meta = Meta::json(json!({"success": true})).await;
    meta.client.unsubscribe(&app(), "7", &token()).await.unwrap();
    let asked = meta.only();
    assert_eq!((asked.method.as_str(), asked.path.as_str()), ("DELETE", "/graph/v25.0/7/subscribed_apps"));
    assert_eq!(asked.query, [("appsecret_proof".to_owned(), PROOF.to_owned())]);
    assert_eq!(asked.authorization, Some(format!("Bearer {TOKEN}")));
}

#[tokio::test]
async fn a_no_is_a_no() {
    let fields = ["messages".to_owned()];
    for no in [json!({"success": false}), json!({"success": "false"}), json!(false)] {
        let meta = Meta::json(no).await;
        let error = meta.client.subscribe(&app(), "7", &token(), &fields).await.unwrap_err();
        assert!(matches!(error, Error::NotDone { .. }));
    }
    for unclear in [json!({}), json!(null), json!([]), json!(1), json!({"success": 1}), json!({"success": null})] {
        let meta = Meta::json(unclear.clone()).await;
        let error = meta.client.unsubscribe(&app(), "7", &token()).await.unwrap_err();
        assert!(matches!(error, Error::Malformed { .. }), "{unclear}");
    }
    let refused = json!({"error": {"code": 200, "type": "OAuthException",
        "message": "(#200) To subscribe to the messages field, one of these permissions is needed: pages_messaging"}});
    let meta = Meta::answering(403, refused.to_string()).await;
    let error = meta.client.subscribe(&app(), "7", &token(), &fields).await.unwrap_err();
    assert_eq!(error.meaning(), Some(Meaning::PermissionMissing));
    assert!(error.is_missing_permission());
}

/// Names of the v25 list of the Page; Instagram's own names are refused there.
#[test]
fn fields_are_the_pages_own() {
    let known = [
        "messages",
        "messaging_postbacks",
        "messaging_optins",
        "messaging_optouts",
        "messaging_referrals",
        "messaging_handovers",
        "message_deliveries",
        "message_reads",
        "message_echoes",
        "message_edits",
        "message_reactions",
        "standby",
    ];
    for field in MESSENGER_FIELDS.iter().chain(INSTAGRAM_FIELDS) {
        assert!(known.contains(field), "{field}");
    }
    for needed in ["messages", "message_reactions"] {
        assert!(MESSENGER_FIELDS.contains(&needed) && INSTAGRAM_FIELDS.contains(&needed));
    }
}
