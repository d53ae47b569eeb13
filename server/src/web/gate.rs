//! Who may ask for what: the rules, and the layer that applies them before any look-up.
//!
//! The rules are one pure function, [`judge`]; server functions and use cases check again.

use app::context::Caller;
use axum::{
    Router,
    extract::Request,
    middleware,
    response::{IntoResponse as _, Redirect, Response},
};
use http::{Method, StatusCode, header};
use lifecycle::{Role, ids::RenewalId};

use super::{
    Mount, cookies,
    fail::{self, Failure, Telling},
    functions,
    identity::Identify,
    next,
    origin::{self, OriginProblem},
    request_id, tickets,
};

/// Pages that need no session.
const OPEN_PAGES: &[&str] = &["/login", "/reset", "/forgot", "/invitation", "/r"];
/// Pages for administrators alone; their content says so to others.
const EXPLAINED_PAGES: &[&str] = &["/integrations/meta", "/review", "/settings"];

/// Asked for by programs and browsers: a log-in page would be no answer to them.
const NO_PAGES: &[&str] = &["/api", "/meta", "/embed", "/favicon.ico", "/robots.txt"];

/// Whose routes stand behind the gate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Behind {
    /// Renova's own pages, with its own log-in.
    Pages,
    /// `/api/ui`, `/connect` and `/oauth`.
    Backend,
    /// A host's pages: its own rules hold there.
    Host,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verdict {
    Pass,
    /// The page renders its own explanation; only the status is set.
    PassAsForbidden,
    LogIn,
    Refuse(Failure),
}

/// The rules. Role before look-up: nothing here knows whether a thing exists.
fn judge(behind: Behind, method: &Method, path: &str, role: Option<Role>) -> Verdict {
    if let Some(name) = functions::name(path) {
        if functions::is_own(name) && behind != Behind::Pages {
            return Verdict::Refuse(fail::NOT_FOUND);
        }
        if functions::is_account(name) {
            return Verdict::Pass;
        }
        return match role {
            None => Verdict::Refuse(fail::SIGNED_OUT),
            Some(Role::Agent) if functions::needs_admin(name) => Verdict::Refuse(fail::FORBIDDEN),
            Some(_) => Verdict::Pass,
        };
    }
    if within(path, "/connect") {
        return match role {
            _ if *method != Method::GET => Verdict::Refuse(fail::NOT_FOUND),
            None => Verdict::LogIn,
            Some(Role::Agent) => Verdict::Refuse(fail::FORBIDDEN_FLOW),
            Some(Role::Admin) => Verdict::Pass,
        };
    }
    let below = |pages: &[&str]| pages.iter().any(|page| within(path, page));
    if behind != Behind::Pages || below(OPEN_PAGES) {
        return Verdict::Pass;
    }
    match role {
        None if below(NO_PAGES) => Verdict::Pass,
        None => Verdict::LogIn,
        Some(Role::Agent) if below(EXPLAINED_PAGES) => Verdict::PassAsForbidden,
        Some(_) => Verdict::Pass,
    }
}

/// Whoever came by a link that the platform vouches for may do its one renewal, and nothing else.
fn judge_guest(mount: &Mount, only: RenewalId, method: &Method, path: &str) -> Verdict {
    let is_allowed = match functions::name(path) {
        Some(name) => functions::is_for_guests(name),
        None => {
            let trip = format!("/connect/{only}");
            path == mount.ui.hrefs.renewal(&only.to_string())
                || (*method == Method::GET && within(path, &trip))
                || path == "/connect/popup.js"
                || within(path, "/oauth")
                || OPEN_PAGES.iter().any(|page| within(path, page))
        }
    };
    if is_allowed { Verdict::Pass } else { Verdict::Refuse(fail::ONLY_RENEWAL) }
}

