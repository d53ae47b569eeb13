//! A log-in over Facebook: from the code to the token that lives longest.

use axum::response::Response;
use meta::{AccountKind, App, Error, FacebookLogin, Grantee, LoginProvider, Meaning, PermissionStatus, TokenKind};
use secrecy::ExposeSecret;
use serde_json::{Value, json};

use crate::server::{APP_ID, Asked, Meta, app, code, refusal, reply, token};

const NOW: i64 = 1_790_000_000;
const CALLBACK: &str = "https://a.test/cb";

/// What a Meta knows in one of these tests.
#[derive(Clone)]
struct World {
    code: Value,
    long: Value,
    facts: Value,
    me: Value,
    business: Option<Value>,
}

impl World {
    /// A person with a short token that becomes a long one.
    fn of_a_person() -> Self {
        Self {
            code: json!({"access_token": "EAAshort", "token_type": "bearer", "expires_in": 5400}),
            long: json!({"access_token": "EAAlong", "token_type": "bearer", "expires_in": 5_183_944}),
            facts: json!({"app_id": APP_ID, "type": "USER", "is_valid": true, "user_id": "10", "issued_at": NOW - 5,
                "expires_at": NOW + 5_000_000, "data_access_expires_at": NOW + 7_776_000,
                "scopes": ["pages_show_list", "instagram_basic", "pages_messaging"],
                "granular_scopes": [{"scope": "pages_show_list", "target_ids": ["1"]}]}),
            me: json!({"id": "10", "name": "Ana Souza"}),
            business: None,
        }
    }

    /// A business with a token that never ends.
    fn of_a_business() -> Self {
        Self {
            code: json!({"access_token": "EAAbisu", "token_type": "bearer"}),
            facts: json!({"app_id": APP_ID, "type": "SYSTEM_USER", "is_valid": true, "user_id": "20",
                "issued_at": NOW - 5, "expires_at": 0, "scopes": ["pages_show_list", "instagram_basic"]}),
            me: json!({"id": "20", "name": "Renova System User", "client_business_id": "500"}),
            business: Some(json!({"id": "500", "name": "Aurora Comércio"})),
            ..Self::of_a_person()
        }
    }

    fn answer(&self, asked: &Asked) -> Response {
        let body = match asked.path.trim_start_matches("/graph/v25.0/") {
            "oauth/access_token" if asked.parameter("code").is_some() => self.code.clone(),
            "oauth/access_token" => self.long.clone(),
            "debug_token" => json!({ "data": self.facts }),
            "me" if asked.parameter("fields") == Some("id,name,client_business_id") && self.is_a_plain_person() => {
                return refusal(100, None);
            }
            "me" => self.me.clone(),
            "500" => match &self.business {
                Some(business) => business.clone(),
                None => return refusal(200, None),
            },
            "me/accounts" => json!({"data": [{"id": "1", "name": "Loja Aurora", "access_token": "EAApage"}]}),
            other => panic!("{other}"),
        };
        reply(200, body.to_string())
    }

    fn is_a_plain_person(&self) -> bool {
        self.me.get("client_business_id").is_none()
    }

    async fn start(self) -> (Meta, FacebookLogin) {
        self.start_with(app()).await
    }

    async fn start_with(self, app: App) -> (Meta, FacebookLogin) {
        let meta = Meta::start(move |asked| self.answer(asked)).await;
        let login = FacebookLogin::new(meta.client.clone(), app);
        (meta, login)
    }
}

fn paths(meta: &Meta) -> Vec<String> {
    meta.asked().iter().map(|asked| asked.path.trim_start_matches("/graph/v25.0/").to_owned()).collect()
}

#[tokio::test]
async fn a_persons_grant() {
    let (meta, login) = World::of_a_person().start().await;
    let grant = login.exchange(CALLBACK, &code(), NOW).await.unwrap();
    assert_eq!(grant.token.expose_secret(), "EAAlong");
    assert_eq!(
        (grant.grantee, grant.grantee_id.as_str(), grant.grantee_name.as_str()),
        (Grantee::Person, "10", "Ana Souza")
    );
    assert_eq!(grant.scopes, ["pages_show_list", "instagram_basic", "pages_messaging"]);
    assert_eq!((grant.issued_at, grant.expires_at), (Some(NOW - 5), Some(NOW + 5_000_000)));
    assert_eq!(grant.data_access_expires_at, Some(NOW + 7_776_000));
    assert!(grant.accounts.complete);
    let page = &grant.accounts.list[0];
    assert_eq!((page.kind, page.id.as_str(), page.served_by.as_str()), (AccountKind::Page, "1", "1"));
    assert_eq!(page.token.as_ref().unwrap().expose_secret(), "EAApage");
    assert_eq!(paths(&meta), ["oauth/access_token", "oauth/access_token", "debug_token", "me", "me/accounts"]);
    assert_eq!(meta.asked()[1].parameter("fb_exchange_token"), Some("EAAshort"));
    assert_eq!(meta.asked()[2].parameter("input_token"), Some("EAAlong"));
}

