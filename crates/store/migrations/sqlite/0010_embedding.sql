-- Names an organization in the address of a frame. Public, and random so that nobody counts customers.
-- A column that is added takes no random default here, so a trigger gives one to what is inserted later.
ALTER TABLE organizations ADD COLUMN embed_id TEXT;
UPDATE organizations SET embed_id = lower(hex(randomblob(16)));
CREATE UNIQUE INDEX organizations_embed_id ON organizations (embed_id);
CREATE TRIGGER organizations_embed_id_given AFTER INSERT ON organizations WHEN NEW.embed_id IS NULL
BEGIN
    UPDATE organizations SET embed_id = lower(hex(randomblob(16))) WHERE id = NEW.id;
END;

-- Which pages may show Renova inside: those of one organization, and, without one, the platform's.
CREATE TABLE embed_origins (
    organization_id BLOB REFERENCES organizations (id) ON DELETE CASCADE,
    origin TEXT NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX embed_origins_of_organization ON embed_origins (organization_id, origin)
    WHERE organization_id IS NOT NULL;
CREATE UNIQUE INDEX embed_origins_of_platform ON embed_origins (origin) WHERE organization_id IS NULL;
CREATE INDEX embed_origins_by_origin ON embed_origins (origin);

-- Who sees Renova inside a page. Its token is redeemed once, for a bearer that ends with it.
CREATE TABLE embed_sessions (
    token_hash BLOB PRIMARY KEY NOT NULL CHECK (length(token_hash) = 32),
    organization_id BLOB NOT NULL,
    user_id BLOB NOT NULL,
    origin TEXT NOT NULL,
    return_url TEXT,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    redeemed_at INTEGER,
    bearer_hash BLOB CHECK (length(bearer_hash) = 32),
    CONSTRAINT embed_sessions_bearer UNIQUE (bearer_hash),
    CONSTRAINT embed_sessions_redeemed_whole CHECK ((redeemed_at IS NULL) = (bearer_hash IS NULL)),
    FOREIGN KEY (organization_id, user_id) REFERENCES users (organization_id, id) ON DELETE CASCADE
) STRICT;
CREATE INDEX embed_sessions_by_end ON embed_sessions (expires_at);
CREATE INDEX embed_sessions_by_user ON embed_sessions (organization_id, user_id);

-- A click in an embed that may become a log-in at Meta, in a window of its own.
CREATE TABLE login_tickets (
    ticket_hash BLOB PRIMARY KEY NOT NULL CHECK (length(ticket_hash) = 32),
    organization_id BLOB NOT NULL,
    renewal_id BLOB NOT NULL,
    user_id BLOB NOT NULL,
    is_popup INTEGER NOT NULL CHECK (is_popup IN (0, 1)),
    number INTEGER NOT NULL,
    -- JSON list of numbers, in the order in which they are offered; the right one is among them.
    choices TEXT NOT NULL,
    return_url TEXT,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    used_at INTEGER,
    FOREIGN KEY (organization_id, renewal_id) REFERENCES renewals (organization_id, id) ON DELETE CASCADE,
    FOREIGN KEY (organization_id, user_id) REFERENCES users (organization_id, id) ON DELETE CASCADE
) STRICT;
CREATE INDEX login_tickets_by_end ON login_tickets (expires_at);
CREATE INDEX login_tickets_by_renewal ON login_tickets (organization_id, renewal_id);
CREATE INDEX login_tickets_by_user ON login_tickets (organization_id, user_id);

-- Where a log-in that began in an embed goes back to.
ALTER TABLE login_attempts ADD COLUMN return_url TEXT;
ALTER TABLE login_attempts ADD COLUMN by_ticket INTEGER NOT NULL DEFAULT 0 CHECK (by_ticket IN (0, 1));
