-- Instants are milliseconds since the Unix epoch. A sealed token is three columns: the id of the
-- key, the ciphertext, and a version that changes only with the ciphertext.
-- Foreign keys within an organization carry the organization, so that a row of one can never
-- point at a row of another.

CREATE TABLE organizations (
    id BLOB PRIMARY KEY NOT NULL,
    external_id TEXT NOT NULL,
    slug TEXT NOT NULL,
    name TEXT NOT NULL,
    time_zone TEXT NOT NULL,
    locale TEXT NOT NULL CHECK (locale IN ('pt-BR', 'en', 'es')),
    created_at INTEGER NOT NULL,
    change_seq INTEGER NOT NULL DEFAULT 0,
    CONSTRAINT organizations_external_id UNIQUE (external_id),
    CONSTRAINT organizations_slug UNIQUE (slug)
) STRICT;

CREATE TABLE users (
    id BLOB PRIMARY KEY NOT NULL,
    organization_id BLOB NOT NULL REFERENCES organizations (id),
    external_id TEXT,
    email TEXT NOT NULL,
    name TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('admin', 'agent')),
    locale TEXT CHECK (locale IN ('pt-BR', 'en', 'es')),
    password_hash TEXT,
    created_at INTEGER NOT NULL,
    CONSTRAINT users_email UNIQUE (email),
    CONSTRAINT users_external_id UNIQUE (organization_id, external_id),
    CONSTRAINT users_of_organization UNIQUE (organization_id, id)
) STRICT;

CREATE TABLE sessions (
    token_hash BLOB PRIMARY KEY NOT NULL CHECK (length(token_hash) = 32),
    user_id BLOB NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    created_at INTEGER NOT NULL,
    last_seen_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX sessions_by_user ON sessions (user_id);
CREATE INDEX sessions_by_end ON sessions (expires_at);
CREATE INDEX sessions_by_use ON sessions (last_seen_at);

CREATE TABLE password_resets (
    token_hash BLOB PRIMARY KEY NOT NULL CHECK (length(token_hash) = 32),
    user_id BLOB NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    expires_at INTEGER NOT NULL,
    used_at INTEGER
) STRICT;
CREATE INDEX password_resets_by_user ON password_resets (user_id);
CREATE INDEX password_resets_by_end ON password_resets (expires_at);

CREATE TABLE meta_apps (
    id BLOB PRIMARY KEY NOT NULL,
    provider TEXT NOT NULL CHECK (provider IN ('facebook', 'instagram')),
    app_id TEXT NOT NULL,
    CONSTRAINT meta_apps_app_id UNIQUE (provider, app_id)
) STRICT;

CREATE TABLE connections (
    id BLOB PRIMARY KEY NOT NULL,
    organization_id BLOB NOT NULL REFERENCES organizations (id),
    meta_app_id BLOB NOT NULL REFERENCES meta_apps (id),
    provider TEXT NOT NULL CHECK (provider IN ('facebook', 'instagram')),
    grantee_id TEXT NOT NULL,
    grantee_name TEXT NOT NULL,
    token_key_id TEXT NOT NULL,
    token_ciphertext BLOB NOT NULL,
    token_version INTEGER NOT NULL,
    token_generation INTEGER NOT NULL,
    -- JSON list of strings
    scopes TEXT NOT NULL,
    issued_at INTEGER,
    expires_at INTEGER,
    data_access_expires_at INTEGER,
    proof TEXT NOT NULL CHECK (proof IN ('works', 'expired', 'revoked', 'role_lost', 'missing_permission')),
    dead_since INTEGER,
    checked_at INTEGER,
    unreachable_since INTEGER,
    connected_by BLOB,
    created_at INTEGER NOT NULL,
    renewed_at INTEGER NOT NULL,
    version INTEGER NOT NULL,
    CONSTRAINT connections_grantee UNIQUE (organization_id, meta_app_id, provider, grantee_id),
    CONSTRAINT connections_of_organization UNIQUE (organization_id, id),
    FOREIGN KEY (organization_id, connected_by) REFERENCES users (organization_id, id)
) STRICT;
-- Never checked counts as checked before all time, so that what is due is one range.
CREATE INDEX connections_due ON connections (COALESCE(checked_at, -1), id);

CREATE TABLE channels (
    id BLOB PRIMARY KEY NOT NULL,
    organization_id BLOB NOT NULL,
    connection_id BLOB NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('messenger', 'instagram')),
    account_id TEXT NOT NULL,
    name TEXT NOT NULL,
    username TEXT,
    picture_url TEXT,
    page_id TEXT,
    token_key_id TEXT,
    token_ciphertext BLOB,
    token_version INTEGER,
    token_generation INTEGER NOT NULL,
    expires_at INTEGER,
    data_access_expires_at INTEGER,
    proof TEXT NOT NULL CHECK (proof IN ('works', 'expired', 'revoked', 'role_lost', 'missing_permission')),
    dead_since INTEGER,
    checked_at INTEGER,
    -- JSON list of strings
    subscribed_fields TEXT NOT NULL,
    story_mentions INTEGER NOT NULL CHECK (story_mentions IN (0, 1)),
    story_replies INTEGER NOT NULL CHECK (story_replies IN (0, 1)),
    created_at INTEGER NOT NULL,
    version INTEGER NOT NULL,
    CONSTRAINT channels_account UNIQUE (connection_id, kind, account_id),
    CONSTRAINT channels_token_whole CHECK (
        (token_key_id IS NULL) = (token_ciphertext IS NULL)
        AND (token_version IS NULL) = (token_ciphertext IS NULL)
    ),
    FOREIGN KEY (organization_id, connection_id)
        REFERENCES connections (organization_id, id) ON DELETE CASCADE
) STRICT;
CREATE INDEX channels_by_connection ON channels (organization_id, connection_id);
CREATE INDEX channels_by_page ON channels (page_id);

