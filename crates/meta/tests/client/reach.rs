//! Which accounts a grant reaches over Facebook, and whether that is all.

use std::collections::BTreeMap;

use axum::response::Response;
use meta::{Account, AccountKind, Accounts, FacebookLogin, LoginProvider, Unusable};
use secrecy::ExposeSecret;
use serde_json::{Value, json};

use crate::server::{APP_ID, Asked, Meta, app, refusal, reply, token};

const ALL: &[&str] = &["pages_show_list", "pages_messaging", "instagram_basic", "business_management"];

fn page(id: &str) -> Value {
    json!({"id": id, "name": format!("Page {id}"), "access_token": format!("EAA{id}")})
}

fn list(pages: &[Value]) -> Answer {
    Answer::Json(json!({"data": pages, "paging": {"cursors": {"before": "b", "after": "a"}}}))
}

#[derive(Clone)]
enum Answer {
    Json(Value),
    Refusal(i64),
}

/// Answers by path; without `granular` the grant is for all Pages.
async fn meta(scopes: &[&str], granular: Option<&[&str]>, answers: &[(&str, Answer)]) -> (Meta, FacebookLogin) {
    let granular = granular.map_or(json!([{"scope": "pages_show_list"}]), |ids| {
        json!([{"scope": "pages_show_list", "target_ids": ids}, {"scope": "instagram_basic", "target_ids": ["17"]}])
    });
    let facts = json!({"data": {"app_id": APP_ID, "type": "USER", "is_valid": true, "user_id": "10",
        "scopes": scopes, "granular_scopes": granular}});
    let answers: BTreeMap<String, Answer> =
        answers.iter().map(|(path, answer)| ((*path).to_owned(), answer.clone())).collect();
    let meta = Meta::start(move |asked: &Asked| -> Response {
        let path = asked.path.trim_start_matches("/graph/v25.0/");
        match answers.get(path) {
            _ if path == "debug_token" => reply(200, facts.to_string()),
            Some(Answer::Json(body)) => reply(200, body.to_string()),
            Some(Answer::Refusal(code)) => refusal(*code, None),
            None => refusal(100, None),
        }
    })
    .await;
    let login = FacebookLogin::new(meta.client.clone(), app());
    (meta, login)
}

fn ids(accounts: &Accounts) -> Vec<&str> {
    accounts.list.iter().map(|account| account.id.as_str()).collect()
}

#[tokio::test]
async fn pages_of_businesses_are_merged_and_the_direct_one_wins() {
    let businesses = json!({"data": [{"id": "500", "name": "Aurora Comércio"}, {"id": "501", "name": "Boreal"}]});
    let tokenless = json!({"id": "2", "name": "Direct"});
    let elsewhere = json!({"id": "1", "name": "Not this name", "access_token": "EAAother"});
    let (meta, login) = meta(
        ALL,
        None,
        &[
            ("me/accounts", list(&[page("1"), tokenless])),
            ("me/businesses", Answer::Json(businesses)),
            ("500/owned_pages", list(&[elsewhere, page("3")])),
            ("500/client_pages", list(&[page("2"), json!({"id": "4", "name": "Page 4"})])),
            ("501/owned_pages", list(&[])),
            ("501/client_pages", list(&[page("3")])),
        ],
    )
    .await;
    let accounts = login.accounts(&token()).await.unwrap();
    assert!(accounts.complete);
    assert_eq!(ids(&accounts), ["1", "2", "3", "4"]);
    let of = |at: usize| {
        let account: &Account = &accounts.list[at];
        (account.name.as_str(), account.token.as_ref().map(|token| token.expose_secret()), account.unusable)
    };
    assert_eq!(of(0), ("Page 1", Some("EAA1"), None));
    assert_eq!(of(1), ("Direct", Some("EAA2"), None));
    assert_eq!(of(3), ("Page 4", None, Some(Unusable::NoToken)));
    for asked in meta.asked().iter().filter(|asked| asked.path.ends_with("_pages")) {
        assert!(!asked.parameter("fields").unwrap().contains("tasks"), "no field of a Page");
    }
}

#[tokio::test]
async fn an_instagram_account_is_served_by_its_page() {
    let linked = json!({"id": "1", "name": "Loja", "access_token": "EAA1", "tasks": ["ADVERTISE", "MESSAGING"],
        "instagram_business_account": {"id": "17", "username": "loja.aurora"}});
    let without_task = json!({"id": "2", "name": "Outra", "access_token": "EAA2", "tasks": ["ADVERTISE"],
        "instagram_business_account": {"id": "18", "name": "Outra!", "username": "outra"}});
    let new_kind = json!({"id": "3", "name": "Nova", "access_token": "EAA3", "tasks": ["PROFILE_PLUS_MESSAGING"],
        "instagram_business_account": {"id": "19"}});
    let (_meta, login) =
        meta(ALL, None, &[("me/accounts", list(&[linked, without_task, new_kind])), ("me/businesses", list(&[]))])
            .await;
    let accounts = login.accounts(&token()).await.unwrap().list;
    let instagram: Vec<_> = accounts.iter().filter(|it| it.kind == AccountKind::Instagram).collect();
    assert_eq!(instagram.len(), 3);
    assert_eq!((instagram[0].id.as_str(), instagram[0].served_by.as_str()), ("17", "1"));
    assert_eq!((instagram[0].name.as_str(), instagram[0].username.as_deref()), ("loja.aurora", Some("loja.aurora")));
    assert_eq!((instagram[1].name.as_str(), instagram[2].name.as_str()), ("Outra!", "Nova"));
    assert_eq!(instagram[2].username, None);
    assert!(instagram.iter().all(|it| it.token.is_none()));
    let unusable: Vec<_> = accounts.iter().map(|it| it.unusable).collect();
    let no_task = Some(Unusable::NoMessagingTask);
    assert_eq!(unusable, [None, None, no_task, no_task, None, None]);
}

