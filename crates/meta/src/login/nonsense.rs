//! No answer, however broken, panics, or counts as a success where it has not
//! the documented form.

use std::path::PathBuf;

use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::{RngAlgorithm, TestRng, TestRunner};
use secrecy::SecretString;
use serde_json::{Map, Value, json};

use super::{FacebookLogin, InstagramLogin, LoginProvider};
use crate::account::AccountKind;
use crate::client::scripted::{app, client, wait};
use crate::error::Error;

/// A call, and what an answer to it must have at the least.
struct Documented {
    name: &'static str,
    good: fn() -> Value,
    form: Form,
}

/// Forms of answers, judged on their own and not by the code under test.
#[derive(Clone, Copy)]
enum Form {
    /// These members of the object.
    Members(&'static [&'static str]),
    /// The same, or in the only entry of `data`.
    MembersOrOnlyEntry(&'static [&'static str]),
    /// `data` with entries that have these members.
    List(&'static [&'static str]),
    /// `data` with a verdict.
    Facts,
    /// Done or not done.
    Success,
}

const CALLS: &[Documented] = &[
    Documented { name: "exchange_code", good: token, form: Form::Members(&["access_token"]) },
    Documented { name: "exchange_long_lived", good: token, form: Form::Members(&["access_token"]) },
    Documented { name: "debug_token", good: facts, form: Form::Facts },
    Documented { name: "me", good: person, form: Form::Members(&["id", "name"]) },
    Documented { name: "system_user", good: person, form: Form::Members(&["id"]) },
    Documented { name: "business", good: person, form: Form::Members(&["id", "name"]) },
    Documented { name: "businesses", good: people, form: Form::List(&["id", "name"]) },
    Documented { name: "permissions", good: permissions, form: Form::List(&["permission", "status"]) },
    Documented { name: "pages", good: pages, form: Form::List(&["id", "name"]) },
    Documented { name: "granted_page", good: person, form: Form::Members(&["id", "name"]) },
    Documented { name: "app_fields", good: app_fields, form: Form::List(&["object"]) },
    Documented { name: "subscribed_fields", good: subscriptions, form: Form::List(&["id"]) },
    Documented { name: "subscribe", good: success, form: Form::Success },
    Documented { name: "unsubscribe", good: success, form: Form::Success },
    Documented { name: "read_page", good: person, form: Form::Members(&["id", "name"]) },
    Documented { name: "read_instagram", good: instagram, form: Form::Members(&["id", "username"]) },
    Documented {
        name: "instagram_code",
        good: instagram_code,
        form: Form::MembersOrOnlyEntry(&["access_token", "user_id"]),
    },
    Documented { name: "instagram_long_lived", good: token, form: Form::MembersOrOnlyEntry(&["access_token"]) },
    Documented { name: "refresh_instagram", good: token, form: Form::MembersOrOnlyEntry(&["access_token"]) },
    Documented { name: "instagram_self", good: own, form: Form::MembersOrOnlyEntry(&["user_id", "username"]) },
];

fn token() -> Value {
    json!({"access_token": "EAAB", "token_type": "bearer", "expires_in": 5183944})
}

fn facts() -> Value {
    json!({"data": {"app_id": "1234567890", "type": "USER", "is_valid": true, "expires_at": 1_800_000_000,
        "scopes": ["pages_show_list"], "granular_scopes": [{"scope": "pages_show_list", "target_ids": ["1"]}],
        "user_id": "2"}})
}

fn person() -> Value {
    json!({"id": "1", "name": "Ana"})
}

fn people() -> Value {
    json!({"data": [{"id": "1", "name": "Ana"}], "paging": {"cursors": {"before": "b", "after": "a"}}})
}

fn permissions() -> Value {
    json!({"data": [{"permission": "pages_messaging", "status": "granted"}]})
}

fn pages() -> Value {
    json!({"data": [{"id": "1", "name": "n", "access_token": "EAAB", "tasks": ["MESSAGING"],
        "instagram_business_account": {"id": "17841", "username": "u"}}], "paging": {"cursors": {"after": "x"}}})
}

fn app_fields() -> Value {
    json!({"data": [{"object": "page", "callback_url": "https://a.test", "active": true,
        "fields": [{"name": "messages", "version": "v25.0"}]}]})
}

fn subscriptions() -> Value {
    json!({"data": [{"id": "1234567890", "name": "n", "subscribed_fields": ["messages"]}]})
}

fn success() -> Value {
    json!({"success": true})
}

fn instagram() -> Value {
    json!({"id": "1", "username": "u", "name": "n", "profile_picture_url": "https://cdn.test/p"})
}

fn instagram_code() -> Value {
    json!({"data": [{"access_token": "IGAA", "user_id": 17_841, "permissions": "instagram_business_basic"}]})
}

fn own() -> Value {
    json!({"user_id": "1", "username": "u", "name": "n"})
}

