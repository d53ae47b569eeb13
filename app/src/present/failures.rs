//! What went wrong in a renewal, and what to do next, by stable code.
//!
//! A code is one of our own (`login_cancelled`) or the word of what an error of Meta's means
//! (`meta::Meaning::code`). A code that nobody knows is told as such: somebody has to look.

mod at_meta;
mod log_in;

use wizard::Locale;

use super::words::{Text, pick};

/// One kind of failure.
struct Told {
    codes: &'static [&'static str],
    what: Text,
    next: Text,
}

/// A sentence, and the next action.
#[must_use]
pub fn failure(locale: Locale, code: &str) -> (&'static str, &'static str) {
    let told = find(code).unwrap_or(&at_meta::UNKNOWN);
    (pick(locale, told.what), pick(locale, told.next))
}

/// The same beside an account that has stopped: nothing is left there that would go on.
#[must_use]
pub fn stopped(locale: Locale, code: &str) -> (&'static str, &'static str) {
    let (what, next) = failure(locale, code);
    let renew = pick(locale, at_meta::LOG_IN_AGAIN) == next;
    (what, if renew { pick(locale, at_meta::RENEW) } else { next })
}

fn find(code: &str) -> Option<&'static Told> {
    log_in::ALL.iter().chain(at_meta::ALL).find(|told| told.codes.contains(&code))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_meaning_of_an_error_has_a_sentence_and_a_next_action() {
        for meaning in meta::Meaning::ALL {
            let told = find(meaning.code()).unwrap_or_else(|| panic!("{} has no sentence", meaning.code()));
            for text in told.what.iter().chain(&told.next) {
                assert!(text.ends_with('.') && text.len() > 10, "{}: {text}", meaning.code());
            }
        }
    }

    #[test]
    fn what_somebody_at_meta_must_do_is_said_to_the_administrator() {
        use meta::Who;
        for meaning in meta::Meaning::ALL {
            let (_, next) = failure(Locale::En, meaning.code());
            let expected = match meaning.who() {
                Who::PersonAtMeta => "facebook.com",
                Who::Operator => "support",
                Who::Nobody => "Try again",
                Who::Administrator => "again",
            };
            assert!(next.contains(expected), "{}: {next}", meaning.code());
        }
    }

    #[test]
    fn an_account_that_has_stopped_is_not_said_to_go_on() {
        for locale in Locale::ALL {
            let ((what, next), (why, renew)) = (failure(locale, "app_removed"), stopped(locale, "app_removed"));
            assert_eq!((what, pick(locale, at_meta::LOG_IN_AGAIN), pick(locale, at_meta::RENEW)), (why, next, renew));
        }
        assert_eq!(failure(Locale::En, "role_lost"), stopped(Locale::En, "role_lost"));
    }

    #[test]
    fn no_code_is_told_twice() {
        let mut codes: Vec<_> = log_in::ALL.iter().chain(at_meta::ALL).flat_map(|told| told.codes).collect();
        let all = codes.len();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), all);
    }
}
