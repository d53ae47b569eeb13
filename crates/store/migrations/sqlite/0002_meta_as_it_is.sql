-- What Meta sends is kept as little as possible: of a message a keyed hash of its id, its account,
-- kind and instants; the raw bytes only sealed, and only until the platform has them.

ALTER TABLE connections ADD COLUMN grantee_kind TEXT NOT NULL DEFAULT 'person'
    CHECK (grantee_kind IN ('person', 'business'));
-- Due for its next check from then on. What was there before is due at once.
ALTER TABLE connections ADD COLUMN check_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE connections ADD COLUMN check_failures INTEGER NOT NULL DEFAULT 0;
-- Why its token does not work: the stable word of what Meta's answer means.
ALTER TABLE connections ADD COLUMN problem TEXT;
ALTER TABLE channels ADD COLUMN problem TEXT;
DROP INDEX connections_due;
-- With the organization, so that turns are given without reading the rows.
CREATE INDEX connections_by_check ON connections (check_at, organization_id, id);
CREATE INDEX connections_by_grantee ON connections (meta_app_id, grantee_id);

ALTER TABLE channels ADD COLUMN last_message_at INTEGER;
CREATE INDEX channels_by_account ON channels (kind, account_id);
CREATE INDEX channels_by_last_message ON channels (last_message_at) WHERE last_message_at IS NOT NULL;

CREATE TABLE message_marks (
    mid_hash BLOB PRIMARY KEY NOT NULL CHECK (length(mid_hash) = 32),
    account_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    at INTEGER NOT NULL,
    received_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX message_marks_by_receipt ON message_marks (received_at);

-- Gone as soon as the platform has it.
CREATE TABLE forwards (
    seq INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
    body_key_id TEXT NOT NULL,
    body_ciphertext BLOB NOT NULL,
    body_version INTEGER NOT NULL,
    signature TEXT,
    received_at INTEGER NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    due_at INTEGER NOT NULL,
    lease_owner TEXT,
    lease_until INTEGER,
    CONSTRAINT forwards_lease_whole CHECK ((lease_owner IS NULL) = (lease_until IS NULL))
) STRICT;
CREATE INDEX forwards_by_due ON forwards (due_at);
CREATE INDEX forwards_by_receipt ON forwards (received_at);

CREATE TABLE forward_accounts (
    forward_seq INTEGER NOT NULL REFERENCES forwards (seq) ON DELETE CASCADE,
    account_id TEXT NOT NULL,
    PRIMARY KEY (forward_seq, account_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX forward_accounts_in_order ON forward_accounts (account_id, forward_seq);

CREATE TABLE data_deletions (
    code TEXT PRIMARY KEY NOT NULL,
    user_hash BLOB NOT NULL CHECK (length(user_hash) = 32),
    issued_at INTEGER NOT NULL,
    requested_at INTEGER NOT NULL,
    completed_at INTEGER,
    connections INTEGER NOT NULL,
    CONSTRAINT data_deletions_request UNIQUE (user_hash, issued_at)
) STRICT;

CREATE TABLE api_keys (
    id BLOB PRIMARY KEY NOT NULL,
    -- NULL: the platform's
    organization_id BLOB REFERENCES organizations (id),
    name TEXT NOT NULL,
    key_hash BLOB NOT NULL CHECK (length(key_hash) = 32),
    hint TEXT NOT NULL,
    -- JSON list of strings
    scopes TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    last_used_at INTEGER,
    revoked_at INTEGER,
    CONSTRAINT api_keys_hash UNIQUE (key_hash)
) STRICT;
