//! The parked code becomes staged tokens: code → short → long → facts → accounts.

use std::{collections::BTreeMap, sync::Arc};

use lifecycle::{
    ChannelKind, Provider, RenewalEvent, RenewalState, Timestamp,
    clock::SECOND_MS,
    ids::RenewalId,
    reconcile::{AccountKey, GrantedAccount, Unusable},
};
use secrecy::SecretString;
use store::{Connection, LoginAttempt, Renewal};

use crate::{
    Error, Identity, Renova,
    record::{RenewalDetail, StagedFacts, StagedTokens},
    sealing::Place,
};

/// How often a write is tried again on a row that changed meanwhile.
const WRITE_TRIES: usize = 3;

/// What Meta gave for a code.
struct Granted {
    tokens: StagedTokens,
    facts: StagedFacts,
}

impl Renova {
    /// Exchanges the code of the reader's own renewal. Repeated, it changes nothing.
    ///
    /// What fails at Meta is stored as the renewal's state, with a way on; only our own trouble
    /// is an error.
    pub async fn exchange(self: &Arc<Self>, who: &Identity, id: RenewalId) -> Result<(), Error> {
        let (renova, who) = (Arc::clone(self), who.clone());
        Self::to_the_end(async move { renova.exchange_now(&who, id).await }).await
    }

    async fn exchange_now(&self, who: &Identity, id: RenewalId) -> Result<(), Error> {
        let _turn = self.turn(id).await;
        let detail = self.own_renewal(who, id).await?;
        if detail.renewal.state != RenewalState::LoggedIn {
            return Ok(());
        }
        let parked = self.parts.storage.parked_attempt(who.organization, id).await?;
        let parked = parked.filter(|attempt| attempt.expires_at > self.now());
        let Some(attempt) = parked else {
            return self.fail(&detail.renewal, "login_expired").await;
        };
        let granted = self.ask_meta(&attempt, &detail.renewal).await;
        let outcome = match granted {
            Ok(granted) => self.stage(&detail, granted).await,
            Err(Error::Meta(error)) => {
                tracing::warn!(%error, renewal = %id, "the code could not be exchanged");
                self.fail(&detail.renewal, Error::Meta(error).code()).await
            }
            Err(error) => Err(error),
        };
        self.parts.storage.forget_code(&attempt).await?;
        outcome
    }

    async fn ask_meta(&self, attempt: &LoginAttempt, renewal: &Renewal) -> Result<Granted, Error> {
        let app = self.app_of(renewal.meta_app_id)?;
        let meta = &self.parts.meta;
        let sealed = attempt.code.as_ref().ok_or(Error::Internal("no code is parked"))?;
        let code = self.unseal(sealed, &Place::code(attempt, renewal.meta_app_id))?;
        let short = meta.exchange_code(app, &attempt.redirect_uri, &code).await?;
        let meta::IssuedToken { token, expires_in } = meta.exchange_long_lived(app, &short.token).await?;
        let stated = meta.debug_token(app, &token).await?;
        let for_us = stated.app_id.as_deref() == Some(app.app_id.as_str()) && stated.kind == meta::TokenKind::User;
        if !stated.is_valid || !for_us {
            return Err(Error::Meta(meta::Error::Malformed { what: "a new token that is not a valid one of ours" }));
        }
        let person = meta.me(app, &token).await?;
        let pages = meta.pages(app, &token).await?;
        let facts = StagedFacts {
            grantee_id: stated.user_id.unwrap_or(person.id),
            grantee_name: person.name,
            scopes: stated.scopes,
            issued_at: stated.issued_at.map(Timestamp::from_seconds),
            expires_at: stated.expires_at.map(Timestamp::from_seconds).or_else(|| {
                let seconds = i64::try_from(expires_in?.as_secs()).ok()?;
                Some(self.now().plus(seconds.saturating_mul(SECOND_MS)))
            }),
            data_access_expires_at: stated.data_access_expires_at.map(Timestamp::from_seconds),
            accounts: pages.iter().flat_map(accounts_of).collect(),
        };
        let tokens = StagedTokens { user_token: token, page_tokens: page_tokens(&pages) };
        Ok(Granted { tokens, facts })
    }

    async fn stage(&self, detail: &RenewalDetail, granted: Granted) -> Result<(), Error> {
        if let Some(connection) = &detail.connection
            && connection.grantee_id != granted.facts.grantee_id
        {
            return self.stage_mismatch(&detail.renewal, &granted.facts).await;
        }
        let mut current = detail.renewal.clone();
        for _ in 0..WRITE_TRIES {
            let (next, supersede) = match self.staged_renewal(&current, &granted).await {
                Err(Error::OtherIsRenewing) => return self.fail(&current, "other_is_renewing").await,
                staged => staged?,
            };
            if self.parts.storage.update_renewal(&next, &supersede, None).await? {
                return Ok(());
            }
            current = self.parts.storage.renewal(current.organization_id, current.id).await?.ok_or(Error::NotFound)?;
            if !matches!(current.state, RenewalState::LoggedIn | RenewalState::Failed) {
                return Ok(());
            }
        }
        Err(Error::Conflict)
    }

