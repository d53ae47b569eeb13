//! Tokens that exist already become connections: demo data, and later the platform's import.

use lifecycle::{
    ChannelKind, GranteeKind, Provider, Timestamp,
    clock::DAY_MS,
    health::TokenProof,
    ids::{ChannelId, ConnectionId},
};
use secrecy::SecretString;
use serde_json::json;
use store::{Channel, ChannelTokenFacts, Connection, ConnectionCommit, GrantFacts, SealedToken};

use crate::{Error, Renova, sealing::Place};

/// A grant with its Page tokens.
#[derive(Clone, Debug)]
pub struct AdoptedGrant {
    /// App-scoped id.
    pub person_id: String,
    pub person_name: String,
    pub user_token: SecretString,
    pub issued_at: Option<Timestamp>,
    pub expires_at: Option<Timestamp>,
    pub data_access_expires_at: Option<Timestamp>,
    pub scopes: Vec<String>,
    pub pages: Vec<AdoptedPage>,
    /// What is proved about all of its tokens.
    pub proof: TokenProof,
    pub dead_since: Option<Timestamp>,
}

#[derive(Clone, Debug)]
pub struct AdoptedPage {
    pub id: String,
    pub name: String,
    pub token: SecretString,
    pub subscribed_fields: Vec<String>,
    pub instagram: Option<AdoptedInstagram>,
}

#[derive(Clone, Debug)]
pub struct AdoptedInstagram {
    pub id: String,
    pub username: String,
    pub name: String,
}

impl Renova {
    /// # Errors
    /// [`Error::NotFound`] for the organization; a conflict when this grant is connected already.
    pub async fn adopt_grant(&self, organization_slug: &str, grant: AdoptedGrant) -> Result<ConnectionId, Error> {
        let organization = self.parts.storage.organization_by_slug(organization_slug).await?.ok_or(Error::NotFound)?;
        let now = self.now();
        let mut connection = Connection {
            id: ConnectionId::new(now, self.random()),
            organization_id: organization.id,
            meta_app_id: self.facebook()?.row.id,
            provider: Provider::Facebook,
            grantee_kind: GranteeKind::Person,
            grantee_id: grant.person_id.clone(),
            grantee_name: grant.person_name.clone(),
            token: SealedToken { key_id: String::new(), ciphertext: Vec::new(), token_version: 1 },
            token_generation: 1,
            facts: GrantFacts {
                scopes: grant.scopes.clone(),
                issued_at: grant.issued_at,
                expires_at: grant.expires_at,
                data_access_expires_at: grant.data_access_expires_at,
                proof: grant.proof,
                dead_since: grant.dead_since,
                checked_at: Some(now),
                unreachable_since: None,
            },
            connected_by: None,
            created_at: now,
            renewed_at: grant.issued_at.unwrap_or(now),
            check_at: now.plus(DAY_MS),
            check_failures: 0,
            version: 1,
        };
        connection.token = self.seal(&grant.user_token, &Place::connection(&connection), 1)?;
        let mut channels = Vec::new();
        for page in &grant.pages {
            channels.extend(self.adopted_channels(&connection, &grant, page)?);
        }
        let detail = json!({"connection": connection.id, "name": connection.grantee_name});
        let trail = self.trail(organization.id, None, "connection.imported", connection.id, detail, false);
        let commit = ConnectionCommit { connection, channels };
        self.parts.storage.commit_connection(&commit, &trail).await?;
        Ok(commit.connection.id)
    }

    fn adopted_channels(
        &self,
        connection: &Connection,
        grant: &AdoptedGrant,
        page: &AdoptedPage,
    ) -> Result<Vec<Channel>, Error> {
        let now = self.now();
        let mut messenger = Channel {
            id: ChannelId::new(now, self.random()),
            organization_id: connection.organization_id,
            connection_id: connection.id,
            kind: ChannelKind::Messenger,
            account_id: page.id.clone(),
            name: page.name.clone(),
            username: None,
            picture_url: None,
            page_id: Some(page.id.clone()),
            token: None,
            token_generation: 1,
            facts: ChannelTokenFacts {
                expires_at: None,
                data_access_expires_at: grant.data_access_expires_at,
                proof: grant.proof,
                dead_since: grant.dead_since,
                checked_at: Some(now),
            },
            subscribed_fields: page.subscribed_fields.clone(),
            story_mentions: true,
            story_replies: true,
            last_message_at: None,
            created_at: now,
            version: 1,
        };
        let place = Place::channel(&messenger, connection.meta_app_id);
        messenger.token = Some(self.seal(&page.token, &place, 1)?);
        let instagram = page.instagram.as_ref().map(|account| Channel {
            id: ChannelId::new(now, self.random()),
            kind: ChannelKind::Instagram,
            account_id: account.id.clone(),
            name: account.name.clone(),
            username: Some(account.username.clone()),
            token: None,
            ..messenger.clone()
        });
        Ok(std::iter::once(messenger).chain(instagram).collect())
    }
}
