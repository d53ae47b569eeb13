-- The past of one connection: what an entry is about is the connection that its detail names, otherwise its subject.
ALTER TABLE audit_log
    ADD COLUMN about TEXT NOT NULL GENERATED ALWAYS AS (COALESCE(detail::jsonb ->> 'connection', subject)) STORED;
CREATE INDEX audit_log_by_connection ON audit_log (organization_id, about, at, id)
    WHERE action <> 'embed.session_created';
