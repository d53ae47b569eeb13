//! The log-in dialog, which the person's browser opens.

use url::Url;

use crate::app::App;
use crate::endpoints::Endpoints;
use crate::scopes::{INSTAGRAM_LOGIN_SCOPES, LOGIN_SCOPES};

/// What one log-in asks of the dialog.
#[derive(Clone, Copy)]
pub struct DialogRequest<'a> {
    /// Where the browser comes back to: exactly an entry of *Valid OAuth
    /// Redirect URIs*, and exactly what
    /// [`Client::exchange_code`](crate::Client::exchange_code) gets later.
    pub redirect_uri: &'a str,
    /// One-time value that comes back unchanged.
    pub state: &'a str,
    /// Laid out for a pop-up window, otherwise for a whole page.
    pub popup: bool,
    /// What the dialog shows to a person who has been there before.
    pub prompt: Prompt,
}

/// What the dialog shows to a person who has been there before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Prompt {
    /// Only what is new.
    #[default]
    Normal,
    /// Asks again for permissions that were declined.
    Rerequest,
    /// Renews expired data access, and in practice shows the choice of Pages
    /// and accounts again.
    ChooseAgain,
    /// Asks for the password again, so that another person can log in.
    OtherPerson,
}

impl Prompt {
    /// Value of `auth_type`.
    fn auth_type(self) -> Option<&'static str> {
        match self {
            Self::Normal => None,
            Self::Rerequest => Some("rerequest"),
            Self::ChooseAgain => Some("reauthorize"),
            Self::OtherPerson => Some("reauthenticate"),
        }
    }
}

/// The dialog's address.
/// Meta: `facebook-login/guides/advanced/manual-flow`, and
/// `facebook-login/facebook-login-for-business` for `config_id`.
pub(crate) fn url(endpoints: &Endpoints, app: &App, request: &DialogRequest<'_>) -> Url {
    let mut url = endpoints.dialog();
    let scopes = LOGIN_SCOPES.join(",");
    let asked = match app.login_config_id.as_deref() {
        Some(id) if !id.is_empty() => ("config_id", id),
        _ => ("scope", scopes.as_str()),
    };
    url.query_pairs_mut()
        .append_pair("client_id", &app.app_id)
        .append_pair("redirect_uri", request.redirect_uri)
        .append_pair("state", request.state)
        .append_pair("response_type", "code")
        .append_pair("display", if request.popup { "popup" } else { "page" })
        .append_pair(asked.0, asked.1)
        .extend_pairs(request.prompt.auth_type().map(|kind| ("auth_type", kind)));
    url
}

/// Address of Instagram Login's dialog, which knows neither pop-ups nor
/// configurations. Meta:
/// `instagram-platform/instagram-api-with-instagram-login/business-login`.
pub(crate) fn instagram_url(endpoints: &Endpoints, app: &App, request: &DialogRequest<'_>) -> Url {
    let mut url = endpoints.instagram_dialog();
    let again = matches!(request.prompt, Prompt::OtherPerson | Prompt::ChooseAgain);
    url.query_pairs_mut()
        .append_pair("client_id", &app.app_id)
        .append_pair("redirect_uri", request.redirect_uri)
        .append_pair("state", request.state)
        .append_pair("response_type", "code")
        .append_pair("scope", &INSTAGRAM_LOGIN_SCOPES.join(","))
        .append_pair("enable_fb_login", "false")
        .extend_pairs(again.then_some(("force_reauth", "true")));
    url
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use secrecy::SecretString;

    use super::*;
    use crate::endpoints::everything_at;

    fn pairs(config: Option<&str>, popup: bool, prompt: Prompt) -> BTreeMap<String, String> {
        let endpoints = everything_at("http://localhost:3001");
        let app = App {
            app_id: "123".to_owned(),
            secret: SecretString::from("the-secret"),
            login_config_id: config.map(str::to_owned),
        };
        let request = DialogRequest { redirect_uri: "https://a.test/oauth/cb?x=1&y=é", state: "s&t=a", popup, prompt };
        let url = url(&endpoints, &app, &request);
        assert!(url.as_str().starts_with("http://localhost:3001/www/v25.0/dialog/oauth?"));
        assert!(!url.as_str().contains("the-secret"));
        let pairs: BTreeMap<_, _> = url.query_pairs().into_owned().collect();
        assert_eq!(pairs.len(), url.query_pairs().count());
        pairs
    }

    #[test]
    fn a_pop_up_with_scopes() {
        let pairs = pairs(None, true, Prompt::Normal);
        assert_eq!(pairs["client_id"], "123");
        assert_eq!(pairs["redirect_uri"], "https://a.test/oauth/cb?x=1&y=é");
        assert_eq!(pairs["state"], "s&t=a");
        assert_eq!(pairs["response_type"], "code");
        assert_eq!(pairs["display"], "popup");
        assert_eq!(
            pairs["scope"],
            "pages_show_list,pages_messaging,pages_manage_metadata,pages_read_engagement,\
             instagram_basic,instagram_manage_messages,business_management"
        );
        assert_eq!(pairs.len(), 6);
    }

    #[test]
    fn a_page_with_a_configuration_and_each_prompt() {
        for (prompt, kind) in [
            (Prompt::Rerequest, "rerequest"),
            (Prompt::ChooseAgain, "reauthorize"),
            (Prompt::OtherPerson, "reauthenticate"),
        ] {
            let pairs = pairs(Some("77"), false, prompt);
            assert_eq!(pairs["config_id"], "77");
            assert!(!pairs.contains_key("scope"));
            assert_eq!(pairs["display"], "page");
            assert_eq!(pairs["auth_type"], kind);
        }
        assert!(pairs(Some(""), false, Prompt::Normal).contains_key("scope"));
    }

    #[test]
    fn instagrams_own_dialog() {
        let app = App {
            app_id: "987".to_owned(),
            secret: SecretString::from("the-secret"),
            login_config_id: Some("7".into()),
        };
        for (prompt, again) in [
            (Prompt::Normal, None),
            (Prompt::Rerequest, None),
            (Prompt::ChooseAgain, Some("true")),
            (Prompt::OtherPerson, Some("true")),
        ] {
            let request =
                DialogRequest { redirect_uri: "https://a.test/oauth/ig?x=1", state: "s&t", popup: true, prompt };
            let url = instagram_url(&everything_at("http://localhost:3001"), &app, &request);
            assert!(url.as_str().starts_with("http://localhost:3001/ig-www/oauth/authorize?"));
            assert!(!url.as_str().contains("the-secret"));
            let pairs: BTreeMap<_, _> = url.query_pairs().into_owned().collect();
            assert_eq!(pairs["client_id"], "987");
            assert_eq!(pairs["redirect_uri"], "https://a.test/oauth/ig?x=1");
            assert_eq!((pairs["state"].as_str(), pairs["response_type"].as_str()), ("s&t", "code"));
            assert_eq!(pairs["scope"], "instagram_business_basic,instagram_business_manage_messages");
            assert_eq!(pairs["enable_fb_login"], "false");
            assert_eq!(pairs.get("force_reauth").map(String::as_str), again);
            assert_eq!(pairs.len(), 6 + usize::from(again.is_some()));
        }
    }
}
