//! The `Cross-Origin-Opener-Policy` of the dialogs: it is not known which one Meta sends on which
//! page, so whoever opens a dialog must get along with each.

use axum::extract::{Request, State};
use axum::http::{HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;
use serde::{Deserialize, Serialize};

use crate::Sim;

const HEADER: header::HeaderName = header::HeaderName::from_static("cross-origin-opener-policy");

#[derive(Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum OpenerPolicy {
    /// No header.
    #[default]
    None,
    SameOrigin,
    SameOriginAllowPopups,
    NoopenerAllowPopups,
}

impl OpenerPolicy {
    const fn value(self) -> Option<&'static str> {
        match self {
            Self::None => None,
            Self::SameOrigin => Some("same-origin"),
            Self::SameOriginAllowPopups => Some("same-origin-allow-popups"),
            Self::NoopenerAllowPopups => Some("noopener-allow-popups"),
        }
    }
}

/// Sends it with every page of the dialogs.
pub(crate) async fn send(State(sim): State<Sim>, request: Request, next: Next) -> Response {
    let is_dialog = request.uri().path().starts_with("/www/") || request.uri().path().starts_with("/ig-www/");
    let mut response = next.run(request).await;
    if let Some(value) = sim.with(|meta| meta.state.settings.opener_policy.value()).filter(|_| is_dialog) {
        response.headers_mut().insert(HEADER, HeaderValue::from_static(value));
    }
    response
}
