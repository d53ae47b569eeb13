//! A local Meta for demo and tests: the login dialog, the Graph API and the
//! control routes by which a test moves its clock or breaks its answers.
//!
//! It speaks Meta's protocol on its own and shares no code with the client, so
//! that a mistake in one is caught by the other. One port serves several hosts,
//! told apart by the first part of the path: `/www` (dialog), `/graph` (API),
//! `/ig-www`, `/ig-api` and `/ig-graph` (Instagram Login), `/_sim` (control,
//! which Meta does not have). It also sends what Meta sends: webhooks and the
//! callbacks of a person who leaves.

mod app_fields;
mod calls;
mod clock;
mod control;
mod dialog;
mod faults;
mod fields;
mod grants;
mod graph;
mod host;
mod html;
mod instagram;
mod opener_policy;
mod params;
mod picture;
mod places;
mod proof;
mod random;
mod reply;
mod seed;
mod state;
mod store;
mod texts;
mod tokens;
mod webhooks;
mod world;

use std::path::PathBuf;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::response::Redirect;
use axum::routing::{any, get};
use axum::{Router, middleware};

pub use instagram::SeededInstagramGrant;
pub use seed::{SeededGrant, SeededInstagram, SeededPage};

use state::{Meta, State};

/// What a simulator is started with.
#[derive(Clone)]
pub struct SimConfig {
    pub app_id: String,
    pub app_secret: String,
    /// Of Instagram Login, which is another app to Meta.
    pub instagram_app_id: String,
    pub instagram_app_secret: String,
    /// Where a browser reaches the simulator, without a slash at the end.
    pub public_url: String,
    /// Where the world is kept between starts; in memory only when absent.
    pub state_file: Option<PathBuf>,
    /// Epoch milliseconds. The simulated time is this plus the moved offset.
    pub wall_clock: Arc<dyn Fn() -> i64 + Send + Sync>,
}

/// Where the app takes what Meta sends, as its dashboard says it: `http://`
/// addresses of this machine.
#[derive(Clone, Debug)]
pub struct Callbacks {
    pub webhook_url: String,
    pub verify_token: String,
    pub deauthorize_url: String,
    pub data_deletion_url: String,
}

#[derive(Debug, thiserror::Error)]
pub enum SimError {
    #[error("the simulator knows no person named {0:?}")]
    UnknownPerson(String),
    #[error("{0}")]
    Invalid(String),
    #[error("cannot read or write the simulator's state in {path}: {source}")]
    Io { path: PathBuf, source: std::io::Error },
    #[error("the simulator's state in {path} is not understood: {reason}")]
    Unreadable { path: PathBuf, reason: String },
}

/// The name of every kind of fault that `POST /_sim/faults` takes.
pub fn fault_names() -> Vec<&'static str> {
    faults::FaultKind::ALL.iter().map(|kind| kind.name()).collect()
}

/// What a reset hook returns.
pub type ResetFuture = Pin<Box<dyn Future<Output = Result<(), String>> + Send>>;
type ResetHook = Arc<dyn Fn() -> ResetFuture + Send + Sync>;

/// A cheap handle on one simulated Meta.
#[derive(Clone)]
pub struct Sim {
    shared: Arc<Shared>,
}

struct Shared {
    config: SimConfig,
    state: Mutex<State>,
    reset_hook: Mutex<Option<ResetHook>>,
    /// Held by whoever is sending what is due.
    sending: tokio::sync::Mutex<()>,
}

impl Sim {
    /// Goes on with the state file where there is one, else starts with the
    /// default world.
    pub fn open(config: SimConfig) -> Result<Sim, SimError> {
        let state = match &config.state_file {
            Some(path) => store::load(path)?.unwrap_or_else(State::fresh),
            None => State::fresh(),
        };
        if let Some(path) = &config.state_file {
            store::save(path, &state)?;
        }
        let (state, sending) = (Mutex::new(state), tokio::sync::Mutex::new(()));
        Ok(Sim { shared: Arc::new(Shared { config, state, reset_hook: Mutex::new(None), sending }) })
    }

