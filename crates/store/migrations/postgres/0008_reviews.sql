-- Who has looked through all connections, and when; how many there were, and how they were. The name is
-- kept as it was: a record does not change with the person. Which connections they were is told by
-- the audit log alone, where the wish to be forgotten reaches it.
CREATE TABLE reviews (
    id uuid PRIMARY KEY,
    organization_id uuid NOT NULL,
    user_id uuid NOT NULL,
    user_name TEXT NOT NULL,
    connections BIGINT NOT NULL CHECK (connections >= 0),
    stopped BIGINT NOT NULL CHECK (stopped >= 0),
    soon BIGINT NOT NULL CHECK (soon >= 0),
    at BIGINT NOT NULL,
    CHECK (stopped + soon <= connections),
    FOREIGN KEY (organization_id, user_id) REFERENCES users (organization_id, id) ON DELETE CASCADE
);
CREATE INDEX reviews_by_organization ON reviews (organization_id, at, id);
