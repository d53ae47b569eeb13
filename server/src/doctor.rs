//! Looks at everything that an installation depends on: each line good, a warning or an error, with
//! the fix. Nothing is changed.

mod background;
mod meta_app;
mod webhooks;

use lifecycle::{Clock, Timestamp};
use secrecy::ExposeSecret as _;
use serde::Serialize;
use store::StoreError;
use vault::{Keyring, Sealed, Vault};

use crate::{
    clock::SystemClock,
    mail,
    random::SystemRandom,
    settings::{Need, Problem, Settings, Sources},
};

/// How long before the end of an API version it is worth a warning, in days.
const VERSION_WARNING_DAYS: i64 = 90;

/// How well something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    Ok,
    Warning,
    Error,
}

/// One thing that was looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Line {
    /// Such as `database`.
    pub name: &'static str,
    pub level: Level,
    /// What was found.
    pub found: String,
    /// What to do; empty where all is well.
    pub fix: String,
}

impl Line {
    fn ok(name: &'static str, found: impl Into<String>) -> Self {
        Self { name, level: Level::Ok, found: found.into(), fix: String::new() }
    }

    fn warning(name: &'static str, found: impl Into<String>, fix: impl Into<String>) -> Self {
        Self { name, level: Level::Warning, found: found.into(), fix: fix.into() }
    }

    fn error(name: &'static str, found: impl Into<String>, fix: impl Into<String>) -> Self {
        Self { name, level: Level::Error, found: found.into(), fix: fix.into() }
    }
}

/// Everything, in the order in which it depends on each other.
pub async fn examine(sources: &Sources) -> Vec<Line> {
    let settings = match Settings::load(sources, Need::Keys) {
        Ok(settings) => settings,
        Err(problems) => return problems.iter().map(wrong_setting).collect(),
    };
    let mut lines = vec![Line::ok("configuration", "every setting can be used")];
    lines.extend(database(&settings).await);
    lines.push(version(&settings.meta_api_version, SystemClock.now()));
    lines.extend(meta_app::examine(&settings).await);
    lines.push(notifications(&settings));
    lines.push(mail(&settings).await);
    lines
}

fn wrong_setting(problem: &Problem) -> Line {
    Line::error("configuration", problem.to_string(), "mend this setting, then ask again")
}

async fn database(settings: &Settings) -> Vec<Line> {
    const NAME: &str = "database";
    let storage = match store::open(settings.database_url.expose_secret()).await {
        Ok(storage) => storage,
        Err(error) => return vec![Line::error(NAME, error.to_string(), "check that it runs, and RENOVA_DATABASE_URL")],
    };
    let mut lines = vec![match storage.check_schema().await {
        Ok(()) => Line::ok(NAME, "it answers, and its schema is this version's"),
        Err(StoreError::NewerSchema) => {
            Line::error(NAME, "it was written by a newer Renova", "start that version or a later one")
        }
        Err(_) => Line::warning(NAME, "its schema is missing or older than this version", "run `renova migrate`"),
    }];
    if let Ok(Some(stored)) = storage.key_check().await {
        lines.push(keys(settings, Sealed { key_id: stored.key_id, ciphertext: stored.ciphertext }));
    }
    if let (Some(_), Ok(waiting)) = (&settings.webhook_forward_url, storage.forwards_waiting().await) {
        lines.push(passing_on(waiting));
    }
    lines.extend(webhooks::examine(settings.notify, storage.webhook_endpoints(None).await));
    if lines[0].level == Level::Ok {
        lines.extend(background::examine(settings, &*storage).await);
    }
    storage.close().await;
    lines
}

fn keys(settings: &Settings, stored: Sealed) -> Line {
    const NAME: &str = "keys";
    let keys = settings.encryption_keys.clone().unwrap_or_default();
    let opens = Keyring::parse(&keys)
        .is_ok_and(|keyring| Vault::new(keyring, std::sync::Arc::new(SystemRandom)).verify_key_check(&stored).is_ok());
    if opens {
        Line::ok(NAME, "the encryption keys belong to this database")
    } else {
        Line::error(NAME, "no encryption key belongs to this database", "give the key that it was written with")
    }
}

