//! Facebook Login, classic and for Business, with tokens of people and of
//! business integration system users.

use std::collections::{BTreeMap, BTreeSet};

use async_trait::async_trait;
use secrecy::SecretString;
use url::Url;

use super::{Grant, Grantee, LoginProvider, Needs, Subscription, TokenCheck, reach, subscribe};
use crate::account::{AccountKind, Accounts};
use crate::app::App;
use crate::client::Client;
use crate::client::businesses::SystemUser;
use crate::client::exchange::IssuedToken;
use crate::client::facts::{TokenFacts, TokenKind};
use crate::client::person::{Permission, PermissionStatus};
use crate::dialog::DialogRequest;
use crate::endpoints::Host;
use crate::error::{Error, GraphError, Meaning};
use crate::fields::{INSTAGRAM_FIELDS, MESSENGER_FIELDS};
use crate::scopes::{REQUIRED_INSTAGRAM_SCOPES, REQUIRED_PAGE_SCOPES};
use crate::usage::Room;

/// Facebook Login for the Pages of people and businesses, and the Instagram
/// accounts linked to them. With a login configuration in [`App`] it is
/// Facebook Login for Business.
#[derive(Debug, Clone)]
pub struct FacebookLogin {
    client: Client,
    app: App,
}

/// Who stands behind a new token.
struct Owner {
    grantee: Grantee,
    id: String,
    name: String,
}

const NOT_OURS: Error = Error::Malformed { what: "a new token that is not a valid one of ours" };

impl FacebookLogin {
    /// For this app of Meta's.
    #[must_use]
    pub fn new(client: Client, app: App) -> Self {
        Self { client, app }
    }

