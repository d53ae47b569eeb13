//! Every fixed text of the pages, one struct for all languages.
//!
//! What banner and wizard say is in [`wizard::texts`]. A new text is a new field: the compiler
//! then asks for it in each language. Sentences that carry a name have one `{}`.

mod developers;
mod en;
mod es;
mod pt_br;
mod settings;

use wizard::Locale;

pub use developers::DeveloperTexts;
pub use settings::SettingsTexts;

/// The texts of one language.
pub struct Texts {
    pub locale: Locale,
    pub skip: &'static str,
    pub log_out: &'static str,
    pub navigation: &'static str,
    pub overview: &'static str,
    pub integration: &'static str,
    pub account: &'static str,
    pub back: &'static str,

    pub log_in: &'static str,
    pub log_in_to: &'static str,
    pub log_in_intro: &'static str,
    pub email: &'static str,
    pub password: &'static str,
    pub show_password: &'static str,
    pub enter: &'static str,
    pub forgot: &'static str,
    pub forgot_title: &'static str,
    pub forgot_body: &'static str,
    pub forgot_operator: &'static str,
    pub reset_title: &'static str,
    pub new_password: &'static str,
    pub password_rule: &'static str,
    pub save_password: &'static str,

    pub today: &'static str,
    pub timeline: &'static str,
    pub timeline_note: &'static str,
    pub connection: &'static str,
    pub picture: &'static str,
    pub state: &'static str,
    pub second_clock: &'static str,
    pub in_days: &'static str,
    pub connections: &'static str,
    pub recent: &'static str,
    pub recent_empty: &'static str,
    pub empty_title: &'static str,
    pub empty_body: &'static str,
    pub empty_body_agent: &'static str,
    pub connect: &'static str,
    pub admins: &'static str,
    pub open_in_integration: &'static str,

