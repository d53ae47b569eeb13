//! The whole way of a renewal in an embed, over HTTP, with the simulated Meta.

use std::net::Ipv4Addr;

use lifecycle::Origin;
use renewal::NewEmbedSession;
use reqwest::{Client, Response, StatusCode, redirect::Policy};
use secrecy::ExposeSecret as _;
use serde_json::{Value, json};
use server::{
    Mount,
    demo::{Demo, DemoOptions, PASSWORD},
    open::Pages,
    stop::Stop,
    web,
};
use tokio::net::TcpListener;

use super::support;
use crate::harness::ANA;

const HOST: &str = "http://host.localhost:4000";

struct World {
    mount: Mount,
    base: String,
    http: Client,
    stop: Stop,
    running: tokio::task::JoinHandle<()>,
    _folder: tempfile::TempDir,
}

async fn free_port() -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    listener.local_addr().unwrap().port()
}

impl World {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let options = DemoOptions {
            port: free_port().await,
            sim_port: free_port().await,
            data_dir: folder.path().to_owned(),
            login_config_id: None,
            embed_origins: vec![HOST.parse::<Origin>().unwrap()],
            brand: renewal::Brand::default(),
        };
        let demo = Demo::open(options, std::sync::Arc::default(), Pages::own()).await.unwrap();
        let (mount, base, stop) = (demo.mount.clone(), demo.address(), Stop::default());
        let router = web::own(&mount, Some(demo.heartbeat.clone()));
        let (ready, is_ready) = tokio::sync::oneshot::channel();
        let running = {
            let stop = stop.clone();
            tokio::spawn(async move { demo.run(router, stop, || ready.send(()).unwrap()).await.unwrap() })
        };
        is_ready.await.unwrap();
        #[expect(clippy::disallowed_methods, reason = "a browser, not a client of Meta")]
        let http = Client::builder().redirect(Policy::none()).build().unwrap();
        Self { mount, base, http, stop, running, _folder: folder }
    }

    /// Clara's frame.
    async fn frame(&self, return_url: Option<&str>) -> Frame<'_> {
        let new = NewEmbedSession { return_url: return_url.map(str::to_owned), ..support::clara_at(HOST) };
        let session = self.mount.ui.renova.create_embed_session(&support::key(None), new).await.unwrap();
        let body = json!({"token": session.token.expose_secret(), "origin": HOST, "embed_id": session.embed_id});
        let request = self.http.post(format!("{}/embed/api/redeem", self.base)).header("origin", &self.base);
        let answer: Value = request.body(body.to_string()).send().await.unwrap().json().await.unwrap();
        Frame { world: self, bearer: answer["bearer"].as_str().unwrap().to_owned() }
    }

    /// A window of a browser in which Ana of another organization is signed in.
    async fn window(&self) -> Window<'_> {
        let session = self.mount.ui.renova.log_in(ANA, &PASSWORD.into()).await.unwrap().unwrap();
        Window { world: self, cookies: format!("renova_session={}", session.token.expose_secret()) }
    }

    async fn end(self) {
        self.stop.request();
        self.running.await.unwrap();
    }
}

struct Frame<'a> {
    world: &'a World,
    bearer: String,
}

impl Frame<'_> {
    async fn call(&self, name: &str, form: &[(&str, &str)]) -> Value {
        let request = self.world.http.post(format!("{}/embed/api/{name}", self.world.base)).form(form);
        let request = request.header("origin", &self.world.base).bearer_auth(&self.bearer);
        let answer = request.header("accept", "application/json").send().await.unwrap();
        assert!(answer.headers().get("set-cookie").is_none());
        let (status, body) = (answer.status(), answer.text().await.unwrap());
        assert_eq!(status, StatusCode::OK, "{name}: {body}");
        serde_json::from_str(&body).unwrap()
    }
}

struct Window<'a> {
    world: &'a World,
    cookies: String,
}

