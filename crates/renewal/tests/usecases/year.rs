//! A year with faults at random: nobody is surprised, and nobody is called for nothing.
//!
//! `RENOVA_YEAR_CONNECTIONS` and `RENOVA_YEAR_SEED` change its size and its course.

#[path = "year/outside.rs"]
mod outside;
#[path = "year/shops.rs"]
mod shops;

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    sync::{Arc, atomic::Ordering},
};

use lifecycle::{
    ChannelKind, NoticeKind, Provider, Timestamp,
    clock::{DAY_MS, HOUR_MS, MINUTE_MS},
    health::TokenProof,
    ids::{ConnectionId, WebhookEndpointId},
};
use renewal::{ConnectionState, EndpointOwner, Renova};
use serde_json::json;

use self::{outside::Outside, shops::Shops};
use crate::{
    databases,
    support::{Setup, World, work},
    webhooks::deliver,
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

/// Something outside that is down until a step.
#[derive(Clone, Copy, Default)]
struct Outage(i64);

impl Outage {
    /// Once in `rarely` steps it begins, for at most `longest` steps. Answers whether it begins or ends now.
    fn changes(&mut self, step: i64, dice: &mut Dice, rarely: u64, longest: u64) -> Option<bool> {
        if step == self.0 {
            return Some(false);
        }
        let begins = step > self.0 && dice.one_in(rarely);
        if begins {
            self.0 = step + 1 + i64::try_from(dice.roll(longest)).unwrap();
        }
        begins.then_some(true)
    }
}

struct Year {
    world: World,
    /// The process at work; another one takes over now and then.
    worker: Arc<Renova>,
    outside: Arc<Outside>,
    endpoint: WebhookEndpointId,
    shops: Shops,
    dice: Dice,
    meta: Outage,
    mail: Outage,
    boxes: Outage,
    platform: Outage,
    /// Every warning that reached somebody: reader, connection, generation, end, threshold.
    told: HashMap<(String, ConnectionId, NoticeKind), usize>,
    warned: BTreeMap<(ConnectionId, Timestamp), Vec<(i64, Timestamp)>>,
    stops_told: HashSet<(ConnectionId, Timestamp)>,
    /// The tokens, by connection and generation, that were renewed because they had stopped.
    stopped: HashSet<(ConnectionId, i64)>,
}

fn number(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(otherwise)
}

impl Year {
    #[expect(clippy::print_stderr, reason = "the seed, to run the same course again")]
    async fn begin(database: Option<String>) -> Self {
        let (connections, seed) = (number("RENOVA_YEAR_CONNECTIONS", 4), number("RENOVA_YEAR_SEED", 4));
        eprintln!("RENOVA_YEAR_CONNECTIONS={connections} RENOVA_YEAR_SEED={seed}");
        let outside = Arc::new(Outside::default());
        let setup =
            Setup { mailer: Some(outside.clone()), webhooks: Some(outside.clone()), database, ..Setup::default() };
        let world = World::with(setup).await;
        let endpoint = world
            .renova
            .add_webhook_endpoint(EndpointOwner::PLATFORM, "https://platform.example.com/", "")
            .await
            .unwrap()
            .id;
        let mut dice = Dice(seed);
        let shops = shops::open(&world, &mut dice, usize::try_from(connections).unwrap()).await;
        let worker = Arc::clone(&world.renova);
        Self {
            world,
            worker,
            outside,
            endpoint,
            shops,
            dice,
            meta: Outage::default(),
            mail: Outage::default(),
            boxes: Outage::default(),
            platform: Outage::default(),
            told: HashMap::new(),
            warned: BTreeMap::new(),
            stops_told: HashSet::new(),
            stopped: HashSet::new(),
        }
    }

    async fn step(&mut self, step: i64) {
        self.passes(STEP_HOURS * HOUR_MS - MINUTE_MS).await;
        self.trouble(step).await;
        self.works().await;
        self.passes(MINUTE_MS).await;
        self.works().await;
        self.read_mail();
        for organization in 0..self.shops.administrators.len() {
            let states = self.world.renova.connections(&self.shops.administrators[organization]).await.unwrap();
            self.look(&states);
            if step >= self.meta.0 {
                self.people_renew(&states).await;
            }
        }
    }

    async fn passes(&self, milliseconds: i64) {
        self.world.meta.advance(&format!("{}s", milliseconds / 1000)).await;
        self.world.pass(milliseconds);
    }

    async fn works(&self) {
        work(&self.worker).await;
        deliver(&self.worker).await;
    }

    /// What may go wrong on a day.
    async fn trouble(&mut self, step: i64) {
        match self.meta.changes(step, &mut self.dice, 60, 8) {
            Some(true) => {
                let faults = ["http_500", "html", "reset", "truncated", "rate_limit"];
                let fault = faults[usize::try_from(self.dice.roll(5)).unwrap()];
                self.world.meta.fails("graph:/*", fault, u32::MAX).await;
                self.world.meta.fails("ig-graph:/*", fault, u32::MAX).await;
            }
            Some(false) => self.world.meta.heal().await,
            None => {}
        }
        if let Some(down) = self.mail.changes(step, &mut self.dice, 60, 3) {
            self.outside.mail_is_down.store(down, Ordering::Relaxed);
        }
        if let Some(gone) = self.boxes.changes(step, &mut self.dice, 60, 80) {
            *self.outside.boxes_gone.lock().unwrap() = gone.then_some("Beatriz");
        }
        if let Some(down) = self.platform.changes(step, &mut self.dice, 60, 8) {
            self.outside.platform_is_down.store(down, Ordering::Relaxed);
        }
        if self.dice.one_in(100) {
            self.worker = self.world.another_process().await;
        }
        self.passwords_change().await;
    }

    async fn passwords_change(&mut self) {
        let now = self.world.renova.now();
        for shop in self.shops.all.iter_mut().filter(|it| it.provider == Provider::Facebook && it.dead_since.is_none())
        {
            if self.dice.one_in(600) {
                let subcode = [459, 460, 464][usize::try_from(self.dice.roll(3)).unwrap()];
                self.world.meta.control("invalidate", json!({"person": shop.person, "subcode": subcode})).await;
                shop.dead_since = Some(now);
            }
        }
    }

    fn read_mail(&mut self) {
        for mail in std::mem::take(&mut *self.outside.letters.lock().unwrap()) {
            for notice in &mail.notices {
                let id = notice.state.connection.id;
                let shop = self.shops.of(id);
                assert_eq!(shop.provider, Provider::Facebook, "{}: called for what refreshes itself", shop.person);
                let times = self.told.entry((mail.to.name.clone(), id, notice.notice)).or_default();
                *times += 1;
                assert_eq!(*times, 1, "told twice: {} {:?}", mail.to.name, notice.notice);
                match notice.notice {
                    NoticeKind::Expires { ends_at, days } => {
                        assert!(notice.state.needs_renewal(), "a mail about what the banner does not show");
                        if mail.to.name.starts_with("Ana") {
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
    fn look(&mut self, states: &[ConnectionState]) {
        let now = self.world.renova.now();
        for state in states {
            let shop = self.shops.of(state.connection.id);
            let ended = state.connection.facts.expires_at.is_some_and(|at| at <= now);
            assert!(!ended || shop.provider == Provider::Facebook, "{}: not refreshed in time", shop.person);
            for it in &state.channels {
                let lapsed = it.channel.kind == ChannelKind::Instagram
                    && it.channel.facts.data_access_expires_at.is_some_and(|at| at <= now);
                let may_be_dead = shop.dead_since.is_some() || ended || lapsed;
                let works = it.channel.facts.proof == TokenProof::Works;
                assert!(may_be_dead || works, "{}: a token that works", shop.person);
            }
            let may_be_dead = shop.dead_since.is_some() || ended;
            assert!(may_be_dead || state.connection.facts.proof == TokenProof::Works, "{}", shop.person);
        }
    }

    /// After so many warnings, or once it has stopped, somebody renews.
    async fn people_renew(&mut self, states: &[ConnectionState]) {
        let now = self.world.renova.now();
        for state in states {
            let (id, end) = (state.connection.id, state.connection.facts.expires_at);
            let warnings = end.map_or(0, |end| self.warned.get(&(id, end)).map_or(0, Vec::len));
            let tired = u64::try_from(warnings).unwrap() >= self.shops.of(id).patience;
            let late = state.needs_renewal() && end.is_some_and(|end| now.since(end) > 35 * DAY_MS);
            let stopped = state.severity() == lifecycle::Severity::Stopped && self.dice.one_in(4);
            if !(tired || late || stopped) {
                continue;
            }
            self.the_end_was_announced(state);
            if state.severity() == lifecycle::Severity::Stopped {
                self.stopped.insert((id, state.connection.token_generation));
            }
            let patience = 1 + self.dice.roll(7);
            let shop = self.shops.of(id);
            (shop.dead_since, shop.patience) = (None, patience);
            let (person, organization) = (shop.person.clone(), shop.organization);
            let administrator = &self.shops.administrators[organization];
            let renewal = self.world.proved(administrator, Some(id), &person).await;
            self.world.renova.finish(administrator, renewal).await.unwrap();
        }
    }

    /// Where the end was knowable and has come, it was told at least three times, first 14 days before,
    /// and the platform has heard of it too.
    fn the_end_was_announced(&mut self, state: &ConnectionState) {
        let now = self.world.renova.now();
        let (id, generation) = (state.connection.id, state.connection.token_generation);
        let Some(end) = state.connection.facts.expires_at.filter(|end| *end <= now) else { return };
        if self.shops.of(id).dead_since.is_some_and(|at| at <= end) {
            return;
        }
        let told = self.warned.get(&(id, end)).cloned().unwrap_or_default();
        let person = &state.connection.grantee_name;
        assert!(told.len() >= 3, "{person}: told {} times of an end that has come", told.len());
        let first = told.iter().map(|(_, at)| *at).min().unwrap();
        let mail_was_down = 3 * STEP_HOURS * HOUR_MS;
        assert!(
            end.since(first) >= 14 * DAY_MS - mail_was_down - 2 * MINUTE_MS - HOUR_MS,
            "{person}: the first warning came late"
        );
        let heard = self.outside.end_soon.lock().unwrap().contains(&(id, generation));
        assert!(heard, "{person}: the platform has not heard of an end that has come");
    }

    /// Once everything outside is well again, what is dead is known, and nothing waits or is lost.
    async fn ends(mut self) {
        self.world.meta.heal().await;
        self.outside.mail_is_down.store(false, Ordering::Relaxed);
        self.outside.platform_is_down.store(false, Ordering::Relaxed);
        for _ in 0..12 {
            self.passes(3 * HOUR_MS).await;
            self.works().await;
        }
        self.read_mail();
        for shop in &self.shops.all {
            let administrator = &self.shops.administrators[shop.organization];
            let state = self.world.renova.connection(administrator, shop.id).await.unwrap();
            let known = state.connection.facts.proof != TokenProof::Works;
            assert!(known || shop.dead_since.is_none(), "{} died unseen", shop.person);
            let refreshed = state.connection.token_generation >= 365 / 60;
            assert!(refreshed || shop.provider == Provider::Facebook, "{} was not refreshed", shop.person);
        }
        let unheard: Vec<_> = self.stopped.difference(&self.outside.stopped.lock().unwrap()).copied().collect();
        assert!(unheard.is_empty(), "the platform has not heard that these have stopped: {unheard:?}");
        let (waiting, _) = self.world.renova.storage().jobs_waiting(store::JobKind::Mail).await.unwrap();
        assert_eq!(waiting, 0, "mail that nobody sends");
        let lost = |it: &&store::WebhookDelivery| it.delivered_at.is_none();
        let deliveries =
            self.world.renova.webhook_deliveries(EndpointOwner::PLATFORM, self.endpoint, 1_000).await.unwrap();
        assert_eq!(deliveries.iter().find(lost), None, "of {}", deliveries.len());
        assert!(self.outside.dead_letters.load(Ordering::Relaxed) > 0, "no box was gone");
    }
}

async fn a_year(database: Option<String>) {
    let mut year = Year::begin(database).await;
    for step in 1..=STEPS {
        year.step(step).await;
    }
    assert!(
        year.warned.len() > year.shops.all.len() && !year.stops_told.is_empty(),
        "a year in which nothing happened"
    );
    year.ends().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn in_a_year_nobody_is_surprised_or_called_for_nothing_on_sqlite() {
    a_year(None).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn in_a_year_nobody_is_surprised_or_called_for_nothing_on_postgresql() {
    databases::on_postgres(|url| a_year(Some(url))).await;
}
