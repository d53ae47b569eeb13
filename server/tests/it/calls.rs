//! What calls a person, what may be done about it, and what is told of the past.

use axum::http::StatusCode;
use lifecycle::{
    ChannelKind, Provider, RenewalState,
    ids::{AuditId, ConnectionId, RenewalId},
};
use renewal::{ConnectionState, Identity};
use serde_json::{Value, json};
use store::{AuditEntry, Trail};

use crate::harness::{ANA, BRUNO, Harness, call};

const ASK: &str = "Avisar um administrador";

async fn asked(harness: &Harness, name: &str, session: &str, form: &str) -> Value {
    let answer = harness.send(call(name, session, form)).await;
    assert_eq!(answer.status, StatusCode::OK, "{name} {}", answer.body);
    serde_json::from_str(&answer.body).unwrap()
}

async fn connection_of(harness: &Harness, who: &Identity, person: &str) -> ConnectionState {
    let all = harness.renova().connections(who).await.unwrap();
    all.into_iter().find(|state| state.connection.grantee_name == person).unwrap()
}

/// A renewal that has come back from Meta, and whose window was closed.
async fn left_unfinished(harness: &Harness, who: &Identity, connection: Option<ConnectionId>) -> RenewalId {
    let id = harness.renova().start_renewal(who, connection, Provider::Facebook, false).await.unwrap();
    let storage = harness.renova().storage();
    let mut renewal = storage.renewal(who.organization, id).await.unwrap().unwrap();
    let staged = json!({
        "grantee_id": "1", "grantee_name": "Davi Rocha", "scopes": [], "issued_at": null, "expires_at": null,
        "data_access_expires_at": null, "accounts": [],
    });
    renewal.state = RenewalState::Exchanged;
    renewal.staged_facts = Some(staged.to_string());
    renewal.version += 1;
    assert!(storage.update_renewal(&renewal, &[], None).await.unwrap());
    id
}

#[tokio::test]
async fn what_only_has_to_be_finished_is_told_to_whoever_began_it() {
    let harness = Harness::new().await;
    let [ana, bruno] = [harness.session(ANA).await, harness.session(BRUNO).await];
    let who = harness.identity(ANA).await;
    let well = connection_of(&harness, &who, "Fábio Reis").await.connection.id;
    let put_off = connection_of(&harness, &who, "Ana Souza").await.connection.id;
    harness.renova().snooze(&who, put_off).await.unwrap();
    let unfinished = [
        (
            well.to_string(),
            "A renovação de Fábio Reis ainda não foi",
            left_unfinished(&harness, &who, Some(well)).await,
        ),
        (put_off.to_string(), "A autorização de Ana Souza vence", left_unfinished(&harness, &who, Some(put_off)).await),
        ("new".to_owned(), "A conexão de Davi Rocha ainda não foi", left_unfinished(&harness, &who, None).await),
    ];

    let told = asked(&harness, "alerts", &ana, "").await;
    let page = harness.open("/", &ana).await.body;
    for (connection, sentence, renewal) in &unfinished {
        let is_it = |item: &&Value| item["unfinished_renewal"] == renewal.to_string();
        let item = told["items"].as_array().unwrap().iter().find(is_it).expect(sentence);
        assert_eq!((&item["connection_id"], &item["level"]), (&json!(connection), &json!("soon")), "{item}");
        assert!(item["sentence"]["before"].as_str().unwrap().starts_with(sentence), "{item}");
        assert_eq!(item["may_wait"], false, "it is not kept for long: {item}");
        assert!(page.contains(&format!("action=\"/integrations/meta/renewals/{renewal}\"")), "{sentence}");
    }
    assert_eq!(told["items"].as_array().unwrap().len(), 4, "beside them what has stopped");
    assert_eq!(told["items"][0]["level"], "stopped");

    let others = asked(&harness, "alerts", &bruno, "").await;
    for item in others["items"].as_array().unwrap() {
        let known = item["connection_id"] != well.to_string() && item["connection_id"] != "new";
        assert!(known && item["unfinished_renewal"].is_null(), "{item}");
    }
}

#[tokio::test]
async fn a_first_connection_is_gone_on_with_from_the_integration_screen() {
    let harness = Harness::new().await;
    let ana = harness.session(ANA).await;
    let who = harness.identity(ANA).await;
    let screen = "/integrations/meta?connection=new";
    assert!(!harness.open(screen, &ana).await.body.contains("Falta só finalizar"));
    let first = left_unfinished(&harness, &who, None).await.to_string();
    assert!(harness.open(screen, &ana).await.body.contains("Falta só finalizar"));
    for wanted in ["connection_id=new", "connection_id="] {
        assert_eq!(asked(&harness, "start", &ana, wanted).await["resume"], first, "{wanted}");
    }
    let form = "connection_id=new&take_over=false&provider=";
    assert_eq!(asked(&harness, "start_renewal", &ana, form).await, first, "Iniciar opens it again");
}

