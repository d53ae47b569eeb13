//! Every fault of the simulated Meta on every call of exchange, proof and check: nothing panics,
//! nothing that works is replaced or called dead, there is a way on, and no step waits for ever.

use std::time::Duration;

use futures::{StreamExt as _, stream};
use lifecycle::{
    Provider, RenewalState as S, Severity,
    health::TokenProof,
    ids::{ConnectionId, RenewalId},
    proof,
    reconcile::{Change, reconcile},
};
use renewal::{AdoptedInstagramLogin, ConnectionState, Identity};
use secrecy::SecretString;
use serde_json::{Value, json};

use crate::{
    dialogs::{AURORA, COMERCIO, EXPRESS, LOJA, OUTLET, Ticks},
    support::{Setup, World, but_its_check},
};

/// A call that is not answered is given up after this long.
const CALL: Duration = Duration::from_secs(1);
/// One fault, the calls around it, and a machine that is busy.
const STEP: Duration = Duration::from_secs(10);
/// Worlds at the same time: some faults have 64 MB.
const AT_ONCE: usize = 6;

const EXCHANGE: [&str; 8] = [
    "graph:/oauth/access_token?code",
    "graph:/oauth/access_token?grant_type=fb_exchange_token",
    "graph:/debug_token",
    "graph:/me",
    "graph:/me/accounts",
    "graph:/me/businesses",
    "graph:/{id}/owned_pages",
    "graph:/{id}/client_pages",
];
const EXCHANGE_OF_BUSINESS: [&str; 5] =
    ["graph:/oauth/access_token", "graph:/debug_token", "graph:/me", "graph:/{id}", "graph:/me/accounts"];
const EXCHANGE_OF_INSTAGRAM: [&str; 3] = ["ig-api:/oauth/access_token", "ig-graph:/access_token", "ig-graph:/me"];
const PROOF: [(&str, &str); 5] = [
    ("graph:/me/permissions", "GET"),
    ("graph:/{id}/subscribed_apps", "GET"),
    ("graph:/{id}/subscribed_apps", "POST"),
    ("graph:/1234567890/subscriptions", "GET"),
    ("graph:/{id}", "GET"),
];
const CHECK: [(&str, &str); 5] = [
    ("graph:/debug_token", "GET"),
    ("graph:/{id}/subscribed_apps", "GET"),
    ("graph:/{id}/subscribed_apps", "POST"),
    ("graph:/1234567890/subscriptions", "GET"),
    ("graph:/{id}", "GET"),
];

const CHECK_OF_INSTAGRAM: [(&str, &str); 3] =
    [("ig-graph:/me", "GET"), ("ig-graph:/{id}/subscribed_apps", "GET"), ("ig-graph:/{id}/subscribed_apps", "POST")];

/// What the log-in of a test's person is like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    Person,
    Business,
    Instagram,
}

/// A connection in a world of its own, and what it was like.
struct Scene {
    world: World,
    ana: Identity,
    connection: ConnectionId,
    before: ConnectionState,
    way: Way,
}

impl Scene {
    async fn new(way: Way) -> Self {
        let limits = meta::Limits { total: CALL, connect: CALL };
        let login_config_id = (way == Way::Business).then_some("900200");
        let world = World::with(Setup { limits, login_config_id, ..Setup::default() }).await;
        let ana = world.signed_in("Ana").await;
        let connection = match way {
            Way::Person | Way::Business => world.connected("aurora", "Ana Souza", 30).await,
            Way::Instagram => kids(&world).await,
        };
        let before = world.renova.connection(&ana, connection).await.unwrap();
        Self { world, ana, connection, before, way }
    }

    async fn state(&self) -> ConnectionState {
        self.world.renova.connection(&self.ana, self.connection).await.unwrap()
    }

    async fn logged_in(&self) -> RenewalId {
        let (renova, ana) = (&self.world.renova, &self.ana);
        let id = renova.start_renewal(ana, Some(self.connection), Provider::Facebook, false).await.unwrap();
        match self.way {
            Way::Person => self.world.logs_in_at_meta(ana, id, "Ana Souza").await,
            Way::Instagram => self.world.allows(ana, id, "aurora.kids").await,
            Way::Business => {
                let pages = &[AURORA, OUTLET, EXPRESS];
                let ticks = Ticks { pages, accounts: &[LOJA], declined: &[], business: COMERCIO };
                self.world.grants(ana, id, "Ana Souza", ticks).await;
            }
        }
        id
    }

    async fn assert_untouched(&self, context: &str) {
        let after = self.state().await;
        assert_eq!(but_its_check(&after.connection), but_its_check(&self.before.connection), "{context}");
        let channels =
            |state: &ConnectionState| -> Vec<_> { state.channels.iter().map(|it| it.channel.clone()).collect() };
        assert_eq!(channels(&after), channels(&self.before), "{context}");
    }