/// The path itself or something below it.
pub fn within(path: &str, prefix: &str) -> bool {
    path.strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Tells a host's own pages who is reading, so that banner and wizard can be rendered in them.
///
/// Server functions that were mounted among them by `leptos_routes` pass the same checks as in
/// [`fn@super::backend`].
pub fn with_caller(router: Router, mount: &Mount, identity: impl Identify) -> Router {
    guard(router, mount, identity, Behind::Host)
}

/// Puts the gate before `router`.
pub fn guard(router: Router, mount: &Mount, identity: impl Identify, behind: Behind) -> Router {
    let mount = mount.clone();
    router.layer(middleware::from_fn(move |request: Request, next: middleware::Next| {
        pass(mount.clone(), identity.clone(), behind, request, next)
    }))
}

async fn pass(
    mount: Mount,
    identity: impl Identify,
    behind: Behind,
    mut request: Request,
    next: middleware::Next,
) -> Response {
    let request_id = request_id::of(&mut request);
    let (mut parts, body) = request.into_parts();
    let path = parts.uri.path().to_owned();

    let changes = functions::name(&path).is_some() && !functions::is_safe(&parts.method);
    let own = mount.public_url.origin().ascii_serialization();
    let from = if changes { origin::check(&parts.headers, &own) } else { Ok(()) };
    if let Err(problem) = from {
        let telling = Telling { mount: &mount, identity: None, headers: &parts.headers, request_id: &request_id };
        return telling.tell(match problem {
            OriginProblem::Missing => fail::ORIGIN_REQUIRED,
            OriginProblem::Foreign => fail::ORIGIN_FOREIGN,
        });
    }

    // Whose log-in it is says the ticket, not a session that this browser may have.
    if behind == Behind::Backend && tickets::is_for(&parts) {
        parts.extensions.insert(Caller { identity: None, session: None, request_id: request_id.0 });
        return next.run(Request::from_parts(parts, body)).await;
    }

    let who = match identity(&parts).await {
        Ok(who) => who,
        Err(error) => {
            let telling = Telling { mount: &mount, identity: None, headers: &parts.headers, request_id: &request_id };
            return telling.error(&error);
        }
    };
    let verdict = match who.as_ref().and_then(|who| who.only_renewal) {
        Some(only) => judge_guest(&mount, only, &parts.method, &path),
        None => judge(behind, &parts.method, &path, who.as_ref().map(|who| who.role)),
    };
    let telling = Telling { mount: &mount, identity: who.as_ref(), headers: &parts.headers, request_id: &request_id };
    match verdict {
        Verdict::LogIn => return log_in(&mount, &parts, &telling),
        Verdict::Refuse(fail::SIGNED_OUT) if fail::wants_page(&parts.headers) => {
            return log_in(&mount, &parts, &telling);
        }
        Verdict::Refuse(failure @ (fail::FORBIDDEN | fail::FORBIDDEN_FLOW)) => {
            return telling.tell_who_may(failure).await;
        }
        Verdict::Refuse(failure) => return telling.tell(failure),
        Verdict::Pass | Verdict::PassAsForbidden => {}
    }
    let refusal = match verdict {
        Verdict::PassAsForbidden => Some(telling.tell_who_may(without_page(&path)).await),
        _ => None,
    };
    let session = cookies::read(&parts.headers, &mount.ui.cookies.name);
    parts.extensions.insert(Caller { identity: who, session, request_id: request_id.0 });
    let mut response = next.run(Request::from_parts(parts, body)).await;
    match (refusal, response.status()) {
        // Role before look-up: no page to explain it makes no difference.
        (Some(refusal), StatusCode::NOT_FOUND) => return refusal,
        (Some(_), StatusCode::OK) => *response.status_mut() = StatusCode::FORBIDDEN,
        _ => {}
    }
    response
}

/// What is said below a page that explains itself, where there is none.
fn without_page(path: &str) -> Failure {
    if within(path, "/integrations") { fail::FORBIDDEN_FLOW } else { fail::FORBIDDEN }
}

/// To the log-in page and back to what was wanted; a form's page, not its action.
fn log_in(mount: &Mount, parts: &http::request::Parts, telling: &Telling<'_>) -> Response {
    let Some(login) = &mount.login else { return telling.page(fail::SIGNED_OUT) };
    let wanted = if functions::name(parts.uri.path()).is_some() {
        referrer_path(mount, parts).unwrap_or_default()
    } else {
        parts.uri.path_and_query().map_or_else(String::new, |wanted| wanted.as_str().to_owned())
    };
    Redirect::to(&next::login_href(login, &wanted)).into_response()
}

/// The page of ours that a form was posted from.
fn referrer_path(mount: &Mount, parts: &http::request::Parts) -> Option<String> {
    let referrer = parts.headers.get(header::REFERER)?.to_str().ok()?;
    let referrer = url::Url::parse(referrer).ok()?;
    (referrer.origin() == mount.public_url.origin())
        .then(|| referrer[url::Position::BeforePath..url::Position::AfterQuery].to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_by_role() {
        use Behind::{Backend, Host, Pages};
        let get = Method::GET;
        let refuse = Verdict::Refuse;
        let cases = [
            (Pages, "/", None, Verdict::LogIn),
            (Pages, "/login", None, Verdict::Pass),
            (Pages, "/loginx", None, Verdict::LogIn),
            (Pages, "/integrations/meta", Some(Role::Admin), Verdict::Pass),
            (Pages, "/integrations/meta", Some(Role::Agent), Verdict::PassAsForbidden),
            (Pages, "/integrations/meta/renewals/1", Some(Role::Agent), Verdict::PassAsForbidden),
            (Pages, "/settings/people", Some(Role::Agent), Verdict::PassAsForbidden),
            (Pages, "/invitation", None, Verdict::Pass),
            (Pages, "/r/1", None, Verdict::Pass),
            (Pages, "/review", None, Verdict::LogIn),
            (Pages, "/api/ui/use_renewal_link", None, Verdict::Pass),
            (Pages, "/api/ui/make_api_key", Some(Role::Agent), refuse(fail::FORBIDDEN)),
            (Backend, "/api/ui/use_renewal_link", None, refuse(fail::NOT_FOUND)),
            (Backend, "/api/ui/make_api_key", Some(Role::Admin), refuse(fail::NOT_FOUND)),
            (Pages, "/api/ui/accept_invitation", None, Verdict::Pass),
            (Pages, "/api/ui/invite", None, refuse(fail::SIGNED_OUT)),
            (Pages, "/api/ui/invite", Some(Role::Agent), refuse(fail::FORBIDDEN)),
            (Pages, "/api/ui/invite", Some(Role::Admin), Verdict::Pass),
            (Backend, "/api/ui/invite", Some(Role::Admin), refuse(fail::NOT_FOUND)),
            (Host, "/api/ui/change_password", Some(Role::Admin), refuse(fail::NOT_FOUND)),
            (Pages, "/review", Some(Role::Agent), Verdict::PassAsForbidden),
            (Pages, "/review", Some(Role::Admin), Verdict::Pass),
            (Pages, "/connections/1", Some(Role::Agent), Verdict::Pass),
            (Pages, "/account", Some(Role::Agent), Verdict::Pass),
            (Pages, "/api/ui/login", None, Verdict::Pass),
            (Backend, "/api/ui/login", None, refuse(fail::NOT_FOUND)),
            (Host, "/api/ui/logout", Some(Role::Admin), refuse(fail::NOT_FOUND)),
            (Backend, "/api/ui/alerts", None, refuse(fail::SIGNED_OUT)),
            (Backend, "/api/ui/start_renewal", Some(Role::Agent), refuse(fail::FORBIDDEN)),
            (Backend, "/api/ui/request_renewal", Some(Role::Agent), Verdict::Pass),
            (Backend, "/connect/x", Some(Role::Agent), refuse(fail::FORBIDDEN_FLOW)),
            (Backend, "/connect/x/done", None, Verdict::LogIn),
            (Backend, "/oauth/facebook/callback", None, Verdict::Pass),
            (Host, "/integrations/meta", Some(Role::Agent), Verdict::Pass),
        ];
        for (behind, path, role, expected) in cases {
            assert_eq!(judge(behind, &get, path, role), expected, "{behind:?} {path} {role:?}");
        }
        assert_eq!(judge(Backend, &Method::HEAD, "/connect/x", Some(Role::Admin)), refuse(fail::NOT_FOUND));
    }
}
