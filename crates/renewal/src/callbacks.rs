//! What Meta signs and sends when a person removes the app or asks for their data to be deleted.
//!
//! Such a request can be sent again by anybody who has seen it: it acts only on an authorization
//! that is older than itself.

use hmac::{Hmac, KeyInit, Mac};
use lifecycle::{
    ChannelKind, Timestamp,
    authorization::{CallbackEffect, callback_effect},
    health::TokenProof,
};
use meta::signed_request::{self, SignedRequest};
use secrecy::ExposeSecret;
use serde_json::json;
use sha2::Sha256;
use store::{CheckOutcome, Connection, DataDeletion};

use crate::{Error, Renova, apps::ConnectedApp, check::Findings};

/// What became of a request for deletion.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeletionStatus {
    pub requested_at: Timestamp,
    /// `None`: not done yet.
    pub completed_at: Option<Timestamp>,
}

impl Renova {
    /// A person (or a Page) has removed the app.
    ///
    /// # Errors
    /// [`Error::NotSigned`] when it does not come from Meta; nothing has happened.
    pub async fn deauthorize(&self, signed_request: &str) -> Result<(), Error> {
        let (app, request) = self.open_signed(signed_request)?;
        let issued_at = request.issued_at.map(Timestamp::from_seconds);
        if let Some(user) = &request.user_id {
            for connection in self.parts.storage.connections_of_grantee(app.row.id, user).await? {
                self.end_authorization(connection, issued_at).await?;
            }
        }
        if let Some(page) = &request.profile_id {
            let storage = &self.parts.storage;
            let users = storage.connections_of_account(app.row.id, ChannelKind::Messenger, page).await?;
            let ids: Vec<_> = users.iter().map(|connection| connection.id).collect();
            storage.make_due(&ids, self.now()).await?;
        }
        Ok(())
    }

    /// A person wants their data deleted. Answers the code by which they can ask what became of it;
    /// the same request again answers the same code.
    ///
    /// # Errors
    /// [`Error::NotSigned`] when it does not come from Meta; nothing has happened.
    pub async fn request_deletion(&self, signed_request: &str) -> Result<String, Error> {
        let (app, request) = self.open_signed(signed_request)?;
        let user = request.user_id.ok_or(Error::NotSigned)?;
        let issued_at = request.issued_at.map(Timestamp::from_seconds);
        let now = self.now();
        let deletion = DataDeletion {
            code: hex::encode(self.random::<10>()),
            user_hash: user_hash(app, &user)?,
            issued_at: issued_at.unwrap_or(now),
            requested_at: now,
            completed_at: None,
            connections: 0,
        };
        let code = self.parts.storage.insert_deletion(&deletion).await?;
        let mut erased = 0;
        for connection in self.parts.storage.connections_of_grantee(app.row.id, &user).await? {
            if callback_effect(connection.facts.issued_at, issued_at) != CallbackEffect::Stale {
                self.erase(&connection).await?;
                erased += 1;
            }
        }
        self.parts.storage.complete_deletion(&code, self.now(), erased).await?;
        Ok(code)
    }

    /// What became of a request for deletion; `None` for a code that was never given.
    pub async fn deletion_status(&self, code: &str) -> Result<Option<DeletionStatus>, Error> {
        let found = self.parts.storage.deletion(code).await?;
        let status = |it: DataDeletion| DeletionStatus { requested_at: it.requested_at, completed_at: it.completed_at };
        Ok(found.map(status))
    }

    fn open_signed(&self, text: &str) -> Result<(&ConnectedApp, SignedRequest), Error> {
        let opened = |app| Some((app, signed_request::open(text, &[ConnectedApp::secret(app)]).ok()?));
        self.apps.iter().find_map(opened).ok_or(Error::NotSigned)
    }

    async fn end_authorization(&self, connection: Connection, issued_at: Option<Timestamp>) -> Result<(), Error> {
        match callback_effect(connection.facts.issued_at, issued_at) {
            CallbackEffect::Stale => Ok(()),
            CallbackEffect::Verify => Ok(self.parts.storage.make_due(&[connection.id], self.now()).await?),
            CallbackEffect::Ends => self.revoke(connection, issued_at).await,
        }
    }

    /// Meta's signed word is proof; the check that follows at once finds what else is true.
    async fn revoke(&self, connection: Connection, at: Option<Timestamp>) -> Result<(), Error> {
        let storage = &self.parts.storage;
        let since = at.unwrap_or_else(|| self.now());
        let channels = storage.channels_of_connection(connection.organization_id, connection.id).await?;
        let problem = || Some(meta::Meaning::AppRemoved.code().to_owned());
        let mut found = Findings::unchanged(&connection, &channels);
        (found.facts.proof, found.facts.problem) = (TokenProof::Revoked, problem());
        found.facts.dead_since = found.facts.dead_since.or(Some(since));
        for (_, facts, _) in &mut found.channels {
            (facts.proof, facts.problem) = (TokenProof::Revoked, problem());
            facts.dead_since = facts.dead_since.or(Some(since));
        }
        let outcome = CheckOutcome {
            connection_id: connection.id,
            expected_version: connection.version,
            trails: self.changes(&connection, &channels, &found).await?,
            facts: found.facts,
            channels: found.channels,
            at: self.now(),
            next_check_at: self.now(),
            held: None,
            failures: connection.check_failures,
        };
        match storage.record_check(connection.organization_id, &outcome).await {
            // It has just been renewed or checked: what is true now is asked.
            Err(store::StoreError::Stale) => Ok(storage.make_due(&[connection.id], self.now()).await?),
            recorded => Ok(recorded?),
        }
    }

    async fn erase(&self, connection: &Connection) -> Result<(), Error> {
        let storage = &self.parts.storage;
        let channels = storage.channels_of_connection(connection.organization_id, connection.id).await?;
        let detail = json!({"connection": connection.id});
        let (organization, id) = (connection.organization_id, connection.id);
        let mut trail = self.trail(organization, None, "connection.erased", id, detail, true);
        for event in &mut trail.events {
            event.kind = "connection.disconnected".to_owned();
        }
        storage.erase_connection(organization, id, &trail).await?;
        self.unsubscribe_all(connection, &channels).await;
        Ok(())
    }
}

/// Kept instead of the person's id.
fn user_hash(app: &ConnectedApp, user: &str) -> Result<[u8; 32], Error> {
    let mac = Hmac::<Sha256>::new_from_slice(app.secret().expose_secret().as_bytes());
    let mac = mac.map_err(|_| Error::Internal("a key of no length"))?;
    Ok(mac.chain_update(b"renova person").chain_update(user.as_bytes()).finalize().into_bytes().into())
}
