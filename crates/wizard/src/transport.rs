//! How banner and wizard reach their server: a value that the host hands in.
//!
//! Every call exists twice, because the page works before the WebAssembly has arrived and
//! without it: as an asynchronous call, and as the action of a plain form with the same fields.

use std::{future::Future, pin::Pin, sync::Arc};

use lifecycle::Provider;

use crate::model::{Alerts, RenewalView, StartView, UiError};

/// A call under way.
pub type Pending<T> = Pin<Box<dyn Future<Output = Result<T, UiError>> + Send>>;

/// A step that a plain form can take. The fields of each form are named here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FormCall {
    /// `connection_id` (absent or `new`: first connection), `take_over` (`true` to supersede another administrator's).
    StartRenewal,
    /// `renewal_id`
    Exchange,
    /// `renewal_id`
    HandOver,
    /// `renewal_id`, `accounts` (repeated as `accounts[]`), `loss_confirmed`
    Choose,
    /// `renewal_id`, `again` (`true`: also where the proof is complete but leaves something open)
    Prove,
    /// `renewal_id`
    Finish,
    /// `renewal_id`
    Cancel,
    /// `connection_id`
    RequestRenewal,
    /// `connection_id`
    Snooze,
}

/// Where Meta's log-in opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LoginWindow {
    Popup,
    Tab,
}

/// What *Iniciar* begins: the reader's open renewal of it, or a fresh one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StartRenewal {
    /// `None`: a first connection.
    pub connection_id: Option<String>,
    /// The way of a first connection; `None`: Facebook.
    pub provider: Option<Provider>,
    /// Supersedes another administrator's.
    pub take_over: bool,
}

/// A log-in at Meta without a session of the browser: its window is known by a number that only the
/// person who sees both can match.
pub struct LoginTicket {
    /// What the window opens, at once and inside the click.
    pub href: String,
    /// The number to choose there, such as `47`, once the server knows of the ticket.
    pub number: Pending<String>,
}

/// Where the host's own pages are.
#[derive(Clone, Debug)]
pub struct Hrefs {
    /// The integration screen; a connection is added as `?connection=ID`.
    pub integration: String,
    /// The page of one renewal; its id is added after a slash.
    pub renewals: String,
    pub home: String,
}

impl Default for Hrefs {
    fn default() -> Self {
        Self {
            integration: "/integrations/meta".to_owned(),
            renewals: "/integrations/meta/renewals".to_owned(),
            home: "/".to_owned(),
        }
    }
}

impl Hrefs {
    #[must_use]
    pub fn integration(&self, connection_id: Option<&str>) -> String {
        match connection_id {
            Some(id) => [&self.integration, "?connection=", id].concat(),
            None => self.integration.clone(),
        }
    }

    #[must_use]
    pub fn renewal(&self, renewal_id: &str) -> String {
        [&self.renewals, "/", renewal_id].concat()
    }
}

/// The server as banner and wizard see it.
///
/// Methods with a body may be left out: a transport without them is one whose pages are rendered by
/// its server, with a session of their own.
pub trait Transport: Send + Sync {
    fn alerts(&self) -> Pending<Alerts>;
    fn renewal(&self, renewal_id: String) -> Pending<RenewalView>;
    /// The parked code becomes staged tokens. Harmless when repeated.
    fn exchange(&self, renewal_id: String) -> Pending<RenewalView>;
    /// The person who has just logged in takes the connection over. Harmless when repeated.
    fn hand_over(&self, renewal_id: String) -> Pending<RenewalView>;
    fn choose(&self, renewal_id: String, accounts: Vec<String>, loss_confirmed: bool) -> Pending<RenewalView>;
    /// Gathers the proof; meanwhile [`Transport::renewal`] shows line after line. `again`: anew,
    /// where a complete proof leaves something open.
    fn prove(&self, renewal_id: String, again: bool) -> Pending<RenewalView>;
    fn finish(&self, renewal_id: String) -> Pending<RenewalView>;
    fn cancel(&self, renewal_id: String) -> Pending<RenewalView>;
    /// An agent asks the administrators.
    fn request_renewal(&self, connection_id: String) -> Pending<()>;
    /// Puts a warning off until tomorrow, for the reader alone.
    fn snooze(&self, connection_id: String) -> Pending<()>;

    /// What the first screen shows, of one connection (`new`: of a first one), or of what the reader has only to finish or
    /// is the most urgent.
    fn start(&self, _connection_id: Option<String>) -> Pending<StartView> {
        Box::pin(async { Err(UiError::of("not_found")) })
    }
    /// Begins within the page and answers the renewal's id. `None`: the plain form does, and its
    /// answer leads to the renewal's page.
    fn start_renewal(&self, _wanted: StartRenewal) -> Option<Pending<String>> {
        None
    }
    /// Asked inside the click that opens Meta's log-in. `None`: the browser's session opens
    /// [`Transport::connect_href`].
    fn open_login(&self, _renewal_id: &str, _window: LoginWindow) -> Option<LoginTicket> {
        None
    }
    /// So many seconds apart the banner asks, where nothing tells it to.
    fn banner_period_s(&self) -> u32 {
        3
    }

    /// An address of server-sent events, of which each `change` says that alerts may have changed.
    /// `None`: the banner asks by the clock alone.
    fn live_href(&self) -> Option<String> {
        None
    }
    /// Where a form of this call posts to.
    fn form_action(&self, call: FormCall) -> String;
    /// The address that begins a log-in at Meta (`/connect/{renewal}`); a GET form adds `in=popup|tab`.
    fn connect_href(&self, renewal_id: &str) -> String;
    /// The host's integration screen, for one connection or for all.
    fn integration_href(&self, connection_id: Option<&str>) -> String;
    /// The host's page of one renewal.
    fn renewal_href(&self, renewal_id: &str) -> String;
    /// Where to go when all is done.
    fn home_href(&self) -> String;
}

/// A transport as components take it.
pub type SharedTransport = Arc<dyn Transport>;
