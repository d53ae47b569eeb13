//! Ending a connection, or one channel of it.

use lifecycle::{
    ChannelKind, RenewalEvent,
    ids::{ChannelId, ConnectionId, OrganizationId},
};
use serde_json::json;
use store::{Channel, Connection, ConnectionCommit};

use crate::{
    ConnectionState, Error, Identity, Renova, audit::By, finish::key_of, record::RenewalDetail, sealing::Place,
};

impl Renova {
    /// Ends a connection, confirmed by the name of its Facebook person. The Pages stop delivering
    /// to our app unless another connection uses them.
    ///
    /// # Errors
    /// [`Error::NameMismatch`]: nothing has happened.
    pub async fn disconnect(&self, who: &Identity, id: ConnectionId, confirmed_name: &str) -> Result<(), Error> {
        who.require_admin()?;
        let state = self.connection(who, id).await?;
        let connection = &state.connection;
        if confirmed_name.trim() != connection.grantee_name {
            return Err(Error::NameMismatch);
        }
        let detail = json!({"connection": id, "name": connection.grantee_name});
        let trail = self.trail(who.organization, Some(who), "connection.disconnected", id, detail, true);
        if !self.parts.storage.delete_connection(who.organization, id, &trail).await? {
            return Err(Error::NotFound);
        }
        let channels: Vec<_> = state.channels.into_iter().map(|it| it.channel).collect();
        self.unsubscribe_all(&state.connection, &channels).await;
        Ok(())
    }

    /// Ends one channel of a connection, confirmed by its name, and its Page's subscription with it where
    /// nobody else needs that. The last one goes only with its connection.
    ///
    /// # Errors
    /// [`Error::NameMismatch`]: nothing has happened. [`Error::Conflict`]: it is the last one by now.
    pub async fn disconnect_channel(
        &self,
        who: &Identity,
        id: ConnectionId,
        channel: ChannelId,
        confirmed_name: &str,
    ) -> Result<(), Error> {
        who.require_admin()?;
        let ConnectionState { channels, .. } = self.connection(who, id).await?;
        let gone = channels.iter().find(|it| it.channel.id == channel).ok_or(Error::NotFound)?;
        if confirmed_name.trim() != gone.account() {
            return Err(Error::NameMismatch);
        }
        self.remove_channel(who, who.organization, id, channel).await
    }

    /// The same, once it is confirmed.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Conflict`] for the last one.
    pub(crate) async fn remove_channel(
        &self,
        by: impl Into<By<'_>>,
        organization: OrganizationId,
        id: ConnectionId,
        channel: ChannelId,
    ) -> Result<(), Error> {
        let connection = self.parts.storage.connection(organization, id).await?.ok_or(Error::NotFound)?;
        let channels = self.parts.storage.channels_of_connection(organization, id).await?;
        let (gone, mut left): (Vec<_>, Vec<_>) = channels.into_iter().partition(|it| it.id == channel);
        let gone = gone.into_iter().next().ok_or(Error::NotFound)?;
        if left.is_empty() {
            return Err(Error::Conflict);
        }
        for other in &mut left {
            self.inherit_token(&connection, &gone, other)?;
        }
        let detail = json!({
            "connection": id,
            "channel": channel,
            "kind": gone.kind.as_str(),
            "name": gone.shown_name(),
            "token_generation": gone.token_generation,
        });
        self.leave_out_of_choices(organization, id, &gone).await?;
        let trail = self.trail(organization, by, "channel.removed", id, detail, true);
        let is_needed = left.iter().any(|other| served_by(other) == served_by(&gone));
        let next = Connection { version: connection.version + 1, ..connection.clone() };
        self.parts.storage.commit_connection(&ConnectionCommit { connection: next, channels: left }, &trail).await?;
        if !is_needed {
            self.unsubscribe_all(&connection, &[gone]).await;
        }
        Ok(())
    }

    /// A choice that was made before must not bring it back silently: whoever finishes finds it as new.
    /// Where nothing else was chosen, the renewal ends.
    async fn leave_out_of_choices(
        &self,
        organization: OrganizationId,
        id: ConnectionId,
        gone: &Channel,
    ) -> Result<(), Error> {
        let (key, storage) = (key_of(gone), &self.parts.storage);
        for open in storage.open_renewals(organization).await?.into_iter().filter(|it| it.connection_id == Some(id)) {
            let _turn = self.turn(open.id).await;
            let Some(row) = storage.renewal(organization, open.id).await? else { continue };
            let RenewalDetail { renewal, selection, .. } = self.with_surroundings(row).await?;
            let Some(mut selection) = selection.filter(|chosen| chosen.contains(&key)) else { continue };
            if renewal.state.is_over() {
                continue;
            }
            selection.retain(|chosen| *chosen != key);
            let event = if selection.is_empty() { RenewalEvent::Cancelled } else { RenewalEvent::Chosen };
            let mut next = self.advance(&renewal, event)?;
            next.selection = Some(serde_json::to_string(&selection)?);
            next.proof = None;
            self.write(&next, None).await?;
        }
        Ok(())
    }

    /// An Instagram channel that used the token of its Page's channel, which goes, gets it as its own.
    fn inherit_token(&self, connection: &Connection, page: &Channel, channel: &mut Channel) -> Result<(), Error> {
        let is_its_page = page.kind == ChannelKind::Messenger && page.page_id == channel.page_id;
        if let (None, Some(sealed), true) = (&channel.token, &page.token, is_its_page) {
            let app = connection.meta_app_id;
            let token = self.unseal(sealed, &Place::channel(page, app))?;
            channel.version += 1;
            channel.token = Some(self.seal(&token, &Place::channel(channel, app), connection.token_generation)?);
        }
        Ok(())
    }

    /// Best effort: the connection is gone already, and a dead token cannot unsubscribe.
    pub(crate) async fn unsubscribe_all(&self, connection: &Connection, channels: &[Channel]) {
        for channel in channels {
            if let Err(error) = self.unsubscribe(connection, channel).await {
                tracing::info!(%error, "an account could not be unsubscribed after its connection ended");
            }
        }
    }

    async fn unsubscribe(&self, connection: &Connection, channel: &Channel) -> Result<(), Error> {
        let Some(token) = &channel.token else { return Ok(()) };
        let (app, storage) = (connection.meta_app_id, &self.parts.storage);
        let served_by = served_by(channel);
        let used_elsewhere = match &channel.page_id {
            Some(page) => storage.page_is_used_elsewhere(app, page, connection.id).await?,
            None => {
                let users = storage.connections_of_account(app, channel.kind, &channel.account_id).await?;
                users.iter().any(|other| other.id != connection.id)
            }
        };
        if used_elsewhere {
            return Ok(());
        }
        let token = self.unseal(token, &Place::channel(channel, app))?;
        Ok(self.app_of(app)?.login.unsubscribe(served_by, &token).await?)
    }
}

/// Whose subscription delivers its messages: its Page's, or its own with Instagram Login.
fn served_by(channel: &Channel) -> &str {
    channel.page_id.as_deref().unwrap_or(&channel.account_id)
}
