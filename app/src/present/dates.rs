//! Dates as people of an organization read them. UTC in, the organization's zone out.

use jiff::{Timestamp as Instant, ZonedDateTime, tz::TimeZone};
use lifecycle::Timestamp;
use wizard::{Locale, Moment};

/// A reader's language and zone.
#[derive(Clone, Debug)]
pub struct Calendar {
    locale: Locale,
    zone: TimeZone,
}

impl Calendar {
    /// An unknown zone reads as UTC.
    #[must_use]
    pub fn new(locale: Locale, zone: &str) -> Self {
        Self { locale, zone: TimeZone::get(zone).unwrap_or(TimeZone::UTC) }
    }

    #[must_use]
    pub const fn locale(&self) -> Locale {
        self.locale
    }

    /// Day and month: `28/11`, `28 Nov`.
    #[must_use]
    pub fn day(&self, at: Timestamp) -> Moment {
        let local = self.local(at);
        let text = match self.locale {
            Locale::PtBr | Locale::Es => local.strftime("%d/%m").to_string(),
            Locale::En => local.strftime("%-d %b").to_string(),
        };
        Moment { iso: self.iso(at), text }
    }

    /// Day, month and year: `28/11/2026`.
    #[must_use]
    pub fn date(&self, at: Timestamp) -> Moment {
        let local = self.local(at);
        let text = match self.locale {
            Locale::PtBr | Locale::Es => local.strftime("%d/%m/%Y").to_string(),
            Locale::En => local.strftime("%-d %b %Y").to_string(),
        };
        Moment { iso: self.iso(at), text }
    }

    /// Day and hour: `22/11 14h`, `22 Nov 14:00`.
    #[must_use]
    pub fn hour(&self, at: Timestamp) -> Moment {
        let local = self.local(at);
        let text = match self.locale {
            Locale::PtBr => local.strftime("%d/%m %-Hh").to_string(),
            Locale::Es => local.strftime("%d/%m %-H:00").to_string(),
            Locale::En => local.strftime("%-d %b %-H:00").to_string(),
        };
        Moment { iso: self.iso(at), text }
    }

    /// Day and minute, for the history.
    #[must_use]
    pub fn minute(&self, at: Timestamp) -> Moment {
        let local = self.local(at);
        let text = match self.locale {
            Locale::PtBr | Locale::Es => local.strftime("%d/%m %H:%M").to_string(),
            Locale::En => local.strftime("%-d %b %H:%M").to_string(),
        };
        Moment { iso: self.iso(at), text }
    }

    /// Day, year and minute, for what is looked up later.
    #[must_use]
    pub fn exact(&self, at: Timestamp) -> Moment {
        let local = self.local(at);
        let text = match self.locale {
            Locale::PtBr | Locale::Es => local.strftime("%d/%m/%Y %H:%M").to_string(),
            Locale::En => local.strftime("%-d %b %Y %H:%M").to_string(),
        };
        Moment { iso: self.iso(at), text }
    }

    /// Calendar days from `now` to `at` in this zone: 0 today, 1 tomorrow, negative in the past.
    #[must_use]
    pub fn days_between(&self, now: Timestamp, at: Timestamp) -> i32 {
        let from = self.local(now).date();
        self.local(at).date().since(from).map_or(0, |span| span.get_days())
    }

    /// An hour of the day, as people say it: `9h`, `9:00`.
    #[must_use]
    pub fn hour_of_day(&self, hour: i64) -> String {
        match self.locale {
            Locale::PtBr => format!("{hour}h"),
            Locale::En | Locale::Es => format!("{hour}:00"),
        }
    }

    fn local(&self, at: Timestamp) -> ZonedDateTime {
        instant(at).to_zoned_datetime(self.zone.clone())
    }

    fn iso(&self, at: Timestamp) -> String {
        instant(at).strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
    }
}

fn instant(at: Timestamp) -> Instant {
    Instant::from_millisecond(at.0).unwrap_or(Instant::UNIX_EPOCH)
}

/// Names of zones to choose from: those of places, and UTC, in the order of the alphabet.
#[must_use]
pub fn zones() -> Vec<String> {
    const REGIONS: [&str; 10] =
        ["Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific"];
    let of_a_place = |name: &str| name.split_once('/').is_some_and(|(region, _)| REGIONS.contains(&region));
    let names = jiff::tz::db().available().map(|name| name.to_string());
    let mut names: Vec<_> = names.filter(|name| name == "UTC" || of_a_place(name)).collect();
    names.sort_unstable();
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-11-24 01:30 UTC is still the 23rd in São Paulo.
    const LATE: Timestamp = Timestamp(1_795_483_800_000);

    #[test]
    fn days_are_counted_by_the_calendar_of_the_zone() {
        let calendar = Calendar::new(Locale::PtBr, "America/Sao_Paulo");
        assert_eq!(calendar.date(LATE).text, "23/11/2026");
        assert_eq!(calendar.date(LATE).iso, "2026-11-24T01:30:00Z");
        let two_hours_later = LATE.plus(2 * lifecycle::clock::HOUR_MS);
        assert_eq!(calendar.days_between(LATE, two_hours_later), 1);
        assert_eq!(Calendar::new(Locale::PtBr, "UTC").days_between(LATE, two_hours_later), 0);
    }

    #[test]
    fn zones_to_choose_from_are_known() {
        let zones = zones();
        for name in ["America/Sao_Paulo", "America/Argentina/Buenos_Aires", "Europe/Lisbon", "UTC"] {
            assert!(zones.iter().any(|zone| zone == name), "{name}");
        }
        assert!(zones.iter().all(|name| TimeZone::get(name).is_ok()));
    }

    #[test]
    fn each_language_has_its_own_form() {
        assert_eq!(Calendar::new(Locale::En, "UTC").hour(LATE).text, "24 Nov 1:00");
        assert_eq!(Calendar::new(Locale::PtBr, "UTC").hour(LATE).text, "24/11 1h");
        assert_eq!(Calendar::new(Locale::Es, "UTC").exact(LATE).text, "24/11/2026 01:30");
    }
}
