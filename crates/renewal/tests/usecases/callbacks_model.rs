//! Authorize, deauthorize, deliver, deliver again, in any order, through the use cases: what is known
//! is always what a model of a few lines says. The rule alone is tested in `lifecycle` with many more.

use lifecycle::{Provider, clock::SECOND_MS, health::TokenProof, ids::ConnectionId};
use renewal::Identity;
use serde_json::json;

use crate::{
    dialogs::KIDS,
    signing::signed_request,
    support::{INSTAGRAM_SECRET, World},
};

const HISTORIES: u64 = 200;
const SEED: u64 = 0x5eed_0003;

/// SplitMix64.
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % u64::try_from(most).unwrap()).unwrap()
    }
}

/// What is true, and what may be known of it. Instants in Meta's seconds.
struct Model {
    authorized_at: i64,
    removed_at_meta: bool,
    known_dead: bool,
    /// When each callback was signed.
    signed: Vec<i64>,
}

struct Play {
    world: World,
    ana: Identity,
    id: ConnectionId,
    model: Model,
    told: Vec<String>,
}

impl Play {
    async fn new() -> Self {
        let world = World::new().await;
        let ana = world.signed_in("Ana").await;
        let id = authorized(&world, &ana, None).await;
        let authorized_at = seconds(&world);
        let model = Model { authorized_at, removed_at_meta: false, known_dead: false, signed: Vec::new() };
        Self { world, ana, id, model, told: Vec::new() }
    }

    async fn step(&mut self, dice: &mut Dice) {
        let done = match dice.below(8) {
            0 => {
                authorized(&self.world, &self.ana, Some(self.id)).await;
                self.model.authorized_at = seconds(&self.world);
                (self.model.removed_at_meta, self.model.known_dead) = (false, false);
                "authorize".to_owned()
            }
            1 | 2 => {
                self.world.meta.control("deauthorize", json!({"instagram": "aurora.kids"})).await;
                self.model.removed_at_meta = true;
                self.model.signed.push(seconds(&self.world));
                "deauthorize".to_owned()
            }
            3 | 4 if !self.model.signed.is_empty() => {
                let which = dice.below(self.model.signed.len());
                self.deliver(self.model.signed[which]).await;
                format!("deliver {which}")
            }
            5 => {
                self.check().await;
                "check".to_owned()
            }
            6 => self.wait("1h").await,
            _ => self.wait("1s").await,
        };
        self.told.push(done);
    }

    async fn wait(&self, span: &str) -> String {
        self.world.meta.advance(span).await;
        span.to_owned()
    }

    async fn deliver(&mut self, issued_at: i64) {
        let payload = json!({"user_id": KIDS, "algorithm": "HMAC-SHA256", "issued_at": issued_at});
        self.world.renova.deauthorize(&signed_request(INSTAGRAM_SECRET, &payload)).await.unwrap();
        self.model.known_dead |= issued_at > self.model.authorized_at;
    }

    /// Twice: just after an authorization one bad answer counts for nothing.
    async fn check(&mut self) {
        for _ in 0..2 {
            self.world.renova.check(self.id).await.unwrap();
        }
        self.model.known_dead = self.model.removed_at_meta;
    }

    async fn assert_as_modelled(&self) {
        let state = self.world.renova.connection(&self.ana, self.id).await.unwrap();
        let dead = state.connection.facts.proof != TokenProof::Works;
        assert_eq!(dead, self.model.known_dead, "seed {SEED:#x}: {:?}", self.told);
        for it in &state.channels {
            assert_eq!(it.channel.facts.proof != TokenProof::Works, dead, "{:?}", self.told);
        }
    }
}

fn seconds(world: &World) -> i64 {
    world.renova.now().0.div_euclid(SECOND_MS)
}

async fn authorized(world: &World, ana: &Identity, connection: Option<ConnectionId>) -> ConnectionId {
    let id = world.renova.start_renewal(ana, connection, Provider::Instagram, false).await.unwrap();
    world.allows(ana, id, "aurora.kids").await;
    world.exchanged(ana, id).await;
    world.finished(ana, id).await.connection.id
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_known_is_what_the_model_says() {
    let mut dice = Dice(SEED);
    let mut play = Play::new().await;
    for _ in 0..HISTORIES {
        play.told.clear();
        for _ in 0..4 + dice.below(6) {
            play.step(&mut dice).await;
            play.assert_as_modelled().await;
        }
        play.check().await;
        play.assert_as_modelled().await;
        // Old callbacks stay about: they may come in any later history.
        let surplus = play.model.signed.len().saturating_sub(6);
        play.model.signed.drain(..surplus);
    }
}
