//! Adding fields to what is subscribed, over either way to log in.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use meta::{Error, FacebookLogin, InstagramLogin, LoginProvider, Meaning};
use serde_json::json;

use crate::server::{APP_ID, Asked, Meta, app, refusal, reply, token};

fn set(fields: &[&str]) -> BTreeSet<String> {
    fields.iter().map(|field| (*field).to_owned()).collect()
}

/// A Meta with a subscription that refuses some fields with this code.
async fn meta(before: &[&str], refused: &'static [&'static str], code: i64) -> (Meta, Arc<Mutex<BTreeSet<String>>>) {
    let stored = Arc::new(Mutex::new(set(before)));
    let known = Arc::clone(&stored);
    let meta = Meta::start(move |asked: &Asked| {
        let mut stored = stored.lock().unwrap();
        if asked.method == "POST" {
            let asked: BTreeSet<String> =
                asked.parameter("subscribed_fields").unwrap().split(',').map(str::to_owned).collect();
            if asked.iter().any(|field| refused.contains(&field.as_str())) {
                return refusal(code, None);
            }
            *stored = asked;
            return reply(200, json!({"success": true}).to_string());
        }
        let ours = json!({"id": APP_ID, "name": "n", "subscribed_fields": *stored});
        let others = json!({"id": "99", "name": "other", "subscribed_fields": ["feed"]});
        reply(200, json!({"data": [others, ours]}).to_string())
    })
    .await;
    (meta, known)
}

fn logins(meta: &Meta) -> [Box<dyn LoginProvider>; 2] {
    [
        Box::new(FacebookLogin::new(meta.client.clone(), app())),
        Box::new(InstagramLogin::new(meta.client.clone(), app())),
    ]
}

#[tokio::test]
async fn what_is_subscribed_stays() {
    for at in 0..2 {
        let (meta, stored) = meta(&["feed", "messages"], &[], 200).await;
        let login = &logins(&meta)[at];
        let done = login.subscribe("7", &token(), &set(&["messages", "message_reactions"])).await.unwrap();
        let all = ["feed", "message_reactions", "messages"];
        assert_eq!((done.fields, done.refused), (all.map(str::to_owned).to_vec(), vec![]));
        assert_eq!(*stored.lock().unwrap(), set(&all));
        let methods: Vec<_> = meta.asked().iter().map(|asked| asked.method.clone()).collect();
        assert_eq!(methods, ["GET", "POST", "GET"]);
        // Nothing is missing now: nothing is written.
        login.subscribe("7", &token(), &set(&["messages"])).await.unwrap();
        assert_eq!(meta.asked().len(), 4);
    }
}

#[tokio::test]
async fn a_refused_field_does_not_take_the_others_with_it() {
    for at in 0..2 {
        let (meta, stored) = meta(&["feed"], &["message_reads", "standby"], 200).await;
        let needed = set(&["message_reads", "messages", "message_reactions", "standby"]);
        let done = logins(&meta)[at].subscribe("7", &token(), &needed).await.unwrap();
        assert_eq!(*stored.lock().unwrap(), set(&["feed", "messages", "message_reactions"]));
        assert_eq!(done.fields, ["feed", "message_reactions", "messages"]);
        let refused: Vec<_> = done.refused.iter().map(|(field, _)| field.as_str()).collect();
        assert_eq!(refused, ["message_reads", "standby"]);
        assert!(done.refused.iter().all(|(_, error)| error.meaning() == Some(Meaning::PermissionMissing)));
    }
    // One field alone is not asked for twice.
    let (meta, stored) = meta(&["feed"], &["messages"], 100).await;
    let done = logins(&meta)[0].subscribe("7", &token(), &set(&["messages"])).await.unwrap();
    assert_eq!((done.fields, done.refused.len()), (vec!["feed".to_owned()], 1));
    assert_eq!(*stored.lock().unwrap(), set(&["feed"]));
    assert_eq!(meta.asked().len(), 3);
}

#[tokio::test]
async fn trouble_and_a_dead_token_are_errors_and_change_nothing() {
    for code in [2, 4, 190] {
        let (meta, stored) = meta(&["feed"], &["messages"], code).await;
        let error = logins(&meta)[0].subscribe("7", &token(), &set(&["messages", "standby"])).await.unwrap_err();
        assert_eq!(error.proves_dead(), code == 190);
        assert_eq!(*stored.lock().unwrap(), set(&["feed"]));
        assert_eq!(meta.asked().len(), 2);
    }
    let meta = Meta::start(|_| refusal(200, None)).await;
    let error = logins(&meta)[0].subscribe("7", &token(), &set(&["messages"])).await.unwrap_err();
    assert!(matches!(error, Error::Graph(_)) && error.is_missing_permission());
}
