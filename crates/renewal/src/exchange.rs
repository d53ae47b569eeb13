//! The parked code becomes staged tokens: what the grant is, whose, and what it reaches.

use std::sync::Arc;

use lifecycle::{
    GranteeKind, RenewalEvent, RenewalState, Timestamp,
    clock::SECOND_MS,
    grantee::{self, Grantee, Succession},
    ids::RenewalId,
    reconcile::{AccountKey, GrantedAccount, Listing, Unusable},
    renewal::AUTO_FINISH_AFTER_MS,
};
use serde_json::json;
use store::{Connection, LoginAttempt, Renewal};

use crate::{
    Error, Identity, Renova,
    apps::channel_kind,
    record::{RenewalDetail, StagedFacts, StagedTokens, shares_account},
    sealing::Place,
};

/// How often a write is tried again on a row that changed meanwhile.
const WRITE_TRIES: usize = 3;

/// What Meta gave for a code.
pub(crate) struct Granted {
    pub tokens: StagedTokens,
    pub facts: StagedFacts,
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

    async fn exchange_now(self: &Arc<Self>, who: &Identity, id: RenewalId) -> Result<(), Error> {
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
        self.check_own_later(&detail.renewal).await?;
        let granted = self.ask_meta(&attempt, &detail.renewal).await;
        let outcome = match granted {
            Ok(granted) => {
                let outcome = self.stage(&detail, &granted).await;
                self.check_siblings(&detail.renewal, &granted.facts).await?;
                self.fetch_pictures(who.organization, &granted.facts.accounts);
                outcome
            }
            Err(Error::Meta(error)) => {
                tracing::warn!(%error, renewal = %id, "the code could not be exchanged");
                self.fail(&detail.renewal, error.code()).await
            }
            Err(error) => Err(error),
        };
        self.parts.storage.forget_code(&attempt).await?;
        outcome
    }

    async fn ask_meta(&self, attempt: &LoginAttempt, renewal: &Renewal) -> Result<Granted, Error> {
        let app = self.app_of(renewal.meta_app_id)?;
        let sealed = attempt.code.as_ref().ok_or(Error::Internal("no code is parked"))?;
        let code = self.unseal(sealed, &Place::code(attempt, renewal.meta_app_id))?;
        let now = self.now().0.div_euclid(SECOND_MS);
        Ok(granted(app.login.exchange(&attempt.redirect_uri, &code, now).await?))
    }

    async fn stage(&self, detail: &RenewalDetail, granted: &Granted) -> Result<(), Error> {
        let facts = &granted.facts;
        if let Some(connection) = &detail.connection {
            let before = Grantee { kind: connection.grantee_kind, id: &connection.grantee_id };
            let after = Grantee { kind: facts.grantee_kind, id: &facts.grantee_id };
            match grantee::succession(before, after, shares_account(&detail.before(), facts)) {
                Succession::Same => {}
                Succession::ToBusiness if self.other_connection_of(detail, facts).await?.is_some() => {
                    return self.fail(&detail.renewal, Error::AlreadyConnected.code()).await;
                }
                Succession::ToBusiness => {}
                Succession::Other => return self.stage_mismatch(&detail.renewal, granted).await,
            }
        }
        self.stage_on(detail.renewal.clone(), granted).await
    }

