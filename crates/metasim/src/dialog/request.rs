//! What an app asked the dialog for. The query is carried along as it came, so
//! that the state goes back byte for byte.

use axum::http::Method;
use url::{Url, form_urlencoded};

use super::config::LoginConfig;
use crate::SimConfig;
use crate::grants::{ALWAYS_GRANTED, PERMISSIONS};
use crate::texts::Texts;

pub(crate) struct DialogRequest {
    /// The app's query, without the dialog's own `sim_` parameters.
    pub raw: String,
    redirect_uri: Url,
    /// As sent, for the token endpoint to compare.
    pub redirect_text: String,
    /// Still encoded.
    raw_state: Option<String>,
    /// In the order in which they are shown.
    pub permissions: Vec<&'static str>,
    pub answers_scopes: bool,
    /// Facebook Login for Business: all its permissions or none.
    pub config: Option<LoginConfig>,
    pub asks_again: bool,
    pub asks_log_in: bool,
}

/// Why there is a page instead of a dialog.
pub(crate) struct Refusal {
    pub text: String,
}

/// Where a dialog stands, in `sim_` parameters beside the app's own.
#[derive(Default)]
pub(crate) struct Step {
    pub name: Option<String>,
    /// The log-in of this very dialog has happened.
    pub logged_in: bool,
    /// Business id, where the token is to be a business'.
    pub business: String,
    pub pages: Vec<String>,
    pub instagrams: Vec<String>,
}

impl Step {
    pub fn read(query: &str) -> Step {
        let mut step = Step::default();
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            let ids = || value.split(',').filter(|id| !id.is_empty()).map(str::to_owned).collect();
            match name.as_ref() {
                "sim_step" => step.name = Some(value.into_owned()),
                "sim_seen" => step.logged_in = true,
                "sim_business" => step.business = value.into_owned(),
                "sim_pages" => step.pages = ids(),
                "sim_ig" => step.instagrams = ids(),
                _ => {}
            }
        }
        step
    }
}

/// The query as the app wrote it.
pub(crate) fn app_query(query: &str) -> String {
    query.split('&').filter(|pair| !pair.starts_with("sim_")).collect::<Vec<_>>().join("&")
}

impl DialogRequest {
    pub fn read(raw: String, config: &SimConfig, texts: &Texts) -> Result<DialogRequest, Refusal> {
        let refuse = |text: &str| Refusal { text: text.to_owned() };
        let pairs: Vec<(String, String)> = form_urlencoded::parse(raw.as_bytes()).into_owned().collect();
        let get = |wanted: &str| {
            pairs.iter().find(|(name, _)| name == wanted).map(|(_, value)| value.as_str()).unwrap_or_default()
        };
        if get("client_id") != config.app_id {
            return Err(refuse(texts.bad_app));
        }
        let redirect_text = get("redirect_uri").to_owned();
        let redirect_uri = Url::parse(&redirect_text)
            .ok()
            .filter(|uri| matches!(uri.scheme(), "http" | "https"))
            .filter(|uri| uri.fragment().is_none())
            .ok_or_else(|| refuse(texts.bad_redirect))?;

        let mut answers_scopes = false;
        for kind in get("response_type").split([',', ' ']) {
            match kind {
                "" | "code" => {}
                "granted_scopes" => answers_scopes = true,
                _ => return Err(refuse(texts.bad_response_type)),
            }
        }
        let asked: Vec<&str> = get("scope").split([',', ' ']).filter(|scope| !scope.is_empty()).collect();
        let unknown: Vec<&str> = asked.iter().copied().filter(|scope| !PERMISSIONS.contains(scope)).collect();
        if !unknown.is_empty() {
            return Err(Refusal { text: format!("{} {}", texts.bad_scope, unknown.join(", ")) });
        }
        let config = match get("config_id") {
            "" => None,
            id => Some(LoginConfig::find(id).ok_or_else(|| refuse(texts.bad_config))?),
        };
        // A business hands out its token by code only.
        if config == Some(LoginConfig::SystemUser) && get("response_type") != "code" {
            return Err(refuse(texts.bad_response_type));
        }
        let permissions = PERMISSIONS
            .into_iter()
            .filter(|permission| *permission == ALWAYS_GRANTED || config.is_some() || asked.contains(permission))
            .collect();
        let auth_type: Vec<&str> = get("auth_type").split([',', ' ']).collect();
        let raw_state = raw.split('&').find_map(|pair| pair.strip_prefix("state=")).map(str::to_owned);
        Ok(DialogRequest {
            asks_again: auth_type.contains(&"rerequest") || auth_type.contains(&"reauthorize"),
            asks_log_in: auth_type.contains(&"reauthenticate"),
            raw,
            redirect_uri,
            redirect_text,
            raw_state,
            permissions,
            answers_scopes,
            config,
        })
    }

    pub fn is_for_business(&self) -> bool {
        self.config == Some(LoginConfig::SystemUser)
    }

    pub fn asks(&self, permission: &str) -> bool {
        self.permissions.contains(&permission)
    }

    /// The way back to the app. Facebook ends it with an odd fragment.
    pub fn way_back(&self, encoded_pairs: &str) -> String {
        let mut uri = self.redirect_uri.clone();
        let query = [uri.query().unwrap_or_default(), encoded_pairs]
            .into_iter()
            .map(str::to_owned)
            .chain(self.raw_state.iter().map(|state| format!("state={state}")))
            .filter(|piece| !piece.is_empty())
            .collect::<Vec<_>>()
            .join("&");
        uri.set_query(Some(&query));
        uri.set_fragment(Some("_=_"));
        uri.into()
    }

    /// A step of the same dialog.
    pub fn step(&self, path: &str, more: &str) -> String {
        if more.is_empty() { format!("{path}?{}", self.raw) } else { format!("{path}?{}&{more}", self.raw) }
    }
}

/// The dialog has one address; whatever else is below `/www` is not there.
pub(crate) fn is_dialog(method: &Method, path: &str) -> bool {
    path == "/dialog/oauth" && (method == Method::GET || method == Method::POST)
}
