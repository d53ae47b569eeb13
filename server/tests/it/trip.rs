//! The trip to Meta's dialog and back, at its edges.

use axum::http::StatusCode;
use lifecycle::{Provider, RenewalState};

use crate::harness::{ANA, CLARA, Harness, navigation};

struct Started {
    harness: Harness,
    session: String,
    renewal: lifecycle::ids::RenewalId,
    organization: lifecycle::ids::OrganizationId,
    state: String,
    login_cookie: String,
}

/// Clara has clicked *Entrar com o Facebook*.
async fn started() -> Started {
    let harness = Harness::new().await;
    let session = harness.session(CLARA).await;
    let clara = harness.identity(CLARA).await;
    let connection = harness.renova().storage().connections_of(clara.organization).await.unwrap()[0].id;
    let renewal = harness.renova().start_renewal(&clara, Some(connection), Provider::Facebook, false).await.unwrap();
    let answer = harness.open(&format!("/connect/{renewal}?in=popup"), &session).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    let dialog = url::Url::parse(answer.header("location")).unwrap();
    let state = dialog.query_pairs().find(|(name, _)| name == "state").unwrap().1.into_owned();
    let cookie = answer.header("set-cookie").to_owned();
    for part in ["renova_login=", "HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=600"] {
        assert!(cookie.contains(part), "{part} in {cookie}");
    }
    assert!(!cookie.contains("Secure"));
    assert_eq!(answer.header("referrer-policy"), "no-referrer");
    assert_eq!(answer.header("cache-control"), "no-store");
    let login_cookie = cookie.split(';').next().unwrap().to_owned();
    Started { harness, session, renewal, organization: clara.organization, state, login_cookie }
}

impl Started {
    async fn stored(&self) -> store::Renewal {
        self.harness.renova().storage().renewal(self.organization, self.renewal).await.unwrap().unwrap()
    }

    async fn is_parked(&self) -> bool {
        self.harness.renova().storage().parked_attempt(self.organization, self.renewal).await.unwrap().is_some()
    }
}

#[tokio::test]
async fn the_answer_is_parked_and_its_address_left() {
    let trip = started().await;
    let path = format!("/oauth/facebook/callback?state={}&code=canary-code", trip.state);
    let answer = trip.harness.open(&path, &trip.login_cookie).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    assert_eq!(answer.header("location"), format!("/connect/{}/done?in=popup", trip.renewal));
    assert_eq!(answer.header("referrer-policy"), "no-referrer");
    assert!(trip.is_parked().await);
    assert_eq!(trip.stored().await.state, RenewalState::LoggedIn);

    let done = trip.harness.open(answer.header("location"), &trip.session).await;
    assert_eq!(done.status, StatusCode::OK);
    assert!(done.body.contains("Tudo certo. Pode fechar esta janela."), "{}", done.body);
    let wizard = format!("/integrations/meta/renewals/{}", trip.renewal);
    assert!(done.body.contains(&wizard) && !done.body.contains("canary"), "{}", done.body);
    let script = done.body.split("<script src=\"").nth(1).unwrap().split('"').next().unwrap();
    let script = trip.harness.open(script, &trip.session).await;
    assert!(script.status == StatusCode::OK && script.body.contains("window.close"), "{}", script.body);
    let tab = trip.harness.open(&format!("/connect/{}/done?in=tab", trip.renewal), &trip.session).await;
    assert_eq!((tab.status, tab.header("location")), (StatusCode::SEE_OTHER, wizard.as_str()));

    // Once more: used up.
    let again = trip.harness.open(&path, &trip.login_cookie).await;
    assert_eq!(again.status, StatusCode::BAD_REQUEST);
    assert!(again.body.contains("Este login foi iniciado em outro lugar"), "{}", again.body);
    assert_eq!(trip.harness.calls(), 0, "the callback asks Meta nothing");
}

