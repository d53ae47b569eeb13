use axum::{body::Body, http::Method};
use serde_json::{Value, json};

use super::{Platform, organization};
use crate::harness::{Answer, Harness};

async fn channels(platform: &Platform<'_>) -> Vec<Value> {
    platform.all("/channels", 100).await
}

fn token_path(channel: &Value) -> String {
    format!("/channels/{}/token", channel["id"].as_str().unwrap())
}

async fn if_none_match(platform: &Platform<'_>, path: &str, tag: &str) -> Answer {
    let request = platform.request(Method::GET, path).header("if-none-match", tag).body(Body::empty()).unwrap();
    platform.harness.send(request).await
}

#[tokio::test]
async fn each_channel_has_the_token_that_serves_it() {
    let harness = Harness::new().await;
    let platform = Platform::new(&harness, None).await;
    let mut tokens = std::collections::HashMap::new();
    let mut own_instagram = 0;
    for channel in channels(&platform).await.iter().filter(|it| it["status"] != "expired") {
        let answer = platform.get(&token_path(channel)).await;
        assert_eq!(answer.status.as_u16(), 200, "{}", answer.body);
        let told = answer.json();
        let fields: Vec<_> = told.as_object().unwrap().keys().map(String::as_str).collect();
        let mut expected = [
            "token",
            "kind",
            "account_id",
            "graph_url",
            "expires_at",
            "data_access_expires_at",
            "grant_expires_at",
            "token_generation",
            "status",
        ];
        expected.sort_unstable();
        assert_eq!(fields, expected);
        for field in ["kind", "account_id", "expires_at", "status", "token_generation"] {
            assert_eq!(told[field], channel[field], "{field}");
        }
        let token = told["token"].as_str().unwrap().to_owned();
        let with_instagram_login = channel["page_id"].is_null();
        let graph = told["graph_url"].as_str().unwrap();
        assert!(graph.ends_with(if with_instagram_login { "/ig-graph/v25.0" } else { "/graph/v25.0" }), "{graph}");
        own_instagram += usize::from(with_instagram_login);
        let key = if with_instagram_login { &channel["account_id"] } else { &channel["page_id"] };
        // An Instagram account has its Page's.
        assert_eq!(tokens.entry(key.to_string()).or_insert_with(|| token.clone()), &token);
    }
    assert_eq!(own_instagram, 1);
    let distinct: std::collections::HashSet<_> = tokens.values().collect();
    assert_eq!(distinct.len(), tokens.len());
}

#[tokio::test]
async fn an_answer_may_be_kept_until_something_changes() {
    let harness = Harness::new().await;
    let platform = Platform::new(&harness, None).await;
    let all = channels(&platform).await;
    let instagram = all.iter().find(|it| it["kind"] == "instagram" && it["status"] != "expired").unwrap();
    let path = token_path(instagram);
    let first = platform.get(&path).await;
    let tag = first.header("etag").to_owned();
    assert!(tag.starts_with('"') && tag.len() > 10, "{tag}");
    assert_eq!(first.header("cache-control"), "private, max-age=300, stale-if-error=604800");
    let organization = organization(&harness, instagram["organization"].as_str().unwrap()).await;
    let reads = || async { harness.renova().storage().token_reads_of(organization, 100).await.unwrap() };
    assert_eq!(reads().await.len(), 1);
    for known in [tag.clone(), format!("\"x\", W/{tag}")] {
        let same = if_none_match(&platform, &path, &known).await;
        assert_eq!((same.status.as_u16(), same.body.as_str(), same.header("etag")), (304, "", tag.as_str()));
    }
    assert_eq!(reads().await.len(), 1, "no token has left");
    let options = format!("/channels/{}", instagram["id"].as_str().unwrap());
    platform.send(Method::PATCH, &options, Some(&json!({"story_replies": false}))).await;
    let changed = if_none_match(&platform, &path, &tag).await;
    assert_eq!((changed.status.as_u16(), &changed.json()["status"]), (200, &json!("story_option_off")));
    assert_ne!(changed.header("etag"), tag);
    let noted = reads().await;
    assert_eq!(noted.len(), 2);
    let key = harness.renova().storage().api_keys(None).await.unwrap().remove(0);
    assert!(noted.iter().all(|read| read.api_key == key.id && read.token_generation == 1));
    assert_eq!(noted[0].channel.to_string(), instagram["id"]);
}

#[tokio::test]
async fn only_a_token_that_is_proved_dead_is_refused() {
    let harness = Harness::new().await;
    let platform = Platform::new(&harness, None).await;
    let all = channels(&platform).await;
    let dead = all.iter().find(|it| it["status"] == "expired").unwrap();
    let problem = platform.get(&token_path(dead)).await.is_problem(409, "token_dead");
    assert_eq!((&problem["reason"], &problem["channel_status"]), (&json!("expired"), &json!("expired")));
    let organization = organization(&harness, "aurora").await;
    assert!(harness.renova().storage().token_reads_of(organization, 1).await.unwrap().is_empty(), "nothing has left");
    let soon = platform.read("/channels?organization=boreal").await["data"][0].clone();
    assert_eq!(platform.get(&token_path(&soon)).await.status.as_u16(), 200, "what ends soon still works");
}

#[tokio::test]
async fn requests_at_once_are_each_noted() {
    let harness = Harness::new().await;
    let platform = Platform::new(&harness, None).await;
    let channel = platform.read("/channels?organization=boreal").await["data"][0].clone();
    let path = token_path(&channel);
    let answers = futures::future::join_all((0..100).map(|_| platform.get(&path))).await;
    let tokens = answers.iter().filter(|it| it.status.as_u16() == 200).count();
    assert_eq!(tokens, 100);
    let organization = organization(&harness, "boreal").await;
    assert_eq!(harness.renova().storage().token_reads_of(organization, 1_000).await.unwrap().len(), 100);
}

/// Tokens stand in no other answer.
#[tokio::test]
async fn no_other_answer_tells_a_token() {
    let harness = Harness::new().await;
    let platform = Platform::new(&harness, None).await;
    let all = channels(&platform).await;
    let mut secrets = vec![platform.key.clone()];
    for channel in all.iter().filter(|it| it["status"] != "expired") {
        secrets.push(platform.get(&token_path(channel)).await.json()["token"].as_str().unwrap().to_owned());
    }
    let channel = all[0]["id"].as_str().unwrap();
    let connection = all[0]["connection_id"].as_str().unwrap();
    harness.minute().await;
    for path in [
        "/connections".to_owned(),
        format!("/connections/{connection}"),
        "/channels".to_owned(),
        format!("/channels/{channel}"),
        "/events".to_owned(),
        "/organizations/aurora".to_owned(),
        "/webhook-endpoints".to_owned(),
        "/openapi.json".to_owned(),
        "/docs".to_owned(),
        "/nothing".to_owned(),
    ] {
        let answer = platform.get(&path).await;
        let head = format!("{:?}", answer.headers);
        for secret in &secrets {
            assert!(!answer.body.contains(secret.as_str()) && !head.contains(secret.as_str()), "{path}");
        }
    }
    let check = platform.send(Method::POST, &format!("/connections/{connection}/check"), None).await;
    let report = platform.post(&format!("/channels/{channel}/report"), json!({"code": 190})).await;
    for answer in [check, report] {
        assert!(secrets.iter().all(|secret| !answer.body.contains(secret.as_str())), "{}", answer.body);
    }
}
