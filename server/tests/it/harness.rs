//! The demo's server and data in this process, reached without a socket, and a Meta that counts
//! who calls it.

use std::{
    net::Ipv4Addr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use axum::{
    Router,
    body::Body,
    http::{HeaderMap, Request, Response, StatusCode},
};
use metasim::Sim;
use renewal::{Brand, Identity, Renova};
use secrecy::{ExposeSecret as _, SecretString};
use server::{
    Mount, Site,
    demo::{Demo, DemoOptions, PASSWORD},
    open::Pages,
    web,
};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tower::ServiceExt as _;

pub const ORIGIN: &str = "http://127.0.0.1:3000";
pub const ANA: &str = "ana@aurora.example";
pub const BRUNO: &str = "bruno@aurora.example";
pub const CLARA: &str = "clara@boreal.example";

pub struct Harness {
    pub mount: Mount,
    pub router: Router,
    calls: Arc<AtomicUsize>,
    pub sim: Sim,
    _folder: TempDir,
}

/// An answer, read to its end.
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: String,
}

impl Answer {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

impl Harness {
    pub async fn new() -> Self {
        Self::for_pages(&[]).await
    }

    /// With pages of the platform that may show Renova.
    pub async fn for_pages(origins: &[&str]) -> Self {
        let (sim_port, calls) = counting_meta().await;
        Self::open_at(sim_port, calls, origins, Brand::default()).await
    }

    /// With the platform's name and picture, and a page of its own.
    pub async fn branded(origin: &str, brand: Brand) -> Self {
        let (sim_port, calls) = counting_meta().await;
        Self::open_at(sim_port, calls, &[origin], brand).await
    }

    /// With a simulated Meta that answers.
    pub async fn with_meta() -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let harness = Self::open_at(listener.local_addr().unwrap().port(), Arc::default(), &[], Brand::default()).await;
        let meta = harness.sim.router();
        tokio::spawn(async move { axum::serve(listener, meta).await });
        harness
    }

    async fn open_at(sim_port: u16, calls: Arc<AtomicUsize>, origins: &[&str], brand: Brand) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let options = DemoOptions {
            port: 3000,
            sim_port,
            data_dir: folder.path().to_owned(),
            login_config_id: None,
            embed_origins: origins.iter().map(|origin| origin.parse().unwrap()).collect(),
            brand,
        };
        let site = Site::embedded().unwrap_or_default();
        let demo = Demo::open(options, Arc::new(site), Pages::own()).await.unwrap();
        let router = web::own(&demo.mount, Some(demo.heartbeat.clone()));
        Self { mount: demo.mount.clone(), router, calls, sim: demo.sim.clone(), _folder: folder }
    }

    /// The file itself, for what no use case does.
    pub fn database(&self) -> String {
        format!("sqlite://{}", self._folder.path().join("renova.db").display())
    }

    pub fn renova(&self) -> &Renova {
        &self.mount.ui.renova
    }

    /// Requests that reached Meta so far.
    pub fn calls(&self) -> usize {
        self.calls.load(Ordering::SeqCst)
    }

    /// The `Cookie` header of a person who has just logged in.
    pub async fn session(&self, email: &str) -> String {
        let password: SecretString = PASSWORD.into();
        let session = self.renova().log_in(email, &password).await.unwrap().unwrap();
        format!("renova_session={}", session.token.expose_secret())
    }

    pub async fn identity(&self, email: &str) -> Identity {
        let storage = self.renova().storage();
        let user = storage.user_by_email(email).await.unwrap().unwrap();
        let organization = storage.organization(user.organization_id).await.unwrap().unwrap();
        Identity::of(user, organization)
    }

    /// Moves the clock of tokens on.
    pub async fn minute(&self) {
        let request = Request::post("/_sim/clock").header("content-type", "application/json");
        let moved = send(&self.sim.router(), request.body(Body::from(r#"{"advance":"1m"}"#)).unwrap()).await;
        assert_eq!(moved.status, StatusCode::OK, "{}", moved.body);
    }

    pub async fn send(&self, request: Request<Body>) -> Answer {
        send(&self.router, request).await
    }

    /// A browser's navigation, with these cookies.
    pub async fn open(&self, path: &str, cookie: &str) -> Answer {
        self.send(navigation(path, cookie)).await
    }
}

pub async fn send(router: &Router, request: Request<Body>) -> Answer {
    let response: Response<Body> = router.clone().oneshot(request).await.unwrap();
    let (parts, body) = response.into_parts();
    let body = axum::body::to_bytes(body, usize::MAX).await.unwrap();
    Answer { status: parts.status, headers: parts.headers, body: String::from_utf8_lossy(&body).into_owned() }
}

pub fn navigation(path: &str, cookie: &str) -> Request<Body> {
    Request::get(path)
        .header("host", "127.0.0.1:3000")
        .header("accept", "text/html,application/xhtml+xml")
        .header("accept-language", "pt-BR")
        .header("cookie", cookie)
        .body(Body::empty())
        .unwrap()
}

/// A script's call of a server function, from our own page.
pub fn call(name: &str, cookie: &str, form: &str) -> Request<Body> {
    Request::post(format!("/api/ui/{name}"))
        .header("host", "127.0.0.1:3000")
        .header("sec-fetch-site", "same-origin")
        .header("content-type", "application/x-www-form-urlencoded")
        .header("accept", "application/json")
        .header("cookie", cookie)
        .body(Body::from(form.to_owned()))
        .unwrap()
}

async fn counting_meta() -> (u16, Arc<AtomicUsize>) {
    let calls = Arc::new(AtomicUsize::new(0));
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let counted = Arc::clone(&calls);
    let router = Router::new().fallback(move || {
        let counted = Arc::clone(&counted);
        async move {
            counted.fetch_add(1, Ordering::SeqCst);
            StatusCode::INTERNAL_SERVER_ERROR
        }
    });
    tokio::spawn(async move { axum::serve(listener, router).await });
    (port, calls)
}
