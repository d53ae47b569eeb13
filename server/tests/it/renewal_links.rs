//! Links by which one person begins one renewal, over HTTP.

use axum::http::StatusCode;
use leptos::server_fn::axum::server_fn_paths;
use lifecycle::ids::ConnectionId;
use renewal::{Identity, NewApiKey, NewRenewalLink, Scope};
use secrecy::ExposeSecret as _;
use serde_json::{Value, json};

use crate::harness::{ANA, Answer, BRUNO, CLARA, Harness, call, navigation};

/// Pages of Renova, and some that are none.
const PAGES: [&str; 14] = [
    "/",
    "/account",
    "/review",
    "/settings",
    "/settings/people",
    "/settings/audit",
    "/settings/api-keys",
    "/settings/webhooks",
    "/settings/embed",
    "/integrations/meta",
    "/integrations/meta?connection=new",
    "/connections/01936f00-0000-7000-8000-000000000000",
    "/dev/components",
    "/nowhere",
];
/// What a person may call who is here for one renewal; the rest is for those who come or go.
const ALLOWED: [&str; 10] =
    ["renewal", "exchange", "hand_over", "choose", "prove", "finish", "cancel", "login", "logout", "use_renewal_link"];

struct Made {
    harness: Harness,
    clara: Identity,
    connection: ConnectionId,
    token: String,
}

async fn made(vouched: bool) -> Made {
    let harness = Harness::new().await;
    let clara = harness.identity(CLARA).await;
    let connection = harness.renova().storage().connections_of(clara.organization).await.unwrap()[0].id;
    let new =
        NewRenewalLink { organization: clara.organization, connection: Some(connection), user: clara.user, vouched };
    let made = harness.mount.ui.renova.create_renewal_link(None, new).await.unwrap();
    let token = made.token.expose_secret().to_owned();
    assert_eq!(made.url.expose_secret(), format!("http://127.0.0.1:3000/r/{token}"));
    Made { harness, clara, connection, token }
}

impl Made {
    fn path(&self) -> String {
        format!("/r/{}", self.token)
    }

    async fn opened(&self, cookie: &str) -> Answer {
        self.harness.open(&self.path(), cookie).await
    }

    /// *Iniciar*, as a plain form.
    async fn begins(&self, cookie: &str) -> Answer {
        let mut form = call("use_renewal_link", cookie, &format!("token={}", self.token));
        form.headers_mut().insert("accept", "text/html".parse().unwrap());
        self.harness.send(form).await
    }

    async fn renewals(&self) -> usize {
        self.harness.renova().storage().open_renewals(self.clara.organization).await.unwrap().len()
    }
}

fn session_in(answer: &Answer) -> String {
    answer.header("set-cookie").split(';').next().unwrap().to_owned()
}

#[tokio::test]
async fn opening_it_a_hundred_times_changes_nothing() {
    let made = made(true).await;
    let before = made.harness.renova().storage().audit_of(made.clara.organization, 100).await.unwrap();
    for round in 0..100 {
        let mut request = navigation(&made.path(), "");
        if round % 2 == 0 {
            *request.method_mut() = axum::http::Method::HEAD;
        }
        let answer = made.harness.send(request).await;
        assert_eq!(answer.status, StatusCode::OK);
        assert_eq!(answer.header("set-cookie"), "");
        assert_eq!(answer.header("cache-control"), "no-store");
    }
    assert_eq!(made.renewals().await, 0);
    let after = made.harness.renova().storage().audit_of(made.clara.organization, 100).await.unwrap();
    assert_eq!(before, after);
    let page = made.opened("").await.body;
    for part in ["Café Boreal", "Renovar Clara Lima", "Este link é para Clara Lima", "Iniciar"] {
        assert!(page.contains(part), "{part} in {page}");
    }
    assert!(made.begins("").await.header("location").starts_with("/integrations/meta/renewals/"));
}