#[tokio::test]
async fn what_does_not_belong_together_stores_nothing_and_calls_nothing() {
    let trip = started().await;
    let before = trip.stored().await;
    let invented = "A".repeat(trip.state.len() - 1) + "p";
    let other_browser = format!("renova_login={}", "B".repeat(43));
    let own = format!("state={}&code=c", trip.state);
    for (query, cookie) in [
        (String::new(), trip.login_cookie.as_str()),
        ("code=c".to_owned(), &trip.login_cookie),
        ("state=&code=c".to_owned(), &trip.login_cookie),
        ("state=%00&code=c".to_owned(), &trip.login_cookie),
        (format!("state={invented}&code=c"), &trip.login_cookie),
        (format!("{own}&state={}", trip.state), &trip.login_cookie),
        (format!("{own}&code=d"), &trip.login_cookie),
        (own.clone(), ""),
        (own.clone(), "renova_login="),
        (own.clone(), &other_browser),
        (own.clone(), &trip.session),
        (format!("state={}&error=access_denied", trip.state), &other_browser),
    ] {
        let answer = trip.harness.open(&format!("/oauth/facebook/callback?{query}"), cookie).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{query} {cookie}");
        assert!(answer.body.contains("Este login foi iniciado em outro lugar"), "{}", answer.body);
        assert!(answer.body.contains("href=\"/\""), "a way on");
        assert!(answer.headers.get("set-cookie").is_none());
        // The page stays at an address with code and state: nothing of it may go further.
        assert_eq!(answer.header("referrer-policy"), "no-referrer");
        assert_eq!(answer.header("cache-control"), "no-store");
        assert!(!answer.body.contains(&trip.state) && !answer.body.contains("<script"), "{}", answer.body);
    }
    let mut head = navigation(&format!("/oauth/facebook/callback?{own}"), &trip.login_cookie);
    *head.method_mut() = axum::http::Method::HEAD;
    assert_eq!(trip.harness.send(head).await.status, StatusCode::NOT_FOUND);
    assert_eq!(trip.stored().await, before);
    assert!(!trip.is_parked().await);
    assert_eq!(trip.harness.calls(), 0);
}

#[tokio::test]
async fn a_cancelled_log_in_comes_back_to_the_wizard() {
    let trip = started().await;
    let path = format!("/oauth/facebook/callback?error=access_denied&error_reason=user_denied&state={}", trip.state);
    let answer = trip.harness.open(&path, &trip.login_cookie).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert_eq!(trip.stored().await.state, RenewalState::Denied);
}

#[tokio::test]
async fn a_forwarded_start_link_starts_nothing() {
    let trip = started().await;
    let before = trip.stored().await;
    let path = format!("/connect/{}?in=tab", trip.renewal);
    let ana = trip.harness.session(ANA).await;
    assert_eq!(trip.harness.open(&path, "").await.status, StatusCode::SEE_OTHER, "nobody: to the log-in");
    assert_eq!(trip.harness.open(&path, &ana).await.status, StatusCode::NOT_FOUND, "another organization");
    for (name, value) in [
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
        ("sec-fetch-dest", "iframe"),
        ("sec-fetch-mode", "no-cors"),
        ("sec-purpose", "prefetch"),
    ] {
        let mut request = navigation(&path, &trip.session);
        request.headers_mut().insert(name, value.parse().unwrap());
        let answer = trip.harness.send(request).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{name}: {value}");
        assert!(answer.headers.get("set-cookie").is_none());
    }
    let mut head = navigation(&path, &trip.session);
    *head.method_mut() = axum::http::Method::HEAD;
    assert_eq!(trip.harness.send(head).await.status, StatusCode::NOT_FOUND);
    assert_eq!(trip.stored().await, before);
}

#[tokio::test]
async fn the_second_trip_keeps_the_browsers_cookie() {
    let trip = started().await;
    let cookies = format!("{}; {}", trip.session, trip.login_cookie);
    let answer = trip.harness.open(&format!("/connect/{}?in=tab", trip.renewal), &cookies).await;
    assert!(answer.header("set-cookie").starts_with(&trip.login_cookie), "several trips may be open at once");
}