/// Makes one call that is answered like this, whatever it asks.
fn call(name: &str, status: u16, body: &[u8]) -> Result<(), Error> {
    let body = body.to_vec();
    let client = client(move |_| Ok((status, body.clone())));
    let (app, token, id) = (&app(), &SecretString::from("EAAB-sample-token"), "1");
    wait(async {
        match name {
            "exchange_code" => client.exchange_code(app, "https://a.test/cb", token).await.map(drop),
            "exchange_long_lived" => client.exchange_long_lived(app, token).await.map(drop),
            "debug_token" => client.debug_token(app, token).await.map(drop),
            "me" => client.me(app, token).await.map(drop),
            "system_user" => client.system_user(app, token).await.map(drop),
            "business" => client.business(app, token, id).await.map(drop),
            "businesses" => client.business_listing(app, token).await.cut.map_or(Ok(()), Err),
            "permissions" => client.permissions(app, token).await.map(drop),
            "pages" => client.pages(app, token).await.map(drop),
            "granted_page" => client.granted_page(app, token, id).await.map(drop),
            "app_fields" => client.app_fields(app).await.map(drop),
            "subscribed_fields" => client.subscribed_fields(app, id, token).await.map(drop),
            "subscribe" => client.subscribe(app, id, token, &["messages".to_owned()]).await,
            "unsubscribe" => client.unsubscribe(app, id, token).await,
            "read_page" => client.read_page(app, id, token).await.map(drop),
            "read_instagram" => client.read_instagram(app, id, token).await.map(drop),
            "instagram_code" => client.exchange_instagram_code(app, "https://a.test/cb", token).await.map(drop),
            "instagram_long_lived" => client.exchange_instagram_long_lived(app, token).await.map(drop),
            "refresh_instagram" => client.refresh_instagram(app, token).await.map(drop),
            "instagram_self" => client.instagram_self(app, token).await.map(drop),
            _ => panic!("{name}"),
        }
    })
}

fn has_form(form: Form, answer: &Value) -> bool {
    let filled = |value: &Value| value.as_str().is_some_and(|text| !text.is_empty()) || value.as_u64().is_some();
    let members = |object: &Value, names: &[&str]| {
        object.as_object().is_some_and(|object| names.iter().all(|name| object.get(*name).is_some_and(filled)))
    };
    let data = answer.get("data");
    match form {
        Form::Members(names) => members(answer, names),
        Form::MembersOrOnlyEntry(names) => match data.map(Value::as_array) {
            None => members(answer, names),
            Some(entries) => entries.is_some_and(|entries| entries.len() == 1 && members(&entries[0], names)),
        },
        Form::List(names) => {
            data.and_then(Value::as_array).is_some_and(|entries| entries.iter().all(|entry| members(entry, names)))
        }
        Form::Facts => data.and_then(Value::as_object).is_some_and(|data| match data.get("is_valid") {
            Some(Value::Bool(true)) => data.get("app_id").is_some_and(filled),
            Some(Value::Bool(false)) => true,
            _ => false,
        }),
        Form::Success => {
            let said = answer.get("success").unwrap_or(answer);
            *said == json!(true) || *said == json!("true")
        }
    }
}

/// Only a good status with the documented form, and no error in it, succeeds.
fn is_no_false_success(documented: &Documented, status: u16, body: &[u8]) -> Result<(), TestCaseError> {
    let Err(error) = call(documented.name, status, body) else {
        let answer: Value = serde_json::from_slice(body).map_err(|error| TestCaseError::fail(error.to_string()))?;
        let stated = answer.get("error").is_some_and(|error| !error.is_null());
        prop_assert!((200..300).contains(&status) && !stated && has_form(documented.form, &answer), "{answer}");
        return Ok(());
    };
    // And only Meta's own word, in its own form, is against the token.
    let stated =
        serde_json::from_slice::<Value>(body).ok().and_then(|answer| answer.get("error")?.get("code").cloned());
    let word = stated.as_ref().and_then(|code| code.as_i64().or_else(|| code.as_str()?.parse().ok()));
    let instagram = serde_json::from_slice::<Value>(body).ok().and_then(|answer| {
        answer.get("error_type")?;
        let code = answer.get("code")?.clone();
        code.as_i64().or_else(|| code.as_str()?.parse().ok())
    });
    let against = [word, instagram].into_iter().flatten().any(|code| code == 190 || code == 102);
    prop_assert!(!error.proves_dead() || against, "{error:?}");
    Ok(())
}

const WORDS: &[&str] = &[
    "data",
    "error",
    "paging",
    "cursors",
    "next",
    "after",
    "id",
    "name",
    "access_token",
    "expires_in",
    "is_valid",
    "app_id",
    "user_id",
    "username",
    "success",
    "code",
    "error_subcode",
    "error_type",
    "error_message",
    "message",
    "is_transient",
    "permission",
    "status",
    "object",
    "fields",
    "subscribed_fields",
    "scopes",
    "granular_scopes",
    "target_ids",
    "instagram_business_account",
    "tasks",
    "picture",
    "type",
    "permissions",
    "active",
];

