//! Making a call: address, proof, deadline, and telling a success from every
//! kind of failure.

pub(crate) mod accounts;
mod answer;
pub(crate) mod application;
pub(crate) mod businesses;
mod call;
pub(crate) mod canned;
pub(crate) mod exchange;
pub(crate) mod facts;
pub(crate) mod identity;
pub(crate) mod instagram;
pub(crate) mod list;
pub(crate) mod person;
pub(crate) mod picture;
#[cfg(test)]
pub(crate) mod scripted;
pub(crate) mod subscription;
mod transport;

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use secrecy::ExposeSecret;
use serde::de::DeserializeOwned;
use serde_json::Value;
use url::Url;

use crate::app::App;
use crate::dialog::{self, DialogRequest};
use crate::endpoints::{Endpoints, Host};
use crate::error::Error;
use crate::proof;
use crate::usage::{Room, Usage};
use crate::wire::Object;

use call::Call;
use transport::{Reply, Transport};

/// Client of Meta's platform. Cheap to clone; clones share their connections
/// and what they know of Meta's limits.
///
/// Unless a method says otherwise, its errors are these: [`Error::Graph`] when
/// Meta refuses (ask [`Error::proves_dead`] and [`Error::is_metas_trouble`] what
/// that means), the other variants when there was no proper answer.
///
/// A call is made once: whether and when to try again is
/// [`Error::retry`]'s to say and the caller's to do. So its deadline is all of
/// its time.
#[derive(Clone)]
pub struct Client {
    http: reqwest::Client,
    transport: Arc<dyn Transport>,
    endpoints: Endpoints,
    clock: Option<Clock>,
    timed_proofs: bool,
    seen: Arc<Mutex<Seen>>,
}

/// Seconds since 1970.
type Clock = Arc<dyn Fn() -> i64 + Send + Sync>;

/// What Meta's answers said beside their bodies.
#[derive(Debug, Default)]
struct Seen {
    usage: Usage,
    /// `Date` of the last answer that had one.
    date: Option<i64>,
    /// That, minus our own clock at the same moment.
    ahead: Option<i64>,
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").field("endpoints", &self.endpoints).finish_non_exhaustive()
    }
}

impl Client {
    /// A client of the Meta at these addresses. `http` comes from
    /// [`http_client`](crate::http_client): its deadline and its refusal of
    /// redirects are part of what this client promises.
    #[must_use]
    pub fn new(http: reqwest::Client, endpoints: Endpoints) -> Self {
        Self {
            transport: Arc::new(http.clone()),
            http,
            endpoints,
            clock: None,
            timed_proofs: false,
            seen: Arc::default(),
        }
    }

    /// Gives it a clock, in seconds since 1970. Without one, what Meta said
    /// about its limits is forgotten by the number of questions, not by time,
    /// and proofs have no time.
    #[must_use]
    pub fn with_clock(mut self, clock: Arc<dyn Fn() -> i64 + Send + Sync>) -> Self {
        self.clock = Some(clock);
        self
    }

    /// Whether proofs are bound to the moment of the call and end after five
    /// minutes, which needs a clock that is right.
    /// Meta: `facebook-login/security`.
    #[must_use]
    pub fn with_timed_proofs(mut self, timed: bool) -> Self {
        self.timed_proofs = timed;
        self
    }

    /// Where a Page's token is used: the Graph API with its version.
    #[must_use]
    pub fn graph_url(&self) -> Url {
        self.endpoints.url(Host::Graph, &[])
    }

    /// Where a token of Instagram Login is used.
    #[must_use]
    pub fn instagram_graph_url(&self) -> Url {
        self.endpoints.url(Host::InstagramGraph, &[])
    }

    #[cfg(test)]
    pub(crate) fn with_transport(mut self, transport: Arc<dyn Transport>) -> Self {
        self.transport = transport;
        self
    }

    /// Address of the log-in dialog. It asks for
    /// [`LOGIN_SCOPES`](crate::LOGIN_SCOPES), or for what the app's login
    /// configuration says.
    #[must_use]
    pub fn dialog_url(&self, app: &App, request: &DialogRequest<'_>) -> Url {
        dialog::url(&self.endpoints, app, request)
    }

