//! Everything the simulator remembers, and the view of it at one moment on
//! which the other modules build.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::SimConfig;
use crate::app_fields::{self, AppSubscription};
use crate::calls::CallLog;
use crate::faults::Fault;
use crate::grants::{Code, Grant};
use crate::instagram::InstagramState;
use crate::opener_policy::OpenerPolicy;
use crate::random::Random;
use crate::tokens::Token;
use crate::webhooks::Outbox;
use crate::world::World;

/// Raised when an older state file can no longer be read.
pub(crate) const FORMAT: u32 = 1;

#[derive(Serialize, Deserialize)]
pub(crate) struct State {
    pub format: u32,
    pub clock_offset_ms: i64,
    pub random: Random,
    #[serde(default)]
    pub settings: Settings,
    pub world: World,
    /// By app-scoped user id.
    pub grants: BTreeMap<String, Grant>,
    pub codes: BTreeMap<String, Code>,
    pub tokens: BTreeMap<String, Token>,
    /// The app's fields by Page id.
    pub subscriptions: BTreeMap<String, Vec<String>>,
    #[serde(default = "InstagramState::fresh")]
    pub instagram: InstagramState,
    /// What the app itself is subscribed to, by object: `page`, `instagram`,
    /// `permissions`.
    #[serde(default = "app_fields::default_subscriptions")]
    pub app_subscriptions: BTreeMap<String, AppSubscription>,

    // What a test sets up or looks at does not outlive the process.
    #[serde(skip)]
    pub faults: Vec<Fault>,
    #[serde(skip)]
    pub calls: CallLog,
    #[serde(skip)]
    pub webhooks: Outbox,
    /// Set by every step that the state file must learn of.
    #[serde(skip)]
    pub changed: bool,
}

/// Switches of the app's dashboard at Meta.
#[derive(Clone, Default, Serialize, Deserialize)]
pub(crate) struct Settings {
    /// Meta's "Require App Secret".
    #[serde(default)]
    pub require_appsecret_proof: bool,
    /// `granular_scopes` names no targets where all the person's are granted.
    #[serde(default)]
    pub granular_scopes_without_targets: bool,
    #[serde(default)]
    pub data_access_lapsed_code: LapsedCode,
    /// Instagram's code exchange wraps its answer in `data[]`.
    #[serde(default)]
    pub instagram_answers_in_data: bool,
    /// What the dialogs say about windows that have opened them.
    #[serde(default)]
    pub opener_policy: OpenerPolicy,
    /// After so many the header says that the hour's allowance is used up.
    #[serde(default)]
    pub calls_an_hour: Option<u64>,
    /// For notifications of every object that has no callback of its own.
    #[serde(default)]
    pub webhook_url: Option<String>,
    /// Sent in every verification of the callback.
    #[serde(default)]
    pub verify_token: Option<String>,
    #[serde(default)]
    pub deauthorize_url: Option<String>,
    #[serde(default)]
    pub data_deletion_url: Option<String>,
}

/// With which error Instagram answers when the 90 days of data access are over.
/// It is not known which one Meta gives.
#[derive(Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "u32", into = "u32")]
pub(crate) enum LapsedCode {
    /// 10
    #[default]
    Permission,
    /// 190
    Token,
}

impl TryFrom<u32> for LapsedCode {
    type Error = String;

    fn try_from(code: u32) -> Result<LapsedCode, String> {
        match code {
            10 => Ok(LapsedCode::Permission),
            190 => Ok(LapsedCode::Token),
            _ => Err(format!("data_access_lapsed_code is 10 or 190, not {code}")),
        }
    }
}

impl From<LapsedCode> for u32 {
    fn from(code: LapsedCode) -> u32 {
        match code {
            LapsedCode::Permission => 10,
            LapsedCode::Token => 190,
        }
    }
}

impl State {
    pub fn fresh() -> State {
        State {
            format: FORMAT,
            clock_offset_ms: 0,
            random: Random::new("metasim"),
            settings: Settings::default(),
            world: World::default_world(),
            grants: BTreeMap::new(),
            codes: BTreeMap::new(),
            tokens: BTreeMap::new(),
            subscriptions: BTreeMap::new(),
            instagram: InstagramState::fresh(),
            app_subscriptions: app_fields::default_subscriptions(),
            faults: Vec::new(),
            calls: CallLog::default(),
            webhooks: Outbox::default(),
            changed: true,
        }
    }

    pub fn reset(&mut self) {
        // The generator goes on: a token from before the reset must not come
        // to life again because a new one happens to equal it.
        let random = self.random.clone();
        let webhooks = self.webhooks.emptied();
        *self = State::fresh();
        self.random = random;
        self.webhooks = webhooks;
    }
}

/// The simulated Meta at one moment. Times are epoch seconds, as on the wire.
pub(crate) struct Meta<'a> {
    pub config: &'a SimConfig,
    pub state: &'a mut State,
    /// Real time, for what a client may sign with its own clock.
    pub wall: i64,
    pub now: i64,
    pub now_ms: i64,
}
