//! Every fixed text of banner and wizard, one struct for all languages.
//!
//! A new text is a new field: the compiler then asks for it in each language. Sentences that
//! carry a name have one `{}`, filled in by [`fill`].

mod en;
mod es;
mod pt_br;
mod start;

use lifecycle::{
    Provider,
    proof::{ProofItem, Verdict},
    reconcile::Change,
};

use crate::model::Locale;

pub use start::{StartTexts, start_texts};

/// The texts of one language.
pub struct Texts {
    pub banner_region: &'static str,
    pub banner_count: &'static str,
    /// The same for somebody who cannot renew.
    pub banner_count_agent: &'static str,
    pub banner_more: &'static str,
    pub banner_clear: &'static str,
    pub change_permissions: &'static str,
    pub almost_done: &'static str,
    pub resume: &'static str,
    pub ask_admin: &'static str,
    pub ask_admin_sent: &'static str,
    pub ask_admin_mailed: &'static str,
    pub only_admins: &'static str,
    pub remind_tomorrow: &'static str,
    /// Announced once it is put off.
    pub put_off: &'static str,
    pub time_left: &'static str,
    pub one_day: &'static str,
    pub days: &'static str,

    pub wizard_region: &'static str,
    pub title_connect: &'static str,
    pub title_renew: &'static str,
    pub steps_label: &'static str,
    pub step_of: &'static str,
    pub step_done: &'static str,
    pub loading: &'static str,

    /// What differs by the log-in that it goes through.
    pub facebook: LoginTexts,
    pub instagram: LoginTexts,
    pub start_body: &'static str,
    pub blocked: &'static str,
    pub open_here: &'static str,
    pub waiting_heading: &'static str,
    pub open_again: &'static str,
    /// Where the log-in's window asks for a number.
    pub number: &'static str,
    pub no_window: &'static str,
    pub cancel: &'static str,

    pub exchange_heading: &'static str,
    pub exchange_body: &'static str,
    pub exchange_status: &'static str,
    pub go_on: &'static str,

    pub accounts_heading: &'static str,
    pub accounts_person: &'static str,
    pub accounts_none: &'static str,
    pub choose_again: &'static str,
    pub loss_confirm: &'static str,
    pub kept: &'static str,
    pub new: &'static str,
    pub dropped: &'static str,
    pub lost: &'static str,
    pub unusable: &'static str,
    pub untouched: &'static str,

    pub proving_heading: &'static str,
    pub proving_status: &'static str,
    pub proved_heading: &'static str,
    pub proof_label: &'static str,
    pub verify_now: &'static str,
    pub verify_again: &'static str,
    pub open_points: &'static str,
    pub cannot_finish: &'static str,
    pub finish: &'static str,
    pub permissions: &'static str,
    pub subscription: &'static str,
    pub live_read: &'static str,
    pub dates: &'static str,
    /// The words of the platform's own option.
    pub story_mentions: &'static str,
    /// The words of the platform's own option.
    pub story_replies: &'static str,
    pub pending: &'static str,
    pub good: &'static str,
    pub open: &'static str,
    pub blocking: &'static str,
    pub not_applicable: &'static str,

    pub done_heading: &'static str,
    pub done_connected: &'static str,
    pub done_renewed: &'static str,
    pub conclude: &'static str,

    pub problem_heading: &'static str,
    pub retry: &'static str,
    pub denied: &'static str,
    pub denied_advice: &'static str,
    pub mismatched: &'static str,
    pub mismatched_advice: &'static str,
    /// The button that hands the connection over to the person named.
    pub hand_over: &'static str,
    pub failed: &'static str,
    pub failed_advice: &'static str,

    pub expired_heading: &'static str,
    pub expired: &'static str,
    pub abandoned_heading: &'static str,
    pub abandoned: &'static str,
    pub superseded_heading: &'static str,
    pub superseded: &'static str,
    pub start_over: &'static str,
    /// Out of a trip to Meta, to what was there before it.
    pub back: &'static str,
    pub other_owner_heading: &'static str,
    pub other_owner: &'static str,
    pub take_over: &'static str,

    pub details: &'static str,
    pub code: &'static str,
    pub request: &'static str,
    pub reload: &'static str,
    pub log_in_again: &'static str,
    pub error_loss_not_confirmed: &'static str,
    pub error_nothing_selected: &'static str,
    pub error_conflict: &'static str,
    pub error_link_over: &'static str,
    pub error_meta_unreachable: &'static str,
    pub error_too_busy: &'static str,
    pub error_cannot_wait: &'static str,
    pub error_name_mismatch: &'static str,
    pub error_invalid_login: &'static str,
    pub error_weak_password: &'static str,
    pub error_session_over: &'static str,
    pub error_forbidden: &'static str,
    pub error_not_found: &'static str,
    pub error_other_is_renewing: &'static str,
    pub error_already_connected: &'static str,
    pub error_not_proved: &'static str,
    pub error_meta_refused: &'static str,
    pub error_no_meta_app: &'static str,
    pub error_invalid: &'static str,
    pub error_offline: &'static str,
    pub error_general: &'static str,
}

