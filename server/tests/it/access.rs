//! Who gets which answer.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use axum::{
    body::Body,
    http::{Request, StatusCode},
};
use lifecycle::Provider;
use serde_json::Value;
use server::web;

use crate::harness::{ANA, BRUNO, CLARA, Harness, ORIGIN, call};

const INVENTED: &str = "01936f00-0000-7000-8000-000000000000";

#[tokio::test]
async fn signed_out_pages_lead_to_the_log_in_and_functions_say_401() {
    let harness = Harness::new().await;
    for (path, location) in [
        ("/", "/login"),
        ("/account", "/login?next=%2Faccount"),
        ("/integrations/meta?connection=1", "/login?next=%2Fintegrations%2Fmeta%3Fconnection%3D1"),
        ("/nowhere", "/login?next=%2Fnowhere"),
        ("/connect/x?in=popup", "/login?next=%2Fconnect%2Fx%3Fin%3Dpopup"),
        ("/connect/x/done", "/login?next=%2Fconnect%2Fx%2Fdone"),
    ] {
        let answer = harness.open(path, "").await;
        assert_eq!((answer.status, answer.header("location")), (StatusCode::SEE_OTHER, location), "{path}");
    }
    assert_eq!(harness.open("/login", "").await.status, StatusCode::OK);
    let answer = harness.send(call("alerts", "", "")).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    let body: Value = serde_json::from_str(&answer.body).unwrap();
    assert_eq!(body["code"], "session_over");
    assert_eq!(body["request_id"], answer.header("x-request-id"));
    assert!(!body["message"].as_str().unwrap().is_empty());
}

#[tokio::test]
async fn a_form_of_somebody_whose_session_is_over_leads_back_to_its_page() {
    let harness = Harness::new().await;
    let mut form = call("exchange", "", "renewal_id=1");
    form.headers_mut().insert("accept", "text/html".parse().unwrap());
    form.headers_mut().insert("referer", format!("{ORIGIN}/integrations/meta/renewals/1").parse().unwrap());
    let answer = harness.send(form).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert_eq!(answer.header("location"), "/login?next=%2Fintegrations%2Fmeta%2Frenewals%2F1");
}

#[tokio::test]
async fn agents_see_the_state_and_not_the_flow() {
    let harness = Harness::new().await;
    let bruno = harness.session(BRUNO).await;
    for path in ["/", "/account"] {
        assert_eq!(harness.open(path, &bruno).await.status, StatusCode::OK, "{path}");
    }
    for path in
        ["/integrations/meta", "/integrations/meta?connection=1", &format!("/connect/{INVENTED}"), "/connect/x/done"]
    {
        assert_eq!(harness.open(path, &bruno).await.status, StatusCode::FORBIDDEN, "{path}");
    }
    // There need not be such a page.
    for path in ["/review", "/review/1", "/settings", "/settings/people", "/integrations/meta/nowhere"] {
        let answer = harness.open(path, &bruno).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path}");
        assert!(answer.body.contains("href=\"/\""), "{path}: a way on");
    }
    for name in [
        "start_renewal",
        "exchange",
        "choose",
        "prove",
        "finish",
        "cancel",
        "disconnect",
        "sign_review",
        "story_options",
    ] {
        let answer = harness.send(call(name, &bruno, "renewal_id=1&connection_id=1&confirm_name=x&channel_id=1")).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{name}: {}", answer.body);
    }
    let answer = harness.send(call("alerts", &bruno, "")).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
}

#[tokio::test]
async fn role_comes_before_look_up() {
    let harness = Harness::new().await;
    let (ana, bruno) = (harness.session(ANA).await, harness.session(BRUNO).await);
    let clara = harness.identity(CLARA).await;
    let connection = harness.renova().storage().connections_of(clara.organization).await.unwrap()[0].id;
    let foreign =
        harness.renova().start_renewal(&clara, Some(connection), Provider::Facebook, false).await.unwrap().to_string();
    for id in [foreign.as_str(), INVENTED, "x"] {
        let path = format!("/connect/{id}?in=tab");
        assert_eq!(harness.open(&path, &bruno).await.status, StatusCode::FORBIDDEN, "{id}");
        assert_eq!(harness.open(&path, &ana).await.status, StatusCode::NOT_FOUND, "{id}");
        let form = format!("renewal_id={id}");
        assert_eq!(harness.send(call("exchange", &bruno, &form)).await.status, StatusCode::FORBIDDEN, "{id}");
        assert_eq!(harness.send(call("exchange", &ana, &form)).await.status, StatusCode::NOT_FOUND, "{id}");
    }
    assert_eq!(harness.calls(), 0);
}