fn json_like_metas() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        select(&[0_i64, 1, 2, 4, 10, 100, 102, 190, 200, 463, 5_184_000, 1_800_000_000][..]).prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        select(&["", "1", "true", "EAAB", "190", "USER", "granted", "page", "messages", "é \u{0}"][..])
            .prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 40, 5, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::from),
            btree_map(select(WORDS), inner, 0..6).prop_map(|members| {
                Value::Object(members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect::<Map<_, _>>())
            }),
        ]
    })
}

/// Good answers, errors, and recordings where they are at hand.
fn sources() -> Vec<Vec<u8>> {
    let good = CALLS.iter().map(|call| (call.good)().to_string().into_bytes());
    let errors = [
        json!({"error": {"message": "m", "type": "OAuthException", "code": 190, "error_subcode": 463}}),
        json!({"error": {"message": "m", "type": "IGApiException", "code": 10, "fbtrace_id": "A"}}),
        json!({"error_type": "OAuthException", "code": 400, "error_message": "m"}),
    ];
    let folder = std::env::var_os("RENOVA_FIXTURES").map(|folder| PathBuf::from(folder).join("graph"));
    let mut recorded: Vec<_> = folder
        .map(|folder| std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect())
        .unwrap_or_default();
    recorded.sort();
    let recorded = recorded.into_iter().map(|path| std::fs::read(path).unwrap());
    good.chain(errors.iter().map(|error| error.to_string().into_bytes())).chain(recorded).collect()
}

/// One change in the bytes: a bit, a cut, a piece twice, a piece of another.
fn mutated() -> impl Strategy<Value = Vec<u8>> {
    (select(sources()), select(sources()), any::<(u8, u16, u16, u8)>()).prop_map(|(mut body, other, change)| {
        let (kind, from, to, byte) = change;
        let at = |place: u16, length: usize| usize::from(place) % length.max(1);
        let (from, to) = (at(from, body.len()), at(to, body.len()));
        match kind % 5 {
            0 => body[from] = byte,
            1 => body.truncate(from),
            2 => drop(body.drain(from.min(to)..from.max(to))),
            3 => body.splice(from..from, other.iter().skip(at(u16::from(byte), other.len())).copied()).for_each(drop),
            _ => {}
        }
        body
    })
}

fn runner(cases: u32) -> TestRunner {
    let config = ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() };
    TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha))
}

const STATUSES: &[u16] = &[200, 200, 200, 200, 201, 204, 304, 400, 401, 403, 429, 500, 503];

#[test]
fn no_nonsense_is_taken_for_a_success() {
    let bodies = prop_oneof![
        1 => vec(any::<u8>(), 0..200),
        2 => json_like_metas().prop_map(|answer| answer.to_string().into_bytes()),
        3 => mutated(),
    ];
    let case = (0..CALLS.len(), select(STATUSES), bodies);
    runner(8_000).run(&case, |(at, status, body)| is_no_false_success(&CALLS[at], status, &body)).unwrap();
}

#[test]
fn the_good_answers_of_this_test_are_good() {
    for documented in CALLS {
        let good = (documented.good)();
        assert!(has_form(documented.form, &good), "{}", documented.name);
        call(documented.name, 200, good.to_string().as_bytes()).unwrap();
        assert!(call(documented.name, 200, b"{}").is_err(), "{}", documented.name);
    }
}

/// The whole of a log-in, where every answer is the same nonsense.
#[test]
fn nothing_is_granted_by_nonsense() {
    let bodies = prop_oneof![json_like_metas().prop_map(|answer| answer.to_string().into_bytes()), mutated()];
    runner(1_000)
        .run(&bodies, |body| {
            let (token, ours) = (SecretString::from("EAAB-sample-token"), body.clone());
            let client = client(move |_| Ok((200, ours.clone())));
            let facebook = FacebookLogin::new(client.clone(), app());
            let instagram = InstagramLogin::new(client, app());
            let providers: [&dyn LoginProvider; 2] = [&facebook, &instagram];
            for provider in providers {
                wait(async {
                    let granted = provider.exchange("https://a.test/cb", &token, 1_790_000_000).await;
                    prop_assert!(granted.is_err(), "no answer can be a token, its facts and its owner at once");
                    let _ = provider.inspect(&token).await;
                    let _ = provider.permissions(&token).await;
                    let _ = provider.accounts(&token).await;
                    let _ = provider.app_fields().await;
                    let _ = provider.refresh(&token).await;
                    let _ = provider.read_account(AccountKind::Instagram, "1", &token).await;
                    let _ = provider.subscribe("1", &token, &["messages".to_owned()].into()).await;
                    Ok(())
                })?;
            }
            Ok(())
        })
        .unwrap();
}
