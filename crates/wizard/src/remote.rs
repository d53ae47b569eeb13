//! A transport that speaks to a Renova of another origin, with an embed session and without a cookie.
//!
//! The host's back end asks Renova for a session token (`POST /api/v1/embed-sessions`) whenever the
//! browser asks it to; [`RemoteOptions::fetch_session`] is how the browser does that. The token is
//! redeemed once, together with the page's origin, for a bearer that every call carries. It is
//! renewed shortly before its end, and when Renova says that it is over.
//!
//! The browser only: rendered by a server, every call answers the code `offline`. Show the
//! components once the page is alive.

mod session;
mod ticket;
mod value;
mod web;

use std::sync::{Arc, Mutex};

use lifecycle::Provider;
use send_wrapper::SendWrapper;
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::{
    model::{Alerts, Locale, RenewalView, StartView, UiError},
    transport::{FormCall, Hrefs, LoginTicket, LoginWindow, Pending, SharedTransport, StartRenewal, Transport},
};
use session::Session;
use value::Value;
use web::Answer;

/// Without server-sent events the banner asks this often while it is seen: it stands on every page
/// of a dashboard.
const BANNER_PERIOD_S: u32 = 20;
const UNAUTHORIZED: u16 = 401;

/// What the host's back end answers: a session of one person, for this page's origin alone.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SessionToken {
    /// `es_…`, redeemed once.
    pub token: String,
    /// The organization's public id.
    pub embed_id: String,
}

/// What Renova says of a session that it has opened.
#[derive(Clone, Debug, Deserialize)]
pub struct OpenedSession {
    bearer: String,
    /// Seconds.
    expires_in: u32,
    /// The person's language.
    pub locale: Locale,
}

/// Asks the host's back end for a session token.
pub type FetchSession = Arc<dyn Fn() -> Pending<SessionToken> + Send + Sync>;
/// Told of every session: opened, or why not.
pub type OnSession = Arc<dyn Fn(Result<&OpenedSession, &UiError>) + Send + Sync>;

/// How to reach a Renova of another origin.
#[derive(Clone)]
pub struct RemoteOptions {
    /// Renova's origin, such as `https://renova.example`; empty: the page's own.
    pub renova: String,
    /// The origin that the session token was made for: that of the host's page.
    pub origin: String,
    /// Where the host has what banner and wizard lead to.
    pub hrefs: Hrefs,
    /// Called at the start and whenever the session runs out.
    pub fetch_session: FetchSession,
    pub on_session: Option<OnSession>,
}

/// A [`Transport`] by `fetch`.
#[derive(Clone)]
pub struct RemoteTransport {
    inner: Arc<Inner>,
}

struct Inner {
    options: RemoteOptions,
    session: Session,
    locale: Mutex<Option<Locale>>,
}

impl RemoteTransport {
    #[must_use]
    pub fn new(options: RemoteOptions) -> Self {
        Self { inner: Arc::new(Inner { options, session: Session::default(), locale: Mutex::new(None) }) }
    }

    /// As components take it.
    #[must_use]
    pub fn shared(&self) -> SharedTransport {
        Arc::new(self.clone())
    }

    /// The language of what is asked from now on; `None`: the person's own.
    pub fn set_locale(&self, locale: Option<Locale>) {
        if let Ok(mut held) = self.inner.locale.lock() {
            *held = locale;
        }
    }

    fn call<T: DeserializeOwned + 'static>(&self, name: &'static str, fields: Fields) -> Pending<T> {
        let inner = Arc::clone(&self.inner);
        in_browser(async move { read(inner.ask(name, fields).await?) })
    }

    fn step(&self, name: &'static str, renewal_id: String) -> Pending<RenewalView> {
        self.call(name, vec![("renewal_id", renewal_id)])
    }
}

type Fields = Vec<(&'static str, String)>;

/// A future of the browser's, where there is one: it never leaves its thread.
fn in_browser<T: 'static>(call: impl Future<Output = Result<T, UiError>> + 'static) -> Pending<T> {
    if cfg!(target_arch = "wasm32") {
        Box::pin(SendWrapper::new(call))
    } else {
        Box::pin(async { Err(UiError::of("offline")) })
    }
}

/// An answer's value, or the failure that it tells.
fn read<T: DeserializeOwned>(answer: Answer) -> Result<T, UiError> {
    let unexpected = || UiError::of("unexpected_answer");
    let (is_ok, value) = (answer.is_ok(), Value::from(answer.value));
    if is_ok {
        return T::deserialize(value).map_err(|_| unexpected());
    }
    Err(UiError::deserialize(value).unwrap_or_else(|_| unexpected()))
}

