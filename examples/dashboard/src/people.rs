//! The dashboard's own log-in, as simple as an example may be: two people, no password, sessions
//! in memory. What matters is the end: [`identity`] tells Renova who is asking.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use axum::{
    Form, Router,
    extract::{Request, State},
    http::{HeaderMap, StatusCode, header, request::Parts},
    middleware::Next,
    response::{IntoResponse, Redirect, Response},
    routing::post,
};
use axum_extra::extract::cookie::CookieJar;
use renewal::Renova;
use serde::Deserialize;
use server::{Identified, Identify, random::SystemRandom, web::safe_next};
use vault::Random as _;

const COOKIE: &str = "atlas_session";

/// The dashboard's user, and the same person's e-mail in Renova. A real host keeps the pair in
/// its database, or uses Renova's `external_id`.
const PEOPLE: &[(&str, &str)] = &[("ana", "ana@aurora.example"), ("bruno", "bruno@aurora.example")];

/// Session token → e-mail.
#[derive(Clone, Default)]
pub struct Sessions(Arc<Mutex<HashMap<String, &'static str>>>);

impl Sessions {
    fn begin(&self, email: &'static str) -> String {
        let mut bytes = [0; 32];
        SystemRandom.fill(&mut bytes);
        let token = hex::encode(bytes);
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(token.clone(), email);
        token
    }

    fn end(&self, headers: &HeaderMap) {
        if let Some(cookie) = CookieJar::from_headers(headers).get(COOKIE) {
            self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(cookie.value());
        }
    }

    /// Who is signed in, and the same person's e-mail.
    pub fn person(&self, headers: &HeaderMap) -> Option<(&'static str, &'static str)> {
        let email = self.email(headers)?;
        PEOPLE.iter().find(|(_, it)| *it == email).copied()
    }

    fn email(&self, headers: &HeaderMap) -> Option<&'static str> {
        let cookies = CookieJar::from_headers(headers);
        let token = cookies.get(COOKIE)?.value();
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(token).copied()
    }
}

/// Who is asking, in Renova's terms. The organization comes with the user, never from the request.
pub fn identity(sessions: &Sessions, renova: &Arc<Renova>) -> impl Identify + use<> {
    let (sessions, renova) = (sessions.clone(), Arc::clone(renova));
    move |parts: &Parts| -> Identified {
        let email = sessions.email(&parts.headers);
        let renova = Arc::clone(&renova);
        Box::pin(async move {
            let Some(email) = email else { return Ok(None) };
            let Some(user) = renova.storage().user_by_email(email).await? else { return Ok(None) };
            renova.identity_of(user.organization_id, user.id).await
        })
    }
}

/// The dashboard's own rule for its own pages.
pub async fn only_signed_in(State(sessions): State<Sessions>, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    if path == "/enter" || sessions.email(request.headers()).is_some() {
        next.run(request).await
    } else {
        Redirect::to("/enter").into_response()
    }
}

/// Log-in and log-out.
pub fn routes(sessions: Sessions) -> Router {
    Router::new().route("/enter", post(enter)).route("/leave", post(leave)).with_state(sessions)
}

#[derive(Deserialize)]
struct Entrance {
    person: String,
    #[serde(default)]
    next: String,
}

async fn enter(State(sessions): State<Sessions>, Form(form): Form<Entrance>) -> Response {
    let Some((_, email)) = PEOPLE.iter().find(|(person, _)| *person == form.person) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let cookie = format!("{COOKIE}={}; Path=/; HttpOnly; SameSite=Lax", sessions.begin(email));
    ([(header::SET_COOKIE, cookie)], Redirect::to(safe_next(&form.next).unwrap_or("/"))).into_response()
}

async fn leave(State(sessions): State<Sessions>, headers: HeaderMap) -> Response {
    sessions.end(&headers);
    let cookie = format!("{COOKIE}=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0");
    ([(header::SET_COOKIE, cookie)], Redirect::to("/enter")).into_response()
}
