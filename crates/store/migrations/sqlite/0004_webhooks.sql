-- Where the platform is told of events, and what of it has been told. A delivery is written in the
-- transaction of its event and known by endpoint and event: there is never a second one.

CREATE TABLE webhook_endpoints (
    id BLOB PRIMARY KEY NOT NULL,
    url TEXT NOT NULL,
    description TEXT NOT NULL,
    secret_key_id TEXT NOT NULL,
    secret_ciphertext BLOB NOT NULL,
    secret_version INTEGER NOT NULL,
    -- Signs too until then.
    previous_key_id TEXT,
    previous_ciphertext BLOB,
    previous_version INTEGER,
    previous_until INTEGER,
    created_at INTEGER NOT NULL,
    disabled_at INTEGER,
    disabled_reason TEXT CHECK (disabled_reason IN ('gone', 'failing', 'operator')),
    -- Nothing has arrived since then.
    failing_since INTEGER,
    CONSTRAINT webhook_endpoints_previous_whole CHECK (
        (previous_key_id IS NULL) = (previous_ciphertext IS NULL)
        AND (previous_version IS NULL) = (previous_ciphertext IS NULL)
        AND (previous_until IS NULL) = (previous_ciphertext IS NULL)
    ),
    CONSTRAINT webhook_endpoints_disabled_whole CHECK ((disabled_at IS NULL) = (disabled_reason IS NULL))
) STRICT;

CREATE TABLE webhook_deliveries (
    endpoint_id BLOB NOT NULL REFERENCES webhook_endpoints (id) ON DELETE CASCADE,
    event_id BLOB NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    organization_id BLOB NOT NULL REFERENCES organizations (id),
    created_at INTEGER NOT NULL,
    -- 0: at once, whatever the time is.
    due_at INTEGER NOT NULL DEFAULT 0,
    attempts INTEGER NOT NULL DEFAULT 0,
    last_attempt_at INTEGER,
    -- Of HTTP.
    last_status INTEGER,
    last_error TEXT,
    delivered_at INTEGER,
    given_up_at INTEGER,
    lease_owner TEXT,
    lease_until INTEGER,
    -- Rises with every claim, so that a late owner is known.
    lease_epoch INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (endpoint_id, event_id),
    CONSTRAINT webhook_deliveries_one_end CHECK (delivered_at IS NULL OR given_up_at IS NULL),
    CONSTRAINT webhook_deliveries_lease_whole CHECK ((lease_owner IS NULL) = (lease_until IS NULL))
) STRICT, WITHOUT ROWID;
CREATE INDEX webhook_deliveries_by_due ON webhook_deliveries (due_at)
    WHERE delivered_at IS NULL AND given_up_at IS NULL;
CREATE INDEX webhook_deliveries_waiting ON webhook_deliveries (endpoint_id, due_at, event_id)
    WHERE delivered_at IS NULL AND given_up_at IS NULL;
CREATE INDEX webhook_deliveries_by_event ON webhook_deliveries (event_id);
