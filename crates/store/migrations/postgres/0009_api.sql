-- What the platform's servers ask by the API. By real time.

-- Every token that has left, and by which key. Written before it leaves.
CREATE TABLE token_reads (
    seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    organization_id uuid NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
    api_key_id uuid NOT NULL,
    -- Stays when the channel goes.
    channel_id uuid NOT NULL,
    token_generation BIGINT NOT NULL,
    at BIGINT NOT NULL
);
CREATE INDEX token_reads_by_organization ON token_reads (organization_id, seq);

-- What was asked under an Idempotency-Key, and the answer, sealed: it may hold a secret.
CREATE TABLE idempotent_requests (
    api_key_id uuid NOT NULL REFERENCES api_keys (id) ON DELETE CASCADE,
    key_hash BYTEA NOT NULL CHECK (octet_length(key_hash) = 32),
    request_hash BYTEA NOT NULL CHECK (octet_length(request_hash) = 32),
    started_at BIGINT NOT NULL,
    -- None: it is under way.
    answer_key_id TEXT,
    answer_ciphertext BYTEA,
    answer_version BIGINT,
    PRIMARY KEY (api_key_id, key_hash),
    CONSTRAINT idempotent_requests_answer_whole CHECK (
        (answer_key_id IS NULL) = (answer_ciphertext IS NULL)
        AND (answer_version IS NULL) = (answer_ciphertext IS NULL)
    )
);
CREATE INDEX idempotent_requests_by_start ON idempotent_requests (started_at);

-- When anything about a channel changed last but its messages, by the clock of tokens.
ALTER TABLE channels ADD COLUMN changed_at BIGINT NOT NULL DEFAULT 0;
CREATE INDEX channels_by_change ON channels (changed_at, id);
CREATE INDEX channels_by_change_in_organization ON channels (organization_id, changed_at, id);

CREATE INDEX events_by_time ON events (at, id);
