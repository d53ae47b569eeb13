//! The audit log, for those who answer for an organization.

use lifecycle::{
    Timestamp,
    ids::{ApiKeyId, AuditId, UserId},
};
use serde_json::Value;
use store::{AuditEntry, AuditFilter};

use crate::{ApiCaller, Error, Identity, Renova};

/// Entries on one page of the audit log.
pub const AUDIT_PAGE: usize = 50;

/// One page of the audit log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditPage {
    /// Newest first.
    pub entries: Vec<AuditEntry>,
    /// Where the next page begins; `None`: this is the last one.
    pub next: Option<(Timestamp, AuditId)>,
}

/// Who does what is written down.
#[derive(Clone, Copy)]
pub(crate) enum By<'a> {
    Person(&'a Identity),
    Key(&'a ApiCaller),
    /// The machine, or the command line.
    Itself,
}

/// In an entry's detail: the id of the key that asked for it.
const KEY: &str = "api_key";

impl By<'_> {
    pub(crate) fn user(self) -> Option<UserId> {
        if let Self::Person(who) = self { Some(who.user) } else { None }
    }

    /// The detail of the entry. What the platform is told stays as it is.
    pub(crate) fn noted_in(self, detail: &Value) -> Value {
        let mut detail = detail.clone();
        if let (Self::Key(caller), Some(detail)) = (self, detail.as_object_mut()) {
            detail.insert(KEY.to_owned(), caller.key.to_string().into());
        }
        detail
    }
}

/// The key that asked for what an entry tells of.
#[must_use]
pub fn key_of_entry(detail: &Value) -> Option<ApiKeyId> {
    detail.get(KEY)?.as_str()?.parse().ok()
}

impl<'a> From<&'a Identity> for By<'a> {
    fn from(who: &'a Identity) -> Self {
        Self::Person(who)
    }
}

impl<'a> From<Option<&'a Identity>> for By<'a> {
    fn from(who: Option<&'a Identity>) -> Self {
        who.map_or(Self::Itself, Self::Person)
    }
}

impl<'a> From<&'a ApiCaller> for By<'a> {
    fn from(caller: &'a ApiCaller) -> Self {
        if caller.is_command_line() { Self::Itself } else { Self::Key(caller) }
    }
}

impl Renova {
    /// One page of what was done in the reader's organization.
    pub async fn audit_page(&self, who: &Identity, filter: &AuditFilter) -> Result<AuditPage, Error> {
        who.require_admin()?;
        let one_more = i64::try_from(AUDIT_PAGE + 1).unwrap_or(i64::MAX);
        let mut entries = self.parts.storage.audit_page(who.organization, filter, one_more).await?;
        let has_more = entries.len() > AUDIT_PAGE;
        entries.truncate(AUDIT_PAGE);
        let next = entries.last().filter(|_| has_more).map(|last| (last.at, last.id));
        Ok(AuditPage { entries, next })
    }
}
