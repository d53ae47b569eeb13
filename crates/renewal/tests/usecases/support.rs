//! A Renova on a fresh SQLite file with a simulated Meta beside it, and people who act.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use lifecycle::{
    Clock, Provider, Role, Timestamp,
    clock::DAY_MS,
    health::TokenProof,
    ids::{ConnectionId, RenewalId},
};
use metasim::{Sim, SimConfig};
use renewal::{
    AdoptedGrant, AdoptedInstagram, AdoptedPage, Identity, LoginAnswer, LoginOutcome, LoginWindow, NewOrganization,
    NewUser, Parts, Renova,
};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

pub const PASSWORD: &str = "renova-demo";
pub const PUBLIC_URL: &str = "http://127.0.0.1:3000";

/// Real time does not move in tests.
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

struct SimClock(Sim);
impl Clock for SimClock {
    fn now(&self) -> Timestamp {
        Timestamp(self.0.now_ms())
    }
}

struct WallClock;
impl Clock for WallClock {
    fn now(&self) -> Timestamp {
        Timestamp(WALL_MS)
    }
}

/// Where the simulated Meta listens, and how it is steered.
pub struct Meta {
    pub sim: Sim,
    pub base: String,
    http: reqwest::Client,
}

pub struct World {
    pub renova: Arc<Renova>,
    pub meta: Meta,
    pub folder: tempfile::TempDir,
    random: Arc<CountingRandom>,
}

impl World {
    pub async fn new() -> Self {
        let meta = Meta::start().await;
        let folder = tempfile::tempdir().unwrap();
        let random = Arc::new(CountingRandom(AtomicU64::new(0)));
        let renova = open(&meta, &folder, &random).await;
        let world = Self { renova, meta, folder, random };
        for (slug, name) in [("boreal", "Café Boreal"), ("aurora", "Loja Aurora")] {
            let new = NewOrganization {
                external_id: format!("ext-{slug}"),
                name: name.to_owned(),
                slug: Some(slug.to_owned()),
                ..NewOrganization::default()
            };
            world.renova.add_organization(new).await.unwrap();
        }
        for (slug, name, role) in [
            ("boreal", "Clara", Role::Admin),
            ("aurora", "Ana", Role::Admin),
            ("aurora", "Beatriz", Role::Admin),
            ("aurora", "Bruno", Role::Agent),
        ] {
            let new = NewUser {
                email: email(name),
                name: name.to_owned(),
                role,
                external_id: None,
                password: SecretString::from(PASSWORD),
            };
            world.renova.add_user(slug, new).await.unwrap();
        }
        world
    }

    /// The same database and Meta, another process.
    pub async fn restarted(self) -> Self {
        self.renova.storage().close().await;
        let renova = open(&self.meta, &self.folder, &self.random).await;
        Self { renova, ..self }
    }

    pub async fn signed_in(&self, name: &str) -> Identity {
        let session = self.renova.log_in(&email(name), &SecretString::from(PASSWORD)).await.unwrap().unwrap();
        self.renova.identify(session.token.expose_secret()).await.unwrap().unwrap()
    }

