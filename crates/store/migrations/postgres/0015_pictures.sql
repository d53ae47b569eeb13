-- The pictures of accounts: Meta's addresses of them end after hours or days. One that came with a log-in
-- waits until `settles_at` for a channel of its account; after that it goes with the last of them.
CREATE TABLE pictures (
    organization_id uuid NOT NULL REFERENCES organizations (id) ON DELETE CASCADE,
    account_id TEXT NOT NULL,
    -- SHA-256 of the bytes, in hexadecimal digits
    hash TEXT NOT NULL,
    settles_at BIGINT,
    bytes BYTEA NOT NULL,
    PRIMARY KEY (organization_id, account_id)
);
CREATE INDEX pictures_by_hash ON pictures (hash);
CREATE INDEX pictures_to_settle ON pictures (settles_at) WHERE settles_at IS NOT NULL;