    /// The renewal with its staged tokens, and open renewals that it replaces.
    ///
    /// # Errors
    /// [`Error::OtherIsRenewing`]: another administrator is renewing the connection of this person.
    async fn staged_renewal(&self, current: &Renewal, granted: &Granted) -> Result<(Renewal, Vec<RenewalId>), Error> {
        let mut next = self.advance(current, RenewalEvent::Exchanged)?;
        let secret = granted.tokens.to_secret();
        // The row's version only rises: an older ciphertext of this row never opens again.
        next.staged = Some(self.seal(&secret, &Place::staged(&next), next.version)?);
        next.staged_facts = Some(serde_json::to_string(&granted.facts)?);
        next.selection = None;
        next.proof = None;
        if next.connection_id.is_some() {
            return Ok((next, Vec::new()));
        }
        // A first connection by somebody who is connected already is a renewal.
        let Some(known) = self.connection_of_grantee(&next, &granted.facts.grantee_id).await? else {
            return Ok((next, Vec::new()));
        };
        next.connection_id = Some(known.id);
        let open = self.parts.storage.open_renewal_of_connection(next.organization_id, known.id).await?;
        match open {
            Some(open) if open.user_id != next.user_id && open.expires_at > self.now() => Err(Error::OtherIsRenewing),
            open => Ok((next, open.map(|open| open.id).into_iter().collect())),
        }
    }

    async fn connection_of_grantee(&self, renewal: &Renewal, grantee_id: &str) -> Result<Option<Connection>, Error> {
        let connections = self.parts.storage.connections_of(renewal.organization_id).await?;
        Ok(connections.into_iter().find(|connection| {
            connection.meta_app_id == renewal.meta_app_id
                && connection.provider == Provider::Facebook
                && connection.grantee_id == grantee_id
        }))
    }

    /// Another person than the connection's: the new tokens are thrown away, the name is kept to tell.
    async fn stage_mismatch(&self, renewal: &Renewal, facts: &StagedFacts) -> Result<(), Error> {
        if renewal.staged.is_some() {
            return self.fail(renewal, "other_person_again").await;
        }
        let mut next = self.advance(renewal, RenewalEvent::OtherPerson)?;
        next.failure = Some("other_person".to_owned());
        next.staged_facts = Some(serde_json::to_string(&StagedFacts { accounts: Vec::new(), ..facts.clone() })?);
        self.write(&next, None).await
    }

    /// Stores what went wrong. Tokens that an earlier log-in staged stay: the wizard goes back to them.
    pub(crate) async fn fail(&self, renewal: &Renewal, code: &str) -> Result<(), Error> {
        let event = if renewal.staged.is_some() { RenewalEvent::Exchanged } else { RenewalEvent::Failed };
        let mut next = self.advance(renewal, event)?;
        next.failure = Some(code.to_owned());
        self.write(&next, None).await
    }
}

/// A Page is a Messenger account; the Instagram account linked to it is another one.
fn accounts_of(page: &meta::Page) -> Vec<GrantedAccount> {
    let unusable = match &page.token {
        None => Some(Unusable::NoToken),
        Some(_) if !page.tasks.is_empty() && !page.tasks.iter().any(|task| task == "MESSAGING") => {
            Some(Unusable::NoMessagingTask)
        }
        Some(_) => None,
    };
    let messenger = GrantedAccount {
        key: AccountKey { kind: ChannelKind::Messenger, account_id: page.id.clone() },
        name: page.name.clone(),
        username: None,
        picture_url: page.picture_url.clone(),
        page_id: page.id.clone(),
        unusable,
    };
    let instagram = page.instagram.as_ref().map(|instagram| GrantedAccount {
        key: AccountKey { kind: ChannelKind::Instagram, account_id: instagram.id.clone() },
        name: instagram.name.clone().unwrap_or_else(|| page.name.clone()),
        username: Some(instagram.username.clone()),
        picture_url: instagram.picture_url.clone(),
        page_id: page.id.clone(),
        unusable,
    });
    std::iter::once(messenger).chain(instagram).collect()
}

fn page_tokens(pages: &[meta::Page]) -> BTreeMap<String, SecretString> {
    pages.iter().filter_map(|page| Some((page.id.clone(), page.token.clone()?))).collect()
}
