//! What a tick asks must find its rows by an index: its cost depends on what is due, not on how
//! much there is.

use sqlx::Row as _;

use super::{SqliteStorage, api, audit, connections, jobs, meta_events, organizations, pictures, webhooks};
use crate::{System as _, sql};

/// The tables that grow, and what the queries call them.
const LARGE: [&str; 28] = [
    "audit_log",
    "organizations",
    "embed_sessions",
    "login_tickets",
    "connections",
    "snoozes",
    "channels",
    "pictures",
    "h",
    "message_marks",
    "forwards",
    "forward_accounts",
    "renewals",
    "f",
    "a",
    "mine",
    "earlier",
    "c",
    "webhook_deliveries",
    "d",
    "jobs",
    "n",
    "m",
    "notices",
    "reviews",
    "events",
    "token_reads",
    "idempotent_requests",
];

async fn plan(storage: &SqliteStorage, query: &'static str) -> Vec<String> {
    let explained = sqlx::AssertSqlSafe(format!("EXPLAIN QUERY PLAN {query}"));
    let rows = sqlx::query(explained).fetch_all(storage.writer()).await.unwrap();
    rows.iter().map(|row| row.get::<String, _>("detail")).collect()
}

#[tokio::test]
async fn what_is_asked_often_walks_through_no_table() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}/renova.db", folder.path().display());
    let storage = SqliteStorage::open(&url).await.unwrap();
    storage.migrate().await.unwrap();
    for query in [
        sql::connections::ANY_DUE,
        connections::CLAIM,
        sql::connections::ANY_FOR_WATCH,
        connections::CLAIM_WATCHES,
        connections::POSTPONE_WATCH,
        sql::connections::COUNT_FOR_WATCH,
        sql::connections::ANY_AHEAD,
        connections::PULL_CHECKS_BACK,
        connections::PULL_WATCH_BACK,
        sql::jobs::ANY_DUE,
        sql::embeds::BY_EMBED_ID,
        sql::embeds::sessions::BY_BEARER,
        sql::embeds::sessions::DELETE_ENDED,
        sql::embeds::tickets::DELETE_ENDED,
        jobs::CLAIM,
        sql::notices::WAITING_FOR,
        sql::notices::OF_CONNECTION,
        sql::notices::MAILS_SENT,
        sql::connections::OF_GRANTEE,
        sql::connections::OF_ACCOUNT,
        sql::connections::MAKE_DUE,
        sql::pictures::BY_HASH,
        sql::pictures::DELETE_UNSETTLED,
        sql::pictures::SETTLE,
        sql::pictures::DELETE_UNUSED,
        pictures::OF_ACCOUNTS,
        sql::reviews::OF_ORGANIZATION,
        sql::meta_events::ANY_DUE,
        sql::meta_events::NEWEST_MESSAGE,
        sql::meta_events::DROP,
        sql::overdue::ANY,
        sql::overdue::ORGANIZATIONS,
        sql::renewals::LEFT_ALONE,
        sql::snoozes::OF_USER,
        organizations::CHANGE_SEQS,
        meta_events::CLAIM,
        meta_events::RAISE_LAST_MESSAGE,
        meta_events::FORGET_MARKS,
        sql::webhooks::ANY_DUE,
        sql::webhooks::GIVE_UP_WAITING,
        sql::webhooks::OF_ENDPOINT,
        sql::audit::OF_ORGANIZATION,
        audit::OF_ACTIONS,
        audit::OF_CONNECTION,
        sql::audit::PAGE,
        sql::audit::PAGE_OF_KIND,
        sql::audit::PAGE_OF_USER,
        sql::audit::PAGE_OF_USER_AND_KIND,
        sql::audit::PAGE_OF_MACHINE,
        sql::audit::PAGE_OF_MACHINE_AND_KIND,
        webhooks::CLAIM,
        sql::api::BEGUN,
        sql::api::TOKEN_READS_OF,
        sql::api::connections::PAGE,
        sql::api::connections::PAGE_OF_ORGANIZATION,
        sql::api::channels::PAGE,
        sql::api::channels::PAGE_OF_ORGANIZATION,
        sql::api::events::PAGE,
        sql::api::events::PAGE_OF_ORGANIZATION,
        api::CONNECTIONS,
        api::CHANNELS,
        api::CHANNELS_OF_CONNECTIONS,
        api::ORGANIZATIONS,
    ] {
        let plan = plan(&storage, query).await;
        let searches = |step: &String| step.starts_with("SEARCH");
        assert!(plan.iter().any(searches), "{query}: {plan:#?}");
        let walks = |step: &String| {
            let table = step.strip_prefix("SCAN ").and_then(|rest| rest.split(' ').next());
            table.is_some_and(|table| LARGE.contains(&table))
        };
        assert!(!plan.iter().any(walks), "{query}: {plan:#?}");
    }
    let past = plan(&storage, audit::OF_CONNECTION).await;
    assert!(
        past.iter().any(|step| step.contains("audit_log_by_connection (organization_id=? AND about=?")),
        "{past:#?}"
    );
    // That a walk would be seen.
    let walk = plan(&storage, "SELECT * FROM connections WHERE grantee_name = 'x'").await;
    assert_eq!(walk, ["SCAN connections"]);
}
