//! What an app asked Instagram's dialog for. The query is carried along as it
//! came, so that the state goes back byte for byte.

use url::{Url, form_urlencoded};

use super::texts::Texts;
use super::{BASIC, PERMISSIONS};
use crate::SimConfig;

pub(super) struct AuthorizeRequest {
    /// The app's query, without the dialog's own `sim_` parameters.
    pub raw: String,
    redirect_uri: Url,
    /// As sent, for the token endpoint to compare.
    pub redirect_text: String,
    /// Still encoded.
    raw_state: Option<String>,
    /// In the order in which they are shown.
    pub permissions: Vec<&'static str>,
    pub asks_log_in: bool,
}

impl AuthorizeRequest {
    /// The request, or the text of the page that refuses it.
    pub fn read(raw: String, config: &SimConfig, texts: &Texts) -> Result<AuthorizeRequest, String> {
        let pairs: Vec<(String, String)> = form_urlencoded::parse(raw.as_bytes()).into_owned().collect();
        let get = |wanted: &str| {
            pairs.iter().find(|(name, _)| name == wanted).map(|(_, value)| value.as_str()).unwrap_or_default()
        };
        if get("client_id") != config.instagram_app_id {
            return Err(texts.bad_app.to_owned());
        }
        let redirect_text = get("redirect_uri").to_owned();
        let redirect_uri = Url::parse(&redirect_text)
            .ok()
            .filter(|uri| matches!(uri.scheme(), "http" | "https"))
            .filter(|uri| uri.fragment().is_none())
            .ok_or_else(|| texts.bad_redirect.to_owned())?;
        if get("response_type") != "code" {
            return Err(texts.bad_response_type.to_owned());
        }
        let asked: Vec<&str> = get("scope").split([',', ' ']).filter(|scope| !scope.is_empty()).collect();
        let unknown: Vec<&str> = asked.iter().copied().filter(|scope| !PERMISSIONS.contains(scope)).collect();
        if !unknown.is_empty() || asked.is_empty() {
            return Err(format!("{} {}", texts.bad_scope, unknown.join(", ")));
        }
        let permissions =
            PERMISSIONS.into_iter().filter(|permission| *permission == BASIC || asked.contains(permission)).collect();
        let asks_log_in = matches!(get("force_reauth"), "true" | "1");
        let raw_state = raw.split('&').find_map(|pair| pair.strip_prefix("state=")).map(str::to_owned);
        Ok(AuthorizeRequest { raw, redirect_uri, redirect_text, raw_state, permissions, asks_log_in })
    }

    /// The way back to the app. Instagram ends it with `#_`.
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
        uri.set_fragment(Some("_"));
        uri.into()
    }

    /// A step of the same dialog.
    pub fn step(&self, path: &str, more: &str) -> String {
        if more.is_empty() { format!("{path}?{}", self.raw) } else { format!("{path}?{}&{more}", self.raw) }
    }
}
