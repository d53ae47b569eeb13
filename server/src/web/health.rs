//! `/healthz` and `/readyz`.

use std::sync::Arc;

use axum::{
    Json, Router,
    extract::State,
    response::{IntoResponse as _, Response},
    routing::get,
};
use http::StatusCode;
use renewal::Renova;
use serde::Serialize;

use crate::worker::Heartbeat;

#[derive(Clone)]
struct Watched {
    renova: Arc<Renova>,
    /// `None`: the workers run elsewhere.
    worker: Option<Heartbeat>,
}

#[derive(Serialize)]
struct Readiness {
    ready: bool,
    database: &'static str,
    keys: &'static str,
    schema: &'static str,
    worker: &'static str,
}

pub fn router(renova: Arc<Renova>, worker: Option<Heartbeat>) -> Router {
    Router::new()
        .route("/healthz", get(async || Json(serde_json::json!({"status": "ok"}))))
        .route("/readyz", get(ready))
        .with_state(Watched { renova, worker })
}

async fn ready(State(watched): State<Watched>) -> Response {
    let storage = watched.renova.storage();
    let word = |good: bool| if good { "ok" } else { "failing" };
    let database = storage.ping().await.is_ok();
    let schema = database && storage.check_schema().await.is_ok();
    // The keys were proved to fit when the process started; the row must still be there.
    let keys = schema && storage.key_check().await.is_ok_and(|row| row.is_some());
    let beats = watched.worker.as_ref().is_none_or(Heartbeat::is_recent);
    let ready = database && schema && keys && beats;
    let body = Readiness {
        ready,
        database: word(database),
        keys: word(keys),
        schema: word(schema),
        worker: if watched.worker.is_none() { "elsewhere" } else { word(beats) },
    };
    (if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE }, Json(body)).into_response()
}
