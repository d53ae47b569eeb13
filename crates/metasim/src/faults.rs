//! Faults on demand: the next calls of one path are answered as Meta, or the
//! network on the way to it, answers on a bad day.
//!
//! A fault waits on a pattern `host:/path`, host being `graph`, `www`, `ig-www`,
//! `ig-api` or `ig-graph` and the path without a version. `{id}` stands for any number, `*` at the end for any
//! rest, and `?key` or `?key=value` narrows it to calls with that parameter:
//! `graph:/oauth/access_token?grant_type=fb_exchange_token`.

mod errors;
mod kinds;
mod spoil;
mod text;
mod wire;

use std::time::Duration;

use axum::http::Method;
use serde_json::{Value, json};

use crate::params::Params;
use crate::reply::GraphError;
use crate::state::Meta;

use kinds::Stage;

pub(crate) use errors::Limit;
pub(crate) use kinds::FaultKind;
pub(crate) use wire::LOOP_PATH;

#[derive(Clone, Debug)]
pub(crate) struct Fault {
    pub on: String,
    pub method: Option<String>,
    pub kind: FaultKind,
    /// As written by whoever asked for it.
    pub name: String,
    pub times_left: u32,
    pub delay: Option<Duration>,
    pub error: Option<GraphError>,
    /// Seconds to name in `Retry-After` and, as minutes, in the usage headers.
    pub retry_after: Option<u64>,
    /// The address of the call that met it, for links that lead back to it.
    pub link: String,
}

/// Each kind with its stage and its explanation, for whoever looks for one.
pub(crate) fn catalogue() -> Value {
    FaultKind::ALL
        .iter()
        .map(|kind| {
            let stage = match kind.stage() {
                Stage::Before => "instead of the answer",
                Stage::After => "to the answer",
                Stage::Dialog => "at the end of the dialog",
            };
            json!({"fault": kind.name(), "stage": stage, "about": kind.about()})
        })
        .collect()
}

/// Checks a pattern when it is set, so that a misspelt one is not simply never met.
pub(crate) fn check_pattern(on: &str) -> Result<(), String> {
    let (host, path) = on.split_once(':').ok_or_else(|| format!("{on:?} is no pattern such as graph:/me/accounts"))?;
    if !matches!(host, "graph" | "www" | "ig-www" | "ig-api" | "ig-graph") {
        return Err(format!("{host:?} is no host: graph, www, ig-www, ig-api or ig-graph"));
    }
    if !path.starts_with('/') {
        return Err(format!("the path in {on:?} does not start with a slash"));
    }
    Ok(())
}

fn matches_pattern(on: &str, host: &str, path: &str, params: &Params) -> bool {
    let Some((wanted_host, rest)) = on.split_once(':') else {
        return false;
    };
    let (wanted_path, condition) = match rest.split_once('?') {
        Some((path, condition)) => (path, Some(condition)),
        None => (rest, None),
    };
    let fits = match condition.map(|text| text.split_once('=').ok_or(text)) {
        None => true,
        Some(Ok((key, value))) => params.get(key) == Some(value),
        Some(Err(key)) => params.get(key).is_some(),
    };
    wanted_host == host && fits && matches_path(wanted_path, path)
}

fn matches_path(wanted: &str, path: &str) -> bool {
    let mut parts = path.trim_matches('/').split('/');
    for piece in wanted.trim_matches('/').split('/') {
        if piece == "*" {
            return true;
        }
        let Some(part) = parts.next() else {
            return false;
        };
        let any_number = piece == "{id}" && !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        if piece != part && !any_number {
            return false;
        }
    }
    parts.next().is_none()
}

impl Meta<'_> {
    /// The fault for this call, if one waits for it, counted as used.
    pub fn take_fault(
        &mut self,
        host: &str,
        method: &Method,
        path: &str,
        params: &Params,
        at_dialog_end: bool,
    ) -> Option<Fault> {
        let index = self.state.faults.iter().position(|fault| {
            fault.kind.is_for_dialog_end() == at_dialog_end
                && (fault.kind != FaultKind::NextPageFails || params.filled("after").is_some())
                && fault.method.as_deref().is_none_or(|wanted| wanted.eq_ignore_ascii_case(method.as_str()))
                && matches_pattern(&fault.on, host, path, params)
        })?;
        Some(self.use_fault(index))
    }

    /// As [`Meta::take_fault`], for a fault that does not wait for the call's body.
    pub fn take_early_fault(&mut self, host: &str, method: &Method, path: &str, query: &Params) -> Option<Fault> {
        let index = self.state.faults.iter().position(|fault| {
            fault.kind == FaultKind::ClosedUnread
                && fault.method.as_deref().is_none_or(|wanted| wanted.eq_ignore_ascii_case(method.as_str()))
                && matches_pattern(&fault.on, host, path, query)
        })?;
        Some(self.use_fault(index))
    }

    fn use_fault(&mut self, index: usize) -> Fault {
        let fault = &mut self.state.faults[index];
        fault.times_left = fault.times_left.saturating_sub(1);
        let taken = fault.clone();
        if taken.times_left == 0 {
            self.state.faults.remove(index);
        }
        taken
    }
}

#[cfg(test)]
impl Fault {
    fn of(kind: FaultKind) -> Fault {
        Fault {
            on: "graph:/*".to_owned(),
            method: None,
            kind,
            name: kind.name().to_owned(),
            times_left: 1,
            delay: None,
            error: None,
            retry_after: None,
            link: String::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{check_pattern, matches_pattern};
    use crate::params::Params;

    #[test]
    fn patterns() {
        let params = Params { query: vec![("grant_type".to_owned(), "x".to_owned())], ..Params::default() };
        let meets = |on: &str, path: &str| matches_pattern(on, "graph", path, &params);
        assert!(meets("graph:/me/accounts", "/me/accounts"));
        assert!(!meets("graph:/me", "/me/accounts"));
        assert!(!meets("www:/me/accounts", "/me/accounts"));
        assert!(meets("graph:/{id}/subscribed_apps", "/123/subscribed_apps"));
        assert!(!meets("graph:/{id}/subscribed_apps", "/me/subscribed_apps"));
        assert!(meets("graph:/123", "/123"));
        assert!(meets("graph:/*", "/me/accounts"));
        assert!(meets("graph:/me?grant_type=x", "/me"));
        assert!(meets("graph:/me?grant_type", "/me"));
        assert!(!meets("graph:/me?grant_type=y", "/me"));
        assert!(!meets("graph:/me?code", "/me"));
    }

    #[test]
    fn wrong_patterns_are_refused() {
        assert!(check_pattern("graph:/me").is_ok());
        for wrong in ["/me", "graph:me", "meta:/me"] {
            assert!(check_pattern(wrong).is_err(), "{wrong}");
        }
    }
}
