-- An endpoint of one organization is told of its events alone; without one it is the platform's, which is
-- told of all.
ALTER TABLE webhook_endpoints ADD COLUMN organization_id BLOB REFERENCES organizations (id);
CREATE INDEX webhook_endpoints_by_organization ON webhook_endpoints (organization_id, created_at, id);

-- For one administrator to begin one renewal, once. A link that was used leads its person back until it ends.
CREATE TABLE renewal_links (
    id BLOB PRIMARY KEY NOT NULL,
    organization_id BLOB NOT NULL,
    user_id BLOB NOT NULL,
    -- Without one: of a new connection.
    connection_id BLOB,
    token_hash BLOB NOT NULL CHECK (length(token_hash) = 32),
    -- The platform says who opens it: no log-in is asked for.
    vouched INTEGER NOT NULL CHECK (vouched IN (0, 1)),
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    used_at INTEGER,
    renewal_id BLOB,
    CONSTRAINT renewal_links_token UNIQUE (token_hash),
    CONSTRAINT renewal_links_use_whole CHECK ((used_at IS NULL) = (renewal_id IS NULL)),
    FOREIGN KEY (organization_id, user_id) REFERENCES users (organization_id, id) ON DELETE CASCADE,
    FOREIGN KEY (organization_id, connection_id)
        REFERENCES connections (organization_id, id) ON DELETE CASCADE
) STRICT;
CREATE INDEX renewal_links_by_end ON renewal_links (expires_at);
CREATE INDEX renewal_links_by_connection ON renewal_links (organization_id, connection_id);

-- A session that may do this one renewal and nothing else.
ALTER TABLE sessions ADD COLUMN only_renewal BLOB;
