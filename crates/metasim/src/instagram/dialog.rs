//! Instagram's dialog on `/ig-www`: plain forms without scripts. A GET shows a
//! screen, a POST acts and answers 303.

use axum::body::to_bytes;
use axum::extract::{Request, State};
use axum::http::header::{COOKIE, LOCATION, SET_COOKIE};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::{IntoResponse, Response};

use super::BASIC;
use super::request::AuthorizeRequest;
use super::texts::{self, Texts};
use crate::Sim;
use crate::calls::Asked;
use crate::graph::split_version;
use crate::html::{self, escape};
use crate::params::Params;
use crate::state::Meta;
use crate::world::Instagram;

const LARGEST_FORM: usize = 1 << 18;
const ACCOUNT_COOKIE: &str = "sim_instagram";
const ADDRESS: &str = "/oauth/authorize";

/// Instagram's query for an owner who has cancelled.
const DENIED: &str = "error=access_denied&error_reason=user_denied&error_description=The+user+denied+your+request";

pub(crate) async fn handle(State(sim): State<Sim>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let full_path = parts.uri.path();
    let (version, path) = split_version(full_path.strip_prefix("/ig-www").unwrap_or(""));
    let texts = texts::for_request(&parts.headers);
    let method = &parts.method;
    let bytes = to_bytes(body, LARGEST_FORM).await;
    let params = bytes.ok().and_then(|bytes| Params::read(&parts, &bytes).ok()).unwrap_or_default();
    let query = parts.uri.query().unwrap_or_default();

    let (fault, response) = sim.with(|meta| {
        let fault = meta.take_fault("ig-www", method, path, &params, false);
        let stopped = fault.as_ref().is_some_and(|fault| !fault.kind.lets_through());
        let response = (!stopped).then(|| match (path.trim_end_matches('/'), method.as_str()) {
            (ADDRESS, "GET" | "POST") => authorize(meta, texts, full_path, method, &parts.headers, query, &params),
            _ => StatusCode::NOT_FOUND.into_response(),
        });
        let status = response.as_ref().map(|response| response.status().as_u16());
        meta.record(&Asked {
            host: "ig-www",
            method,
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

fn authorize(
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
    let request = match AuthorizeRequest::read(raw, meta.config, texts) {
        Ok(request) => request,
        Err(text) => return refusal(texts, &text),
    };
    let account = cookie(headers).and_then(|id| meta.instagram_account(id)).cloned();
    if posted {
        return act(meta, path, &request, account.as_ref(), params);
    }
    let logged_in = query.split('&').any(|pair| pair == "sim_seen=1");
    let screen = Screen { texts, path, request: &request };
    match account.filter(|_| logged_in || !request.asks_log_in) {
        Some(account) => screen.card(&account),
        None => screen.log_in(meta.instagram_accounts()),
    }
}

fn act(
    meta: &mut Meta<'_>,
    path: &str,
    request: &AuthorizeRequest,
    account: Option<&Instagram>,
    params: &Params,
) -> Response {
    if let Some(chosen) = params.get("sim_account")
        && let Some(account) = meta.instagram_account(chosen)
    {
        let cookie = format!("{ACCOUNT_COOKIE}={}; Path=/ig-www; HttpOnly; SameSite=Lax", account.id);
        return with_cookie(see_other(&request.step(path, "sim_seen=1")), &cookie);
    }
    match (params.get("sim_do"), account) {
        (Some("cancel"), _) => see_other(&request.way_back(DENIED)),
        (Some("switch"), _) => with_cookie(
            see_other(&request.step(path, "")),
            &format!("{ACCOUNT_COOKIE}=; Path=/ig-www; Max-Age=0; HttpOnly; SameSite=Lax"),
        ),
        (Some("allow"), Some(account)) => allow(meta, request, &account.id, params),
        // The cookie may have gone since the screen was shown.
        _ => see_other(&request.step(path, "")),
    }
}

fn allow(meta: &mut Meta<'_>, request: &AuthorizeRequest, account: &str, params: &Params) -> Response {
    if meta.take_fault("ig-www", &Method::POST, ADDRESS, params, true).is_some() {
        return see_other(&request.way_back(DENIED));
    }
    let on: Vec<&str> =
        params.body.iter().filter(|(name, _)| name == "sim_perm").map(|(_, value)| value.as_str()).collect();
    let now = meta.now;
    let grant = meta.state.instagram.grants.entry(account.to_owned()).or_default();
    for permission in &request.permissions {
        if *permission == BASIC || on.contains(permission) {
            grant.declined.remove(*permission);
            grant.granted.insert((*permission).to_owned());
        } else {
            grant.granted.remove(*permission);
            grant.declined.insert((*permission).to_owned());
        }
    }
    grant.logged_in_at = now;
    let code = meta.issue_instagram_code(account, &request.redirect_text);
    see_other(&request.way_back(&format!("code={code}")))
}

struct Screen<'a> {
    texts: &'static Texts,
    path: &'a str,
    request: &'a AuthorizeRequest,
}

impl Screen<'_> {
    fn log_in<'a>(&self, accounts: impl Iterator<Item = &'a Instagram>) -> Response {
        let mut content = format!("<p>{}</p>", escape(self.texts.log_in_hint));
        for account in accounts {
            content.push_str(&format!(
                "<button name=\"sim_account\" value=\"{}\">@{}</button>",
                escape(&account.id),
                escape(&account.username)
            ));
        }
        content.push_str(&button("cancel", self.texts.cancel, false));
        self.form(self.texts.log_in, &content)
    }

    fn card(&self, account: &Instagram) -> Response {
        let mut content =
            format!("<p>{} <strong>@{}</strong></p>", escape(self.texts.signed_in_as), escape(&account.username));
        content.push_str(&format!("<p>{}</p>", escape(self.texts.allow_hint)));
        content.push_str(&format!("<fieldset><legend>{}</legend>", escape(self.texts.permissions)));
        for permission in &self.request.permissions {
            let label = escape(self.texts.of_permission(permission));
            content.push_str(&if *permission == BASIC {
                let always = escape(self.texts.always);
                format!("<label><input type=\"checkbox\" role=\"switch\" checked disabled>{label} ({always})</label>")
            } else {
                format!(
                    "<label><input type=\"checkbox\" role=\"switch\" name=\"sim_perm\" value=\"{permission}\" checked>{label}</label>"
                )
            });
        }
        content.push_str("</fieldset>");
        content.push_str(&button("allow", self.texts.allow, true));
        content.push_str(&button("switch", self.texts.use_another, false));
        content.push_str(&button("cancel", self.texts.cancel, false));
        self.form(self.texts.allow_title, &content)
    }

    fn form(&self, title: &str, content: &str) -> Response {
        let content = format!(
            "<form method=\"post\" action=\"{}\"><input type=\"hidden\" name=\"sim_query\" value=\"{}\">{content}</form>",
            escape(self.path),
            escape(&self.request.raw)
        );
        html::page(StatusCode::OK, self.texts.lang, self.texts.simulated, title, &content)
    }
}

fn refusal(texts: &Texts, text: &str) -> Response {
    let content = format!("<p>{}</p>", escape(text));
    html::page(StatusCode::BAD_REQUEST, texts.lang, texts.simulated, texts.error_title, &content)
}

fn button(action: &str, label: &str, main: bool) -> String {
    let class = if main { " class=\"main\"" } else { "" };
    format!("<button name=\"sim_do\" value=\"{action}\"{class}>{}</button>", escape(label))
}

/// The query as the app wrote it.
fn app_query(query: &str) -> String {
    query.split('&').filter(|pair| !pair.starts_with("sim_")).collect::<Vec<_>>().join("&")
}

fn cookie(headers: &HeaderMap) -> Option<&str> {
    headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|text| text.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(name, _)| *name == ACCOUNT_COOKIE)
        .map(|(_, value)| value)
}

fn with_cookie(mut response: Response, text: &str) -> Response {
    if let Ok(value) = text.parse() {
        response.headers_mut().insert(SET_COOKIE, value);
    }
    response
}

fn see_other(to: &str) -> Response {
    (StatusCode::SEE_OTHER, [(LOCATION, to)]).into_response()
}
