//! The page in a frame and its script; what a session may ask, and from where.

use axum::{
    body::Body,
    http::{Request, StatusCode},
};
use lifecycle::Role;
use renewal::{ApiCaller, Brand, Error, NewUser, UserProfile, VouchedUser};
use server::{
    Mount, Site,
    open::{self, Pages},
    web,
};
use std::{collections::BTreeSet, fs, path::Path, sync::Arc};

use super::support::{self, ELSEWHERE, HOST, PLATFORM, call, call_from, code_of, json_of, redeem, redeem_from};
use crate::harness::{ANA, Answer, CLARA, Harness, ORIGIN, navigation, send};

fn ancestors(answer: &Answer) -> BTreeSet<String> {
    let policy = answer.header("content-security-policy");
    let list = policy.split("frame-ancestors ").nth(1).unwrap().split(';').next().unwrap();
    list.split(' ').map(str::to_owned).collect()
}

async fn embed_id(harness: &Harness, email: &str) -> String {
    harness.renova().embed_id(&harness.identity(email).await).await.unwrap()
}

#[tokio::test]
async fn only_registered_pages_may_frame_it() {
    let harness = support::platform().await;
    let session = harness.session(CLARA).await;
    for (email, own) in [(CLARA, HOST), (ANA, ELSEWHERE)] {
        let id = embed_id(&harness, email).await;
        for what in ["banner", "wizard"] {
            let answer = harness.open(&format!("/embed/{id}/{what}?origin=https://evil.example"), &session).await;
            assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
            // The exact list: neither a sub-domain nor the page that the address names.
            assert_eq!(ancestors(&answer), BTreeSet::from([own.to_owned(), PLATFORM.to_owned()]));
            assert!(answer.headers.get("x-frame-options").is_none(), "it would close the frame to everybody");
            assert!(answer.headers.get("set-cookie").is_none());
            assert!(!answer.header("content-security-policy").contains("unsafe-inline"));
            assert_eq!(answer.header("cache-control"), "no-store");
            let body = &answer.body;
            assert!(body.contains(&format!("data-embed=\"{what}\"")) && body.contains("id=\"renova-embed\""), "{body}");
            assert!(body.contains(&format!("data-embed-id=\"{id}\"")), "{body}");
            assert!(body.contains(&format!("data-origins=\"{own} {PLATFORM}\"")), "{body}");
            assert!(
                !body.contains("evil.example") && !body.contains("Clara"),
                "nothing of the address, nothing of people"
            );
            assert!(!body.replace("Renovar", "").contains("Renova"), "our name is not shown: {body}");
        }
    }
    for id in ["", "nobody", "..", "00000000000000000000000000000000"] {
        let answer = harness.open(&format!("/embed/{id}/wizard"), &session).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{id}");
        assert_eq!(answer.header("x-frame-options"), "DENY");
    }
    for path in ["/", "/login", "/connect/x"] {
        let answer = harness.open(path, &session).await;
        assert_eq!(
            (answer.header("x-frame-options"), ancestors(&answer)),
            ("DENY", BTreeSet::from(["'none'".to_owned()]))
        );
    }
}

#[tokio::test]
async fn without_a_registered_page_nobody_frames_it() {
    let harness = Harness::new().await;
    let clara = harness.identity(CLARA).await;
    let path = format!("/embed/{}/banner", embed_id(&harness, CLARA).await);
    assert_eq!(ancestors(&harness.open(&path, "").await), BTreeSet::from(["'none'".to_owned()]));
    harness.renova().add_embed_origin(&clara, "https://Host.example:443/").await.unwrap();
    assert_eq!(ancestors(&harness.open(&path, "").await), BTreeSet::from([HOST.to_owned()]));
    harness.renova().remove_embed_origin(&clara, HOST).await.unwrap();
    assert_eq!(ancestors(&harness.open(&path, "").await), BTreeSet::from(["'none'".to_owned()]));
    let gone = harness.renova().remove_embed_origin(&clara, HOST).await;
    assert!(matches!(gone, Err(Error::NotFound)), "{gone:?}");
}

