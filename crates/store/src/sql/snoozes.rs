pub(crate) const PUT: &str = "INSERT INTO snoozes (user_id, connection_id, organization_id, until) \
     VALUES ($1, $2, $3, $4) ON CONFLICT (user_id, connection_id) DO UPDATE SET until = excluded.until \
     WHERE snoozes.organization_id = excluded.organization_id";

pub(crate) const OF_USER: &str =
    "SELECT user_id, connection_id, organization_id, until FROM snoozes WHERE organization_id = $1 AND user_id = $2";

pub(crate) const DELETE_OF_USER: &str = "DELETE FROM snoozes WHERE organization_id = $1 AND user_id = $2";
