//! The simulator's answers have the keys and types of Meta's recorded ones.
//! The recordings lie outside the repository, in the folder `RENOVA_FIXTURES`.

use std::path::PathBuf;

use crate::common::World;
use axum::http::Method;
use serde_json::Value;

fn recording(name: &str) -> Option<Value> {
    recorded("graph", name)
}

pub fn recorded(kind: &str, name: &str) -> Option<Value> {
    let Some(folder) = std::env::var_os("RENOVA_FIXTURES") else {
        println!("RENOVA_FIXTURES is not set: {name} is not compared");
        return None;
    };
    let path = PathBuf::from(folder).join(kind).join(name);
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path:?}: {error}"));
    Some(serde_json::from_str(&text).unwrap())
}

/// Each recorded key is there with the recorded type.
pub fn compare(at: &str, recorded: &Value, ours: &Value) {
    match (recorded, ours) {
        (Value::Object(recorded), Value::Object(ours)) => {
            for (key, value) in recorded {
                let Some(mine) = ours.get(key) else {
                    panic!("{at}.{key} is missing: {ours:?}");
                };
                compare(&format!("{at}.{key}"), value, mine);
            }
        }
        (Value::Array(recorded), Value::Array(ours)) => {
            if let Some(first) = recorded.first() {
                let Some(mine) = ours.first() else {
                    panic!("{at} is empty");
                };
                compare(&format!("{at}[0]"), first, mine);
            }
        }
        (Value::String(_), Value::String(_))
        | (Value::Number(_), Value::Number(_))
        | (Value::Bool(_), Value::Bool(_))
        | (Value::Null, Value::Null) => {}
        (recorded, ours) => panic!("{at}: recorded {recorded}, ours {ours}"),
    }
}

#[tokio::test]
async fn tokens() {
    let world = World::new();
    let short = world.short_token("Ana Souza").await;
    let long = world.token_request(&[("grant_type", "fb_exchange_token"), ("fb_exchange_token", &short)]).await.json();
    let seeded = world.sim.seed_grant("Elisa Prado", -1000).unwrap();
    let user = serde_json::json!({"data": world.debug(&short).await});
    let clara = world.sim.seed_grant("Clara Lima", 86_400_000).unwrap();
    let page = serde_json::json!({"data": world.debug(&clara.pages[0].token).await});
    let dead = serde_json::json!({"data": world.debug(&seeded.user_token).await});
    let app = serde_json::json!({"data": world.debug("1234567890|sim-app-secret").await});
    for (name, ours) in [
        ("long_term_token.json", &long),
        ("token_info.json", &user),
        ("token_metadata_user_token.json", &user),
        ("token_metadata_page_token.json", &page),
        ("token_metadata_invalid_token.json", &dead),
        ("token_metadata_app_token.json", &app),
    ] {
        if let Some(recorded) = recording(name) {
            compare(name, &recorded, ours);
        }
    }
}

#[tokio::test]
async fn pages_and_permissions() {
    let world = World::new();
    let ana = world.sim.seed_grant("Ana Souza", 86_400_000).unwrap();
    let one = |cursor: String| format!("/graph/v25.0/me/accounts?limit=1&summary=true{cursor}");
    let first = world.bearer(Method::GET, &one(String::new()), &ana.user_token).await.json();
    let after = first["paging"]["cursors"]["after"].as_str().unwrap();
    let after = after.replace('=', "%3D").replace('+', "%2B");
    let second = world.bearer(Method::GET, &one(format!("&after={after}")), &ana.user_token).await.json();
    let permissions = world.bearer(Method::GET, "/graph/me/permissions", &ana.user_token).await.json();
    for (name, ours) in [
        ("user_accounts_token.json", &first),
        ("user_accounts_p1.json", &first),
        ("user_accounts_p2.json", &second),
        ("permissions_2014.json", &permissions),
    ] {
        if let Some(recorded) = recording(name) {
            compare(name, &recorded, ours);
        }
    }
    assert!(second["paging"].get("next").is_none());
}

#[tokio::test]
async fn errors() {
    let world = World::new();
    let code = world.code_for("Clara Lima").await;
    let no_address = world.token_request(&[("code", &code)]).await.json();
    let no_token = world.get("/graph/me", &[]).await.json();
    let no_object = world.bearer(Method::GET, "/graph/1", "1234567890|sim-app-secret");
    let no_object = no_object.await.json();
    for (name, ours) in [
        ("error_191.json", &no_address),
        ("error_2500.json", &no_token),
        ("error_data.json", &no_object),
        ("error.json", &no_object),
    ] {
        if let Some(recorded) = recording(name) {
            compare(name, &recorded, ours);
            if name.starts_with("error_1") || name.starts_with("error_2") {
                assert_eq!(recorded["error"]["message"], ours["error"]["message"]);
                assert_eq!(recorded["error"]["code"], ours["error"]["code"]);
            }
        }
    }
}
