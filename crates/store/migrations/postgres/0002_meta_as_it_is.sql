-- What Meta sends is kept as little as possible: of a message a keyed hash of its id, its account,
-- kind and instants; the raw bytes only sealed, and only until the platform has them.

ALTER TABLE connections ADD COLUMN grantee_kind TEXT NOT NULL DEFAULT 'person'
    CHECK (grantee_kind IN ('person', 'business'));
-- Due for its next check from then on. What was there before is due at once.
ALTER TABLE connections ADD COLUMN check_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE connections ADD COLUMN check_failures BIGINT NOT NULL DEFAULT 0;
-- Why its token does not work: the stable word of what Meta's answer means.
ALTER TABLE connections ADD COLUMN problem TEXT;
ALTER TABLE channels ADD COLUMN problem TEXT;
DROP INDEX connections_due;
-- With the organization, so that turns are given without reading the rows.
CREATE INDEX connections_by_check ON connections (check_at, organization_id, id);
CREATE INDEX connections_by_grantee ON connections (meta_app_id, grantee_id);

ALTER TABLE channels ADD COLUMN last_message_at BIGINT;
CREATE INDEX channels_by_account ON channels (kind, account_id);
CREATE INDEX channels_by_last_message ON channels (last_message_at) WHERE last_message_at IS NOT NULL;

CREATE TABLE message_marks (
    mid_hash BYTEA PRIMARY KEY CHECK (octet_length(mid_hash) = 32),
    account_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    at BIGINT NOT NULL,
    received_at BIGINT NOT NULL
);
CREATE INDEX message_marks_by_receipt ON message_marks (received_at);

-- Gone as soon as the platform has it.
CREATE TABLE forwards (
    seq BIGSERIAL PRIMARY KEY,
    body_key_id TEXT NOT NULL,
    body_ciphertext BYTEA NOT NULL,
    body_version BIGINT NOT NULL,
    signature TEXT,
    received_at BIGINT NOT NULL,
    attempts BIGINT NOT NULL DEFAULT 0,
    due_at BIGINT NOT NULL,
    lease_owner TEXT,
    lease_until BIGINT,
    CONSTRAINT forwards_lease_whole CHECK ((lease_owner IS NULL) = (lease_until IS NULL))
);
CREATE INDEX forwards_by_due ON forwards (due_at);
CREATE INDEX forwards_by_receipt ON forwards (received_at);

CREATE TABLE forward_accounts (
    forward_seq BIGINT NOT NULL REFERENCES forwards (seq) ON DELETE CASCADE,
    account_id TEXT NOT NULL,
    PRIMARY KEY (forward_seq, account_id)
);
CREATE INDEX forward_accounts_in_order ON forward_accounts (account_id, forward_seq);

CREATE TABLE data_deletions (
    code TEXT PRIMARY KEY,
    user_hash BYTEA NOT NULL CHECK (octet_length(user_hash) = 32),
    issued_at BIGINT NOT NULL,
    requested_at BIGINT NOT NULL,
    completed_at BIGINT,
    connections BIGINT NOT NULL,
    CONSTRAINT data_deletions_request UNIQUE (user_hash, issued_at)
);

CREATE TABLE api_keys (
    id uuid PRIMARY KEY,
    -- NULL: the platform's
    organization_id uuid REFERENCES organizations (id),
    name TEXT NOT NULL,
    key_hash BYTEA NOT NULL CHECK (octet_length(key_hash) = 32),
    hint TEXT NOT NULL,
    -- JSON list of strings
    scopes TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    last_used_at BIGINT,
    revoked_at BIGINT,
    CONSTRAINT api_keys_hash UNIQUE (key_hash)
);
