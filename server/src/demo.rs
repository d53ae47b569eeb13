//! Renova with the simulated Meta and demo data, in one process.
//!
//! The simulator's state with its clock, the database and the key are kept in one folder, so
//! that a restart goes on where it was. Hosts can use it too: see `examples/dashboard`.

mod data;
mod folder;
mod inbox;

use std::{io, net::Ipv4Addr, path::PathBuf, sync::Arc};

use axum::Router;
use lifecycle::{Clock, Origin, Timestamp};
use metasim::{Callbacks, Sim, SimConfig, SimError};
use renewal::{Brand, Notify, Parts, Renova};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
};
use url::Url;
use vault::{Keyring, Vault};

use crate::{
    clock::{SteadyClock, SystemClock},
    open::{self, OpenError, Pages},
    random::SystemRandom,
    serve::serve,
    stop::Stop,
    web::{Mount, Site},
    webhooks::HttpWebhooks,
    worker::{self, Heartbeat},
};

pub use data::{LOGINS, PASSWORD};
pub use inbox::{DemoInbox, inbox_pages};

const APP_ID: &str = "1234567890";
const APP_SECRET: &str = "sim-app-secret";
const INSTAGRAM_APP_ID: &str = "9876543210";
const INSTAGRAM_APP_SECRET: &str = "sim-instagram-secret";
/// What the simulated Meta sends when it checks the webhook address.
const VERIFY_TOKEN: &str = "sim-verify-token";
const API_VERSION: &str = "v25.0";

/// Where the demo is.
#[derive(Clone, Debug)]
pub struct DemoOptions {
    /// Renova's, and so the public URL's.
    pub port: u16,
    /// The simulated Meta's.
    pub sim_port: u16,
    /// State, database and key.
    pub data_dir: PathBuf,
    /// Facebook Login for Business; `None`: plain Facebook Login.
    pub login_config_id: Option<String>,
    /// Pages that may show Renova, for every organization.
    pub embed_origins: Vec<Origin>,
    /// The platform's name and picture.
    pub brand: Brand,
}

