use crate::{AuditActor, AuditFilter};

pub(crate) const INSERT: &str = "INSERT INTO audit_log (id, organization_id, user_id, action, subject, detail, at) \
     VALUES ($1, $2, $3, $4, $5, $6, $7)";

pub(crate) const INSERT_EVENT: &str = "INSERT INTO events (id, organization_id, kind, data, at) \
     VALUES ($1, $2, $3, $4, $5)";

/// Without the embed sessions: one for each page that shows a banner.
pub(crate) const OF_ORGANIZATION: &str = "SELECT id, organization_id, user_id, action, subject, detail, at \
     FROM audit_log WHERE organization_id = $1 AND action <> 'embed.session_created' \
     ORDER BY at DESC, id DESC LIMIT $2";

/// Of the actions that `$2` lists; by the indexes that leave out the embed sessions.
macro_rules! of_actions {
    ($listed:literal, $about:literal) => {
        concat!(
            "SELECT id, organization_id, user_id, action, subject, detail, at FROM audit_log \
             WHERE organization_id = $1 AND action <> 'embed.session_created' AND action ",
            $listed,
            $about,
            " ORDER BY at DESC, id DESC LIMIT $3"
        )
    };
}
pub(crate) use of_actions;

/// A page of it: each filter is a query of its own, so that each finds its rows by an index.
macro_rules! page {
    ($filter:literal) => {
        concat!(
            "SELECT id, organization_id, user_id, action, subject, detail, at FROM audit_log \
             WHERE organization_id = $1 AND (at, id) < ($2, $3)",
            $filter,
            " ORDER BY at DESC, id DESC LIMIT $4"
        )
    };
}

pub(crate) const PAGE: &str = page!("");
pub(crate) const PAGE_OF_KIND: &str = page!(" AND kind = $5");
pub(crate) const PAGE_OF_USER: &str = page!(" AND user_id = $5");
pub(crate) const PAGE_OF_USER_AND_KIND: &str = page!(" AND user_id = $5 AND kind = $6");
pub(crate) const PAGE_OF_MACHINE: &str = page!(" AND user_id IS NULL");
pub(crate) const PAGE_OF_MACHINE_AND_KIND: &str = page!(" AND user_id IS NULL AND kind = $5");

/// The query for a filter; it takes the organization, the cursor, the limit, then the user and the
/// kind, those that the filter names.
pub(crate) const fn page_of(filter: &AuditFilter) -> &'static str {
    match (filter.by, &filter.kind) {
        (None, None) => PAGE,
        (None, Some(_)) => PAGE_OF_KIND,
        (Some(AuditActor::User(_)), None) => PAGE_OF_USER,
        (Some(AuditActor::User(_)), Some(_)) => PAGE_OF_USER_AND_KIND,
        (Some(AuditActor::Machine), None) => PAGE_OF_MACHINE,
        (Some(AuditActor::Machine), Some(_)) => PAGE_OF_MACHINE_AND_KIND,
    }
}

/// Whatever names `$2`, an id in full.
pub(crate) const ERASE: &str = "UPDATE audit_log SET detail = '{\"erased\":true}' \
     WHERE organization_id = $1 AND (subject = $2 OR detail LIKE '%' || $2 || '%')";

pub(crate) const ERASE_EVENTS: &str = "UPDATE events SET data = '{\"erased\":true}' \
     WHERE organization_id = $1 AND data LIKE '%' || $2 || '%'";