CREATE TABLE renewals (
    id BLOB PRIMARY KEY NOT NULL,
    organization_id BLOB NOT NULL,
    user_id BLOB NOT NULL,
    connection_id BLOB,
    meta_app_id BLOB NOT NULL REFERENCES meta_apps (id),
    state TEXT NOT NULL CHECK (state IN (
        'started', 'awaiting_login', 'logged_in', 'exchanged', 'chosen', 'proving', 'proved',
        'finished', 'denied', 'mismatched', 'failed', 'expired', 'abandoned', 'superseded'
    )),
    failure TEXT,
    staged_key_id TEXT,
    staged_ciphertext BLOB,
    staged_version INTEGER,
    staged_facts TEXT,
    selection TEXT,
    proof TEXT,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    version INTEGER NOT NULL,
    CONSTRAINT renewals_of_organization UNIQUE (organization_id, id),
    CONSTRAINT renewals_staged_whole CHECK (
        (staged_key_id IS NULL) = (staged_ciphertext IS NULL)
        AND (staged_version IS NULL) = (staged_ciphertext IS NULL)
    ),
    CONSTRAINT renewals_over_without_tokens CHECK (
        staged_ciphertext IS NULL OR state NOT IN ('finished', 'expired', 'abandoned', 'superseded')
    ),
    FOREIGN KEY (organization_id, user_id) REFERENCES users (organization_id, id),
    FOREIGN KEY (organization_id, connection_id) REFERENCES connections (organization_id, id)
) STRICT;
CREATE UNIQUE INDEX renewals_one_open ON renewals (connection_id)
    WHERE connection_id IS NOT NULL AND state NOT IN ('finished', 'expired', 'abandoned', 'superseded');
CREATE UNIQUE INDEX renewals_one_first ON renewals (organization_id, user_id)
    WHERE connection_id IS NULL AND state NOT IN ('finished', 'expired', 'abandoned', 'superseded');
CREATE INDEX renewals_open ON renewals (organization_id, created_at)
    WHERE state NOT IN ('finished', 'expired', 'abandoned', 'superseded');
CREATE INDEX renewals_open_by_end ON renewals (expires_at, organization_id)
    WHERE state NOT IN ('finished', 'expired', 'abandoned', 'superseded');
CREATE INDEX renewals_staged ON renewals (updated_at, id) WHERE staged_ciphertext IS NOT NULL;
CREATE INDEX renewals_by_connection ON renewals (organization_id, connection_id);

CREATE TABLE login_attempts (
    id BLOB PRIMARY KEY NOT NULL,
    organization_id BLOB NOT NULL,
    renewal_id BLOB NOT NULL,
    state_hash BLOB NOT NULL CHECK (length(state_hash) = 32),
    cookie_hash BLOB NOT NULL CHECK (length(cookie_hash) = 32),
    redirect_uri TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    used_at INTEGER,
    code_key_id TEXT,
    code_ciphertext BLOB,
    code_version INTEGER,
    CONSTRAINT login_attempts_state UNIQUE (state_hash),
    CONSTRAINT login_attempts_code_whole CHECK (
        (code_key_id IS NULL) = (code_ciphertext IS NULL)
        AND (code_version IS NULL) = (code_ciphertext IS NULL)
    ),
    FOREIGN KEY (organization_id, renewal_id)
        REFERENCES renewals (organization_id, id) ON DELETE CASCADE
) STRICT;
CREATE INDEX login_attempts_by_renewal ON login_attempts (organization_id, renewal_id);
CREATE INDEX login_attempts_by_end ON login_attempts (expires_at, organization_id);
CREATE INDEX login_attempts_parked ON login_attempts (expires_at, organization_id) WHERE code_ciphertext IS NOT NULL;

CREATE TABLE audit_log (
    id BLOB PRIMARY KEY NOT NULL,
    organization_id BLOB NOT NULL REFERENCES organizations (id),
    user_id BLOB,
    action TEXT NOT NULL,
    subject TEXT NOT NULL,
    detail TEXT NOT NULL,
    at INTEGER NOT NULL,
    FOREIGN KEY (organization_id, user_id) REFERENCES users (organization_id, id)
) STRICT;
CREATE INDEX audit_log_by_organization ON audit_log (organization_id, at, id);

CREATE TABLE events (
    id BLOB PRIMARY KEY NOT NULL,
    organization_id BLOB NOT NULL REFERENCES organizations (id),
    kind TEXT NOT NULL,
    data TEXT NOT NULL,
    at INTEGER NOT NULL
) STRICT;
CREATE INDEX events_by_organization ON events (organization_id, at, id);

CREATE TABLE key_check (
    id INTEGER PRIMARY KEY NOT NULL CHECK (id = 1),
    key_id TEXT NOT NULL,
    ciphertext BLOB NOT NULL,
    token_version INTEGER NOT NULL
) STRICT;