/// Nobody assumes 60 days: what `debug_token` states counts, then a lifetime
/// that was stated, and then nothing.
#[tokio::test]
async fn the_end_is_what_meta_states() {
    let long = |expires_in: Value| json!({"access_token": "EAAlong", "expires_in": expires_in});
    for (expires_at, long, end) in [
        (json!(NOW + 9), long(json!(5_183_944)), Some(NOW + 9)),
        (json!(NOW + 9), json!({"access_token": "EAAlong"}), Some(NOW + 9)),
        (json!(0), long(json!(5_183_944)), None),
        (Value::Null, long(json!(5_183_944)), Some(NOW + 5_183_944)),
        (Value::Null, long(json!(0)), None),
        (Value::Null, json!({"access_token": "EAAlong"}), None),
    ] {
        let mut world = World { long: long.clone(), ..World::of_a_person() };
        world.facts["expires_at"] = expires_at.clone();
        world.facts["data_access_expires_at"] = json!(0);
        let (_meta, login) = world.start().await;
        let grant = login.exchange(CALLBACK, &code(), NOW).await.unwrap();
        assert_eq!(grant.expires_at, end, "{expires_at} {long}");
        assert_eq!(grant.data_access_expires_at, None);
    }
}

#[tokio::test]
async fn a_businesss_grant_is_not_exchanged_again() {
    let with_configuration = App { login_config_id: Some("900200".to_owned()), ..app() };
    let mut sixty_days = World::of_a_business();
    sixty_days.code["expires_in"] = json!(5_184_000);
    sixty_days.facts["expires_at"] = json!(NOW + 5_184_000);
    // Meta does not document the word for the kind.
    let mut called_user = World::of_a_business();
    called_user.facts["type"] = json!("USER");
    for (world, end) in [(World::of_a_business(), None), (sixty_days, Some(NOW + 5_184_000)), (called_user, None)] {
        let (meta, login) = world.start_with(with_configuration.clone()).await;
        let grant = login.exchange(CALLBACK, &code(), NOW).await.unwrap();
        assert_eq!(grant.token.expose_secret(), "EAAbisu");
        assert_eq!((grant.grantee, grant.grantee_id.as_str()), (Grantee::Business, "500"));
        assert_eq!((grant.grantee_name.as_str(), grant.expires_at), ("Aurora Comércio", end));
        assert!(grant.accounts.complete && grant.accounts.list.len() == 1);
        assert_eq!(paths(&meta), ["oauth/access_token", "debug_token", "me", "500", "me/accounts"]);
    }
    // Without an end it is recognised without a configuration, too; and its
    // business may not be readable by name.
    let nameless = World { business: None, ..World::of_a_business() };
    let (_meta, login) = nameless.start().await;
    let grant = login.exchange(CALLBACK, &code(), NOW).await.unwrap();
    assert_eq!((grant.grantee, grant.grantee_name.as_str()), (Grantee::Business, "Renova System User"));
}

/// A short token without a stated life is still a person's, and so is one of a
/// configuration for people.
#[tokio::test]
async fn a_person_is_not_taken_for_a_business() {
    let silent = World { code: json!({"access_token": "EAAshort"}), ..World::of_a_person() };
    let (meta, login) = silent.start().await;
    let grant = login.exchange(CALLBACK, &code(), NOW).await.unwrap();
    assert_eq!((grant.grantee, grant.token.expose_secret()), (Grantee::Person, "EAAlong"));
    assert_eq!(paths(&meta).len(), 7);

    let configured = App { login_config_id: Some("900100".to_owned()), ..app() };
    let (meta, login) = World::of_a_person().start_with(configured).await;
    let grant = login.exchange(CALLBACK, &code(), NOW).await.unwrap();
    assert_eq!((grant.grantee, grant.token.expose_secret()), (Grantee::Person, "EAAlong"));
    assert_eq!(paths(&meta)[1], "debug_token");
}

#[tokio::test]
async fn a_token_that_is_not_ours_is_no_grant() {
    for (field, value) in [
        ("is_valid", json!(false)),
        ("app_id", json!("999")),
        ("type", json!("PAGE")),
        ("type", json!("APP")),
        ("type", json!("NEW_KIND")),
        ("type", Value::Null),
    ] {
        let mut world = World::of_a_person();
        world.facts[field] = value;
        let (_meta, login) = world.start().await;
        let error = login.exchange(CALLBACK, &code(), NOW).await.unwrap_err();
        assert!(matches!(error, Error::Malformed { .. }), "{field}: {error:?}");
    }
    let mut homeless = World::of_a_business();
    homeless.me = json!({"id": "20", "name": "x", "client_business_id": null});
    let (_meta, login) = homeless.start().await;
    assert!(login.exchange(CALLBACK, &code(), NOW).await.is_err());
}

