//! *Finalizar*: one transaction replaces the old tokens by the proved ones.

use lifecycle::{
    ChannelKind, RenewalEvent, RenewalState,
    clock::DAY_MS,
    health::TokenProof,
    ids::{ChannelId, ConnectionId, RenewalId},
    proof,
    reconcile::{AccountKey, GrantedAccount},
};
use serde_json::json;
use store::{Channel, ChannelTokenFacts, Connection, ConnectionCommit, Event, GrantFacts, SealedToken};

use crate::{
    Error, Identity, Renova,
    record::{Gap, ProofRecord, RenewalDetail, StagedFacts, StagedTokens},
    sealing::Place,
};

impl Renova {
    /// Commits the reader's own renewal. Repeated, it changes nothing.
    ///
    /// # Errors
    /// [`Error::NotProved`] while the proof is incomplete or blocked; the old token stays.
    pub async fn finish(&self, who: &Identity, id: RenewalId) -> Result<(), Error> {
        let _turn = self.turn(id).await;
        let detail = self.own_renewal(who, id).await?;
        self.commit(&detail, Some(who)).await
    }

    pub(crate) async fn commit(&self, detail: &RenewalDetail, who: Option<&Identity>) -> Result<(), Error> {
        if detail.renewal.state == RenewalState::Finished {
            return Ok(());
        }
        let mut record = detail.proof.clone().ok_or(Error::NotProved)?;
        if detail.renewal.state == RenewalState::Proved && !proof::may_finish(&record.lines) {
            return Err(Error::NotProved);
        }
        let mut renewal = self.advance(&detail.renewal, RenewalEvent::Finished)?;
        let commit = self.connection_commit(detail, &record)?;
        record.gaps = self.gaps(detail, &commit);
        renewal.proof = Some(serde_json::to_string(&record)?);
        renewal.connection_id = Some(commit.connection.id);
        let event = if detail.connection.is_some() { "connection.renewed" } else { "connection.created" };
        let from = detail.connection.as_ref().filter(|it| it.grantee_id != commit.connection.grantee_id);
        let told = json!({
            "connection": commit.connection.id,
            "renewal": renewal.id,
            "name": commit.connection.grantee_name,
            "from": from.map(|connection| &connection.grantee_name),
            "token_generation": commit.connection.token_generation,
            "expires_at": commit.connection.facts.expires_at,
            "channels": commit.channels.iter().map(|channel| channel.id).collect::<Vec<_>>(),
            "gaps": record.gaps,
        });
        let mut trail = self.trail(renewal.organization_id, who, event, commit.connection.id, told, true);
        trail.events.extend(self.told_of_channels(&detail.channels, &commit));
        let before = detail.connection.as_ref().map(|connection| (connection, &*detail.channels));
        trail.events.extend(self.told_of_states(before, &commit).await?);
        let done =
            json!({"renewal": renewal.id, "connection": commit.connection.id, "name": commit.connection.grantee_name});
        trail.events.push(self.event(renewal.organization_id, "renewal.finished", done.to_string()));
        if from.is_some() {
            trail.audit.action = "connection.passed".to_owned();
        }
        if self.parts.storage.finish_renewal(&renewal, &commit, &trail).await? {
            return Ok(());
        }
        // Another process may just have committed the same renewal.
        let stored = self.parts.storage.renewal(renewal.organization_id, renewal.id).await?;
        match stored {
            Some(stored) if stored.state == RenewalState::Finished => Ok(()),
            _ => Err(Error::Conflict),
        }
    }