#[tokio::test]
async fn a_brand_stands_above_the_wizard_and_nowhere_else() {
    let logo = Some("https://cdn.example/logo.svg".to_owned());
    let harness = Harness::branded(PLATFORM, Brand { name: "Maré & Cia".to_owned(), logo, url: None }).await;
    let session = harness.session(CLARA).await;
    let id = embed_id(&harness, CLARA).await;
    let wizard = harness.open(&format!("/embed/{id}/wizard"), &session).await;
    let brand = "<main id=\"renova-embed\"><span class=\"brand\">\
        <img src=\"https://cdn.example/logo.svg\" alt=\"\" height=\"28\"> <span>Maré &amp; Cia</span></span></main>";
    assert!(wizard.body.contains(brand), "{}", wizard.body);
    assert!(wizard.header("content-security-policy").contains("img-src 'self' data: https://cdn.example"));
    let banner = harness.open(&format!("/embed/{id}/banner"), &session).await;
    assert!(banner.body.contains("<main id=\"renova-embed\"></main>"), "{}", banner.body);
}

#[tokio::test]
async fn the_frame_takes_what_is_spelt_right() {
    let harness = support::platform().await;
    let id = embed_id(&harness, CLARA).await;
    let connection = "01890000-0000-7000-8000-000000000000";
    let path = format!("/embed/{id}/wizard?locale=es&theme=dark&connection={connection}");
    let answer = harness.open(&path, "").await.body;
    assert!(answer.contains("<html lang=\"es\" data-theme=\"dark\">"), "{answer}");
    assert!(answer.contains(&format!("data-connection=\"{connection}\"")), "{answer}");
    let answer = harness.open(&format!("/embed/{id}/wizard?locale=%22&theme=%3Cb%3E&connection=%22x"), "").await.body;
    assert!(answer.contains("<html lang=\"pt-BR\" data-theme=\"auto\">"), "{answer}");
    assert!(!answer.contains("data-connection") && !answer.contains("<b>"), "{answer}");
}