    async fn stage_on(&self, mut current: Renewal, granted: &Granted) -> Result<(), Error> {
        for _ in 0..WRITE_TRIES {
            let (next, supersede) = match self.staged_renewal(&current, granted).await {
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

    /// This log-in may have taken Pages away from the connection's present token. If nobody goes on to
    /// replace it, the connection is looked at.
    async fn check_own_later(&self, renewal: &Renewal) -> Result<(), Error> {
        let own: Vec<_> = renewal.connection_id.into_iter().collect();
        Ok(self.parts.storage.make_due(&own, self.now().plus(AUTO_FINISH_AFTER_MS)).await?)
    }

    /// Meta keeps one grant for each (person, app): this log-in may have taken Pages away from other
    /// connections of the same person, in whatever organization, whatever becomes of this renewal.
    /// They are checked at once.
    async fn check_siblings(&self, renewal: &Renewal, facts: &StagedFacts) -> Result<(), Error> {
        let storage = &self.parts.storage;
        let of_grantee = storage.connections_of_grantee(renewal.meta_app_id, &facts.grantee_id).await?;
        let others = of_grantee.iter().filter(|connection| Some(connection.id) != renewal.connection_id);
        let others: Vec<_> = others.map(|connection| connection.id).collect();
        Ok(storage.make_due(&others, self.now()).await?)
    }

    /// The renewal with its staged tokens, and open renewals that it replaces.
    ///
    /// # Errors
    /// [`Error::OtherIsRenewing`]: another administrator is renewing the connection of this person.
    async fn staged_renewal(&self, current: &Renewal, granted: &Granted) -> Result<(Renewal, Vec<RenewalId>), Error> {
        let mut next = self.advance(current, RenewalEvent::Exchanged)?;
        self.put_staged(&mut next, granted)?;
        if next.connection_id.is_some() {
            return Ok((next, Vec::new()));
        }
        // A first connection by somebody who is connected already is a renewal.
        let Some(known) = self.connection_of_grantee(&next, &granted.facts).await? else {
            return Ok((next, Vec::new()));
        };
        next.connection_id = Some(known.id);
        let open = self.parts.storage.open_renewal_of_connection(next.organization_id, known.id).await?;
        match open {
            Some(open) if open.user_id != next.user_id && open.expires_at > self.now() => Err(Error::OtherIsRenewing),
            open => Ok((next, open.map(|open| open.id).into_iter().collect())),
        }
    }

    fn put_staged(&self, next: &mut Renewal, granted: &Granted) -> Result<(), Error> {
        let secret = granted.tokens.to_secret();
        // The row's version only rises: an older ciphertext of this row never opens again.
        next.staged = Some(self.seal(&secret, &Place::staged(next), next.version)?);
        next.staged_facts = Some(serde_json::to_string(&granted.facts)?);
        next.selection = None;
        next.proof = None;
        Ok(())
    }

    /// The organization's connection by the same person or business through the same app.
    pub(crate) async fn connection_of_grantee(
        &self,
        renewal: &Renewal,
        staged: &StagedFacts,
    ) -> Result<Option<Connection>, Error> {
        let storage = &self.parts.storage;
        let connections = storage.connections_of_grantee(renewal.meta_app_id, &staged.grantee_id).await?;
        Ok(connections.into_iter().find(|connection| connection.organization_id == renewal.organization_id))
    }

    /// Another person than the connection's: nothing goes on with the new tokens unless the
    /// administrator hands the connection over.
    async fn stage_mismatch(&self, renewal: &Renewal, granted: &Granted) -> Result<(), Error> {
        if renewal.staged.is_some() {
            return self.fail(renewal, "other_person_again").await;
        }
        let mut next = self.advance(renewal, RenewalEvent::OtherPerson)?;
        self.put_staged(&mut next, granted)?;
        next.failure = Some("other_person".to_owned());
        self.write(&next, None).await
    }

    /// Stores what went wrong. Tokens that an earlier log-in staged stay: the wizard goes back to them.
    pub(crate) async fn fail(&self, renewal: &Renewal, code: &str) -> Result<(), Error> {
        let event = if renewal.staged.is_some() { RenewalEvent::Exchanged } else { RenewalEvent::Failed };
        let mut next = self.advance(renewal, event)?;
        next.failure = Some(code.to_owned());
        let detail = json!({"renewal": next.id, "connection": next.connection_id, "problem": code});
        let trail = self.trail(next.organization_id, None, "renewal.failed", next.id, detail, true);
        self.write(&next, Some(&trail)).await
    }
}

pub(crate) fn granted(grant: meta::Grant) -> Granted {
    let at = |seconds: Option<i64>| seconds.map(Timestamp::from_seconds);
    let accounts = grant.accounts.list;
    let tokens = accounts.iter().filter_map(|account| Some((account.id.clone(), account.token.clone()?))).collect();
    let facts = StagedFacts {
        grantee_kind: match grant.grantee {
            meta::Grantee::Person => GranteeKind::Person,
            meta::Grantee::Business => GranteeKind::Business,
        },
        grantee_id: grant.grantee_id,
        grantee_name: grant.grantee_name,
        scopes: grant.scopes,
        issued_at: at(grant.issued_at),
        expires_at: at(grant.expires_at),
        data_access_expires_at: at(grant.data_access_expires_at),
        accounts: accounts.into_iter().map(account).collect(),
        listing: if grant.accounts.complete { Listing::Whole } else { Listing::Partial },
    };
    Granted { tokens: StagedTokens { user_token: grant.token, page_tokens: tokens }, facts }
}

fn account(account: meta::Account) -> GrantedAccount {
    GrantedAccount {
        key: AccountKey { kind: channel_kind(account.kind), account_id: account.id },
        name: account.name,
        username: account.username,
        picture_url: account.picture_url,
        served_by: account.served_by,
        unusable: account.unusable.map(|why| match why {
            meta::Unusable::NoToken => Unusable::NoToken,
            meta::Unusable::NoMessagingTask => Unusable::NoMessagingTask,
        }),
    }
}