    async fn set(&self, on: &str, method: Option<&str>, fault: &str) {
        let delay = match fault {
            "timeout" | "hang_after_head" => 3_000,
            "slow" => 20,
            _ => 2,
        };
        let mut body = json!({"on": on, "fault": fault, "times": 1, "delay_ms": delay});
        body["method"] = method.map_or(Value::Null, |method| json!(method));
        if fault == "error" {
            body["code"] = json!(987_654);
        }
        self.world.meta.control("faults", body).await;
    }

    /// Whether the fault was met; those that wait on are forgotten.
    async fn was_met(&self) -> bool {
        let met = self.world.meta.faults_waiting().await == 0;
        self.world.meta.heal().await;
        met
    }
}

async fn kids(world: &World) -> ConnectionId {
    let seeded = world.meta.sim.seed_instagram_grant("aurora.kids", 40 * lifecycle::clock::DAY_MS).unwrap();
    let grant = AdoptedInstagramLogin {
        id: seeded.account_id,
        username: seeded.username,
        name: seeded.name,
        token: SecretString::from(seeded.token),
        issued_at: Some(lifecycle::Timestamp(seeded.issued_at_ms)),
        expires_at: Some(lifecycle::Timestamp(seeded.expires_at_ms)),
        scopes: seeded.scopes,
        subscribed_fields: seeded.subscribed_fields,
    };
    world.renova.adopt_instagram_login("aurora", grant).await.unwrap()
}

/// Those that strike when a call is made, not at the end of the dialog.
fn faults() -> Vec<&'static str> {
    metasim::fault_names().into_iter().filter(|name| !name.starts_with("dialog_")).collect()
}

async fn ends<T>(step: impl Future<Output = T>, context: &str) -> T {
    tokio::time::timeout(STEP, step).await.unwrap_or_else(|_| panic!("it does not end: {context}"))
}

/// Answers how many faults were met.
async fn exchange_with_every_fault(way: Way, on: &'static str) -> usize {
    let scene = Scene::new(way).await;
    let (renova, ana) = (&scene.world.renova, &scene.ana);
    let mut met = 0;
    for fault in faults() {
        let context = format!("{fault} at {on}, {way:?}");
        let id = scene.logged_in().await;
        scene.set(on, None, fault).await;
        ends(renova.exchange(ana, id), &context).await.unwrap();
        met += usize::from(scene.was_met().await);
        scene.assert_untouched(&context).await;
        let detail = renova.renewal(ana, id).await.unwrap();
        match detail.renewal.state {
            // The next round goes on with it.
            S::Failed => assert!(detail.renewal.failure.is_some() && detail.renewal.staged.is_none(), "{context}"),
            S::Exchanged => {
                let staged = detail.staged.as_ref().unwrap();
                let changes = reconcile(&detail.before(), &staged.accounts, staged.listing);
                let lost = changes.iter().any(|(_, change)| *change == Change::Lost);
                assert!(!lost || gave_no_token(on, fault), "{context}: {changes:?}");
                renova.cancel(ana, id).await.unwrap();
            }
            state => panic!("{context}: {state:?}"),
        }
    }
    let id = scene.logged_in().await;
    scene.world.exchanged(ana, id).await;
    scene.world.finished(ana, id).await;
    met
}

/// A Page that is listed without a token is one that Meta does not let us use.
fn gave_no_token(on: &str, fault: &str) -> bool {
    on == "graph:/me/accounts" && matches!(fault, "missing_fields" | "null_fields")
}

async fn prove_with_every_fault(on: &'static str, method: &'static str) -> usize {
    let scene = Scene::new(Way::Person).await;
    let (renova, ana) = (&scene.world.renova, &scene.ana);
    let id = scene.logged_in().await;
    let all = scene.world.exchanged(ana, id).await.selected();
    let mut met = 0;
    for (round, fault) in faults().into_iter().enumerate() {
        let context = format!("{fault} at {method} {on}");
        let mut chosen = all.clone();
        // Another choice than the last one, so that the proof begins anew.
        if round % 2 == 0 {
            chosen.pop();
        }
        renova.choose(ana, id, chosen, true).await.unwrap();
        scene.world.meta.put("subscriptions", json!({"page": "Loja Aurora", "fields": ["feed"]})).await;
        scene.set(on, Some(method), fault).await;
        ends(renova.prove(ana, id, false), &context).await.unwrap();
        met += usize::from(scene.was_met().await);
        scene.assert_untouched(&context).await;
        let detail = renova.renewal(ana, id).await.unwrap();
        assert_eq!(detail.renewal.state, S::Proved, "{context}");
        if !proof::may_finish(&detail.proof.unwrap().lines) {
            ends(renova.prove(ana, id, true), &context).await.unwrap();
            let lines = renova.renewal(ana, id).await.unwrap().proof.unwrap().lines;
            assert!(proof::may_finish(&lines), "{context}: asked again it is good: {lines:?}");
        }
    }
    renova.choose(ana, id, all, false).await.unwrap();
    renova.prove(ana, id, true).await.unwrap();
    renova.finish(ana, id).await.unwrap();
    met
}

