//! `/oauth/{provider}/callback`: what Meta's dialogs answer, each at an address of its own.

use app::context::Caller;
use axum::{
    Extension, Router,
    extract::{Path, RawQuery, State},
    response::{IntoResponse as _, Redirect, Response},
    routing::get,
};
use http::{HeaderMap, Method};
use lifecycle::Provider;
use renewal::{LoginAnswer, LoginOutcome, LoginWindow};
use secrecy::{ExposeSecret as _, SecretString};

use super::{
    Mount, cookies,
    fail::{self, Telling},
    request_id::RequestId,
};

pub fn router() -> Router<Mount> {
    Router::new().route("/oauth/{provider}/callback", get(callback))
}

/// Parks the code where state and cookie belong together, and leaves the address that held it.
async fn callback(
    State(mount): State<Mount>,
    Path(provider): Path<String>,
    Extension(caller): Extension<Caller>,
    Extension(request_id): Extension<RequestId>,
    method: Method,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let telling = Telling { mount: &mount, identity: None, headers: &headers, request_id: &request_id };
    // A HEAD request would be answered by this handler too, and would use the state up.
    let provider = Provider::parse(&provider).filter(|_| method == Method::GET);
    let Some(provider) = provider else { return telling.page(fail::NOT_FOUND) };
    let Some(answer) = Answer::parse(query.as_deref().unwrap_or_default()) else {
        return telling.page(fail::FOREIGN_LOGIN);
    };
    let cookie = cookies::read(&headers, cookies::LOGIN_COOKIE);
    let answer = LoginAnswer {
        state: answer.state.as_ref().map(|state| state.expose_secret()),
        cookie: cookie.as_ref().map(|cookie| cookie.expose_secret()),
        code: answer.code.as_ref(),
        error: answer.error.as_deref(),
        error_reason: answer.error_reason.as_deref(),
        error_code: answer.error_code.as_deref(),
        signed_in: caller.identity.map(|who| who.user),
    };
    match mount.ui.renova.complete_login(provider, answer).await {
        Ok(LoginOutcome::Back { renewal, window }) => {
            Redirect::to(&format!("/connect/{renewal}/done?in={}", window.as_str())).into_response()
        }
        Ok(LoginOutcome::BackToEmbed { window: LoginWindow::Tab, return_url: Some(page), .. }) => {
            // Facebook's address ends in `#_=_`, which browsers carry over to one that has no fragment.
            let fragment = if page.contains('#') { "" } else { "#" };
            Redirect::to(&[&page, fragment].concat()).into_response()
        }
        Ok(LoginOutcome::BackToEmbed { renewal, window, .. }) => {
            Redirect::to(&format!("/connect/{renewal}/done?in={}&embed", window.as_str())).into_response()
        }
        Ok(LoginOutcome::Foreign) => telling.page(fail::FOREIGN_LOGIN),
        Err(error) => telling.error(&error),
    }
}

#[derive(Default)]
struct Answer {
    state: Option<SecretString>,
    code: Option<SecretString>,
    error: Option<String>,
    error_reason: Option<String>,
    error_code: Option<String>,
}

impl Answer {
    /// `None` when a parameter comes twice: which of them would count?
    fn parse(query: &str) -> Option<Self> {
        let mut answer = Self::default();
        for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
            let twice = match &*name {
                "state" => answer.state.replace(value.into_owned().into()).is_some(),
                // Some browsers keep the fragment that Instagram ends the address with.
                "code" => answer.code.replace(value.trim_end_matches("#_").into()).is_some(),
                "error" => answer.error.replace(value.into_owned()).is_some(),
                "error_reason" => answer.error_reason.replace(value.into_owned()).is_some(),
                "error_code" => answer.error_code.replace(value.into_owned()).is_some(),
                _ => false,
            };
            if twice {
                return None;
            }
        }
        Some(answer)
    }
}
