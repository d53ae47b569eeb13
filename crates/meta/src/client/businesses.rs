//! Businesses (portfolios): those of a person, and the one of a system user.

use secrecy::SecretString;
use serde::Deserialize;

use super::Client;
use super::call::Call;
use super::list::Listing;
use crate::app::App;
use crate::error::Error;
use crate::wire::{self, Id, Text};

/// A business.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Business {
    pub(crate) id: String,
    pub(crate) name: String,
}

/// Whom a token belongs to, and for which business where it is a system user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SystemUser {
    pub(crate) id: String,
    pub(crate) name: Option<String>,
    pub(crate) client_business_id: Option<String>,
}

#[derive(Deserialize)]
struct WireBusiness {
    id: Id,
    name: Text,
}

#[derive(Deserialize)]
struct WireSystemUser {
    id: Id,
    #[serde(default, deserialize_with = "wire::filled")]
    name: Option<String>,
    #[serde(default)]
    client_business_id: Option<Id>,
}

impl From<WireBusiness> for Business {
    fn from(wire: WireBusiness) -> Self {
        Self { id: wire.id.0, name: wire.name.0 }
    }
}

const BUSINESS: &str = "the business";

impl Client {
    /// Businesses that the person has a role in, as much of the list as comes.
    /// Meta: `graph-api/reference/user/businesses`.
    pub(crate) async fn business_listing(&self, app: &App, token: &SecretString) -> Listing<Business> {
        let call = Call::get("the businesses", &["me", "businesses"]).signed(app, token).with("fields", "id,name");
        self.listing::<WireBusiness>(call).await.map(Business::from)
    }

    /// Meta: `marketing-api/reference/business`.
    pub(crate) async fn business(&self, app: &App, token: &SecretString, id: &str) -> Result<Business, Error> {
        let path = [id];
        let call = Call::get(BUSINESS, &path).signed(app, token).with("fields", "id,name");
        let business = Business::from(self.send::<WireBusiness>(&call).await?);
        if business.id == id { Ok(business) } else { Err(Error::Malformed { what: BUSINESS }) }
    }

    /// Meta: `facebook-login/facebook-login-for-business`.
    pub(crate) async fn system_user(&self, app: &App, token: &SecretString) -> Result<SystemUser, Error> {
        let call =
            Call::get("the system user", &["me"]).signed(app, token).with("fields", "id,name,client_business_id");
        let wire: WireSystemUser = self.send(&call).await?;
        Ok(SystemUser { id: wire.id.0, name: wire.name, client_business_id: wire.client_business_id.map(|Id(id)| id) })
    }
}
