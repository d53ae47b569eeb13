//! An installation whose Meta is the simulated one, filled with people of one Page each.

use std::{collections::HashMap, path::PathBuf};

use futures::{StreamExt as _, stream};
use lifecycle::{Timestamp, clock::DAY_MS, health::TokenProof, ids::ConnectionId};
use metasim::Sim;
use renewal::{AdoptedGrant, AdoptedPage, NewOrganization, Renova};
use secrecy::SecretString;
use serde_json::{Value, json};
use server::settings::{Need, Settings, Sources};

const KEY: &str = "k1:00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";
/// Connections of one organization.
const EACH: usize = 40;
/// Connections that are put in at the same time: a few more than a machine has cores.
const AT_ONCE: usize = 8;

/// What a process needs to know of a Meta that listens at `meta`.
pub fn environment(meta: &str, database: String) -> HashMap<String, String> {
    [
        ("RENOVA_ENCRYPTION_KEYS", KEY.to_owned()),
        ("RENOVA_DATABASE_URL", database),
        ("RENOVA_META_APP_ID", "1234567890".to_owned()),
        ("RENOVA_META_APP_SECRET", "sim-app-secret".to_owned()),
        ("RENOVA_META_GRAPH_URL", format!("{meta}/graph")),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .into()
}

pub fn settings(environment: &HashMap<String, String>) -> Settings {
    let folder = PathBuf::from("/nonexistent");
    Settings::load(&Sources { file: None, folder, environment: environment.clone() }, Need::Keys).unwrap()
}

/// So many connections, each by its own person.
pub async fn connect(renova: &Renova, sim: &Sim, meta: &str, connections: usize) -> Vec<ConnectionId> {
    let names: Vec<_> = (0..connections).map(|number| format!("Pessoa {number}")).collect();
    let people: Vec<_> = names.iter().map(|name| json!({"name": name})).collect();
    let pages: Vec<_> = names.iter().map(|name| json!({"name": format!("Loja {name}"), "people": [name]})).collect();
    // As Meta gives more to an app that more people use: nobody here waits for another hour.
    put(meta, "settings", json!({"calls_an_hour": 1_000 * connections.max(10)})).await;
    put(meta, "people", json!({"people": people})).await;
    put(meta, "pages", json!({"pages": pages})).await;
    let organizations: Vec<_> = (0..connections.div_ceil(EACH)).map(|number| format!("org-{number}")).collect();
    for name in &organizations {
        let new = NewOrganization { external_id: name.clone(), name: name.clone(), ..NewOrganization::default() };
        renova.add_organization(new).await.unwrap();
    }
    // One after the other of each: they would wait for the row of their organization.
    let turns: Vec<_> = names.into_iter().zip(organizations.into_iter().cycle()).collect();
    stream::iter(turns)
        .map(|(person, organization)| async move {
            renova.adopt_grant(&organization, grant(sim, &person)).await.unwrap()
        })
        .buffer_unordered(AT_ONCE)
        .collect()
        .await
}

async fn put(meta: &str, path: &str, body: Value) {
    let http = meta::http_client().unwrap();
    let answer = http.put(format!("{meta}/_sim/{path}")).json(&body).send().await.unwrap();
    assert!(answer.status().is_success(), "{path}");
}

fn grant(sim: &Sim, person: &str) -> AdoptedGrant {
    let seeded = sim.seed_grant(person, 40 * DAY_MS).unwrap();
    let pages = seeded.pages.into_iter().map(|page| AdoptedPage {
        id: page.id,
        name: page.name,
        token: SecretString::from(page.token),
        subscribed_fields: page.subscribed_fields,
        instagram: None,
    });
    AdoptedGrant {
        person_id: seeded.user_id,
        person_name: seeded.user_name,
        user_token: SecretString::from(seeded.user_token),
        issued_at: Some(Timestamp(seeded.issued_at_ms)),
        expires_at: Some(Timestamp(seeded.expires_at_ms)),
        data_access_expires_at: Some(Timestamp(seeded.data_access_expires_at_ms)),
        scopes: seeded.scopes,
        pages: pages.collect(),
        proof: TokenProof::Works,
        dead_since: None,
    }
}
