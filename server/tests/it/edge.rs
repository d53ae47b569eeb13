//! What every answer carries; files; names; health.

use axum::{
    body::Body,
    http::{Request, StatusCode},
};
use lifecycle::Provider;
use serde_json::Value;
use server::{
    Site,
    open::{self, Pages},
    web,
};
use std::sync::Arc;
use url::Url;

use crate::harness::{ANA, CLARA, Harness, call, navigation, send};

#[tokio::test]
async fn every_answer_is_closed_by_default() {
    let harness = Harness::new().await;
    let ana = harness.session(ANA).await;
    for path in [
        "/",
        "/login",
        "/nowhere",
        "/api/ui/alerts",
        "/connect/x",
        "/oauth/facebook/callback",
        "/connections/x",
        "/connectx",
        "/pkg/none.js",
        "/healthz",
    ] {
        let answer = harness.open(path, &ana).await;
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        let policy = answer.header("content-security-policy");
        assert!(policy.contains("frame-ancestors 'none'") && !policy.contains("unsafe-inline"), "{path}: {policy}");
        assert!(answer.header("permissions-policy").contains("camera=()"), "{path}");
        assert_eq!(answer.header("cache-control"), "no-store", "{path}");
        let trip = path.starts_with("/connect/") || path.starts_with("/oauth/");
        assert_eq!(answer.header("referrer-policy"), if trip { "no-referrer" } else { "same-origin" }, "{path}");
        assert_eq!(answer.header("x-request-id").len(), 16, "{path}");
        assert!(answer.headers.get("strict-transport-security").is_none(), "plain http on this machine");
        if answer.header("content-type").starts_with("text/html") {
            let opener = if trip { "same-origin" } else { "same-origin-allow-popups" };
            assert_eq!(answer.header("cross-origin-opener-policy"), opener, "{path}");
        }
    }
}

#[tokio::test]
async fn pages_carry_a_nonce_that_changes() {
    let harness = Harness::new().await;
    let nonce = |policy: &str| policy.split("'nonce-").nth(1).unwrap().split('\'').next().unwrap().to_owned();
    let first = nonce(harness.open("/login", "").await.header("content-security-policy"));
    let answer = harness.open("/login", "").await;
    let second = nonce(answer.header("content-security-policy"));
    assert_ne!(first, second);
    assert!(answer.body.contains(&second), "the page's scripts carry it");
    assert!(!answer.body.contains(" style=\""), "no style attribute under this policy");
}

#[tokio::test]
async fn other_names_of_this_machine_lead_to_the_public_one() {
    let harness = Harness::new().await;
    for host in ["localhost:3000", "[::1]:3000", "127.0.0.2:3000", "renova.localhost:3000"] {
        let mut request = navigation("/account?x=1", "");
        request.headers_mut().insert("host", host.parse().unwrap());
        let answer = harness.send(request).await;
        assert_eq!(answer.status, StatusCode::PERMANENT_REDIRECT, "{host}");
        assert_eq!(answer.header("location"), "http://127.0.0.1:3000/account?x=1");
    }
    for (path, host) in [("/healthz", "localhost:3000"), ("/healthz", "10.0.0.7"), ("/login", "127.0.0.1:3000")] {
        let mut request = navigation(path, "");
        request.headers_mut().insert("host", host.parse().unwrap());
        assert_eq!(harness.send(request).await.status, StatusCode::OK, "{path} {host}");
    }
}

#[tokio::test]
async fn foreign_names_of_this_machine_are_refused() {
    let harness = Harness::new().await;
    let ana = harness.session(ANA).await;
    for host in ["rebound.example", "127.0.0.1.rebound.example:3000", "localhost.rebound.example", "10.0.0.7:3000", ""]
    {
        for path in ["/login", "/", "/pkg/none.js", "/oauth/facebook/callback"] {
            let mut request = navigation(path, &ana);
            request.headers_mut().insert("host", host.parse().unwrap());
            let answer = harness.send(request).await;
            assert_eq!(answer.status, StatusCode::MISDIRECTED_REQUEST, "{host} {path}");
            assert!(answer.body.contains("href=\"http://127.0.0.1:3000/\""), "{}", answer.body);
            assert_eq!(answer.header("cache-control"), "no-store");
            assert_eq!(answer.header("x-request-id").len(), 16);
        }
        let mut request = call("alerts", &ana, "");
        request.headers_mut().insert("host", host.parse().unwrap());
        let answer = harness.send(request).await;
        assert_eq!(answer.status, StatusCode::MISDIRECTED_REQUEST, "{host}");
        let body: Value = serde_json::from_str(&answer.body).unwrap();
        assert_eq!(body["code"], "wrong_host");
    }
    let mut twice = navigation("/login", "");
    twice.headers_mut().append("host", "rebound.example".parse().unwrap());
    assert_eq!(harness.send(twice).await.status, StatusCode::MISDIRECTED_REQUEST);
}

