//! Work with a lease. `$2` is real time, by which leases live; what is due goes by the clock that
//! tokens live by.

/// [`lifecycle::lease::LEASE_MS`], as SQL.
macro_rules! lease_ms {
    () => {
        "30000"
    };
}
pub(crate) use lease_ms;

/// [`lifecycle::lease::BELIEVED_MS`], as SQL.
macro_rules! believed_ms {
    () => {
        "60000"
    };
}
pub(crate) use believed_ms;

/// Nobody holds it, or no longer. A lease that ends too late was given by a wrong clock.
macro_rules! free {
    ($wall:literal) => {
        concat!(
            "(lease_until IS NULL OR lease_until <= ",
            $wall,
            " OR lease_until > ",
            $wall,
            " + ",
            $crate::sql::jobs::believed_ms!(),
            ")"
        )
    };
}
pub(crate) use free;

/// A job further ahead than anything is ever planned was planned by a wrong clock.
macro_rules! due {
    ($horizon:literal) => {
        concat!("(run_at <= $1 OR run_at > ", $horizon, ")")
    };
}
pub(crate) use due;

/// Mostly nothing is due: then nobody who writes has to wait.
pub(crate) const ANY_DUE: &str =
    concat!("SELECT EXISTS (SELECT 1 FROM jobs WHERE kind = $3 AND ", due!("$4"), " AND ", free!("$2"), ")");

macro_rules! claimable {
    () => {
        concat!(
            "SELECT subject FROM jobs WHERE kind = $3 AND ",
            due!("$6"),
            " AND ",
            free!("$2"),
            " ORDER BY run_at, subject LIMIT $5"
        )
    };
}
pub(crate) use claimable;

macro_rules! hold {
    () => {
        concat!(
            "UPDATE jobs SET lease_owner = $4, lease_until = $2 + ",
            $crate::sql::jobs::lease_ms!(),
            ", lease_epoch = lease_epoch + 1, attempts = attempts + 1 WHERE kind = $3 AND subject IN "
        )
    };
}
pub(crate) use hold;

macro_rules! claimed {
    () => {
        " RETURNING subject, attempts, lease_owner, lease_epoch"
    };
}
pub(crate) use claimed;

macro_rules! held {
    () => {
        " WHERE kind = $1 AND subject = $2 AND lease_owner = $3 AND lease_epoch = $4"
    };
}

pub(crate) const EXTEND: &str = concat!("UPDATE jobs SET lease_until = $5 + ", lease_ms!(), held!());

pub(crate) const RESCHEDULE: &str =
    concat!("UPDATE jobs SET run_at = $5, attempts = $6, lease_owner = NULL, lease_until = NULL", held!());

pub(crate) const COMPLETE: &str = concat!("DELETE FROM jobs", held!());

/// Sooner, never later.
pub(crate) const SCHEDULE: &str = "INSERT INTO jobs (kind, subject, run_at) VALUES ($1, $2, $3) \
     ON CONFLICT (kind, subject) DO UPDATE SET run_at = excluded.run_at WHERE jobs.run_at > excluded.run_at";

pub(crate) const WAITING: &str = "SELECT COUNT(*), MIN(run_at) FROM jobs WHERE kind = $1";

pub(crate) const BEAT: &str = "INSERT INTO workers (id, seen_at) VALUES ($1, $2) \
     ON CONFLICT (id) DO UPDATE SET seen_at = excluded.seen_at";

pub(crate) const FORGET_WORKERS: &str = "DELETE FROM workers WHERE seen_at < $1";

pub(crate) const WORKERS: &str = "SELECT id FROM workers WHERE seen_at >= $1 ORDER BY id";

#[cfg(test)]
mod tests {
    #[test]
    fn the_database_and_the_rule_agree_on_how_long_a_lease_lasts() {
        assert_eq!(lease_ms!(), lifecycle::lease::LEASE_MS.to_string());
        assert_eq!(believed_ms!(), lifecycle::lease::BELIEVED_MS.to_string());
    }
}
