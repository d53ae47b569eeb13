//! Setting faults that the next calls will meet.

use std::time::Duration;

use axum::body::Bytes;
use axum::extract::State;
use axum::response::Response;
use serde_json::json;

use super::bodies::FaultBody;
use super::{ControlError, Outcome, answer, read};
use crate::Sim;
use crate::faults::{self, Fault, FaultKind};
use crate::reply::GraphError;

pub(super) async fn list(State(sim): State<Sim>) -> Response {
    answer(Ok(sim.with(|meta| {
        meta.state
            .faults
            .iter()
            .map(|fault| {
                json!({
                    "on": fault.on,
                    "method": fault.method,
                    "fault": fault.name,
                    "times": fault.times_left,
                })
            })
            .collect()
    })))
}

pub(super) async fn add(State(sim): State<Sim>, body: Bytes) -> Response {
    answer(read(&body).and_then(|wanted| put(&sim, wanted)))
}

pub(super) fn put(sim: &Sim, wanted: FaultBody) -> Outcome {
    faults::check_pattern(&wanted.on).map_err(|text| ControlError::about("on", text))?;
    let kind: FaultKind =
        serde_json::from_value(json!(wanted.fault)).map_err(|error| ControlError::about("fault", error.to_string()))?;
    let times = wanted.times.unwrap_or(1);
    if times == 0 {
        return Err(ControlError::about("times", "times starts at 1"));
    }
    let status = wanted.status.unwrap_or(400);
    if !(400..600).contains(&status) {
        return Err(ControlError::about("status", "status is 400 to 599"));
    }
    let error = match (kind, wanted.code) {
        (FaultKind::Error, Some(code)) => Some(GraphError {
            status,
            subcode: wanted.subcode,
            transient: wanted.is_transient,
            reason: if code == 190 { "invalid_token" } else { "invalid_request" },
            ..GraphError::new(code, wanted.message.unwrap_or_else(|| format!("(#{code}) An error asked for by a test")))
        }),
        (FaultKind::Error, None) => {
            return Err(ControlError::about("code", "the fault error needs a code"));
        }
        _ => None,
    };
    sim.with(|meta| {
        meta.state.faults.push(Fault {
            on: wanted.on,
            method: wanted.method,
            kind,
            name: wanted.fault,
            times_left: times,
            delay: wanted.delay_ms.map(Duration::from_millis),
            error,
            retry_after: wanted.retry_after,
            link: String::new(),
        });
    });
    Ok(json!({"ok": true}))
}

pub(super) async fn clear(State(sim): State<Sim>) -> Response {
    sim.with(|meta| meta.state.faults.clear());
    answer(Ok(json!({"ok": true})))
}
