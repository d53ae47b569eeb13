//! A log-in over Instagram: its own hosts, forms and errors.

use axum::response::Response;
use meta::{AccountKind, App, Error, Grantee, InstagramLogin, LoginProvider, Meaning, Retry, Who};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};

use crate::server::{Asked, Meta, TOKEN, code, refusal, reply, token};

const NOW: i64 = 1_790_000_000;
const CALLBACK: &str = "https://a.test/oauth/instagram";
const SECRET: &str = "instagram-secret";

fn instagram_app() -> App {
    App { app_id: "9876543210".to_owned(), secret: SecretString::from(SECRET), login_config_id: None }
}

fn login(meta: &Meta) -> InstagramLogin {
    InstagramLogin::new(meta.client.clone(), instagram_app())
}

/// Answers a whole log-in, with this answer to the code.
async fn answering(code: Value, long: Value, own: Value) -> Meta {
    Meta::start(move |asked: &Asked| -> Response {
        let body = match asked.path.as_str() {
            "/graph/ig-api/oauth/access_token" => &code,
            "/graph/ig-graph/access_token" => &long,
            "/graph/ig-graph/v25.0/me" => &own,
            other => panic!("{other}"),
        };
        reply(200, body.to_string())
    })
    .await
}

fn long() -> Value {
    json!({"access_token": "IGAAlong", "token_type": "bearer", "expires_in": 5_183_944})
}

fn own() -> Value {
    json!({"user_id": "17841417735520846", "username": "aurora.kids", "name": "Aurora Kids", "id": "555",
        "profile_picture_url": "https://cdn.test/p.jpg"})
}

#[tokio::test]
async fn flat_and_wrapped_answers_with_ids_and_permissions_in_all_their_forms() {
    let scopes = ["instagram_business_basic", "instagram_business_manage_messages"];
    let commas = "instagram_business_basic, instagram_business_manage_messages";
    let flat = |user_id: Value, permissions: Value| json!({"access_token": "IGAAshort", "user_id": user_id, "permissions": permissions});
    for (answer, own) in [
        (flat(json!("555"), json!(scopes)), own()),
        (flat(json!(555), json!(commas)), own()),
        (json!({"data": [flat(json!("555"), json!(commas))]}), json!({"data": [own()]})),
        (json!({"data": [flat(json!(555), json!(scopes))]}), {
            let mut own = own();
            own["user_id"] = json!(17_841_417_735_520_846_u64);
            own
        }),
    ] {
        let meta = answering(answer.clone(), long(), own).await;
        let grant = login(&meta).exchange(CALLBACK, &code(), NOW).await.unwrap();
        assert_eq!(grant.token.expose_secret(), "IGAAlong", "{answer}");
        assert_eq!((grant.grantee, grant.grantee_id.as_str()), (Grantee::Person, "17841417735520846"));
        assert_eq!(
            (grant.grantee_name.as_str(), grant.scopes.as_slice()),
            ("@aurora.kids", &scopes.map(str::to_owned)[..])
        );
        assert_eq!((grant.issued_at, grant.expires_at), (Some(NOW), Some(NOW + 5_183_944)));
        assert_eq!(grant.data_access_expires_at, None);
        assert!(grant.accounts.complete);
        let [account] = grant.accounts.list.as_slice() else { panic!("one account") };
        assert_eq!((account.kind, account.id.as_str()), (AccountKind::Instagram, "17841417735520846"));
        assert_eq!((account.served_by.as_str(), account.name.as_str()), ("17841417735520846", "Aurora Kids"));
        assert_eq!(account.username.as_deref(), Some("aurora.kids"));
        assert_eq!(account.token.as_ref().unwrap().expose_secret(), "IGAAlong");
        assert_eq!((account.unusable, account.picture_url.as_deref()), (None, Some("https://cdn.test/p.jpg")));
    }
}