    /// Which channels came, and which went.
    fn told_of_channels(&self, before: &[Channel], commit: &ConnectionCommit) -> Vec<Event> {
        let told = |kind: &str, channel: &Channel| {
            let data = json!({
                "connection": commit.connection.id,
                "channel": channel.id,
                "kind": channel.kind.as_str(),
                "name": channel.shown_name(),
                "token_generation": channel.token_generation,
            });
            self.event(channel.organization_id, kind, data.to_string())
        };
        let missing_in = |list: &[Channel], channel: &Channel| !list.iter().any(|it| it.id == channel.id);
        let added = commit.channels.iter().filter(|it| missing_in(before, it)).map(|it| told("channel.added", it));
        let removed = before.iter().filter(|it| missing_in(&commit.channels, it)).map(|it| told("channel.removed", it));
        added.chain(removed).collect()
    }

    fn connection_commit(&self, detail: &RenewalDetail, record: &ProofRecord) -> Result<ConnectionCommit, Error> {
        let staged = detail.staged()?;
        let tokens = self.open_staged(&detail.renewal)?;
        let connection = self.next_connection(detail, staged, &tokens)?;
        let selected = detail.selected();
        let mut channels = Vec::new();
        for account in staged.accounts.iter().filter(|account| selected.contains(&account.key)) {
            channels.push(self.next_channel(detail, &connection, account, &selected, &tokens, record)?);
        }
        let untouched = detail.untouched();
        for channel in detail.channels.iter().filter(|channel| untouched.contains(&key_of(channel))) {
            channels.push(self.untouched_channel(detail, &connection, channel, &untouched)?);
        }
        Ok(ConnectionCommit { connection, channels })
    }

    /// With its own token and everything that was known about it. An Instagram channel that used its
    /// Page's token gets that as its own where the Page does not stay behind with it.
    fn untouched_channel(
        &self,
        detail: &RenewalDetail,
        connection: &Connection,
        channel: &Channel,
        untouched: &[AccountKey],
    ) -> Result<Channel, Error> {
        let mut channel = channel.clone();
        let serves = |page: &&Channel| page.kind == ChannelKind::Messenger && page.page_id == channel.page_id;
        let page = detail.channels.iter().find(serves).filter(|page| !untouched.contains(&key_of(page)));
        if let (None, Some((page, sealed))) = (&channel.token, page.and_then(|page| Some((page, page.token.as_ref()?))))
        {
            let app = connection.meta_app_id;
            let token = self.unseal(sealed, &Place::channel(page, app))?;
            channel.version += 1;
            channel.token = Some(self.seal(&token, &Place::channel(&channel, app), connection.token_generation)?);
        }
        Ok(channel)
    }

    fn next_connection(
        &self,
        detail: &RenewalDetail,
        staged: &StagedFacts,
        tokens: &StagedTokens,
    ) -> Result<Connection, Error> {
        let now = self.now();
        let before = detail.connection.as_ref();
        let token_version = before.map_or(0, |it| it.token.token_version) + 1;
        let mut connection = Connection {
            id: before.map_or_else(|| ConnectionId::new(now, self.random()), |it| it.id),
            organization_id: detail.renewal.organization_id,
            meta_app_id: detail.renewal.meta_app_id,
            provider: self.app_of(detail.renewal.meta_app_id)?.row.provider,
            grantee_kind: staged.grantee_kind,
            grantee_id: staged.grantee_id.clone(),
            grantee_name: staged.grantee_name.clone(),
            token: SealedToken { key_id: String::new(), ciphertext: Vec::new(), token_version },
            token_generation: before.map_or(0, |it| it.token_generation) + 1,
            facts: GrantFacts {
                scopes: staged.scopes.clone(),
                issued_at: staged.issued_at,
                expires_at: staged.expires_at,
                data_access_expires_at: staged.data_access_expires_at,
                proof: TokenProof::Works,
                problem: None,
                dead_since: None,
                checked_at: Some(now),
                unreachable_since: None,
            },
            connected_by: Some(detail.renewal.user_id),
            created_at: before.map_or(now, |it| it.created_at),
            renewed_at: now,
            check_at: now.plus(DAY_MS),
            check_failures: 0,
            version: before.map_or(0, |it| it.version) + 1,
        };
        connection.token = self.seal(&tokens.user_token, &Place::connection(&connection), token_version)?;
        Ok(connection)
    }