    /// A connection by this Facebook person whose grant ends in so many days; negative: proved dead.
    pub async fn connected(&self, slug: &str, person: &str, ends_in_days: i64) -> ConnectionId {
        let seeded = self.meta.sim.seed_grant(person, ends_in_days * DAY_MS).unwrap();
        let ended = (seeded.expires_at_ms <= self.meta.sim.now_ms()).then_some(Timestamp(seeded.expires_at_ms));
        let pages = seeded.pages.into_iter().map(|page| AdoptedPage {
            id: page.id,
            name: page.name,
            token: SecretString::from(page.token),
            subscribed_fields: page.subscribed_fields,
            instagram: page.instagram.map(|it| AdoptedInstagram { id: it.id, username: it.username, name: it.name }),
        });
        let grant = AdoptedGrant {
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
        self.renova.adopt_grant(slug, grant).await.unwrap()
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
        self.renova.complete_login(Provider::Facebook, answer).await.unwrap()
    }

    /// The whole way up to the proof.
    pub async fn proved(&self, who: &Identity, connection: Option<ConnectionId>, person: &str) -> RenewalId {
        let id = self.renova.start_renewal(who, connection, Provider::Facebook, false).await.unwrap();
        self.logs_in_at_meta(who, id, person).await;
        self.renova.exchange(who, id).await.unwrap();
        let selected = self.renova.renewal(who, id).await.unwrap().selected();
        self.renova.choose(who, id, selected, false).await.unwrap();
        self.renova.prove(who, id, false).await.unwrap();
        id
    }
}

impl Meta {
    async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let config = SimConfig {
            app_id: "1234567890".into(),
            app_secret: "sim-app-secret".into(),
            instagram_app_id: "9876543210".into(),
            instagram_app_secret: "sim-instagram-secret".into(),
            public_url: base.clone(),
            state_file: None,
            wall_clock: Arc::new(|| WALL_MS),
        };
        let sim = Sim::open(config).unwrap();
        let router = sim.router();
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { sim, base, http: meta::http_client().unwrap() }
    }

    /// Posts one form of the dialog as this person; answers where it leads.
    pub async fn dialog(&self, dialog_url: &str, person: &str, form: &[(&str, &str)]) -> String {
        let url = reqwest::Url::parse(dialog_url).unwrap();
        let screen = self.http.get(dialog_url).send().await.unwrap().text().await.unwrap();
        let id = screen.split("value=\"").find(|part| part.contains(&format!(">{person}<"))).unwrap();
        let id = id.split('"').next().unwrap();
        let mut fields = vec![("sim_query", url.query().unwrap())];
        fields.extend_from_slice(form);
        let mut target = url.clone();
        target.set_query(None);
        let request = self.http.post(target).header("cookie", format!("sim_person={id}")).form(&fields);
        let answer = request.send().await.unwrap();
        answer.headers().get("location").expect("the dialog leads back").to_str().unwrap().to_owned()
    }

    pub async fn control(&self, path: &str, body: Value) {
        let answer = self.http.post(format!("{}/_sim/{path}", self.base)).json(&body).send().await.unwrap();
        assert!(answer.status().is_success(), "{path}: {}", answer.text().await.unwrap());
    }

    pub async fn put(&self, path: &str, body: Value) {
        let answer = self.http.put(format!("{}/_sim/{path}", self.base)).json(&body).send().await.unwrap();
        assert!(answer.status().is_success(), "{path}: {}", answer.text().await.unwrap());
    }

    pub async fn advance(&self, by: &str) {
        self.control("clock", json!({"advance": by})).await;
    }

    /// Calls of one Graph path since the last look.
    pub async fn calls_of(&self, path: &str) -> usize {
        let calls: Value =
            self.http.get(format!("{}/_sim/calls", self.base)).send().await.unwrap().json().await.unwrap();
        let calls = calls.as_array().or_else(|| calls["calls"].as_array()).unwrap();
        calls.iter().filter(|call| call["path"] == path).count()
    }
}

async fn open(meta: &Meta, folder: &tempfile::TempDir, random: &Arc<CountingRandom>) -> Arc<Renova> {
    let storage = store::open(&format!("sqlite://{}", folder.path().join("renova.db").display())).await.unwrap();
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
    let app =
        meta::App { app_id: "1234567890".into(), secret: SecretString::from("sim-app-secret"), login_config_id: None };
    let instagram = meta::App {
        app_id: "9876543210".into(),
        secret: SecretString::from("sim-instagram-secret"),
        login_config_id: None,
    };
    let parts = Parts {
        storage,
        vault: vault::Vault::new(keyring, random.clone()),
        meta: meta::Client::new(meta::http_client().unwrap(), endpoints),
        facebook: Some(app),
        instagram: Some(instagram),
        forwarder: None,
        clock: Arc::new(SimClock(meta.sim.clone())),
        wall: Arc::new(WallClock),
        random: random.clone(),
        public_url: PUBLIC_URL.into(),
    };
    Renova::open(parts).await.unwrap()
}

fn email(name: &str) -> String {
    format!("{}@example.com", name.to_lowercase())
}
