//! A Renova on a fresh SQLite file with a simulated Meta beside it, and people who act.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicI64, AtomicU64, Ordering},
    },
};

use lifecycle::{
    Clock, Provider, Role, Timestamp,
    clock::DAY_MS,
    health::TokenProof,
    ids::{ChannelId, ConnectionId, RenewalId},
};
use metasim::{Sim, SimConfig};
use renewal::{
    AdoptedGrant, AdoptedInstagram, AdoptedInstagramLogin, AdoptedPage, ConnectionState, Forwarder, Identity,
    LoginAnswer, LoginOutcome, LoginWindow, Mailer, NewOrganization, NewUser, Notify, Parts, RenewalDetail, Renova,
    WebhookSender,
};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

pub const PASSWORD: &str = "renova-demo";
pub const PUBLIC_URL: &str = "http://127.0.0.1:3000";
pub const APP_SECRET: &str = "sim-app-secret";
pub const INSTAGRAM_SECRET: &str = "sim-instagram-secret";

/// Real time moves only where a test moves it.
const WALL_MS: i64 = 1_795_450_000_000;

/// Unpredictable enough for tests, and the same in every run.
pub struct CountingRandom(AtomicU64);

impl vault::Random for CountingRandom {
    fn fill(&self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(32) {
            let count = self.0.fetch_add(1, Ordering::Relaxed);
            let digest = Sha256::digest(count.to_be_bytes());
            chunk.copy_from_slice(&digest[..chunk.len()]);
        }
    }
}

/// Meta's clock, and by how much ours is wrong.
struct SimClock(Sim, Arc<AtomicI64>);
impl Clock for SimClock {
    fn now(&self) -> Timestamp {
        Timestamp(self.0.now_ms() + self.1.load(Ordering::SeqCst))
    }
}

/// Tests of what is said are the application's.
struct Wordless;
impl renewal::EventWords for Wordless {
    fn sentences(&self, _: &store::Event, _: &store::Organization) -> Vec<(&'static str, String)> {
        Vec::new()
    }
}

struct WallClock(Arc<AtomicI64>);
impl Clock for WallClock {
    fn now(&self) -> Timestamp {
        Timestamp(self.0.load(Ordering::SeqCst))
    }
}

/// How a Renova is set up where a test wants it otherwise than usual.
#[derive(Clone, Default)]
pub struct Setup {
    /// Of the Facebook app.
    pub login_config_id: Option<&'static str>,
    pub forwarder: Option<Arc<dyn Forwarder>>,
    pub webhooks: Option<Arc<dyn WebhookSender>>,
    pub mailer: Option<Arc<dyn Mailer>>,
    pub notify: Notify,
    pub deep_link: Option<&'static str>,
    /// The platform's.
    pub embed_origins: Vec<lifecycle::Origin>,
    /// By so many milliseconds our clock is wrong.
    pub wrong_by: Arc<AtomicI64>,
    /// A fresh SQLite file when absent.
    pub database: Option<String>,
    pub limits: meta::Limits,
}

/// Where the simulated Meta listens, and how it is steered.
pub struct Meta {
    pub sim: Sim,
    pub base: String,
    http: reqwest::Client,
    /// App-scoped ids by name, as the log-in screen has shown them.
    people: Mutex<HashMap<String, String>>,
}

pub struct World {
    pub renova: Arc<Renova>,
    pub meta: Meta,
    pub folder: tempfile::TempDir,
    random: Arc<CountingRandom>,
    setup: Setup,
    wall: Arc<AtomicI64>,
}

impl World {
    pub async fn new() -> Self {
        Self::with(Setup::default()).await
    }

    pub async fn with(setup: Setup) -> Self {
        let meta = Meta::start().await;
        let folder = tempfile::tempdir().unwrap();
        let random = Arc::new(CountingRandom(AtomicU64::new(0)));
        let wall = Arc::new(AtomicI64::new(WALL_MS));
        let renova = open(&meta, &folder, &random, &setup, &wall).await;
        let world = Self { renova, meta, folder, random, setup, wall };
        for (slug, name) in [("boreal", "Café Boreal"), ("aurora", "Loja Aurora")] {
            world.organization(slug, name).await;
        }
        for (slug, name, role) in [
            ("boreal", "Clara", Role::Admin),
            ("aurora", "Ana", Role::Admin),
            ("aurora", "Beatriz", Role::Admin),
            ("aurora", "Bruno", Role::Agent),
        ] {
            world.person(slug, name, role).await;
        }
        world
    }

