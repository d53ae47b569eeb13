-- Instants are milliseconds since the Unix epoch. A sealed token is three columns: the id of the
-- key, the ciphertext, and a version that changes only with the ciphertext.
-- Foreign keys within an organization carry the organization, so that a row of one can never
-- point at a row of another.

CREATE TABLE organizations (
    id uuid PRIMARY KEY,
    external_id TEXT NOT NULL,
    slug TEXT NOT NULL,
    name TEXT NOT NULL,
    time_zone TEXT NOT NULL,
    locale TEXT NOT NULL CHECK (locale IN ('pt-BR', 'en', 'es')),
    created_at BIGINT NOT NULL,
    change_seq BIGINT NOT NULL DEFAULT 0,
    CONSTRAINT organizations_external_id UNIQUE (external_id),
    CONSTRAINT organizations_slug UNIQUE (slug)
);

CREATE TABLE users (
    id uuid PRIMARY KEY,
    organization_id uuid NOT NULL REFERENCES organizations (id),
    external_id TEXT,
    email TEXT NOT NULL,
    name TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('admin', 'agent')),
    locale TEXT CHECK (locale IN ('pt-BR', 'en', 'es')),
    password_hash TEXT,
    created_at BIGINT NOT NULL,
    CONSTRAINT users_email UNIQUE (email),
    CONSTRAINT users_external_id UNIQUE (organization_id, external_id),
    CONSTRAINT users_of_organization UNIQUE (organization_id, id)
);

CREATE TABLE sessions (
    token_hash BYTEA PRIMARY KEY CHECK (octet_length(token_hash) = 32),
    user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    created_at BIGINT NOT NULL,
    last_seen_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX sessions_by_user ON sessions (user_id);
CREATE INDEX sessions_by_end ON sessions (expires_at);
CREATE INDEX sessions_by_use ON sessions (last_seen_at);

CREATE TABLE password_resets (
    token_hash BYTEA PRIMARY KEY CHECK (octet_length(token_hash) = 32),
    user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    expires_at BIGINT NOT NULL,
    used_at BIGINT
);
CREATE INDEX password_resets_by_user ON password_resets (user_id);
CREATE INDEX password_resets_by_end ON password_resets (expires_at);

CREATE TABLE meta_apps (
    id uuid PRIMARY KEY,
    provider TEXT NOT NULL CHECK (provider IN ('facebook', 'instagram')),
    app_id TEXT NOT NULL,
    CONSTRAINT meta_apps_app_id UNIQUE (provider, app_id)
);

CREATE TABLE connections (
    id uuid PRIMARY KEY,
    organization_id uuid NOT NULL REFERENCES organizations (id),
    meta_app_id uuid NOT NULL REFERENCES meta_apps (id),
    provider TEXT NOT NULL CHECK (provider IN ('facebook', 'instagram')),
    grantee_id TEXT NOT NULL,
    grantee_name TEXT NOT NULL,
    token_key_id TEXT NOT NULL,
    token_ciphertext BYTEA NOT NULL,
    token_version BIGINT NOT NULL,
    token_generation BIGINT NOT NULL,
    -- JSON list of strings
    scopes TEXT NOT NULL,
    issued_at BIGINT,
    expires_at BIGINT,
    data_access_expires_at BIGINT,
    proof TEXT NOT NULL CHECK (proof IN ('works', 'expired', 'revoked', 'role_lost', 'missing_permission')),
    dead_since BIGINT,
    checked_at BIGINT,
    unreachable_since BIGINT,
    connected_by uuid,
    created_at BIGINT NOT NULL,
    renewed_at BIGINT NOT NULL,
    version BIGINT NOT NULL,
    CONSTRAINT connections_grantee UNIQUE (organization_id, meta_app_id, provider, grantee_id),
    CONSTRAINT connections_of_organization UNIQUE (organization_id, id),
    FOREIGN KEY (organization_id, connected_by) REFERENCES users (organization_id, id)
);
-- Never checked counts as checked before all time, so that what is due is one range.
CREATE INDEX connections_due ON connections ((COALESCE(checked_at, -1)), id);

CREATE TABLE channels (
    id uuid PRIMARY KEY,
    organization_id uuid NOT NULL,
    connection_id uuid NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('messenger', 'instagram')),
    account_id TEXT NOT NULL,
    name TEXT NOT NULL,
    username TEXT,
    picture_url TEXT,
    page_id TEXT,
    token_key_id TEXT,
    token_ciphertext BYTEA,
    token_version BIGINT,
    token_generation BIGINT NOT NULL,
    expires_at BIGINT,
    data_access_expires_at BIGINT,
    proof TEXT NOT NULL CHECK (proof IN ('works', 'expired', 'revoked', 'role_lost', 'missing_permission')),
    dead_since BIGINT,
    checked_at BIGINT,
    -- JSON list of strings
    subscribed_fields TEXT NOT NULL,
    story_mentions BOOLEAN NOT NULL,
    story_replies BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL,
    version BIGINT NOT NULL,
    CONSTRAINT channels_account UNIQUE (connection_id, kind, account_id),
    CONSTRAINT channels_token_whole CHECK (
        (token_key_id IS NULL) = (token_ciphertext IS NULL)
        AND (token_version IS NULL) = (token_ciphertext IS NULL)
    ),
    FOREIGN KEY (organization_id, connection_id)
        REFERENCES connections (organization_id, id) ON DELETE CASCADE
);
CREATE INDEX channels_by_connection ON channels (organization_id, connection_id);
CREATE INDEX channels_by_page ON channels (page_id);

