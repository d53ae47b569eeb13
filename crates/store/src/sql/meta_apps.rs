pub(crate) const INSERT_IF_MISSING: &str = "INSERT INTO meta_apps (id, provider, app_id) VALUES ($1, $2, $3) \
     ON CONFLICT (provider, app_id) DO NOTHING";

pub(crate) const BY_ID: &str = "SELECT id, provider, app_id FROM meta_apps WHERE id = $1";

pub(crate) const BY_APP_ID: &str = "SELECT id, provider, app_id FROM meta_apps WHERE provider = $1 AND app_id = $2";