    pub(crate) fn instagram_dialog_url(&self, app: &App, request: &DialogRequest<'_>) -> Url {
        dialog::instagram_url(&self.endpoints, app, request)
    }

    /// How much more Meta takes, by what its last answers said: of all apps,
    /// and where it is given also of this business, Page or Instagram account.
    /// Work in the background asks before each call and waits where there is
    /// none; what a person waits for goes ahead.
    #[must_use]
    pub fn room(&self, of: Option<&str>) -> Room {
        let now = self.now();
        self.seen(|seen| seen.usage.room(None, of, now))
    }

    /// The same, by what Meta said to one app.
    #[must_use]
    pub fn room_of(&self, app: &App, of: Option<&str>) -> Room {
        let now = self.now();
        self.seen(|seen| seen.usage.room(Some(&app.app_id), of, now))
    }

    /// `Date` of Meta's last answer, in seconds since 1970.
    #[must_use]
    pub fn meta_date(&self) -> Option<i64> {
        self.seen(|seen| seen.date)
    }

    /// Seconds that Meta's clock was ahead of ours at its last answer. Needs a
    /// clock of our own.
    #[must_use]
    pub fn clock_lag(&self) -> Option<i64> {
        self.seen(|seen| seen.ahead)
    }

    /// Makes one call and reads the object it answers as `T`.
    async fn send<T: DeserializeOwned>(&self, call: &Call<'_>) -> Result<T, Error> {
        let answer = self.send_plain(call).await?;
        let object: Result<Object<T>, _> = serde_json::from_value(answer);
        object.map(|Object(answer)| answer).map_err(|_| Error::Malformed { what: call.what })
    }

    /// Makes one call; its answer may be any JSON.
    async fn send_plain(&self, call: &Call<'_>) -> Result<Value, Error> {
        let answer = self.attempt(call).await;
        match &answer {
            Ok(_) => tracing::debug!(call = call.what, "Meta answered"),
            Err(error) => {
                tracing::debug!(call = call.what, %error, "call to Meta failed");
                self.note_refusal(call, error);
            }
        }
        answer
    }

    async fn attempt(&self, call: &Call<'_>) -> Result<Value, Error> {
        let request = self.request(call)?;
        let reply = self.transport.send(request).await?;
        self.note_headers(call, &reply);
        answer::read(&reply, call)
    }

    fn request(&self, call: &Call<'_>) -> Result<reqwest::Request, Error> {
        if call.path.iter().any(|part| matches!(*part, "" | "." | "..")) {
            return Err(Error::Request { what: "an id is empty" });
        }
        let mut parameters = match call.proof_of {
            Some((app, token)) => proof::parameters(&app.secret, token, self.now().filter(|_| self.timed_proofs)),
            None => Vec::new(),
        };
        parameters.extend(call.parameters.iter().cloned());
        let url = self.endpoints.url(call.host, call.path);
        let request = self.http.request(call.method.clone(), url);
        let request =
            if call.method == reqwest::Method::POST { request.form(&parameters) } else { request.query(&parameters) };
        let request = match call.token {
            Some(token) => request.bearer_auth(token.expose_secret()),
            None => request,
        };
        request.build().map_err(|error| Error::from_http(&error))
    }

    fn note_headers(&self, call: &Call<'_>, reply: &Reply) {
        let now = self.now();
        let date = reply.date();
        self.seen(|seen| {
            if let Some(date) = date {
                seen.date = Some(date);
                seen.ahead = now.map(|now| date.saturating_sub(now));
            }
            seen.usage.note_headers(call.app_id, call.object(), &reply.headers, now);
        });
    }

    fn note_refusal(&self, call: &Call<'_>, error: &Error) {
        let Some(meaning) = error.meaning().filter(|meaning| meaning.is_rate_limit()) else { return };
        let now = self.now();
        self.seen(|seen| seen.usage.note_refusal(call.app_id, call.object(), meaning, error.wait(), now));
    }

    fn now(&self) -> Option<i64> {
        self.clock.as_ref().map(|clock| clock())
    }

    fn seen<T>(&self, look: impl FnOnce(&mut Seen) -> T) -> T {
        look(&mut self.seen.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
