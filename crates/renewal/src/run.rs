//! Several connections renewed one after another in one run.

use std::collections::HashSet;

use lifecycle::{Severity, clock::HOUR_MS, ids::ConnectionId};
use store::{AuditActor, AuditFilter};

use crate::{ConnectionState, Error, Identity, Renova};

/// What somebody has renewed within this time belongs to the same run.
const RUN_MS: i64 = HOUR_MS;
/// Entries of the audit log that are looked through.
const REMEMBERED: i64 = 50;

/// The connection that calls for a renewal next.
#[derive(Clone, Debug)]
pub struct NextRenewal {
    pub connection: ConnectionState,
    /// Its place in the run, from 1 on.
    pub number: usize,
    /// How many the run has: renewed and still to renew.
    pub of: usize,
}

impl Renova {
    /// What the reader may go on with after a renewal, the most urgent first; `None`: nothing calls.
    pub async fn next_renewal(&self, who: &Identity) -> Result<Option<NextRenewal>, Error> {
        who.require_admin()?;
        let waiting = self.connections_from(who, Severity::Soon).await?;
        let Some(connection) = waiting.first().cloned() else { return Ok(None) };
        let mut run = self.renewed_lately(who).await?;
        run.retain(|id| waiting.iter().all(|state| state.connection.id != *id));
        let number = run.len() + 1;
        Ok(Some(NextRenewal { connection, number, of: run.len() + waiting.len() }))
    }

    /// By the reader.
    async fn renewed_lately(&self, who: &Identity) -> Result<HashSet<ConnectionId>, Error> {
        let filter = AuditFilter {
            by: Some(AuditActor::User(who.user)),
            kind: Some("connection".to_owned()),
            ..AuditFilter::default()
        };
        let since = self.now().plus(-RUN_MS);
        let entries = self.parts.storage.audit_page(who.organization, &filter, REMEMBERED).await?;
        let renews = |action: &str| ["connection.renewed", "connection.passed"].contains(&action);
        let renewed = entries.iter().filter(|entry| renews(&entry.action) && entry.at > since);
        Ok(renewed.filter_map(|entry| entry.subject.parse().ok()).collect())
    }
}
