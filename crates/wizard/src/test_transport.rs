//! A transport for tests that render and call nothing.

use std::sync::Arc;

use crate::{Alerts, FormCall, Pending, RenewalView, SharedTransport, Transport, UiError};

pub(crate) struct NoServer;

impl NoServer {
    pub(crate) fn shared() -> SharedTransport {
        Arc::new(Self)
    }
}

fn refused<T: 'static>() -> Pending<T> {
    let error = UiError { code: "offline".to_owned(), message: String::new(), request_id: String::new() };
    Box::pin(async move { Err(error) })
}

impl Transport for NoServer {
    fn alerts(&self) -> Pending<Alerts> {
        refused()
    }
    fn renewal(&self, _: String) -> Pending<RenewalView> {
        refused()
    }
    fn exchange(&self, _: String) -> Pending<RenewalView> {
        refused()
    }
    fn hand_over(&self, _: String) -> Pending<RenewalView> {
        refused()
    }
    fn choose(&self, _: String, _: Vec<String>, _: bool) -> Pending<RenewalView> {
        refused()
    }
    fn prove(&self, _: String, _: bool) -> Pending<RenewalView> {
        refused()
    }
    fn finish(&self, _: String) -> Pending<RenewalView> {
        refused()
    }
    fn cancel(&self, _: String) -> Pending<RenewalView> {
        refused()
    }
    fn request_renewal(&self, _: String) -> Pending<()> {
        refused()
    }
    fn snooze(&self, _: String) -> Pending<()> {
        refused()
    }
    fn form_action(&self, call: FormCall) -> String {
        format!("/call/{call:?}")
    }
    fn connect_href(&self, renewal_id: &str) -> String {
        format!("/connect/{renewal_id}")
    }
    fn integration_href(&self, connection_id: Option<&str>) -> String {
        connection_id.map_or_else(|| "/integration".to_owned(), |id| format!("/integration?connection={id}"))
    }
    fn renewal_href(&self, renewal_id: &str) -> String {
        format!("/renewals/{renewal_id}")
    }
    fn home_href(&self) -> String {
        "/".to_owned()
    }
}
