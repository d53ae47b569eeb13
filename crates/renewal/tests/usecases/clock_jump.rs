//! Our clock jumps: nobody is called for that, and what is really wrong is told all the same.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use lifecycle::{
    NoticeKind,
    clock::{DAY_MS, HOUR_MS, MINUTE_MS},
    health::TokenProof,
    ids::ConnectionId,
};
use renewal::{AdoptedGrant, AdoptedPage, Identity};
use secrecy::SecretString;
use serde_json::json;
use store::{CheckOutcome, Connection};

use crate::{
    support::{Setup, World},
    warnings::Letters,
};

const MANY: usize = 60;

struct Scene {
    world: World,
    letters: Arc<Letters>,
    wrong_by: Arc<AtomicI64>,
    ana: Identity,
    ids: Vec<ConnectionId>,
}

async fn scene(connections: usize) -> Scene {
    let (letters, wrong_by) = (Arc::new(Letters::default()), Arc::new(AtomicI64::new(0)));
    let setup = Setup { mailer: Some(letters.clone()), wrong_by: wrong_by.clone(), ..Setup::default() };
    let world = World::with(setup).await;
    let mut ids = Vec::new();
    for number in 0..connections {
        ids.push(world.renova.adopt_grant("aurora", grant(&world, number)).await.unwrap());
    }
    let ana = world.signed_in("Ana").await;
    let scene = Scene { world, letters, wrong_by, ana, ids };
    scene.pass(MINUTE_MS).await;
    scene.pass(DAY_MS).await;
    assert_eq!(scene.letters.taken(), [], "all is well");
    scene
}

/// Sixty days are left of it.
pub fn grant(world: &World, number: usize) -> AdoptedGrant {
    let now = world.renova.now();
    let page = AdoptedPage {
        id: format!("7{number}"),
        name: format!("Loja {number}"),
        token: SecretString::from("page"),
        subscribed_fields: vec!["messages".to_owned()],
        instagram: None,
    };
    AdoptedGrant {
        person_id: format!("9{number}"),
        person_name: format!("Pessoa {number}"),
        user_token: SecretString::from("user"),
        issued_at: Some(now),
        expires_at: Some(now.plus(60 * DAY_MS)),
        data_access_expires_at: Some(now.plus(90 * DAY_MS)),
        scopes: Vec::new(),
        pages: vec![page],
        proof: TokenProof::Works,
        dead_since: None,
    }
}

impl Scene {
    /// Time itself passes; the worker looks and tells.
    async fn pass(&self, milliseconds: i64) {
        self.world.meta.control("clock", json!({"advance": format!("{}s", milliseconds / 1000)})).await;
        self.work().await;
    }

    async fn work(&self) {
        self.world.renova.watch_what_is_due().await.unwrap();
        self.world.renova.housekeeping().await.unwrap();
        while self.world.renova.mail_what_is_due().await.unwrap() {}
    }

    async fn jump(&self, milliseconds: i64) {
        self.wrong_by.fetch_add(milliseconds, Ordering::SeqCst);
        self.work().await;
        // The mails of one round are gathered for a moment.
        self.pass(MINUTE_MS).await;
    }

    async fn notices(&self) -> usize {
        let mut count = 0;
        for id in &self.ids {
            count += self.world.renova.notices(&self.ana, *id, 100).await.unwrap().len();
        }
        count
    }

    /// As checks that found everything as it was, five at a time: each makes due for a look.
    async fn all_are_checked(&self) {
        let storage = self.world.renova.storage();
        for ids in self.ids.chunks(5) {
            for id in ids {
                let connection = storage.connection_anywhere(*id).await.unwrap().unwrap();
                let outcome = CheckOutcome {
                    connection_id: *id,
                    expected_version: connection.version,
                    facts: connection.facts,
                    channels: Vec::new(),
                    at: self.world.renova.now(),
                    next_check_at: self.world.renova.now().plus(DAY_MS),
                    failures: 0,
                    held: None,
                    trails: Vec::new(),
                };
                storage.record_check(connection.organization_id, &outcome).await.unwrap();
            }
            self.work().await;
        }
    }

