//! How banner and wizard reach their server: a value that the host hands in.
//!
//! Every call exists twice, because the page works before the WebAssembly has arrived and
//! without it: as an asynchronous call, and as the action of a plain form with the same fields.

use std::{future::Future, pin::Pin, sync::Arc};

use crate::model::{Alerts, RenewalView, UiError};

/// A call under way.
pub type Pending<T> = Pin<Box<dyn Future<Output = Result<T, UiError>> + Send>>;

/// A step that a plain form can take. The fields of each form are named here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FormCall {
    /// `connection_id` (absent: first connection), `take_over` (`true` to supersede another administrator's).
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

/// The server as banner and wizard see it.
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
