//! The data of the organization's settings.

use lifecycle::notice::Policy;
use renewal::{Error, Identity, Notify, Renova};
use wizard::{Locale, texts::fill};

use super::dates::{Calendar, zones};
use crate::{
    model::{Choice, RefusedSettings, Settings, SettingsField, Teller},
    texts::{SettingsTexts, texts},
};

/// Offered beside those that the organization has.
const USUAL_DAYS: [i64; 8] = [14, 10, 7, 5, 3, 2, 1, 0];

pub async fn settings(
    renova: &Renova,
    who: &Identity,
    calendar: &Calendar,
    refused: Option<&RefusedSettings>,
) -> Result<Settings, Error> {
    let policy = renova.warning_policy(who).await?;
    let words = &texts(calendar.locale()).settings;
    let typed = |value: fn(&RefusedSettings) -> &Option<String>| refused.and_then(|it| value(it).as_deref());
    let from_hour = typed(|it| &it.from_hour).and_then(|hour| hour.parse().ok()).unwrap_or(policy.from_hour);
    let to_hour = typed(|it| &it.to_hour).and_then(|hour| hour.parse().ok()).unwrap_or(policy.to_hour);
    let locale = typed(|it| &it.locale).unwrap_or(&who.organization_locale);
    Ok(Settings {
        days: days(words, &policy, typed(|it| &it.days)),
        from_hours: hours(calendar, 0..=23, from_hour),
        to_hours: hours(calendar, 1..=24, to_hour),
        time_zone: typed(|it| &it.time_zone).unwrap_or(&who.time_zone).to_owned(),
        now: calendar.exact(renova.now()),
        zones: zones(),
        locale: Locale::parse(locale).unwrap_or_default(),
        teller: teller(renova.notify()),
        has_mail: renova.has_mail(),
        wrong: refused.and_then(|it| field(&it.field)),
    })
}

/// By the name that the use case gives it.
fn field(name: &str) -> Option<SettingsField> {
    match name {
        "days" => Some(SettingsField::Days),
        "hours" => Some(SettingsField::Hours),
        "time_zone" => Some(SettingsField::TimeZone),
        "locale" => Some(SettingsField::Locale),
        _ => None,
    }
}

fn teller(notify: Notify) -> Teller {
    match notify {
        Notify::Renova => Teller::Renova,
        Notify::Platform => Teller::Platform,
        Notify::Both => Teller::Both,
        Notify::Shadow => Teller::Nobody,
    }
}

fn days(words: &SettingsTexts, policy: &Policy, typed: Option<&str>) -> Vec<Choice> {
    let chosen: Vec<i64> = match typed {
        Some(typed) => typed.split(',').filter_map(|day| day.parse().ok()).collect(),
        None => policy.thresholds.clone(),
    };
    let mut offered: Vec<_> = USUAL_DAYS.into_iter().chain(policy.thresholds.iter().copied()).collect();
    offered.sort_unstable_by(|a, b| b.cmp(a));
    offered.dedup();
    let choice = |day: i64| Choice {
        value: day.to_string(),
        label: match day {
            0 => words.on_the_day.to_owned(),
            1 => words.one_day_before.to_owned(),
            _ => fill(words.days_before, &day.to_string()),
        },
        is_chosen: chosen.contains(&day),
    };
    offered.into_iter().map(choice).collect()
}

fn hours(calendar: &Calendar, offered: std::ops::RangeInclusive<i64>, chosen: i64) -> Vec<Choice> {
    let choice =
        |hour: i64| Choice { value: hour.to_string(), label: calendar.hour_of_day(hour), is_chosen: hour == chosen };
    offered.map(choice).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(choices: &[Choice]) -> Vec<&str> {
        choices.iter().filter(|it| it.is_chosen).map(|it| it.value.as_str()).collect()
    }

    #[test]
    fn a_day_that_only_this_organization_has_is_offered_too() {
        let words = &texts(Locale::PtBr).settings;
        let policy = Policy { thresholds: vec![12, 0], ..Policy::default() };
        let offered = days(words, &policy, None);
        assert_eq!(chosen(&offered), ["12", "0"]);
        assert_eq!(offered.first().map(|it| it.label.as_str()), Some("14 dias antes"));
        assert_eq!(offered.last().map(|it| it.label.as_str()), Some("No dia"));
        assert_eq!(chosen(&days(words, &policy, Some("14,3"))), ["14", "3"], "what was typed is not lost");
        assert_eq!(chosen(&days(words, &policy, Some(""))), [""; 0]);
    }
}
