//! How much of its limits an app has used, as Meta states it in the headers of
//! its answers. Meta: `graph-api/overview/rate-limiting`.

use std::collections::BTreeMap;
use std::time::Duration;

use reqwest::header::HeaderMap;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::error::Meaning;

/// From here on work in the background slows down, in percent.
const TIGHT: u64 = 60;
/// From here on work in the background waits, so that people still get
/// through.
const FULL: u64 = 80;
/// A statement counts for so long where Meta does not say how long, in seconds:
/// after it one call may find out.
const STALE_AFTER: i64 = 5 * 60;
/// The same without a clock: so many questions.
const STALE_ASKS: u32 = 100;
/// Longest wait that is believed, in seconds.
const LONGEST: i64 = 24 * 60 * 60;
/// Most statements kept; the header names at most 32 objects at a time.
const MOST: usize = 10_000;

/// How much more Meta takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Room {
    /// Enough.
    Free,
    /// Little: only what is due.
    Tight,
    /// None for work in the background.
    Full {
        /// From now, as far as Meta says.
        until: Option<Duration>,
    },
}

/// What Meta said last about each app, and about each business, Page or
/// Instagram account of an app.
#[derive(Debug, Default)]
pub(crate) struct Usage {
    /// By app and object; an empty object is the app itself.
    stated: BTreeMap<(String, String), Statement>,
}

#[derive(Debug, Clone, Copy)]
struct Statement {
    percent: u64,
    /// Seconds since 1970; [`None`] without a clock.
    at: Option<i64>,
    /// Seconds until it is over.
    wait: Option<i64>,
    /// How often it was asked about.
    asked: u32,
}

impl Usage {
    /// The least room of all that concerns this app, or any, and this object.
    pub(crate) fn room(&mut self, app: Option<&str>, of: Option<&str>, now: Option<i64>) -> Room {
        let mut least = Room::Free;
        for ((its_app, object), statement) in &mut self.stated {
            let concerned = app.is_none_or(|app| app == its_app) && (object.is_empty() || of == Some(object));
            if concerned {
                least = worse(least, statement.room(now));
            }
        }
        self.stated.retain(|_, statement| !statement.is_over(now));
        least
    }

    /// `object` is what the call was about, as far as it was named: Meta states
    /// the limits of the business behind a Page by the business.
    pub(crate) fn note_headers(&mut self, app: &str, object: Option<&str>, headers: &HeaderMap, now: Option<i64>) {
        if let Some(limit) = header::<Limit>(headers, APP) {
            self.note(app, "", Statement::new(limit.percent(), None, now));
        }
        for (stated, limits) in objects(headers) {
            let percent = limits.iter().map(Limit::percent).max().unwrap_or_default();
            let wait = limits.iter().map(Limit::wait).max().filter(|wait| *wait > 0);
            let statement = Statement::new(percent, wait, now);
            for object in [Some(stated.as_str()), object].into_iter().flatten() {
                self.note(app, object, statement);
            }
        }
    }

    /// Meta refused a call for one of its limits. A limit of one person or one
    /// Page must not hold up all others: it counts for what the call named.
    pub(crate) fn note_refusal(
        &mut self,
        app: &str,
        object: Option<&str>,
        meaning: Meaning,
        wait: Option<Duration>,
        now: Option<i64>,
    ) {
        let is_the_apps = matches!(
            meaning,
            Meaning::AppLimit | Meaning::ApplicationLimit | Meaning::CallLimit | Meaning::TooManyCalls
        );
        let Some(object) = (if is_the_apps { Some("") } else { object }) else { return };
        let wait = wait.map(|wait| i64::try_from(wait.as_secs()).unwrap_or(LONGEST));
        self.note(app, object, Statement::new(100, wait, now));
    }