    pub async fn organization(&self, slug: &str, name: &str) {
        let new = NewOrganization {
            external_id: format!("ext-{slug}"),
            name: name.to_owned(),
            slug: Some(slug.to_owned()),
            ..NewOrganization::default()
        };
        self.renova.add_organization(new).await.unwrap();
    }

    /// Somebody who can sign in by this name.
    pub async fn person(&self, slug: &str, name: &str, role: Role) {
        let new = NewUser {
            email: email(name),
            name: name.to_owned(),
            role,
            external_id: None,
            password: SecretString::from(PASSWORD),
        };
        self.renova.add_user(slug, new).await.unwrap();
    }

    /// The same database and Meta, another process.
    pub async fn restarted(self) -> Self {
        self.renova.storage().close().await;
        let renova = open(&self.meta, &self.folder, &self.random, &self.setup, &self.wall).await;
        Self { renova, ..self }
    }

    /// Another process beside this one, on the same database.
    pub async fn another_process(&self) -> Arc<Renova> {
        open(&self.meta, &self.folder, &self.random, &self.setup, &self.wall).await
    }

    /// What a worker does, until nothing is due.
    pub async fn works(&self) {
        work(&self.renova).await;
    }

    /// Moves real time, by which notifications are passed on.
    pub fn pass(&self, milliseconds: i64) {
        self.wall.fetch_add(milliseconds, Ordering::SeqCst);
    }

    pub async fn signed_in(&self, name: &str) -> Identity {
        let session = self.renova.log_in(&email(name), &SecretString::from(PASSWORD)).await.unwrap().unwrap();
        self.renova.identify(session.token.expose_secret()).await.unwrap().unwrap()
    }

    /// A connection by this Facebook person whose grant ends in so many days; negative: proved dead.
    pub async fn connected(&self, slug: &str, person: &str, ends_in_days: i64) -> ConnectionId {
        self.connected_as(slug, person, ends_in_days, |_| {}).await
    }

    /// The same, where something else is known of the grant than what is so.
    pub async fn connected_as(
        &self,
        slug: &str,
        person: &str,
        ends_in_days: i64,
        known: impl FnOnce(&mut AdoptedGrant),
    ) -> ConnectionId {
        let seeded = self.meta.sim.seed_grant(person, ends_in_days * DAY_MS).unwrap();
        let ended = (seeded.expires_at_ms <= self.meta.sim.now_ms()).then_some(Timestamp(seeded.expires_at_ms));
        let pages = seeded.pages.into_iter().map(|page| AdoptedPage {
            id: page.id,
            name: page.name,
            token: SecretString::from(page.token),
            subscribed_fields: page.subscribed_fields,
            instagram: page.instagram.map(|it| AdoptedInstagram { id: it.id, username: it.username, name: it.name }),
        });
        let mut grant = AdoptedGrant {
            person_id: seeded.user_id,
            person_name: seeded.user_name,
            user_token: SecretString::from(seeded.user_token),
            issued_at: Some(Timestamp(seeded.issued_at_ms)),
            expires_at: Some(Timestamp(seeded.expires_at_ms)),
            data_access_expires_at: Some(Timestamp(seeded.data_access_expires_at_ms)),
            scopes: seeded.scopes,
            pages: pages.collect(),
            proof: if ended.is_some() { TokenProof::Expired } else { TokenProof::Works },
            dead_since: ended,
        };
        known(&mut grant);
        self.renova.adopt_grant(slug, grant).await.unwrap()
    }

    /// A connection of Instagram Login whose token ends in so long, and is so old by what is stored.
    pub async fn connected_by_instagram(
        &self,
        slug: &str,
        username: &str,
        ends_in_ms: i64,
        age_ms: i64,
    ) -> ConnectionId {
        let seeded = self.meta.sim.seed_instagram_grant(username, ends_in_ms).unwrap();
        let grant = AdoptedInstagramLogin {
            id: seeded.account_id,
            username: seeded.username,
            name: seeded.name,
            token: SecretString::from(seeded.token),
            issued_at: Some(self.renova.now().plus(-age_ms)),
            expires_at: Some(Timestamp(seeded.expires_at_ms)),
            scopes: seeded.scopes,
            subscribed_fields: seeded.subscribed_fields,
        };
        self.renova.adopt_instagram_login(slug, grant).await.unwrap()
    }

