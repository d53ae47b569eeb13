//! A token or a bearer in other hands, in other places, or at another time opens nothing.

use axum::{
    body::Body,
    http::{Request, StatusCode},
};
use proptest::{prelude::*, test_runner::TestRunner};
use sha2::{Digest as _, Sha256};

use super::support::{self, ELSEWHERE, HOST, PLATFORM, call, call_from, code_of, redeem, redeem_from};
use crate::harness::{ANA, CLARA, Harness, ORIGIN};

#[derive(Clone, Debug)]
enum Theft {
    /// A frame is handed the token by another page, or another page asks itself, in its own name or in
    /// the right one.
    OtherPage {
        page: String,
        asks_itself: bool,
        in_its_name: bool,
    },
    AfterItsEnd,
    OtherOrganization,
    Altered {
        at: usize,
        to: char,
        bearer: bool,
    },
    Twice,
    /// Something else than the functions of banner and wizard.
    OtherFunction(String),
    /// The bearer in the hands of another page.
    BearerFrom(String),
    /// Where sessions and keys count.
    OtherDoor {
        path: String,
        door: Door,
        bearer: bool,
    },
}

#[derive(Clone, Copy, Debug)]
enum Door {
    Header,
    SessionCookie,
    /// As a key of the platform would be sent.
    AsKey,
}

fn pages() -> impl Strategy<Value = String> {
    let known = [
        "https://evil.example",
        "https://sub.host.example",
        "https://host.example.evil.example",
        "https://host.example:8443",
        "http://host.example",
        "https://HOST.example",
        "https://host.example/",
        "https://host.example, https://evil.example",
        "http://host.localhost:4000",
        ELSEWHERE,
        PLATFORM,
        "null",
        "*",
        "file://",
    ];
    prop_oneof![prop::sample::select(known.to_vec()).prop_map(str::to_owned), "https://[a-z]{1,8}\\.host\\.example"]
}

fn functions() -> impl Strategy<Value = String> {
    let others = [
        "page",
        "overview",
        "login",
        "logout",
        "set_password",
        "disconnect",
        "disconnect_channel",
        "sign_review",
        "story_options",
        "set_warnings",
        "set_organization",
        "change_password",
        "invite",
        "set_role",
        "remove_person",
        "log_out_everywhere",
        "live",
        "redeem",
        "..%2Fpage",
        "%2e%2e",
        "alerts%00",
        "ALERTS",
        "alerts%2F",
    ];
    prop_oneof![prop::sample::select(others.to_vec()).prop_map(str::to_owned), "[b-z]{1,4}_x"]
}

fn thefts() -> impl Strategy<Value = Theft> {
    let paths = ["/api/ui/alerts", "/api/ui/page", "/api/ui/start_renewal", "/api/v1/meta-events", "/", "/settings"];
    prop_oneof![
        4 => (pages(), any::<bool>(), any::<bool>()).prop_map(|(page, asks_itself, in_its_name)| {
            // A frame has no name but that of the page which handed the token over.
            Theft::OtherPage { page, asks_itself, in_its_name: in_its_name || !asks_itself }
        }),
        1 => Just(Theft::AfterItsEnd),
        1 => Just(Theft::OtherOrganization),
        3 => (0_usize..46, "[A-Za-z0-9_ -]", any::<bool>())
            .prop_map(|(at, to, bearer)| Theft::Altered { at, to: to.chars().next().unwrap(), bearer }),
        1 => Just(Theft::Twice),
        3 => functions().prop_map(Theft::OtherFunction),
        3 => pages().prop_map(Theft::BearerFrom),
        3 => (
            prop::sample::select(paths.to_vec()),
            prop::sample::select(vec![Door::Header, Door::SessionCookie, Door::AsKey]),
            any::<bool>(),
        )
            .prop_map(|(path, door, bearer)| Theft::OtherDoor { path: path.to_owned(), door, bearer }),
    ]
}

/// What the thief got to hear.
struct Heard {
    status: StatusCode,
    code: String,
}

impl Heard {
    fn of(answer: &crate::harness::Answer) -> Self {
        let code = serde_json::from_str::<serde_json::Value>(&answer.body).ok();
        let code = code.and_then(|body| body["code"].as_str().map(str::to_owned)).unwrap_or_default();
        assert!(answer.headers.get("set-cookie").is_none());
        assert!(!answer.body.contains("ef_"), "a bearer was given away: {}", answer.body);
        Self { status: answer.status, code }
    }

    fn is_refusal(&self) -> bool {
        // Pages lead to the log-in, functions and the API say so.
        self.status.is_client_error() || self.status == StatusCode::SEE_OTHER
    }
}

fn altered(secret: &str, at: usize, to: char) -> Option<String> {
    let changed: String = secret.chars().enumerate().map(|(number, it)| if number == at { to } else { it }).collect();
    (changed != secret).then_some(changed)
}

fn at_another_door(path: &str, door: Door, secret: &str) -> Request<Body> {
    let request = match path.starts_with("/api") {
        true => Request::post(path).header("content-type", "application/x-www-form-urlencoded"),
        false => Request::get(path),
    };
    let request = request
        .header("host", "127.0.0.1:3000")
        .header("origin", ORIGIN)
        .header("accept", if path.starts_with("/api") { "application/json" } else { "text/html" });
    let request = match door {
        Door::Header => request.header("authorization", format!("Bearer {secret}")),
        Door::SessionCookie => request.header("cookie", format!("renova_session={secret}")),
        Door::AsKey => request.header("authorization", format!("Bearer rk_{}", &secret[3..])),
    };
    request.body(Body::empty()).unwrap()
}