    /// The system user of a business that this token belongs to, if it does:
    /// such a token has no longer form.
    async fn system_user(&self, issued: &IssuedToken) -> Result<Option<(SystemUser, TokenFacts)>, Error> {
        if issued.expires_in.is_some() && !self.is_for_business() {
            return Ok(None);
        }
        let facts = self.facts_of_new(&issued.token).await?;
        let stated = facts.kind == TokenKind::SystemUser;
        // What Meta calls the kind of these tokens is not documented: one
        // without end that names a business is one, too.
        if !stated && issued.expires_in.is_some() {
            return Ok(None);
        }
        match self.client.system_user(&self.app, &issued.token).await {
            Ok(user) if user.client_business_id.is_some() => Ok(Some((user, facts))),
            Ok(_) if stated => Err(Error::Malformed { what: "a system user without a business" }),
            Ok(_) => Ok(None),
            // A person has no such field.
            Err(error) if !stated && error.meaning() == Some(Meaning::BadParameter) => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn is_for_business(&self) -> bool {
        self.app.login_config_id.as_deref().is_some_and(|id| !id.is_empty())
    }

    /// What Meta states about a token that it has just issued.
    async fn facts_of_new(&self, token: &SecretString) -> Result<TokenFacts, Error> {
        let facts = self.client.debug_token(&self.app, token).await?;
        let is_ours = facts.app_id.as_deref() == Some(self.app.app_id.as_str());
        let is_a_login = matches!(facts.kind, TokenKind::User | TokenKind::SystemUser);
        if facts.is_valid && is_ours && is_a_login { Ok(facts) } else { Err(NOT_OURS) }
    }

    async fn facts_of_working(&self, token: &SecretString) -> Result<TokenFacts, Error> {
        match self.inspect(token).await? {
            TokenCheck { problem: Some(problem), .. } => Err(Error::Graph(problem)),
            TokenCheck { facts, .. } => facts.ok_or(NOT_OURS),
        }
    }

    async fn business_behind(&self, user: SystemUser, token: &SecretString) -> Result<Owner, Error> {
        let id = user.client_business_id.ok_or(NOT_OURS)?;
        let name = match self.client.business(&self.app, token, &id).await {
            Ok(business) => business.name,
            Err(error) if error.is_metas_trouble() || error.proves_dead() => return Err(error),
            // Reading its name may need a permission that was not asked for.
            Err(_) => user.name.unwrap_or_else(|| id.clone()),
        };
        Ok(Owner { grantee: Grantee::Business, id, name })
    }

    async fn person_behind(&self, facts: &TokenFacts, token: &SecretString) -> Result<Owner, Error> {
        let person = self.client.me(&self.app, token).await?;
        let id = facts.user_id.clone().unwrap_or(person.id);
        Ok(Owner { grantee: Grantee::Person, id, name: person.name })
    }

    async fn grant(&self, issued: IssuedToken, facts: TokenFacts, owner: Owner, now: i64) -> Result<Grant, Error> {
        let accounts = reach::accounts(&self.client, &self.app, &issued.token, &facts, owner.grantee).await?;
        Ok(Grant {
            grantee: owner.grantee,
            grantee_id: owner.id,
            grantee_name: owner.name,
            issued_at: facts.issued_at,
            expires_at: end_of(&facts, &issued, now),
            data_access_expires_at: facts.data_access_expires_at,
            scopes: facts.scopes,
            token: issued.token,
            accounts,
        })
    }
}

/// The end that Meta states about the token; only where it states nothing may
/// the lifetime of the exchange speak.
fn end_of(facts: &TokenFacts, issued: &IssuedToken, now: i64) -> Option<i64> {
    if facts.is_endless {
        return None;
    }
    facts.expires_at.or_else(|| issued.end(now))
}

#[async_trait]
impl LoginProvider for FacebookLogin {
    fn app(&self) -> &App {
        &self.app
    }

    fn dialog_url(&self, request: &DialogRequest<'_>) -> Url {
        self.client.dialog_url(&self.app, request)
    }

    async fn exchange(&self, redirect_uri: &str, code: &SecretString, now: i64) -> Result<Grant, Error> {
        let issued = self.client.exchange_code(&self.app, redirect_uri, code).await?;
        if let Some((user, facts)) = self.system_user(&issued).await? {
            let owner = self.business_behind(user, &issued.token).await?;
            return self.grant(issued, facts, owner, now).await;
        }
        let long = self.client.exchange_long_lived(&self.app, &issued.token).await?;
        let facts = self.facts_of_new(&long.token).await?;
        let owner = self.person_behind(&facts, &long.token).await?;
        self.grant(long, facts, owner, now).await
    }

    async fn adopt(&self, token: &SecretString, now: i64) -> Result<Grant, Error> {
        let facts = self.facts_of_working(token).await?;
        let issued = IssuedToken { token: token.clone(), expires_in: None };
        let owner = match facts.kind {
            TokenKind::SystemUser => {
                let user = self.client.system_user(&self.app, token).await?;
                self.business_behind(user, token).await?
            }
            TokenKind::User => self.person_behind(&facts, token).await?,
            TokenKind::Page | TokenKind::App | TokenKind::Other(_) => return Err(NOT_OURS),
        };
        self.grant(issued, facts, owner, now).await
    }

    async fn inspect(&self, token: &SecretString) -> Result<TokenCheck, Error> {
        let facts = self.client.debug_token(&self.app, token).await?;
        let is_ours = facts.app_id.as_deref() == Some(self.app.app_id.as_str());
        let problem = match (facts.is_valid, facts.error.clone()) {
            (true, None) if is_ours => None,
            (true, _) => return Err(Error::Malformed { what: "facts that contradict themselves" }),
            (false, None) => Some(GraphError::without_a_reason()),
            (false, Some(error)) => match Error::Graph(error.clone()) {
                passing if passing.is_metas_trouble() => return Err(passing),
                _ => Some(error),
            },
        };
        Ok(TokenCheck { problem, facts: Some(facts) })
    }

    async fn permissions(&self, token: &SecretString) -> Result<Option<Vec<Permission>>, Error> {
        match self.client.permissions(&self.app, token).await {
            // A system user has no such list.
            Err(error) if matches!(error.meaning(), Some(Meaning::BadParameter | Meaning::BadPath)) => {
                let facts = self.client.debug_token(&self.app, token).await?;
                if !facts.is_valid {
                    return Err(error);
                }
                let granted = |name| Permission { name, status: PermissionStatus::Granted };
                Ok(Some(facts.scopes.into_iter().map(granted).collect()))
            }
            listed => listed.map(Some),
        }
    }

    async fn accounts(&self, token: &SecretString) -> Result<Accounts, Error> {
        let facts = self.facts_of_working(token).await?;
        let grantee = if facts.kind == TokenKind::SystemUser { Grantee::Business } else { Grantee::Person };
        reach::accounts(&self.client, &self.app, token, &facts, grantee).await
    }

    async fn read_account(&self, kind: AccountKind, id: &str, token: &SecretString) -> Result<(), Error> {
        match kind {
            AccountKind::Page => self.client.read_page(&self.app, id, token).await.map(drop),
            AccountKind::Instagram => self.client.read_instagram(&self.app, id, token).await.map(drop),
        }
    }

    async fn subscribed_fields(&self, served_by: &str, token: &SecretString) -> Result<Vec<String>, Error> {
        self.client.subscribed_fields(&self.app, served_by, token).await
    }

    async fn subscribe(
        &self,
        served_by: &str,
        token: &SecretString,
        needed: &BTreeSet<String>,
    ) -> Result<Subscription, Error> {
        let place = subscribe::Place { client: &self.client, host: Host::Graph, app: &self.app, id: served_by, token };
        place.add(needed).await
    }

    async fn unsubscribe(&self, served_by: &str, token: &SecretString) -> Result<(), Error> {
        self.client.unsubscribe(&self.app, served_by, token).await
    }

    async fn app_fields(&self) -> Result<Option<BTreeMap<String, Vec<String>>>, Error> {
        match self.client.app_fields(&self.app).await {
            Ok(fields) => Ok(Some(fields)),
            Err(error) if error.is_metas_trouble() => Err(error),
            Err(_) => Ok(None),
        }
    }

    async fn refresh(&self, _token: &SecretString) -> Result<Option<IssuedToken>, Error> {
        Ok(None)
    }

    fn needs(&self, kind: AccountKind) -> Needs {
        match kind {
            AccountKind::Page => Needs { permissions: REQUIRED_PAGE_SCOPES, fields: MESSENGER_FIELDS },
            AccountKind::Instagram => Needs { permissions: REQUIRED_INSTAGRAM_SCOPES, fields: INSTAGRAM_FIELDS },
        }
    }

    fn room(&self, of: Option<&str>) -> Room {
        self.client.room_of(&self.app, of)
    }
}
