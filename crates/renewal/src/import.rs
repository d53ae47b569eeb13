//! Tokens that the platform already has become connections. Each is checked at Meta first; what is
//! connected already stays as it is, so that an import that stopped can be started again.

use std::collections::HashMap;

use lifecycle::{
    ChannelKind, Provider, Timestamp,
    clock::SECOND_MS,
    health::TokenProof,
    ids::{ChannelId, ConnectionId, MetaAppId, OrganizationId},
    reconcile::{AccountKey, GrantedAccount},
};
use secrecy::SecretString;
use serde_json::json;
use store::{Channel, Connection, ConnectionCommit, GrantFacts, SealedToken, StoreError};

use crate::{
    ApiCaller, Error, Renova,
    exchange::{Granted, granted},
    finish::{is_served_by_itself, keeps_own_token},
    people::invalid,
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
        let organization = self.organization_of(who, &grant.organization).await?.id;
        let granted = self.adopted_grant(&grant).await?;
        let (app, facts) = (self.app_for(grant.provider)?.row.id, &granted.facts);
        let known = self.parts.storage.connections_of_grantee(app, &facts.grantee_id).await?;
        if let Some(known) = known.into_iter().find(|it| it.organization_id == organization) {
            let channels = self.parts.storage.channels_of_connection(organization, known.id).await?;
            let outcome = ImportOutcome::AlreadyConnected(known.id);
            let grantee_name = known.grantee_name;
            return Ok(Imported { outcome, grantee_name, channels: channels.iter().map(imported).collect() });
        }
        if dry_run {
            let channels = facts.accounts.iter().map(would_import).collect();
            return Ok(Imported {
                outcome: ImportOutcome::WouldImport,
                grantee_name: facts.grantee_name.clone(),
                channels,
            });
        }
        let fields = self.fields_at_meta(grant.provider, &granted).await?;
        let connection = self.imported_connection(organization, &grant, app, &granted)?;
        let channels = self.imported_channels(&connection, &granted, &fields)?;
        self.store_import(who, connection, channels).await
    }

    /// What the token is and reaches: only what can be used and is wanted.
    async fn adopted_grant(&self, grant: &ImportedGrant) -> Result<Granted, Error> {
        let login = &self.app_for(grant.provider)?.login;
        let now = self.now().0.div_euclid(SECOND_MS);
        let adopted = login.adopt(&grant.token, now).await.map_err(|error| match error {
            // A Page's, another app's, or none at all: asking again helps nobody.
            meta::Error::Malformed { .. } => invalid("token", "is none of a person or business for this app"),
            error => error.into(),
        })?;
        let mut granted = granted(adopted);
        let wanted = |id: &String| grant.accounts.as_ref().is_none_or(|wanted| wanted.contains(id));
        let facts = &mut granted.facts;
        facts.expires_at = facts.expires_at.or(grant.expires_at);
        facts.accounts.retain(|account| account.unusable.is_none() && wanted(&account.key.account_id));
        if facts.accounts.is_empty() {
            return Err(invalid("token", "reaches no account that can be used"));
        }
        Ok(granted)
    }

    /// Subscribed fields by serving account. What cannot be read is repaired by the first check.
    async fn fields_at_meta(
        &self,
        provider: Provider,
        granted: &Granted,
    ) -> Result<HashMap<String, Vec<String>>, Error> {
        let login = &self.app_for(provider)?.login;
        let mut fields = HashMap::new();
        for account in &granted.facts.accounts {
            let served_by = &account.served_by;
            let token = granted.tokens.token_of(served_by).filter(|_| !fields.contains_key(served_by));
            if let Some(token) = token {
                let read = login.subscribed_fields(served_by, &token).await.unwrap_or_default();
                fields.insert(served_by.clone(), read);
            }
        }
        Ok(fields)
    }

    fn imported_connection(
        &self,
        organization: OrganizationId,
        grant: &ImportedGrant,
        app: MetaAppId,
        granted: &Granted,
    ) -> Result<Connection, Error> {
        let (now, facts) = (self.now(), &granted.facts);
        let mut connection = Connection {
            id: ConnectionId::new(now, self.random()),
            organization_id: organization,
            meta_app_id: app,
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
        connection.token = self.seal(&granted.tokens.user_token, &Place::connection(&connection), 1)?;
        Ok(connection)
    }

    fn imported_channels(
        &self,
        connection: &Connection,
        granted: &Granted,
        fields: &HashMap<String, Vec<String>>,
    ) -> Result<Vec<Channel>, Error> {
        let accounts = &granted.facts.accounts;
        let keys: Vec<_> = accounts.iter().map(|account| account.key.clone()).collect();
        let mut channels = Vec::new();
        for account in accounts {
            let by_itself = is_served_by_itself(account);
            let mut channel = Channel {
                kind: account.key.kind,
                account_id: account.key.account_id.clone(),
                name: account.name.clone(),
                username: account.username.clone(),
                picture_url: account.picture_url.clone(),
                page_id: (!by_itself).then(|| account.served_by.clone()),
                subscribed_fields: fields.get(&account.served_by).cloned().unwrap_or_default(),
                ..self.blank_channel(connection)
            };
            // A Page token has no end of its own.
            channel.facts.expires_at = connection.facts.expires_at.filter(|_| by_itself);
            if keeps_own_token(account, &keys) {
                let token =
                    granted.tokens.token_of(&account.served_by).ok_or(Error::Internal("an account has no token"))?;
                channel.token = Some(self.seal(&token, &Place::channel(&channel, connection.meta_app_id), 1)?);
            }
            channels.push(channel);
        }
        Ok(channels)
    }

    async fn store_import(
        &self,
        who: &ApiCaller,
        connection: Connection,
        channels: Vec<Channel>,
    ) -> Result<Imported, Error> {
        let (id, grantee_name) = (connection.id, connection.grantee_name.clone());
        let detail = json!({"connection": id, "name": grantee_name});
        let mut trail = self.trail(connection.organization_id, who, "connection.imported", id, detail, false);
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

fn would_import(account: &GrantedAccount) -> ImportedChannel {
    let AccountKey { kind, account_id } = account.key.clone();
    ImportedChannel { id: None, kind, account_id, name: account.name.clone() }
}

fn imported(channel: &Channel) -> ImportedChannel {
    ImportedChannel {
        id: Some(channel.id),
        kind: channel.kind,
        account_id: channel.account_id.clone(),
        name: channel.shown_name(),
    }
}