    /// As a check that found the person's password changed.
    async fn dies(&self, id: ConnectionId) {
        let storage = self.world.renova.storage();
        let connection: Connection = storage.connection_anywhere(id).await.unwrap().unwrap();
        let channels = storage.channels_of_connection(connection.organization_id, id).await.unwrap();
        let now = self.world.renova.now();
        let mut facts = connection.facts.clone();
        (facts.proof, facts.dead_since) = (TokenProof::Revoked, Some(now));
        let dead = channels.into_iter().map(|mut channel| {
            (channel.facts.proof, channel.facts.dead_since) = (TokenProof::Revoked, Some(now));
            (channel.id, channel.facts, channel.subscribed_fields)
        });
        let outcome = CheckOutcome {
            connection_id: id,
            expected_version: connection.version,
            facts,
            channels: dead.collect(),
            at: now,
            next_check_at: now.plus(DAY_MS),
            failures: 0,
            held: None,
            trails: Vec::new(),
        };
        storage.record_check(connection.organization_id, &outcome).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn seventy_days_forward_and_back_call_nobody() {
    let scene = scene(MANY).await;
    scene.jump(70 * DAY_MS).await;
    scene.all_are_checked().await;
    scene.pass(MINUTE_MS).await;
    assert_eq!((scene.letters.taken(), scene.notices().await), (vec![], 0));
    let banner = scene.world.renova.connections(&scene.ana).await.unwrap();
    assert!(banner.iter().all(renewal::ConnectionState::needs_renewal), "what is shown is never held");

    scene.jump(-70 * DAY_MS).await;
    for _ in 0..30 {
        scene.pass(MINUTE_MS).await;
    }
    assert_eq!((scene.letters.taken(), scene.notices().await), (vec![], 0));
    let after = scene.world.renova.connections(&scene.ana).await.unwrap();
    assert!(after.len() == MANY && after.iter().all(|it| !it.needs_renewal()), "the right state");

    // The real end is announced as ever.
    for _ in 0..46 {
        scene.pass(DAY_MS).await;
    }
    scene.pass(MINUTE_MS).await;
    let told = scene.letters.taken();
    let of_ana: usize = told.iter().filter(|(name, _)| name == "Ana").map(|(_, notices)| notices.len()).sum();
    assert_eq!(of_ana, MANY);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_stays_there_is_believed_after_a_quarter_of_an_hour() {
    let scene = scene(MANY).await;
    scene.jump(53 * DAY_MS).await;
    for _ in 0..13 {
        scene.pass(MINUTE_MS).await;
    }
    assert_eq!(scene.letters.taken(), []);
    for _ in 0..24 {
        scene.pass(HOUR_MS).await;
    }
    assert_eq!(scene.notices().await, MANY);
    assert_eq!(scene.letters.taken().len(), 2, "one digest for each administrator");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_comes_while_warnings_wait_is_told_once_the_clock_is_believed() {
    let scene = scene(MANY).await;
    scene.jump(53 * DAY_MS).await;
    let near =
        AdoptedGrant { expires_at: Some(scene.world.renova.now().plus(5 * DAY_MS)), ..grant(&scene.world, MANY) };
    let id = scene.world.renova.adopt_grant("aurora", near).await.unwrap();
    let told = async || {
        let events = scene.world.events(&scene.ana).await;
        events
            .iter()
            .filter(|(kind, data)| kind == "connection.expires_soon" && data["connection"] == json!(id))
            .count()
    };
    for _ in 0..13 {
        scene.pass(MINUTE_MS).await;
    }
    assert_eq!(told().await, 0);
    for _ in 0..24 {
        scene.pass(HOUR_MS).await;
    }
    assert_eq!(told().await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_real_mass_revocation_is_told_at_once_whatever_the_clock_does() {
    let scene = scene(MANY).await;
    scene.jump(70 * DAY_MS).await;
    for id in &scene.ids {
        scene.dies(*id).await;
    }
    scene.work().await;
    scene.pass(MINUTE_MS).await;
    let told = scene.letters.taken();
    assert_eq!(
        told.iter().map(|(name, notices)| (name.as_str(), notices.len())).collect::<Vec<_>>(),
        [("Ana", MANY), ("Beatriz", MANY)]
    );
    assert!(told.iter().flat_map(|(_, notices)| notices).all(|it| matches!(it, NoticeKind::Stopped { .. })));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_small_installation_is_told_at_once() {
    let scene = scene(49).await;
    scene.jump(70 * DAY_MS).await;
    for _ in 0..24 {
        scene.pass(HOUR_MS).await;
    }
    assert_eq!(scene.notices().await, 49);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_wrong_clock_has_told_silences_nothing() {
    let scene = scene(20).await;
    scene.jump(70 * DAY_MS).await;
    for _ in 0..12 {
        scene.pass(2 * MINUTE_MS).await;
    }
    scene.jump(-70 * DAY_MS).await;
    for _ in 0..30 {
        scene.pass(MINUTE_MS).await;
    }
    assert_eq!(scene.notices().await, 0);
    scene.letters.taken();
    for _ in 0..46 {
        scene.pass(DAY_MS).await;
    }
    scene.pass(MINUTE_MS).await;
    let told = scene.letters.taken();
    let of_ana: usize = told.iter().filter(|(name, _)| name == "Ana").map(|(_, notices)| notices.len()).sum();
    assert_eq!(of_ana, 20, "the real end is announced");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_goes_back_is_no_cause_for_joy() {
    let scene = scene(MANY).await;
    for _ in 0..46 {
        scene.pass(DAY_MS).await;
    }
    scene.pass(MINUTE_MS).await;
    assert!(!scene.letters.taken().is_empty(), "warned");
    scene.jump(-70 * DAY_MS).await;
    scene.all_are_checked().await;
    for _ in 0..8 {
        scene.pass(MINUTE_MS).await;
    }
    scene.jump(70 * DAY_MS).await;
    for _ in 0..30 {
        scene.pass(MINUTE_MS).await;
    }
    assert_eq!(scene.letters.taken(), []);
}
