//! Answers recorded from Meta. They are not part of the repository; the folder
//! is named by `RENOVA_FIXTURES`.

use std::path::PathBuf;

use meta::{App, Error, FacebookLogin, LoginProvider, Meaning, PermissionStatus, Retry, TokenKind, Who};
use serde_json::{Value, json};

use crate::server::{Asked, Meta, app, reply, token};

/// The recording, or a line saying that the test was skipped.
#[expect(clippy::print_stdout, reason = "a skipped test must say so")]
fn recorded(name: &str) -> Option<String> {
    let Some(folder) = std::env::var_os("RENOVA_FIXTURES") else {
        println!("skipped: RENOVA_FIXTURES is not set, {name} was not read");
        return None;
    };
    let path = PathBuf::from(folder).join("graph").join(name);
    Some(std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display())))
}

async fn recorded_meta(status: u16, name: &str) -> Option<Meta> {
    Some(Meta::answering(status, recorded(name)?).await)
}

#[tokio::test]
async fn a_long_lived_token() {
    let Some(meta) = recorded_meta(200, "long_term_token.json").await else { return };
    let issued = meta.client.exchange_long_lived(&app(), &token()).await.unwrap();
    assert_eq!(issued.expires_in.unwrap().as_secs(), 5_184_000);
}

#[tokio::test]
async fn facts_new_and_old() {
    let Some(meta) = recorded_meta(200, "token_info.json").await else { return };
    let facts = meta.client.debug_token(&app(), &token()).await.unwrap();
    assert!(facts.is_valid);
    assert_eq!(facts.kind, TokenKind::User);
    assert_eq!(facts.expires_at, Some(1_577_347_200));
    assert_eq!(facts.data_access_expires_at, Some(1_585_040_349));
    assert_eq!(facts.issued_at, None);
    assert_eq!(facts.granular_scopes.len(), 2);
    assert!(facts.granular_scopes.iter().all(|scope| scope.target_ids.is_none()));

    for (name, profile, expires) in [
        ("token_metadata_user_token.json", None, Some(1_416_992_400)),
        ("token_metadata_page_token.json", Some("367989543259757"), Some(1_416_996_000)),
        ("token_metadata_app_token.json", None, None),
    ] {
        let meta = recorded_meta(200, name).await.unwrap();
        let facts = meta.client.debug_token(&app(), &token()).await.unwrap();
        assert!(facts.is_valid, "{name}");
        assert_eq!((facts.profile_id.as_deref(), facts.expires_at), (profile, expires), "{name}");
    }
}

#[tokio::test]
async fn facts_of_an_invalid_token() {
    let Some(meta) = recorded_meta(200, "token_metadata_invalid_token.json").await else { return };
    let facts = meta.client.debug_token(&app(), &token()).await.unwrap();
    assert!(!facts.is_valid && !facts.scopes.is_empty());
    let error = facts.error.unwrap();
    assert_eq!(error.meaning(), Meaning::LoggedOut);
    assert!(error.message.contains("the user logged out"));
}

#[tokio::test]
async fn pages_in_two_pages() {
    let (Some(first), Some(second)) = (recorded("user_accounts_p1.json"), recorded("user_accounts_p2.json")) else {
        return;
    };
    let after = serde_json::from_str::<Value>(&first).unwrap()["paging"]["cursors"]["after"].clone();
    let meta = Meta::start(move |asked: &Asked| match asked.parameter("after") {
        None => reply(200, first.clone()),
        Some(cursor) => {
            assert_eq!(Some(cursor), after.as_str());
            reply(200, second.clone())
        }
    })
    .await;
    let pages = meta.client.pages(&app(), &token()).await.unwrap();
    let ids: Vec<_> = pages.iter().map(|page| page.id.as_str()).collect();
    assert_eq!(ids, ["123", "1234", "123512", "1234624", "123456", "12345678"]);
    assert!(pages.iter().all(|page| page.token.is_some() && page.tasks.len() == 6));

    let meta = recorded_meta(200, "user_accounts_token.json").await.unwrap();
    assert_eq!(meta.client.pages(&app(), &token()).await.unwrap()[0].name, "MyLife");
}

#[tokio::test]
async fn businesses_and_their_pages() {
    let (Some(businesses), Some(pages), Some(facts)) =
        (recorded("user_businesses.json"), recorded("user_accounts_token.json"), recorded("token_info.json"))
    else {
        return;
    };
    let mut facts: Value = serde_json::from_str(&facts).unwrap();
    facts["data"]["scopes"] = json!(["pages_show_list", "instagram_basic", "business_management"]);
    let meta = Meta::start(move |asked: &Asked| match asked.path.trim_start_matches("/graph/v25.0/") {
        "debug_token" => reply(200, facts.to_string()),
        "me/accounts" => reply(200, json!({"data": []}).to_string()),
        "me/businesses" => reply(200, businesses.clone()),
        "987654321/client_pages" => reply(200, pages.clone()),
        _ => reply(200, json!({"data": []}).to_string()),
    })
    .await;
    let app = App { app_id: "appId".to_owned(), ..app() };
    let accounts = FacebookLogin::new(meta.client.clone(), app).accounts(&token()).await.unwrap();
    let names: Vec<_> = accounts.list.iter().map(|account| account.name.as_str()).collect();
    assert_eq!((names, accounts.complete), (vec!["MyLife"], true));
    let asked: Vec<_> = meta.asked().iter().map(|asked| asked.path.replace("/graph/v25.0/", "")).collect();
    assert_eq!(
        asked[3..],
        ["123456789/owned_pages", "123456789/client_pages", "987654321/owned_pages", "987654321/client_pages"]
    );
}

/// Whatever is recorded is read by a test of this file.
#[test]
fn no_recording_is_forgotten() {
    let Some(folder) = std::env::var_os("RENOVA_FIXTURES") else {
        assert!(recorded("none").is_none());
        return;
    };
    for entry in std::fs::read_dir(PathBuf::from(folder).join("graph")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert!(include_str!("recordings.rs").contains(&format!("\"{name}\"")), "{name}");
    }
}

#[tokio::test]
async fn permissions_of_2014() {
    let Some(meta) = recorded_meta(200, "permissions_2014.json").await else { return };
    let permissions = meta.client.permissions(&app(), &token()).await.unwrap();
    assert_eq!(permissions[0].name, "installed");
    assert!(permissions.iter().any(|permission| permission.status == PermissionStatus::Granted));
}

#[tokio::test]
async fn errors() {
    for (name, word, code, trace) in [
        ("error.json", "bad_parameter", 100, Some("A1m6KK6iBqvjzPeQd4DYbKM")),
        ("error_data.json", "bad_parameter", 100, Some("AQt_hJ68vFybS4TnupatNtX")),
        ("error_191.json", "bad_redirect", 191, None),
        ("error_2500.json", "bad_path", 2500, None),
    ] {
        let Some(meta) = recorded_meta(400, name).await else { return };
        let error = meta.client.me(&app(), &token()).await.unwrap_err();
        assert_eq!((error.code(), error.who(), error.retry()), (word, Who::Operator, Retry::Never), "{name}");
        assert!(!error.proves_dead() && !error.is_metas_trouble());
        let Error::Graph(error) = error else { panic!("{name}: {error:?}") };
        assert_eq!((error.code, error.trace_id.as_deref()), (code, trace));
        assert!(!error.message.contains("[hidden]"), "{}", error.message);
    }
}
