//! What one call to Meta is made of.

use std::borrow::Cow;

use reqwest::Method;
use secrecy::{ExposeSecret, SecretString};

use crate::app::App;
use crate::endpoints::Host;

/// One call to be made.
pub(super) struct Call<'a> {
    /// Names the call in errors and log lines.
    pub(super) what: &'static str,
    pub(super) method: Method,
    pub(super) host: Host,
    /// Segments after the version.
    pub(super) path: &'a [&'a str],
    /// A form in a POST, otherwise the query.
    pub(super) parameters: Vec<(&'static str, Cow<'a, str>)>,
    /// Goes into the `Authorization` header.
    pub(super) token: Option<&'a SecretString>,
    /// The proof of this token goes along.
    pub(super) proof_of: Option<(&'a App, &'a SecretString)>,
    /// Whose limits this call counts towards.
    pub(super) app_id: &'a str,
    /// Removed from what Meta's error message repeats.
    pub(super) secrets: Vec<&'a SecretString>,
}

impl<'a> Call<'a> {
    fn new(what: &'static str, method: Method, path: &'a [&'a str]) -> Self {
        Self {
            what,
            method,
            host: Host::Graph,
            path,
            parameters: Vec::new(),
            token: None,
            proof_of: None,
            app_id: "",
            secrets: Vec::new(),
        }
    }

    pub(super) fn get(what: &'static str, path: &'a [&'a str]) -> Self {
        Self::new(what, Method::GET, path)
    }

    pub(super) fn post(what: &'static str, path: &'a [&'a str]) -> Self {
        Self::new(what, Method::POST, path)
    }

    pub(super) fn delete(what: &'static str, path: &'a [&'a str]) -> Self {
        Self::new(what, Method::DELETE, path)
    }

    /// Adds a parameter; one of this name is replaced.
    pub(super) fn with(mut self, name: &'static str, value: impl Into<Cow<'a, str>>) -> Self {
        self.parameters.retain(|(other, _)| *other != name);
        self.parameters.push((name, value.into()));
        self
    }

    /// Adds a parameter that must not show anywhere.
    pub(super) fn with_secret(mut self, name: &'static str, value: &'a SecretString) -> Self {
        self.secrets.push(value);
        self.with(name, value.expose_secret())
    }

    /// Goes to this host, without any proof.
    pub(super) fn to(mut self, host: Host) -> Self {
        self.host = host;
        self
    }

    /// Names itself to Meta by the app's id and secret.
    pub(super) fn of_app(self, app: &'a App) -> Self {
        self.on_behalf_of(app).with("client_id", &app.app_id).with_secret("client_secret", &app.secret)
    }

    /// Counts towards the limits of this app, whose secret stays hidden.
    pub(super) fn on_behalf_of(mut self, app: &'a App) -> Self {
        self.app_id = &app.app_id;
        self.secrets.push(&app.secret);
        self
    }

    /// Calls with this token and the app's proof of it.
    pub(super) fn signed(mut self, app: &'a App, token: &'a SecretString) -> Self {
        self.proof_of = Some((app, token));
        self.bearing(app, token)
    }

    /// Calls with this token.
    pub(super) fn bearing(mut self, app: &'a App, token: &'a SecretString) -> Self {
        self.token = Some(token);
        self.secrets.push(token);
        self.on_behalf_of(app)
    }

    /// Calls with this token as its host wants it: the Graph API takes proofs,
    /// Instagram's does not document them.
    pub(super) fn authorized(self, host: Host, app: &'a App, token: &'a SecretString) -> Self {
        match host {
            Host::Graph => self.signed(app, token),
            Host::InstagramApi | Host::InstagramTokens | Host::InstagramGraph => self.to(host).bearing(app, token),
        }
    }

    /// What it is about, where it names that by an id.
    pub(super) fn object(&self) -> Option<&'a str> {
        self.path.first().copied().filter(|first| first.bytes().all(|byte| byte.is_ascii_digit()))
    }
}
