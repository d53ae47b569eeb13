//! Instagram Login: one professional account, without a Page.

use std::collections::{BTreeMap, BTreeSet};

use async_trait::async_trait;
use secrecy::SecretString;
use url::Url;

use super::{Grant, Grantee, LoginProvider, Needs, Subscription, TokenCheck, subscribe};
use crate::account::{Account, AccountKind, Accounts};
use crate::app::App;
use crate::client::Client;
use crate::client::exchange::IssuedToken;
use crate::client::instagram::InstagramSelf;
use crate::client::person::Permission;
use crate::dialog::DialogRequest;
use crate::endpoints::Host;
use crate::error::Error;
use crate::fields::INSTAGRAM_LOGIN_FIELDS;
use crate::scopes::INSTAGRAM_LOGIN_SCOPES;
use crate::usage::Room;

/// Instagram Login, whose app id and secret are its own. The grant, its only
/// account and what serves it are one and the same.
#[derive(Debug, Clone)]
pub struct InstagramLogin {
    client: Client,
    app: App,
}

impl InstagramLogin {
    /// For this Instagram app; it has no login configuration.
    #[must_use]
    pub fn new(client: Client, app: App) -> Self {
        Self { client, app }
    }

    fn place<'a>(&'a self, id: &'a str, token: &'a SecretString) -> subscribe::Place<'a> {
        subscribe::Place { client: &self.client, host: Host::InstagramGraph, app: &self.app, id, token }
    }
}

fn account(own: InstagramSelf, token: SecretString) -> Account {
    Account {
        kind: AccountKind::Instagram,
        name: own.name.unwrap_or_else(|| own.username.clone()),
        username: Some(own.username),
        picture_url: own.picture_url,
        served_by: own.id.clone(),
        id: own.id,
        token: Some(token),
        unusable: None,
    }
}

#[async_trait]
impl LoginProvider for InstagramLogin {
    fn app(&self) -> &App {
        &self.app
    }

    fn dialog_url(&self, request: &DialogRequest<'_>) -> Url {
        self.client.instagram_dialog_url(&self.app, request)
    }

    async fn exchange(&self, redirect_uri: &str, code: &SecretString, now: i64) -> Result<Grant, Error> {
        let short = self.client.exchange_instagram_code(&self.app, redirect_uri, code).await?;
        let long = self.client.exchange_instagram_long_lived(&self.app, &short.token).await?;
        let own = self.client.instagram_self(&self.app, &long.token).await?;
        Ok(Grant {
            grantee: Grantee::Person,
            grantee_id: own.id.clone(),
            grantee_name: format!("@{}", own.username),
            scopes: short.permissions,
            issued_at: Some(now),
            expires_at: long.end(now),
            data_access_expires_at: None,
            accounts: Accounts { list: vec![account(own, long.token.clone())], complete: true },
            token: long.token,
        })
    }

    /// Meta states neither its permissions nor its end.
    async fn adopt(&self, token: &SecretString, _now: i64) -> Result<Grant, Error> {
        let own = self.client.instagram_self(&self.app, token).await?;
        Ok(Grant {
            grantee: Grantee::Person,
            grantee_id: own.id.clone(),
            grantee_name: format!("@{}", own.username),
            scopes: INSTAGRAM_LOGIN_SCOPES.iter().map(|&scope| scope.to_owned()).collect(),
            issued_at: None,
            expires_at: None,
            data_access_expires_at: None,
            accounts: Accounts { list: vec![account(own, token.clone())], complete: true },
            token: token.clone(),
        })
    }

    async fn inspect(&self, token: &SecretString) -> Result<TokenCheck, Error> {
        match self.client.instagram_self(&self.app, token).await {
            Ok(_) => Ok(TokenCheck { problem: None, facts: None }),
            Err(error) if error.proves_dead() => match error {
                Error::Graph(problem) => Ok(TokenCheck { problem: Some(problem), facts: None }),
                other => Err(other),
            },
            Err(error) => Err(error),
        }
    }

    async fn permissions(&self, _token: &SecretString) -> Result<Option<Vec<Permission>>, Error> {
        Ok(None)
    }

    async fn accounts(&self, token: &SecretString) -> Result<Accounts, Error> {
        let own = self.client.instagram_self(&self.app, token).await?;
        Ok(Accounts { list: vec![account(own, token.clone())], complete: true })
    }

    async fn read_account(&self, kind: AccountKind, id: &str, token: &SecretString) -> Result<(), Error> {
        if kind != AccountKind::Instagram {
            return Err(Error::Request { what: "Instagram Login has no Pages" });
        }
        let own = self.client.instagram_self(&self.app, token).await?;
        if own.id == id { Ok(()) } else { Err(Error::Malformed { what: "another Instagram account" }) }
    }

    async fn subscribed_fields(&self, served_by: &str, token: &SecretString) -> Result<Vec<String>, Error> {
        self.place(served_by, token).fields().await
    }

    async fn subscribe(
        &self,
        served_by: &str,
        token: &SecretString,
        needed: &BTreeSet<String>,
    ) -> Result<Subscription, Error> {
        self.place(served_by, token).add(needed).await
    }

    async fn unsubscribe(&self, served_by: &str, token: &SecretString) -> Result<(), Error> {
        self.client.end_subscription_at(Host::InstagramGraph, &self.app, served_by, token).await
    }

    /// Its subscriptions are kept under Meta's app, which these credentials do
    /// not open.
    async fn app_fields(&self) -> Result<Option<BTreeMap<String, Vec<String>>>, Error> {
        Ok(None)
    }

    async fn refresh(&self, token: &SecretString) -> Result<Option<IssuedToken>, Error> {
        self.client.refresh_instagram(&self.app, token).await.map(Some)
    }

    fn needs(&self, _kind: AccountKind) -> Needs {
        Needs { permissions: INSTAGRAM_LOGIN_SCOPES, fields: INSTAGRAM_LOGIN_FIELDS }
    }

    fn room(&self, of: Option<&str>) -> Room {
        self.client.room_of(&self.app, of)
    }
}