fn write_site(folder: &Path, names: &[&str], files: &str) {
    let [js, wasm, css, boot] = ["js", "wasm", "css", "boot"].map(|part| format!("{part}.1.{}", names[0]));
    let manifest =
        format!(r#"{{"js":"{js}","wasm":"{wasm}","css":"{css}","boot":"{boot}","snippets":[],"files":{{{files}}}}}"#);
    fs::write(folder.join("manifest.json"), manifest).unwrap();
    for name in [js, wasm, css, boot].iter().map(String::as_str).chain(names[1..].iter().copied()) {
        fs::write(folder.join(name), name).unwrap();
    }
}

const LOADER_FILES: &str = r#""renova.js":"renova.2.js","renova.d.ts":"renova.3.d.ts""#;

/// With a site for pages and one for frames.
fn with_sites(harness: &Harness) -> axum::Router {
    let (pages, frames) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    write_site(pages.path(), &["pages"], "");
    write_site(frames.path(), &["frames", "renova.2.js", "renova.3.d.ts"], LOADER_FILES);
    let site = Site::from_folder(pages.path()).unwrap().with_frames_from(frames.path()).unwrap();
    let public = &harness.mount.public_url;
    let mount = open::mount(harness.mount.ui.renova.clone(), public, &[public], Arc::new(site), Pages::own());
    web::own(&Mount { ..mount }, None)
}

#[tokio::test]
async fn the_frame_has_a_site_of_its_own() {
    let harness = support::platform().await;
    let path = format!("/embed/{}/banner", embed_id(&harness, CLARA).await);
    let router = with_sites(&harness);
    let answer = send(&router, navigation(&path, "")).await;
    assert_eq!(answer.header("cross-origin-resource-policy"), "cross-origin", "for pages that isolate themselves");
    let policy = answer.header("content-security-policy");
    let nonce = policy.split("'nonce-").nth(1).unwrap().split('\'').next().unwrap();
    assert!(answer.body.contains(&format!("src=\"/pkg/boot.1.frames\" nonce=\"{nonce}\"")), "{}", answer.body);
    assert!(answer.body.contains("/pkg/css.1.frames") && !answer.body.contains(".pages"), "{}", answer.body);
    for file in ["js.1.frames", "js.1.pages", "renova.2.js"] {
        assert_eq!(send(&router, navigation(&format!("/pkg/{file}"), "")).await.body, file);
    }
    let bare = web::own(
        &open::mount(harness.mount.ui.renova.clone(), &harness.mount.public_url, &[], Arc::default(), Pages::own()),
        None,
    );
    let answer = send(&bare, navigation(&path, "")).await;
    assert!(answer.status == StatusCode::OK && !answer.body.contains("<script"), "{}", answer.body);
    assert_eq!(send(&bare, navigation("/embed/renova.js", "")).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn any_page_may_load_the_loader() {
    let harness = support::platform().await;
    let router = with_sites(&harness);
    let get = |tag: &str| {
        Request::get("/embed/renova.js")
            .header("host", "127.0.0.1:3000")
            .header("origin", "https://anybody.example")
            .header("if-none-match", tag)
            .body(Body::empty())
            .unwrap()
    };
    let answer = send(&router, get("\"old\"")).await;
    assert_eq!((answer.status, answer.body.as_str()), (StatusCode::OK, "renova.2.js"));
    assert_eq!(answer.header("content-type"), "text/javascript; charset=utf-8");
    for (name, value) in [
        ("access-control-allow-origin", "*"),
        ("cross-origin-resource-policy", "cross-origin"),
        ("cache-control", "public, max-age=300"),
        ("x-content-type-options", "nosniff"),
    ] {
        assert_eq!(answer.header(name), value, "{name}");
    }
    assert_eq!(send(&router, navigation("/embed/renova.d.ts", "")).await.body, "renova.3.d.ts");
    let tag = answer.header("etag").to_owned();
    let again = send(&router, get(&tag)).await;
    assert_eq!((again.status, again.body.as_str(), again.header("etag")), (StatusCode::NOT_MODIFIED, "", tag.as_str()));
}

#[tokio::test]
async fn a_session_is_for_pages_that_are_registered() {
    let harness = support::platform().await;
    let renova = harness.renova();
    for origin in [HOST, PLATFORM] {
        assert!(renova.create_embed_session(&support::key(None), support::clara_at(origin)).await.is_ok(), "{origin}");
    }
    for origin in [ELSEWHERE, "https://sub.host.example", "http://host.example", "https://host.example:8443", "*", ""] {
        let refused = renova.create_embed_session(&support::key(None), support::clara_at(origin)).await;
        assert!(matches!(refused, Err(Error::Invalid { field: "origin", .. })), "{origin}: {refused:?}");
    }
    let elsewhere = renewal::NewEmbedSession {
        return_url: Some("https://host.example.evil.example/".to_owned()),
        ..support::clara_at(HOST)
    };
    let refused = renova.create_embed_session(&support::key(None), elsewhere).await;
    assert!(matches!(refused, Err(Error::Invalid { field: "return_url", .. })), "{refused:?}");
    let (clara, ana) = (harness.identity(CLARA).await, harness.identity(ANA).await);
    assert!(
        renova.create_embed_session(&support::key(Some(clara.organization)), support::clara_at(HOST)).await.is_ok()
    );
    let foreign = renova.create_embed_session(&support::key(Some(ana.organization)), support::clara_at(HOST)).await;
    assert!(matches!(foreign, Err(Error::NotFound)), "another organization's key: {foreign:?}");
    let without_scope = ApiCaller { scopes: vec![renewal::Scope::TokensRead], ..support::key(None) };
    let refused = renova.create_embed_session(&without_scope, support::clara_at(HOST)).await;
    assert!(matches!(refused, Err(Error::Forbidden)), "{refused:?}");
    let history = renova.audit_page(&clara, &store::AuditFilter::default()).await.unwrap().entries;
    assert_eq!(history.iter().filter(|entry| entry.action == "embed.session_created").count(), 3);
}

#[tokio::test]
async fn the_platform_says_who_somebody_is() {
    let harness = support::platform().await;
    let renova = harness.renova();
    let new = |role, name: &str| renewal::NewEmbedSession {
        user: VouchedUser {
            external_id: "u-17".to_owned(),
            profile: UserProfile {
                name: name.to_owned(),
                email: "Nina@boreal.example".to_owned(),
                locale: Some("en".to_owned()),
                role,
            },
        },
        ..support::clara_at(HOST)
    };
    let (token, embed_id) = support::token(renova, new(Role::Agent, "Nina")).await;
    let answer = harness.send(redeem(&token, HOST, &embed_id)).await;
    let redeemed = json_of(&answer);
    assert_eq!((&redeemed["locale"], &redeemed["role"]), (&"en".into(), &"agent".into()));
    assert!((590..=600).contains(&redeemed["expires_in"].as_i64().unwrap()), "{redeemed}");
    assert!(redeemed["expires_at"].as_str().unwrap().ends_with('Z'), "{redeemed}");
    let bearer = redeemed["bearer"].as_str().unwrap();
    let refused = harness.send(call("start_renewal", bearer, "")).await;
    assert_eq!((refused.status, code_of(&refused)), (StatusCode::FORBIDDEN, "forbidden".to_owned()));
    let refused = harness.send(call("open_login", bearer, "renewal_id=x&ticket=y")).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN, "role before look-up");

    support::token(renova, new(Role::Admin, "Nina Reis")).await;
    let nina = renova.storage().user_by_email("nina@boreal.example").await.unwrap().unwrap();
    assert_eq!((nina.name.as_str(), nina.role, nina.password_hash), ("Nina Reis", Role::Admin, None));
    assert_eq!(
        harness.send(call("start_renewal", bearer, "")).await.status,
        StatusCode::OK,
        "as the platform says now"
    );
    let taken = renewal::NewEmbedSession {
        user: VouchedUser { external_id: "u-18".to_owned(), ..new(Role::Agent, "X").user },
        ..support::clara_at(HOST)
    };
    let refused = renova.create_embed_session(&support::key(None), taken).await;
    assert!(matches!(refused, Err(Error::EmailTaken)), "{refused:?}");
}

#[tokio::test]
async fn vouching_for_somebody_is_no_way_to_more() {
    let harness = support::platform().await;
    let renova = harness.renova();
    let clara = harness.identity(CLARA).await;
    let as_told = |external_id: &str, email: &str, role| {
        let mut new = support::clara_at(HOST);
        new.user.external_id = external_id.to_owned();
        new.user.profile.email = email.to_owned();
        new.user.profile.role = role;
        new
    };
    let own = support::key(Some(clara.organization));
    for new in [
        as_told("x", "x@boreal.example", Role::Admin),
        as_told("x", CLARA, Role::Admin),
        as_told("clara", "x@boreal.example", Role::Admin),
        as_told("clara", CLARA, Role::Agent),
    ] {
        let refused = renova.create_embed_session(&own, new).await;
        assert!(matches!(refused, Err(Error::PlatformOnly)), "an organization's key: {refused:?}");
    }
    assert!(renova.storage().user_by_email("x@boreal.example").await.unwrap().is_none());

    // Invited here, so nobody's by an id of the platform.
    let added = NewUser {
        email: "invited@boreal.example".to_owned(),
        name: "Invited".to_owned(),
        role: Role::Admin,
        external_id: None,
        password: "a-long-password".into(),
    };
    renova.add_user("boreal", added.clone()).await.unwrap();
    let refused = renova.create_embed_session(&own, as_told("y", "invited@boreal.example", Role::Agent)).await;
    assert!(matches!(refused, Err(Error::PlatformOnly)), "{refused:?}");
    assert!(renova.create_embed_session(&own, as_told("own", "invited@boreal.example", Role::Admin)).await.is_ok());
    let added = NewUser { email: "second@boreal.example".to_owned(), ..added };
    renova.add_user("boreal", added).await.unwrap();
    let platform = support::key(None);
    let refused = renova.create_embed_session(&platform, as_told("y", "second@boreal.example", Role::Agent)).await;
    assert!(matches!(refused, Err(Error::EmailTaken)), "by an e-mail with another role: {refused:?}");
    let joined = as_told("y", "second@boreal.example", Role::Admin);
    assert!(renova.create_embed_session(&platform, joined).await.is_ok());
}

#[tokio::test]
async fn both_elements_of_a_page_bring_a_new_person() {
    let harness = support::platform().await;
    let renova = harness.renova();
    let new = || {
        let mut new = support::clara_at(HOST);
        new.user.external_id = "u-99".to_owned();
        new.user.profile.email = "both@boreal.example".to_owned();
        new
    };
    let key = support::key(None);
    let sessions = (0..4).map(|_| renova.create_embed_session(&key, new()));
    for session in futures::future::join_all(sessions).await {
        assert!(session.is_ok(), "{session:?}");
    }
}

#[tokio::test]
async fn a_page_that_shows_the_components_itself_may_read_its_answers() {
    let harness = support::platform().await;
    let (token, embed_id) = support::token(harness.renova(), support::clara_at(HOST)).await;
    let readable = |answer: &Answer, by: &str| {
        assert_eq!(answer.header("access-control-allow-origin"), by, "{}", answer.body);
        assert!(answer.header("vary").contains("origin"));
        assert!(answer.headers.get("access-control-allow-credentials").is_none());
        assert!(answer.headers.get("set-cookie").is_none());
    };
    let answer = harness.send(redeem_from(HOST, &token, HOST, &embed_id)).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    readable(&answer, HOST);
    let bearer = json_of(&answer)["bearer"].as_str().unwrap().to_owned();
    let alerts = harness.send(call_from(HOST, "alerts", &bearer, "")).await;
    assert_eq!(json_of(&alerts)["items"].as_array().unwrap().len(), 1);
    readable(&alerts, HOST);
    readable(&harness.send(call("alerts", &bearer, "")).await, "");

    for (from, status, by) in [
        (ELSEWHERE, StatusCode::FORBIDDEN, ""),
        (PLATFORM, StatusCode::FORBIDDEN, ""),
        ("https://evil.example", StatusCode::FORBIDDEN, ""),
        ("null", StatusCode::FORBIDDEN, ""),
    ] {
        let answer = harness.send(call_from(from, "alerts", &bearer, "")).await;
        assert_eq!((answer.status, code_of(&answer).as_str()), (status, "origin_foreign"), "{from}");
        readable(&answer, by);
    }
    let over = harness.send(call_from(HOST, "alerts", "ef_nothing", "")).await;
    assert_eq!((over.status, code_of(&over).as_str()), (StatusCode::UNAUTHORIZED, "session_over"));
    readable(&over, HOST);
    let mut unsaid = call("alerts", &bearer, "");
    unsaid.headers_mut().remove("origin");
    let unsaid = harness.send(unsaid).await;
    assert_eq!((unsaid.status, code_of(&unsaid).as_str()), (StatusCode::FORBIDDEN, "origin_required"));
}

#[tokio::test]
async fn browsers_ask_beforehand() {
    let harness = support::platform().await;
    let ask = |from: &str| {
        Request::options("/embed/api/alerts")
            .header("host", "127.0.0.1:3000")
            .header("origin", from)
            .header("access-control-request-method", "POST")
            .header("access-control-request-headers", "authorization,content-type")
            .body(Body::empty())
            .unwrap()
    };
    for from in [HOST, ELSEWHERE, PLATFORM] {
        let answer = harness.send(ask(from)).await;
        assert_eq!((answer.status, answer.header("access-control-allow-origin")), (StatusCode::NO_CONTENT, from));
        assert_eq!(answer.header("access-control-allow-headers"), "authorization, content-type, accept");
        assert_eq!(answer.header("access-control-allow-methods"), "POST");
        assert!(answer.headers.get("access-control-allow-credentials").is_none());
    }
    for from in ["https://evil.example", "https://sub.host.example", "null", ORIGIN] {
        let answer = harness.send(ask(from)).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{from}");
        assert!(answer.headers.get("access-control-allow-origin").is_none(), "{from}");
    }
}

#[tokio::test]
async fn a_session_ends_with_its_page() {
    let harness = support::platform().await;
    let bearer = support::bearer(&harness, support::clara_at(HOST)).await;
    assert_eq!(harness.send(call("alerts", &bearer, "")).await.status, StatusCode::OK);
    harness.renova().remove_embed_origin(&harness.identity(CLARA).await, HOST).await.unwrap();
    let answer = harness.send(call("alerts", &bearer, "")).await;
    assert_eq!((answer.status, code_of(&answer).as_str()), (StatusCode::UNAUTHORIZED, "session_over"));
}

#[tokio::test]
async fn agents_leave_the_list_of_pages_alone() {
    let harness = support::platform().await;
    let bruno = harness.identity(crate::harness::BRUNO).await;
    let renova = harness.renova();
    assert!(matches!(renova.embed_origins(&bruno).await, Err(Error::Forbidden)));
    assert!(matches!(renova.add_embed_origin(&bruno, HOST).await, Err(Error::Forbidden)));
    assert!(matches!(renova.remove_embed_origin(&bruno, ELSEWHERE).await, Err(Error::Forbidden)));
    assert!(matches!(renova.embed_id(&bruno).await, Err(Error::Forbidden)));
    let ana = harness.identity(ANA).await;
    let origins = renova.embed_origins(&ana).await.unwrap();
    assert_eq!((origins.own, origins.platform), (vec![ELSEWHERE.to_owned()], vec![PLATFORM.to_owned()]));
    assert!(matches!(renova.add_embed_origin(&ana, "http://host.example").await, Err(Error::Invalid { .. })));
}
