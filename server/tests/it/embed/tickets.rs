//! A click in an embed opens a window without a session: whoever looks at it must also look at the embed.

use axum::{
    body::Body,
    http::{Request, StatusCode},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use lifecycle::ids::RenewalId;

use super::support::{self, HOST, call, code_of, json_of};
use crate::harness::{ANA, Answer, CLARA, Harness, navigation};

/// What the browser makes inside the click.
fn ticket(number: u8) -> String {
    URL_SAFE_NO_PAD.encode([number; 32])
}

/// Clara has begun a renewal in the frame.
struct Scene {
    harness: Harness,
    bearer: String,
    renewal: RenewalId,
}

impl Scene {
    async fn new() -> Self {
        let harness = support::platform().await;
        let bearer = support::bearer(&harness, support::clara_at(HOST)).await;
        let alerts = json_of(&harness.send(call("alerts", &bearer, "")).await);
        let connection = alerts["items"][0]["connection_id"].as_str().unwrap().to_owned();
        let begun = harness.send(call("start_renewal", &bearer, &format!("connection_id={connection}"))).await;
        let renewal = json_of(&begun).as_str().unwrap().parse().unwrap();
        Self { harness, bearer, renewal }
    }

    /// The frame tells the server of the click; answers the number that it then shows.
    async fn click(&self, ticket: &str, window: &str) -> String {
        let form = format!("renewal_id={}&ticket={ticket}&window={window}", self.renewal);
        let answer = self.harness.send(call("open_login", &self.bearer, &form)).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
        assert!(answer.headers.get("set-cookie").is_none());
        json_of(&answer)["number"].as_str().unwrap().to_owned()
    }

    fn path(&self, window: &str, ticket: &str) -> String {
        format!("/connect/{}?in={window}&ticket={ticket}", self.renewal)
    }

    async fn open_from(&self, path: &str, site: &str) -> Answer {
        let mut request = navigation(path, "");
        request.headers_mut().insert("sec-fetch-site", site.parse().unwrap());
        self.harness.send(request).await
    }

    /// Somebody opens the window from an address alone, as from a link that was forwarded.
    async fn open(&self, path: &str) -> Answer {
        self.open_from(path, "none").await
    }

    fn answer(&self, ticket: &str, number: &str) -> Request<Body> {
        Request::post(format!("/connect/{}/number", self.renewal))
            .header("host", "127.0.0.1:3000")
            .header("sec-fetch-site", "same-origin")
            .header("accept", "text/html")
            .header("content-type", "application/x-www-form-urlencoded")
            .body(Body::from(format!("ticket={ticket}&number={number}")))
            .unwrap()
    }

    async fn attempts(&self) -> i64 {
        let mut connection =
            <sqlx::SqliteConnection as sqlx::Connection>::connect(&self.harness.database()).await.unwrap();
        sqlx::query_scalar("SELECT count(*) FROM login_attempts").fetch_one(&mut connection).await.unwrap()
    }

    /// Nothing has begun: no attempt, no cookie, nothing of it at Meta.
    async fn assert_nothing(&self, answer: &Answer) {
        assert!(answer.headers.get("set-cookie").is_none(), "{}", answer.body);
        assert_eq!(self.attempts().await, 0);
        assert_eq!(self.harness.calls(), 0);
    }
}

fn numbers(page: &Answer) -> Vec<String> {
    let values = page.body.split("name=\"number\" value=\"").skip(1);
    values.map(|rest| rest.split('"').next().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn whoever_sees_the_embed_goes_on_to_meta() {
    let scene = Scene::new().await;
    let (ticket, before) = (ticket(1), scene.open(&scene.path("popup", &ticket(1))).await);
    assert!(before.status == StatusCode::OK && before.body.contains("Um momento"), "{}", before.body);
    let again = format!("url=/connect/{}?in=popup&amp;ticket={ticket}&amp;looks=1&amp;match=true", scene.renewal);
    assert!(before.body.contains(&again) && numbers(&before).is_empty(), "{}", before.body);

    let right = scene.click(&ticket, "popup").await;
    // Also where our own frame has opened it: a pop-up always asks.
    for site in ["none", "same-origin", "cross-site"] {
        let page = scene.open_from(&scene.path("popup", &ticket), site).await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.body);
        let shown = numbers(&page);
        assert!(shown.len() == 3 && shown.contains(&right), "{shown:?} without {right}");
        assert!(
            shown.iter().all(|it| it.len() == 2)
                && shown[0] != shown[1]
                && shown[1] != shown[2]
                && shown[0] != shown[2]
        );
        for part in ["Clara Lima", "Café Boreal", "Qual número aparece no painel?"] {
            assert!(page.body.contains(part), "{part} in {}", page.body);
        }
        assert!(!page.body.contains("Renova") && !page.body.contains("<a "), "the platform's, without a way out");
        let policy = page.header("content-security-policy");
        assert!(policy.contains("form-action 'self' http://localhost:"), "the form leads on to Meta: {policy}");
        assert!(policy.contains("frame-ancestors 'none'"));
        assert_eq!((page.header("x-frame-options"), page.header("referrer-policy")), ("DENY", "same-origin"));
        scene.assert_nothing(&page).await;
    }

    let answer = scene.harness.send(scene.answer(&ticket, &right)).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    assert!(answer.header("location").starts_with("http://localhost:"), "{}", answer.header("location"));
    assert!(answer.header("set-cookie").starts_with("renova_login="), "{}", answer.header("set-cookie"));
    assert_eq!(answer.header("referrer-policy"), "no-referrer");
    assert_eq!(scene.attempts().await, 1);
    let twice = scene.harness.send(scene.answer(&ticket, &right)).await;
    assert_eq!((twice.status, scene.attempts().await), (StatusCode::BAD_REQUEST, 1));
    assert!(scene.open(&scene.path("popup", &ticket)).await.body.contains("Este pedido terminou"));
}

#[tokio::test]
async fn a_wrong_number_burns_the_ticket() {
    let scene = Scene::new().await;
    let ticket = ticket(2);
    let right = scene.click(&ticket, "popup").await;
    let shown = numbers(&scene.open(&scene.path("popup", &ticket)).await);
    let wrong = shown.iter().find(|it| **it != right).unwrap();
    for number in [wrong.as_str(), &right] {
        let answer = scene.harness.send(scene.answer(&ticket, number)).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST);
        assert!(
            answer.body.contains("Este pedido terminou") && answer.body.contains("Nada foi guardado"),
            "{}",
            answer.body
        );
        scene.assert_nothing(&answer).await;
    }
    let page = scene.open(&scene.path("popup", &ticket)).await;
    assert!(page.status == StatusCode::BAD_REQUEST && numbers(&page).is_empty(), "{}", page.body);
}

#[tokio::test]
async fn a_forwarded_window_starts_nothing() {
    let scene = Scene::new().await;
    let mut seconds = <sqlx::SqliteConnection as sqlx::Connection>::connect(&scene.harness.database()).await.unwrap();
    let mut end = async |statement: &'static str| {
        assert_eq!(sqlx::query(statement).execute(&mut seconds).await.unwrap().rows_affected(), 1, "{statement}");
    };
    // After its minute.
    let late = ticket(3);
    let right = scene.click(&late, "popup").await;
    end("UPDATE login_tickets SET expires_at = created_at").await;
    let answer = scene.harness.send(scene.answer(&late, &right)).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    scene.assert_nothing(&answer).await;
    assert!(scene.open(&scene.path("popup", &late)).await.body.contains("Este pedido terminou"));

    // Without a ticket, with one that nobody has made, or that is none.
    for given in [ticket(9), String::new(), "x".to_owned(), "é".to_owned(), "A".repeat(5_000)] {
        let answer = scene.harness.send(scene.answer(&given, "47")).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{given}");
        scene.assert_nothing(&answer).await;
    }
    let looked = scene.open(&format!("{}&looks=8", scene.path("popup", &ticket(9)))).await;
    assert!(
        looked.status == StatusCode::BAD_REQUEST && looked.body.contains("Este pedido terminou"),
        "{}",
        looked.body
    );

    // For another renewal, a number that is none, or from another page.
    let open = ticket(4);
    let right = scene.click(&open, "popup").await;
    let mut foreign = scene.answer(&open, &right);
    foreign.headers_mut().insert("sec-fetch-site", "cross-site".parse().unwrap());
    let answer = scene.harness.send(foreign).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    scene.assert_nothing(&answer).await;
    for number in ["", "x", "-1"] {
        let answer = scene.harness.send(scene.answer(&open, number)).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{number}");
        scene.assert_nothing(&answer).await;
    }
    let ana = scene.harness.identity(ANA).await;
    let connection = scene.harness.renova().storage().connections_of(ana.organization).await.unwrap()[0].id;
    let provider = lifecycle::Provider::Facebook;
    let other = scene.harness.renova().start_renewal(&ana, Some(connection), provider, false).await.unwrap();
    let fresh = ticket(5);
    let right = scene.click(&fresh, "popup").await;
    let elsewhere = Scene { renewal: other, ..scene };
    let page = elsewhere.open(&elsewhere.path("popup", &fresh)).await;
    assert!(page.body.contains("Este pedido terminou"), "{}", page.body);
    let answer = elsewhere.harness.send(elsewhere.answer(&fresh, &right)).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    elsewhere.assert_nothing(&answer).await;
}

