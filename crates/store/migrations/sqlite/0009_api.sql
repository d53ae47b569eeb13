-- What the platform's servers ask by the API. By real time.

-- Every token that has left, and by which key. Written before it leaves.
CREATE TABLE token_reads (
    seq INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    organization_id BLOB NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
    api_key_id BLOB NOT NULL,
    -- Stays when the channel goes.
    channel_id BLOB NOT NULL,
    token_generation INTEGER NOT NULL,
    at INTEGER NOT NULL
) STRICT;
CREATE INDEX token_reads_by_organization ON token_reads (organization_id, seq);

-- What was asked under an Idempotency-Key, and the answer, sealed: it may hold a secret.
CREATE TABLE idempotent_requests (
    api_key_id BLOB NOT NULL REFERENCES api_keys (id) ON DELETE CASCADE,
    key_hash BLOB NOT NULL CHECK (length(key_hash) = 32),
    request_hash BLOB NOT NULL CHECK (length(request_hash) = 32),
    started_at INTEGER NOT NULL,
    -- None: it is under way.
    answer_key_id TEXT,
    answer_ciphertext BLOB,
    answer_version INTEGER,
    PRIMARY KEY (api_key_id, key_hash),
    CONSTRAINT idempotent_requests_answer_whole CHECK (
        (answer_key_id IS NULL) = (answer_ciphertext IS NULL)
        AND (answer_version IS NULL) = (answer_ciphertext IS NULL)
    )
) STRICT, WITHOUT ROWID;
CREATE INDEX idempotent_requests_by_start ON idempotent_requests (started_at);

-- When anything about a channel changed last but its messages, by the clock of tokens.
ALTER TABLE channels ADD COLUMN changed_at INTEGER NOT NULL DEFAULT 0;
CREATE INDEX channels_by_change ON channels (changed_at, id);
CREATE INDEX channels_by_change_in_organization ON channels (organization_id, changed_at, id);

CREATE INDEX events_by_time ON events (at, id);
