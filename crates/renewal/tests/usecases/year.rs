//! A year with faults at random: nobody is surprised, and nobody is called for nothing.
//!
//! `RENOVA_YEAR_CONNECTIONS` and `RENOVA_YEAR_SEED` change its size and its course.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    sync::Arc,
};

use lifecycle::{
    ChannelKind, NoticeKind, Timestamp,
    clock::{DAY_MS, HOUR_MS, MINUTE_MS},
    health::TokenProof,
    ids::ConnectionId,
};
use renewal::{Identity, MailFailure, Renova};
use serde_json::json;

use crate::{
    databases,
    support::{Setup, World, work},
    warnings::Letters,
};

const STEP_HOURS: i64 = 6;
const STEPS: i64 = 365 * 24 / STEP_HOURS;

/// Numbers that look random; the seed is printed, so that a course can be run again.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }

    fn one_in(&mut self, sides: u64) -> bool {
        self.roll(sides) == 0
    }
}

struct Shop {
    id: ConnectionId,
    person: String,
    /// Renews when this many warnings of the present grant have come; `None`: never by itself.
    patience: u64,
    /// Since when its tokens are dead at Meta, before anybody has told us.
    dead_since: Option<Timestamp>,
}

struct Year {
    world: World,
    /// The process at work; another one takes over now and then.
    worker: Arc<Renova>,
    letters: Arc<Letters>,
    ana: Identity,
    shops: Vec<Shop>,
    dice: Dice,
    /// Meta is down, or the mail server is, until this step.
    meta_down_until: i64,
    mail_down_until: i64,
    /// Every warning that reached somebody: reader, connection, generation, end, threshold.
    told: HashMap<(String, ConnectionId, NoticeKind), usize>,
    warned: BTreeMap<(ConnectionId, Timestamp), Vec<(i64, Timestamp)>>,
    stops_told: HashSet<(ConnectionId, Timestamp)>,
}

fn number(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(otherwise)
}

impl Year {
    #[expect(clippy::print_stderr, reason = "the seed, to run the same course again")]
    async fn begin(database: Option<String>) -> Self {
        let (connections, seed) = (number("RENOVA_YEAR_CONNECTIONS", 4), number("RENOVA_YEAR_SEED", 4));
        eprintln!("RENOVA_YEAR_CONNECTIONS={connections} RENOVA_YEAR_SEED={seed}");
        let letters = Arc::new(Letters::default());
        let setup = Setup { mailer: Some(letters.clone()), database, ..Setup::default() };
        let world = World::with(setup).await;
        let mut dice = Dice(seed);
        let mut shops = Vec::new();
        for number in 0..connections {
            let person = format!("Pessoa {number}");
            let page = json!({"name": format!("Loja {number}"), "people": [person],
                "instagram": {"username": format!("loja.{number}")}});
            world.meta.put("people", json!({"people": [{"name": person}]})).await;
            world.meta.put("pages", json!({"pages": [page]})).await;
            let left = 20 + i64::try_from(dice.roll(40)).unwrap();
            let id = world.connected("aurora", &person, left).await;
            shops.push(Shop { id, person, patience: 1 + dice.roll(7), dead_since: None });
        }
        let ana = world.signed_in("Ana").await;
        let worker = Arc::clone(&world.renova);
        Self {
            world,
            worker,
            letters,
            ana,
            shops,
            dice,
            meta_down_until: 0,
            mail_down_until: 0,
            told: HashMap::new(),
            warned: BTreeMap::new(),
            stops_told: HashSet::new(),
        }
    }

    async fn step(&mut self, step: i64) {
        self.world.meta.control("clock", json!({"advance": format!("{}s", STEP_HOURS * HOUR_MS / 1000 - 60)})).await;
        self.trouble(step).await;
        work(&self.worker).await;
        self.world.meta.control("clock", json!({"advance": "60s"})).await;
        work(&self.worker).await;
        self.read_mail();
        self.look().await;
        self.people_renew(step).await;
    }

    /// What may go wrong on a day.
    async fn trouble(&mut self, step: i64) {
        if step == self.meta_down_until {
            self.world.meta.heal().await;
        }
        if step == self.mail_down_until {
            *self.letters.refuse.lock().unwrap() = None;
        }
        if step > self.meta_down_until && self.dice.one_in(60) {
            let fault =
                ["http_500", "html", "reset", "truncated", "rate_limit"][usize::try_from(self.dice.roll(5)).unwrap()];
            self.world.meta.fails("graph:/*", fault, 1_000_000).await;
            self.meta_down_until = step + 1 + i64::try_from(self.dice.roll(8)).unwrap();
        }
        if step > self.mail_down_until && self.dice.one_in(60) {
            *self.letters.refuse.lock().unwrap() = Some(MailFailure::Later("421".to_owned()));
            self.mail_down_until = step + 1 + i64::try_from(self.dice.roll(3)).unwrap();
        }
        if self.dice.one_in(100) {
            self.worker = self.world.another_process().await;
        }
        let now = self.world.renova.now();
        for index in 0..self.shops.len() {
            if self.shops[index].dead_since.is_none() && self.dice.one_in(600) {
                let subcode = [459, 460, 464][usize::try_from(self.dice.roll(3)).unwrap()];
                let person = self.shops[index].person.clone();
                self.world.meta.control("invalidate", json!({"person": person, "subcode": subcode})).await;
                self.shops[index].dead_since = Some(now);
            }
        }
    }