#[tokio::test]
async fn its_person_logs_in_first_where_nobody_vouches() {
    let made = made(false).await;
    let asked = made.begins("").await;
    assert_eq!(asked.header("location"), format!("/login?next=%2Fr%2F{}", made.token));
    assert_eq!((asked.header("set-cookie"), made.renewals().await), ("", 0));
    let clara = made.harness.session(CLARA).await;
    let begun = made.begins(&clara).await;
    let renewal = begun.header("location").to_owned();
    assert!(renewal.starts_with("/integrations/meta/renewals/"), "{renewal}");
    assert_eq!(begun.header("set-cookie"), "", "whoever is logged in keeps the session");
    assert_eq!(made.renewals().await, 1);
    assert_eq!(made.harness.open("/settings", &clara).await.status, StatusCode::OK);
    // Used: it leads its own person back, and nobody else.
    assert_eq!(made.begins(&clara).await.header("location"), renewal);
    assert!(made.opened(&clara).await.body.contains(&renewal));
    for cookie in ["".to_owned(), made.harness.session(ANA).await] {
        let over = made.opened(&cookie).await;
        assert_eq!(over.status, StatusCode::GONE);
        assert!(over.body.contains("Este link não vale mais") && !over.body.contains(&renewal));
    }
    assert_eq!(made.begins("").await.header("location"), format!("{}?error=link_over", made.path()));
    assert_eq!(made.renewals().await, 1);
}

#[tokio::test]
async fn another_persons_session_is_left_alone() {
    for vouched in [false, true] {
        let made = made(vouched).await;
        for email in [ANA, BRUNO] {
            let other = made.harness.session(email).await;
            let page = made.opened(&other).await;
            assert_eq!(page.status, StatusCode::OK);
            assert!(page.body.contains("Neste navegador está"), "{}", page.body);
            assert!(!page.body.contains("use_renewal_link"), "no button");
            let refused = made.begins(&other).await;
            assert_eq!(refused.header("location"), format!("{}?error=somebody_else", made.path()));
            assert_eq!(refused.header("set-cookie"), "");
            assert_eq!(made.harness.open("/account", &other).await.status, StatusCode::OK);
        }
        assert_eq!(made.renewals().await, 0);
        assert!(made.begins(&made.harness.session(CLARA).await).await.header("location").contains("/renewals/"));
    }
}

#[tokio::test]
async fn only_our_own_page_begins_it() {
    let made = made(true).await;
    for site in ["cross-site", "none"] {
        let mut form = call("use_renewal_link", "", &format!("token={}", made.token));
        form.headers_mut().insert("sec-fetch-site", site.parse().unwrap());
        assert_eq!(made.harness.send(form).await.status, StatusCode::FORBIDDEN, "{site}");
    }
    assert_eq!(made.harness.open("/api/ui/use_renewal_link", "").await.status, StatusCode::METHOD_NOT_ALLOWED);
    for token in ["", "x", &"0".repeat(64)] {
        let answer = made.harness.send(call("use_renewal_link", "", &format!("token={token}"))).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{token}");
    }
    assert_eq!(made.harness.open("/r/x", "").await.status, StatusCode::GONE);
    assert_eq!(made.renewals().await, 0);
}

