//! Whether anybody works in the background, and who tells people.

use lifecycle::{
    Clock as _, Timestamp,
    clock::{HOUR_MS, MINUTE_MS},
    ids::ConnectionId,
};
use renewal::Notify;
use store::{JobKind, Storage};

use super::Line;
use crate::{clock::SystemClock, settings::Settings};

/// A worker says so every ten seconds.
const SILENT_MS: i64 = MINUTE_MS;
/// What waits for longer than this is late.
const LATE_MS: i64 = HOUR_MS;

/// Organizations that are named; of others it is said how many there are.
const SOME_SLUGS: i64 = 5;

pub(super) async fn examine(settings: &Settings, storage: &dyn Storage) -> Vec<Line> {
    let now = SystemClock.now();
    let mut lines = Vec::new();
    if let Ok(workers) = storage.workers(now.plus(-SILENT_MS)).await {
        lines.push(working(workers.len()));
    }
    if let Ok(late) = storage.checks_due(now.plus(-LATE_MS)).await {
        lines.push(checks(late));
    }
    if let Ok((connections, since)) = storage.unreachable(now.plus(-LATE_MS)).await {
        lines.push(answers(connections, since));
    }
    if let Ok(Some((connections, one))) = storage.cannot_be_checked().await {
        lines.push(cannot_be_checked(connections, one));
    }
    if let Ok((waiting, first)) = storage.jobs_waiting(JobKind::Mail).await {
        lines.push(mails(waiting, first, now));
    }
    lines.push(telling(settings.notify));
    if let (true, Ok((organizations, slugs))) =
        (settings.notify.by_mail(), storage.without_administrator(SOME_SLUGS).await)
    {
        lines.extend(readers(organizations, &slugs));
    }
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
        return Line::ok(NAME, "no connection waits for its turn to be checked");
    }
    Line::warning(
        NAME,
        format!("{late} connections wait for more than an hour to be checked"),
        "start more of `renova worker`, or see in the log whether Meta's limits are reached",
    )
}

/// A check that Meta does not answer is no late one: it is asked again, later and later.
fn answers(connections: i64, since: Option<Timestamp>) -> Line {
    const NAME: &str = "answers of Meta";
    let Some(since) = since else { return Line::ok(NAME, "Meta answers about every connection that is checked") };
    Line::warning(
        NAME,
        format!(
            "for more than an hour Meta has not answered about {connections} connections, the first since {}",
            day_and_time(since)
        ),
        "see in the log what came instead: an outage of Meta's and its limits pass; a network that blocks Meta does not",
    )
}

fn cannot_be_checked(connections: i64, one: ConnectionId) -> Line {
    Line::error(
        "connections",
        format!("{connections} connections cannot be checked, such as {one}: nobody learns of it when they stop"),
        format!("`renova check --connection {one}` says why: mostly a key or a Meta app that is no longer configured"),
    )
}

/// None where every organization has somebody to be told.
fn readers(organizations: i64, slugs: &[String]) -> Option<Line> {
    let more = organizations - i64::try_from(slugs.len()).unwrap_or_default();
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    (organizations > 0).then(|| {
        Line::warning(
            "administrators",
            format!(
                "nobody is told of the connections of organizations without an administrator: {}{more}",
                slugs.join(", ")
            ),
            "`renova user add --org SLUG --role admin`, or `PUT` one by the API: what has stopped is told then",
        )
    })
}

fn day_and_time(at: Timestamp) -> String {
    jiff::Timestamp::from_millisecond(at.0)
        .map_or_else(|_| String::new(), |at| at.strftime("%Y-%m-%d %H:%M UTC").to_string())
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
        Notify::Platform => Line::ok(NAME, "the platform tells people, by the events"),
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
