//! The login dialog on `/www`: plain forms without scripts. A GET shows the
//! screen of a step, a POST acts and answers 303, so that reload and back do
//! no harm.

mod config;
mod request;
mod screens;

use std::collections::BTreeSet;

use axum::body::to_bytes;
use axum::extract::{Request, State};
use axum::http::header::{COOKIE, LOCATION, SET_COOKIE};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use url::form_urlencoded;

use crate::Sim;
use crate::calls::Asked;
use crate::faults::FaultKind;
use crate::grants::{ALWAYS_GRANTED, Choice};
use crate::graph::split_version;
use crate::params::Params;
use crate::state::Meta;
use crate::texts::{self, Texts};
use request::{DialogRequest, Step, app_query, is_dialog};
use screens::Screen;

const LARGEST_FORM: usize = 1 << 18;
const PERSON_COOKIE: &str = "sim_person";

/// Meta's query for a person who has cancelled.
const DENIED: &str = "error=access_denied&error_code=200&error_description=Permissions+error.&error_reason=user_denied";

pub(crate) async fn handle(State(sim): State<Sim>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let full_path = parts.uri.path().to_owned();
    let (version, path) = split_version(full_path.strip_prefix("/www").unwrap_or(""));
    let texts = texts::for_request(&parts.headers);
    let method = parts.method.clone();
    let bytes = to_bytes(body, LARGEST_FORM).await;
    let params = bytes.ok().and_then(|bytes| Params::read(&parts, &bytes).ok()).unwrap_or_default();

    let (fault, response) = sim.with(|meta| {
        let fault = meta.take_fault("www", &method, path, &params, false);
        let stopped = fault.as_ref().is_some_and(|fault| !fault.kind.lets_through());
        let response = (!stopped).then(|| {
            if is_dialog(&method, path) {
                dialog(meta, texts, &full_path, &method, &parts.headers, parts.uri.query().unwrap_or_default(), &params)
            } else {
                StatusCode::NOT_FOUND.into_response()
            }
        });
        let status = response.as_ref().map(|response| response.status().as_u16());
        meta.record(&Asked {
            host: "www",
            method: &method,
            version,
            path,
            params: &params,
            status: fault.as_ref().map_or(status, |fault| fault.status(status)),
            fault: fault.as_ref().map(|fault| fault.name.as_str()),
        });
        (fault, response)
    });
    match (fault, response) {
        (Some(fault), response) => fault.respond(response, &sim.config().public_url).await,
        (None, Some(response)) => response,
        (None, None) => Response::default(),
    }
}

fn dialog(
    meta: &mut Meta<'_>,
    texts: &'static Texts,
    path: &str,
    method: &Method,
    headers: &HeaderMap,
    query: &str,
    params: &Params,
) -> Response {
    let posted = method == Method::POST;
    let raw = if posted { params.get("sim_query").unwrap_or_default().to_owned() } else { app_query(query) };
    let request = match DialogRequest::read(raw, meta.config, texts) {
        Ok(request) => request,
        Err(refusal) => return screens::refusal(texts, &refusal.text),
    };
    let person = cookie(headers).filter(|id| meta.state.world.person(id).is_some()).map(str::to_owned);
    if posted {
        act(meta, path, &request, person.as_deref(), params)
    } else {
        show(meta, texts, path, &request, person.as_deref(), &Step::read(query))
    }
}

fn show(
    meta: &Meta<'_>,
    texts: &'static Texts,
    path: &str,
    request: &DialogRequest,
    person: Option<&str>,
    step: &Step,
) -> Response {
    let screen = Screen { texts, path, request };
    let person = person.filter(|_| !request.asks_log_in || step.logged_in).and_then(|id| meta.state.world.person(id));
    let Some(person) = person else {
        return screen.log_in(&meta.state.world.people);
    };
    match step.name.as_deref() {
        Some("permissions") => screen.permissions(person, step),
        Some("choose") => choose(meta, &screen, person, step),
        _ => match returning(meta, request, &person.id) {
            Some(holder) => screen.card(person, &screens::granted_names(meta, holder)),
            None => choose(meta, &screen, person, step),
        },
    }
}

fn choose(meta: &Meta<'_>, screen: &Screen<'_>, person: &crate::world::Person, step: &Step) -> Response {
    if screen.request.is_for_business() {
        screen.business_choice(meta, person)
    } else if screen.request.asks("pages_show_list") {
        screen.choice(meta, person)
    } else {
        screen.permissions(person, step)
    }
}

/// Who has decided on everything that is asked, so that the short card is
/// enough: the person, or the first such business of theirs.
fn returning<'a>(meta: &'a Meta<'_>, request: &DialogRequest, person: &'a str) -> Option<&'a str> {
    let has_decided = |holder: &&str| {
        meta.state.grants.get(*holder).is_some_and(|grant| {
            request
                .permissions
                .iter()
                .all(|permission| grant.granted.contains(*permission) || grant.declined.contains(*permission))
        })
    };
    if request.asks_again {
        return None;
    }
    if request.is_for_business() {
        let mut own = meta.state.world.businesses_of(person).map(|business| business.system_user.as_str());
        return own.find(has_decided);
    }
    Some(person).filter(has_decided)
}

