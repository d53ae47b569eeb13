-- Who has looked through all connections, and when; how many there were, and how they were. The name is
-- kept as it was: a record does not change with the person. Which connections they were is told by
-- the audit log alone, where the wish to be forgotten reaches it.
CREATE TABLE reviews (
    id BLOB PRIMARY KEY NOT NULL,
    organization_id BLOB NOT NULL,
    user_id BLOB NOT NULL,
    user_name TEXT NOT NULL,
    connections INTEGER NOT NULL CHECK (connections >= 0),
    stopped INTEGER NOT NULL CHECK (stopped >= 0),
    soon INTEGER NOT NULL CHECK (soon >= 0),
    at INTEGER NOT NULL,
    CHECK (stopped + soon <= connections),
    FOREIGN KEY (organization_id, user_id) REFERENCES users (organization_id, id) ON DELETE CASCADE
) STRICT;
CREATE INDEX reviews_by_organization ON reviews (organization_id, at, id);