    /// From *Entrar com o Facebook* to *Reconectar* by this Facebook person.
    pub async fn logs_in_at_meta(&self, who: &Identity, renewal: RenewalId, person: &str) {
        let outcome = self.answers(who, renewal, person, &[("sim_do", "reconnect")]).await;
        assert_eq!(outcome, LoginOutcome::Back { renewal, window: LoginWindow::Popup });
    }

    /// One trip to the dialog that ends with this form.
    pub async fn answers(
        &self,
        who: &Identity,
        renewal: RenewalId,
        person: &str,
        form: &[(&str, &str)],
    ) -> LoginOutcome {
        let start = self.renova.begin_login(who, renewal, LoginWindow::Popup, None).await.unwrap();
        let back = self.meta.dialog(&start.dialog_url, person, form).await;
        self.complete(&back, Some(start.cookie.expose_secret())).await
    }

    pub async fn complete(&self, back: &str, cookie: Option<&str>) -> LoginOutcome {
        self.complete_at(Provider::Facebook, back, cookie).await
    }

    /// Meta's answer at the address of one provider.
    pub async fn complete_at(&self, provider: Provider, back: &str, cookie: Option<&str>) -> LoginOutcome {
        let query = reqwest::Url::parse(back).unwrap();
        let value = |name: &str| query.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned());
        let (state, error, reason) = (value("state"), value("error"), value("error_reason"));
        let code = value("code").map(SecretString::from);
        let answer = LoginAnswer {
            state: state.as_deref(),
            cookie,
            code: code.as_ref(),
            error: error.as_deref(),
            error_reason: reason.as_deref(),
            error_code: None,
            signed_in: None,
        };
        self.renova.complete_login(provider, answer).await.unwrap()
    }

    pub async fn exchanged(&self, who: &Identity, id: RenewalId) -> RenewalDetail {
        self.renova.exchange(who, id).await.unwrap();
        self.renova.renewal(who, id).await.unwrap()
    }

    /// A renewal over Facebook, up to the exchange.
    pub async fn granted(&self, who: &Identity, connection: Option<ConnectionId>, person: &str) -> RenewalId {
        let id = self.renova.start_renewal(who, connection, Provider::Facebook, false).await.unwrap();
        self.logs_in_at_meta(who, id, person).await;
        self.renova.exchange(who, id).await.unwrap();
        id
    }

    /// From the exchange to the proof, with what is ticked at first.
    pub async fn chosen_and_proved(&self, who: &Identity, id: RenewalId) {
        let selected = self.renova.renewal(who, id).await.unwrap().selected();
        self.renova.choose(who, id, selected, false).await.unwrap();
        self.renova.prove(who, id, false).await.unwrap();
    }

    /// From the exchange to the end, with what is ticked at first; answers the connection.
    pub async fn finished(&self, who: &Identity, id: RenewalId) -> ConnectionState {
        self.chosen_and_proved(who, id).await;
        self.renova.finish(who, id).await.unwrap();
        let connection = self.renova.renewal(who, id).await.unwrap().renewal.connection_id.unwrap();
        self.renova.connection(who, connection).await.unwrap()
    }

    /// What the platform is told of this person's organization, oldest first.
    pub async fn events(&self, who: &Identity) -> Vec<(String, Value)> {
        let of_organization = "SELECT kind, data FROM events WHERE organization_id = $1 ORDER BY at, rowid";
        let rows: Vec<(String, String)> = sqlx::query_as(of_organization)
            .bind(who.organization.as_uuid())
            .fetch_all(&mut self.database().await)
            .await
            .unwrap();
        rows.into_iter().map(|(kind, data)| (kind, serde_json::from_str(&data).unwrap())).collect()
    }

    pub async fn count_of_events(&self, who: &Identity, kind: &str) -> usize {
        self.events(who).await.iter().filter(|(it, _)| it == kind).count()
    }

    pub async fn count_in_history(&self, who: &Identity, action: &str) -> usize {
        self.renova.history(who, 500).await.unwrap().iter().filter(|entry| entry.action == action).count()
    }

    /// The file itself, for what no use case tells.
    pub async fn database(&self) -> sqlx::SqliteConnection {
        let path = self.folder.path().join("renova.db");
        <sqlx::SqliteConnection as sqlx::Connection>::connect(&format!("sqlite://{}", path.display())).await.unwrap()
    }

    /// The whole way up to the proof.
    pub async fn proved(&self, who: &Identity, connection: Option<ConnectionId>, person: &str) -> RenewalId {
        let id = self.granted(who, connection, person).await;
        self.chosen_and_proved(who, id).await;
        id
    }
}