    pub remarks_title: &'static str,
    pub remarks: [&'static str; 6],
    pub story_title: &'static str,
    pub story_intro: &'static str,
    pub story_off: &'static str,
    pub story_not_sent: &'static str,
    pub save_options: &'static str,
    pub disconnect_title: &'static str,
    pub disconnect_body: &'static str,
    pub disconnect_label: &'static str,
    pub disconnect: &'static str,

    pub authorization_ends: &'static str,
    pub data_access_ends: &'static str,
    pub no_end: &'static str,
    pub renewed: &'static str,
    pub channels: &'static str,
    pub history: &'static str,
    pub history_empty: &'static str,
    pub facts: &'static str,

    pub review: &'static str,
    pub review_intro: &'static str,
    pub review_empty: &'static str,
    pub review_sign_title: &'static str,
    pub review_signs: [&'static str; 2],
    pub review_sign: &'static str,
    pub reviewed_last: &'static str,
    pub reviewed_before: &'static str,
    pub counts: &'static str,
    pub count_stopped: [&'static str; 2],
    pub count_soon: [&'static str; 2],
    pub count_healthy: [&'static str; 2],
    pub search: &'static str,
    pub any_state: &'static str,
    pub state_stopped: &'static str,
    pub state_soon: &'static str,
    pub state_healthy: &'static str,
    pub ends: &'static str,
    pub any_time: &'static str,
    pub within_days: &'static str,
    pub filter: &'static str,
    pub show_all: &'static str,
    pub found_none: &'static str,
    pub found_one: &'static str,
    pub found_many: &'static str,
    pub pages: &'static str,
    pub page_before: &'static str,
    pub page_after: &'static str,
    pub page_of: &'static str,
    pub timeline_rest: &'static str,
    pub timeline_all: &'static str,
    pub channel: &'static str,
    pub disconnect_one_title: &'static str,
    pub disconnect_one_body: &'static str,
    pub disconnect_one_label: &'static str,
    pub disconnect_one: &'static str,
    pub renewed_by: &'static str,
    pub allowed: &'static str,
    pub sent: &'static str,
    pub stories: &'static str,
    pub is_missing: &'static str,
    pub is_on: &'static str,
    pub is_off: &'static str,
    pub done_reviewed: &'static str,
    pub done_channel: &'static str,

    pub name: &'static str,
    pub organization: &'static str,
    pub role: &'static str,
    pub role_admin: &'static str,
    pub role_agent: &'static str,

    pub not_found_title: &'static str,
    pub not_found_body: &'static str,
    pub forbidden_title: &'static str,
    pub forbidden_body: &'static str,
    pub failed_title: &'static str,
    pub signed_out_title: &'static str,
    pub signed_out_body: &'static str,
    pub home: &'static str,

    pub done_snoozed: &'static str,
    pub done_requested: &'static str,
    pub done_requested_by_mail: &'static str,
    pub mail_is_off: &'static str,
    pub done_saved: &'static str,
    pub done_disconnected: &'static str,
    pub done_password: &'static str,

    pub people: &'static str,
    pub people_intro: &'static str,
    pub you: &'static str,
    pub last_seen: &'static str,
    pub never_seen: &'static str,
    pub make_admin: &'static str,
    pub make_agent: &'static str,
    pub remove_person: &'static str,
    pub remove_body: &'static str,
    pub remove: &'static str,
    pub own_entry: &'static str,
    pub invite_title: &'static str,
    pub invite_mailed: &'static str,
    pub invite_by_hand: &'static str,
    pub invite: &'static str,
    pub invited_title: &'static str,
    pub invited_link: &'static str,
    pub invited_body: &'static str,
    pub pending: &'static str,
    pub pending_empty: &'static str,
    pub valid_until: &'static str,
    pub withdraw: &'static str,
    pub admins_are: &'static str,
    pub join_title: &'static str,
    pub join_body: &'static str,
    pub join_name: &'static str,
    pub join: &'static str,
    pub join_over_title: &'static str,
    pub join_over_body: &'static str,
    pub forgot_by_mail: &'static str,
    pub send_link: &'static str,
    pub change_password: &'static str,
    pub current_password: &'static str,
    pub language: &'static str,
    pub sessions: &'static str,
    pub session_started: &'static str,
    pub session_seen: &'static str,
    pub session_this: &'static str,
    pub log_out_everywhere: &'static str,
    pub done_reset_asked: &'static str,
    pub done_password_changed: &'static str,
    pub done_logged_out_everywhere: &'static str,
    pub done_invited: &'static str,
    pub done_withdrawn: &'static str,
    pub done_role: &'static str,
    pub done_removed: &'static str,
    pub error_last_admin: &'static str,
    pub error_own_account: &'static str,
    pub error_in_team: &'static str,
    pub error_too_many_invitations: &'static str,
    pub error_email_taken: &'static str,
    pub error_wrong_password: &'static str,

    pub settings: SettingsTexts,
    pub developers: &'static DeveloperTexts,
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

impl Texts {
    /// What a page says after a form has done its work (`?done=`).
    pub(crate) fn done(&self, code: &str) -> Option<&'static str> {
        match code {
            "snoozed" => Some(self.done_snoozed),
            "requested_by_mail" => Some(self.done_requested_by_mail),
            "requested" => Some(self.done_requested),
            "saved" => Some(self.done_saved),
            "disconnected" => Some(self.done_disconnected),
            "reviewed" => Some(self.done_reviewed),
            "channel" => Some(self.done_channel),
            "password" => Some(self.done_password),
            "reset_asked" => Some(self.done_reset_asked),
            "password_changed" => Some(self.done_password_changed),
            "logged_out_everywhere" => Some(self.done_logged_out_everywhere),
            "invited" => Some(self.done_invited),
            "withdrawn" => Some(self.done_withdrawn),
            "role" => Some(self.done_role),
            "removed" => Some(self.done_removed),
            _ => self.developers.done(code),
        }
    }

    /// What an error of a code says: here, or where banner and wizard say it.
    pub(crate) fn error_of(&self, code: &str) -> &'static str {
        match code {
            "last_admin" => self.error_last_admin,
            "own_account" => self.error_own_account,
            "in_team" => self.error_in_team,
            "too_many_invitations" => self.error_too_many_invitations,
            "email_taken" => self.error_email_taken,
            "wrong_password" => self.error_wrong_password,
            "somebody_else" => self.developers.error_somebody_else,
            _ => self.shared().error(code),
        }
    }

    /// The words of banner and wizard in the same language.
    pub(crate) fn shared(&self) -> &'static wizard::texts::Texts {
        wizard::texts::texts(self.locale)
    }
}