    /// The simulated hosts and the control routes.
    pub fn router(&self) -> Router {
        Router::new()
            .route("/", get(async || Redirect::temporary(control::OVERVIEW_PATH)))
            .route("/www/{*path}", any(dialog::handle))
            .route("/graph/{*path}", any(graph::handle))
            .route("/ig-www/{*path}", any(instagram::dialog))
            .route("/ig-api/{*path}", any(instagram::api))
            .route("/ig-graph/{*path}", any(instagram::graph))
            .route(faults::LOOP_PATH, get(async || Redirect::temporary(faults::LOOP_PATH)))
            .route("/cdn/{id}", get(picture::handle))
            .merge(control::router())
            .layer(middleware::from_fn_with_state(self.clone(), opener_policy::send))
            .with_state(self.clone())
    }

    /// The simulated time in epoch milliseconds.
    pub fn now_ms(&self) -> i64 {
        let offset = self.lock().clock_offset_ms;
        (self.shared.config.wall_clock)().saturating_add(offset)
    }

    /// Registers what `POST /_sim/reset` awaits after the simulator itself is
    /// back at its default world.
    pub fn on_reset(&self, hook: impl Fn() -> ResetFuture + Send + Sync + 'static) {
        *self.shared.reset_hook.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::new(hook));
    }

    /// Back to the default world and the wall clock.
    pub fn reset(&self) {
        self.with(|meta| meta.state.reset());
    }

    /// As if this person had logged in and granted all their own Pages, with a
    /// long-lived token that ends at now + `ends_in_ms` (negative: it has
    /// already expired, and its Page tokens with it).
    pub fn seed_grant(&self, person_name: &str, ends_in_ms: i64) -> Result<SeededGrant, SimError> {
        self.with(|meta| meta.seed_grant(person_name, ends_in_ms))
    }

    /// As if the owner of this Instagram account had logged in by Instagram
    /// Login and allowed messages, with a long-lived token that ends at
    /// now + `ends_in_ms` (negative: it has already ended).
    pub fn seed_instagram_grant(&self, username: &str, ends_in_ms: i64) -> Result<SeededInstagramGrant, SimError> {
        self.with(|meta| meta.seed_instagram_grant(username, ends_in_ms))
    }

    /// Sets the app's addresses. A reset forgets them.
    pub fn set_callbacks(&self, callbacks: Callbacks) -> Result<(), SimError> {
        for url in [&callbacks.webhook_url, &callbacks.deauthorize_url, &callbacks.data_deletion_url] {
            webhooks::check_address(url).map_err(SimError::Invalid)?;
        }
        self.with(|meta| {
            let settings = &mut meta.state.settings;
            settings.webhook_url = Some(callbacks.webhook_url);
            settings.verify_token = Some(callbacks.verify_token);
            settings.deauthorize_url = Some(callbacks.deauthorize_url);
            settings.data_deletion_url = Some(callbacks.data_deletion_url);
            meta.state.changed = true;
        });
        Ok(())
    }

    fn reset_hook(&self) -> Option<ResetHook> {
        self.shared.reset_hook.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn config(&self) -> &SimConfig {
        &self.shared.config
    }

    /// Runs one step on the state and writes the state file if it changed.
    fn with<R>(&self, step: impl FnOnce(&mut Meta<'_>) -> R) -> R {
        let config = &self.shared.config;
        let mut state = self.lock();
        let wall_ms = (config.wall_clock)();
        let now_ms = wall_ms.saturating_add(state.clock_offset_ms);
        let granted = webhooks::Granted::of(&state);
        let mut meta =
            Meta { config, state: &mut state, wall: wall_ms.div_euclid(1000), now: now_ms.div_euclid(1000), now_ms };
        let result = step(&mut meta);
        if let Some(before) = granted {
            meta.tell_grant_changes(&before);
        }
        if std::mem::take(&mut state.changed)
            && let Some(path) = &config.state_file
            && let Err(error) = store::save(path, &state)
        {
            tracing::error!(%error, "the simulator's state was not saved");
        }
        let neglected = state.webhooks.is_neglected();
        drop(state);
        if neglected {
            self.attend();
        }
        result
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // Every step leaves the state usable at each point, so a panic in one
        // request must not end the simulator for the others.
        self.shared.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
