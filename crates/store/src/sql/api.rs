//! Requests with an `Idempotency-Key`, tokens that left, lists across organizations.

/// Hits no row where the same key came before.
pub(crate) const BEGIN: &str = "INSERT INTO idempotent_requests (api_key_id, key_hash, request_hash, started_at) \
     VALUES ($1, $2, $3, $4) ON CONFLICT (api_key_id, key_hash) DO UPDATE SET request_hash = excluded.request_hash, \
     started_at = excluded.started_at, answer_key_id = NULL, answer_ciphertext = NULL, answer_version = NULL \
     WHERE idempotent_requests.started_at <= $6 \
     OR (idempotent_requests.answer_ciphertext IS NULL AND idempotent_requests.started_at <= $5)";

pub(crate) const BEGUN: &str = "SELECT request_hash, answer_key_id, answer_ciphertext, answer_version \
     FROM idempotent_requests WHERE api_key_id = $1 AND key_hash = $2";

pub(crate) const ANSWER: &str = "UPDATE idempotent_requests SET answer_key_id = $4, answer_ciphertext = $5, \
     answer_version = $6 WHERE api_key_id = $1 AND key_hash = $2 AND request_hash = $3 AND answer_ciphertext IS NULL";

pub(crate) const DROP: &str = "DELETE FROM idempotent_requests \
     WHERE api_key_id = $1 AND key_hash = $2 AND request_hash = $3 AND answer_ciphertext IS NULL";

pub(crate) const FORGET: &str = "DELETE FROM idempotent_requests WHERE started_at <= $1";

pub(crate) const TOKEN_READS_OF: &str = "SELECT organization_id, api_key_id, channel_id, token_generation, at \
     FROM token_reads WHERE organization_id = $1 ORDER BY seq DESC LIMIT $2";

/// They are in the order of their instants but for clocks that differ a little, so the oldest are the first.
pub(crate) const FORGET_TOKEN_READS: &str = "DELETE FROM token_reads WHERE at < $1 \
     AND seq IN (SELECT seq FROM token_reads ORDER BY seq LIMIT 5000)";

pub(crate) mod connections {
    use crate::sql::connections::columns;

    pub(crate) const PAGE: &str =
        concat!("SELECT ", columns!(), " FROM connections WHERE id > $1 ORDER BY id LIMIT $2");

    pub(crate) const PAGE_OF_ORGANIZATION: &str =
        concat!("SELECT ", columns!(), " FROM connections WHERE organization_id = $3 AND id > $1 ORDER BY id LIMIT $2");
}

pub(crate) mod channels {
    use crate::sql::connections::channels::columns;

    pub(crate) const PAGE: &str = concat!(
        "SELECT ",
        columns!(),
        ", changed_at FROM channels WHERE (changed_at, id) > ($1, $2) ORDER BY changed_at, id LIMIT $3"
    );

    pub(crate) const PAGE_OF_ORGANIZATION: &str = concat!(
        "SELECT ",
        columns!(),
        ", changed_at FROM channels WHERE organization_id = $4 AND (changed_at, id) > ($1, $2) \
         ORDER BY changed_at, id LIMIT $3"
    );
}

/// Without trial events, which belong to one endpoint.
pub(crate) mod events {
    pub(crate) const PAGE: &str = "SELECT id, organization_id, kind, data, at FROM events \
         WHERE (at, id) > ($1, $2) AND at <= $3 AND kind <> 'webhook.test' ORDER BY at, id LIMIT $4";

    pub(crate) const PAGE_OF_ORGANIZATION: &str = "SELECT id, organization_id, kind, data, at FROM events \
         WHERE organization_id = $5 AND (at, id) > ($1, $2) AND at <= $3 AND kind <> 'webhook.test' \
         ORDER BY at, id LIMIT $4";
}
