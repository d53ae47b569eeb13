//! What a channel's token costs the platform: requests per second and p99 of
//! `GET /api/v1/channels/{id}/token` with `CHANNELS` channels (50,000), noted durably before the answer,
//! on SQLite and (where `RENOVA_TEST_POSTGRES_URL` names a server) PostgreSQL, next to a bare axum route that
//! answers the same bytes: `cargo run --release --package server --example token`. Server and clients
//! share the processors; `SECONDS_EACH` (5) and `CLIENTS` (64) change the load.

#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a measurement")]
#![expect(clippy::disallowed_methods, reason = "it measures time")]

use std::{
    net::{Ipv4Addr, SocketAddr},
    sync::Arc,
    time::{Duration, Instant},
};

use axum::{Router, routing::get};
use lifecycle::{Timestamp, clock::DAY_MS, health::TokenProof};
use renewal::{AdoptedGrant, AdoptedPage, NewApiKey, NewOrganization, Renova, Scope};
use secrecy::ExposeSecret as _;
use server::{
    Site,
    open::{self, Pages},
    serve::serve,
    settings::{Need, Settings, Sources},
    stop::Stop,
    web,
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
};

#[path = "../../crates/store/tests/contract/bench.rs"]
#[expect(dead_code, reason = "the contract suite uses the rest")]
mod bench;

/// Of each connection.
const PAGES: usize = 10;
const KEY: &str = "k1:00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

fn number(name: &str, usual: usize) -> usize {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(usual)
}

#[tokio::main]
async fn main() {
    let channels = number("CHANNELS", 50_000);
    println!("{:<24} {:>10} {:>12} {:>10} {:>10}", "what", "channels", "requests/s", "p50 ms", "p99 ms");
    let sqlite = bench::Bench::on_sqlite().await;
    let answer = measure("token, SQLite", &sqlite.url, channels).await;
    if let Some(server) = bench::postgres_server() {
        let postgres = bench::Bench::on_postgres(&server).await;
        measure("token, PostgreSQL", &postgres.url, channels).await;
        postgres.storage.close().await;
        bench::finish_on_postgres(&server, &postgres.url, Ok(())).await;
    }
    // The limit: the same bytes by nothing but axum.
    let bare =
        Router::new().route("/{*path}", get(move || async move { ([("content-type", "application/json")], answer) }));
    let address = listening(bare).await;
    load("bare axum route", channels, address, &["/x".to_owned()], "").await;
}

/// Answers one answer's body.
async fn measure(name: &str, url: &str, channels: usize) -> String {
    let environment = [
        ("RENOVA_DATABASE_URL", url),
        ("RENOVA_ENCRYPTION_KEYS", KEY),
        ("RENOVA_META_APP_ID", "1"),
        ("RENOVA_META_APP_SECRET", "secret"),
    ];
    let environment = environment.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
    let settings = Settings::load(&Sources { environment, ..Sources::default() }, Need::Keys).unwrap();
    let renova = open::renova(&settings).await.unwrap();
    let key = fill(&renova, channels).await;
    let mut mount =
        open::mount(Arc::clone(&renova), &settings.public_url, &[], Arc::new(Site::default()), Pages::own());
    mount.api_requests_per_minute = None;
    let address = listening(web::own(&mount, None)).await;
    let mut paths = Vec::new();
    let organization = renova.storage().organization_by_slug("bench").await.unwrap().unwrap();
    for channel in renova.storage().channels_of(organization.id).await.unwrap() {
        paths.push(format!("/api/v1/channels/{}/token", channel.id));
    }
    let answer = ask(address, &paths[0], &key).await;
    load(name, channels, address, &paths, &key).await;
    renova.storage().close().await;
    answer
}

async fn fill(renova: &Renova, channels: usize) -> String {
    let new =
        NewOrganization { external_id: "bench".to_owned(), name: "bench".to_owned(), ..NewOrganization::default() };
    renova.add_organization(new).await.unwrap();
    for connection in 0..channels.div_ceil(PAGES) {
        renova.adopt_grant("bench", grant(renova, connection)).await.unwrap();
    }
    let new = NewApiKey { organization: None, name: "bench".to_owned(), scopes: vec![Scope::TokensRead] };
    renova.add_api_key(new).await.unwrap().expose_secret().to_owned()
}

fn grant(renova: &Renova, connection: usize) -> AdoptedGrant {
    let now = renova.now();
    let page = |page: usize| AdoptedPage {
        id: format!("{}", 1_000_000 + connection * PAGES + page),
        name: format!("Loja {connection} {page}"),
        // As long as Meta's.
        token: format!("EAAB{:0>196}", connection * PAGES + page).into(),
        subscribed_fields: vec!["messages".to_owned(), "message_reactions".to_owned()],
        instagram: None,
    };
    AdoptedGrant {
        person_id: format!("{}", 7_000_000 + connection),
        person_name: format!("Pessoa {connection}"),
        user_token: format!("EAAB{connection:0>196}").into(),
        issued_at: Some(now),
        expires_at: Some(now.plus(50 * DAY_MS)),
        data_access_expires_at: Some(Timestamp(now.0 + 80 * DAY_MS)),
        scopes: vec!["pages_messaging".to_owned()],
        pages: (0..PAGES).map(page).collect(),
        proof: TokenProof::Works,
        dead_since: None,
    }
}

async fn listening(router: Router) -> SocketAddr {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(serve(listener, router, Stop::default()));
    address
}

async fn load(name: &str, channels: usize, address: SocketAddr, paths: &[String], key: &str) {
    let until = Instant::now() + Duration::from_secs(number("SECONDS_EACH", 5) as u64);
    let clients = number("CLIENTS", 64);
    let each = |client: usize| {
        let (paths, key) = (paths.to_vec(), key.to_owned());
        tokio::spawn(async move {
            let mut stream = TcpStream::connect(address).await.unwrap();
            stream.set_nodelay(true).unwrap();
            let (mut took, mut next) = (Vec::new(), client * 7_919);
            while Instant::now() < until {
                next = (next + 104_729) % paths.len();
                let start = Instant::now();
                exchange(&mut stream, &paths[next], &key).await;
                took.push(start.elapsed());
            }
            took
        })
    };
    let begin = Instant::now();
    let tasks: Vec<_> = (0..clients).map(each).collect();
    let mut took = Vec::new();
    for task in tasks {
        took.extend(task.await.unwrap());
    }
    let seconds = begin.elapsed().as_secs_f64();
    took.sort_unstable();
    let at = |part: f64| took[((took.len() - 1) as f64 * part) as usize].as_secs_f64() * 1_000.0;
    let rate = took.len() as f64 / seconds;
    println!("{name:<24} {channels:>10} {rate:>12.0} {:>10.1} {:>10.1}", at(0.5), at(0.99));
}

async fn ask(address: SocketAddr, path: &str, key: &str) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let answer = exchange(&mut stream, path, key).await;
    answer.split_once("\r\n\r\n").unwrap().1.to_owned()
}

/// One request and its answer on a connection that stays.
async fn exchange(stream: &mut TcpStream, path: &str, key: &str) -> String {
    let request = format!("GET {path} HTTP/1.1\r\nhost: 127.0.0.1:3000\r\nauthorization: Bearer {key}\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::with_capacity(2_048);
    loop {
        assert!(stream.read_buf(&mut answer).await.unwrap() > 0, "the server hung up");
        let text = std::str::from_utf8(&answer).unwrap();
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        assert!(head.starts_with("HTTP/1.1 200"), "{text}");
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).unwrap();
        if body.len() >= length.parse::<usize>().unwrap() {
            return text.to_owned();
        }
    }
}
