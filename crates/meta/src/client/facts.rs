//! What Meta knows about a token.

use secrecy::SecretString;
use serde::Deserialize;

use super::Client;
use super::call::Call;
use crate::app::App;
use crate::error::{Error, GraphError, WireError};
use crate::wire::{self, Id, Object, Text};

/// What Meta states about a token. Instants are seconds since 1970.
/// Meta: `graph-api/reference/debug_token`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenFacts {
    /// Whether it works now.
    pub is_valid: bool,
    /// Whose token it is.
    pub kind: TokenKind,
    /// The app it was issued to. Always there when the token is valid.
    pub app_id: Option<String>,
    /// The person, by an id that only this app sees.
    pub user_id: Option<String>,
    /// The Page of a Page token.
    pub profile_id: Option<String>,
    /// Often not stated.
    pub issued_at: Option<i64>,
    /// [`None`]: without end, or not stated.
    pub expires_at: Option<i64>,
    /// Meta states that there is no end (`expires_at` is 0).
    pub is_endless: bool,
    /// Until when the person's data may be read, which for Instagram ends
    /// everything. [`None`]: not stated.
    pub data_access_expires_at: Option<i64>,
    /// Permissions.
    pub scopes: Vec<String>,
    /// Permissions with the assets they are limited to.
    pub granular_scopes: Vec<GranularScope>,
    /// Why it is not valid. Ask [`GraphError::meaning`].
    pub error: Option<GraphError>,
}

/// Whose token it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TokenKind {
    /// A person's.
    User,
    /// A Page's.
    Page,
    /// A system user's of a business.
    SystemUser,
    /// The app's own.
    App,
    /// Anything else, as Meta writes it; empty where not stated, as for a token
    /// that Meta cannot read.
    Other(String),
}

/// A permission limited to some assets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GranularScope {
    /// The permission.
    pub scope: String,
    /// Ids of Pages, for `instagram_*` of Instagram accounts. [`None`]: all.
    pub target_ids: Option<Vec<String>>,
}

#[derive(Deserialize)]
struct Answer {
    data: Object<WireFacts>,
}

#[derive(Deserialize)]
struct WireFacts {
    is_valid: bool,
    #[serde(default, rename = "type")]
    kind: Option<String>,
    #[serde(default)]
    app_id: Option<Id>,
    #[serde(default)]
    user_id: Option<Id>,
    #[serde(default)]
    profile_id: Option<Id>,
    #[serde(default, deserialize_with = "wire::instant")]
    issued_at: Option<i64>,
    #[serde(default, deserialize_with = "wire::stated_instant")]
    expires_at: Option<Option<i64>>,
    #[serde(default, deserialize_with = "wire::instant")]
    data_access_expires_at: Option<i64>,
    #[serde(default, deserialize_with = "wire::list")]
    scopes: Vec<String>,
    #[serde(default, deserialize_with = "wire::list")]
    granular_scopes: Vec<Object<WireScope>>,
    #[serde(default)]
    error: Option<Object<WireError>>,
}

#[derive(Deserialize)]
struct WireScope {
    scope: Text,
    #[serde(default)]
    target_ids: Option<Vec<Id>>,
}

const WHAT: &str = "facts about a token";

impl Client {
    /// What Meta knows about `token`. A token that does not work is an answer,
    /// not an error: `is_valid` is false, and `error` says why.
    ///
    /// This is the one call whose query carries a token, because Meta takes it
    /// nowhere else.
    /// Meta: `graph-api/reference/debug_token`.
    ///
    /// # Errors
    ///
    /// Those of [`Client`], but [`Error::App`] instead of [`Error::Graph`] when
    /// Meta refuses: this call is made with the app's own credentials, so a
    /// refusal never proves `token` dead.
    pub async fn debug_token(&self, app: &App, token: &SecretString) -> Result<TokenFacts, Error> {
        let own = app.token();
        let call = Call::get(WHAT, &["debug_token"]).signed(app, &own).with_secret("input_token", token);
        let Answer { data: Object(data) } = self.send(&call).await.map_err(Error::of_the_app)?;
        if data.is_valid && data.app_id.is_none() {
            return Err(Error::Malformed { what: WHAT });
        }
        Ok(TokenFacts {
            is_valid: data.is_valid,
            kind: kind(data.kind.unwrap_or_default()),
            app_id: data.app_id.map(|Id(id)| id),
            user_id: data.user_id.map(|Id(id)| id),
            profile_id: data.profile_id.map(|Id(id)| id),
            issued_at: data.issued_at,
            expires_at: data.expires_at.flatten(),
            is_endless: data.expires_at == Some(None),
            data_access_expires_at: data.data_access_expires_at,
            scopes: data.scopes,
            granular_scopes: data.granular_scopes.into_iter().map(scope).collect(),
            error: data.error.map(|Object(error)| error.into_error(200, &call.secrets)),
        })
    }
}

fn kind(stated: String) -> TokenKind {
    match stated.as_str() {
        "USER" => TokenKind::User,
        "PAGE" => TokenKind::Page,
        "SYSTEM_USER" => TokenKind::SystemUser,
        "APP" => TokenKind::App,
        _ => TokenKind::Other(stated),
    }
}

fn scope(Object(wire): Object<WireScope>) -> GranularScope {
    GranularScope {
        scope: wire.scope.0,
        target_ids: wire.target_ids.map(|ids| ids.into_iter().map(|Id(id)| id).collect()),
    }
}
