macro_rules! columns {
    () => {
        "n.id, n.organization_id, n.connection_id, n.token_generation, n.kind, n.about_at, n.days, n.asked_by, \
         n.detail, n.at"
    };
}

pub(crate) const INSERT: &str = "INSERT INTO notices (id, organization_id, connection_id, token_generation, kind, \
     about_at, days, asked_by, detail, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";

pub(crate) const GIVEN_SINCE: &str = "SELECT EXISTS (SELECT 1 FROM notices \
     WHERE organization_id = $1 AND connection_id = $2 AND kind = $3 AND at > $4)";

pub(crate) const INSERT_MAIL: &str = "INSERT INTO notice_mails (notice_id, user_id) VALUES ($1, $2)";

pub(crate) const OF_CONNECTION: &str = concat!(
    "SELECT ",
    columns!(),
    " FROM notices n WHERE n.organization_id = $1 AND n.connection_id = $2 ORDER BY n.at DESC, n.id DESC LIMIT $3"
);

/// The waiting ones first, by their partial index.
pub(crate) const WAITING_FOR: &str = concat!(
    "SELECT ",
    columns!(),
    " FROM notice_mails m CROSS JOIN notices n WHERE m.user_id = $1 AND m.done_at IS NULL AND n.id = m.notice_id \
     ORDER BY n.at, n.id"
);

pub(crate) const MAIL_DONE: &str = "UPDATE notice_mails SET done_at = $3, outcome = $4 \
     WHERE notice_id = $1 AND user_id = $2 AND done_at IS NULL";

pub(crate) const ANY_FUTURE: &str = "SELECT EXISTS (SELECT 1 FROM notices WHERE at > $1)";

/// Given by a clock that was wrong: they would silence what is really to be told.
pub(crate) const FORGET_FUTURE: &str = "DELETE FROM notices WHERE at > $1";

/// Whether trouble of `$2` has reached `$1` since the last time that all was well, before `$3`.
pub(crate) const HAS_HEARD: &str = "SELECT EXISTS (SELECT 1 FROM notices n JOIN notice_mails m \
     ON m.notice_id = n.id AND m.user_id = $1 WHERE n.connection_id = $2 AND n.at <= $3 AND m.outcome = 'sent' \
     AND n.kind IN ('expires', 'stopped') AND n.at > COALESCE((SELECT MAX(r.at) FROM notices r \
     WHERE r.connection_id = $2 AND r.kind = 'recovered' AND r.at < $3), -1))";

/// Of each connection of `$1` the newest notice, if it tells of trouble with the grant that is there now.
pub(crate) const CATCH_UP: &str = "INSERT INTO notice_mails (notice_id, user_id) \
     SELECT n.id, $2 FROM connections c JOIN notices n ON n.connection_id = c.id \
     AND n.token_generation = c.token_generation WHERE c.organization_id = $1 \
     AND (n.kind = 'stopped' OR (n.kind = 'expires' AND NOT EXISTS (SELECT 1 FROM mail_refusals WHERE user_id = $2))) \
     AND NOT EXISTS (SELECT 1 FROM notices later WHERE later.connection_id = c.id AND later.kind <> 'requested' \
     AND (later.at, later.id) > (n.at, n.id)) ON CONFLICT (notice_id, user_id) DO NOTHING";

/// Notices of one mail are done at the same instant.
pub(crate) const MAILS_SENT: &str = "SELECT COUNT(DISTINCT m.done_at), MAX(m.done_at) FROM notice_mails m \
     JOIN notices n ON n.id = m.notice_id WHERE m.user_id = $1 AND m.outcome = 'sent' \
     AND m.done_at > $2 AND m.done_at <= $3 AND ($4 OR n.kind = 'stopped')";

/// What has come in meanwhile has a turn of its own.
pub(crate) const MAIL_AGAIN: &str = "INSERT INTO jobs (kind, subject, run_at) SELECT 'mail', $1, $2 \
     WHERE EXISTS (SELECT 1 FROM notice_mails WHERE user_id = $3 AND done_at IS NULL)";

pub(crate) const REFUSE: &str =
    "INSERT INTO mail_refusals (user_id, at) VALUES ($1, $2) ON CONFLICT (user_id) DO NOTHING";

pub(crate) const ACCEPT: &str = "DELETE FROM mail_refusals WHERE user_id = $1";

pub(crate) const REFUSALS: &str = "SELECT r.user_id FROM mail_refusals r JOIN users u ON u.id = r.user_id \
     WHERE u.organization_id = $1";

pub(crate) const POLICY: &str =
    "SELECT thresholds, from_hour, to_hour FROM warning_policies WHERE organization_id = $1";

pub(crate) const SET_POLICY: &str = "INSERT INTO warning_policies (organization_id, thresholds, from_hour, to_hour) \
     VALUES ($1, $2, $3, $4) ON CONFLICT (organization_id) DO UPDATE SET thresholds = excluded.thresholds, \
     from_hour = excluded.from_hour, to_hour = excluded.to_hour";

macro_rules! policy_changed {
    ($lock:literal) => {
        concat!(
            "UPDATE connections SET watch_at = 0, watch_lease_until = NULL WHERE id IN (SELECT id FROM connections \
             WHERE organization_id = $1",
            $lock,
            ")"
        )
    };
}
pub(crate) use policy_changed;
