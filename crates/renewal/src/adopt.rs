//! Tokens that exist already become connections, by their maker's word alone: demo data.

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

/// A grant of Instagram Login: one account with a token of its own.
#[derive(Clone, Debug)]
pub struct AdoptedInstagramLogin {
    /// Professional account id (17841…).
    pub id: String,
    pub username: String,
    pub name: String,
    pub token: SecretString,
    pub issued_at: Option<Timestamp>,
    pub expires_at: Option<Timestamp>,
    pub scopes: Vec<String>,
    pub subscribed_fields: Vec<String>,
}

/// A grant as it becomes a row, whichever way it was given.
struct Adopted<'a> {
    provider: Provider,
    grantee_id: &'a str,
    grantee_name: &'a str,
    token: &'a SecretString,
    facts: GrantFacts,
}

impl Renova {
    /// A grant of Facebook Login with its Pages.
    ///
    /// # Errors
    /// [`Error::NotFound`] for the organization, [`Error::NoMetaApp`]; a conflict when this grant is
    /// connected already.
    pub async fn adopt_grant(&self, organization_slug: &str, grant: AdoptedGrant) -> Result<ConnectionId, Error> {
        let facts = GrantFacts {
            scopes: grant.scopes.clone(),
            issued_at: grant.issued_at,
            expires_at: grant.expires_at,
            data_access_expires_at: grant.data_access_expires_at,
            proof: grant.proof,
            problem: None,
            dead_since: grant.dead_since,
            checked_at: Some(self.now()),
            unreachable_since: None,
        };
        let adopted = Adopted {
            provider: Provider::Facebook,
            grantee_id: &grant.person_id,
            grantee_name: &grant.person_name,
            token: &grant.user_token,
            facts,
        };
        let connection = self.adopted_connection(organization_slug, adopted).await?;
        let mut channels = Vec::new();
        for page in &grant.pages {
            channels.extend(self.adopted_channels(&connection, page)?);
        }
        self.adopt(connection, channels).await
    }

    /// A grant of Instagram Login: one account.
    ///
    /// # Errors
    /// As [`Renova::adopt_grant`].
    pub async fn adopt_instagram_login(
        &self,
        organization_slug: &str,
        grant: AdoptedInstagramLogin,
    ) -> Result<ConnectionId, Error> {
        let facts = GrantFacts {
            scopes: grant.scopes.clone(),
            issued_at: grant.issued_at,
            expires_at: grant.expires_at,
            data_access_expires_at: None,
            proof: TokenProof::Works,
            problem: None,
            dead_since: None,
            checked_at: Some(self.now()),
            unreachable_since: None,
        };
        let adopted = Adopted {
            provider: Provider::Instagram,
            grantee_id: &grant.id,
            grantee_name: &format!("@{}", grant.username),
            token: &grant.token,
            facts,
        };
        let connection = self.adopted_connection(organization_slug, adopted).await?;
        let mut channel = Channel {
            kind: ChannelKind::Instagram,
            account_id: grant.id.clone(),
            name: grant.name.clone(),
            username: Some(grant.username.clone()),
            subscribed_fields: grant.subscribed_fields.clone(),
            ..self.blank_channel(&connection)
        };
        channel.facts.expires_at = connection.facts.expires_at;
        channel.token = Some(self.seal(&grant.token, &Place::channel(&channel, connection.meta_app_id), 1)?);
        self.adopt(connection, vec![channel]).await
    }

    async fn adopt(&self, connection: Connection, channels: Vec<Channel>) -> Result<ConnectionId, Error> {
        let detail = json!({"connection": connection.id, "name": connection.grantee_name});
        let id = connection.id;
        let trail = self.trail(connection.organization_id, None, "connection.imported", id, detail, false);
        self.parts.storage.commit_connection(&ConnectionCommit { connection, channels }, &trail).await?;
        Ok(id)
    }

    async fn adopted_connection(&self, slug: &str, adopted: Adopted<'_>) -> Result<Connection, Error> {
        let organization = self.parts.storage.organization_by_slug(slug).await?.ok_or(Error::NotFound)?;
        let now = self.now();
        let mut connection = Connection {
            id: ConnectionId::new(now, self.random()),
            organization_id: organization.id,
            meta_app_id: self.app_for(adopted.provider)?.row.id,
            provider: adopted.provider,
            grantee_kind: GranteeKind::Person,
            grantee_id: adopted.grantee_id.to_owned(),
            grantee_name: adopted.grantee_name.to_owned(),
            token: SealedToken { key_id: String::new(), ciphertext: Vec::new(), token_version: 1 },
            token_generation: 1,
            renewed_at: adopted.facts.issued_at.unwrap_or(now),
            facts: adopted.facts,
            connected_by: None,
            created_at: now,
            check_at: now.plus(DAY_MS),
            check_failures: 0,
            version: 1,
        };
        connection.token = self.seal(adopted.token, &Place::connection(&connection), 1)?;
        Ok(connection)
    }

    fn adopted_channels(&self, connection: &Connection, page: &AdoptedPage) -> Result<Vec<Channel>, Error> {
        let mut messenger = Channel {
            account_id: page.id.clone(),
            name: page.name.clone(),
            page_id: Some(page.id.clone()),
            subscribed_fields: page.subscribed_fields.clone(),
            ..self.blank_channel(connection)
        };
        let place = Place::channel(&messenger, connection.meta_app_id);
        messenger.token = Some(self.seal(&page.token, &place, 1)?);
        let instagram = page.instagram.as_ref().map(|account| Channel {
            id: ChannelId::new(self.now(), self.random()),
            kind: ChannelKind::Instagram,
            account_id: account.id.clone(),
            name: account.name.clone(),
            username: Some(account.username.clone()),
            token: None,
            ..messenger.clone()
        });
        Ok(std::iter::once(messenger).chain(instagram).collect())
    }

    /// A Messenger channel of nobody, with everything that follows from its connection.
    pub(crate) fn blank_channel(&self, connection: &Connection) -> Channel {
        let now = self.now();
        Channel {
            id: ChannelId::new(now, self.random()),
            organization_id: connection.organization_id,
            connection_id: connection.id,
            kind: ChannelKind::Messenger,
            account_id: String::new(),
            name: String::new(),
            username: None,
            picture_url: None,
            page_id: None,
            token: None,
            token_generation: 1,
            facts: ChannelTokenFacts {
                expires_at: None,
                data_access_expires_at: connection.facts.data_access_expires_at,
                proof: connection.facts.proof,
                problem: None,
                dead_since: connection.facts.dead_since,
                checked_at: Some(now),
            },
            subscribed_fields: Vec::new(),
            last_message_at: None,
            story_mentions: true,
            story_replies: true,
            created_at: now,
            version: 1,
        }
    }
}
