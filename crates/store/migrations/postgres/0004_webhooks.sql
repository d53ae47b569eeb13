-- Where the platform is told of events, and what of it has been told. A delivery is written in the
-- transaction of its event and known by endpoint and event: there is never a second one.

CREATE TABLE webhook_endpoints (
    id uuid PRIMARY KEY,
    url TEXT NOT NULL,
    description TEXT NOT NULL,
    secret_key_id TEXT NOT NULL,
    secret_ciphertext BYTEA NOT NULL,
    secret_version BIGINT NOT NULL,
    -- Signs too until then.
    previous_key_id TEXT,
    previous_ciphertext BYTEA,
    previous_version BIGINT,
    previous_until BIGINT,
    created_at BIGINT NOT NULL,
    disabled_at BIGINT,
    disabled_reason TEXT CHECK (disabled_reason IN ('gone', 'failing', 'operator')),
    -- Nothing has arrived since then.
    failing_since BIGINT,
    CONSTRAINT webhook_endpoints_previous_whole CHECK (
        (previous_key_id IS NULL) = (previous_ciphertext IS NULL)
        AND (previous_version IS NULL) = (previous_ciphertext IS NULL)
        AND (previous_until IS NULL) = (previous_ciphertext IS NULL)
    ),
    CONSTRAINT webhook_endpoints_disabled_whole CHECK ((disabled_at IS NULL) = (disabled_reason IS NULL))
);

CREATE TABLE webhook_deliveries (
    endpoint_id uuid NOT NULL REFERENCES webhook_endpoints (id) ON DELETE CASCADE,
    event_id uuid NOT NULL REFERENCES events (id) ON DELETE CASCADE,
    organization_id uuid NOT NULL REFERENCES organizations (id),
    created_at BIGINT NOT NULL,
    -- 0: at once, whatever the time is.
    due_at BIGINT NOT NULL DEFAULT 0,
    attempts BIGINT NOT NULL DEFAULT 0,
    last_attempt_at BIGINT,
    -- Of HTTP.
    last_status BIGINT,
    last_error TEXT,
    delivered_at BIGINT,
    given_up_at BIGINT,
    lease_owner TEXT,
    lease_until BIGINT,
    -- Rises with every claim, so that a late owner is known.
    lease_epoch BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (endpoint_id, event_id),
    CONSTRAINT webhook_deliveries_one_end CHECK (delivered_at IS NULL OR given_up_at IS NULL),
    CONSTRAINT webhook_deliveries_lease_whole CHECK ((lease_owner IS NULL) = (lease_until IS NULL))
);
CREATE INDEX webhook_deliveries_by_due ON webhook_deliveries (due_at)
    WHERE delivered_at IS NULL AND given_up_at IS NULL;
CREATE INDEX webhook_deliveries_waiting ON webhook_deliveries (endpoint_id, due_at, event_id)
    WHERE delivered_at IS NULL AND given_up_at IS NULL;
CREATE INDEX webhook_deliveries_by_event ON webhook_deliveries (event_id);
