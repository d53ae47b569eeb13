//! The settings of an organization and its audit log, by their pages.

use axum::http::StatusCode;

use crate::harness::{ANA, Answer, BRUNO, CLARA, Harness, call};

const PAGES: [&str; 3] = ["/settings", "/settings/audit", "/settings/audit?who=renova&what=connection&before=1-x"];

async fn post(harness: &Harness, name: &str, cookie: &str, form: &str) -> Answer {
    let mut request = call(name, cookie, form);
    request.headers_mut().insert("accept", "text/html".parse().unwrap());
    harness.send(request).await
}

#[tokio::test]
async fn they_are_for_administrators_alone() {
    let harness = Harness::new().await;
    let (ana, bruno) = (harness.session(ANA).await, harness.session(BRUNO).await);
    for page in PAGES {
        assert_eq!(harness.open(page, "").await.status, StatusCode::SEE_OTHER, "{page}");
        let answer = harness.open(page, &bruno).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{page}");
        assert!(answer.body.contains("As configurações cabem aos administradores"), "{page}: {}", answer.body);
        assert!(answer.body.contains("Ana Souza"), "{page}: who can");
        assert_eq!(harness.open(page, &ana).await.status, StatusCode::OK, "{page}");
    }
    for name in ["set_warnings", "set_organization"] {
        assert_eq!(harness.send(call(name, &bruno, "time_zone=x")).await.status, StatusCode::FORBIDDEN, "{name}");
        assert_eq!(harness.send(call(name, "", "time_zone=x")).await.status, StatusCode::UNAUTHORIZED, "{name}");
    }
}

#[tokio::test]
async fn a_form_changes_them_and_the_log_says_who() {
    let harness = Harness::new().await;
    let ana = harness.session(ANA).await;
    let saved = post(&harness, "set_warnings", &ana, "days[]=10&days[]=0&from_hour=8&to_hour=20").await;
    assert_eq!((saved.status, saved.header("location")), (StatusCode::SEE_OTHER, "/settings?done=saved"));
    let saved = post(&harness, "set_organization", &ana, "time_zone=europe%2Fmadrid&locale=es").await;
    assert_eq!((saved.status, saved.header("location")), (StatusCode::SEE_OTHER, "/settings?done=saved"));
    let policy = harness.renova().warning_policy(&harness.identity(ANA).await).await.unwrap();
    assert_eq!((policy.thresholds, policy.from_hour, policy.to_hour), (vec![10, 0], 8, 20));
    assert_eq!(harness.identity(ANA).await.time_zone, "Europe/Madrid");

    let log = harness.open("/settings/audit?what=organization", &ana).await.body;
    assert!(log.contains("Ana Souza") && log.contains("10, 0") && log.contains("Europe/Madrid"), "{log}");
    let clara = harness.session(CLARA).await;
    let theirs = harness.open("/settings/audit?what=organization", &clara).await.body;
    assert!(!theirs.contains("Europe/Madrid"), "another organization's");
}

#[tokio::test]
async fn what_is_refused_comes_back_as_it_was_typed() {
    let harness = Harness::new().await;
    let ana = harness.session(ANA).await;
    for (name, form, told, kept) in [
        (
            "set_organization",
            "time_zone=Brasil%22%3E%3Cb&locale=es",
            "Este fuso horário não existe",
            "value=\"Brasil&quot;",
        ),
        ("set_warnings", "days[]=14&from_hour=18&to_hour=9", "termina antes de começar", "value=\"18\" selected"),
        ("set_warnings", "from_hour=9&to_hour=18", "Nenhum dia está marcado", "value=\"14\""),
        ("set_warnings", "days[]=99&from_hour=x&to_hour=18", "termina antes de começar", "value=\"14\""),
    ] {
        let refused = post(&harness, name, &ana, form).await;
        assert_eq!(refused.status, StatusCode::SEE_OTHER, "{form}");
        let page = harness.open(refused.header("location"), &ana).await;
        assert_eq!(page.status, StatusCode::OK, "{form}");
        assert!(page.body.contains(told), "{form}: {}", page.body);
        assert!(page.body.contains(kept), "{form}: {}", page.body);
        assert!(!page.body.contains("Brasil\"><b"), "{form}");
        assert_eq!(harness.send(call(name, &ana, form)).await.status, StatusCode::UNPROCESSABLE_ENTITY, "{form}");
    }
    let log = harness.open("/settings/audit?what=organization", &ana).await.body;
    assert!(log.contains("Nada corresponde a este filtro"), "nothing was changed: {log}");
}

#[tokio::test]
async fn the_gallery_is_shown_to_those_who_develop() {
    let harness = Harness::new().await;
    let ana = harness.session(ANA).await;
    let page = harness.open("/dev/components", &ana).await;
    assert_eq!(page.status, StatusCode::OK);
    for shown in ["data-severity=\"soon\"", "data-severity=\"stopped\"", "aria-current=\"step\"", "timeline-bar"] {
        assert!(page.body.contains(shown), "{shown}");
    }
    let mut mount = harness.mount.clone();
    mount.ui.is_dev = false;
    let released = server::web::own(&mount, None);
    let answer = crate::harness::send(&released, crate::harness::navigation("/dev/components", &ana)).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
}