impl Inner {
    /// Calls one function, with a new session where Renova says that this one is over.
    async fn ask(&self, name: &str, fields: Fields) -> Result<Answer, UiError> {
        let bearer = self.session.bearer(&self.options).await?;
        let answer = self.send(name, &fields, &bearer).await?;
        if answer.status != UNAUTHORIZED {
            return Ok(answer);
        }
        self.session.end(&bearer);
        let bearer = self.session.bearer(&self.options).await?;
        self.send(name, &fields, &bearer).await
    }

    async fn send(&self, name: &str, fields: &Fields, bearer: &str) -> Result<Answer, UiError> {
        let mut address = [&self.options.renova, "/embed/api/", name].concat();
        if let Some(locale) = self.locale.lock().ok().and_then(|locale| *locale) {
            address = [&address, "?locale=", locale.tag()].concat();
        }
        web::post(&address, &web::form(fields), web::FORM, Some(bearer)).await
    }
}

impl Transport for RemoteTransport {
    fn alerts(&self) -> Pending<Alerts> {
        self.call("alerts", Vec::new())
    }

    fn renewal(&self, renewal_id: String) -> Pending<RenewalView> {
        self.step("renewal", renewal_id)
    }

    fn exchange(&self, renewal_id: String) -> Pending<RenewalView> {
        self.step("exchange", renewal_id)
    }

    fn hand_over(&self, renewal_id: String) -> Pending<RenewalView> {
        self.step("hand_over", renewal_id)
    }

    fn choose(&self, renewal_id: String, accounts: Vec<String>, loss_confirmed: bool) -> Pending<RenewalView> {
        let mut fields = vec![("renewal_id", renewal_id)];
        fields.extend(accounts.into_iter().map(|account| ("accounts[]", account)));
        fields.push(("loss_confirmed", loss_confirmed.to_string()));
        self.call("choose", fields)
    }

    fn prove(&self, renewal_id: String, again: bool) -> Pending<RenewalView> {
        self.call("prove", vec![("renewal_id", renewal_id), ("again", again.to_string())])
    }

    fn finish(&self, renewal_id: String) -> Pending<RenewalView> {
        self.step("finish", renewal_id)
    }

    fn cancel(&self, renewal_id: String) -> Pending<RenewalView> {
        self.step("cancel", renewal_id)
    }

    fn request_renewal(&self, connection_id: String) -> Pending<()> {
        self.call("request_renewal", vec![("connection_id", connection_id)])
    }

    fn snooze(&self, connection_id: String) -> Pending<()> {
        self.call("snooze", vec![("connection_id", connection_id)])
    }

    fn start(&self, connection_id: Option<String>) -> Pending<StartView> {
        self.call("start", vec![("connection_id", connection_id.unwrap_or_default())])
    }

    fn start_renewal(&self, wanted: StartRenewal) -> Option<Pending<String>> {
        let StartRenewal { connection_id, provider, take_over } = wanted;
        let provider = provider.map(Provider::as_str).unwrap_or_default();
        let fields = vec![
            ("connection_id", connection_id.unwrap_or_default()),
            ("take_over", take_over.to_string()),
            ("provider", provider.to_owned()),
        ];
        Some(self.call("start_renewal", fields))
    }

    fn open_login(&self, renewal_id: &str, window: LoginWindow) -> Option<LoginTicket> {
        let ticket = ticket::new()?;
        let window = match window {
            LoginWindow::Popup => "popup",
            LoginWindow::Tab => "tab",
        };
        let href = [&self.connect_href(renewal_id), "?in=", window, "&ticket=", &ticket].concat();
        let fields = vec![("renewal_id", renewal_id.to_owned()), ("ticket", ticket), ("window", window.to_owned())];
        let pending = self.call::<ticket::Known>("open_login", fields);
        Some(LoginTicket { href, number: Box::pin(async move { Ok(pending.await?.number) }) })
    }

    fn banner_period_s(&self) -> u32 {
        BANNER_PERIOD_S
    }

    /// No form reaches another origin: every step is a call.
    fn form_action(&self, _call: FormCall) -> String {
        "#".to_owned()
    }

    fn connect_href(&self, renewal_id: &str) -> String {
        [&self.inner.options.renova, "/connect/", renewal_id].concat()
    }

    fn integration_href(&self, connection_id: Option<&str>) -> String {
        self.inner.options.hrefs.integration(connection_id)
    }

    fn renewal_href(&self, renewal_id: &str) -> String {
        self.inner.options.hrefs.renewal(renewal_id)
    }

    fn home_href(&self) -> String {
        self.inner.options.hrefs.home.clone()
    }
}
