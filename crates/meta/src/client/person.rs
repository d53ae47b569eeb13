//! The person who logged in.

use secrecy::SecretString;
use serde::Deserialize;

use super::Client;
use super::call::Call;
use crate::app::App;
use crate::error::Error;
use crate::wire::{Id, Text};

/// The person a user token belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Id that only this app sees.
    pub id: String,
    /// Name.
    pub name: String,
}

/// A permission the person was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Permission {
    /// Its name.
    pub name: String,
    /// What became of it.
    pub status: PermissionStatus,
}

/// What became of a permission.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PermissionStatus {
    /// Given.
    Granted,
    /// Not given, or taken back.
    Declined,
    /// Given, and over, as after 90 days without use.
    Expired,
    /// Anything else, as Meta writes it.
    Other(String),
}

#[derive(Deserialize)]
struct WirePerson {
    id: Id,
    name: Text,
}

#[derive(Deserialize)]
struct WirePermission {
    permission: Text,
    status: Text,
}

impl Client {
    /// The person of a user token. Meta: `graph-api/reference/user`.
    ///
    /// # Errors
    ///
    /// Those of [`Client`].
    pub async fn me(&self, app: &App, token: &SecretString) -> Result<Person, Error> {
        let call = Call::get("the person", &["me"]).signed(app, token).with("fields", "id,name");
        let person: WirePerson = self.send(&call).await?;
        Ok(Person { id: person.id.0, name: person.name.0 })
    }

    /// What became of each permission the person was asked for. One never asked
    /// for is missing. Meta: `graph-api/reference/user/permissions`.
    ///
    /// # Errors
    ///
    /// Those of [`Client`].
    pub async fn permissions(&self, app: &App, token: &SecretString) -> Result<Vec<Permission>, Error> {
        let call = Call::get("the permissions", &["me", "permissions"]).signed(app, token);
        let permissions: Vec<WirePermission> = self.list(call).await?;
        Ok(permissions.into_iter().map(permission).collect())
    }
}

fn permission(wire: WirePermission) -> Permission {
    let Text(status) = wire.status;
    Permission {
        name: wire.permission.0,
        status: match status.as_str() {
            "granted" => PermissionStatus::Granted,
            "declined" => PermissionStatus::Declined,
            "expired" => PermissionStatus::Expired,
            _ => PermissionStatus::Other(status),
        },
    }
}
