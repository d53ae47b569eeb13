macro_rules! columns {
    () => {
        "id, organization_id, user_id, user_name, connections, stopped, soon, at"
    };
}

pub(crate) const INSERT: &str =
    concat!("INSERT INTO reviews (", columns!(), ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8)");

pub(crate) const OF_ORGANIZATION: &str =
    concat!("SELECT ", columns!(), " FROM reviews WHERE organization_id = $1 ORDER BY at DESC, id DESC LIMIT $2");
