//! No broken answer panics, and none counts as a success.

use meta::{Client, Error};
use secrecy::SecretString;
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};

use crate::server::{APP_ID, Meta, app, reply, token};

pub const CALLS: &[&str] = &[
    "exchange_code",
    "exchange_long_lived",
    "debug_token",
    "me",
    "permissions",
    "pages",
    "subscribed_fields",
    "subscribe",
    "unsubscribe",
    "read_page",
    "read_instagram",
];

/// Makes one call and forgets what it gave.
pub async fn call(client: &Client, name: &str) -> Result<(), Error> {
    let (app, token) = (app(), token());
    match name {
        "exchange_code" => {
            let code = SecretString::from("AQD-sample-code");
            client.exchange_code(&app, "https://a.test/cb", &code).await.map(drop)
        }
        "exchange_long_lived" => client.exchange_long_lived(&app, &token).await.map(drop),
        "debug_token" => client.debug_token(&app, &token).await.map(drop),
        "me" => client.me(&app, &token).await.map(drop),
        "permissions" => client.permissions(&app, &token).await.map(drop),
        "pages" => client.pages(&app, &token).await.map(drop),
        "subscribed_fields" => client.subscribed_fields(&app, "1", &token).await.map(drop),
        "subscribe" => client.subscribe(&app, "1", &token, &["messages".to_owned()]).await,
        "unsubscribe" => client.unsubscribe(&app, "1", &token).await,
        "read_page" => client.read_page(&app, "1", &token).await.map(drop),
        "read_instagram" => client.read_instagram(&app, "17841", &token).await.map(drop),
        _ => panic!("{name}"),
    }
}

/// A good answer to each call, and the places in it that it cannot do without.
fn good(name: &str) -> (Value, &'static [&'static str]) {
    match name {
        "exchange_code" | "exchange_long_lived" => {
            (json!({"access_token": "EAA", "token_type": "bearer", "expires_in": 5400}), &["/access_token"])
        }
        "debug_token" => (
            json!({"data": {"app_id": "1", "type": "USER", "is_valid": true, "expires_at": 0, "scopes": ["a"],
                "granular_scopes": [{"scope": "a", "target_ids": ["1"]}], "user_id": "2"}}),
            &["/data", "/data/is_valid", "/data/app_id", "/data/granular_scopes/0/scope"],
        ),
        "me" => (json!({"id": "1", "name": "Ana"}), &["/id", "/name"]),
        "permissions" => (
            json!({"data": [{"permission": "email", "status": "granted"}]}),
            &["/data", "/data/0/permission", "/data/0/status"],
        ),
        "pages" => (
            json!({"data": [{"id": "1", "name": "n", "access_token": "EAA", "tasks": ["MESSAGING"],
                "instagram_business_account": {"id": "17841", "username": "u"}}], "paging": {"cursors": {"after": "x"}}}),
            &["/data", "/data/0/id", "/data/0/name", "/data/0/instagram_business_account/id"],
        ),
        "subscribed_fields" => (
            json!({"data": [{"id": APP_ID, "name": "n", "subscribed_fields": ["messages"]}]}),
            &["/data", "/data/0/id"],
        ),
        "subscribe" | "unsubscribe" => (json!({"success": true}), &["/success"]),
        "read_page" => (json!({"id": "1", "name": "n"}), &["/id", "/name"]),
        "read_instagram" => (json!({"id": "17841", "username": "u"}), &["/id", "/username"]),
        _ => panic!("{name}"),
    }
}

/// A server whose answer the test exchanges between calls.
struct Changing {
    meta: Meta,
    answer: Arc<Mutex<(u16, String)>>,
}

impl Changing {
    async fn start() -> Self {
        let answer = Arc::new(Mutex::new((200, String::new())));
        let told = Arc::clone(&answer);
        let meta = Meta::start(move |_| {
            let (status, body) = told.lock().unwrap().clone();
            reply(status, body)
        })
        .await;
        Self { meta, answer }
    }

    async fn call(&self, name: &str, status: u16, body: impl Into<String>) -> Result<(), Error> {
        *self.answer.lock().unwrap() = (status, body.into());
        call(&self.meta.client, name).await
    }

    /// Must fail, as Meta's trouble.
    async fn is_trouble(&self, name: &str, status: u16, body: &str) -> Error {
        match self.call(name, status, body).await {
            Err(error) => {
                assert!(error.is_metas_trouble() && !error.proves_dead(), "{name} {status} {body}: {error:?}");
                error
            }
            Ok(()) => panic!("{name} took HTTP {status} with {body:?} for a success"),
        }
    }
}

#[tokio::test]
async fn every_good_answer_is_taken_and_no_part_of_it() {
    let server = Changing::start().await;
    for name in CALLS {
        let text = good(name).0.to_string();
        server.call(name, 200, text.as_str()).await.unwrap();
        for end in (0..text.len()).filter(|end| text.is_char_boundary(*end)) {
            server.is_trouble(name, 200, &text[..end]).await;
        }
    }
}

