//! The texts of the pages below `/settings`.

use crate::model::{SettingsField, Teller};

/// The texts of one language. Sentences that carry a value have one `{}`.
pub struct SettingsTexts {
    pub title: &'static str,
    pub navigation: &'static str,
    pub general: &'static str,
    pub audit: &'static str,
    pub forbidden: &'static str,

    pub warnings: &'static str,
    pub warnings_intro: &'static str,
    pub days: &'static str,
    pub on_the_day: &'static str,
    pub one_day_before: &'static str,
    pub days_before: &'static str,
    pub hours: &'static str,
    pub from_hour: &'static str,
    pub to_hour: &'static str,
    pub hour: &'static str,
    pub hours_hint: &'static str,
    pub save_warnings: &'static str,

    pub organization: &'static str,
    pub time_zone: &'static str,
    pub time_zone_hint: &'static str,
    pub now: &'static str,
    pub language: &'static str,
    pub language_hint: &'static str,
    pub save_organization: &'static str,

    pub wrong_days: &'static str,
    pub wrong_hours: &'static str,
    pub wrong_time_zone: &'static str,
    pub wrong_language: &'static str,

    pub teller: &'static str,
    pub told_by_renova: &'static str,
    pub told_by_platform: &'static str,
    pub told_by_both: &'static str,
    pub told_by_nobody: &'static str,
    pub teller_operator: &'static str,
    pub mail: &'static str,
    pub mail_on: &'static str,
    pub mail_off: &'static str,
    pub mail_how: &'static str,

    pub audit_intro: &'static str,
    pub who: &'static str,
    pub everybody: &'static str,
    pub by_itself: &'static str,
    pub by_key: &'static str,
    pub by_platform: &'static str,
    pub what: &'static str,
    pub everything: &'static str,
    pub filter: &'static str,
    pub when: &'static str,
    pub older: &'static str,
    pub newest: &'static str,
    pub audit_empty: &'static str,
    pub audit_nothing_found: &'static str,
    pub show_all: &'static str,
}

impl SettingsTexts {
    /// What is wrong with a field, and the fix.
    pub(crate) const fn wrong(&self, field: SettingsField) -> &'static str {
        match field {
            SettingsField::Days => self.wrong_days,
            SettingsField::Hours => self.wrong_hours,
            SettingsField::TimeZone => self.wrong_time_zone,
            SettingsField::Locale => self.wrong_language,
        }
    }

    pub(crate) const fn told_by(&self, teller: Teller) -> &'static str {
        match teller {
            Teller::Renova => self.told_by_renova,
            Teller::Platform => self.told_by_platform,
            Teller::Both => self.told_by_both,
            Teller::Nobody => self.told_by_nobody,
        }
    }
}