    fn read_mail(&mut self) {
        for mail in std::mem::take(&mut *self.letters.sent.lock().unwrap()) {
            for notice in &mail.notices {
                let id = notice.state.connection.id;
                let times = self.told.entry((mail.to.name.clone(), id, notice.notice)).or_default();
                *times += 1;
                assert_eq!(*times, 1, "told twice: {} {:?}", mail.to.name, notice.notice);
                match notice.notice {
                    NoticeKind::Expires { ends_at, days } => {
                        assert!(notice.state.needs_renewal(), "a mail about what the banner does not show");
                        if mail.to.name == "Ana" {
                            self.warned.entry((id, ends_at)).or_default().push((days, mail.now));
                        }
                    }
                    NoticeKind::Stopped { since } => {
                        self.stops_told.insert((id, since));
                    }
                    NoticeKind::Recovered { .. } | NoticeKind::Requested { .. } => {}
                }
            }
        }
    }

    /// What is believed, beside what is true at Meta.
    async fn look(&mut self) {
        let now = self.world.renova.now();
        for state in self.world.renova.connections(&self.ana).await.unwrap() {
            let shop = self.shops.iter().find(|shop| shop.id == state.connection.id).unwrap();
            let ended = state.connection.facts.expires_at.is_some_and(|at| at <= now);
            for it in &state.channels {
                let lapsed = it.channel.kind == ChannelKind::Instagram
                    && it.channel.facts.data_access_expires_at.is_some_and(|at| at <= now);
                let may_be_dead = shop.dead_since.is_some() || ended || lapsed;
                assert!(
                    may_be_dead || it.channel.facts.proof == TokenProof::Works,
                    "{}: a token that works",
                    shop.person
                );
            }
            let may_be_dead = shop.dead_since.is_some() || ended;
            assert!(may_be_dead || state.connection.facts.proof == TokenProof::Works, "{}", shop.person);
        }
    }

    /// After so many warnings, or once it has stopped, somebody renews, if Meta lets him.
    async fn people_renew(&mut self, step: i64) {
        if step < self.meta_down_until {
            return;
        }
        let now = self.world.renova.now();
        for index in 0..self.shops.len() {
            let id = self.shops[index].id;
            let state = self.world.renova.connection(&self.ana, id).await.unwrap();
            let end = state.connection.facts.expires_at;
            let warnings = end.map_or(0, |end| self.warned.get(&(id, end)).map_or(0, Vec::len));
            let tired = u64::try_from(warnings).unwrap() >= self.shops[index].patience;
            let late = state.needs_renewal() && end.is_some_and(|end| now.since(end) > 35 * DAY_MS);
            let stopped = state.severity() == lifecycle::Severity::Stopped && self.dice.one_in(4);
            if !(tired || late || stopped) {
                continue;
            }
            self.the_end_was_announced(id, &state);
            let person = self.shops[index].person.clone();
            let renewal = self.world.proved(&self.ana, Some(id), &person).await;
            self.world.renova.finish(&self.ana, renewal).await.unwrap();
            self.shops[index].dead_since = None;
            self.shops[index].patience = 1 + self.dice.roll(7);
        }
    }

    /// Where the end was knowable and has come, it was told at least three times, first 14 days before.
    fn the_end_was_announced(&self, id: ConnectionId, state: &renewal::ConnectionState) {
        let now = self.world.renova.now();
        let Some(end) = state.connection.facts.expires_at.filter(|end| *end <= now) else { return };
        let died_before = self.shops.iter().any(|shop| shop.id == id && shop.dead_since.is_some_and(|at| at <= end));
        // A grant that was adopted with less time to go is told from then on.
        if died_before {
            return;
        }
        let told = self.warned.get(&(id, end)).cloned().unwrap_or_default();
        assert!(
            told.len() >= 3,
            "{}: told {} times of an end that has come",
            state.connection.grantee_name,
            told.len()
        );
        let first = told.iter().map(|(_, at)| *at).min().unwrap();
        let mail_was_down = 3 * STEP_HOURS * HOUR_MS;
        assert!(
            end.since(first) >= 14 * DAY_MS - mail_was_down - 2 * MINUTE_MS - HOUR_MS,
            "the first warning came late"
        );
    }
}

async fn a_year(database: Option<String>) {
    let mut year = Year::begin(database).await;
    for step in 1..=STEPS {
        year.step(step).await;
    }
    assert!(year.warned.len() > year.shops.len() && !year.stops_told.is_empty(), "a year in which nothing happened");
    // Whoever died is known to have died, once Meta answers.
    year.world.meta.heal().await;
    *year.letters.refuse.lock().unwrap() = None;
    for _ in 0..12 {
        year.world.meta.control("clock", json!({"advance": "3h"})).await;
        work(&year.worker).await;
    }
    for shop in year.shops.iter().filter(|shop| shop.dead_since.is_some()) {
        let state = year.world.renova.connection(&year.ana, shop.id).await.unwrap();
        assert_ne!(state.connection.facts.proof, TokenProof::Works, "{} died unseen", shop.person);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn in_a_year_nobody_is_surprised_or_called_for_nothing_on_sqlite() {
    a_year(None).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn in_a_year_nobody_is_surprised_or_called_for_nothing_on_postgresql() {
    databases::on_postgres(|url| a_year(Some(url))).await;
}
