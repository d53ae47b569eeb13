//! Overview and review as lists, the signature, and disconnecting one channel: who gets what.

use axum::http::StatusCode;

use crate::harness::{ANA, BRUNO, CLARA, Harness, call};

const INVENTED: &str = "01936f00-0000-7000-8000-000000000000";

#[tokio::test]
async fn the_review_is_for_administrators() {
    let harness = Harness::new().await;
    let [ana, bruno] = [harness.session(ANA).await, harness.session(BRUNO).await];
    let page = harness.open("/review", &ana).await;
    assert_eq!(page.status, StatusCode::OK);
    for text in ["Confirmar revisão", "Ana Souza", "Elisa Prado"] {
        assert!(page.body.contains(text), "{text}");
    }
    let refused = harness.open("/review?state=soon", &bruno).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert!(refused.body.contains("Só para administradores") && !refused.body.contains("Confirmar revisão"));
    assert!(!harness.open("/", &bruno).await.body.contains("href=\"/review\""));
    let out = harness.open("/review?days=30", "").await;
    assert_eq!((out.status, out.header("location")), (StatusCode::SEE_OTHER, "/login?next=%2Freview%3Fdays%3D30"));
    for (cookie, status) in [("", StatusCode::UNAUTHORIZED), (bruno.as_str(), StatusCode::FORBIDDEN)] {
        assert_eq!(harness.send(call("sign_review", cookie, "")).await.status, status);
    }
    let ana = harness.identity(ANA).await;
    assert_eq!(harness.renova().reviews(&ana, 9).await.unwrap(), []);
}

#[tokio::test]
async fn a_form_signs_and_comes_back() {
    let harness = Harness::new().await;
    let ana = harness.session(ANA).await;
    let mut form = call("sign_review", &ana, "");
    form.headers_mut().insert("accept", "text/html".parse().unwrap());
    let answer = harness.send(form).await;
    assert_eq!((answer.status, answer.header("location")), (StatusCode::SEE_OTHER, "/review?done=reviewed"));
    let page = harness.open("/review?done=reviewed", &ana).await.body;
    assert!(page.contains("Revisão confirmada.") && page.contains("Última revisão em"), "{page}");
    assert_eq!(harness.calls(), 0, "Meta is not asked");
}

#[tokio::test]
async fn an_address_says_what_is_listed() {
    let harness = Harness::new().await;
    let ana = harness.session(ANA).await;
    for path in ["/", "/review"] {
        for (query, has, has_not) in [
            ("q=elisa", "Elisa Prado</a>", "Fábio Reis</a>"),
            ("q=nobody%22%3E%3Cb%3E", "Nenhuma conexão encontrada", "\"><b>"),
            ("state=nonsense&days=-3&page=99", "Fábio Reis</a>", "conexões encontradas"),
        ] {
            let answer = harness.open(&format!("{path}?{query}"), &ana).await;
            assert_eq!(answer.status, StatusCode::OK, "{path} {query}");
            assert!(answer.body.contains(has), "{path} {query} {}", answer.body);
            assert!(!answer.body.contains(has_not), "{path} {query}");
        }
    }
}

#[tokio::test]
async fn a_channel_is_ended_by_its_organization_s_administrators() {
    let harness = Harness::new().await;
    let [ana, bruno, clara] = [harness.session(ANA).await, harness.session(BRUNO).await, harness.session(CLARA).await];
    let who = harness.identity(ANA).await;
    let states = harness.renova().connections(&who).await.unwrap();
    let state = states.iter().find(|it| it.channels.len() > 1).unwrap();
    let (connection, channel) = (state.connection.id.to_string(), &state.channels[0]);
    let form = |connection: &str, name: &str| {
        format!("connection_id={connection}&channel_id={}&confirm_name={name}", channel.channel.id)
    };
    let name: String = url::form_urlencoded::byte_serialize(channel.account().as_bytes()).collect();
    for (cookie, connection, name, status) in [
        ("", connection.as_str(), &name, StatusCode::UNAUTHORIZED),
        (&bruno, &connection, &name, StatusCode::FORBIDDEN),
        (&clara, &connection, &name, StatusCode::NOT_FOUND),
        (&ana, INVENTED, &name, StatusCode::NOT_FOUND),
        (&ana, "x", &name, StatusCode::NOT_FOUND),
    ] {
        let answer = harness.send(call("disconnect_channel", cookie, &form(connection, name))).await;
        assert_eq!(answer.status, status, "{connection} {}", answer.body);
    }
    let mut wrong = call("disconnect_channel", &ana, &form(&connection, "x"));
    wrong.headers_mut().insert("accept", "text/html".parse().unwrap());
    let answer = harness.send(wrong).await;
    let back = format!("/integrations/meta?connection={connection}&channel={}&error=name_mismatch", channel.channel.id);
    assert_eq!(answer.header("location"), back);
    assert!(harness.open(&back, &ana).await.body.contains("Desconectar canal"));
    let answer = harness.send(call("disconnect_channel", &ana, &form(&connection, &name))).await;
    assert!(answer.status.is_success(), "{}", answer.body);
    let after = harness.renova().connection(&who, state.connection.id).await.unwrap();
    assert_eq!(after.channels.len(), state.channels.len() - 1);
}
