//! A host with a log-in of its own.

use axum::{
    Router,
    body::Body,
    http::{Request, StatusCode, request::Parts},
    routing::{get, post},
};
use server::{Identified, Mount, backend, with_caller};

use crate::harness::{ANA, BRUNO, Harness, call, navigation, send};

/// A dashboard whose log-in is a header, for the test's sake.
fn host(harness: &Harness) -> Router {
    let mount = Mount { login: None, ..harness.mount.clone() };
    let renova = mount.ui.renova.clone();
    let identity = move |parts: &Parts| -> Identified {
        let renova = renova.clone();
        let email = parts.headers.get("x-person").and_then(|value| value.to_str().ok()).map(str::to_owned);
        Box::pin(async move {
            let Some(email) = email else { return Ok(None) };
            let Some(user) = renova.storage().user_by_email(&email).await? else { return Ok(None) };
            renova.identity_of(user.organization_id, user.id).await
        })
    };
    let own = Router::new().route("/", get(async || "the host's own page"));
    with_caller(own, &mount, identity.clone()).merge(backend(&mount, identity))
}

fn by(email: &str, mut request: Request<Body>) -> Request<Body> {
    request.headers_mut().insert("x-person", email.parse().unwrap());
    request
}

#[tokio::test]
async fn the_hosts_people_are_known_and_renovas_log_in_is_not_mounted() {
    let harness = Harness::new().await;
    let host = host(&harness);
    assert_eq!(send(&host, navigation("/", "")).await.body, "the host's own page");
    assert_eq!(send(&host, by(ANA, call("alerts", "", ""))).await.status, StatusCode::OK);
    for name in ["login", "logout", "set_password"] {
        let answer = send(&host, by(ANA, call(name, "", "email=a&password=b"))).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{name}");
    }
    let session = harness.session(ANA).await;
    let answer = send(&host, call("alerts", &session, "")).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "Renova's own session counts for nothing here");
}

/// `leptos_routes` mounts every server function of the program beside the host's pages.
#[tokio::test]
async fn functions_among_the_hosts_own_routes_pass_the_same_gate() {
    let harness = Harness::new().await;
    let mount = Mount { login: None, ..harness.mount.clone() };
    let own = Router::new()
        .route("/api/ui/{name}", post(async || "reached"))
        .route("/api/atlas/{name}", post(async || "the host's own function"));
    let nobody = |_: &Parts| -> Identified { Box::pin(async { Ok(None) }) };
    let host = with_caller(own, &mount, nobody);
    assert_eq!(send(&host, call("alerts", "", "")).await.status, StatusCode::UNAUTHORIZED);
    let mut foreign = call("alerts", "", "");
    foreign.headers_mut().insert("sec-fetch-site", "cross-site".parse().unwrap());
    assert_eq!(send(&host, foreign).await.status, StatusCode::FORBIDDEN);
    let own = Request::post("/api/atlas/x").body(Body::empty()).unwrap();
    assert_eq!(send(&host, own).await.body, "the host's own function", "what is the host's is the host's");
}

#[tokio::test]
async fn the_same_rules_hold_in_a_host() {
    let harness = Harness::new().await;
    let host = host(&harness);
    let answer = send(&host, by(BRUNO, call("start_renewal", "", "connection_id="))).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    let mut foreign = by(ANA, call("alerts", "", ""));
    foreign.headers_mut().insert("sec-fetch-site", "cross-site".parse().unwrap());
    assert_eq!(send(&host, foreign).await.status, StatusCode::FORBIDDEN);
    let answer = send(&host, navigation("/connect/x", "")).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "a page with a way on, no log-in page of ours");
    assert!(answer.body.contains("href=\"/\""), "{}", answer.body);
}