#[tokio::test]
async fn what_travels_where() {
    let code_answer = json!({"access_token": "IGAAshort", "user_id": 1, "permissions": []});
    let meta = answering(code_answer, long(), own()).await;
    login(&meta).exchange(CALLBACK, &code(), NOW).await.unwrap();
    let [first, second, third] = &meta.asked()[..] else { panic!("three calls") };

    assert_eq!((first.method.as_str(), first.query.len()), ("POST", 0));
    for (name, value) in [
        ("client_id", "9876543210"),
        ("client_secret", SECRET),
        ("grant_type", "authorization_code"),
        ("redirect_uri", CALLBACK),
        ("code", "AQD-sample-code"),
    ] {
        assert_eq!(first.parameter(name), Some(value));
    }
    assert_eq!(first.form.len(), 5);

    assert_eq!(second.method, "GET");
    assert_eq!(second.parameter("grant_type"), Some("ig_exchange_token"));
    assert_eq!(second.parameter("client_secret"), Some(SECRET));
    assert_eq!(second.parameter("access_token"), Some("IGAAshort"));

    assert_eq!(third.authorization.as_deref(), Some("Bearer IGAAlong"));
    assert_eq!(third.query, [("fields".to_owned(), "user_id,username,name,profile_picture_url".to_owned())]);
}

#[tokio::test]
async fn a_life_that_is_not_stated_is_not_assumed() {
    let code_answer = json!({"access_token": "IGAAshort", "user_id": 1});
    let meta = answering(code_answer, json!({"access_token": "IGAAlong"}), own()).await;
    let grant = login(&meta).exchange(CALLBACK, &code(), NOW).await.unwrap();
    assert_eq!((grant.expires_at, grant.scopes), (None, vec![]));
}

#[tokio::test]
async fn answers_without_the_documented_form_are_no_grant() {
    let one = json!({"access_token": "IGAA", "user_id": 1});
    for answer in [
        json!({"data": []}),
        json!({"data": [one, one]}),
        json!({"data": one}),
        json!({"data": null, "access_token": "IGAA", "user_id": 1}),
        json!([one]),
        json!({"access_token": "IGAA"}),
        json!({"user_id": 1}),
        json!({"access_token": "IG AA", "user_id": 1}),
        json!({"access_token": "IGAA", "user_id": 1, "permissions": 5}),
    ] {
        let meta = answering(answer.clone(), long(), own()).await;
        let error = login(&meta).exchange(CALLBACK, &code(), NOW).await.unwrap_err();
        assert!(matches!(error, Error::Malformed { .. }), "{answer}: {error:?}");
        assert_eq!(meta.asked().len(), 1);
    }
}

#[tokio::test]
async fn both_forms_of_errors() {
    let flat = |code: i64, message: &str| {
        json!({"error_type": "OAuthException", "code": code, "error_message": message}).to_string()
    };
    let used = "Matching code was not found or was already used";
    let meta = Meta::answering(400, flat(400, used)).await;
    let error = login(&meta).exchange(CALLBACK, &code(), NOW).await.unwrap_err();
    assert_eq!(
        (error.meaning(), error.who(), error.retry()),
        (Some(Meaning::CodeRefused), Who::Administrator, Retry::Never)
    );
    let Error::Graph(stated) = error else { panic!("{error:?}") };
    assert_eq!((stated.kind.as_str(), stated.message.as_str(), stated.http_status), ("OAuthException", used, 400));

    for (status, body, meaning, dead) in [
        (400, json!({"error": {"message": "m", "type": "OAuthException", "code": 190}}), Meaning::TokenInvalid, true),
        (
            400,
            json!({"error": {"message": "m", "type": "IGApiException", "code": 10}}),
            Meaning::PermissionNotGranted,
            false,
        ),
        (400, json!({"error": {"message": "m", "type": "IGApiException", "code": 100}}), Meaning::BadParameter, false),
        (400, json!({"error": {"message": "m", "type": "IGApiException", "code": 2500}}), Meaning::BadPath, false),
        (400, json!({"error": {"message": "m", "code": 190, "is_transient": true}}), Meaning::Passing, false),
        (
            429,
            json!({"error_type": "OAuthRateLimitException", "code": 429, "error_message": "m"}),
            Meaning::TooManyCalls,
            false,
        ),
    ] {
        let meta = Meta::answering(status, body.to_string()).await;
        let login = login(&meta);
        let id = "17841417735520846";
        let error = login.read_account(AccountKind::Instagram, id, &token()).await.unwrap_err();
        assert_eq!((error.meaning(), error.proves_dead()), (Some(meaning), dead), "{body}");
        match login.inspect(&token()).await {
            Ok(check) => assert!(dead && check.facts.is_none() && check.problem.unwrap().meaning() == meaning),
            Err(error) => assert!(!dead && error.meaning() == Some(meaning)),
        }
    }
    // The other product's form says nothing on Facebook's host.
    let meta = Meta::answering(400, flat(190, "m")).await;
    let error = meta.client.me(&instagram_app(), &token()).await.unwrap_err();
    assert_eq!(error, Error::HttpStatus(400));
}

