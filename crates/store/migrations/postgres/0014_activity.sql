-- What an organization looks at lately, past the embed sessions: one of these for each page with a banner.
CREATE INDEX audit_log_activity ON audit_log (organization_id, at, id) WHERE action <> 'embed.session_created';
