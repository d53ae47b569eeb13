//! Banner and wizard reach this server through its server functions.

use std::{future::Future, sync::Arc};

use wizard::{Alerts, FormCall, Hrefs, Pending, RenewalView, SharedTransport, Transport, UiError};

use super::ApiError;

/// A [`Transport`] over the server functions of the same origin.
#[derive(Clone, Debug, Default)]
pub struct ServerFnTransport {
    hrefs: Hrefs,
}

impl ServerFnTransport {
    /// For Renova's own pages.
    #[must_use]
    #[expect(clippy::new_ret_no_self, reason = "components take a shared transport")]
    pub fn new() -> SharedTransport {
        Arc::new(Self::default())
    }

    /// For a host with pages of its own.
    #[must_use]
    pub fn with_hrefs(hrefs: Hrefs) -> SharedTransport {
        Arc::new(Self { hrefs })
    }
}

fn pending<T: 'static>(call: impl Future<Output = Result<T, ApiError>> + Send + 'static) -> Pending<T> {
    Box::pin(async move { call.await.map_err(UiError::from) })
}

impl Transport for ServerFnTransport {
    fn alerts(&self) -> Pending<Alerts> {
        pending(super::alerts())
    }

    fn renewal(&self, renewal_id: String) -> Pending<RenewalView> {
        pending(super::renewal(renewal_id))
    }

    fn exchange(&self, renewal_id: String) -> Pending<RenewalView> {
        pending(super::exchange(renewal_id))
    }

    fn hand_over(&self, renewal_id: String) -> Pending<RenewalView> {
        pending(super::hand_over(renewal_id))
    }

    fn choose(&self, renewal_id: String, accounts: Vec<String>, loss_confirmed: bool) -> Pending<RenewalView> {
        pending(super::choose(renewal_id, accounts, loss_confirmed))
    }

    fn prove(&self, renewal_id: String, again: bool) -> Pending<RenewalView> {
        pending(super::prove(renewal_id, again))
    }

    fn finish(&self, renewal_id: String) -> Pending<RenewalView> {
        pending(super::finish(renewal_id))
    }

    fn cancel(&self, renewal_id: String) -> Pending<RenewalView> {
        pending(super::cancel(renewal_id))
    }

    fn request_renewal(&self, connection_id: String) -> Pending<()> {
        pending(super::request_renewal(connection_id))
    }

    fn snooze(&self, connection_id: String) -> Pending<()> {
        pending(super::snooze(connection_id))
    }

    // Linked only where a first screen is shown: not into this server's own pages.
    #[cfg(feature = "start")]
    fn start(&self, connection_id: Option<String>) -> Pending<wizard::StartView> {
        pending(super::start(connection_id.unwrap_or_default()))
    }

    fn live_href(&self) -> Option<String> {
        Some("/api/ui/live".to_owned())
    }

    fn form_action(&self, call: FormCall) -> String {
        let name = match call {
            FormCall::StartRenewal => "start_renewal",
            FormCall::Exchange => "exchange",
            FormCall::HandOver => "hand_over",
            FormCall::Choose => "choose",
            FormCall::Prove => "prove",
            FormCall::Finish => "finish",
            FormCall::Cancel => "cancel",
            FormCall::RequestRenewal => "request_renewal",
            FormCall::Snooze => "snooze",
        };
        format!("/api/ui/{name}")
    }

    fn connect_href(&self, renewal_id: &str) -> String {
        format!("/connect/{renewal_id}")
    }

    fn integration_href(&self, connection_id: Option<&str>) -> String {
        self.hrefs.integration(connection_id)
    }

    fn renewal_href(&self, renewal_id: &str) -> String {
        self.hrefs.renewal(renewal_id)
    }

    fn home_href(&self) -> String {
        self.hrefs.home.clone()
    }
}
