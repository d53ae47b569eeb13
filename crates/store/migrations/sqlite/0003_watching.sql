-- Work is held by a lease with a fence (docs/decisions/0020): whoever holds it, until when, and how
-- often it was claimed. A result is taken only from the holder of the present epoch.

ALTER TABLE connections ADD COLUMN lease_owner TEXT;
ALTER TABLE connections ADD COLUMN lease_until INTEGER;
ALTER TABLE connections ADD COLUMN lease_epoch INTEGER NOT NULL DEFAULT 0;
-- From then on its clocks are looked at again, and people are told what they have to know.
ALTER TABLE connections ADD COLUMN watch_at INTEGER NOT NULL DEFAULT 0;
-- When that was done last.
ALTER TABLE connections ADD COLUMN watched_at INTEGER;
CREATE INDEX connections_by_watch ON connections (watch_at, id);

CREATE TABLE jobs (
    kind TEXT NOT NULL CHECK (kind IN ('housekeeping', 'mail')),
    -- What it is about: the id of a user; empty where there is one for all.
    subject TEXT NOT NULL,
    run_at INTEGER NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    lease_owner TEXT,
    lease_until INTEGER,
    lease_epoch INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (kind, subject),
    CONSTRAINT jobs_lease_whole CHECK ((lease_owner IS NULL) = (lease_until IS NULL))
) STRICT;
CREATE INDEX jobs_by_time ON jobs (kind, run_at, subject);

-- Signs of life of the processes that work.
CREATE TABLE workers (
    id TEXT PRIMARY KEY NOT NULL,
    seen_at INTEGER NOT NULL
) STRICT;

CREATE TABLE warning_policies (
    organization_id BLOB PRIMARY KEY NOT NULL REFERENCES organizations (id),
    -- JSON list of days
    thresholds TEXT NOT NULL,
    from_hour INTEGER NOT NULL,
    to_hour INTEGER NOT NULL
) STRICT;

CREATE TABLE notices (
    id BLOB PRIMARY KEY NOT NULL,
    organization_id BLOB NOT NULL,
    connection_id BLOB NOT NULL,
    token_generation INTEGER NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('expires', 'stopped', 'recovered', 'requested')),
    -- The end, or the moment, that it speaks of.
    about_at INTEGER NOT NULL,
    -- The threshold of a warning.
    days INTEGER,
    asked_by BLOB,
    -- JSON
    detail TEXT NOT NULL,
    at INTEGER NOT NULL,
    CONSTRAINT notices_threshold CHECK ((kind = 'expires') = (days IS NOT NULL)),
    FOREIGN KEY (organization_id, connection_id)
        REFERENCES connections (organization_id, id) ON DELETE CASCADE,
    FOREIGN KEY (organization_id, asked_by) REFERENCES users (organization_id, id)
) STRICT;
-- No notice twice, whoever writes it.
CREATE UNIQUE INDEX notices_once ON notices (connection_id, token_generation, kind, about_at, COALESCE(days, -1));
CREATE INDEX notices_of_connection ON notices (connection_id, at, id);
CREATE INDEX notices_by_time ON notices (at);

-- Who is told of a notice by mail.
CREATE TABLE notice_mails (
    notice_id BLOB NOT NULL REFERENCES notices (id) ON DELETE CASCADE,
    user_id BLOB NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    -- When it left, or was given up.
    done_at INTEGER,
    outcome TEXT CHECK (outcome IN ('sent', 'refused', 'pointless')),
    PRIMARY KEY (notice_id, user_id),
    CONSTRAINT notice_mails_whole CHECK ((done_at IS NULL) = (outcome IS NULL))
) STRICT, WITHOUT ROWID;
CREATE INDEX notice_mails_waiting ON notice_mails (user_id) WHERE done_at IS NULL;

-- People who want no warnings by mail. What has stopped is told all the same.
CREATE TABLE mail_refusals (
    user_id BLOB PRIMARY KEY NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    at INTEGER NOT NULL
) STRICT;
