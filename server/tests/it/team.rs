//! The team, one's own account and links by mail, over HTTP.

use axum::http::StatusCode;

use crate::harness::{ANA, Answer, BRUNO, CLARA, Harness, call};

const INVENTED: &str = "01936f00-0000-7000-8000-000000000000";
const TEAM: [&str; 4] = ["invite", "withdraw_invitation", "set_role", "remove_person"];

/// A plain form of ours.
async fn post(harness: &Harness, name: &str, cookie: &str, form: &str) -> Answer {
    let mut request = call(name, cookie, form);
    request.headers_mut().insert("accept", "text/html".parse().unwrap());
    harness.send(request).await
}

fn fields(person: &str) -> String {
    format!("user_id={person}&invitation_id={person}&role=admin&email=gil%40aurora.example")
}

#[tokio::test]
async fn the_team_is_the_administrators() {
    let harness = Harness::new().await;
    let (ana, bruno) = (harness.session(ANA).await, harness.session(BRUNO).await);
    let page = harness.open("/settings/people", &ana).await;
    assert_eq!(page.status, StatusCode::OK);
    for part in ["ana@aurora.example", "bruno@aurora.example", "Convidar alguém"] {
        assert!(page.body.contains(part), "{part}");
    }
    assert!(!page.body.contains(CLARA), "another organization's");
    let refused = harness.open("/settings/people", &bruno).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert!(refused.body.contains("Administradores: Ana Souza.") && !refused.body.contains(BRUNO), "it explains");
    assert_eq!(harness.open("/settings/people", "").await.header("location"), "/login?next=%2Fsettings%2Fpeople");
    for name in TEAM {
        assert_eq!(harness.send(call(name, &bruno, &fields(INVENTED))).await.status, StatusCode::FORBIDDEN, "{name}");
        assert_eq!(harness.send(call(name, "", &fields(INVENTED))).await.status, StatusCode::UNAUTHORIZED, "{name}");
    }
    let clara = harness.identity(CLARA).await.user.to_string();
    for name in &TEAM[1..] {
        for id in [clara.as_str(), INVENTED, "x"] {
            let answer = harness.send(call(name, &ana, &fields(id))).await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{name} {id}");
        }
    }
    for name in ["change_password", "set_language", "log_out_everywhere"] {
        let answer = harness.send(call(name, "", "current=x&password=y&locale=en")).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{name}");
        assert_eq!(post(&harness, name, "", "current=x&password=y&locale=en").await.header("location"), "/login");
    }
}

#[tokio::test]
async fn a_link_is_shown_once_and_used_once() {
    let harness = Harness::new().await;
    let ana = harness.session(ANA).await;
    let made = post(&harness, "invite", &ana, "email=gil%40aurora.example&role=agent").await;
    assert_eq!(made.header("location"), "/settings/people?done=invited");
    let cookie = made.header("set-cookie").to_owned();
    for part in ["renova_invitation=", "Path=/settings/people", "HttpOnly", "SameSite=Strict"] {
        assert!(cookie.contains(part), "{part} in {cookie}");
    }
    let token = cookie.split(['=', ';']).nth(1).unwrap();
    assert!(!made.body.contains(token) && !made.header("location").contains(token), "it is in no address");
    let both = format!("{ana}; renova_invitation={token}");
    let page = harness.open("/settings/people", &both).await;
    assert!(page.body.contains(&format!("/invitation?token={token}")), "shown");
    assert!(page.header("set-cookie").contains("Max-Age=0"), "and forgotten");
    assert!(!harness.open("/settings/people", &ana).await.body.contains(token));
    let clara = harness.session(CLARA).await;
    let foreign = harness.open("/settings/people", &format!("{clara}; renova_invitation={token}")).await;
    assert!(!foreign.body.contains(token), "of another organization");

    let path = format!("/invitation?token={token}");
    let page = harness.open(&path, "").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body.contains("Entrar em Loja Aurora") && page.body.contains("gil@aurora.example"));
    let short = post(&harness, "accept_invitation", "", &format!("token={token}&name=Gil&password=short")).await;
    assert_eq!(short.header("location"), format!("{path}&error=weak_password"));
    let form = format!("token={token}&name=Gil+Nunes&password=long-enough");
    let joined = post(&harness, "accept_invitation", "", &form).await;
    assert_eq!((joined.status, joined.header("location")), (StatusCode::SEE_OTHER, "/"));
    let session = joined.header("set-cookie").split(';').next().unwrap().to_owned();
    assert_eq!(harness.open("/", &session).await.status, StatusCode::OK);
    assert_eq!(harness.open("/settings/people", &session).await.status, StatusCode::FORBIDDEN, "an agent");
    let again = harness.send(call("accept_invitation", "", &form)).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", again.body);
    for path in [path.as_str(), "/invitation", "/invitation?token=x"] {
        let over = harness.open(path, "").await;
        assert_eq!(over.status, StatusCode::GONE, "{path}");
        assert!(over.body.contains("Este convite não vale mais"), "{path}");
    }
}

