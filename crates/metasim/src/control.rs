//! The control routes under `/_sim`, by which tests and people steer the
//! simulator. Bodies are JSON; what is not understood is refused by name, so
//! that a misspelt field does not pass for a setting.

mod actions;
mod bodies;
mod fault_routes;
mod messages;
mod settings;
mod start;
mod world_edit;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{delete, get, post, put};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::clock::{parse_instant, parse_span, rfc3339};
use crate::faults;
use crate::grants::PERMISSIONS;
use crate::state::Meta;
use crate::tokens::SUBCODES;
use crate::{Sim, SimError};
use bodies::{ClockBody, GrantBody, InvalidateBody, PermissionBody, SubscriptionBody};

pub(crate) const OVERVIEW_PATH: &str = "/_sim/";

type Outcome = Result<Value, ControlError>;

/// A 400 that names the field it is about.
#[derive(Debug)]
pub(crate) struct ControlError {
    status: StatusCode,
    field: Option<String>,
    message: String,
}

impl ControlError {
    fn about(field: &str, message: impl Into<String>) -> ControlError {
        ControlError { status: StatusCode::BAD_REQUEST, field: Some(field.to_owned()), message: message.into() }
    }
}

impl IntoResponse for ControlError {
    fn into_response(self) -> Response {
        let body = json!({"error": self.message, "field": self.field});
        (self.status, axum::Json(body)).into_response()
    }
}

pub(crate) fn router() -> Router<Sim> {
    Router::new()
        .route("/_sim", get(start::show))
        .route(OVERVIEW_PATH, get(start::show))
        .route("/_sim/do/{action}", post(actions::act))
        .route("/_sim/reset", post(reset))
        .route("/_sim/clock", get(clock).post(move_clock))
        .route("/_sim/calls", get(calls).delete(forget_calls))
        .route("/_sim/world", get(world))
        .route("/_sim/grants", post(grant))
        .route("/_sim/people", put(world_edit::people))
        .route("/_sim/pages", put(world_edit::pages))
        .route("/_sim/businesses", put(world_edit::businesses))
        .route("/_sim/settings", put(settings::change))
        .route("/_sim/permissions", put(permission))
        .route("/_sim/subscriptions", put(subscription))
        .route("/_sim/invalidate", post(invalidate))
        .route("/_sim/deauthorize", post(messages::deauthorize))
        .route("/_sim/data-deletion", post(messages::data_deletion))
        .route("/_sim/app-fields", put(messages::app_fields))
        .route("/_sim/webhook", post(messages::webhook))
        .route("/_sim/handshake", post(messages::handshake))
        .route("/_sim/deliveries", get(messages::deliveries).delete(messages::forget_deliveries))
        .route("/_sim/replay", post(messages::replay))
        .route("/_sim/faults", get(fault_routes::list).post(fault_routes::add).delete(fault_routes::clear))
        .route("/_sim/fault-kinds", get(async || axum::Json(faults::catalogue())))
        .route("/_sim/{*rest}", delete(unknown).fallback(unknown))
}

async fn unknown() -> ControlError {
    ControlError {
        status: StatusCode::NOT_FOUND,
        field: None,
        message: "there is no such control route; /_sim/ lists them".to_owned(),
    }
}

async fn reset(State(sim): State<Sim>) -> Response {
    answer(reset_all(&sim).await.map(|()| json!({"ok": true, "now": sim.now_ms()})))
}

async fn reset_all(sim: &Sim) -> Result<(), ControlError> {
    sim.reset();
    let Some(hook) = sim.reset_hook() else {
        return Ok(());
    };
    hook().await.map_err(|message| ControlError {
        status: StatusCode::INTERNAL_SERVER_ERROR,
        field: None,
        message: format!("the simulator is reset, what depends on it is not: {message}"),
    })
}

async fn clock(State(sim): State<Sim>) -> Response {
    answer(Ok(clock_json(&sim)))
}

async fn move_clock(State(sim): State<Sim>, body: Bytes) -> Response {
    let moved = read(&body).and_then(|wanted: ClockBody| {
        let now = sim.now_ms();
        let by = match (wanted.advance, wanted.set) {
            (Some(span), None) => parse_span(&span).map_err(|text| ControlError::about("advance", text))?,
            (None, Some(instant)) => parse_instant(&instant).map_err(|text| ControlError::about("set", text))? - now,
            _ => {
                return Err(ControlError::about("advance", "give either advance or set"));
            }
        };
        advance(&sim, by);
        Ok(())
    });
    // What became due by the move is sent before the answer.
    if moved.is_ok() {
        sim.send_due().await;
    }
    answer(moved.map(|()| clock_json(&sim)))
}

