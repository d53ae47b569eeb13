//! Tokens in and out of the vault, each bound to its row.

use lifecycle::ids::{ApiKeyId, MetaAppId, OrganizationId, WebhookEndpointId};
use secrecy::SecretString;
use store::{Channel, Connection, LoginAttempt, Renewal, SealedToken};
use vault::{Binding, Sealed};

use crate::{Error, Renova};

/// The place of a secret: what its ciphertext is bound to besides key and version.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    organization: String,
    meta_app: String,
    table: &'static str,
    row: String,
    column: &'static str,
}

impl Place {
    fn new(
        organization: OrganizationId,
        app: MetaAppId,
        table: &'static str,
        row: impl ToString,
        column: &'static str,
    ) -> Self {
        Self { organization: organization.to_string(), meta_app: app.to_string(), table, row: row.to_string(), column }
    }

    pub(crate) fn connection(connection: &Connection) -> Self {
        Self::new(connection.organization_id, connection.meta_app_id, "connections", connection.id, "token")
    }

    pub(crate) fn channel(channel: &Channel, app: MetaAppId) -> Self {
        Self::new(channel.organization_id, app, "channels", channel.id, "token")
    }

    pub(crate) fn staged(renewal: &Renewal) -> Self {
        Self::new(renewal.organization_id, renewal.meta_app_id, "renewals", renewal.id, "staged")
    }

    pub(crate) fn code(attempt: &LoginAttempt, app: MetaAppId) -> Self {
        Self::new(attempt.organization_id, app, "login_attempts", attempt.id, "code")
    }

    /// A notification on its way to the platform: it belongs to no organization, and Meta's
    /// signature tells whether it was changed.
    pub(crate) fn forward() -> Self {
        Self {
            organization: String::new(),
            meta_app: String::new(),
            table: "forwards",
            row: String::new(),
            column: "body",
        }
    }

    /// The platform's, and of no organization.
    fn webhook(id: WebhookEndpointId, column: &'static str) -> Self {
        Self {
            organization: String::new(),
            meta_app: String::new(),
            table: "webhook_endpoints",
            row: id.to_string(),
            column,
        }
    }

    pub(crate) fn webhook_secret(id: WebhookEndpointId) -> Self {
        Self::webhook(id, "secret")
    }

    pub(crate) fn webhook_previous(id: WebhookEndpointId) -> Self {
        Self::webhook(id, "previous")
    }

    /// The answer to a request of the platform's.
    pub(crate) fn idempotent_answer(key: ApiKeyId, key_hash: &str) -> Self {
        Self {
            organization: String::new(),
            meta_app: String::new(),
            table: "idempotent_requests",
            row: format!("{key} {key_hash}"),
            column: "answer",
        }
    }

    fn binding(&self, token_version: i64) -> Binding<'_> {
        Binding {
            organization: &self.organization,
            meta_app: &self.meta_app,
            table: self.table,
            row: &self.row,
            column: self.column,
            token_version,
        }
    }
}

impl Renova {
    pub(crate) fn seal(&self, secret: &SecretString, place: &Place, token_version: i64) -> Result<SealedToken, Error> {
        let sealed = self.parts.vault.seal(secret, &place.binding(token_version))?;
        Ok(SealedToken { key_id: sealed.key_id, ciphertext: sealed.ciphertext, token_version })
    }

    pub(crate) fn unseal(&self, token: &SealedToken, place: &Place) -> Result<SecretString, Error> {
        let sealed = Sealed { key_id: token.key_id.clone(), ciphertext: token.ciphertext.clone() };
        Ok(self.parts.vault.open(&sealed, &place.binding(token.token_version))?)
    }
}
