use lifecycle::clock::DAY_MS;
use serde_json::{Value, json};

use super::Platform;
use crate::harness::Harness;

async fn import(platform: &Platform<'_>, dry_run: bool, connections: Value) -> Value {
    let answer = platform.post("/connections/import", json!({"dry_run": dry_run, "connections": connections})).await;
    assert_eq!(answer.status.as_u16(), 200, "{}", answer.body);
    answer.json()["data"].clone()
}

#[tokio::test]
async fn tokens_of_the_platform_become_connections_once() {
    let harness = Harness::with_meta().await;
    let platform = Platform::new(&harness, None).await;
    platform.put("/organizations/42", json!({"name": "Padaria Sol"})).await;
    let grant = harness.sim.seed_grant("Ana Souza", 30 * DAY_MS).unwrap();
    let kids = harness.sim.seed_instagram_grant("aurora.kids", 30 * DAY_MS).unwrap();
    let page_token = grant.pages[0].token.clone();
    let lines = json!([
        {"organization": "42", "token": grant.user_token},
        {"organization": "42", "provider": "instagram", "token": kids.token, "expires_at": "2030-01-01T00:00:00Z"},
        {"organization": "43", "token": grant.user_token},
        {"organization": "42", "token": "EAAB-nonsense"},
        {"organization": "42", "token": page_token},
    ]);
    let tried = import(&platform, true, lines.clone()).await;
    let statuses = |data: &Value| {
        data.as_array().unwrap().iter().map(|it| it["status"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(statuses(&tried), ["would_import", "would_import", "failed", "failed", "failed"], "{tried}");
    assert_eq!(platform.read("/connections?organization=42").await["data"], json!([]), "a trial stores nothing");

    let done = import(&platform, false, lines.clone()).await;
    assert_eq!(statuses(&done), ["imported", "imported", "failed", "failed", "failed"], "{done}");
    assert_eq!(
        (&done[2]["code"], &done[3]["code"]),
        (&json!("organization_not_found"), &json!("token_invalid")),
        "{done}"
    );
    assert!(!done.to_string().contains(&grant.user_token) && !done.to_string().contains(&page_token));
    let again = import(&platform, false, lines).await;
    assert_eq!(statuses(&again)[..2], ["already_connected", "already_connected"], "{again}");
    assert_eq!(again[0]["connection_id"], done[0]["connection_id"]);

    let listed = platform.all("/connections?organization=42", 10).await;
    assert_eq!(listed.len(), 2);
    for channel in listed[0]["channels"].as_array().unwrap() {
        let told = platform.read(&format!("/channels/{}/token", channel["id"].as_str().unwrap())).await;
        let page = grant.pages.iter().find(|page| told["token"] == json!(page.token));
        assert!(page.is_some(), "the token of its Page: {channel}");
    }
    let kids_channel = listed[1]["channels"][0]["id"].as_str().unwrap().to_owned();
    let told = platform.read(&format!("/channels/{kids_channel}/token")).await;
    assert_eq!((&told["token"], &told["expires_at"]), (&json!(kids.token), &json!("2030-01-01T00:00:00.000Z")));
    harness.minute().await;
    let events = platform.read("/events?organization=42").await;
    assert_eq!(events["data"][0]["type"], json!("connection.created"));
}

#[tokio::test]
async fn only_the_accounts_that_are_named_come_along() {
    let harness = Harness::with_meta().await;
    let platform = Platform::new(&harness, None).await;
    platform.put("/organizations/42", json!({"name": "Padaria Sol"})).await;
    let grant = harness.sim.seed_grant("Ana Souza", 30 * DAY_MS).unwrap();
    let instagram = grant.pages.iter().find_map(|page| page.instagram.as_ref()).unwrap();
    let line = json!([{"organization": "42", "token": grant.user_token, "accounts": [instagram.id]}]);
    let done = import(&platform, false, line).await;
    let channels = done[0]["channels"].as_array().unwrap();
    assert_eq!((channels.len(), &channels[0]["account_id"]), (1, &json!(instagram.id)), "{done}");
    // Without its Page it keeps the Page's token as its own.
    let path = format!("/channels/{}/token", channels[0]["id"].as_str().unwrap());
    assert!(platform.read(&path).await["token"].as_str().is_some());
    for body in
        [json!({"connections": []}), json!({"connections": vec![json!({"organization": "42", "token": "x"}); 21]})]
    {
        let problem = platform.post("/connections/import", body).await.is_problem(422, "invalid");
        assert_eq!(problem["field"], json!("connections"));
    }
}