#[tokio::test]
async fn a_session_for_one_renewal_does_that_and_nothing_else() {
    let made = made(true).await;
    let begun = made.begins("").await;
    let guest = session_in(&begun);
    let wizard = begun.header("location").to_owned();
    let renewal = wizard.rsplit('/').next().unwrap().to_owned();
    assert!(begun.header("set-cookie").contains("Max-Age=86"), "a day: {}", begun.header("set-cookie"));

    let page = made.harness.open(&wizard, &guest).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    assert!(page.body.contains("Renovar conexão"));
    for href in ["href=\"/settings", "href=\"/review", "href=\"/account", "href=\"/integrations/meta\""] {
        assert!(!page.body.contains(href), "{href}");
    }
    let trip = made.harness.open(&format!("/connect/{renewal}?in=tab"), &guest).await;
    assert_eq!(trip.status, StatusCode::SEE_OTHER, "{}", trip.body);
    assert!(trip.header("location").contains("dialog/oauth"), "{}", trip.header("location"));
    let done = made.harness.open(&format!("/connect/{renewal}/done?in=tab"), &guest).await;
    assert_eq!(done.header("location"), wizard);
    let form = format!("renewal_id={renewal}");
    assert_eq!(made.harness.send(call("renewal", &guest, &form)).await.status, StatusCode::OK);

    for path in PAGES {
        let answer = made.harness.open(path, &guest).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path}");
        assert!(answer.body.contains("só para uma renovação") && answer.body.contains(&wizard), "{path}");
    }
    let connection = made.harness.open(&format!("/connections/{}", made.connection), &guest).await;
    assert_eq!(connection.status, StatusCode::FORBIDDEN);

    // Another renewal of the same person: neither its page, nor its trip, nor its steps.
    let other = made.harness.renova();
    let second = other.start_renewal(&made.clara, None, lifecycle::Provider::Facebook, false).await.unwrap();
    for path in [format!("/integrations/meta/renewals/{second}"), format!("/connect/{second}?in=tab")] {
        assert_eq!(made.harness.open(&path, &guest).await.status, StatusCode::FORBIDDEN, "{path}");
    }

    let mut functions = 0;
    for (path, _) in server_fn_paths() {
        let name = path.strip_prefix("/api/ui/").unwrap();
        functions += 1;
        let fields = format!(
            "renewal_id={second}&connection_id={}&channel_id=1&confirm_name=x&user_id=1&role=admin&email=x%40x.example\
             &key_id=1&endpoint_id=1&event_id=1&invitation_id=1&locale=en&current=x&password=long-enough&token=x&name=x",
            made.connection
        );
        // For whoever comes or goes, as whoever that is.
        let for_anybody = ["login", "logout", "use_renewal_link", "set_password", "ask_for_reset", "accept_invitation"];
        if for_anybody.contains(&name) {
            continue;
        }
        let answer = made.harness.send(call(name, &guest, &fields)).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{name}: {}", answer.body);
        let body: Value = serde_json::from_str(&answer.body).unwrap();
        let code = if ALLOWED.contains(&name) { "forbidden" } else { "only_renewal" };
        assert_eq!(body["code"], code, "{name}");
    }
    assert!(functions > 35, "only {functions} functions were looked at");
    let live = made.harness.open("/api/ui/live", &guest).await;
    assert_eq!(live.status, StatusCode::FORBIDDEN);

    // The log-out ends it, and nothing of the person's other sessions.
    let full = made.harness.session(CLARA).await;
    made.harness.send(call("logout", &guest, "")).await;
    assert_eq!(made.harness.open(&wizard, &guest).await.status, StatusCode::SEE_OTHER);
    assert_eq!(made.harness.open("/settings", &full).await.status, StatusCode::OK);
}

#[tokio::test]
async fn an_administrator_makes_one_for_another() {
    let made = made(false).await;
    let harness = &made.harness;
    let (ana, bruno) = (harness.session(ANA).await, harness.session(BRUNO).await);
    let who = harness.identity(ANA).await;
    let connection = harness.renova().storage().connections_of(who.organization).await.unwrap()[0].id;
    let page = harness.open(&format!("/connections/{connection}"), &ana).await.body;
    assert!(page.contains("Enviar link de renovação"));
    assert!(!harness.open(&format!("/connections/{connection}"), &bruno).await.body.contains("send_renewal_link"));
    let form = |user: &str| format!("connection_id={connection}&user_id={user}");
    let own = form(&who.user.to_string());
    assert_eq!(harness.send(call("send_renewal_link", &bruno, &own)).await.status, StatusCode::FORBIDDEN);
    assert_eq!(harness.send(call("send_renewal_link", "", &own)).await.status, StatusCode::UNAUTHORIZED);
    let agent = harness.identity(BRUNO).await.user.to_string();
    let refused = harness.send(call("send_renewal_link", &ana, &form(&agent))).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "an agent may not renew");
    let foreign = harness.send(call("send_renewal_link", &ana, &form(&made.clara.user.to_string()))).await;
    assert_eq!(foreign.status, StatusCode::NOT_FOUND, "another organization's");

    let mut request = call("send_renewal_link", &ana, &own);
    request.headers_mut().insert("accept", "text/html".parse().unwrap());
    let answer = harness.send(request).await;
    assert_eq!(answer.header("location"), format!("/connections/{connection}?done=link_made"));
    let cookie = answer.header("set-cookie").to_owned();
    for part in ["renova_once=", "Path=/connections", "HttpOnly", "SameSite=Strict", "Max-Age=60"] {
        assert!(cookie.contains(part), "{part} in {cookie}");
    }
    let token = cookie.split(['=', ';']).nth(1).unwrap();
    let both = format!("{ana}; renova_once={token}");
    let shown = harness.open(answer.header("location"), &both).await;
    assert!(shown.body.contains(&format!("/r/{token}")) && shown.body.contains("Link para Ana Souza"));
    assert!(shown.header("set-cookie").contains("Max-Age=0"), "and forgotten");
    let clara = format!("{}; renova_once={token}", harness.session(CLARA).await);
    let theirs = harness.open(&format!("/connections/{}", made.connection), &clara).await;
    assert!(!theirs.body.contains(token), "of another organization");
}

