//! What must hold for any bytes from outside. Each check panics where it does
//! not.

use std::collections::BTreeSet;

use meta::signed_request::{Refused, open};
use meta::webhook::{Event, parse, verify};
use meta::{AccountKind, App, Client, Error, FacebookLogin, InstagramLogin, LoginProvider};
use secrecy::SecretString;
use serde_json::Value;
use tokio::runtime::{Builder, Runtime};

use crate::sign::{SECRET, request, secret};

/// A notification is read or refused; what is read is bounded and plain.
pub fn webhook(body: &[u8]) {
    assert!(!verify(&[&secret()], Some(&String::from_utf8_lossy(body)), body));
    let Ok(found) = parse(body) else { return };
    assert!(found.events.len() <= 5_000);
    found.events.iter().for_each(bounded);
    let spaced = [b" ", body, b"\n"].concat();
    assert_eq!(parse(&spaced).as_ref(), Ok(&found));
}

fn bounded(event: &Event) {
    assert!(event.account_id.len() <= 128);
    assert!(event.mid.as_ref().is_none_or(|mid| (1..=1_024).contains(&mid.len())));
    assert!(event.at_ms.is_none_or(|at| (1..=253_402_300_799_999).contains(&at)));
    let word = event.kind.as_str();
    assert!(!word.is_empty() && word.len() <= 64 && word.bytes().all(|byte| byte.is_ascii_graphic()));
}

/// Nothing is believed without a signature, and nothing signed is a panic.
pub fn signed_request(input: &[u8]) {
    let text = String::from_utf8_lossy(input);
    assert!(open(&text, &[&secret()]).is_err());
    assert!(open(&text, &[&SecretString::from("")]).is_err());
    match open(&request(&text), &[&secret()]) {
        Ok(found) => {
            let ids = [found.user_id, found.profile_id];
            assert!(ids.into_iter().flatten().all(|id| !id.is_empty()));
            assert!([found.issued_at, found.expires].into_iter().flatten().all(|at| at > 0));
        }
        Err(Refused::Content | Refused::Algorithm | Refused::TooLarge) => {}
        Err(refused @ (Refused::Form | Refused::Signature)) => panic!("signed, but {refused}"),
    }
}

/// A status line, then Meta's answer to every call. No failure is taken for a
/// success, nothing but Meta's own word proves a token dead, and no error
/// repeats the token or the app's secret.
pub fn graph(input: &[u8]) {
    let (status, body) = split(input);
    let Ok(client) = meta::client_answering(status, body) else { return };
    let is_json = serde_json::from_slice::<Value>(body).is_ok();
    for (call, answer) in every_answer(&client) {
        let Err(error) = answer else {
            assert!((200..300).contains(&status) && is_json, "{call} takes {status} for a success");
            continue;
        };
        assert!(!(error.proves_dead() && (error.is_metas_trouble() || !is_json)), "{call}: {error:?}");
        let said = format!("{error} {error:?}");
        assert!(!said.contains(SECRET), "{call}");
        // The app's own call is made without that token: Meta cannot repeat it.
        assert!(call == "app_fields" || !said.contains(TOKEN), "{call}");
    }
}

const TOKEN: &str = "EAAB-sample-token";
const REDIRECT: &str = "https://a.test/cb";

/// The first line, if it is a status; otherwise 200, and all of it is the body.
fn split(input: &[u8]) -> (u16, &[u8]) {
    let first = input.iter().position(|byte| *byte == b'\n').unwrap_or(0);
    let (line, rest) = input.split_at(first);
    match std::str::from_utf8(line).map(str::parse) {
        Ok(Ok(status @ 200..600)) => (status, &rest[1..]),
        _ => (200, input),
    }
}

type Answers = Vec<(&'static str, Result<(), Error>)>;

fn every_answer(client: &Client) -> Answers {
    thread_local! {
        static RUNTIME: Option<Runtime> = Builder::new_current_thread().enable_all().build().ok();
    }
    RUNTIME.with(|runtime| match runtime {
        Some(runtime) => runtime.block_on(async {
            let mut all = of_client(client).await;
            all.extend(of_provider(&FacebookLogin::new(client.clone(), app())).await);
            all.extend(of_provider(&InstagramLogin::new(client.clone(), app())).await);
            all
        }),
        None => Vec::new(),
    })
}

fn app() -> App {
    App { app_id: "1234567890".to_owned(), secret: SecretString::from(SECRET), login_config_id: None }
}

async fn of_client(client: &Client) -> Answers {
    let (app, token) = (app(), SecretString::from(TOKEN));
    vec![
        ("exchange_code", client.exchange_code(&app, REDIRECT, &token).await.map(drop)),
        ("exchange_long_lived", client.exchange_long_lived(&app, &token).await.map(drop)),
        ("debug_token", client.debug_token(&app, &token).await.map(drop)),
        ("me", client.me(&app, &token).await.map(drop)),
        ("permissions", client.permissions(&app, &token).await.map(drop)),
        ("pages", client.pages(&app, &token).await.map(drop)),
        ("read_page", client.read_page(&app, "1", &token).await.map(drop)),
        ("read_instagram", client.read_instagram(&app, "1", &token).await.map(drop)),
        ("subscribed_fields", client.subscribed_fields(&app, "1", &token).await.map(drop)),
        ("unsubscribe", client.unsubscribe(&app, "1", &token).await),
    ]
}

async fn of_provider(login: &dyn LoginProvider) -> Answers {
    let token = SecretString::from(TOKEN);
    let needed = BTreeSet::from(["messages".to_owned(), "message_reactions".to_owned()]);
    // For these a refusal may be an answer, so only their errors are looked at.
    let inspected = login.inspect(&token).await.map(drop);
    let permissions = login.permissions(&token).await.map(drop);
    let refreshed = login.refresh(&token).await.map(drop);
    let app_fields = login.app_fields().await.map(drop);
    let mut answers = vec![
        ("exchange", login.exchange(REDIRECT, &token, 1_790_000_000).await.map(drop)),
        ("accounts", login.accounts(&token).await.map(drop)),
        ("read_account", login.read_account(AccountKind::Page, "1", &token).await),
        ("read_account", login.read_account(AccountKind::Instagram, "1", &token).await),
        ("subscribe", login.subscribe("1", &token, &needed).await.map(drop)),
        ("unsubscribe", login.unsubscribe("1", &token).await),
    ];
    let lenient =
        [("inspect", inspected), ("permissions", permissions), ("refresh", refreshed), ("app_fields", app_fields)];
    answers.extend(lenient.into_iter().filter(|(_, answer)| answer.is_err()));
    answers
}