#[tokio::test]
async fn a_tab_needs_no_number_where_our_own_frame_has_led() {
    let scene = Scene::new().await;
    let ticket = ticket(6);
    let right = scene.click(&ticket, "tab").await;
    let path = scene.path("tab", &ticket);
    let page = scene.open_from(&path, "same-origin").await;
    assert_eq!(numbers(&page), std::slice::from_ref(&right), "the one button carries it: {}", page.body);
    for part in [">Continuar</button>", "Clara Lima", "Café Boreal"] {
        assert!(page.body.contains(part), "{part} in {}", page.body);
    }
    // From anywhere else it asks, also when the page is loaded again, which comes from itself.
    let mut unsaid = navigation(&path, "");
    unsaid.headers_mut().remove("sec-fetch-site");
    for answer in
        [scene.harness.send(unsaid).await, scene.open(&path).await, scene.open_from(&path, "cross-site").await]
    {
        assert_eq!(
            (answer.status, answer.header("location")),
            (StatusCode::SEE_OTHER, format!("{path}&match=true").as_str())
        );
    }
    let asks = scene.open_from(&format!("{path}&match=true"), "same-origin").await;
    assert_eq!(numbers(&asks).len(), 3, "{}", asks.body);
    // A page that waits for its ticket remembers from where it came.
    let early = scene.path("tab", &super::tickets::ticket(7));
    assert!(scene.open(&early).await.body.contains("match=true"));
    assert!(!scene.open_from(&early, "same-origin").await.body.contains("match"));
    // The address says tab, but the click was for a pop-up.
    let popup = super::tickets::ticket(8);
    scene.click(&popup, "popup").await;
    assert_eq!(numbers(&scene.open_from(&scene.path("tab", &popup), "same-origin").await).len(), 3);
    let answer = scene.harness.send(scene.answer(&ticket, &right)).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
}

