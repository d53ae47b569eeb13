//! Whether anybody works in the background, and who tells people.

use lifecycle::{
    Clock as _, Timestamp,
    clock::{HOUR_MS, MINUTE_MS},
};
use renewal::Notify;
use store::{JobKind, Storage};

use super::Line;
use crate::{clock::SystemClock, settings::Settings};

/// A worker says so every ten seconds.
const SILENT_MS: i64 = MINUTE_MS;
/// What waits for longer than this is late.
const LATE_MS: i64 = HOUR_MS;

pub(super) async fn examine(settings: &Settings, storage: &dyn Storage) -> Vec<Line> {
    let now = SystemClock.now();
    let mut lines = Vec::new();
    if let Ok(workers) = storage.workers(now.plus(-SILENT_MS)).await {
        lines.push(working(workers.len()));
    }
    if let Ok(late) = storage.checks_due(now.plus(-LATE_MS)).await {
        lines.push(checks(late));
    }
    if let Ok((waiting, first)) = storage.jobs_waiting(JobKind::Mail).await {
        lines.push(mails(waiting, first, now));
    }
    lines.push(telling(settings.notify));
    lines
}

fn working(workers: usize) -> Line {
    const NAME: &str = "workers";
    match workers {
        0 => Line::warning(
            NAME,
            "nobody works in the background: nothing is checked, nobody is warned",
            "start `renova serve` (without --no-worker) or `renova worker`",
        ),
        1 => Line::ok(NAME, "1 process works in the background"),
        many => Line::ok(NAME, format!("{many} processes work in the background")),
    }
}

fn checks(late: i64) -> Line {
    const NAME: &str = "checks";
    if late == 0 {
        return Line::ok(NAME, "every connection is checked in time");
    }
    Line::warning(
        NAME,
        format!("{late} connections wait for more than an hour to be checked"),
        "start more of `renova worker`, or see in the log whether Meta's limits are reached",
    )
}

fn mails(waiting: i64, first: Option<Timestamp>, now: Timestamp) -> Line {
    const NAME: &str = "mails waiting";
    let late = first.is_some_and(|at| now.since(at) > LATE_MS);
    let found = format!("{waiting} people have mail waiting");
    if late {
        return Line::warning(NAME, found, "see in the log why the mail server does not take it");
    }
    Line::ok(NAME, found)
}

fn telling(notify: Notify) -> Line {
    const NAME: &str = "telling people";
    match notify {
        Notify::Renova => Line::ok(NAME, "Renova tells people by mail"),
        Notify::Platform => Line::ok(NAME, "the platform tells people; it gets the events"),
        Notify::Both => Line::ok(NAME, "Renova tells people by mail, and the platform gets the events"),
        Notify::Shadow => Line::warning(
            NAME,
            "shadow: everything is watched, nobody is told",
            "set RENOVA_NOTIFY to renova, platform or both when you are ready",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::Level;

    #[test]
    fn mail_that_does_not_leave_is_a_warning() {
        let now = Timestamp(1_790_000_000_000);
        assert_eq!(mails(0, None, now).level, Level::Ok);
        assert_eq!(mails(3, Some(now.plus(-MINUTE_MS)), now).level, Level::Ok);
        assert_eq!(mails(3, Some(now.plus(-LATE_MS - 1)), now).level, Level::Warning);
    }
}
