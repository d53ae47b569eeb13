//! Code to token, and short to long.

use std::time::Duration;

use secrecy::SecretString;
use serde::Deserialize;

use super::Client;
use super::call::Call;
use crate::app::App;
use crate::error::Error;
use crate::wire;

/// A token as it was issued.
#[derive(Debug, Clone)]
pub struct IssuedToken {
    /// The token.
    pub token: SecretString,
    /// How long it lives from now. [`None`]: not stated, which does *not* mean
    /// for ever; [`Client::debug_token`] knows.
    pub expires_in: Option<Duration>,
}

impl IssuedToken {
    /// When it ends, as far as its lifetime is stated; `now` and the answer are
    /// seconds since 1970.
    #[must_use]
    pub fn end(&self, now: i64) -> Option<i64> {
        now.checked_add(i64::try_from(self.expires_in?.as_secs()).ok()?)
    }
}

#[derive(Deserialize)]
pub(super) struct WireToken {
    access_token: wire::Token,
    #[serde(default, deserialize_with = "wire::lifetime")]
    expires_in: Option<Duration>,
}

impl From<WireToken> for IssuedToken {
    fn from(wire: WireToken) -> Self {
        Self { token: wire.access_token.0, expires_in: wire.expires_in }
    }
}

impl Client {
    /// Exchanges the code of a log-in for a user token of one or two hours.
    /// Works once per code. `redirect_uri` is the one of the dialog.
    /// Meta: `facebook-login/guides/advanced/manual-flow`.
    ///
    /// # Errors
    ///
    /// Those of [`Client`]; [`Meaning::CodeUsed`](crate::Meaning::CodeUsed) for
    /// a code exchanged before.
    pub async fn exchange_code(
        &self,
        app: &App,
        redirect_uri: &str,
        code: &SecretString,
    ) -> Result<IssuedToken, Error> {
        let call = Call::post("exchange of the code", TOKEN)
            .of_app(app)
            .with("redirect_uri", redirect_uri)
            .with_secret("code", code);
        self.send::<WireToken>(&call).await.map(IssuedToken::from)
    }

    /// Exchanges a valid user token for one of about 60 days.
    /// Meta: `facebook-login/guides/access-tokens/get-long-lived`.
    ///
    /// # Errors
    ///
    /// Those of [`Client`].
    pub async fn exchange_long_lived(&self, app: &App, token: &SecretString) -> Result<IssuedToken, Error> {
        let call = Call::post("exchange for a long-lived token", TOKEN)
            .with("grant_type", "fb_exchange_token")
            .of_app(app)
            .with_secret("fb_exchange_token", token);
        self.send::<WireToken>(&call).await.map(IssuedToken::from)
    }
}

const TOKEN: &[&str] = &["oauth", "access_token"];
