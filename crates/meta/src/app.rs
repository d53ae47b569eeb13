//! An app registered at Meta.

use secrecy::{ExposeSecret, SecretString};

/// An app of Meta's developer dashboard, in whose name all calls are made.
#[derive(Debug, Clone)]
pub struct App {
    /// App id, decimal digits.
    pub app_id: String,
    /// App secret.
    pub secret: SecretString,
    /// Configuration of Facebook Login for Business. It replaces the list of
    /// scopes in the dialog.
    pub login_config_id: Option<String>,
}

impl App {
    /// The app's own token, `{app id}|{app secret}`.
    /// Meta: `facebook-login/guides/access-tokens`, app access tokens.
    pub(crate) fn token(&self) -> SecretString {
        SecretString::from(format!("{}|{}", self.app_id, self.secret.expose_secret()))
    }
}