fn act(meta: &mut Meta<'_>, path: &str, request: &DialogRequest, person: Option<&str>, params: &Params) -> Response {
    if let Some(chosen) = params.get("sim_person")
        && meta.state.world.person(chosen).is_some()
    {
        let mut response = see_other(&request.step(path, "sim_seen=1"));
        set_cookie(&mut response, &format!("{PERSON_COOKIE}={chosen}; Path=/www; HttpOnly; SameSite=Lax"));
        return response;
    }
    let Some(action) = params.get("sim_do") else {
        return see_other(&request.step(path, ""));
    };
    if action == "cancel" {
        return see_other(&request.way_back(DENIED));
    }
    // The cookie may have gone since the screen was shown.
    let Some(person) = person else {
        return see_other(&request.step(path, ""));
    };
    match action {
        "reconnect" => match returning(meta, request, person).map(str::to_owned) {
            Some(holder) => {
                meta.record_log_in(&holder);
                go_back(meta, request, &holder, params)
            }
            None => see_other(&request.step(path, "")),
        },
        "edit" => see_other(&request.step(path, "sim_seen=1&sim_step=choose")),
        "continue" => {
            let chosen = form_urlencoded::Serializer::new(String::new())
                .append_pair("sim_seen", "1")
                .append_pair("sim_step", "permissions")
                .append_pair("sim_business", params.get("sim_business").unwrap_or_default())
                .append_pair("sim_pages", &ticked(params, "sim_page").join(","))
                .append_pair("sim_ig", &ticked(params, "sim_account").join(","))
                .finish();
            see_other(&request.step(path, &chosen))
        }
        "finish" => {
            let Some(holder) = holder(meta, request, person, params) else {
                return see_other(&request.step(path, "sim_seen=1&sim_step=choose"));
            };
            let choice = choice(meta, request, &holder, params);
            meta.record_choice(&holder, choice);
            go_back(meta, request, &holder, params)
        }
        "switch" => {
            let mut response = see_other(&request.step(path, ""));
            set_cookie(&mut response, &format!("{PERSON_COOKIE}=; Path=/www; Max-Age=0; HttpOnly; SameSite=Lax"));
            response
        }
        _ => see_other(&request.step(path, "")),
    }
}

/// Under whose id the grant is kept: the person's, or that of the chosen
/// business' system user.
fn holder(meta: &Meta<'_>, request: &DialogRequest, person: &str, params: &Params) -> Option<String> {
    if !request.is_for_business() {
        return Some(person.to_owned());
    }
    let chosen = params.get("sim_business").unwrap_or_default();
    let mut own = meta.state.world.businesses_of(person);
    own.find(|business| business.id == chosen).map(|business| business.system_user.clone())
}

fn choice(meta: &Meta<'_>, request: &DialogRequest, holder: &str, params: &Params) -> Choice {
    let on = ticked(params, "sim_perm");
    let granted = request
        .permissions
        .iter()
        .filter(|permission| {
            request.config.is_some() || **permission == ALWAYS_GRANTED || on.iter().any(|name| name == *permission)
        })
        .map(|permission| (*permission).to_owned())
        .collect();
    // Only what the holder reaches can be granted, whatever a form says.
    let own: Vec<_> = meta.state.world.grantable_pages(holder).collect();
    let listed =
        |name: &str| -> Vec<String> { params.get(name).unwrap_or_default().split(',').map(str::to_owned).collect() };
    let (pages, accounts) = (listed("sim_pages"), listed("sim_ig"));
    let chosen_pages: BTreeSet<String> =
        own.iter().map(|page| page.id.clone()).filter(|id| pages.contains(id)).collect();
    let chosen_accounts: BTreeSet<String> = own
        .iter()
        .filter_map(|page| page.instagram.as_ref())
        .map(|account| account.id.clone())
        .filter(|id| accounts.contains(id))
        .collect();
    let asks_pages = request.asks("pages_show_list");
    Choice {
        requested: request.permissions.iter().map(|permission| (*permission).to_owned()).collect(),
        granted,
        pages: asks_pages.then_some(chosen_pages),
        instagrams: (asks_pages && request.asks("instagram_basic")).then_some(chosen_accounts),
    }
}

/// The person has agreed: a code for the app.
fn go_back(meta: &mut Meta<'_>, request: &DialogRequest, holder: &str, params: &Params) -> Response {
    let fault = meta.take_fault("www", &Method::POST, "/dialog/oauth", params, true);
    match fault.map(|fault| fault.kind) {
        Some(FaultKind::DialogError901) => {
            return see_other(&request.way_back(
                "error_code=901&error_message=This+app+is+in+sandbox+mode.++Edit+the+app+configuration+at+http%3A%2F%2Fdevelopers.facebook.com%2Fapps+to+make+the+app+publicly+visible.",
            ));
        }
        Some(_) => return see_other(&request.way_back(DENIED)),
        None => {}
    }
    let code = meta.issue_code(holder, &request.redirect_text);
    let mut pairs = form_urlencoded::Serializer::new(String::new());
    pairs.append_pair("code", &code);
    if request.answers_scopes {
        let of_status = |wanted: &str| {
            request
                .permissions
                .iter()
                .copied()
                .filter(|permission| meta.permission_status(holder, permission) == Some(wanted))
                .collect::<Vec<_>>()
                .join(",")
        };
        pairs.append_pair("granted_scopes", &of_status("granted"));
        pairs.append_pair("denied_scopes", &of_status("declined"));
    }
    see_other(&request.way_back(&pairs.finish()))
}

fn ticked(params: &Params, name: &str) -> Vec<String> {
    params.body.iter().filter(|(key, _)| key == name).map(|(_, value)| value.clone()).collect()
}

fn cookie(headers: &HeaderMap) -> Option<&str> {
    headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|text| text.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(name, _)| *name == PERSON_COOKIE)
        .map(|(_, value)| value)
}

fn set_cookie(response: &mut Response, text: &str) {
    if let Ok(value) = text.parse() {
        response.headers_mut().insert(SET_COOKIE, value);
    }
}

fn see_other(to: &str) -> Response {
    (StatusCode::SEE_OTHER, [(LOCATION, to)]).into_response()
}