/// What must stay the same through every renewal.
pub fn ids(state: &ConnectionState) -> Vec<(ChannelId, String)> {
    let mut ids: Vec<_> = state.channels.iter().map(|it| (it.channel.id, it.channel.account_id.clone())).collect();
    ids.sort();
    ids
}

/// The connection but for the time of its next check, which a log-in may bring nearer.
pub fn but_its_check(connection: &store::Connection) -> store::Connection {
    store::Connection { check_at: Timestamp(0), ..connection.clone() }
}

/// The channel of one account.
pub fn channel<'a>(state: &'a ConnectionState, account_id: &str) -> &'a renewal::ChannelState {
    state.channels.iter().find(|it| it.channel.account_id == account_id).expect("the account is connected")
}

impl Meta {
    async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let config = SimConfig {
            app_id: "1234567890".into(),
            app_secret: APP_SECRET.into(),
            instagram_app_id: "9876543210".into(),
            instagram_app_secret: INSTAGRAM_SECRET.into(),
            public_url: base.clone(),
            state_file: None,
            wall_clock: Arc::new(|| WALL_MS),
        };
        let sim = Sim::open(config).unwrap();
        let router = sim.router();
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { sim, base, http: meta::http_client().unwrap(), people: Mutex::default() }
    }

    /// Posts one form of the dialog as this person; answers where it leads.
    pub async fn dialog(&self, dialog_url: &str, person: &str, form: &[(&str, &str)]) -> String {
        let url = reqwest::Url::parse(dialog_url).unwrap();
        let id = self.id_of(dialog_url, person).await;
        self.post_form(&url, &format!("sim_person={id}"), form).await
    }

    /// By the log-in screen, which has a button for each person there is: it is read once.
    async fn id_of(&self, dialog_url: &str, person: &str) -> String {
        if let Some(id) = self.people.lock().unwrap().get(person) {
            return id.clone();
        }
        let screen = self.http.get(dialog_url).send().await.unwrap().text().await.unwrap();
        let mut people = self.people.lock().unwrap();
        for part in screen.split("name=\"sim_person\" value=\"").skip(1) {
            let (id, rest) = part.split_once("\">").unwrap();
            let (name, _) = rest.split_once('<').unwrap();
            people.insert(name.to_owned(), id.to_owned());
        }
        people.get(person).expect("the log-in screen names the person").clone()
    }

    /// Posts one form of Instagram's dialog as the owner of this account; answers where it leads.
    pub async fn instagram_dialog(&self, dialog_url: &str, username: &str, form: &[(&str, &str)]) -> String {
        let url = reqwest::Url::parse(dialog_url).unwrap();
        let screen = self.http.get(dialog_url).send().await.unwrap().text().await.unwrap();
        let id = screen.split("value=\"").find(|part| part.contains(&format!(">@{username}<"))).unwrap();
        let id = id.split('"').next().unwrap();
        self.post_form(&url, &format!("sim_instagram={id}"), form).await
    }

    async fn post_form(&self, dialog: &reqwest::Url, cookie: &str, form: &[(&str, &str)]) -> String {
        let mut fields = vec![("sim_query", dialog.query().unwrap())];
        fields.extend_from_slice(form);
        let mut target = dialog.clone();
        target.set_query(None);
        let answer = self.http.post(target).header("cookie", cookie).form(&fields).send().await.unwrap();
        answer.headers().get("location").expect("the dialog leads back").to_str().unwrap().to_owned()
    }

    pub async fn control(&self, path: &str, body: Value) -> Value {
        let answer = self.http.post(format!("{}/_sim/{path}", self.base)).json(&body).send().await.unwrap();
        assert!(answer.status().is_success(), "{path}: {}", answer.text().await.unwrap());
        answer.json().await.unwrap()
    }

    /// The next calls of this path meet a fault.
    pub async fn fails(&self, on: &str, fault: &str, times: u32) {
        self.control("faults", json!({"on": on, "fault": fault, "times": times})).await;
    }

    pub async fn faults_waiting(&self) -> usize {
        let waiting: Vec<Value> =
            self.http.get(format!("{}/_sim/faults", self.base)).send().await.unwrap().json().await.unwrap();
        waiting.len()
    }

    pub async fn heal(&self) {
        self.http.delete(format!("{}/_sim/faults", self.base)).send().await.unwrap();
    }

    /// What the app is subscribed to at this Page, as Meta knows it.
    pub async fn subscribed(&self, page: &str) -> Vec<String> {
        let world: Value =
            self.http.get(format!("{}/_sim/world", self.base)).send().await.unwrap().json().await.unwrap();
        let fields = world["subscriptions"][page].as_array().cloned().unwrap_or_default();
        fields.iter().map(|field| field.as_str().unwrap().to_owned()).collect()
    }

    pub async fn put(&self, path: &str, body: Value) {
        let answer = self.http.put(format!("{}/_sim/{path}", self.base)).json(&body).send().await.unwrap();
        assert!(answer.status().is_success(), "{path}: {}", answer.text().await.unwrap());
    }

    pub async fn advance(&self, by: &str) {
        self.control("clock", json!({"advance": by})).await;
    }

    /// Calls of one path.
    pub async fn calls_of(&self, path: &str) -> usize {
        self.calls().await.iter().filter(|call| call["path"] == path).count()
    }

    pub async fn count_of_calls(&self, method: &str, path: &str) -> usize {
        self.calls().await.iter().filter(|call| call["method"] == method && call["path"] == path).count()
    }

    async fn calls(&self) -> Vec<Value> {
        self.http.get(format!("{}/_sim/calls", self.base)).send().await.unwrap().json().await.unwrap()
    }
}