#[tokio::test]
async fn a_dead_token_is_an_answer_and_trouble_is_not() {
    let world = World::of_a_person();
    let (_meta, login) = world.clone().start().await;
    let check = login.inspect(&token()).await.unwrap();
    assert_eq!(check.problem, None);
    assert_eq!(check.facts.unwrap().kind, TokenKind::User);

    for (error, meaning) in [
        (json!({"code": 190, "subcode": 463, "message": "m"}), Meaning::TokenExpired),
        (json!({"code": 190, "subcode": 460}), Meaning::PasswordChanged),
        (json!({"code": 190, "error_subcode": 458}), Meaning::AppRemoved),
        (json!({"code": 190, "subcode": 490, "is_transient": false}), Meaning::SecurityCheck),
        (Value::Null, Meaning::TokenInvalid),
    ] {
        let mut dead = world.clone();
        (dead.facts["is_valid"], dead.facts["error"]) = (json!(false), error);
        let (_meta, login) = dead.start().await;
        let check = login.inspect(&token()).await.unwrap();
        assert_eq!(check.problem.unwrap().meaning(), meaning);
        let error = login.accounts(&token()).await.unwrap_err();
        assert!(error.proves_dead() && error.meaning() == Some(meaning));
    }
    for error in [json!({"code": 2, "message": "m"}), json!({"code": 190, "subcode": 490, "is_transient": true})] {
        let mut passing = world.clone();
        (passing.facts["is_valid"], passing.facts["error"]) = (json!(false), error);
        let (_meta, login) = passing.start().await;
        assert!(login.inspect(&token()).await.unwrap_err().is_metas_trouble());
    }
    let mut contradiction = world;
    contradiction.facts["error"] = json!({"code": 190});
    let (_meta, login) = contradiction.start().await;
    assert!(matches!(login.inspect(&token()).await, Err(Error::Malformed { .. })));
}

#[tokio::test]
async fn permissions_of_a_system_user_are_those_of_its_token() {
    let world = World::of_a_business();
    let meta = Meta::start(move |asked: &Asked| match asked.path.as_str() {
        "/graph/v25.0/me/permissions" => refusal(100, None),
        _ => world.answer(asked),
    })
    .await;
    let login = FacebookLogin::new(meta.client.clone(), app());
    let permissions = login.permissions(&token()).await.unwrap().unwrap();
    let names: Vec<_> = permissions.iter().map(|it| it.name.as_str()).collect();
    assert_eq!(names, ["pages_show_list", "instagram_basic"]);
    assert!(permissions.iter().all(|it| it.status == PermissionStatus::Granted));

    let meta = Meta::start(|_| refusal(190, Some(463))).await;
    let login = FacebookLogin::new(meta.client.clone(), app());
    assert!(login.permissions(&token()).await.unwrap_err().proves_dead());
}

#[tokio::test]
async fn fields_of_the_app_itself() {
    let listed = json!({"data": [
        {"object": "page", "callback_url": "https://a.test", "active": true,
         "fields": [{"name": "messages", "version": "v25.0"}, {"name": "message_reactions", "version": "v25.0"}]},
        {"object": "instagram", "fields": ["messages"], "active": true},
        {"object": "permissions", "fields": ["connected"], "active": false},
    ]});
    let meta = Meta::json(listed).await;
    let login = FacebookLogin::new(meta.client.clone(), app());
    let fields = login.app_fields().await.unwrap().unwrap();
    assert_eq!(fields.keys().collect::<Vec<_>>(), ["instagram", "page"]);
    assert_eq!(
        (&fields["page"], &fields["instagram"]),
        (&vec!["messages".to_owned(), "message_reactions".to_owned()], &vec!["messages".to_owned()],)
    );
    assert_eq!(meta.only().path, format!("/graph/v25.0/{APP_ID}/subscriptions"));

    let meta = Meta::start(|_| refusal(200, None)).await;
    assert_eq!(FacebookLogin::new(meta.client.clone(), app()).app_fields().await, Ok(None));
    let meta = Meta::start(|_| refusal(2, None)).await;
    assert!(FacebookLogin::new(meta.client.clone(), app()).app_fields().await.unwrap_err().is_metas_trouble());
}

#[tokio::test]
async fn it_has_no_new_life_and_reads_both_kinds_of_accounts() {
    let meta = Meta::json(json!({"id": "1", "name": "n", "username": "u"})).await;
    let login = FacebookLogin::new(meta.client.clone(), app());
    assert!(login.refresh(&token()).await.unwrap().is_none());
    assert!(meta.asked().is_empty());
    for kind in [AccountKind::Page, AccountKind::Instagram] {
        login.read_account(kind, "1", &token()).await.unwrap();
        assert!(login.read_account(kind, "2", &token()).await.is_err());
    }
}