#[tokio::test]
async fn what_is_needed_has_its_type() {
    let server = Changing::start().await;
    for name in CALLS {
        let (answer, needed) = good(name);
        for place in needed {
            let right = answer.pointer(place).unwrap();
            let wrong =
                [json!(null), json!(-1), json!(1.5), json!([]), json!({}), json!(""), json!([[]]), json!("\u{0}")];
            for wrong in wrong {
                // An empty list is a list, and control characters are text.
                if (right.is_array() && wrong == json!([])) || (right.is_string() && wrong == json!("\u{0}")) {
                    continue;
                }
                let mut broken = answer.clone();
                *broken.pointer_mut(place).unwrap() = wrong;
                server.is_trouble(name, 200, &broken.to_string()).await;
            }
            let mut broken = answer.clone();
            let (parent, key) = place.rsplit_once('/').unwrap();
            broken.pointer_mut(parent).unwrap().as_object_mut().unwrap().remove(key);
            server.is_trouble(name, 200, &broken.to_string()).await;
        }
    }
}

#[tokio::test]
async fn nonsense_is_nobodys_success() {
    let server = Changing::start().await;
    let deep = "[".repeat(100_000);
    let nonsense = [
        "",
        " ",
        "<!DOCTYPE html><html>Sorry</html>",
        "OK",
        "null",
        "[]",
        "{}",
        "0",
        "\"true\"x",
        "{\"data\":{}}",
        "{\"data\":null}",
        "{\"error\":{}}",
        "{\"error\":\"no\"}",
        "{\"error\":{\"code\":\"x\"}}",
        "{\"error\":{\"code\":190.5}}",
        "{\"error\":[190]}",
        "{\"error\":{\"code\":99999999999999999999}}",
        "access_token=EAA&expires=5183975",
        "\u{feff}{}",
        deep.as_str(),
    ];
    for name in CALLS {
        for body in nonsense {
            server.is_trouble(name, 200, body).await;
            for status in [400, 401, 403, 404, 500, 502, 503] {
                let error = server.is_trouble(name, status, body).await;
                assert_eq!(error, Error::HttpStatus(status), "{body}");
            }
        }
    }
}

/// A list of an object's values is no object.
#[tokio::test]
async fn lists_are_no_objects() {
    let server = Changing::start().await;
    for name in CALLS {
        let (answer, needed) = good(name);
        for place in needed {
            let (parent, _) = place.rsplit_once('/').unwrap();
            for values_only in [
                json!(answer.pointer(parent).unwrap().as_object().unwrap().values().collect::<Vec<_>>()),
                json!([answer.pointer(place).unwrap()]),
            ] {
                let mut broken = answer.clone();
                *broken.pointer_mut(parent).unwrap() = values_only;
                server.is_trouble(name, 200, &broken.to_string()).await;
            }
        }
        let mut broken = answer;
        broken["paging"] = json!(["next", ["after"]]);
        if broken["data"].is_array() {
            server.is_trouble(name, 200, &broken.to_string()).await;
        }
    }
}

/// Neither a failure status with a good body, nor a good status with an error.
#[tokio::test]
async fn status_and_body_must_both_be_good() {
    let server = Changing::start().await;
    for name in CALLS {
        let text = good(name).0.to_string();
        for status in [300, 304, 400, 404, 500, 503] {
            server.call(name, status, text.as_str()).await.unwrap_err();
        }
        let mut both = good(name).0;
        both["error"] = json!({"code": 190, "error_subcode": 463, "message": "m"});
        let error = server.call(name, 200, both.to_string()).await.unwrap_err();
        assert_eq!(error.proves_dead(), *name != "debug_token");
        both["error"] = json!({"code": 190, "error_subcode": 463, "is_transient": true});
        server.is_trouble(name, 400, &both.to_string()).await;
        both["error"] = json!({"code": 190, "error_subcode": 463});
        server.is_trouble(name, 500, &both.to_string()).await;
        both["error"] = json!({"code": 4, "message": "(#4) Application request limit reached"});
        server.is_trouble(name, 400, &both.to_string()).await;
    }
}

#[tokio::test]
async fn numbers_that_overflow_elsewhere_are_refused() {
    let server = Changing::start().await;
    for value in [json!(-1), json!(i64::MAX), json!(u64::MAX), json!(1e300), json!("x"), json!(true), json!([])] {
        let token = json!({"access_token": "EAA", "expires_in": value});
        server.is_trouble("exchange_code", 200, &token.to_string()).await;
        for field in ["issued_at", "expires_at", "data_access_expires_at"] {
            let facts = json!({"data": {"app_id": "1", "is_valid": true, field: value}});
            server.is_trouble("debug_token", 200, &facts.to_string()).await;
        }
    }
    for token in ["EAA B", "EAA\nB", "EAÁ"] {
        let issued = json!({ "access_token": token });
        server.is_trouble("exchange_code", 200, &issued.to_string()).await;
        let pages = json!({"data": [{"id": "1", "name": "n", "access_token": token}]});
        server.is_trouble("pages", 200, &pages.to_string()).await;
    }
}
