//! The simulator's answers have the keys and types of Meta's recorded ones.
//! The recordings lie outside the repository, in the folder `RENOVA_FIXTURES`.

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::common::World;
use axum::http::Method;
use serde_json::{Value, json};

/// What our answers have beyond a recording: keys that are younger than it, or
/// that depend on the token, the place in a list or the parameters.
const OPTIONAL: [&str; 14] = [
    "application",
    "data_access_expires_at",
    "error_subcode",
    "fbtrace_id",
    "granular_scopes",
    "issued_at",
    "next",
    "previous",
    "profile_id",
    "scopes",
    "summary",
    "target_ids",
    "timestamp",
    "type",
];

pub fn recorded(kind: &str, name: &str) -> Option<Value> {
    let Some(folder) = std::env::var_os("RENOVA_FIXTURES") else {
        println!("RENOVA_FIXTURES is not set: {name} is not compared");
        return None;
    };
    let path = PathBuf::from(folder).join(kind).join(name);
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path:?}: {error}"));
    Some(serde_json::from_str(&text).unwrap())
}

/// Each recorded key is there with the recorded type, and nothing unexpected.
pub fn compare(at: &str, recorded: &Value, ours: &Value) {
    match (recorded, ours) {
        (Value::Object(recorded), Value::Object(ours)) => {
            for (key, value) in recorded {
                let Some(mine) = ours.get(key) else {
                    panic!("{at}.{key} is missing: {ours:?}");
                };
                compare(&format!("{at}.{key}"), value, mine);
            }
            for key in ours.keys() {
                assert!(recorded.contains_key(key) || OPTIONAL.contains(&key.as_str()), "{at}.{key} is not recorded");
            }
        }
        (Value::Array(recorded), Value::Array(ours)) => {
            let Some(first) = recorded.first() else {
                return;
            };
            assert!(!ours.is_empty(), "{at} is empty");
            for (index, mine) in ours.iter().enumerate() {
                compare(&format!("{at}[{index}]"), first, mine);
            }
        }
        (Value::String(_), Value::String(_))
        | (Value::Number(_), Value::Number(_))
        | (Value::Bool(_), Value::Bool(_))
        | (Value::Null, Value::Null) => {}
        (recorded, ours) => panic!("{at}: recorded {recorded}, ours {ours}"),
    }
}

#[test]
fn the_comparison_finds_differences() {
    let recorded = json!({"data": [{"id": "1", "tasks": ["A"]}]});
    compare("", &recorded, &json!({"data": [{"id": "2", "tasks": ["B", "C"], "type": 1}]}));
    for wrong in [
        json!({"data": []}),
        json!({"data": [{"id": 1, "tasks": ["A"]}]}),
        json!({"data": [{"id": "1"}]}),
        json!({"data": [{"id": "1", "tasks": ["A"]}, {"id": "1", "tasks": [1]}]}),
        json!({"data": [{"id": "1", "tasks": ["A"], "odd": 1}]}),
    ] {
        let found = std::panic::catch_unwind(|| compare("", &recorded, &wrong));
        assert!(found.is_err(), "{wrong}");
    }
}

#[tokio::test]
async fn every_recording_has_its_counterpart() {
    let Some(folder) = std::env::var_os("RENOVA_FIXTURES") else {
        println!("RENOVA_FIXTURES is not set: nothing is compared with Meta's recordings");
        return;
    };
    let ours = answers(&World::new()).await;
    let folder = PathBuf::from(folder).join("graph");
    let mut compared = Vec::new();
    for entry in std::fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        let Some(mine) = ours.get(name.as_str()) else {
            println!("{name} has no counterpart");
            continue;
        };
        let recorded = recorded("graph", &name).unwrap();
        compare(&name, &recorded, mine);
        if name == "error_191.json" || name == "error_2500.json" {
            assert_eq!(recorded["error"]["message"], mine["error"]["message"]);
            assert_eq!(recorded["error"]["code"], mine["error"]["code"]);
        }
        compared.push(name);
    }
    assert_eq!(compared.len(), ours.len(), "only {compared:?}");
}

/// Our answer to what each recording answers.
async fn answers(world: &World) -> BTreeMap<&'static str, Value> {
    let code = world.code_for("Clara Lima").await;
    let no_address = world.token_request(&[("code", &code)]).await.json();
    let short = world.short_token("Ana Souza").await;
    let long = world.token_request(&[("grant_type", "fb_exchange_token"), ("fb_exchange_token", &short)]).await.json();
    let dead = world.sim.seed_grant("Elisa Prado", -1000).unwrap().user_token;
    let page = world.sim.seed_grant("Clara Lima", 86_400_000).unwrap().pages[0].token.clone();
    let fabio = world.sim.seed_grant("Fábio Reis", 86_400_000).unwrap().user_token;
    let ana = world.sim.seed_grant("Ana Souza", 86_400_000).unwrap().user_token;
    let debug = async |token: &str| json!({"data": world.debug(token).await});
    let get = async |path: &str, token: &str| world.bearer(Method::GET, path, token).await.json();

    let list = "/graph/v25.0/me/accounts?limit=1&summary=true";
    let first = get(list, &ana).await;
    let after = first["paging"]["cursors"]["after"].as_str().unwrap().replace('=', "%3D").replace('+', "%2B");
    let second = get(&format!("{list}&after={after}"), &ana).await;
    assert!(first["paging"].get("next").is_some() && second["paging"].get("next").is_none());
    let businesses =
        "/graph/me/businesses?fields=id,name,link,created_time,updated_time,verification_status,profile_picture_uri";
    BTreeMap::from([
        ("error.json", get("/graph/1", "1234567890|sim-app-secret").await),
        ("error_191.json", no_address),
        ("error_2500.json", world.get("/graph/me", &[]).await.json()),
        ("error_data.json", get("/graph/104857602341987", &ana).await),
        ("long_term_token.json", long),
        ("permissions_2014.json", get("/graph/me/permissions", &ana).await),
        ("token_info.json", debug(&short).await),
        ("token_metadata_app_token.json", debug("1234567890|sim-app-secret").await),
        ("token_metadata_invalid_token.json", debug(&dead).await),
        ("token_metadata_page_token.json", debug(&page).await),
        ("token_metadata_user_token.json", debug(&ana).await),
        ("user_accounts_p1.json", first),
        ("user_accounts_p2.json", second),
        ("user_accounts_token.json", get("/graph/me/accounts", &fabio).await),
        ("user_businesses.json", get(businesses, &ana).await),
    ])
}