#[tokio::test]
async fn health_and_readiness() {
    let harness = Harness::new().await;
    assert_eq!(harness.open("/healthz", "").await.status, StatusCode::OK);
    let answer = harness.open("/readyz", "").await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    let body: Value = serde_json::from_str(&answer.body).unwrap();
    for part in ["database", "keys", "schema", "worker"] {
        assert_eq!(body[part], "ok", "{part}");
    }
    let ana = harness.session(ANA).await;
    harness.renova().storage().close().await;
    assert_eq!(harness.open("/readyz", "").await.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(harness.open("/healthz", "").await.status, StatusCode::OK);
    let failed = harness.open("/", &ana).await;
    assert_eq!(failed.status.as_u16() / 100, 5, "the database is away: {}", failed.status);
    assert!(failed.body.contains("Tente de novo"), "{}", failed.body);
}

#[tokio::test]
async fn over_https_cookies_and_connections_stay_there() {
    let harness = Harness::new().await;
    let public = Url::parse("https://renova.example").unwrap();
    let dialog = Url::parse("https://www.facebook.com").unwrap();
    let mount = open::mount(harness.mount.ui.renova.clone(), &public, &[&dialog], Arc::default(), Pages::own());
    let router = web::own(&mount, None);
    let answer = send(&router, call("login", "", "email=clara%40boreal.example&password=renova-demo")).await;
    let cookie = answer.header("set-cookie");
    assert!(cookie.starts_with("__Host-renova_session=") && cookie.contains("; Secure"), "{cookie}");
    assert!(answer.header("strict-transport-security").contains("max-age="));
    let session = cookie.split(';').next().unwrap();
    let clara = harness.identity(CLARA).await;
    let connection = harness.renova().storage().connections_of(clara.organization).await.unwrap()[0].id;
    let renewal = harness.renova().start_renewal(&clara, Some(connection), Provider::Facebook, false).await.unwrap();
    let answer = send(&router, navigation(&format!("/connect/{renewal}"), session)).await;
    assert!(answer.header("set-cookie").contains("; Secure"), "{}", answer.header("set-cookie"));
    let page = send(&router, navigation("/login", "")).await;
    let policy = page.header("content-security-policy");
    assert!(policy.contains("form-action 'self' https://www.facebook.com https://*.facebook.com;"), "{policy}");
    assert_eq!(page.status, StatusCode::OK, "the proxy's own name for us is its business");
    assert!(send(&router, navigation("/readyz", "")).await.body.contains("\"worker\":\"elsewhere\""));
}

#[tokio::test]
async fn large_bodies_are_refused() {
    let harness = Harness::new().await;
    let request = Request::post("/api/ui/login")
        .header("host", "127.0.0.1:3000")
        .header("sec-fetch-site", "same-origin")
        .header("content-length", "1000000")
        .header("content-type", "application/x-www-form-urlencoded")
        .body(Body::from(vec![b'a'; 1_000_000]))
        .unwrap();
    assert_eq!(harness.send(request).await.status, StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn files_travel_compressed_and_stay() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    write(
        "manifest.json",
        r#"{"js":"app.1.js","wasm":"app.2.wasm","css":"app.3.css","boot":"boot.4.js","snippets":[],
            "files":{"popup.js":"popup.5.js","favicon.svg":"favicon.6.svg"}}"#,
    );
    for name in ["app.1.js", "app.2.wasm", "app.3.css", "boot.4.js", "popup.5.js", "favicon.6.svg", "secret.txt"] {
        write(name, "plain");
    }
    write("app.1.js.br", "brotli");
    write("app.1.js.gz", "gzip");
    let site = std::sync::Arc::new(Site::from_folder(folder.path()).unwrap());
    assert_eq!(site.href("popup.js").as_deref(), Some("/pkg/popup.5.js"));
    assert_eq!(site.page_assets().boot, "/pkg/boot.4.js");
    let router = server::assets(&site);
    let get = |path: &str, accept: &str| {
        let request = Request::get(path).header("accept-encoding", accept).body(Body::empty()).unwrap();
        let router = router.clone();
        async move { send(&router, request).await }
    };
    for (accept, coding, body) in [("gzip, br", "br", "brotli"), ("gzip", "gzip", "gzip"), ("", "", "plain")] {
        let answer = get("/pkg/app.1.js", accept).await;
        assert_eq!((answer.header("content-encoding"), answer.body.as_str()), (coding, body));
        assert_eq!(answer.header("content-type"), "text/javascript; charset=utf-8");
        assert_eq!(answer.header("cache-control"), "public, max-age=31536000, immutable");
        assert_eq!(answer.header("vary"), "accept-encoding");
    }
    assert_eq!(get("/pkg/app.2.wasm", "br").await.header("content-type"), "application/wasm");
    for path in [
        "/pkg/manifest.json",
        "/pkg/secret.txt",
        "/pkg/app.1.js.br",
        "/pkg/none.js",
        "/pkg/../Cargo.toml",
        "/pkg/%2e%2e/x",
    ] {
        assert_eq!(get(path, "br").await.status, StatusCode::NOT_FOUND, "{path}");
    }
    std::fs::remove_file(folder.path().join("app.2.wasm")).unwrap();
    assert!(Site::from_folder(folder.path()).is_err(), "half a site is none");
}