async fn check_with_every_fault(way: Way, on: &'static str, method: &'static str) -> usize {
    let scene = Scene::new(way).await;
    let renova = &scene.world.renova;
    let mut met = 0;
    for fault in faults() {
        let context = format!("{fault} at {method} {on}");
        // Past what the last fault may have said about limits.
        scene.world.meta.advance("1h").await;
        // Something is to be restored each time.
        let reduced = match way {
            Way::Instagram => json!({"instagram": "aurora.kids", "fields": ["follow"]}),
            Way::Person | Way::Business => json!({"page": "Loja Aurora", "fields": ["feed"]}),
        };
        scene.world.meta.put("subscriptions", reduced).await;
        scene.set(on, Some(method), fault).await;
        ends(renova.check(scene.connection), &context).await.unwrap();
        met += usize::from(scene.was_met().await);
        let state = scene.state().await;
        assert!(state.severity() < Severity::Soon, "{context}: {:?}", state.health);
        let (facts, known) = (&state.connection.facts, &scene.before.connection.facts);
        assert_eq!((facts.proof, facts.dead_since), (TokenProof::Works, None), "{context}");
        assert_eq!((facts.expires_at, &facts.scopes), (known.expires_at, &known.scopes), "{context}");
        assert_eq!(facts.data_access_expires_at, known.data_access_expires_at, "{context}");
        assert_eq!(state.connection.token, scene.before.connection.token, "{context}");
        for (it, was) in state.channels.iter().zip(&scene.before.channels) {
            let facts = &it.channel.facts;
            assert_eq!((facts.proof, facts.dead_since), (TokenProof::Works, None), "{context}: {}", it.channel.name);
            assert_eq!(it.channel.token, was.channel.token, "{context}");
        }
    }
    scene.world.meta.advance("1h").await;
    renova.check(scene.connection).await.unwrap();
    let state = scene.state().await;
    assert_eq!(state.severity(), Severity::None, "after {method} {on}: {:?}", state.health);
    for (kind, _) in scene.world.events(&scene.ana).await {
        // What could not be restored was lost; of a token or an account nothing may be said.
        let true_words = ["subscription_lost", "resubscribed", "story_option_off", "healthy"];
        assert!(true_words.iter().any(|word| kind.ends_with(word)), "{kind} after {method} {on}");
    }
    met
}

type Run = std::pin::Pin<Box<dyn Future<Output = usize> + Send>>;

#[expect(clippy::print_stdout, reason = "how many combinations there were is a result")]
async fn run(step: &str, runs: Vec<Run>) {
    let calls = runs.len();
    let met: Vec<usize> = stream::iter(runs)
        .map(|run| async move {
            tokio::spawn(run).await.unwrap_or_else(|panic| std::panic::resume_unwind(panic.into_panic()))
        })
        .buffer_unordered(AT_ONCE)
        .collect()
        .await;
    let (kinds, met) = (faults().len(), met.into_iter().sum::<usize>());
    println!(
        "{step}: {kinds} kinds of faults x {calls} calls = {} combinations, of which {met} were met",
        kinds * calls
    );
    // A second page that fails needs a second page.
    assert!(met >= (kinds - 2) * calls, "faults that strike nothing test nothing: {met}");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_fault_on_every_call_of_the_exchange() {
    let of = |way, calls: &[&'static str]| -> Vec<Run> {
        calls.iter().map(|on| Box::pin(exchange_with_every_fault(way, on)) as Run).collect()
    };
    let mut runs = of(Way::Person, &EXCHANGE);
    runs.extend(of(Way::Business, &EXCHANGE_OF_BUSINESS));
    runs.extend(of(Way::Instagram, &EXCHANGE_OF_INSTAGRAM));
    run("exchange", runs).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_fault_on_every_call_of_the_proof() {
    run("proof", PROOF.iter().map(|(on, method)| Box::pin(prove_with_every_fault(on, method)) as Run).collect()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_fault_on_every_call_of_a_check() {
    let of = |way, calls: &[(&'static str, &'static str)]| -> Vec<Run> {
        calls.iter().map(|(on, method)| Box::pin(check_with_every_fault(way, on, method)) as Run).collect()
    };
    let mut runs = of(Way::Person, &CHECK);
    runs.extend(of(Way::Instagram, &CHECK_OF_INSTAGRAM));
    run("check", runs).await;
}