/// So many entries about something else.
async fn noise(harness: &Harness, who: &Identity, count: u8) {
    let at = harness.renova().now();
    for number in 0..count {
        let audit = AuditEntry {
            id: AuditId::new(at, [number; 10]),
            organization_id: who.organization,
            user_id: None,
            action: "connection.expires_soon".to_owned(),
            subject: "another".to_owned(),
            detail: "{\"connection\":\"another\"}".to_owned(),
            at,
        };
        harness.renova().storage().append_audit(&Trail { audit, events: Vec::new() }).await.unwrap();
    }
}

#[tokio::test]
async fn the_past_of_one_connection_is_not_hidden_by_that_of_the_others() {
    let harness = Harness::new().await;
    let ana = harness.session(ANA).await;
    let who = harness.identity(ANA).await;
    let state = connection_of(&harness, &who, "Fábio Reis").await;
    let instagram = state.channels.iter().find(|it| it.channel.kind == ChannelKind::Instagram).unwrap();
    harness.renova().set_story_options(&who, instagram.channel.id, false, true).await.unwrap();
    noise(&harness, &who, 250).await;
    let page = harness.open(&format!("/connections/{}", state.connection.id), &ana).await.body;
    for told in ["Fábio Reis foi importada", "Ana Souza mudou as opções de stories de @aurora.casa"] {
        assert!(page.contains(told), "{told}");
    }
    assert!(!page.contains("Ana Souza foi importada"), "that is another connection");
    let overview = harness.open("/", &ana).await.body;
    assert!(overview.contains("Fábio Reis foi importada") && !overview.contains("Nada de novo por aqui"));
}

#[tokio::test]
async fn the_flow_explains_itself_to_an_agent_with_the_same_words_everywhere() {
    let harness = Harness::new().await;
    let bruno = harness.session(BRUNO).await;
    for path in ["/integrations/meta", "/connect/01936f00-0000-7000-8000-000000000000?in=tab", "/integrations/meta/x"] {
        let answer = harness.open(path, &bruno).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path}");
        for said in ["Só para administradores", "cabe aos administradores", "Quem pode renovar: Ana Souza."] {
            assert!(answer.body.contains(said), "{path}: {said} in {}", answer.body);
        }
    }
}

#[tokio::test]
async fn an_agent_asks_once_and_is_told_so_for_a_day() {
    let harness = Harness::new().await;
    let bruno = harness.session(BRUNO).await;
    let who = harness.identity(BRUNO).await;
    let most_urgent = connection_of(&harness, &who, "Elisa Prado").await.connection.id;
    let other = connection_of(&harness, &who, "Ana Souza").await.connection.id;
    let buttons = async |path: &str| harness.open(path, &bruno).await.body.matches(ASK).count();
    assert_eq!(buttons("/").await, 1, "one for all");
    let detail = format!("/connections/{other}");
    assert_eq!(buttons(&detail).await, 2, "on the banner, and for the one that is looked at");

    asked(&harness, "request_renewal", &bruno, &format!("connection_id={most_urgent}")).await;
    let page = harness.open("/", &bruno).await.body;
    assert!(!page.contains(ASK) && page.contains("Pedido enviado"), "{page}");
    assert_eq!(asked(&harness, "alerts", &bruno, "").await["asked_for"], most_urgent.to_string());
    assert_eq!(buttons(&detail).await, 1, "this one was not asked for");
    asked(&harness, "request_renewal", &bruno, &format!("connection_id={other}")).await;
    let page = harness.open(&detail, &bruno).await.body;
    assert_eq!((page.matches(ASK).count(), page.matches("Pedido enviado").count()), (0, 2));
}

#[tokio::test]
async fn prerequisites_are_ticked_by_what_is_known() {
    use sqlx::Connection as _;
    let harness = Harness::new().await;
    let ana = harness.session(ANA).await;
    let who = harness.identity(ANA).await;
    let state = connection_of(&harness, &who, "Ana Souza").await;
    let form = format!("connection_id={}", state.connection.id);
    let ticked = async || {
        let view = asked(&harness, "start", &ana, &form).await;
        let of = |kind: &str| {
            let all = view["prerequisites"].as_array().unwrap();
            all.iter().find(|it| it["kind"] == kind).unwrap()["state"]["Confirmed"]["text"].clone()
        };
        (of("BusinessManagerAdmin"), of("MessageAccess"), of("MessengerActive"))
    };
    let (manager, messages, messenger) = ticked().await;
    assert!(manager.is_null(), "a token that works is no role: {manager}");
    assert!(messages.is_null() && messenger.is_string());

    let mut database = sqlx::SqliteConnection::connect(&harness.database()).await.unwrap();
    for (kind, expected) in [("messenger", Value::Null), ("instagram", json!("22/11"))] {
        sqlx::query("UPDATE channels SET last_message_at = $1 WHERE kind = $2")
            .bind(1_795_363_200_000_i64)
            .bind(kind)
            .execute(&mut database)
            .await
            .unwrap();
        assert_eq!(ticked().await.1, expected, "{kind}");
    }
}