fn advance(sim: &Sim, by_ms: i64) {
    sim.with(|meta| {
        meta.state.clock_offset_ms = meta.state.clock_offset_ms.saturating_add(by_ms);
        meta.state.changed = true;
    });
}

fn clock_json(sim: &Sim) -> Value {
    let offset = sim.with(|meta| meta.state.clock_offset_ms);
    let now = sim.now_ms();
    json!({"now": now, "rfc3339": rfc3339(now), "offset_ms": offset})
}

async fn calls(State(sim): State<Sim>) -> Response {
    answer(Ok(sim.with(|meta| meta.state.calls.to_json())))
}

async fn forget_calls(State(sim): State<Sim>) -> Response {
    sim.with(|meta| meta.state.calls.clear());
    answer(Ok(json!({"ok": true})))
}

/// People, Pages, grants and subscriptions, without any token.
async fn world(State(sim): State<Sim>) -> Response {
    answer(Ok(sim.with(|meta| {
        json!({
            "people": meta.state.world.people,
            "pages": meta.state.world.pages,
            "businesses": meta.state.world.businesses,
            "grants": meta.state.grants,
            "subscriptions": meta.state.subscriptions,
            "app_subscriptions": meta.state.app_subscriptions,
            "instagram": {
                "accounts": meta.instagram_accounts().collect::<Vec<_>>(),
                "grants": meta.state.instagram.grants,
                "subscriptions": meta.state.instagram.subscriptions,
            },
            "settings": meta.state.settings,
        })
    })))
}

/// As if the dialog had been gone through, with what an app would have got.
async fn grant(State(sim): State<Sim>, body: Bytes) -> Response {
    answer(read(&body).and_then(|wanted: GrantBody| {
        let span = wanted.ends_in.as_deref().unwrap_or("60d");
        let ends_in = parse_span(span).map_err(|text| ControlError::about("ends_in", text))?;
        let refuse = |error: SimError| ControlError::about("ends_in", error.to_string());
        let (person, instagram) = (wanted.person.as_deref(), wanted.instagram.as_deref());
        match sim.with(|meta| who(meta, person, instagram))? {
            Who::Instagram(account) => {
                let grant = sim.seed_instagram_grant(&account, ends_in).map_err(refuse)?;
                Ok(json!({"account_id": grant.account_id, "username": grant.username, "token": grant.token}))
            }
            Who::Person(_) => {
                let grant = sim.seed_grant(person.unwrap_or_default(), ends_in).map_err(|error| match error {
                    SimError::UnknownPerson(_) => ControlError::about("person", error.to_string()),
                    _ => refuse(error),
                })?;
                let pages =
                    grant.pages.iter().map(|page| json!({"id": page.id, "name": page.name, "token": page.token}));
                Ok(json!({"user_id": grant.user_id, "token": grant.user_token, "pages": pages.collect::<Vec<_>>()}))
            }
        }
    }))
}

/// As if the person had switched a permission in Facebook's settings.
async fn permission(State(sim): State<Sim>, body: Bytes) -> Response {
    let switched = read(&body).and_then(|wanted: PermissionBody| {
        sim.with(|meta| {
            let person = holder_id(meta, &wanted.person)?;
            if !PERMISSIONS.contains(&wanted.permission.as_str()) {
                return Err(ControlError::about(
                    "permission",
                    format!("no permission {:?}; known: {}", wanted.permission, PERMISSIONS.join(", ")),
                ));
            }
            let Some(grant) = meta.state.grants.get_mut(&person) else {
                return Err(ControlError::about("person", format!("{} has granted nothing", wanted.person)));
            };
            if wanted.granted {
                grant.declined.remove(&wanted.permission);
                grant.granted.insert(wanted.permission);
            } else {
                grant.granted.remove(&wanted.permission);
                grant.declined.insert(wanted.permission);
            }
            meta.state.changed = true;
            Ok(json!({"ok": true}))
        })
    });
    sim.send_due().await;
    answer(switched)
}

/// As if Meta had changed the app's subscription on its own.
async fn subscription(State(sim): State<Sim>, body: Bytes) -> Response {
    answer(read(&body).and_then(|wanted: SubscriptionBody| {
        sim.with(|meta| {
            let (subscriptions, id) = match (wanted.page, wanted.instagram) {
                (Some(page), None) => {
                    let id = page_id(meta, &page)?;
                    (&mut meta.state.subscriptions, id)
                }
                (None, Some(username)) => {
                    let id = instagram_id(meta, &username)?;
                    (&mut meta.state.instagram.subscriptions, id)
                }
                _ => return Err(ControlError::about("page", "give either page or instagram")),
            };
            if wanted.fields.is_empty() {
                subscriptions.remove(&id);
            } else {
                subscriptions.insert(id, wanted.fields);
            }
            meta.state.changed = true;
            Ok(json!({"ok": true}))
        })
    }))
}

