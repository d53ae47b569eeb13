//! What was asked of the simulated hosts, for tests that look at the traffic.
//! Secrets are masked before anything is kept.

use std::collections::VecDeque;

use axum::http::Method;
use serde_json::{Value, json};

use crate::clock::rfc3339;
use crate::params::{Params, masked};
use crate::state::Meta;

const KEPT: usize = 1000;
/// Meta counts the calls of an hour, in seconds.
const HOUR: i64 = 3600;

#[derive(Default)]
pub(crate) struct CallLog {
    entries: VecDeque<Value>,
    /// Counts on although old entries go.
    pub served: u64,
    /// When the hour began that is counted, and how many it has seen.
    hour: (i64, u64),
}

/// What is known of a call when it has been answered.
pub(crate) struct Asked<'a> {
    pub host: &'static str,
    pub method: &'a Method,
    pub version: Option<&'a str>,
    /// Without host and version, such as `/me/accounts`.
    pub path: &'a str,
    pub params: &'a Params,
    /// None where the client got no answer.
    pub status: Option<u16>,
    pub fault: Option<&'a str>,
}

impl CallLog {
    pub fn clear(&mut self) {
        self.entries.clear();
    }

    pub fn to_json(&self) -> Value {
        Value::Array(self.entries.iter().cloned().collect())
    }

    /// A clock that was moved begins another hour.
    pub fn of_this_hour(&self, now: i64) -> u64 {
        let (since, calls) = self.hour;
        if (since..since + HOUR).contains(&now) { calls } else { 0 }
    }

    fn count(&mut self, now: i64) {
        self.served += 1;
        let calls = self.of_this_hour(now);
        let since = if calls == 0 { now } else { self.hour.0 };
        self.hour = (since, calls + 1);
    }

    /// The newest first.
    pub fn newest(&self, count: usize) -> impl Iterator<Item = &Value> {
        self.entries.iter().rev().take(count)
    }
}

impl Meta<'_> {
    pub fn record(&mut self, asked: &Asked<'_>) {
        let log = &mut self.state.calls;
        log.count(self.now);
        if log.entries.len() >= KEPT {
            log.entries.pop_front();
        }
        log.entries.push_back(json!({
            "number": log.served,
            "at": rfc3339(self.now_ms),
            "host": asked.host,
            "method": asked.method.as_str(),
            "version": asked.version,
            "path": asked.path,
            "query": masked(&asked.params.query),
            "body": masked(&asked.params.body),
            "authorization": asked.params.scheme.as_ref().map(|scheme| format!("{scheme} ***")),
            "status": asked.status,
            "fault": asked.fault,
        }));
    }
}