struct Scene {
    harness: Harness,
    boreal: String,
    aurora: String,
    database: String,
}

impl Scene {
    async fn end(&self, token: &str) {
        let mut connection = <sqlx::SqliteConnection as sqlx::Connection>::connect(&self.database).await.unwrap();
        let hash: [u8; 32] = Sha256::digest(token.as_bytes()).into();
        let ended = sqlx::query("UPDATE embed_sessions SET expires_at = created_at WHERE token_hash = $1")
            .bind(hash.as_slice())
            .execute(&mut connection)
            .await
            .unwrap();
        assert_eq!(ended.rows_affected(), 1);
    }

    async fn redeemed(&self, token: &str) -> Result<String, Heard> {
        let answer = self.harness.send(redeem(token, HOST, &self.boreal)).await;
        if answer.status != StatusCode::OK {
            return Err(Heard::of(&answer));
        }
        Ok(support::json_of(&answer)["bearer"].as_str().unwrap().to_owned())
    }

    /// The theft, and whether the rightful owner can still use the token afterwards.
    async fn steal(&self, token: &str, theft: &Theft) -> (Heard, bool) {
        let harness = &self.harness;
        let send = async |request| Heard::of(&harness.send(request).await);
        match theft {
            Theft::OtherPage { page, asks_itself, in_its_name } => {
                let from = if *asks_itself { page.as_str() } else { ORIGIN };
                let named = if *in_its_name { page.as_str() } else { HOST };
                (send(redeem_from(from, token, named, &self.boreal)).await, true)
            }
            Theft::AfterItsEnd => {
                self.end(token).await;
                (send(redeem(token, HOST, &self.boreal)).await, false)
            }
            Theft::OtherOrganization => (send(redeem(token, HOST, &self.aurora)).await, true),
            Theft::Altered { at, to, bearer: false } => {
                let Some(changed) = altered(token, *at, *to) else { return (Heard::nothing_tried(), true) };
                (send(redeem(&changed, HOST, &self.boreal)).await, true)
            }
            Theft::Altered { at, to, bearer: true } => {
                let bearer = self.redeemed(token).await.ok().unwrap();
                let Some(changed) = altered(&bearer, *at, *to) else { return (Heard::nothing_tried(), false) };
                // What a header cannot carry is refused by the browser.
                (send(call("alerts", changed.trim(), "")).await, false)
            }
            Theft::Twice => {
                assert!(self.redeemed(token).await.is_ok());
                (send(redeem(token, HOST, &self.boreal)).await, false)
            }
            Theft::OtherFunction(name) => {
                let bearer = self.redeemed(token).await.ok().unwrap();
                (send(call(name, &bearer, "")).await, false)
            }
            Theft::BearerFrom(page) => {
                let bearer = self.redeemed(token).await.ok().unwrap();
                (send(call_from(page, "alerts", &bearer, "")).await, false)
            }
            Theft::OtherDoor { path, door, bearer } => {
                let secret = if *bearer { self.redeemed(token).await.ok().unwrap() } else { token.to_owned() };
                (send(at_another_door(path, *door, &secret)).await, !bearer)
            }
        }
    }
}

impl Heard {
    fn nothing_tried() -> Self {
        Self { status: StatusCode::UNAUTHORIZED, code: String::new() }
    }
}

#[test]
fn a_stolen_session_opens_nothing() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let scene = runtime.block_on(async {
        let harness = support::platform().await;
        let renova = harness.renova();
        let boreal = renova.embed_id(&harness.identity(CLARA).await).await.unwrap();
        let aurora = renova.embed_id(&harness.identity(ANA).await).await.unwrap();
        let database = harness.database();
        Scene { harness, boreal, aurora, database }
    });
    let mut runner = TestRunner::new(ProptestConfig {
        cases: ProptestConfig::default().cases.max(1_000),
        failure_persistence: None,
        ..ProptestConfig::default()
    });
    let outcome = runner.run(&thefts(), |theft| {
        runtime.block_on(async {
            let (token, _) = support::token(scene.harness.renova(), support::clara_at(HOST)).await;
            let (heard, still_good) = scene.steal(&token, &theft).await;
            prop_assert!(heard.is_refusal(), "{theft:?}: {} {}", heard.status, heard.code);
            // The refusal was for the theft: the token itself was good.
            let bearer = scene.redeemed(&token).await;
            prop_assert_eq!(bearer.is_ok(), still_good, "{:?}", theft);
            if let Ok(bearer) = bearer {
                let answer = scene.harness.send(call("alerts", &bearer, "")).await;
                prop_assert_eq!(answer.status, StatusCode::OK);
            }
            Ok(())
        })
    });
    outcome.unwrap();
}

#[tokio::test]
async fn a_session_of_somebody_else_in_the_browser_makes_no_difference() {
    let harness = support::platform().await;
    let (ana, clara) = (harness.session(ANA).await, support::bearer(&harness, support::clara_at(HOST)).await);
    let mut with_cookie = call("alerts", &clara, "");
    with_cookie.headers_mut().insert("cookie", ana.parse().unwrap());
    let answer = harness.send(with_cookie).await;
    let names: Vec<_> = support::json_of(&answer)["items"].as_array().unwrap().clone();
    assert_eq!(names.len(), 1, "Clara's one connection, not those of Ana: {names:?}");

    let mut without_bearer = call("alerts", "", "");
    without_bearer.headers_mut().remove("authorization");
    without_bearer.headers_mut().insert("cookie", ana.parse().unwrap());
    let answer = harness.send(without_bearer).await;
    assert_eq!((answer.status, code_of(&answer).as_str()), (StatusCode::UNAUTHORIZED, "session_over"));
}
