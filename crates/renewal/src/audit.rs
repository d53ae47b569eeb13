//! The audit log, for those who answer for an organization.

use lifecycle::{Timestamp, ids::AuditId};
use store::{AuditEntry, AuditFilter};

use crate::{Error, Identity, Renova};

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