CREATE TABLE renewals (
    id uuid PRIMARY KEY,
    organization_id uuid NOT NULL,
    user_id uuid NOT NULL,
    connection_id uuid,
    meta_app_id uuid NOT NULL REFERENCES meta_apps (id),
    state TEXT NOT NULL CHECK (state IN (
        'started', 'awaiting_login', 'logged_in', 'exchanged', 'chosen', 'proving', 'proved',
        'finished', 'denied', 'mismatched', 'failed', 'expired', 'abandoned', 'superseded'
    )),
    failure TEXT,
    staged_key_id TEXT,
    staged_ciphertext BYTEA,
    staged_version BIGINT,
    staged_facts TEXT,
    selection TEXT,
    proof TEXT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    version BIGINT NOT NULL,
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
);
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
    id uuid PRIMARY KEY,
    organization_id uuid NOT NULL,
    renewal_id uuid NOT NULL,
    state_hash BYTEA NOT NULL CHECK (octet_length(state_hash) = 32),
    cookie_hash BYTEA NOT NULL CHECK (octet_length(cookie_hash) = 32),
    redirect_uri TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT,
    code_key_id TEXT,
    code_ciphertext BYTEA,
    code_version BIGINT,
    CONSTRAINT login_attempts_state UNIQUE (state_hash),
    CONSTRAINT login_attempts_code_whole CHECK (
        (code_key_id IS NULL) = (code_ciphertext IS NULL)
        AND (code_version IS NULL) = (code_ciphertext IS NULL)
    ),
    FOREIGN KEY (organization_id, renewal_id)
        REFERENCES renewals (organization_id, id) ON DELETE CASCADE
);
CREATE INDEX login_attempts_by_renewal ON login_attempts (organization_id, renewal_id);
CREATE INDEX login_attempts_by_end ON login_attempts (expires_at, organization_id);
CREATE INDEX login_attempts_parked ON login_attempts (expires_at, organization_id) WHERE code_ciphertext IS NOT NULL;

CREATE TABLE audit_log (
    id uuid PRIMARY KEY,
    organization_id uuid NOT NULL REFERENCES organizations (id),
    user_id uuid,
    action TEXT NOT NULL,
    subject TEXT NOT NULL,
    detail TEXT NOT NULL,
    at BIGINT NOT NULL,
    FOREIGN KEY (organization_id, user_id) REFERENCES users (organization_id, id)
);
CREATE INDEX audit_log_by_organization ON audit_log (organization_id, at, id);

CREATE TABLE events (
    id uuid PRIMARY KEY,
    organization_id uuid NOT NULL REFERENCES organizations (id),
    kind TEXT NOT NULL,
    data TEXT NOT NULL,
    at BIGINT NOT NULL
);
CREATE INDEX events_by_organization ON events (organization_id, at, id);

CREATE TABLE key_check (
    id SMALLINT PRIMARY KEY CHECK (id = 1),
    key_id TEXT NOT NULL,
    ciphertext BYTEA NOT NULL,
    token_version BIGINT NOT NULL
);
