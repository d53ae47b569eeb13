//! Tokens that the platform already has become connections. Each is checked at Meta first; what is
//! connected already stays as it is, so that an import that stopped can be started again.

use std::collections::HashMap;

use lifecycle::{
    ChannelKind, Provider, Timestamp,
    clock::SECOND_MS,
    health::TokenProof,
    ids::{ChannelId, ConnectionId},
};
use secrecy::SecretString;
use serde_json::json;
use store::{Channel, ChannelTokenFacts, Connection, ConnectionCommit, GrantFacts, SealedToken, StoreError};

use crate::{
    ApiCaller, Error, Renova,
    exchange::{Granted, granted},
    finish::{is_served_by_itself, keeps_own_token},
    sealing::Place,
};

/// One token to be taken over.
#[derive(Clone, Debug)]
pub struct ImportedGrant {
    /// By the platform's own id.
    pub organization: String,
    pub provider: Provider,
    /// Of the person, of the business, or (Instagram Login) of the account.
    pub token: SecretString,
    /// Where Meta does not state it: Instagram Login.
    pub expires_at: Option<Timestamp>,
    /// The accounts that become channels, by Meta's ids; `None`: all that can be used.
    pub accounts: Option<Vec<String>>,
}

/// What became of a token, or would.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Imported {
    pub outcome: ImportOutcome,
    pub grantee_name: String,
    pub channels: Vec<ImportedChannel>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ImportOutcome {
    Imported(ConnectionId),
    /// A trial run: nothing was stored.
    WouldImport,
    /// The same person or business is connected in this organization.
    AlreadyConnected(ConnectionId),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportedChannel {
    /// `None`: in a trial run.
    pub id: Option<ChannelId>,
    pub kind: ChannelKind,
    pub account_id: String,
    pub name: String,
}

impl Renova {
    /// Takes one token over, or only looks whether it could.
    ///
    /// # Errors
    /// [`Error::NotFound`] for the organization, [`Error::NoMetaApp`]; [`Error::Meta`] where the token does
    /// not work or Meta cannot be asked, [`Error::Invalid`] where it reaches no account.
    pub async fn import_grant(&self, who: &ApiCaller, grant: ImportedGrant, dry_run: bool) -> Result<Imported, Error> {
        let organization = self.organization_of(who, &grant.organization).await?;
        let app = self.app_for(grant.provider)?;
        let now = self.now().0.div_euclid(SECOND_MS);
        let Granted { tokens, mut facts } = granted(app.login.adopt(&grant.token, now).await?);
        facts.expires_at = facts.expires_at.or(grant.expires_at);
        facts.accounts.retain(|account| {
            account.unusable.is_none()
                && grant.accounts.as_ref().is_none_or(|wanted| wanted.contains(&account.key.account_id))
        });
        if facts.accounts.is_empty() {
            let problem = "reaches no account that can be used".to_owned();
            return Err(Error::Invalid { field: "token", problem });
        }
        let (name, keys) =
            (facts.grantee_name.clone(), facts.accounts.iter().map(|it| it.key.clone()).collect::<Vec<_>>());
        let known = self.parts.storage.connections_of_grantee(app.row.id, &facts.grantee_id).await?;
        if let Some(known) = known.into_iter().find(|it| it.organization_id == organization.id) {
            let channels = self.parts.storage.channels_of_connection(organization.id, known.id).await?;
            let outcome = ImportOutcome::AlreadyConnected(known.id);
            return Ok(Imported { outcome, grantee_name: name, channels: channels.iter().map(imported).collect() });
        }
        if dry_run {
            let would = facts.accounts.iter().map(|account| ImportedChannel {
                id: None,
                kind: account.key.kind,
                account_id: account.key.account_id.clone(),
                name: account.name.clone(),
            });
            return Ok(Imported { outcome: ImportOutcome::WouldImport, grantee_name: name, channels: would.collect() });
        }
        let mut fields: HashMap<String, Vec<String>> = HashMap::new();
        for account in &facts.accounts {
            if let Some(token) = tokens.token_of(&account.served_by)
                && !fields.contains_key(&account.served_by)
            {
                // What cannot be read is repaired by the first check.
                let read = app.login.subscribed_fields(&account.served_by, &token).await.unwrap_or_default();
                fields.insert(account.served_by.clone(), read);
            }
        }
        let now = self.now();
        let mut connection = Connection {
            id: ConnectionId::new(now, self.random()),
            organization_id: organization.id,
            meta_app_id: app.row.id,
            provider: grant.provider,
            grantee_kind: facts.grantee_kind,
            grantee_id: facts.grantee_id.clone(),
            grantee_name: facts.grantee_name.clone(),
            token: SealedToken { key_id: String::new(), ciphertext: Vec::new(), token_version: 1 },
            token_generation: 1,
            facts: GrantFacts {
                scopes: facts.scopes.clone(),
                issued_at: facts.issued_at,
                expires_at: facts.expires_at,
                data_access_expires_at: facts.data_access_expires_at,
                proof: TokenProof::Works,
                problem: None,
                dead_since: None,
                checked_at: Some(now),
                unreachable_since: None,
            },
            connected_by: None,
            created_at: now,
            renewed_at: facts.issued_at.unwrap_or(now),
            // A check repairs subscriptions and finds what the list does not tell.
            check_at: now,
            check_failures: 0,
            version: 1,
        };
        connection.token = self.seal(&tokens.user_token, &Place::connection(&connection), 1)?;
        let mut channels = Vec::new();
        for account in &facts.accounts {
            let mut channel = Channel {
                id: ChannelId::new(now, self.random()),
                organization_id: organization.id,
                connection_id: connection.id,
                kind: account.key.kind,
                account_id: account.key.account_id.clone(),
                name: account.name.clone(),
                username: account.username.clone(),
                picture_url: account.picture_url.clone(),
                page_id: (!is_served_by_itself(account)).then(|| account.served_by.clone()),
                token: None,
                token_generation: 1,
                facts: ChannelTokenFacts {
                    expires_at: facts.expires_at.filter(|_| is_served_by_itself(account)),
                    data_access_expires_at: facts.data_access_expires_at,
                    proof: TokenProof::Works,
                    problem: None,
                    dead_since: None,
                    checked_at: Some(now),
                },
                subscribed_fields: fields.get(&account.served_by).cloned().unwrap_or_default(),
                last_message_at: None,
                story_mentions: true,
                story_replies: true,
                created_at: now,
                version: 1,
            };
            if keeps_own_token(account, &keys) {
                let token = tokens.token_of(&account.served_by).ok_or(Error::Internal("an account has no token"))?;
                channel.token = Some(self.seal(&token, &Place::channel(&channel, connection.meta_app_id), 1)?);
            }
            channels.push(channel);
        }
        self.store_import(connection, channels, name).await
    }

    async fn store_import(
        &self,
        connection: Connection,
        channels: Vec<Channel>,
        grantee_name: String,
    ) -> Result<Imported, Error> {
        let id = connection.id;
        let detail = json!({"connection": id, "name": grantee_name});
        let mut trail = self.trail(connection.organization_id, None, "connection.imported", id, detail, false);
        let told = json!({
            "connection": id,
            "name": grantee_name,
            "expires_at": connection.facts.expires_at,
            "token_generation": connection.token_generation,
        });
        trail.events.push(self.event(connection.organization_id, "connection.created", told.to_string()));
        let channels_told = channels.iter().map(imported).collect();
        let commit = ConnectionCommit { connection, channels };
        match self.parts.storage.commit_connection(&commit, &trail).await {
            Ok(()) => {}
            // Somebody else imports the same at this moment.
            Err(StoreError::Conflict { .. }) => return Err(Error::AlreadyConnected),
            Err(error) => return Err(error.into()),
        }
        Ok(Imported { outcome: ImportOutcome::Imported(id), grantee_name, channels: channels_told })
    }
}

fn imported(channel: &Channel) -> ImportedChannel {
    ImportedChannel {
        id: Some(channel.id),
        kind: channel.kind,
        account_id: channel.account_id.clone(),
        name: channel.shown_name(),
    }
}
