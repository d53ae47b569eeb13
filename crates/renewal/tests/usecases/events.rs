//! What the platform is told of each state: every change, once, whoever finds it.

use lifecycle::{Severity, Timestamp, clock::DAY_MS, ids::ConnectionId};
use renewal::{ConnectionState, Identity};
use serde_json::{Value, json};

use crate::{
    dialogs::{AURORA, BOREAL, LOJA},
    inbound::take,
    signing::message,
    support::World,
};

/// Ana's organization, and what was told of it.
struct Told {
    world: World,
    ana: Identity,
}

impl Told {
    async fn new() -> Self {
        let world = World::new().await;
        Self { ana: world.signed_in("Ana").await, world }
    }

    async fn of(ends_in_days: i64) -> (Self, ConnectionId) {
        let told = Self::new().await;
        let id = told.world.connected("aurora", "Ana Souza", ends_in_days).await;
        (told, id)
    }

    async fn looks(&self) {
        self.world.renova.watch_what_is_due().await.unwrap();
    }

    /// A minute later.
    async fn checks(&self, id: ConnectionId) {
        self.world.meta.advance("1m").await;
        self.world.renova.check(id).await.unwrap();
    }

    async fn state(&self, id: ConnectionId) -> ConnectionState {
        self.world.renova.connection(&self.ana, id).await.unwrap()
    }

    async fn kinds(&self) -> Vec<String> {
        self.world.events(&self.ana).await.into_iter().map(|(kind, _)| kind).collect()
    }

    async fn count(&self, kind: &str) -> usize {
        self.world.count_of_events(&self.ana, kind).await
    }

    async fn renews(&self, id: ConnectionId) {
        let renewal = self.world.proved(&self.ana, Some(id), "Ana Souza").await;
        self.world.renova.finish(&self.ana, renewal).await.unwrap();
    }

