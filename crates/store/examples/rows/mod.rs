//! Many connections, written as rows.

use lifecycle::Timestamp;

use super::bench::Bench;

/// Connections that are due, whatever the size.
const DUE: i64 = 500;
/// Connections of one organization.
const EACH: i64 = 3;

/// Organizations with connections and a channel each, written as rows.
/// Of them [`DUE`] are due for a look at their clocks, and, with `checks`, for a check.
pub async fn fill(bench: &Bench, size: i64, now: Timestamp, checks: bool) {
    let (id, empty, yes, series) = if bench.is_sqlite() {
        let series =
            "(WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < {}) SELECT i FROM n)";
        ("randomblob(16)", "x''", "1", series)
    } else {
        ("gen_random_uuid()", "''::bytea", "true", "(SELECT i FROM generate_series(0, {} - 1) AS i)")
    };
    let numbers = |count: i64| series.replace("{}", &count.to_string());
    let organizations = size / EACH + 1;
    let now = now.0;
    let later = now + 1_000_000;
    let spread = (size / DUE).max(1);
    let check_at = if checks { "watch_at" } else { "later" };
    for statement in [
        format!("INSERT INTO meta_apps (id, provider, app_id) VALUES ({id}, 'facebook', 'filled')"),
        format!(
            "INSERT INTO organizations (id, external_id, slug, name, time_zone, locale, created_at) \
             SELECT {id}, 'org-' || i, 'org-' || i, 'Loja', 'UTC', 'en', {now} FROM {} AS n",
            numbers(organizations)
        ),
        format!(
            "INSERT INTO connections (id, organization_id, meta_app_id, provider, grantee_id, grantee_name, \
             token_key_id, token_ciphertext, token_version, token_generation, scopes, proof, created_at, renewed_at, \
             version, check_at, watch_at) SELECT {id}, o.id, a.id, 'facebook', CAST(i AS TEXT), 'Ana', 'k', {empty}, 1, \
             1, '[]', 'works', {now}, {now}, 1, {check_at}, watch_at FROM (SELECT i, {later} + i AS later, \
             CASE WHEN i % {spread} = 0 THEN {now} - i ELSE {later} + i END AS watch_at FROM {} AS n) AS numbered \
             JOIN organizations o ON o.slug = 'org-' || (i / {EACH}) JOIN meta_apps a ON a.app_id = 'filled'",
            numbers(size)
        ),
        format!(
            "INSERT INTO channels (id, organization_id, connection_id, kind, account_id, name, token_generation, \
             proof, subscribed_fields, story_mentions, story_replies, created_at, version) SELECT {id}, \
             organization_id, id, 'messenger', grantee_id, 'Loja', 1, 'works', '[]', {yes}, {yes}, {now}, 1 \
             FROM connections"
        ),
        "ANALYZE".to_owned(),
    ] {
        bench.execute(&statement).await;
    }
}