#[tokio::test]
async fn refusals_are_said_beside_the_form() {
    let harness = Harness::new().await;
    let clara = harness.session(CLARA).await;
    let own = harness.identity(CLARA).await.user;
    for name in ["set_role", "remove_person"] {
        let form = format!("user_id={own}&role=agent");
        assert_eq!(harness.send(call(name, &clara, &form)).await.status, StatusCode::CONFLICT, "{name}");
        let location = post(&harness, name, &clara, &form).await.header("location").to_owned();
        assert_eq!(location, "/settings/people?error=last_admin");
        assert!(harness.open(&location, &clara).await.body.contains("ao menos um administrador"));
    }
    let taken = post(&harness, "invite", &clara, "email=clara%40boreal.example&role=agent").await;
    assert_eq!(taken.header("location"), "/settings/people?error=in_team");
    assert!(harness.open(taken.header("location"), &clara).await.body.contains("já faz parte da equipe"));
    let wrong = post(&harness, "change_password", &clara, "current=wrong&password=long-enough").await;
    assert_eq!(wrong.header("location"), "/account?error=wrong_password");
}

#[tokio::test]
async fn a_removed_person_is_out_at_once() {
    let harness = Harness::new().await;
    let (ana, bruno) = (harness.session(ANA).await, harness.session(BRUNO).await);
    let id = harness.identity(BRUNO).await.user;
    post(&harness, "set_role", &ana, &format!("user_id={id}&role=admin")).await;
    assert_eq!(harness.open("/settings/people", &bruno).await.status, StatusCode::OK, "an administrator at once");
    post(&harness, "remove_person", &ana, &format!("user_id={id}")).await;
    assert_eq!(harness.open("/", &bruno).await.status, StatusCode::SEE_OTHER);
    let overview = harness.open("/", &ana).await;
    assert!(overview.body.contains("Ana Souza removeu Bruno Alves da equipe"));
}

#[tokio::test]
async fn a_language_holds_from_the_next_page_on() {
    let harness = Harness::new().await;
    let bruno = harness.session(BRUNO).await;
    let done = post(&harness, "set_language", &bruno, "locale=en").await;
    let page = harness.open(done.header("location"), &bruno).await;
    assert!(page.body.contains("lang=\"en\"") && page.body.contains("Where you are logged in"));
    assert_eq!(harness.send(call("set_language", &bruno, "locale=fr")).await.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn whoever_asks_for_a_link_hears_the_same_for_every_address() {
    let harness = Harness::new().await;
    let mut answers = Vec::new();
    for email in ["ana%40aurora.example", "nobody%40aurora.example", ""] {
        let answer = post(&harness, "ask_for_reset", "", &format!("email={email}")).await;
        answers.push((answer.status, answer.header("location").to_owned(), answer.body));
    }
    assert!(answers.iter().all(|it| *it == answers[0]), "{answers:?}");
    let page = harness.open(&answers[0].1, "").await;
    assert!(page.body.contains("Se houver uma conta com este e-mail"));
}

#[tokio::test]
async fn the_sessions_of_another_are_not_listed() {
    let harness = Harness::new().await;
    let (ana, _) = (harness.session(ANA).await, harness.session(BRUNO).await);
    let page = harness.open("/account", &ana).await.body;
    assert_eq!(page.matches("Entrada em").count(), 1);
    let everywhere = post(&harness, "log_out_everywhere", &ana, "").await;
    assert!(everywhere.header("set-cookie").contains("Max-Age=0"));
    assert_eq!(harness.open("/", &ana).await.status, StatusCode::SEE_OTHER);
}
