//! What overview, review and the banner's call cost an organization with 3 connections and one with
//! 1,000 (five channels each), in one run: `cargo run --release --package server --example pages`.
//! Requests reach the router without a socket. `REQUESTS` is how many of each.

#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a measurement")]
#![expect(clippy::disallowed_methods, reason = "it measures time")]

use std::{
    collections::HashMap,
    time::{Duration, Instant},
};

use axum::http::StatusCode;
use lifecycle::{Role, Timestamp, clock::DAY_MS, health::TokenProof};
use renewal::{AdoptedGrant, AdoptedInstagram, AdoptedPage, NewOrganization, NewUser, Renova};
use server::demo::PASSWORD;

#[path = "../tests/it/harness.rs"]
#[expect(dead_code, reason = "the tests use the rest")]
mod harness;

use harness::Harness;

/// Of each connection: a Page by itself, and two with an Instagram account.
const PAGES: usize = 3;

#[tokio::main]
async fn main() {
    let requests = std::env::var("REQUESTS").ok().and_then(|text| text.parse().ok()).unwrap_or(200);
    let harness = Harness::new().await;
    println!("{:<12} {:>12} {:>10} {:>10} {:>10}", "page", "connections", "median", "p99", "p99, times");
    let mut of_few = HashMap::new();
    for connections in [3, 1_000] {
        let cookie = fill(&harness, connections).await;
        for (name, path) in [("overview", "/"), ("review", "/review"), ("search", "/review?q=loja+999"), ("banner", "")]
        {
            let mut took = Vec::new();
            for _ in 0..requests {
                took.push(ask(&harness, path, &cookie).await);
            }
            took.sort_unstable();
            let (median, p99) = (took[requests / 2], took[(requests * 99).div_ceil(100) - 1]);
            // Against the few connections of the same run.
            let times = ms(p99) / ms(*of_few.entry(name).or_insert(p99));
            println!("{name:<12} {connections:>12} {:>10.1} {:>10.1} {times:>10.1}", ms(median), ms(p99));
        }
    }
}

fn ms(of: Duration) -> f64 {
    of.as_secs_f64() * 1_000.0
}

async fn ask(harness: &Harness, path: &str, cookie: &str) -> Duration {
    let start = Instant::now();
    let answer = match path {
        "" => harness.send(harness::call("alerts", cookie, "")).await,
        path => harness.open(path, cookie).await,
    };
    let took = start.elapsed();
    assert_eq!(answer.status, StatusCode::OK, "{path}");
    took
}

/// An organization with an administrator who is signed in.
async fn fill(harness: &Harness, connections: usize) -> String {
    let renova = harness.renova();
    let slug = format!("of-{connections}");
    let new = NewOrganization {
        external_id: slug.clone(),
        name: slug.clone(),
        slug: Some(slug.clone()),
        ..NewOrganization::default()
    };
    renova.add_organization(new).await.unwrap();
    let email = format!("{slug}@example.com");
    let new = NewUser {
        email: email.clone(),
        name: "Ana".to_owned(),
        role: Role::Admin,
        external_id: None,
        password: PASSWORD.into(),
    };
    renova.add_user(&slug, new).await.unwrap();
    for number in 0..connections {
        renova.adopt_grant(&slug, grant(renova, connections, number)).await.unwrap();
    }
    harness.session(&email).await
}

/// A tenth of them ends within two weeks.
fn grant(renova: &Renova, of: usize, number: usize) -> AdoptedGrant {
    let now = renova.now();
    let ends_in = if number.is_multiple_of(10) { 10 } else { 20 + i64::try_from(number % 40).unwrap() };
    let pages = (0..PAGES).map(|page| {
        let id = format!("9{of:05}{number:05}{page}");
        AdoptedPage {
            name: format!("Loja {number} {page}"),
            token: format!("page-token-{id}").into(),
            subscribed_fields: ["messages", "message_reactions", "messaging_postbacks"].map(str::to_owned).to_vec(),
            instagram: (page > 0).then(|| AdoptedInstagram {
                id: format!("8{id}"),
                username: format!("loja.{number}.{page}"),
                name: format!("Loja {number}"),
            }),
            id,
        }
    });
    AdoptedGrant {
        person_id: format!("7{of:05}{number:05}"),
        person_name: format!("Pessoa {number}"),
        user_token: format!("user-token-{of}-{number}").into(),
        issued_at: Some(now),
        expires_at: Some(now.plus(ends_in * DAY_MS)),
        data_access_expires_at: Some(Timestamp(now.0 + 80 * DAY_MS)),
        scopes: ["pages_show_list", "pages_messaging", "instagram_basic"].map(str::to_owned).to_vec(),
        pages: pages.collect(),
        proof: TokenProof::Works,
        dead_since: None,
    }
}