/// What could not be seen was not lost.
#[tokio::test]
async fn what_makes_a_list_complete() {
    let without = |scope: &str| ALL.iter().copied().filter(|it| *it != scope).collect::<Vec<_>>();
    let direct = ("me/accounts", list(&[page("1")]));
    let cut = json!({"data": [page("1")], "paging": {"cursors": {"after": "x"}, "next": "https://evil.test/x"}});
    let one_business = ("me/businesses", Answer::Json(json!({"data": [{"id": "500", "name": "B"}]})));
    let empty = |path| (path, list(&[]));
    let both = [direct.clone(), one_business.clone()];
    let with = |owned: Answer, client: Answer| {
        let mut answers = both.to_vec();
        answers.extend([("500/owned_pages", owned), ("500/client_pages", client)]);
        answers
    };
    let nobody = vec![direct.clone(), empty("me/businesses")];
    let named: Option<&[&str]> = Some(&["1"]);
    let named_more: Option<&[&str]> = Some(&["1", "2"]);
    for (why, scopes, granular, answers, complete) in [
        ("all was seen", ALL.to_vec(), None, with(list(&[]), list(&[])), true),
        ("no business", ALL.to_vec(), None, nobody.clone(), true),
        ("a business is down", ALL.to_vec(), named, with(Answer::Refusal(2), list(&[])), false),
        ("a business is busy", ALL.to_vec(), named, with(list(&[]), Answer::Refusal(80_001)), false),
        ("a business is barred", ALL.to_vec(), None, with(list(&[]), Answer::Refusal(200)), false),
        ("barred, and all found", ALL.to_vec(), named, with(list(&[]), Answer::Refusal(200)), true),
        ("barred, and one is missing", ALL.to_vec(), named_more, with(list(&[]), Answer::Refusal(200)), false),
        (
            "businesses are down",
            ALL.to_vec(),
            named,
            vec![direct.clone(), ("me/businesses", Answer::Refusal(1))],
            false,
        ),
        ("businesses declined", without("business_management"), None, nobody.clone(), false),
        ("declined, and all found", without("business_management"), named, nobody.clone(), true),
        ("declined, and one is missing", without("business_management"), named_more, nobody.clone(), false),
        ("Instagram declined", without("instagram_basic"), named, nobody.clone(), false),
        ("Pages declined", without("pages_show_list"), named, nobody.clone(), false),
        (
            "the list goes in a circle",
            ALL.to_vec(),
            named,
            vec![("me/accounts", Answer::Json(cut)), empty("me/businesses")],
            false,
        ),
    ] {
        let (_meta, login) = meta(&scopes, granular, &answers).await;
        let accounts = login.accounts(&token()).await.unwrap();
        assert_eq!(accounts.complete, complete, "{why}");
        assert_eq!(ids(&accounts), ["1"], "{why}");
    }
}

#[tokio::test]
async fn nothing_listed_falls_back_on_what_the_grant_names() {
    let empty = [("me/accounts", list(&[])), ("me/businesses", list(&[]))];
    let mut answers = empty.to_vec();
    answers.extend([("1", Answer::Json(page("1"))), ("2", Answer::Json(page("2")))]);
    let (_meta, login) = meta(ALL, Some(&["1", "2"]), &answers).await;
    let accounts = login.accounts(&token()).await.unwrap();
    assert_eq!((ids(&accounts), accounts.complete), (vec!["1", "2"], true));

    for answer in [Answer::Refusal(2), Answer::Refusal(100), Answer::Json(page("3"))] {
        let mut answers = empty.to_vec();
        answers.extend([("1", Answer::Json(page("1"))), ("2", answer)]);
        let (_meta, login) = meta(ALL, Some(&["1", "2"]), &answers).await;
        let accounts = login.accounts(&token()).await.unwrap();
        assert_eq!((ids(&accounts), accounts.complete), (vec!["1"], false));
    }
    let (_meta, login) = meta(ALL, None, &empty).await;
    let accounts = login.accounts(&token()).await.unwrap();
    assert_eq!((ids(&accounts), accounts.complete), (vec![], true));
}

#[tokio::test]
async fn without_anything_there_is_an_error() {
    for code in [2, 190, 200] {
        let (_meta, login) = meta(ALL, Some(&["1"]), &[("me/accounts", Answer::Refusal(code))]).await;
        let error = login.accounts(&token()).await.unwrap_err();
        assert_eq!(error.proves_dead(), code == 190);
    }
}
