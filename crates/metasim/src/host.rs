//! How a call is served, the same on every simulated host but those of the
//! dialogs: read it, let a fault strike, answer, write it down.

use axum::body::to_bytes;
use axum::extract::Request;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, header};
use axum::response::Response;
use serde_json::Value;

use crate::Sim;
use crate::calls::Asked;
use crate::faults::{Fault, FaultKind, Limit};
use crate::graph::{self, GraphCall, split_version};
use crate::params::Params;
use crate::reply::{Answer, Envelope, GraphError, ObjectUse};
use crate::state::Meta;
use crate::tokens::Viewer;

const LARGEST_BODY: usize = 1 << 20;

/// Calls of one hour after which the app's allowance counts as used up in the
/// header, where the settings name no other.
const ALLOWANCE: u64 = 10_000;

/// One of the hosts.
pub(crate) struct Host {
    /// As in paths and fault patterns.
    pub name: &'static str,
    pub answer: fn(&mut Meta<'_>, &GraphCall<'_>) -> Answer,
    /// Brings a body into the host's own form.
    pub reword: fn(&mut Value),
}

pub(crate) async fn serve(sim: &Sim, host: Host, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    if let Some(fault) = closed_unread(sim, host.name, &parts) {
        return fault.respond(None, &sim.config().public_url).await;
    }
    let (version, path) = place(&parts, host.name);
    let read = match to_bytes(body, LARGEST_BODY).await {
        Ok(bytes) => Params::read(&parts, &bytes),
        Err(_) => Err(GraphError { status: 413, ..GraphError::new(1, "The request body is too large") }),
    };
    let (params, unread) = match read {
        Ok(params) => (params, None),
        Err(error) => (Params::default(), Some(error)),
    };
    let method = method_of(&parts.method, &params);
    let base = base_of(&parts.headers, &sim.config().public_url, host.name);
    let mut call = GraphCall { method: &method, version, path, params: &params, base, callback_answered: None };
    if host.name == "graph" {
        call.callback_answered = graph::verify_callback(sim, &call).await;
    }
    let (fault, response) = sim.with(|meta| respond(meta, &host, &call, unread));
    match (fault, response) {
        (Some(fault), response) => fault.respond(response, &sim.config().public_url).await,
        (None, Some(response)) => response,
        (None, None) => Response::default(),
    }
}

fn respond(
    meta: &mut Meta<'_>,
    host: &Host,
    call: &GraphCall<'_>,
    unread: Option<GraphError>,
) -> (Option<Fault>, Option<Response>) {
    let mut fault = meta.take_fault(host.name, call.method, call.path, call.params, false);
    if let Some(fault) = &mut fault {
        fault.link = call.link();
    }
    let answer = match (unread, &fault) {
        (Some(error), _) => Some(Err(error)),
        (None, Some(fault)) if !fault.kind.lets_through() => fault.graph_error().map(Err),
        (None, _) => Some((host.answer)(meta, call)),
    };
    let envelope = envelope(meta, host.name, call, fault.as_ref());
    let response = answer.map(|answer| {
        envelope.respond(answer, |body| {
            (host.reword)(body);
            if let Some(fault) = &fault {
                fault.spoil_body(body);
            }
        })
    });
    let status = response.as_ref().map(|response| response.status().as_u16());
    meta.record(&Asked {
        host: host.name,
        method: call.method,
        version: call.version,
        path: call.path,
        params: call.params,
        status: fault.as_ref().map_or(status, |fault| fault.status(status)),
        fault: fault.as_ref().map(|fault| fault.name.as_str()),
    });
    (fault, response)
}

fn envelope(meta: &Meta<'_>, host: &'static str, call: &GraphCall<'_>, fault: Option<&Fault>) -> Envelope {
    let served = meta.state.calls.served + 1;
    let allowed = meta.state.settings.calls_an_hour.unwrap_or(ALLOWANCE).max(1);
    let ordinary = ((meta.state.calls.of_this_hour(meta.now) + 1) * 100 / allowed).min(99);
    let is_high = fault.is_some_and(|fault| fault.kind == FaultKind::UsageHigh);
    let limit = fault.and_then(Fault::limit);
    let percent = |is_full: bool| match (is_full, is_high) {
        (true, _) => 100,
        (false, true) => 95,
        (false, false) => ordinary,
    };
    let retry_after = fault.and_then(Fault::retry_after);
    let object = meta.object_of(host, call).map(|(id, kind)| ObjectUse {
        id,
        kind: match fault.map(|fault| fault.kind) {
            Some(FaultKind::RateLimitInstagram) => "instagram",
            Some(FaultKind::RateLimitMessenger) => "messenger",
            _ => kind,
        },
        percent: percent(limit == Some(Limit::Object)),
        minutes: if limit == Some(Limit::Object) { retry_after.unwrap_or_default().div_ceil(60) } else { 0 },
    });
    Envelope {
        version: call.version.map(str::to_owned),
        served,
        now: meta.now,
        usage: percent(limit == Some(Limit::App)),
        object,
        retry_after,
    }
}

impl Meta<'_> {
    /// The object whose own allowance a call uses, with its kind: a Page by its
    /// token, a business by that of its system user, an account with Instagram
    /// Login, and what the path names for the app.
    fn object_of(&self, host: &str, call: &GraphCall<'_>) -> Option<(String, &'static str)> {
        let first = call.path.split('/').find(|part| !part.is_empty())?;
        if host == "ig-graph" {
            return Some((first.to_owned(), "instagram"))
                .filter(|(id, _)| id.bytes().all(|byte| byte.is_ascii_digit()));
        }
        if host != "graph" {
            return None;
        }
        match self.viewer(call.params.access_token()?) {
            Ok(Viewer::Page { page, .. }) => Some((page, "pages")),
            Ok(Viewer::Person { person, .. }) => match self.state.world.business_of_system_user(&person) {
                Some(business) => Some((business.id.clone(), "pages")),
                None if !first.bytes().all(|byte| byte.is_ascii_digit()) => None,
                None => self.state.world.page(first).map(|page| (page.id.clone(), "pages")),
            },
            _ => None,
        }
    }
}

/// The version and the rest of the path below the host.
fn place<'a>(parts: &'a Parts, host: &str) -> (Option<&'a str>, &'a str) {
    let full = parts.uri.path();
    split_version(full.strip_prefix('/').and_then(|rest| rest.strip_prefix(host)).unwrap_or(full))
}

fn closed_unread(sim: &Sim, host: &'static str, parts: &Parts) -> Option<Fault> {
    let query = Params::read(parts, b"").unwrap_or_default();
    let (version, path) = place(parts, host);
    sim.with(|meta| {
        let fault = meta.take_early_fault(host, &parts.method, path, &query)?;
        meta.record(&Asked {
            host,
            method: &parts.method,
            version,
            path,
            params: &query,
            status: None,
            fault: Some(&fault.name),
        });
        Some(fault)
    })
}

/// A POST can stand for another method, for clients that know no others.
fn method_of(sent: &Method, params: &Params) -> Method {
    match params.get("method").map(str::to_ascii_lowercase).as_deref() {
        Some("delete") if sent == Method::POST => Method::DELETE,
        Some("get") if sent == Method::POST => Method::GET,
        _ => sent.clone(),
    }
}

/// Meta's links point to the host that was asked, so a client that follows
/// only its own Graph host can follow them.
fn base_of(headers: &HeaderMap, public_url: &str, host: &str) -> String {
    headers
        .get(header::HOST)
        .and_then(|asked| asked.to_str().ok())
        .map_or_else(|| format!("{public_url}/{host}"), |asked| format!("http://{asked}/{host}"))
}