#[tokio::test]
async fn a_new_life_without_a_person() {
    let meta = Meta::json(json!({"access_token": "IGAAnew", "token_type": "bearer", "expires_in": 5_183_828})).await;
    let issued = login(&meta).refresh(&token()).await.unwrap().unwrap();
    assert_eq!((issued.token.expose_secret(), issued.end(NOW)), ("IGAAnew", Some(NOW + 5_183_828)));
    let asked = meta.only();
    assert_eq!((asked.method.as_str(), asked.path.as_str()), ("GET", "/graph/ig-graph/refresh_access_token"));
    assert_eq!(asked.parameter("grant_type"), Some("ig_refresh_token"));
    assert_eq!((asked.parameter("access_token"), asked.query.len()), (Some(TOKEN), 2));

    let meta = Meta::start(|_| refusal(100, None)).await;
    let too_early = login(&meta).refresh(&token()).await.unwrap_err();
    assert!(!too_early.proves_dead() && !too_early.is_metas_trouble());
}

#[tokio::test]
async fn what_it_knows_and_does_not_know_of_a_token() {
    let meta = Meta::json(own()).await;
    let login = login(&meta);
    let check = login.inspect(&token()).await.unwrap();
    assert_eq!((check.problem, check.facts), (None, None));
    assert_eq!(login.permissions(&token()).await, Ok(None));
    assert_eq!(login.app_fields().await, Ok(None));
    let id = "17841417735520846";
    login.read_account(AccountKind::Instagram, id, &token()).await.unwrap();
    assert!(matches!(login.read_account(AccountKind::Instagram, "1", &token()).await, Err(Error::Malformed { .. })));
    let before = meta.asked().len();
    assert!(matches!(login.read_account(AccountKind::Page, id, &token()).await, Err(Error::Request { .. })));
    assert_eq!(meta.asked().len(), before);
    let accounts = login.accounts(&token()).await.unwrap();
    assert!(accounts.complete && accounts.list[0].token.is_some());
}

#[tokio::test]
async fn the_subscription_of_the_account_itself() {
    let meta = Meta::json(json!({"success": true})).await;
    login(&meta).unsubscribe("17841", &token()).await.unwrap();
    let asked = meta.only();
    assert_eq!((asked.method.as_str(), asked.path.as_str()), ("DELETE", "/graph/ig-graph/v25.0/17841/subscribed_apps"));
    assert_eq!((asked.query.len(), asked.authorization), (0, Some(format!("Bearer {TOKEN}"))));
}

/// Instagram documents three secrets in the query: none of them shows.
#[tokio::test]
async fn errors_are_free_of_secrets() {
    let parrot = format!("refused {TOKEN} and {SECRET} and AQD-sample-code");
    for body in [
        json!({"error": {"code": 190, "message": parrot, "type": parrot}}),
        json!({"error_type": parrot, "code": 400, "error_message": parrot}),
    ] {
        let meta = Meta::answering(400, body.to_string()).await;
        let login = login(&meta);
        for error in [
            login.exchange(CALLBACK, &code(), NOW).await.unwrap_err(),
            login.refresh(&token()).await.unwrap_err(),
            login.subscribed_fields("1", &token()).await.unwrap_err(),
        ] {
            let shown = format!("{error} {error:?}");
            assert!(!shown.contains(SECRET), "{shown}");
            assert!(!shown.contains(TOKEN) || !shown.contains("AQD-sample-code"), "{shown}");
        }
        let shown = format!("{:?}", login.refresh(&token()).await.unwrap_err());
        assert!(!shown.contains(TOKEN), "{shown}");
    }
    let meta = Meta::json(own()).await;
    assert!(!format!("{:?}", login(&meta)).contains(SECRET));
}
