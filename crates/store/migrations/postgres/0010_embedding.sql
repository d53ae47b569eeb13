-- Names an organization in the address of a frame. Public, and random so that nobody counts customers.
ALTER TABLE organizations ADD COLUMN embed_id TEXT NOT NULL DEFAULT replace(gen_random_uuid()::TEXT, '-', '');
CREATE UNIQUE INDEX organizations_embed_id ON organizations (embed_id);

-- Which pages may show Renova inside: those of one organization, and, without one, the platform's.
CREATE TABLE embed_origins (
    organization_id uuid REFERENCES organizations (id) ON DELETE CASCADE,
    origin TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX embed_origins_of_organization ON embed_origins (organization_id, origin)
    WHERE organization_id IS NOT NULL;
CREATE UNIQUE INDEX embed_origins_of_platform ON embed_origins (origin) WHERE organization_id IS NULL;
CREATE INDEX embed_origins_by_origin ON embed_origins (origin);

-- Who sees Renova inside a page. Its token is redeemed once, for a bearer that ends with it.
CREATE TABLE embed_sessions (
    token_hash BYTEA PRIMARY KEY CHECK (octet_length(token_hash) = 32),
    organization_id uuid NOT NULL,
    user_id uuid NOT NULL,
    origin TEXT NOT NULL,
    return_url TEXT,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    redeemed_at BIGINT,
    bearer_hash BYTEA CHECK (octet_length(bearer_hash) = 32),
    CONSTRAINT embed_sessions_bearer UNIQUE (bearer_hash),
    CONSTRAINT embed_sessions_redeemed_whole CHECK ((redeemed_at IS NULL) = (bearer_hash IS NULL)),
    FOREIGN KEY (organization_id, user_id) REFERENCES users (organization_id, id) ON DELETE CASCADE
);
CREATE INDEX embed_sessions_by_end ON embed_sessions (expires_at);
CREATE INDEX embed_sessions_by_user ON embed_sessions (organization_id, user_id);

-- A click in an embed that may become a log-in at Meta, in a window of its own.
CREATE TABLE login_tickets (
    ticket_hash BYTEA PRIMARY KEY CHECK (octet_length(ticket_hash) = 32),
    organization_id uuid NOT NULL,
    renewal_id uuid NOT NULL,
    user_id uuid NOT NULL,
    is_popup BOOLEAN NOT NULL,
    number BIGINT NOT NULL,
    -- JSON list of numbers, in the order in which they are offered; the right one is among them.
    choices TEXT NOT NULL,
    return_url TEXT,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT,
    FOREIGN KEY (organization_id, renewal_id) REFERENCES renewals (organization_id, id) ON DELETE CASCADE,
    FOREIGN KEY (organization_id, user_id) REFERENCES users (organization_id, id) ON DELETE CASCADE
);
CREATE INDEX login_tickets_by_end ON login_tickets (expires_at);
CREATE INDEX login_tickets_by_renewal ON login_tickets (organization_id, renewal_id);
CREATE INDEX login_tickets_by_user ON login_tickets (organization_id, user_id);

-- Where a log-in that began in an embed goes back to.
ALTER TABLE login_attempts ADD COLUMN return_url TEXT;
ALTER TABLE login_attempts ADD COLUMN by_ticket BOOLEAN NOT NULL DEFAULT FALSE;
