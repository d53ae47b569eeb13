//! One way to log in at Meta: what Facebook Login and Instagram Login really
//! have in common.

mod facebook;
#[cfg(test)]
mod histories;
mod instagram;
#[cfg(test)]
mod nonsense;
mod reach;
mod subscribe;

use std::collections::{BTreeMap, BTreeSet};

use async_trait::async_trait;
use secrecy::SecretString;
use url::Url;

use crate::account::{AccountKind, Accounts};
use crate::app::App;
use crate::client::exchange::IssuedToken;
use crate::client::facts::TokenFacts;
use crate::client::person::Permission;
use crate::dialog::DialogRequest;
use crate::error::{Error, GraphError};
use crate::usage::Room;

pub use facebook::FacebookLogin;
pub use instagram::InstagramLogin;

/// Whose grant a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Grantee {
    /// A person's.
    Person,
    /// A business', by a system user that is bound to no person.
    Business,
}

/// What a log-in brought. Instants are seconds since 1970.
#[derive(Debug, Clone)]
pub struct Grant {
    /// The token that lives longest.
    pub token: SecretString,
    /// Whose grant it is.
    pub grantee: Grantee,
    /// Id of the person that only this app sees; of the business; with
    /// Instagram Login of the professional account.
    pub grantee_id: String,
    /// Name of the person or business; with Instagram Login the user name
    /// with `@`.
    pub grantee_name: String,
    /// Permissions that were given.
    pub scopes: Vec<String>,
    /// [`None`]: not stated.
    pub issued_at: Option<i64>,
    /// [`None`]: without end, or not stated.
    pub expires_at: Option<i64>,
    /// [`None`]: without end, or not stated.
    pub data_access_expires_at: Option<i64>,
    /// What the token reaches.
    pub accounts: Accounts,
}

/// What is known about a token right now. A dead token is an answer, not an
/// error.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenCheck {
    /// Meta's reason where the token does not work.
    pub problem: Option<GraphError>,
    /// What Meta states about it; [`None`] where the provider states nothing
    /// (Instagram Login).
    pub facts: Option<TokenFacts>,
}

/// What Meta stores after subscribing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subscription {
    /// Fields, as read back.
    pub fields: Vec<String>,
    /// Fields that Meta refused, each with the error; the others are subscribed
    /// all the same.
    pub refused: Vec<(String, Error)>,
}

/// What an account of one kind cannot do without.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Needs {
    /// Permissions of the grant.
    pub permissions: &'static [&'static str],
    /// Webhook fields of the subscription that serves it.
    pub fields: &'static [&'static str],
}

/// One way to log in at Meta.
///
/// Its errors are those of [`Client`](crate::Client).
#[async_trait]
pub trait LoginProvider: Send + Sync {
    /// The app in whose name all of it is done.
    fn app(&self) -> &App;

    /// Address of the dialog, for the person's browser.
    fn dialog_url(&self, request: &DialogRequest<'_>) -> Url;

    /// From the code of a log-in to the token that lives longest, with what
    /// Meta states about it, its owner and its accounts. Works once per code.
    /// `redirect_uri` is the one of the dialog; `now` is in seconds since 1970,
    /// for answers that state only a lifetime.
    ///
    /// # Errors
    ///
    /// Those of [`Client`](crate::Client). Accounts that cannot be listed to
    /// their end are no error but an incomplete list, unless there is nothing
    /// of the list at all.
    async fn exchange(&self, redirect_uri: &str, code: &SecretString, now: i64) -> Result<Grant, Error>;

    /// From a token that somebody has already to all that a log-in would have
    /// brought.
    ///
    /// # Errors
    ///
    /// As [`exchange`](Self::exchange); [`Error::Graph`] where it does not work.
    async fn adopt(&self, token: &SecretString, now: i64) -> Result<Grant, Error>;

    /// Whether the token works now, and what Meta states about it.
    ///
    /// # Errors
    ///
    /// Only where that could not be found out.
    async fn inspect(&self, token: &SecretString) -> Result<TokenCheck, Error>;

    /// Permissions now; [`None`] where they cannot be read back (Instagram
    /// Login: those of the exchange stay).
    ///
    /// # Errors
    ///
    /// Those of [`Client`](crate::Client).
    async fn permissions(&self, token: &SecretString) -> Result<Option<Vec<Permission>>, Error>;

    /// What the token reaches now: as in [`exchange`](Self::exchange).
    ///
    /// # Errors
    ///
    /// As there.
    async fn accounts(&self, token: &SecretString) -> Result<Accounts, Error>;

    /// A live read of one account with the token that serves it.
    ///
    /// # Errors
    ///
    /// Those of [`Client`](crate::Client); [`Error::Malformed`] when another
    /// account answers.
    async fn read_account(&self, kind: AccountKind, id: &str, token: &SecretString) -> Result<(), Error>;

    /// Fields of our app on the serving account; empty without a subscription.
    ///
    /// # Errors
    ///
    /// Those of [`Client`](crate::Client).
    async fn subscribed_fields(&self, served_by: &str, token: &SecretString) -> Result<Vec<String>, Error>;

    /// Adds `needed` to what is subscribed, never replacing it; where Meta
    /// refuses the whole, the fields one by one; then reads back.
    ///
    /// # Errors
    ///
    /// Those of [`Client`](crate::Client), for a dead token and Meta's own
    /// trouble: doing it again is harmless.
    async fn subscribe(
        &self,
        served_by: &str,
        token: &SecretString,
        needed: &BTreeSet<String>,
    ) -> Result<Subscription, Error>;

    /// Ends our app's subscription; other apps keep theirs.
    ///
    /// # Errors
    ///
    /// Those of [`Client`](crate::Client).
    async fn unsubscribe(&self, served_by: &str, token: &SecretString) -> Result<(), Error>;

    /// What the app itself is subscribed to, by object (`page`, `instagram`);
    /// [`None`] where it cannot be read. A field arrives only where both the
    /// app and the account are subscribed.
    ///
    /// # Errors
    ///
    /// Only Meta's own trouble.
    async fn app_fields(&self) -> Result<Option<BTreeMap<String, Vec<String>>>, Error>;

    /// A new life for the token without a person, where the provider has that
    /// (Instagram Login: the token is at least a day old and still lives).
    ///
    /// # Errors
    ///
    /// Those of [`Client`](crate::Client).
    async fn refresh(&self, token: &SecretString) -> Result<Option<IssuedToken>, Error>;

    /// What an account of this kind cannot do without.
    fn needs(&self, kind: AccountKind) -> Needs;

    /// How much more Meta takes from this app, and of this business, Page or
    /// Instagram account: [`Client::room_of`](crate::Client::room_of).
    fn room(&self, of: Option<&str>) -> Room;
}