async fn key(harness: &Harness, organization: Option<&str>, scopes: &[Scope]) -> String {
    let new =
        NewApiKey { organization: organization.map(str::to_owned), name: "CRM".to_owned(), scopes: scopes.to_vec() };
    harness.renova().add_api_key(new).await.unwrap().expose_secret().to_owned()
}

async fn api(harness: &Harness, method: &str, path: &str, key: &str, body: &Value) -> (StatusCode, Value) {
    let request = axum::http::Request::builder()
        .method(method)
        .uri(format!("/api/v1{path}"))
        .header("host", "127.0.0.1:3000")
        .header("content-type", "application/json")
        .header("authorization", format!("Bearer {key}"))
        .body(axum::body::Body::from(body.to_string()))
        .unwrap();
    let answer = harness.send(request).await;
    (answer.status, serde_json::from_str(&answer.body).unwrap_or_default())
}

#[tokio::test]
async fn the_platform_makes_one_by_its_key() {
    let made = made(false).await;
    let harness = &made.harness;
    let storage = harness.renova().storage();
    let [boreal, aurora] = [made.clara.organization, harness.identity(ANA).await.organization];
    let external = async |id| storage.organization(id).await.unwrap().unwrap().external_id;
    let (boreal, aurora) = (external(boreal).await, external(aurora).await);
    let platform = key(harness, None, &[Scope::PlatformWrite, Scope::RenewalLinksWrite]).await;
    let user = json!({"email": CLARA, "name": "Clara Lima", "role": "admin"});
    let path = format!("/organizations/{boreal}/users/clara");
    let (status, body) = api(harness, "PUT", &path, &platform, &user).await;
    assert!(status.is_success(), "{body}");

    let asked = |organization: &str, vouched: bool| json!({"organization": organization, "user": "clara", "connection": made.connection.to_string(), "vouched": vouched});
    let create = async |key: &str, body: Value| api(harness, "POST", "/renewal-links", key, &body).await;
    let (status, link) = create(&platform, asked(&boreal, true)).await;
    assert_eq!(status, StatusCode::CREATED, "{link}");
    assert!(link["expires_at"].as_str().unwrap().ends_with('Z'));
    let token = link["url"].as_str().unwrap().rsplit('/').next().unwrap().to_owned();
    assert!(harness.renova().opened_link(&token).await.unwrap().unwrap().link.vouched);

    // An organization's key: its own people, who log in.
    let own = key(harness, Some("boreal"), &[Scope::RenewalLinksWrite]).await;
    assert_eq!(create(&own, asked(&boreal, false)).await.0, StatusCode::CREATED);
    assert_eq!(create(&own, asked(&boreal, true)).await.0, StatusCode::FORBIDDEN, "only the platform vouches");
    let foreign = key(harness, Some("aurora"), &[Scope::RenewalLinksWrite]).await;
    assert_eq!(create(&foreign, asked(&boreal, false)).await.0, StatusCode::NOT_FOUND);
    assert_eq!(create(&platform, asked(&aurora, false)).await.0, StatusCode::NOT_FOUND, "no such user there");
    let without = key(harness, None, &[Scope::PlatformWrite]).await;
    assert_eq!(create(&without, asked(&boreal, false)).await.0, StatusCode::FORBIDDEN);
    assert_eq!(create("rk_x", asked(&boreal, false)).await.0, StatusCode::UNAUTHORIZED);

    for (field, value, status) in [
        ("connection", json!("x"), StatusCode::UNPROCESSABLE_ENTITY),
        ("connection", json!("01936f00-0000-7000-8000-000000000000"), StatusCode::NOT_FOUND),
        ("user", json!("nobody"), StatusCode::NOT_FOUND),
    ] {
        let mut body = asked(&boreal, false);
        body[field] = value;
        let (found, problem) = create(&platform, body).await;
        assert_eq!(found, status, "{field}: {problem}");
        assert_eq!(problem["status"], status.as_u16(), "{problem}");
    }
    let document = harness.open("/api/v1/openapi.json", "").await.body;
    assert!(document.contains("\"createRenewalLink\"") && document.contains("\"renewal-links:write\""));
}