impl Window<'_> {
    async fn open(&mut self, address: &str, site: &str) -> Response {
        let address =
            if address.starts_with('/') { format!("{}{address}", self.world.base) } else { address.to_owned() };
        let request = self.world.http.get(address).header("cookie", &self.cookies).header("accept", "text/html");
        let request = request.header("sec-fetch-site", site).header("accept-language", "pt-BR");
        request.send().await.unwrap()
    }

    /// The number is chosen; answers the address of Meta's dialog.
    async fn answer(&mut self, renewal: &str, ticket: &str, number: &str) -> String {
        let request = self.world.http.post(format!("{}/connect/{renewal}/number", self.world.base));
        let request = request.header("sec-fetch-site", "same-origin").header("cookie", &self.cookies);
        let answer = request.form(&[("ticket", ticket), ("number", number)]).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::SEE_OTHER, "{answer:?}");
        let cookie = answer.headers()["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
        self.cookies = format!("{}; {cookie}", self.cookies);
        location(&answer)
    }

    /// Clara logs in at Meta; answers the address that Meta leads back to.
    async fn reconnect(&self, dialog: &str) -> String {
        let screen = self.world.http.get(dialog).send().await.unwrap().text().await.unwrap();
        let person = screen.split("value=\"").find(|part| part.contains(">Clara Lima<")).unwrap();
        let cookie = format!("sim_person={}", person.split('"').next().unwrap());
        let mut target = url::Url::parse(dialog).unwrap();
        let query = target.query().unwrap().to_owned();
        target.set_query(None);
        let form = [("sim_query", query.as_str()), ("sim_do", "reconnect")];
        location(&self.world.http.post(target).header("cookie", cookie).form(&form).send().await.unwrap())
    }
}

fn location(answer: &Response) -> String {
    answer.headers()["location"].to_str().unwrap().to_owned()
}

/// From the click to *Finalizar* in one kind of window; answers where the window ends.
async fn renewed(world: &World, window: &str, site: &str, return_url: Option<&str>) -> Response {
    let frame = world.frame(return_url).await;
    let alerts = frame.call("alerts", &[]).await;
    assert_eq!(alerts["items"].as_array().unwrap().len(), 1, "{alerts}");
    let connection = alerts["items"][0]["connection_id"].as_str().unwrap();
    let renewal = frame.call("start_renewal", &[("connection_id", connection)]).await;
    let renewal = renewal.as_str().unwrap();
    let ticket = "A".repeat(43);
    let form = [("renewal_id", renewal), ("ticket", ticket.as_str()), ("window", window)];
    let number = frame.call("open_login", &form).await["number"].as_str().unwrap().to_owned();

    let mut other = world.window().await;
    let page = other.open(&format!("/connect/{renewal}?in={window}&ticket={ticket}"), site).await;
    let page = page.text().await.unwrap();
    assert!(page.contains("Clara Lima") && page.contains(&format!("value=\"{number}\"")), "{page}");
    let dialog = other.answer(renewal, &ticket, &number).await;
    let back = other.reconnect(&dialog).await;
    let landed = other.open(&back, "cross-site").await;
    assert_eq!(landed.status(), StatusCode::SEE_OTHER, "{}", landed.text().await.unwrap());
    // Once more: used up.
    assert_eq!(other.open(&back, "cross-site").await.status(), StatusCode::BAD_REQUEST);

    let view = frame.call("renewal", &[("renewal_id", renewal)]).await;
    assert_eq!(view["state"], "logged_in");
    let view = frame.call("exchange", &[("renewal_id", renewal)]).await;
    let accounts = view["accounts"].as_array().unwrap().iter().filter(|it| it["selected"] == true);
    let mut form = vec![("renewal_id", renewal)];
    form.extend(accounts.map(|it| ("accounts[]", it["value"].as_str().unwrap())));
    frame.call("choose", &form).await;
    frame.call("prove", &[("renewal_id", renewal)]).await;
    let view = frame.call("finish", &[("renewal_id", renewal)]).await;
    assert_eq!(view["state"], "finished", "{view}");
    assert_eq!(frame.call("alerts", &[]).await["items"], json!([]));
    landed
}

#[tokio::test]
async fn a_renewal_in_a_pop_up() {
    let world = World::new().await;
    let landed = renewed(&world, "popup", "same-origin", Some("http://host.localhost:4000/meta")).await;
    let address = location(&landed);
    assert!(address.ends_with("/done?in=popup&embed"), "{address}");
    let done = world.window().await.open(&address, "cross-site").await;
    assert_eq!(done.status(), StatusCode::OK);
    let done = done.text().await.unwrap();
    assert!(done.contains("Pode fechar esta janela") && done.contains("popup.js"), "{done}");
    assert!(!done.contains("<a ") && !done.contains("Renova</title>"), "no way into our own pages: {done}");
    world.end().await;
}

#[tokio::test]
async fn a_renewal_in_the_same_tab() {
    let world = World::new().await;
    let page = "http://host.localhost:4000/meta?tab=1";
    let landed = renewed(&world, "tab", "same-origin", Some(page)).await;
    assert_eq!(location(&landed), format!("{page}#"), "nothing of Facebook's own fragment");
    world.end().await;
}