    /// Of each event of this kind, one value.
    async fn values(&self, kind: &str, key: &str) -> Vec<Value> {
        let events = self.world.events(&self.ana).await;
        events.into_iter().filter(|(it, _)| it == kind).map(|(_, mut data)| data[key].take()).collect()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_end_that_is_near_when_the_token_comes_is_told_by_the_first_look() {
    let (told, id) = Told::of(10).await;
    let end = told.state(id).await.connection.facts.expires_at;
    for _ in 0..3 {
        told.looks().await;
        assert_eq!(told.kinds().await, ["connection.expires_soon"], "once");
        told.world.meta.advance("1h").await;
        told.checks(id).await;
    }
    assert_eq!(told.values("connection.expires_soon", "at").await, [json!(end)]);
    assert_eq!(told.values("connection.expires_soon", "from").await, ["healthy"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_dead_when_it_came_is_no_news() {
    let (told, _) = Told::of(-1).await;
    told.looks().await;
    assert_eq!(told.kinds().await, [""; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_look_after_the_wizard_has_nothing_to_tell() {
    let told = Told::new().await;
    told.world.meta.sim.seed_grant("Ana Souza", 0).unwrap();
    let renewal = told.world.proved(&told.ana, None, "Ana Souza").await;
    told.world.renova.finish(&told.ana, renewal).await.unwrap();
    let before = told.kinds().await;
    told.looks().await;
    told.world.works().await;
    assert_eq!(told.kinds().await, before);

    let (told, id) = Told::of(10).await;
    told.looks().await;
    told.renews(id).await;
    let before = told.kinds().await;
    told.looks().await;
    told.world.works().await;
    assert_eq!(told.kinds().await, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_end_that_came_while_nobody_looked_is_told_although_a_check_proves_it_first() {
    let (told, id) = Told::of(10).await;
    told.looks().await;
    told.world.meta.advance("11d").await;
    for _ in 0..2 {
        told.checks(id).await;
        told.looks().await;
        assert_eq!(told.kinds().await, ["connection.expires_soon", "connection.expired"]);
    }
    assert_eq!(told.values("connection.expired", "from").await, ["expires_soon"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_check_proves_before_its_time_is_not_told_again_by_the_clock() {
    for (subcode, word) in [(463, "connection.expired"), (460, "connection.revoked")] {
        let (told, id) = Told::of(10).await;
        told.looks().await;
        told.world.meta.control("invalidate", json!({"person": "Ana Souza", "subcode": subcode})).await;
        told.checks(id).await;
        told.looks().await;
        for _ in 0..12 {
            told.world.meta.advance("1d").await;
            told.looks().await;
        }
        let of_connection = told.kinds().await.into_iter().filter(|kind| kind.starts_with("connection."));
        assert_eq!(of_connection.collect::<Vec<_>>(), ["connection.expires_soon", word]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_renewal_tells_of_each_channel_that_works_again() {
    let (told, id) = Told::of(40).await;
    told.world.meta.control("invalidate", json!({"person": "Ana Souza", "subcode": 460})).await;
    told.checks(id).await;
    told.looks().await;
    assert_eq!(told.count("channel.revoked").await, 3);
    told.renews(id).await;
    assert_eq!(told.values("channel.healthy", "from").await, ["revoked"; 3]);
    assert_eq!(told.values("channel.healthy", "token_generation").await, [2; 3]);
    assert_eq!(told.values("connection.healthy", "from").await, ["revoked"]);
    let before = told.kinds().await;
    assert_eq!(before.last().map(String::as_str), Some("renewal.finished"));
    told.world.meta.advance("11m").await;
    told.checks(id).await;
    told.looks().await;
    assert_eq!(told.kinds().await, before, "once");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_renewal_that_is_finished_with_open_points_tells_of_them() {
    let told = Told::new().await;
    let fields = |object: &str, fields: &[&str]| json!({"object": object, "fields": fields});
    told.world.meta.put("app-fields", fields("page", &["messaging_postbacks"])).await;
    told.world.meta.put("app-fields", fields("instagram", &["messages", "messaging_postbacks"])).await;
    told.world.meta.sim.seed_grant("Ana Souza", 0).unwrap();
    let renewal = told.world.proved(&told.ana, None, "Ana Souza").await;
    told.world.renova.finish(&told.ana, renewal).await.unwrap();
    assert_eq!(told.count("channel.subscription_lost").await, 2);
    assert_eq!(told.values("channel.story_option_off", "name").await, ["@loja.aurora"]);
    let id = told.world.renova.connections(&told.ana).await.unwrap()[0].connection.id;
    let before = told.kinds().await;
    told.world.meta.advance("11m").await;
    told.checks(id).await;
    told.looks().await;
    assert_eq!(told.kinds().await, before, "once");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_refreshes_itself_at_last_is_well_again() {
    let told = Told::new().await;
    let id = told.world.connected_by_instagram("aurora", "aurora.kids", 10 * DAY_MS, 50 * DAY_MS).await;
    told.looks().await;
    assert_eq!(told.kinds().await, ["channel.expires_soon", "connection.expires_soon"]);
    told.checks(id).await;
    told.looks().await;
    let since = told.kinds().await.split_off(2);
    assert_eq!(since, ["connection.renewed", "channel.healthy", "connection.healthy"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_works_again_under_a_grant_that_has_ended_is_told_with_its_gap() {
    let (told, id) = Told::of(5).await;
    told.world.meta.advance("6d").await;
    told.checks(id).await;
    let people = |people: &[&str]| json!({"pages": [{"name": "Loja Aurora", "people": people}]});
    told.world.meta.put("pages", people(&[])).await;
    told.checks(id).await;
    let since = told.world.renova.now();
    assert_eq!(told.state(id).await.severity(), Severity::Stopped);
    told.world.meta.put("pages", people(&["Ana Souza"])).await;
    told.checks(id).await;
    assert_eq!(told.state(id).await.severity(), Severity::Soon);
    let gaps = told.values("connection.recovered", "gaps").await;
    assert_eq!(gaps.len(), 1);
    let lost: Vec<_> = gaps[0].as_array().unwrap().iter().map(|gap| gap["from"].as_i64().map(Timestamp)).collect();
    assert_eq!(lost, [Some(since); 2], "{AURORA} and {LOJA}");

    told.renews(id).await;
    told.checks(id).await;
    assert_eq!(told.count("connection.recovered").await, 1, "it had recovered before");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_channel_that_was_silent_and_hears_again_is_told() {
    let (told, id) = Told::of(50).await;
    told.world.connected("boreal", "Clara Lima", 50).await;
    let hears = async |account: &str, mid: &str| {
        take(&told.world, &message("page", account, mid, told.world.renova.now().0)).await;
    };
    hears(AURORA, "m_1").await;
    told.looks().await;
    told.world.meta.advance("8d").await;
    hears(BOREAL, "m_2").await;
    told.looks().await;
    assert_eq!(told.kinds().await, ["channel.silent", "connection.silent"]);
    told.world.meta.advance("26h").await;
    told.looks().await;
    assert_eq!(told.kinds().await.len(), 2, "nothing reaches us: that is no good news of a channel");
    hears(BOREAL, "m_3").await;
    told.world.meta.advance("2h").await;
    told.looks().await;
    assert_eq!(told.kinds().await.len(), 2, "still silent");

    hears(AURORA, "m_4").await;
    for _ in 0..2 {
        told.world.meta.advance("1h").await;
        told.checks(id).await;
        told.looks().await;
        assert_eq!(told.kinds().await.split_off(2), ["channel.healthy", "connection.healthy"], "once");
    }
    assert_eq!(told.values("channel.healthy", "from").await, ["silent"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_ask_at_the_same_time_ask_once() {
    let (told, id) = Told::of(5).await;
    let other = told.world.another_process().await;
    let bruno = told.world.signed_in("Bruno").await;
    let asks = (0..8).map(|number| {
        let renova = if number % 2 == 0 { told.world.renova.clone() } else { other.clone() };
        let bruno = bruno.clone();
        tokio::spawn(async move { renova.request_renewal(&bruno, id).await })
    });
    for asked in asks.collect::<Vec<_>>() {
        asked.await.unwrap().unwrap();
    }
    assert_eq!(told.count("renewal.requested").await, 1);
    assert_eq!(told.world.renova.notices(&told.ana, id, 10).await.unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn while_meta_does_not_answer_it_is_not_asked_about_one_page_after_the_other() {
    let told = Told::new().await;
    let pages = (0..12).map(|number| json!({"name": format!("Filial {number}"), "people": ["Rita Nunes"]}));
    told.world.meta.put("people", json!({"people": [{"name": "Rita Nunes"}]})).await;
    told.world.meta.put("pages", json!({"pages": pages.collect::<Vec<_>>()})).await;
    let id = told.world.connected("aurora", "Rita Nunes", 40).await;
    let accounts: Vec<_> = told.state(id).await.channels.into_iter().map(|it| it.channel.account_id).collect();
    assert_eq!(accounts.len(), 12);
    let mut asked_before = 0;
    let mut asked = async || {
        let mut all = 0;
        for account in &accounts {
            all += told.world.meta.count_of_calls("GET", &format!("/{account}")).await;
        }
        all - std::mem::replace(&mut asked_before, all)
    };
    told.world.meta.fails("graph:/*", "reset", 999).await;
    told.checks(id).await;
    assert!(asked().await < accounts.len() / 3, "it does not answer");
    assert!(told.state(id).await.connection.facts.unreachable_since.is_some());
    told.world.meta.heal().await;
    told.checks(id).await;
    assert_eq!(asked().await, accounts.len());
    let one = accounts.iter().max().unwrap();
    told.world.meta.fails(&format!("graph:/{one}"), "reset", 999).await;
    told.checks(id).await;
    assert_eq!(asked().await, accounts.len(), "one alone keeps nobody else from being asked about");
}
