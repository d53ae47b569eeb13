macro_rules! columns {
    () => {
        "id, external_id, slug, name, time_zone, locale, created_at"
    };
}

pub(crate) const INSERT: &str =
    concat!("INSERT INTO organizations (", columns!(), ") VALUES ($1, $2, $3, $4, $5, $6, $7)");

pub(crate) const BY_ID: &str = concat!("SELECT ", columns!(), " FROM organizations WHERE id = $1");

pub(crate) const BY_SLUG: &str = concat!("SELECT ", columns!(), " FROM organizations WHERE slug = $1");

pub(crate) const SET_ZONE_AND_LOCALE: &str = "UPDATE organizations SET time_zone = $2, locale = $3 WHERE id = $1";

pub(crate) const CHANGE_SEQ: &str = "SELECT change_seq FROM organizations WHERE id = $1";

/// First in every transaction that changes what an organization sees: the row lock that it takes
/// puts such transactions of one organization in a queue, so they can neither deadlock nor race.
pub(crate) const RAISE_CHANGE_SEQ: &str = "UPDATE organizations SET change_seq = change_seq + 1 WHERE id = $1";
