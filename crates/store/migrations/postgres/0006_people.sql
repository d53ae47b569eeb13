-- A removed person keeps the row that the history points at, with neither password nor address.
ALTER TABLE users ADD COLUMN removed_at BIGINT;
-- By real time, as sessions are.
ALTER TABLE users ADD COLUMN last_seen_at BIGINT;

-- Who may join an organization, by a link. A link that was used or withdrawn is no row any more.
CREATE TABLE invitations (
    id uuid PRIMARY KEY,
    organization_id uuid NOT NULL REFERENCES organizations (id),
    email TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('admin', 'agent')),
    token_hash BYTEA NOT NULL CHECK (octet_length(token_hash) = 32),
    invited_by uuid NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    CONSTRAINT invitations_token UNIQUE (token_hash),
    CONSTRAINT invitations_email UNIQUE (organization_id, email),
    FOREIGN KEY (organization_id, invited_by) REFERENCES users (organization_id, id)
);
CREATE INDEX invitations_by_end ON invitations (expires_at);
