//! Exchange, long-lived exchange, facts, person, permissions.

use std::time::Duration;

use meta::{Error, GranularScope, Meaning, Permission, PermissionStatus, Person, TokenKind};
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;

use crate::server::{APP_ID, APP_PROOF, Meta, PROOF, SECRET, TOKEN, app, token};

#[tokio::test]
async fn a_code_is_exchanged_by_a_form() {
    let meta = Meta::json(json!({"access_token": "EAAshort", "token_type": "bearer", "expires_in": 5400})).await;
    let issued =
        meta.client.exchange_code(&app(), "https://a.test/cb?x=1", &SecretString::from("the-code")).await.unwrap();
    assert_eq!(issued.token.expose_secret(), "EAAshort");
    assert_eq!(issued.expires_in, Some(Duration::from_secs(5400)));

    let asked = meta.only();
    assert_eq!((asked.method.as_str(), asked.path.as_str()), ("POST", "/graph/v25.0/oauth/access_token"));
    assert_eq!(asked.query, []);
    assert_eq!(asked.authorization, None);
    for (name, value) in [
        ("client_id", APP_ID),
        ("client_secret", SECRET),
        ("redirect_uri", "https://a.test/cb?x=1"),
        ("code", "the-code"),
    ] {
        assert_eq!(asked.parameter(name), Some(value));
    }
    assert_eq!(asked.form.len(), 4);
}

#[tokio::test]
async fn a_short_token_is_exchanged_by_a_form() {
    let meta = Meta::json(json!({"access_token": "EAAlong", "token_type": "bearer", "expires_in": "5183944"})).await;
    let issued = meta.client.exchange_long_lived(&app(), &token()).await.unwrap();
    assert_eq!(issued.token.expose_secret(), "EAAlong");
    assert_eq!(issued.expires_in, Some(Duration::from_secs(5_183_944)));

    let asked = meta.only();
    assert_eq!(asked.method, "POST");
    assert_eq!(asked.query, []);
    assert_eq!(asked.parameter("grant_type"), Some("fb_exchange_token"));
    assert_eq!(asked.parameter("fb_exchange_token"), Some(TOKEN));
    assert_eq!(asked.parameter("client_secret"), Some(SECRET));
}

#[tokio::test]
async fn a_life_not_stated_is_none() {
    for body in [
        json!({"access_token": "a"}),
        json!({"access_token": "a", "expires_in": 0}),
        json!({"access_token": "a", "expires_in": null}),
    ] {
        let meta = Meta::json(body).await;
        let issued = meta.client.exchange_long_lived(&app(), &token()).await.unwrap();
        assert_eq!(issued.expires_in, None);
    }
}

#[tokio::test]
async fn a_used_code_is_told_apart() {
    let meta = Meta::answering(
        400,
        json!({"error": {"message": "This authorization code has been used.", "type": "OAuthException",
            "code": 100, "error_subcode": 36009, "fbtrace_id": "AbC"}})
        .to_string(),
    )
    .await;
    let error =
        meta.client.exchange_code(&app(), "https://a.test/cb", &SecretString::from("the-code")).await.unwrap_err();
    assert_eq!(error.meaning(), Some(Meaning::CodeUsed));
    assert!(!error.proves_dead() && !error.is_metas_trouble());
    let Error::Graph(error) = error else { panic!("{error:?}") };
    assert_eq!((error.code, error.subcode, error.http_status), (100, Some(36009), 400));
    assert_eq!(error.kind, "OAuthException");
    assert_eq!(error.trace_id.as_deref(), Some("AbC"));
}

#[tokio::test]
async fn facts_of_a_user_token() {
    let meta = Meta::json(json!({"data": {
        "app_id": 1_234_567_890, "type": "USER", "application": "x", "is_valid": true, "user_id": "10",
        "issued_at": 1_663_429_551, "expires_at": 1_668_613_551, "data_access_expires_at": 1_671_205_551,
        "scopes": ["pages_show_list", "instagram_basic"],
        "granular_scopes": [{"scope": "pages_show_list", "target_ids": ["1", 2]}, {"scope": "instagram_basic"}],
        "metadata": {"auth_type": "rerequest"}
    }}))
    .await;
    let facts = meta.client.debug_token(&app(), &token()).await.unwrap();
    assert!(facts.is_valid);
    assert_eq!(facts.kind, TokenKind::User);
    assert_eq!(facts.app_id.as_deref(), Some(APP_ID));
    assert_eq!(facts.user_id.as_deref(), Some("10"));
    assert_eq!(facts.issued_at, Some(1_663_429_551));
    assert_eq!(facts.expires_at, Some(1_668_613_551));
    assert_eq!(facts.data_access_expires_at, Some(1_671_205_551));
    assert_eq!(facts.scopes, ["pages_show_list", "instagram_basic"]);
    assert_eq!(
        facts.granular_scopes,
        [
            GranularScope {
                scope: "pages_show_list".to_owned(),
                target_ids: Some(vec!["1".to_owned(), "2".to_owned()])
            },
            GranularScope { scope: "instagram_basic".to_owned(), target_ids: None },
        ]
    );
    assert_eq!(facts.error, None);

    let asked = meta.only();
    assert_eq!((asked.method.as_str(), asked.path.as_str()), ("GET", "/graph/v25.0/debug_token"));
    assert_eq!(asked.parameter("input_token"), Some(TOKEN));
    assert_eq!(asked.parameter("appsecret_proof"), Some(APP_PROOF));
    assert_eq!(asked.authorization, Some(format!("Bearer {APP_ID}|{SECRET}")));
}