#[tokio::test]
async fn unknown_pages_are_404() {
    let harness = Harness::new().await;
    let ana = harness.session(ANA).await;
    assert_eq!(harness.open("/nowhere", &ana).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn unknown_functions_and_methods_are_404() {
    let harness = Harness::new().await;
    let ana = harness.session(ANA).await;
    assert_eq!(harness.send(call("nothing", &ana, "")).await.status, StatusCode::NOT_FOUND);
    for name in ["alerts", "start_renewal", "finish"] {
        let path = format!("/api/ui/{name}");
        assert_eq!(harness.open(&path, &ana).await.status, StatusCode::NOT_FOUND, "no GET calls {name}");
    }
}

#[tokio::test]
async fn a_call_without_its_fields_says_so() {
    let harness = Harness::new().await;
    let ana = harness.session(ANA).await;
    for name in ["exchange", "finish", "disconnect", "snooze", "page"] {
        let answer = harness.send(call(name, &ana, "nothing=1")).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}: {}", answer.body);
        let body: Value = serde_json::from_str(&answer.body).unwrap();
        assert_eq!((&body["code"], &body["request_id"]), (&"invalid".into(), &answer.header("x-request-id").into()));
        assert!(!body["message"].as_str().unwrap().is_empty());
    }
}

#[tokio::test]
async fn changing_calls_come_from_our_own_pages() {
    let harness = Harness::new().await;
    let ana = harness.session(ANA).await;
    // Sec-Fetch-Site, Origin, expected code; empty: not sent.
    for (site, origin, code) in [
        ("", "", "origin_required"),
        ("none", "", "origin_required"),
        ("cross-site", "http://host.localhost:3000", "origin_foreign"),
        ("same-site", "http://127.0.0.1:3001", "origin_foreign"),
        ("", "http://host.localhost:3000", "origin_foreign"),
        ("", "null", "origin_foreign"),
        ("", ORIGIN, ""),
        ("same-origin", "", ""),
    ] {
        for name in ["alerts", "login", "logout", "start_renewal"] {
            let mut request = Request::post(format!("/api/ui/{name}"))
                .header("host", "127.0.0.1:3000")
                .header("cookie", if name == "logout" { "" } else { &ana })
                .header("content-type", "application/x-www-form-urlencoded");
            if !site.is_empty() {
                request = request.header("sec-fetch-site", site);
            }
            if !origin.is_empty() {
                request = request.header("origin", origin);
            }
            let answer = harness.send(request.body(Body::from("email=x&password=y")).unwrap()).await;
            let found = serde_json::from_str::<Value>(&answer.body).unwrap_or_default();
            if code.is_empty() {
                assert!(!found["code"].as_str().unwrap_or_default().starts_with("origin"), "{site} {origin} {name}");
            } else {
                assert_eq!(answer.status, StatusCode::FORBIDDEN, "{site} {origin} {name}");
                assert_eq!(found["code"], code, "{site} {origin} {name}");
            }
        }
    }
}

#[tokio::test]
async fn a_plain_form_from_elsewhere_gets_a_page() {
    let harness = Harness::new().await;
    let ana = harness.session(ANA).await;
    for (site, code) in [("cross-site", "origin_foreign"), ("none", "origin_required")] {
        let mut form = call("logout", &ana, "");
        form.headers_mut().insert("accept", "text/html,application/xhtml+xml".parse().unwrap());
        form.headers_mut().insert("sec-fetch-site", site.parse().unwrap());
        let answer = harness.send(form).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN);
        assert!(answer.header("content-type").starts_with("text/html"), "{site}");
        assert!(answer.body.contains(code) && answer.body.contains("href=\"/\""), "{}", answer.body);
    }
    assert_eq!(harness.open("/account", &ana).await.status, StatusCode::OK, "the session is still there");
}

#[tokio::test]
async fn a_mount_beside_it_does_not_stop_a_page() {
    let harness = Harness::new().await;
    let ana = harness.session(ANA).await;
    let (mount, runtime) = (harness.mount.clone(), tokio::runtime::Handle::current());
    let done = Arc::new(AtomicBool::new(false));
    let beside = std::thread::spawn({
        let done = done.clone();
        move || {
            let _inside = runtime.enter();
            while !done.load(Ordering::Relaxed) {
                drop(web::own(&mount, None));
            }
        }
    });
    for _ in 0..20 {
        assert_eq!(harness.open("/account", &ana).await.status, StatusCode::OK);
    }
    done.store(true, Ordering::Relaxed);
    beside.join().unwrap();
}

#[tokio::test]
async fn a_log_in_sets_a_closed_cookie_and_a_log_out_ends_the_session() {
    let harness = Harness::new().await;
    let answer = harness.send(call("login", "", "email=ana%40aurora.example&password=renova-demo")).await;
    assert!(answer.status.is_success(), "{} {}", answer.status, answer.body);
    let cookie = answer.header("set-cookie").to_owned();
    for part in ["renova_session=", "HttpOnly", "SameSite=Lax", "Path=/", "Max-Age="] {
        assert!(cookie.contains(part), "{part} in {cookie}");
    }
    assert!(!cookie.contains("Secure"), "plain http on this machine: {cookie}");
    let session = cookie.split(';').next().unwrap();
    assert_eq!(harness.open("/", session).await.status, StatusCode::OK);
    harness.send(call("logout", session, "")).await;
    assert_eq!(harness.open("/", session).await.status, StatusCode::SEE_OTHER);
    assert_eq!(harness.open("/", "renova_session=invented").await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn the_log_in_follows_own_paths_only() {
    let harness = Harness::new().await;
    for (next, location) in [
        ("%2Faccount", "/account"),
        ("%2F%2Fevil.example", "/"),
        ("%2F%5Cevil.example", "/"),
        ("https%3A%2F%2Fevil.example", "/"),
        ("javascript%3Aalert(1)", "/"),
        ("%2F%0d%0aSet-Cookie%3A+x", "/"),
        ("%2F%09%2Fevil.example", "/"),
    ] {
        let form = format!("email=ana%40aurora.example&password=renova-demo&next={next}");
        let mut request = call("login", "", &form);
        request.headers_mut().insert("accept", "text/html".parse().unwrap());
        let answer = harness.send(request).await;
        assert!(answer.status.is_redirection(), "{next}: {} {}", answer.status, answer.body);
        assert_eq!(answer.header("location"), location, "{next}");
    }
}
