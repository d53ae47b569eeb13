//! The JSON that a renewal row carries, and the renewal with everything around it.

use std::collections::BTreeMap;

use lifecycle::{
    ChannelKind, GranteeKind, RenewalEvent, RenewalState, Timestamp,
    ids::RenewalId,
    proof::{self, ProofLine},
    reconcile::{AccountKey, GrantedAccount, Listing},
};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use store::{Channel, Connection, Renewal, Trail, User};

use crate::{Error, Identity, Renova, apps::object_of, sealing::Place};

/// What is known about the staged tokens; no secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StagedFacts {
    #[serde(default)]
    pub grantee_kind: GranteeKind,
    /// App-scoped id of the Facebook person or Instagram account, or the business' id.
    pub grantee_id: String,
    pub grantee_name: String,
    pub scopes: Vec<String>,
    pub issued_at: Option<Timestamp>,
    pub expires_at: Option<Timestamp>,
    pub data_access_expires_at: Option<Timestamp>,
    /// Everything that Meta listed, usable or not.
    pub accounts: Vec<GrantedAccount>,
    /// What the absence of an account means.
    #[serde(default)]
    pub listing: Listing,
}

/// The staged tokens, sealed as a whole.
pub(crate) struct StagedTokens {
    /// The grant's own.
    pub user_token: SecretString,
    /// By the id of the Page, or of the Instagram account with Instagram Login.
    pub page_tokens: BTreeMap<String, SecretString>,
}

impl StagedTokens {
    /// The token of a Page, or of an account with Instagram Login.
    pub(crate) fn token_of(&self, served_by: &str) -> Option<SecretString> {
        self.page_tokens.get(served_by).cloned()
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
    /// Fields subscribed for our app as read back, by the id of the Page, or of the account with
    /// Instagram Login.
    #[serde(default)]
    pub subscribed: BTreeMap<String, Vec<String>>,
    /// What the app as a whole is subscribed to, by webhook object; `None`: it could not be read.
    #[serde(default)]
    pub app_fields: Option<BTreeMap<String, Vec<String>>>,
    /// Known at the commit: when which account could not receive.
    #[serde(default)]
    pub gaps: Vec<Gap>,
}

impl ProofRecord {
    /// The fields that really arrive for an account: subscribed at its Page (or itself) and for the
    /// app as a whole.
    #[must_use]
    pub fn effective_fields(&self, kind: ChannelKind, served_by: &str) -> Option<Vec<String>> {
        let subscribed = self.subscribed.get(served_by)?;
        Some(effective(self.app_fields.as_ref(), kind, subscribed))
    }
}

/// Of the fields subscribed at the account, those that the app as a whole is subscribed to as well.
/// Meta: `graph-api/reference/page/subscribed_apps`.
pub(crate) fn effective(
    app_fields: Option<&BTreeMap<String, Vec<String>>>,
    kind: ChannelKind,
    subscribed: &[String],
) -> Vec<String> {
    let Some(app_fields) = app_fields else { return subscribed.to_vec() };
    let of_object = app_fields.get(object_of(kind));
    let there = |name: &str| of_object.is_some_and(|fields| fields.iter().any(|it| it == name));
    let arrives = |field: &&String| match kind {
        ChannelKind::Messenger => there(field),
        ChannelKind::Instagram => there(field) || there(meta::instagram_name(field)),
    };
    subscribed.iter().filter(arrives).cloned().collect()
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
        Self { lines: proof::blank(), subscribed: BTreeMap::new(), app_fields: None, gaps: Vec::new() }
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

    /// The accounts of before about which the log-in says nothing: they stay as they are.
    #[must_use]
    pub fn untouched(&self) -> Vec<AccountKey> {
        let Some(staged) = &self.staged else { return Vec::new() };
        lifecycle::reconcile::untouched(&self.before(), &staged.accounts, staged.listing)
    }

    /// Somebody else than the connection's person logged in, and could take the connection over.
    #[must_use]
    pub fn may_be_handed_over(&self) -> bool {
        self.renewal.state == RenewalState::Mismatched
            && self.renewal.staged.is_some()
            && self.staged.as_ref().is_some_and(|staged| shares_account(&self.before(), staged))
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
        who.require_admin_for(id)?;
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
        if next.state.is_over() && next.state != RenewalState::Finished {
            // They name a person who has no connection here, perhaps.
            next.staged_facts = None;
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

/// The log-in can use at least one account of before.
pub(crate) fn shares_account(before: &[AccountKey], staged: &StagedFacts) -> bool {
    staged.accounts.iter().any(|account| account.unusable.is_none() && before.contains(&account.key))
}

pub(crate) fn read<T: serde::de::DeserializeOwned>(json: Option<&str>) -> Result<Option<T>, Error> {
    Ok(json.map(serde_json::from_str).transpose()?)
}