    fn next_channel(
        &self,
        detail: &RenewalDetail,
        connection: &Connection,
        account: &GrantedAccount,
        selected: &[AccountKey],
        tokens: &StagedTokens,
        record: &ProofRecord,
    ) -> Result<Channel, Error> {
        let now = self.now();
        let before =
            detail.channels.iter().find(|it| it.kind == account.key.kind && it.account_id == account.key.account_id);
        let mut channel = Channel {
            id: before.map_or_else(|| ChannelId::new(now, self.random()), |it| it.id),
            organization_id: connection.organization_id,
            connection_id: connection.id,
            kind: account.key.kind,
            account_id: account.key.account_id.clone(),
            name: account.name.clone(),
            username: account.username.clone(),
            picture_url: account.picture_url.clone(),
            page_id: (!is_served_by_itself(account)).then(|| account.served_by.clone()),
            token: None,
            token_generation: connection.token_generation,
            facts: ChannelTokenFacts {
                // A Page token has no end of its own.
                expires_at: connection.facts.expires_at.filter(|_| is_served_by_itself(account)),
                data_access_expires_at: connection.facts.data_access_expires_at,
                proof: TokenProof::Works,
                problem: None,
                dead_since: None,
                checked_at: Some(now),
            },
            subscribed_fields: fields_of(record, account, before),
            last_message_at: before.and_then(|it| it.last_message_at),
            story_mentions: before.is_none_or(|it| it.story_mentions),
            story_replies: before.is_none_or(|it| it.story_replies),
            created_at: before.map_or(now, |it| it.created_at),
            version: before.map_or(0, |it| it.version) + 1,
        };
        if keeps_own_token(account, selected) {
            let token = tokens.token_of(&account.served_by).ok_or(Error::Internal("a chosen account has no token"))?;
            // Rises with every renewal, also of a channel that had no token of its own meanwhile.
            let version = connection.token_generation;
            channel.token = Some(self.seal(&token, &Place::channel(&channel, connection.meta_app_id), version)?);
        }
        Ok(channel)
    }

    /// From when to when messages of accounts that were dead may be missing.
    fn gaps(&self, detail: &RenewalDetail, commit: &ConnectionCommit) -> Vec<Gap> {
        let back = |channel: &&Channel| commit.channels.iter().any(|it| it.id == channel.id);
        let gap = |channel: &Channel| {
            let from = channel.facts.dead_since?;
            let account = channel.shown_name();
            Some(Gap { account, from, to: self.now() })
        };
        detail.channels.iter().filter(back).filter_map(gap).collect()
    }
}

/// Subscribed fields as read back; where Meta could not be read, what was known before.
fn fields_of(record: &ProofRecord, account: &GrantedAccount, before: Option<&Channel>) -> Vec<String> {
    let read = record.effective_fields(account.key.kind, &account.served_by);
    read.or_else(|| before.map(|channel| channel.subscribed_fields.clone())).unwrap_or_default()
}

/// An Instagram channel uses the token of its Page's channel, unless that Page is not kept or there
/// is none.
pub(crate) fn keeps_own_token(account: &GrantedAccount, selected: &[AccountKey]) -> bool {
    let page = AccountKey { kind: ChannelKind::Messenger, account_id: account.served_by.clone() };
    account.key.kind == ChannelKind::Messenger || !selected.contains(&page)
}

/// Connected by Instagram Login: no Page stands behind it.
pub(crate) fn is_served_by_itself(account: &GrantedAccount) -> bool {
    account.key.kind == ChannelKind::Instagram && account.served_by == account.key.account_id
}

pub(crate) fn key_of(channel: &Channel) -> AccountKey {
    AccountKey { kind: channel.kind, account_id: channel.account_id.clone() }
}