async fn invalidate(State(sim): State<Sim>, body: Bytes) -> Response {
    answer(read(&body).and_then(|wanted| end_tokens(&sim, wanted)))
}

fn end_tokens(sim: &Sim, wanted: InvalidateBody) -> Outcome {
    let subcode = wanted.subcode.unwrap_or(460);
    if !SUBCODES.contains(&subcode) {
        return Err(ControlError::about("subcode", format!("no subcode {subcode}; known: {SUBCODES:?}")));
    }
    sim.with(|meta| {
        match (who(meta, wanted.person.as_deref(), wanted.instagram.as_deref())?, wanted.page) {
            (Who::Person(person), Some(page)) => {
                let page = page_id(meta, &page)?;
                meta.invalidate(&person, Some(&page), subcode);
            }
            // 458 says that the app was removed, so it is.
            (Who::Person(person), None) if subcode == 458 => meta.deauthorize(&person),
            (Who::Person(person), None) => meta.invalidate(&person, None, subcode),
            (Who::Instagram(_), Some(_)) => {
                return Err(ControlError::about("page", "Instagram Login knows no Pages"));
            }
            (Who::Instagram(account), None) if subcode == 458 => meta.deauthorize_instagram(&account),
            (Who::Instagram(account), None) => meta.invalidate_instagram(&account),
        }
        Ok(json!({"ok": true}))
    })
}

/// Whose grant a route is about.
enum Who {
    /// App-scoped id of the person, or of a business' system user.
    Person(String),
    /// Account id.
    Instagram(String),
}

fn who(meta: &Meta<'_>, person: Option<&str>, instagram: Option<&str>) -> Result<Who, ControlError> {
    match (person, instagram) {
        (Some(person), None) => Ok(Who::Person(holder_id(meta, person)?)),
        (None, Some(username)) => Ok(Who::Instagram(instagram_id(meta, username)?)),
        _ => Err(ControlError::about("person", "give either person or instagram")),
    }
}

fn instagram_id(meta: &Meta<'_>, username: &str) -> Result<String, ControlError> {
    meta.instagram_account(username).map(|account| account.id.clone()).ok_or_else(|| {
        let known: Vec<String> = meta.instagram_accounts().map(|account| format!("@{}", account.username)).collect();
        ControlError::about("instagram", format!("no Instagram account {username:?}; known: {}", known.join(", ")))
    })
}

/// Whose grant is meant: a person's, or a business' with its system user.
fn holder_id(meta: &Meta<'_>, name: &str) -> Result<String, ControlError> {
    let business = meta.state.world.businesses.iter().find(|business| business.name == name || business.id == name);
    business.map_or_else(|| person_id(meta, name), |business| Ok(business.system_user.clone()))
}

fn person_id(meta: &Meta<'_>, name: &str) -> Result<String, ControlError> {
    let world = &meta.state.world;
    world.person_named(name).or_else(|| world.person(name)).map(|person| person.id.clone()).ok_or_else(|| {
        let known: Vec<&str> = world.people.iter().map(|person| person.name.as_str()).collect();
        ControlError::about("person", format!("no person named {name:?}; known: {}", known.join(", ")))
    })
}

fn page_id(meta: &Meta<'_>, name: &str) -> Result<String, ControlError> {
    let world = &meta.state.world;
    world.page_called(name).map(|page| page.id.clone()).ok_or_else(|| {
        let known: Vec<&str> = world.pages.iter().map(|page| page.name.as_str()).collect();
        ControlError::about("page", format!("no Page named {name:?}; known: {}", known.join(", ")))
    })
}

fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, ControlError> {
    serde_json::from_slice(body).map_err(|error| {
        let message = error.to_string();
        // serde names the field between backticks: unknown, missing, twice.
        let field = message.contains(" field `").then(|| message.split('`').nth(1).map(str::to_owned)).flatten();
        ControlError { status: StatusCode::BAD_REQUEST, field, message }
    })
}

fn answer(outcome: Outcome) -> Response {
    match outcome {
        Ok(body) => axum::Json(body).into_response(),
        Err(error) => error.into_response(),
    }
}
