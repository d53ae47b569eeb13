//! What the pages below `/settings` show.

use serde::{Deserialize, Serialize};
use wizard::{Locale, Moment};

/// What somebody may choose: the form's value, the word for it, and whether it is chosen now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    pub value: String,
    pub label: String,
    pub is_chosen: bool,
}

/// A field that was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum SettingsField {
    Days,
    Hours,
    TimeZone,
    Locale,
}

/// The name of the refused field, and what the form carried, as it was typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefusedSettings {
    pub field: String,
    /// Separated by commas; absent where another form was refused.
    pub days: Option<String>,
    pub from_hour: Option<String>,
    pub to_hour: Option<String>,
    pub time_zone: Option<String>,
    pub locale: Option<String>,
}

/// Who tells people of what ends or has stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Teller {
    Renova,
    Platform,
    Both,
    Nobody,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings {
    pub days: Vec<Choice>,
    pub from_hours: Vec<Choice>,
    pub to_hours: Vec<Choice>,
    pub time_zone: String,
    /// What it is now in the stored zone.
    pub now: Moment,
    /// Names to choose from.
    pub zones: Vec<String>,
    /// The organization's.
    pub locale: Locale,
    pub teller: Teller,
    /// A mail server is configured.
    pub has_mail: bool,
    pub wrong: Option<SettingsField>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Audit {
    pub people: Vec<Choice>,
    pub kinds: Vec<Choice>,
    /// Newest first.
    pub entries: Vec<AuditLine>,
    /// The address of what is older.
    pub older: Option<String>,
    /// The address of the newest, where this is not it.
    pub newest: Option<String>,
    pub is_filtered: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditLine {
    pub at: Moment,
    pub who: String,
    pub what: String,
    /// The name of the connection that it is about.
    pub connection: Option<String>,
    /// Its id, while it is there.
    pub connection_id: Option<String>,
}