#[tokio::test]
async fn frames_and_things_fetched_ahead_are_told_nothing() {
    let scene = Scene::new().await;
    let ticket = ticket(10);
    scene.click(&ticket, "popup").await;
    for (name, value) in [("sec-fetch-dest", "iframe"), ("sec-fetch-mode", "no-cors"), ("sec-purpose", "prefetch")] {
        let mut request = navigation(&scene.path("popup", &ticket), "");
        request.headers_mut().insert(name, value.parse().unwrap());
        let answer = scene.harness.send(request).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{name}");
        assert!(numbers(&answer).is_empty() && !answer.body.contains("Clara"), "{}", answer.body);
    }
}

#[tokio::test]
async fn a_click_is_told_by_the_renewals_own_person_once() {
    let scene = Scene::new().await;
    let (ticket, renewal) = (ticket(11), scene.renewal);
    let tell = async |bearer: &str, renewal: &str, ticket: &str| {
        let form = format!("renewal_id={renewal}&ticket={ticket}&window=popup");
        let answer = scene.harness.send(call("open_login", bearer, &form)).await;
        (answer.status, code_of(&answer))
    };
    let refusal = |status: StatusCode, code: &str| (status, code.to_owned());
    let renewal = renewal.to_string();
    for none in ["", "x", &ticket[1..], &format!("{ticket}A"), &ticket.replace('C', "+")] {
        assert_eq!(
            tell(&scene.bearer, &renewal, none).await,
            refusal(StatusCode::UNPROCESSABLE_ENTITY, "invalid"),
            "{none}"
        );
    }
    assert_eq!(tell(&scene.bearer, "x", &ticket).await, refusal(StatusCode::NOT_FOUND, "not_found"));
    let invented = "01890000-0000-7000-8000-000000000000";
    assert_eq!(tell(&scene.bearer, invented, &ticket).await, refusal(StatusCode::NOT_FOUND, "not_found"));
    scene.click(&ticket, "popup").await;
    assert_eq!(tell(&scene.bearer, &renewal, &ticket).await, refusal(StatusCode::UNPROCESSABLE_ENTITY, "invalid"));

    let clara = scene.harness.identity(CLARA).await;
    let ana = scene.harness.identity(ANA).await;
    scene.harness.renova().add_embed_origin(&ana, HOST).await.unwrap();
    let mut new = support::clara_at(HOST);
    new.organization = "aurora".to_owned();
    (new.user.external_id, new.user.profile.email) = ("ana".to_owned(), ANA.to_owned());
    let (token, embed_id) = support::token(scene.harness.renova(), new).await;
    let answer = scene.harness.send(support::redeem(&token, HOST, &embed_id)).await;
    let foreign = json_of(&answer)["bearer"].as_str().unwrap().to_owned();
    assert_eq!(
        tell(&foreign, &renewal, &super::tickets::ticket(12)).await,
        refusal(StatusCode::NOT_FOUND, "not_found")
    );
    let mut nina = support::clara_at(HOST);
    (nina.user.external_id, nina.user.profile.email) = ("nina".to_owned(), "nina@boreal.example".to_owned());
    let other = support::bearer(&scene.harness, nina).await;
    let refused = tell(&other, &renewal, &super::tickets::ticket(13)).await;
    assert_eq!(refused, refusal(StatusCode::CONFLICT, "other_is_renewing"), "{}", clara.name);
}