/// Why the demo cannot start.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    #[error("{0}")]
    Folder(String),
    #[error("port {port} cannot be used ({source}): choose another by {variable}")]
    Port { port: u16, variable: &'static str, source: io::Error },
    #[error(transparent)]
    Sim(#[from] SimError),
    #[error(transparent)]
    Open(#[from] OpenError),
    #[error(transparent)]
    Renewal(#[from] renewal::Error),
    #[error("the server stopped: {0}")]
    Io(#[from] io::Error),
}

/// An opened demo: mount what you like on it, then [`Demo::run`] it.
pub struct Demo {
    pub mount: Mount,
    pub heartbeat: Heartbeat,
    /// Every mail goes here; mount its [`inbox_pages`] to read them.
    pub inbox: Arc<DemoInbox>,
    /// The simulated Meta.
    pub sim: Sim,
    options: DemoOptions,
}

/// The simulator's clock: moved by `POST /_sim/clock`.
struct SimClock(Sim);

impl Clock for SimClock {
    fn now(&self) -> Timestamp {
        Timestamp(self.0.now_ms())
    }
}

impl Demo {
    /// Opens folder, simulator, database and service; makes the demo data where there is none.
    pub async fn open(options: DemoOptions, site: Arc<Site>, pages: Pages) -> Result<Self, DemoError> {
        let folder = folder::Folder::open(&options.data_dir)?;
        let sim = simulator(options.sim_port, Some(folder.sim_state()))?;
        let inbox = Arc::new(DemoInbox::default());
        let renova = service(&options, &sim, &folder, Arc::clone(&inbox)).await?;
        if !folder.is_seeded() {
            renova.storage().forget_connections().await.map_err(OpenError::from)?;
            data::people(&renova).await?;
            data::connections(&renova, &sim).await?;
            folder.set_seeded()?;
        }
        sim.set_callbacks(callbacks(options.port))?;
        reseed_on_reset(&sim, &renova, &inbox, options.port);
        let mount = Mount {
            webhook_verify_token: Some(VERIFY_TOKEN.into()),
            ..open::mount(renova, &local(options.port), &[&browser_meta(options.sim_port)], site, pages)
        };
        Ok(Self { mount, heartbeat: Heartbeat::default(), inbox, sim, options })
    }

    /// Serves `router` and the simulator, and works in the background, until `stop`. Calls
    /// `ready` once the server answers.
    pub async fn run(self, router: Router, stop: Stop, ready: impl FnOnce()) -> Result<(), DemoError> {
        let own = listen(self.options.port, "PORT").await?;
        let meta = listen(self.options.sim_port, "SIM_PORT").await?;
        let renova = Arc::clone(&self.mount.ui.renova);
        let worker = tokio::spawn(worker::run(Arc::clone(&renova), self.heartbeat.clone(), stop.clone()));
        let simulator = tokio::spawn(serve(meta, self.sim.router(), stop.clone()));
        let server = tokio::spawn(serve(own, router, stop.clone()));
        answers(self.options.port).await?;
        ready();
        let served = async {
            let served = server.await;
            stop.request();
            served
        };
        let (served, simulated, worked) = tokio::join!(served, simulator, worker::ended(worker, &stop));
        if worked.is_err() {
            tracing::warn!("the worker ended badly");
        }
        renova.storage().close().await;
        for ended in [served, simulated] {
            ended.map_err(io::Error::other)??;
        }
        Ok(())
    }

    #[must_use]
    pub fn address(&self) -> String {
        self.mount.public_url.origin().ascii_serialization()
    }
}

/// The simulated Meta as the browser sees it under `localhost`: another site than ours.
pub fn simulator(port: u16, state_file: Option<PathBuf>) -> Result<Sim, SimError> {
    Sim::open(SimConfig {
        app_id: APP_ID.to_owned(),
        app_secret: APP_SECRET.to_owned(),
        instagram_app_id: INSTAGRAM_APP_ID.to_owned(),
        instagram_app_secret: INSTAGRAM_APP_SECRET.to_owned(),
        public_url: format!("http://localhost:{port}"),
        state_file,
        wall_clock: Arc::new(|| SystemClock.now().0),
    })
}

/// A listener on this machine alone.
pub async fn listen(port: u16, variable: &'static str) -> Result<TcpListener, DemoError> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await.map_err(|source| DemoError::Port { port, variable, source })
}

async fn service(
    options: &DemoOptions,
    sim: &Sim,
    folder: &folder::Folder,
    inbox: Arc<DemoInbox>,
) -> Result<Arc<Renova>, DemoError> {
    let random = Arc::new(SystemRandom);
    let keyring = Keyring::parse(&folder.key(&*random)?).map_err(OpenError::from)?;
    let vault = Vault::new(keyring, random.clone());
    let http = meta::http_client().map_err(OpenError::from)?;
    let parts = Parts {
        storage: open::storage(&folder.database_url(), Some(&vault)).await?,
        vault,
        meta: open::meta_client(http, sim_endpoints(options.sim_port)),
        facebook: Some(meta::App {
            app_id: APP_ID.to_owned(),
            secret: APP_SECRET.into(),
            login_config_id: options.login_config_id.clone(),
        }),
        instagram: Some(meta::App {
            app_id: INSTAGRAM_APP_ID.to_owned(),
            secret: INSTAGRAM_APP_SECRET.into(),
            login_config_id: None,
        }),
        forwarder: None,
        webhooks: Some(Arc::new(HttpWebhooks::new(true).map_err(OpenError::Client)?)),
        words: Arc::new(app::present::event::Sentences),
        mailer: Some(inbox),
        notify: Notify::Renova,
        deep_link: None,
        embed_origins: options.embed_origins.clone(),
        clock: Arc::new(SimClock(sim.clone())),
        wall: Arc::new(SystemClock),
        steady: Arc::new(SteadyClock::default()),
        clock_may_jump: true,
        random,
        public_url: local(options.port).origin().ascii_serialization(),
        brand: options.brand.clone(),
    };
    Ok(Renova::open(parts).await.map_err(OpenError::from)?)
}

/// `POST /_sim/reset` puts both sides back; sessions stay.
fn reseed_on_reset(sim: &Sim, renova: &Arc<Renova>, inbox: &Arc<DemoInbox>, port: u16) {
    let (again, renova, inbox) = (sim.clone(), Arc::clone(renova), Arc::clone(inbox));
    sim.on_reset(move || {
        let (sim, renova, inbox) = (again.clone(), Arc::clone(&renova), Arc::clone(&inbox));
        Box::pin(async move {
            inbox.clear();
            renova.storage().forget_connections().await.map_err(|error| error.to_string())?;
            data::connections(&renova, &sim).await.map_err(|error| error.to_string())?;
            sim.set_callbacks(callbacks(port)).map_err(|error| error.to_string())
        })
    });
}

/// Where the simulated Meta sends what Meta sends.
fn callbacks(port: u16) -> Callbacks {
    let address = |path: &str| String::from(at("127.0.0.1", port, path));
    Callbacks {
        webhook_url: address("/meta/webhooks"),
        verify_token: VERIFY_TOKEN.to_owned(),
        deauthorize_url: address("/meta/deauthorize"),
        data_deletion_url: address("/meta/data-deletion"),
    }
}

fn local(port: u16) -> Url {
    at("127.0.0.1", port, "/")
}

fn browser_meta(sim_port: u16) -> Url {
    at("localhost", sim_port, "/www")
}

/// The simulator's hosts: the dialogs in the browser's eyes, the rest on this machine.
fn sim_endpoints(sim_port: u16) -> meta::Endpoints {
    let on_this_machine = |path| at("127.0.0.1", sim_port, path);
    meta::Endpoints {
        www: browser_meta(sim_port),
        graph: on_this_machine("/graph"),
        version: API_VERSION.to_owned(),
        instagram_www: at("localhost", sim_port, "/ig-www"),
        instagram_api: on_this_machine("/ig-api"),
        instagram_graph: on_this_machine("/ig-graph"),
    }
}

#[expect(clippy::expect_used, reason = "start-up; every such text is a URL")]
fn at(host: &str, port: u16, path: &str) -> Url {
    Url::parse(&format!("http://{host}:{port}{path}")).expect("host and port make a URL")
}

/// Returns once the server has answered that it is ready.
async fn answers(port: u16) -> Result<(), DemoError> {
    let mut answer = String::new();
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await?;
    stream.write_all(b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n").await?;
    stream.read_to_string(&mut answer).await?;
    tracing::debug!(status = answer.lines().next(), "the server answers");
    Ok(())
}
