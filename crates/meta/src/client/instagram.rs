//! Instagram API with Instagram Login: a product of its own, with its own app
//! id, hosts and forms. Meta:
//! `instagram-platform/instagram-api-with-instagram-login/business-login`.

use secrecy::SecretString;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::Client;
use super::accounts::web_address;
use super::call::Call;
use super::exchange::{IssuedToken, WireToken};
use crate::app::App;
use crate::endpoints::Host;
use crate::error::Error;
use crate::wire::{self, Id, Object, Text};

/// What a code of Instagram Login was exchanged for.
#[derive(Debug, Clone)]
pub(crate) struct InstagramCode {
    /// Lives for about an hour.
    pub(crate) token: SecretString,
    pub(crate) permissions: Vec<String>,
}

/// The professional account of a token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct InstagramSelf {
    /// Id (17841…).
    pub(crate) id: String,
    pub(crate) username: String,
    pub(crate) name: Option<String>,
    pub(crate) picture_url: Option<String>,
}

#[derive(Deserialize)]
struct WireCode {
    access_token: wire::Token,
    user_id: Id,
    #[serde(default, deserialize_with = "wire::words")]
    permissions: Vec<String>,
}

#[derive(Deserialize)]
struct WireSelf {
    user_id: Id,
    username: Text,
    #[serde(default, deserialize_with = "wire::filled")]
    name: Option<String>,
    #[serde(default)]
    profile_picture_url: Value,
}

const CODE: &str = "exchange of Instagram's code";
const SELF: &str = "the Instagram account";
const TOKEN: &[&str] = &["access_token"];
const REFRESH: &[&str] = &["refresh_access_token"];

impl Client {
    /// Exchanges the code of a log-in, which works once and within an hour.
    pub(crate) async fn exchange_instagram_code(
        &self,
        app: &App,
        redirect_uri: &str,
        code: &SecretString,
    ) -> Result<InstagramCode, Error> {
        let call = Call::post(CODE, &["oauth", "access_token"])
            .to(Host::InstagramApi)
            .of_app(app)
            .with("grant_type", "authorization_code")
            .with("redirect_uri", redirect_uri)
            .with_secret("code", code);
        let wire: WireCode = self.send_for_one(&call).await?;
        // Only shows that the form is the documented one: this id is not that
        // of the professional account in every answer.
        let Id(_) = wire.user_id;
        Ok(InstagramCode { token: wire.access_token.0, permissions: wire.permissions })
    }

    /// Exchanges a token of an hour for one of about 60 days. Meta documents
    /// secret and token in the query alone.
    pub(crate) async fn exchange_instagram_long_lived(
        &self,
        app: &App,
        token: &SecretString,
    ) -> Result<IssuedToken, Error> {
        let call = Call::get("exchange for Instagram's long-lived token", TOKEN)
            .to(Host::InstagramTokens)
            .on_behalf_of(app)
            .with("grant_type", "ig_exchange_token")
            .with_secret("client_secret", &app.secret)
            .with_secret("access_token", token);
        self.send_for_one::<WireToken>(&call).await.map(IssuedToken::from)
    }

    /// Another 60 days for a token that is at least a day old and still lives.
    /// Meta documents it in the query alone.
    pub(crate) async fn refresh_instagram(&self, app: &App, token: &SecretString) -> Result<IssuedToken, Error> {
        let call = Call::get("new life of Instagram's token", REFRESH)
            .to(Host::InstagramTokens)
            .on_behalf_of(app)
            .with("grant_type", "ig_refresh_token")
            .with_secret("access_token", token);
        self.send_for_one::<WireToken>(&call).await.map(IssuedToken::from)
    }

    /// The account of the token.
    pub(crate) async fn instagram_self(&self, app: &App, token: &SecretString) -> Result<InstagramSelf, Error> {
        let call = Call::get(SELF, &["me"])
            .authorized(Host::InstagramGraph, app, token)
            .with("fields", "user_id,username,name,profile_picture_url");
        let wire: WireSelf = self.send_for_one(&call).await?;
        Ok(InstagramSelf {
            id: wire.user_id.0,
            username: wire.username.0.trim_start_matches('@').to_owned(),
            name: wire.name,
            picture_url: web_address(Some(&wire.profile_picture_url)),
        })
    }

    /// One object, as itself or as the only entry of `data`: Meta documents one
    /// form and sends the other.
    async fn send_for_one<T: DeserializeOwned>(&self, call: &Call<'_>) -> Result<T, Error> {
        let answer = self.send_plain(call).await?;
        let only = match answer.get("data").map(Value::as_array) {
            None => Some(&answer),
            Some(Some(entries)) if entries.len() == 1 => entries.first(),
            Some(_) => None,
        };
        let object = only.and_then(|only| Object::<T>::deserialize(only).ok());
        object.map(|Object(found)| found).ok_or(Error::Malformed { what: call.what })
    }
}