/// How long Meta will serve the configured version. Meta: `graph-api/changelog`.
fn version(version: &str, now: Timestamp) -> Line {
    const NAME: &str = "meta version";
    const FIX: &str = "set RENOVA_META_API_VERSION to a later version that the app was tested with";
    let Some((year, month, day)) = meta::version_end(version) else {
        return Line::ok(NAME, format!("{version}: Meta has announced no end that is known here"));
    };
    let date = format!("{year:04}-{month:02}-{day:02}");
    let left = days_until((year, month, day), now);
    match left {
        ..=0 => Line::error(NAME, format!("{version} ended on {date}"), FIX),
        1..=VERSION_WARNING_DAYS => Line::warning(NAME, format!("{version} ends on {date}, in {left} days"), FIX),
        _ => Line::ok(NAME, format!("{version} is served until {date}")),
    }
}

/// From today to a date, both in UTC; a date that is none lies behind.
fn days_until((year, month, day): (i32, u8, u8), now: Timestamp) -> i64 {
    let days = || {
        let end = jiff::civil::Date::new(year.try_into().ok()?, month.try_into().ok()?, day.try_into().ok()?).ok()?;
        let today = jiff::Timestamp::from_millisecond(now.0).ok()?.to_zoned_datetime(jiff::tz::TimeZone::UTC).date();
        Some(i64::from(today.until(end).ok()?.get_days()))
    };
    days().unwrap_or_default()
}

fn notifications(settings: &Settings) -> Line {
    const NAME: &str = "notifications";
    let forwards = settings.webhook_forward_url.is_some();
    match (settings.meta_webhook_verify_token.is_some(), forwards) {
        (true, true) => Line::ok(NAME, "Meta's go to Renova, and on to the platform"),
        (true, false) => Line::warning(
            NAME,
            "Meta's come to Renova and are not passed on",
            "set RENOVA_WEBHOOK_FORWARD_URL if the platform needs them",
        ),
        (false, true) => Line::error(
            NAME,
            "RENOVA_WEBHOOK_FORWARD_URL is set, but Meta cannot register Renova's address",
            "set RENOVA_META_WEBHOOK_VERIFY_TOKEN too",
        ),
        (false, false) => Line::ok(NAME, "the platform keeps Meta's address; copies come to /api/v1/meta-events"),
    }
}

/// More than come in while the platform restarts.
const MANY_WAITING: i64 = 1000;

fn passing_on(waiting: i64) -> Line {
    let found = format!("{waiting} notifications wait for the platform");
    if waiting < MANY_WAITING {
        return Line::ok("passing on", found);
    }
    Line::warning("passing on", found, "see in the log why RENOVA_WEBHOOK_FORWARD_URL does not take them")
}

async fn mail(settings: &Settings) -> Line {
    const NAME: &str = "mail";
    match mail::examine(settings).await {
        None => Line::warning(NAME, "off: nobody is told by mail", "set RENOVA_SMTP_URL and RENOVA_MAIL_FROM"),
        Some(Ok(())) => Line::ok(NAME, "the mail server lets Renova in"),
        Some(Err(why)) => {
            Line::error(NAME, format!("the mail server: {why}"), "check RENOVA_SMTP_URL: host, port, log-in and TLS")
        }
    }
}

#[cfg(test)]
mod tests {
    use lifecycle::clock::DAY_MS;

    use super::*;

    #[test]
    fn a_version_that_ends_within_90_days_is_a_warning() {
        // v24.0 ends on 2028-02-18.
        let end: jiff::Timestamp = "2028-02-18T12:00:00Z".parse().unwrap();
        let at = |days_before: i64| Timestamp(end.as_millisecond() - days_before * DAY_MS);
        let level = |days_before| version("v24.0", at(days_before)).level;
        assert_eq!(level(91), Level::Ok);
        assert_eq!(level(90), Level::Warning);
        assert_eq!(level(1), Level::Warning);
        assert_eq!(level(0), Level::Error);
        assert!(version("v24.0", at(30)).found.contains("in 30 days"));
        assert_eq!(version("v99.0", at(0)).level, Level::Ok);
    }
}