async fn open(
    meta: &Meta,
    folder: &tempfile::TempDir,
    random: &Arc<CountingRandom>,
    setup: &Setup,
    wall: &Arc<AtomicI64>,
) -> Arc<Renova> {
    let file = || format!("sqlite://{}", folder.path().join("renova.db").display());
    let storage = store::open(&setup.database.clone().unwrap_or_else(file)).await.unwrap();
    storage.migrate().await.unwrap();
    let keyring = vault::Keyring::parse(&SecretString::from(format!("k1:{}", "07".repeat(32)))).unwrap();
    let at = |host: &str| format!("{}/{host}", meta.base).parse().unwrap();
    let endpoints = meta::Endpoints {
        www: at("www"),
        graph: at("graph"),
        version: "v25.0".into(),
        instagram_www: at("ig-www"),
        instagram_api: at("ig-api"),
        instagram_graph: at("ig-graph"),
    };
    let app = meta::App {
        app_id: "1234567890".into(),
        secret: SecretString::from(APP_SECRET),
        login_config_id: setup.login_config_id.map(str::to_owned),
    };
    let instagram =
        meta::App { app_id: "9876543210".into(), secret: SecretString::from(INSTAGRAM_SECRET), login_config_id: None };
    let sim = meta.sim.clone();
    let parts = Parts {
        storage,
        vault: vault::Vault::new(keyring, random.clone()),
        meta: meta::Client::new(meta::http_client_with(setup.limits).unwrap(), endpoints)
            .with_clock(Arc::new(move || sim.now_ms().div_euclid(1000))),
        facebook: Some(app),
        instagram: Some(instagram),
        forwarder: setup.forwarder.clone(),
        webhooks: setup.webhooks.clone(),
        words: Arc::new(Wordless),
        mailer: setup.mailer.clone(),
        notify: setup.notify,
        deep_link: setup.deep_link.map(str::to_owned),
        embed_origins: setup.embed_origins.clone(),
        clock: Arc::new(SimClock(meta.sim.clone(), setup.wrong_by.clone())),
        wall: Arc::new(WallClock(wall.clone())),
        clock_may_jump: false,
        steady: Arc::new(SimClock(meta.sim.clone(), Arc::default())),
        random: random.clone(),
        public_url: PUBLIC_URL.into(),
        brand: renewal::Brand::default(),
    };
    Renova::open(parts).await.unwrap()
}

/// More rounds, or turns of mail, than any test has work for.
const MOST_ROUNDS: usize = 20_000;

/// What a worker does, until nothing is due.
pub async fn work(renova: &Renova) {
    for _ in 0..MOST_ROUNDS {
        let more_checks = renova.round().await.unwrap();
        renova.watch_what_is_due().await.unwrap();
        let more_mail = renova.mail_what_is_due().await.unwrap();
        if !more_checks && !more_mail {
            return;
        }
    }
    let storage = renova.storage();
    let checks = storage.checks_due(renova.now()).await.unwrap();
    let mail = storage.jobs_waiting(store::JobKind::Mail).await.unwrap();
    panic!("work without an end: {checks} checks are due, mail that waits: {mail:?}");
}

fn email(name: &str) -> String {
    format!("{}@example.com", name.to_lowercase())
}
