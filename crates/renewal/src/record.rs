//! The JSON that a renewal row carries, and the renewal with everything around it.

use std::collections::BTreeMap;

use lifecycle::{
    RenewalEvent, RenewalState, Timestamp,
    ids::RenewalId,
    proof::{self, ProofLine},
    reconcile::{AccountKey, GrantedAccount},
};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use store::{Channel, Connection, Renewal, Trail, User};

use crate::{Error, Identity, Renova, sealing::Place};

/// What is known about the staged tokens; no secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StagedFacts {
    /// App-scoped id of the Facebook person.
    pub grantee_id: String,
    pub grantee_name: String,
    pub scopes: Vec<String>,
    pub issued_at: Option<Timestamp>,
    pub expires_at: Option<Timestamp>,
    pub data_access_expires_at: Option<Timestamp>,
    /// Everything that Meta listed, usable or not.
    pub accounts: Vec<GrantedAccount>,
}

/// The staged tokens, sealed as a whole.
pub(crate) struct StagedTokens {
    pub user_token: SecretString,
    /// By Page id.
    pub page_tokens: BTreeMap<String, SecretString>,
}

impl StagedTokens {
    pub(crate) fn page_token(&self, page_id: &str) -> Option<SecretString> {
        self.page_tokens.get(page_id).cloned()
    }

    /// One JSON object, to be sealed at once.
    pub(crate) fn to_secret(&self) -> SecretString {
        let pages: serde_json::Map<_, _> =
            self.page_tokens.iter().map(|(page, token)| (page.clone(), token.expose_secret().into())).collect();
        let user = self.user_token.expose_secret();
        SecretString::from(serde_json::json!({"user_token": user, "page_tokens": pages}).to_string())
    }

    /// No error of this may quote what it read.
    fn from_secret(text: &SecretString) -> Option<Self> {
        let json: serde_json::Value = serde_json::from_str(text.expose_secret()).ok()?;
        let token = |value: &serde_json::Value| Some(SecretString::from(value.as_str()?));
        let pages = json.get("page_tokens")?.as_object()?.iter();
        Some(Self {
            user_token: token(json.get("user_token")?)?,
            page_tokens: pages.map(|(page, value)| Some((page.clone(), token(value)?))).collect::<Option<_>>()?,
        })
    }
}

/// The proof as gathered so far, and what it brought to light.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProofRecord {
    pub lines: Vec<ProofLine>,
    /// Fields subscribed for our app as read back, by Page id.
    #[serde(default)]
    pub subscribed: BTreeMap<String, Vec<String>>,
    /// Known at the commit: when which account could not receive.
    #[serde(default)]
    pub gaps: Vec<Gap>,
}

/// Messages of an account that may be missing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gap {
    pub account: String,
    pub from: Timestamp,
    pub to: Timestamp,
}

impl Default for ProofRecord {
    fn default() -> Self {
        Self { lines: proof::blank(), subscribed: BTreeMap::new(), gaps: Vec::new() }
    }
}

/// A renewal with everything that its page and its next step need.
#[derive(Clone, Debug)]
pub struct RenewalDetail {
    pub renewal: Renewal,
    pub connection: Option<Connection>,
    /// The connection's channels as they are now.
    pub channels: Vec<Channel>,
    pub staged: Option<StagedFacts>,
    pub selection: Option<Vec<AccountKey>>,
    pub proof: Option<ProofRecord>,
    /// Who is doing this.
    pub owner: Option<User>,
}

impl RenewalDetail {
    /// The accounts that were connected before.
    #[must_use]
    pub fn before(&self) -> Vec<AccountKey> {
        self.channels
            .iter()
            .map(|channel| AccountKey { kind: channel.kind, account_id: channel.account_id.clone() })
            .collect()
    }

    /// What stays on the platform: as chosen, or what would be ticked at first.
    #[must_use]
    pub fn selected(&self) -> Vec<AccountKey> {
        match (&self.selection, &self.staged) {
            (Some(selection), _) => selection.clone(),
            (None, Some(staged)) => lifecycle::reconcile::default_selection(&self.before(), &staged.accounts),
            (None, None) => Vec::new(),
        }
    }

    pub(crate) fn staged(&self) -> Result<&StagedFacts, Error> {
        self.staged.as_ref().ok_or(Error::Internal("nothing is staged"))
    }
}

impl Renova {
    /// One renewal of the reader's organization, with a state that respects its lifetime.
    ///
    /// # Errors
    /// [`Error::Forbidden`] for agents, before [`Error::NotFound`].
    pub async fn renewal(&self, who: &Identity, id: RenewalId) -> Result<RenewalDetail, Error> {
        who.require_admin()?;
        let renewal = self.parts.storage.renewal(who.organization, id).await?.ok_or(Error::NotFound)?;
        self.with_surroundings(renewal).await
    }

    /// The reader's own renewal, to act on.
    pub(crate) async fn own_renewal(&self, who: &Identity, id: RenewalId) -> Result<RenewalDetail, Error> {
        let detail = self.renewal(who, id).await?;
        if detail.renewal.user_id == who.user { Ok(detail) } else { Err(Error::OtherIsRenewing) }
    }

    pub(crate) async fn with_surroundings(&self, mut renewal: Renewal) -> Result<RenewalDetail, Error> {
        if !renewal.state.is_over() && renewal.expires_at <= self.now() {
            renewal.state = RenewalState::Expired;
        }
        let organization = renewal.organization_id;
        let storage = &self.parts.storage;
        let (connection, channels) = match renewal.connection_id {
            None => (None, Vec::new()),
            Some(id) => {
                (storage.connection(organization, id).await?, storage.channels_of_connection(organization, id).await?)
            }
        };
        let owner = storage.user(organization, renewal.user_id).await?;
        Ok(RenewalDetail {
            connection,
            channels,
            staged: read(renewal.staged_facts.as_deref())?,
            selection: read(renewal.selection.as_deref())?,
            proof: read(renewal.proof.as_deref())?,
            owner,
            renewal,
        })
    }

    /// The renewal after an event, ready to be written on condition of its version.
    pub(crate) fn advance(&self, renewal: &Renewal, event: RenewalEvent) -> Result<Renewal, Error> {
        let mut next = renewal.clone();
        next.state = renewal.state.after(event)?;
        next.version += 1;
        next.updated_at = self.now();
        next.failure = None;
        if next.state.is_over() {
            next.staged = None;
        }
        Ok(next)
    }

    /// Writes a renewal that [`Renova::advance`] made.
    pub(crate) async fn write(&self, next: &Renewal, trail: Option<&Trail>) -> Result<(), Error> {
        if self.parts.storage.update_renewal(next, &[], trail).await? { Ok(()) } else { Err(Error::Conflict) }
    }

    pub(crate) fn open_staged(&self, renewal: &Renewal) -> Result<StagedTokens, Error> {
        let sealed = renewal.staged.as_ref().ok_or(Error::Internal("nothing is staged"))?;
        let text = self.unseal(sealed, &Place::staged(renewal))?;
        StagedTokens::from_secret(&text).ok_or(Error::Internal("unreadable staged tokens"))
    }
}

fn read<T: serde::de::DeserializeOwned>(json: Option<&str>) -> Result<Option<T>, Error> {
    Ok(json.map(serde_json::from_str).transpose()?)
}
