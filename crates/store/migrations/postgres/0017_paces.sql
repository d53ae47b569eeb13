-- How many mails have reached a person lately, and how many deliveries of an endpoint are under way.
CREATE INDEX notice_mails_sent ON notice_mails (user_id, done_at) WHERE outcome = 'sent';
CREATE INDEX webhook_deliveries_held ON webhook_deliveries (endpoint_id, lease_until) WHERE lease_until IS NOT NULL;
