//! The ticking time that is left: begins after hydration, so that the first render has none.

use leptos::prelude::*;

use super::Banner;
use crate::{
    live,
    texts::{Texts, fill, texts},
};

/// Writes the time left until the nearest end.
pub(super) fn tick(banner: &Banner, left: RwSignal<String>) {
    let Some(now) = banner.ahead.try_get_value().map(|ahead| live::browser_now() + ahead) else {
        return;
    };
    let text = banner
        .alerts
        .try_with_untracked(|alerts| {
            let deadline = alerts.items.iter().filter_map(|alert| alert.deadline_ms).min()?;
            Some(time_left(texts(alerts.locale), deadline - now))
        })
        .flatten()
        .unwrap_or_default();
    left.try_set(text);
}

/// "4 dias 03:12:45"; never below zero.
fn time_left(words: &Texts, ms: i64) -> String {
    let seconds = ms.max(0) / 1_000;
    let days = seconds / 86_400;
    let clock = [seconds / 3_600 % 24, seconds / 60 % 60, seconds % 60].map(two_digits).join(":");
    match days {
        0 => clock,
        1 => [words.one_day, clock.as_str()].join(" "),
        _ => [fill(words.days, &days.to_string()), clock].join(" "),
    }
}

fn two_digits(number: i64) -> String {
    let digits = number.to_string();
    if number < 10 { ["0", digits.as_str()].concat() } else { digits }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Locale;

    #[test]
    fn time_is_told_in_days_and_a_clock() {
        let words = texts(Locale::PtBr);
        let day = 86_400_000;
        assert_eq!(time_left(words, 4 * day + 11_565_000), "4 dias 03:12:45");
        assert_eq!(time_left(words, day), "1 dia 00:00:00");
        assert_eq!(time_left(words, 59_999), "00:00:59");
        assert_eq!(time_left(words, -day), "00:00:00");
    }
}
