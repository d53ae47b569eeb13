use lifecycle::{
    NoticeKind, Timestamp,
    ids::{ConnectionId, NoticeId, OrganizationId, UserId},
    notice::Policy,
};
use sqlx::FromRow;
use uuid::Uuid;

use crate::{Held, Job, Notice, Result, StoreError};

#[derive(FromRow)]
pub(crate) struct NoticeRow {
    id: Uuid,
    organization_id: Uuid,
    connection_id: Uuid,
    token_generation: i64,
    kind: String,
    about_at: i64,
    days: Option<i64>,
    asked_by: Option<Uuid>,
    detail: String,
    at: i64,
}

impl TryFrom<NoticeRow> for Notice {
    type Error = StoreError;

    fn try_from(row: NoticeRow) -> Result<Self> {
        let about = Timestamp(row.about_at);
        let kind = match (row.kind.as_str(), row.days) {
            ("expires", Some(days)) => NoticeKind::Expires { ends_at: about, days },
            ("stopped", None) => NoticeKind::Stopped { since: about },
            ("recovered", None) => NoticeKind::Recovered { at: about },
            ("requested", None) => NoticeKind::Requested { at: about },
            _ => return Err(StoreError::Corrupt { table: "notices", column: "kind" }),
        };
        Ok(Self {
            id: NoticeId::from_uuid(row.id),
            organization_id: OrganizationId::from_uuid(row.organization_id),
            connection_id: ConnectionId::from_uuid(row.connection_id),
            token_generation: row.token_generation,
            kind,
            asked_by: row.asked_by.map(UserId::from_uuid),
            detail: row.detail,
            at: Timestamp(row.at),
        })
    }
}

/// What a notice speaks of, and the threshold of a warning.
pub(crate) const fn about(kind: NoticeKind) -> (i64, Option<i64>) {
    match kind {
        NoticeKind::Expires { ends_at, days } => (ends_at.0, Some(days)),
        NoticeKind::Stopped { since } => (since.0, None),
        NoticeKind::Recovered { at } | NoticeKind::Requested { at } => (at.0, None),
    }
}

#[derive(FromRow)]
pub(crate) struct PolicyRow {
    thresholds: String,
    from_hour: i64,
    to_hour: i64,
}

impl TryFrom<PolicyRow> for Policy {
    type Error = StoreError;

    fn try_from(row: PolicyRow) -> Result<Self> {
        let thresholds = serde_json::from_str(&row.thresholds)
            .map_err(|_| StoreError::Corrupt { table: "warning_policies", column: "thresholds" })?;
        Ok(Self { thresholds, from_hour: row.from_hour, to_hour: row.to_hour })
    }
}

#[derive(FromRow)]
pub(crate) struct JobRow {
    subject: String,
    attempts: i64,
    lease_owner: String,
    lease_epoch: i64,
}

impl From<JobRow> for Job {
    fn from(row: JobRow) -> Self {
        Self {
            subject: row.subject,
            attempts: row.attempts,
            held: Held { owner: row.lease_owner, epoch: row.lease_epoch },
        }
    }
}
