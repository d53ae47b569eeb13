//! Making a call: address, proof, deadline, and telling a success from every
//! kind of failure.

pub(crate) mod accounts;
pub(crate) mod exchange;
pub(crate) mod facts;
pub(crate) mod identity;
mod list;
pub(crate) mod person;
mod subscription;

use std::borrow::Cow;

use reqwest::{Method, StatusCode};
use secrecy::{ExposeSecret, SecretString};
use serde::de::DeserializeOwned;
use serde_json::Value;
use url::Url;

use crate::app::App;
use crate::dialog::{self, DialogRequest};
use crate::endpoints::Endpoints;
use crate::error::{Error, WireError};
use crate::http;
use crate::proof::appsecret_proof;
use crate::wire::Object;

/// Client of Meta's platform. Cheap to clone; clones share their connections.
///
/// Unless a method says otherwise, its errors are these: [`Error::Graph`] when
/// Meta refuses (ask [`Error::proves_dead`] and [`Error::is_metas_trouble`] what
/// that means), the other variants when there was no proper answer.
#[derive(Debug, Clone)]
pub struct Client {
    http: reqwest::Client,
    endpoints: Endpoints,
}

impl Client {
    /// A client of the Meta at these addresses. `http` comes from
    /// [`http_client`](crate::http_client): its deadline and its refusal of
    /// redirects are part of what this client promises.
    #[must_use]
    pub fn new(http: reqwest::Client, endpoints: Endpoints) -> Self {
        Self { http, endpoints }
    }

    /// Address of the log-in dialog. It asks for
    /// [`LOGIN_SCOPES`](crate::LOGIN_SCOPES), or for what the app's login
    /// configuration says.
    #[must_use]
    pub fn dialog_url(&self, app: &App, request: &DialogRequest<'_>) -> Url {
        dialog::url(&self.endpoints, app, request)
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
            Err(error) => tracing::debug!(call = call.what, %error, "call to Meta failed"),
        }
        answer
    }

    async fn attempt(&self, call: &Call<'_>) -> Result<Value, Error> {
        let request = self.request(call)?;
        let response = request.send().await.map_err(|error| Error::from_http(&error))?;
        let status = response.status();
        let body = http::body(response).await?;
        read(status, &body, call)
    }

    fn request(&self, call: &Call<'_>) -> Result<reqwest::RequestBuilder, Error> {
        if call.path.iter().any(|part| matches!(*part, "" | "." | "..")) {
            return Err(Error::Request { what: "an id is empty" });
        }
        let url = self.endpoints.graph(call.path);
        let request = self.http.request(call.method.clone(), url);
        let request =
            if call.method == Method::POST { request.form(&call.parameters) } else { request.query(&call.parameters) };
        Ok(match call.token {
            Some(token) => request.bearer_auth(token.expose_secret()),
            None => request,
        })
    }
}

/// The JSON of a success, or the error that the answer is.
fn read(status: StatusCode, body: &[u8], call: &Call<'_>) -> Result<Value, Error> {
    let improper = || {
        if status.is_success() { Error::Malformed { what: call.what } } else { Error::HttpStatus(status.as_u16()) }
    };
    let mut answer: Value = serde_json::from_slice(body).map_err(|_| improper())?;
    let error = answer.get_mut("error").map(Value::take);
    if let Some(error) = error.filter(|error| !error.is_null()) {
        let Object(error): Object<WireError> = serde_json::from_value(error).map_err(|_| improper())?;
        return Err(Error::Graph(error.into_error(status.as_u16(), &call.secrets)));
    }
    if status.is_success() { Ok(answer) } else { Err(improper()) }
}

/// One call to be made.
struct Call<'a> {
    /// Names the call in errors and log lines.
    what: &'static str,
    method: Method,
    /// Segments after the version.
    path: &'a [&'a str],
    /// A form in a POST, otherwise the query.
    parameters: Vec<(&'static str, Cow<'a, str>)>,
    /// Goes into the `Authorization` header.
    token: Option<&'a SecretString>,
    /// Removed from what Meta's error message repeats.
    secrets: Vec<&'a SecretString>,
}

impl<'a> Call<'a> {
    fn new(what: &'static str, method: Method, path: &'a [&'a str]) -> Self {
        Self { what, method, path, parameters: Vec::new(), token: None, secrets: Vec::new() }
    }

    fn get(what: &'static str, path: &'a [&'a str]) -> Self {
        Self::new(what, Method::GET, path)
    }

    fn post(what: &'static str, path: &'a [&'a str]) -> Self {
        Self::new(what, Method::POST, path)
    }

    fn delete(what: &'static str, path: &'a [&'a str]) -> Self {
        Self::new(what, Method::DELETE, path)
    }

    /// Adds a parameter; one of this name is replaced.
    fn with(mut self, name: &'static str, value: impl Into<Cow<'a, str>>) -> Self {
        self.parameters.retain(|(other, _)| *other != name);
        self.parameters.push((name, value.into()));
        self
    }

    /// Adds a parameter that must not show anywhere.
    fn with_secret(mut self, name: &'static str, value: &'a SecretString) -> Self {
        self.secrets.push(value);
        self.with(name, value.expose_secret())
    }

    /// Calls with this token and the app's proof of it.
    fn signed(mut self, app: &'a App, token: &'a SecretString) -> Self {
        self.token = Some(token);
        self.secrets.extend([token, &app.secret]);
        self.with("appsecret_proof", appsecret_proof(&app.secret, token))
    }
}