    fn note(&mut self, app: &str, object: &str, statement: Statement) {
        let key = (app.to_owned(), object.to_owned());
        if self.stated.len() >= MOST {
            self.stated.retain(|_, known| !known.is_over(statement.at));
        }
        if self.stated.len() < MOST || self.stated.contains_key(&key) {
            self.stated.insert(key, statement);
        }
    }
}

impl Statement {
    fn new(percent: u64, wait: Option<i64>, at: Option<i64>) -> Self {
        Self { percent, at, wait: wait.map(|wait| wait.clamp(0, LONGEST)), asked: 0 }
    }

    fn room(&mut self, now: Option<i64>) -> Room {
        self.asked = self.asked.saturating_add(1);
        if self.is_over(now) {
            return Room::Free;
        }
        match self.percent {
            _ if self.wait.is_some() => Room::Full { until: self.left(now) },
            FULL.. => Room::Full { until: None },
            TIGHT.. => Room::Tight,
            _ => Room::Free,
        }
    }

    /// A clock that was put back ends it, too: nobody waits for ever.
    fn is_over(&self, now: Option<i64>) -> bool {
        match self.age(now) {
            Some(age) => age < 0 || age >= self.wait.unwrap_or(STALE_AFTER),
            None => self.asked > STALE_ASKS,
        }
    }

    fn age(&self, now: Option<i64>) -> Option<i64> {
        Some(now?.saturating_sub(self.at?))
    }

    fn left(&self, now: Option<i64>) -> Option<Duration> {
        let left = self.wait?.saturating_sub(self.age(now).unwrap_or(0));
        u64::try_from(left).ok().map(Duration::from_secs)
    }
}

fn worse(one: Room, other: Room) -> Room {
    match (one, other) {
        (Room::Full { until: one }, Room::Full { until: other }) => Room::Full { until: one.max(other) },
        (full @ Room::Full { .. }, _) | (_, full @ Room::Full { .. }) => full,
        (Room::Tight, _) | (_, Room::Tight) => Room::Tight,
        _ => Room::Free,
    }
}

/// The longest time that the usage header of a refusal asks for.
pub(crate) fn regain_time(headers: &HeaderMap) -> Option<Duration> {
    let longest = objects(headers).values().flatten().map(Limit::wait).max().filter(|wait| *wait > 0)?;
    u64::try_from(longest).ok().map(Duration::from_secs)
}

const APP: &str = "x-app-usage";
const BUSINESS: &str = "x-business-use-case-usage";

/// Limits by business; what cannot be read says nothing.
fn objects(headers: &HeaderMap) -> BTreeMap<String, Vec<Limit>> {
    let stated: BTreeMap<String, Value> = header(headers, BUSINESS).unwrap_or_default();
    let limits = |limits| serde_json::from_value(limits).unwrap_or_default();
    stated.into_iter().map(|(object, stated)| (object, limits(stated))).collect()
}

fn header<T: DeserializeOwned>(headers: &HeaderMap, name: &str) -> Option<T> {
    serde_json::from_slice(headers.get(name)?.as_bytes()).ok()
}

/// Percentages, of which the largest counts.
#[derive(Deserialize)]
struct Limit {
    #[serde(default)]
    call_count: Value,
    #[serde(default)]
    total_time: Value,
    #[serde(default)]
    total_cputime: Value,
    /// In minutes.
    #[serde(default)]
    estimated_time_to_regain_access: Value,
}

impl Limit {
    fn percent(&self) -> u64 {
        let stated = [&self.call_count, &self.total_time, &self.total_cputime];
        stated.map(whole).into_iter().max().unwrap_or_default()
    }

    /// In seconds.
    fn wait(&self) -> i64 {
        i64::try_from(whole(&self.estimated_time_to_regain_access)).unwrap_or(LONGEST).saturating_mul(60).min(LONGEST)
    }
}

/// Whatever is no number counts as none.
fn whole(stated: &Value) -> u64 {
    stated.as_u64().or_else(|| stated.as_f64().map(|stated| stated as u64)).unwrap_or_default()
}

#[cfg(test)]
mod tests;
