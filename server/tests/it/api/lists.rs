use axum::http::Method;
use serde_json::{Value, json};

use super::Platform;
use crate::harness::Harness;

fn ids(list: &[Value]) -> Vec<&str> {
    list.iter().map(|it| it["id"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn connections_of_every_organization_page_by_page() {
    let harness = Harness::new().await;
    let platform = Platform::new(&harness, None).await;
    let all = platform.all("/connections", 100).await;
    assert_eq!(all.len(), 5);
    for limit in [1, 2, 3] {
        assert_eq!(platform.all("/connections", limit).await, all);
    }
    let own = Platform::new(&harness, Some("boreal")).await.all("/connections", 2).await;
    assert_eq!((own.len(), &own[0]["organization"], &own[0]["name"]), (1, &json!("boreal"), &json!("Clara Lima")));
    assert_eq!(platform.all("/connections?organization=boreal", 50).await, own);

    let clara = &own[0];
    assert_eq!(
        (&clara["status"], &clara["needs_renewal"], &clara["provider"]),
        (&json!("expires_soon"), &json!(true), &json!("facebook"))
    );
    assert!(clara["link"].as_str().unwrap().ends_with(clara["id"].as_str().unwrap()));
    assert_eq!(platform.read(&format!("/connections/{}", clara["id"].as_str().unwrap())).await, *clara);

    let expired = platform.all("/connections?status=expired", 1).await;
    assert_eq!((expired.len(), &expired[0]["name"]), (1, &json!("Elisa Prado")));
    let soon = platform.all("/connections?expires_within_days=4", 1).await;
    let mut names: Vec<_> = soon.iter().map(|it| it["name"].as_str().unwrap()).collect();
    names.sort_unstable();
    assert_eq!(names, ["Clara Lima", "Elisa Prado"]);
    for (query, field) in [
        ("limit=0", "limit"),
        ("limit=x", "limit"),
        ("cursor=7", "cursor"),
        ("status=fine", "status"),
        ("expires_within_days=366", "expires_within_days"),
        ("expires_within_days=-1", "expires_within_days"),
    ] {
        let problem = platform.get(&format!("/connections?{query}")).await.is_problem(422, "invalid");
        assert_eq!(problem["field"], json!(field), "{query}: {problem}");
    }
    platform.get("/connections?colour=red").await.is_problem(422, "invalid");
}

#[tokio::test]
async fn channels_come_in_the_order_of_their_last_change() {
    let harness = Harness::new().await;
    let platform = Platform::new(&harness, None).await;
    let all = platform.all("/channels", 2).await;
    assert_eq!(ids(&all), ids(&platform.all("/channels", 100).await));
    let instagram = all.iter().find(|it| it["kind"] == "instagram").unwrap();
    let path = format!("/channels/{}", instagram["id"].as_str().unwrap());
    assert_eq!((&instagram["story_mentions"], &instagram["story_replies"]), (&json!(true), &json!(true)));

    harness.minute().await;
    let changed = platform.send(Method::PATCH, &path, Some(&json!({"story_replies": false}))).await;
    assert_eq!((changed.status.as_u16(), &changed.json()["story_replies"]), (200, &json!(false)), "{}", changed.body);
    assert_eq!(changed.json()["story_mentions"], json!(true));
    assert_eq!(changed.json()["status"], json!("story_option_off"));
    let since = changed.json()["changed_at"].as_str().unwrap().to_owned();
    assert!(since.as_str() > instagram["changed_at"].as_str().unwrap());
    let news = platform.all(&format!("/channels?changed_since={since}"), 1).await;
    assert_eq!(news, [changed.json()]);
    // Whoever asks from the instant that a list was made sees what comes after it.
    let as_of = platform.read("/channels").await["as_of"].as_str().unwrap().to_owned();
    assert!(as_of < since, "what is being written at this moment is not behind it");
    harness.minute().await;
    let as_of = platform.read("/channels").await["as_of"].as_str().unwrap().to_owned();
    assert_eq!(platform.all(&format!("/channels?changed_since={as_of}"), 1).await, Vec::<serde_json::Value>::new());
    assert_eq!(platform.all("/channels", 3).await.last(), Some(&changed.json()), "what has changed comes last");
    // Nothing asked for, nothing changed.
    let same = platform.send(Method::PATCH, &path, Some(&json!({"story_replies": null}))).await;
    assert_eq!(same.json(), changed.json());

    let messenger = all.iter().find(|it| it["kind"] == "messenger").unwrap();
    let path = format!("/channels/{}", messenger["id"].as_str().unwrap());
    platform.send(Method::PATCH, &path, Some(&json!({"story_replies": false}))).await.is_problem(422, "invalid");
    platform.get("/channels?changed_since=yesterday").await.is_problem(422, "invalid");
}

#[tokio::test]
async fn channels_and_connections_end() {
    let harness = Harness::with_meta().await;
    let platform = Platform::new(&harness, None).await;
    let connections = platform.all("/connections?organization=aurora", 50).await;
    let ana = connections.iter().find(|it| it["name"] == "Ana Souza").unwrap();
    let path = format!("/connections/{}", ana["id"].as_str().unwrap());
    let channels: Vec<_> = ana["channels"].as_array().unwrap().iter().map(|it| it["id"].as_str().unwrap()).collect();
    assert_eq!(platform.delete(&format!("/channels/{}", channels[0])).await.status.as_u16(), 204);
    assert_eq!(platform.read(&path).await["channels"].as_array().unwrap().len(), channels.len() - 1);
    for channel in &channels[1..] {
        assert_eq!(platform.delete(&format!("/channels/{channel}")).await.status.as_u16(), 204);
    }
    platform.get(&path).await.is_problem(404, "not_found");

    let fabio = connections.iter().find(|it| it["name"] == "Fábio Reis").unwrap();
    let path = format!("/connections/{}", fabio["id"].as_str().unwrap());
    assert_eq!(platform.delete(&path).await.status.as_u16(), 204);
    platform.delete(&path).await.is_problem(404, "not_found");
}

#[tokio::test]
async fn a_check_tells_how_it_really_is() {
    let harness = Harness::with_meta().await;
    let platform = Platform::new(&harness, None).await;
    let clara = platform.read("/connections?organization=boreal").await["data"][0].clone();
    let path = format!("/connections/{}/check", clara["id"].as_str().unwrap());
    harness.minute().await;
    let checked = platform.send(Method::POST, &path, None).await;
    assert_eq!(checked.status.as_u16(), 200, "{}", checked.body);
    assert!(checked.json()["checked_at"].as_str() > clara["checked_at"].as_str());
}

#[tokio::test]
async fn a_report_makes_a_check_due_and_marks_nothing() {
    let harness = Harness::new().await;
    let platform = Platform::new(&harness, None).await;
    let channel = platform.read("/channels?organization=boreal").await["data"][0].clone();
    let path = format!("/channels/{}/report", channel["id"].as_str().unwrap());
    let storage = harness.renova().storage();
    assert_eq!(storage.checks_due(harness.renova().now()).await.unwrap(), 0);
    let limit = platform.post(&path, json!({"code": 4})).await;
    assert_eq!((limit.status.as_u16(), limit.json()), (202, json!({"meaning": "app_limit", "check_due": false})));
    assert_eq!(storage.checks_due(harness.renova().now()).await.unwrap(), 0, "a limit says nothing about a token");
    let dead = platform.post(&path, json!({"code": 190, "subcode": 460})).await;
    assert_eq!((dead.status.as_u16(), dead.json()), (202, json!({"meaning": "password_changed", "check_due": true})));
    let due = storage.checks_due(harness.renova().now()).await.unwrap();
    assert_eq!(due, 0, "Meta was asked a moment ago: whoever reports again and again does not spend everybody's calls");
    harness.minute().await;
    assert_eq!(storage.checks_due(harness.renova().now()).await.unwrap(), 1);
    let path = format!("/channels/{}", channel["id"].as_str().unwrap());
    assert_eq!(platform.read(&path).await["status"], channel["status"], "the word of the platform is no proof");
}

#[tokio::test]
async fn events_are_told_once_each_with_sentence_and_link() {
    let harness = Harness::new().await;
    let platform = Platform::new(&harness, None).await;
    let before = platform.read("/events").await;
    let instagram = platform.all("/channels?organization=aurora", 50).await;
    let instagram = instagram.iter().find(|it| it["kind"] == "instagram").unwrap();
    let path = format!("/channels/{}", instagram["id"].as_str().unwrap());
    for replies in [false, true] {
        platform.send(Method::PATCH, &path, Some(&json!({"story_replies": replies}))).await;
    }
    let unsettled = platform.read("/events").await;
    assert_eq!(unsettled["data"], before["data"], "what has just happened comes a few seconds later");
    harness.minute().await;
    let first = platform.read("/events?limit=1").await;
    let event = &first["data"][0];
    assert_eq!(event["type"], json!("channel.story_options_changed"));
    assert_eq!(event["data"]["organization"], json!({"external_id": "aurora", "name": "Loja Aurora"}));
    assert!(event["data"]["sentences"]["pt-BR"].as_str().is_some_and(|text| !text.is_empty()));
    assert!(event["data"]["link"].as_str().unwrap().contains("/integrations/meta?connection="));
    let cursor = first["next_cursor"].as_str().unwrap();
    let second = platform.read(&format!("/events?cursor={cursor}")).await;
    assert_eq!(second["data"].as_array().unwrap().len(), 1);
    let cursor = second["next_cursor"].as_str().unwrap();
    let nothing = platform.read(&format!("/events?cursor={cursor}")).await;
    assert_eq!((&nothing["data"], nothing["next_cursor"].as_str()), (&json!([]), Some(cursor)), "the place stays");
    let boreal = Platform::new(&harness, Some("boreal")).await;
    assert_eq!(boreal.read("/events").await["data"], json!([]));
}
