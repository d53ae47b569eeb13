//! The JSON bodies of the control routes. Unknown fields are refused.

use serde::{Deserialize, Deserializer};

use crate::opener_policy::OpenerPolicy;
use crate::state::LapsedCode;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ClockBody {
    /// `60d`, `12h`, `1d12h`
    pub advance: Option<String>,
    /// RFC 3339
    pub set: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PeopleBody {
    /// Forget the others.
    #[serde(default)]
    pub replace: bool,
    pub people: Vec<PersonBody>,
}

/// Merged by id where given, else by name.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PersonBody {
    pub id: Option<String>,
    pub name: String,
    pub email: Option<String>,
    #[serde(default)]
    pub removed: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PagesBody {
    #[serde(default)]
    pub replace: bool,
    pub pages: Vec<PageBody>,
}

/// Merged by id where given, else by name; what is left out stays.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PageBody {
    pub id: Option<String>,
    pub name: String,
    pub category: Option<String>,
    pub people: Option<Vec<RoleBody>>,
    /// `null` unlinks the account.
    #[serde(default, deserialize_with = "present")]
    pub instagram: Option<Option<InstagramBody>>,
    pub token_withheld: Option<bool>,
    pub business_only: Option<bool>,
    #[serde(default)]
    pub removed: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct BusinessesBody {
    #[serde(default)]
    pub replace: bool,
    pub businesses: Vec<BusinessBody>,
}

/// Merged by id where given, else by name; what is left out stays.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct BusinessBody {
    pub id: Option<String>,
    pub name: String,
    pub people: Option<Vec<String>>,
    /// Names or ids.
    pub owned_pages: Option<Vec<String>>,
    pub client_pages: Option<Vec<String>>,
    #[serde(default)]
    pub removed: bool,
}

/// A name alone stands for all tasks.
#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum RoleBody {
    Name(String),
    Tasks(RoleTasksBody),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RoleTasksBody {
    person: String,
    tasks: Vec<String>,
}

impl RoleBody {
    pub fn parts(self) -> (String, Option<Vec<String>>) {
        match self {
            RoleBody::Name(name) => (name, None),
            RoleBody::Tasks(role) => (role.person, Some(role.tasks)),
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct InstagramBody {
    pub id: Option<String>,
    pub username: String,
    pub name: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SettingsBody {
    pub require_appsecret_proof: Option<bool>,
    pub granular_scopes_without_targets: Option<bool>,
    pub data_access_lapsed_code: Option<LapsedCode>,
    pub instagram_answers_in_data: Option<bool>,
    pub opener_policy: Option<OpenerPolicy>,
    pub calls_an_hour: Option<u64>,
    // Addresses: an empty one is none.
    pub webhook_url: Option<String>,
    pub verify_token: Option<String>,
    pub deauthorize_url: Option<String>,
    pub data_deletion_url: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PermissionBody {
    pub person: String,
    pub permission: String,
    pub granted: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SubscriptionBody {
    /// Name or id.
    pub page: Option<String>,
    /// An account with Instagram Login, instead of a Page.
    pub instagram: Option<String>,
    /// None of them: unsubscribed.
    pub fields: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct GrantBody {
    pub person: Option<String>,
    /// An account with Instagram Login, instead of a person.
    pub instagram: Option<String>,
    /// Until the token ends, `60d` unless given.
    pub ends_in: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct InvalidateBody {
    pub person: Option<String>,
    /// An account with Instagram Login, instead of a person.
    pub instagram: Option<String>,
    /// 460 unless given. Instagram Login's errors have none.
    pub subcode: Option<u32>,
    /// Only the person's tokens for this Page.
    pub page: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DeauthorizeBody {
    /// Or a business, whose system user is meant.
    pub person: Option<String>,
    /// An account with Instagram Login, instead of a person.
    pub instagram: Option<String>,
    /// A Page from which the app is removed, instead of a person.
    pub page: Option<String>,
    /// Also sends the callback to `deauthorize_url`.
    #[serde(default)]
    pub callback: bool,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DataDeletionBody {
    pub person: Option<String>,
    pub instagram: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WebhookBody {
    /// Page name or id, `@username` or account id.
    pub channel: String,
    pub event: String,
    /// Instead of an invented one.
    pub text: Option<String>,
    /// Updates in one notification, 1 unless given.
    pub count: Option<usize>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ReplayBody {
    pub number: u64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AppFieldsBody {
    pub object: String,
    pub fields: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FaultBody {
    pub on: String,
    pub method: Option<String>,
    pub fault: String,
    /// 1 unless given.
    pub times: Option<u32>,
    /// For `slow` and `timeout`.
    pub delay_ms: Option<u64>,
    /// Seconds, for limits.
    pub retry_after: Option<u64>,
    // For `error`.
    pub status: Option<u16>,
    pub code: Option<u32>,
    pub subcode: Option<u32>,
    pub message: Option<String>,
    pub is_transient: Option<bool>,
}

/// Tells `null` from a field that is not there.
fn present<'de, D, T>(deserializer: D) -> Result<Option<Option<T>>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    Option::deserialize(deserializer).map(Some)
}