#[tokio::test]
async fn an_invalid_token_is_an_answer() {
    let meta = Meta::json(json!({"data": {
        "app_id": "1", "type": "PAGE", "is_valid": false, "expires_at": 0, "profile_id": "77", "scopes": [],
        "error": {"code": 190, "subcode": 460, "message": format!("bad {TOKEN} and {SECRET}")}
    }}))
    .await;
    let facts = meta.client.debug_token(&app(), &token()).await.unwrap();
    assert!(!facts.is_valid);
    assert_eq!(facts.kind, TokenKind::Page);
    assert_eq!(facts.expires_at, None);
    assert_eq!(facts.profile_id.as_deref(), Some("77"));
    let error = facts.error.unwrap();
    assert_eq!(error.meaning(), Meaning::PasswordChanged);
    assert_eq!((error.code, error.http_status), (190, 200));
    assert_eq!(error.message, "bad [hidden] and [hidden]");
}

#[tokio::test]
async fn kinds_of_tokens() {
    for (stated, kind) in
        [("SYSTEM_USER", TokenKind::SystemUser), ("APP", TokenKind::App), ("NEW", TokenKind::Other("NEW".to_owned()))]
    {
        let meta = Meta::json(json!({"data": {"app_id": "1", "type": stated, "is_valid": true}})).await;
        assert_eq!(meta.client.debug_token(&app(), &token()).await.unwrap().kind, kind);
    }
}

/// The caller of `debug_token` is the app: what Meta says against the caller
/// must not be taken for a verdict on the token asked about.
#[tokio::test]
async fn a_refused_app_says_nothing_about_the_token() {
    for code in [190, 102, 100, 101] {
        let meta = Meta::answering(400, json!({"error": {"code": code, "message": "m"}}).to_string()).await;
        let error = meta.client.debug_token(&app(), &token()).await.unwrap_err();
        assert!(matches!(error, Error::App(_)), "{error:?}");
        assert_eq!(error.meaning(), Some(Meaning::AppRefused));
        assert!(!error.proves_dead() && !error.is_metas_trouble());
    }
    let meta = Meta::answering(400, json!({"error": {"code": 2}}).to_string()).await;
    let error = meta.client.debug_token(&app(), &token()).await.unwrap_err();
    assert!(matches!(error, Error::Graph(_)) && error.is_metas_trouble());
}

#[tokio::test]
async fn the_person() {
    let meta = Meta::json(json!({"id": "10", "name": "Ana"})).await;
    let person = meta.client.me(&app(), &token()).await.unwrap();
    assert_eq!(person, Person { id: "10".to_owned(), name: "Ana".to_owned() });
    let asked = meta.only();
    assert_eq!((asked.method.as_str(), asked.path.as_str()), ("GET", "/graph/v25.0/me"));
    assert_eq!(asked.parameter("appsecret_proof"), Some(PROOF));
    assert_eq!(asked.authorization, Some(format!("Bearer {TOKEN}")));
}

#[tokio::test]
async fn permissions_in_all_states() {
    let meta = Meta::json(json!({"data": [
        {"permission": "a", "status": "granted"}, {"permission": "b", "status": "declined"},
        {"permission": "c", "status": "expired"}, {"permission": "d", "status": "new"},
    ]}))
    .await;
    let permissions = meta.client.permissions(&app(), &token()).await.unwrap();
    let expected = [
        ("a", PermissionStatus::Granted),
        ("b", PermissionStatus::Declined),
        ("c", PermissionStatus::Expired),
        ("d", PermissionStatus::Other("new".to_owned())),
    ]
    .map(|(name, status)| Permission { name: name.to_owned(), status });
    assert_eq!(permissions, expected);
    assert_eq!(meta.only().path, "/graph/v25.0/me/permissions");
}
