-- The audit log by page, of one person or of one kind of action: `connection` for `connection.renewed`.
ALTER TABLE audit_log ADD COLUMN kind TEXT
    GENERATED ALWAYS AS (substr(action, 1, instr(action || '.', '.') - 1)) VIRTUAL;
CREATE INDEX audit_log_by_kind ON audit_log (organization_id, kind, at, id);
CREATE INDEX audit_log_by_user ON audit_log (organization_id, user_id, at, id);
