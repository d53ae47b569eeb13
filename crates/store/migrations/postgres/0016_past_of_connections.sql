-- The past of one connection: what an entry is about is the connection that its detail names, otherwise its subject.
ALTER TABLE audit_log ADD COLUMN about TEXT NOT NULL GENERATED ALWAYS AS (
    CASE strpos(detail, '"connection":"')
        WHEN 0 THEN subject
        ELSE substr(detail, strpos(detail, '"connection":"') + 14, 36)
    END
) STORED;
CREATE INDEX audit_log_by_connection ON audit_log (organization_id, about, at, id)
    WHERE action <> 'embed.session_created';