/// The texts of one of Meta's log-ins.
pub struct LoginTexts {
    /// The six steps of the journey, by the words of their buttons.
    pub steps: [&'static str; 6],
    pub heading: &'static str,
    /// Whose account to log in with.
    pub person: &'static str,
    pub log_in: &'static str,
    /// What to click in Meta's window.
    pub waiting: &'static str,
    pub waiting_status: &'static str,
}

/// The texts of a language.
#[must_use]
pub const fn texts(locale: Locale) -> &'static Texts {
    match locale {
        Locale::PtBr => &pt_br::TEXTS,
        Locale::En => &en::TEXTS,
        Locale::Es => &es::TEXTS,
    }
}

/// Puts `value` into the text's place for it.
#[must_use]
pub fn fill(text: &str, value: &str) -> String {
    match text.split_once("{}") {
        Some((before, after)) => [before, value, after].concat(),
        None => text.to_owned(),
    }
}

impl Texts {
    /// What differs by the log-in.
    #[must_use]
    pub const fn login(&self, provider: Provider) -> &LoginTexts {
        match provider {
            Provider::Facebook => &self.facebook,
            Provider::Instagram => &self.instagram,
        }
    }

    /// What a code in a page's `?error=` means; unknown codes get a general sentence.
    #[must_use]
    pub fn error(&self, code: &str) -> &'static str {
        match code {
            "loss_not_confirmed" => self.error_loss_not_confirmed,
            "nothing_selected" | "not_granted" => self.error_nothing_selected,
            "conflict" | "not_applicable" => self.error_conflict,
            "link_over" => self.error_link_over,
            "meta_unreachable" => self.error_meta_unreachable,
            "too_busy" => self.error_too_busy,
            "cannot_wait" => self.error_cannot_wait,
            "name_mismatch" => self.error_name_mismatch,
            "invalid_login" => self.error_invalid_login,
            "weak_password" => self.error_weak_password,
            "session_over" => self.error_session_over,
            "forbidden" => self.error_forbidden,
            "not_found" => self.error_not_found,
            "other_is_renewing" => self.error_other_is_renewing,
            "already_connected" => self.error_already_connected,
            "not_proved" => self.error_not_proved,
            "meta_refused" => self.error_meta_refused,
            "no_meta_app" => self.error_no_meta_app,
            "invalid" => self.error_invalid,
            "offline" => self.error_offline,
            _ => self.error_general,
        }
    }

    pub(crate) const fn proof_item(&self, item: ProofItem) -> &'static str {
        match item {
            ProofItem::Permissions => self.permissions,
            ProofItem::Subscription => self.subscription,
            ProofItem::LiveRead => self.live_read,
            ProofItem::Dates => self.dates,
            ProofItem::StoryMentions => self.story_mentions,
            ProofItem::StoryReplies => self.story_replies,
        }
    }

    pub(crate) const fn verdict(&self, verdict: Verdict) -> &'static str {
        match verdict {
            Verdict::Pending => self.pending,
            Verdict::Good => self.good,
            Verdict::Open => self.open,
            Verdict::Blocking => self.blocking,
            Verdict::NotApplicable => self.not_applicable,
        }
    }

    pub(crate) const fn change(&self, change: Change) -> &'static str {
        match change {
            Change::Kept => self.kept,
            Change::New => self.new,
            Change::Lost => self.lost,
            Change::Unusable => self.unusable,
            Change::Untouched => self.untouched,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_filled_in() {
        assert_eq!(fill("Renovar {}", "Ana Souza"), "Renovar Ana Souza");
        assert_eq!(fill("Renovar", "Ana Souza"), "Renovar");
    }

    #[test]
    fn the_fixed_words_are_the_source_s() {
        let words = texts(Locale::PtBr);
        assert_eq!(
            words.facebook.steps,
            ["Alterar permissões", "Iniciar", "Entrar com o Facebook", "Reconectar", "Continuar", "Finalizar"]
        );
        assert_eq!(words.banner_region, "Renovação necessária");
        assert_eq!(words.wizard_region, "Renovar conexão");
    }

    #[test]
    fn every_language_has_a_place_for_each_name() {
        for locale in Locale::ALL {
            let words = texts(locale);
            for text in [
                words.banner_count,
                words.banner_count_agent,
                words.title_renew,
                words.other_owner,
                words.accounts_person,
                words.step_of,
                words.facebook.person,
                words.instagram.person,
                words.hand_over,
                words.number,
                start_texts(locale).renew,
                start_texts(locale).renewal_open_other,
            ] {
                assert_eq!(text.matches("{}").count(), 1, "{text}");
            }
        }
    }
}
