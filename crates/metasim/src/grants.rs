//! What a person granted the app: permissions and accounts. There is one grant
//! per person and app, whatever number of tokens hang on it; a new log-in
//! changes it for all of them. A business grants in the same way, under the id
//! of its system user.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::clock::{DAY, HOUR};
use crate::state::Meta;

/// In the order in which answers list them.
pub(crate) const PERMISSIONS: [&str; 9] = [
    "email",
    "pages_show_list",
    "business_management",
    "pages_messaging",
    "instagram_basic",
    "instagram_manage_messages",
    "pages_read_engagement",
    "pages_manage_metadata",
    "public_profile",
];

/// Nobody can decline it.
pub(crate) const ALWAYS_GRANTED: &str = "public_profile";

/// The 90 days of data access, counted from the person's last log-in.
pub(crate) const DATA_ACCESS: i64 = 90 * DAY;

const CODE_LIFE: i64 = 10 * 60;

#[derive(Clone, Default, Serialize, Deserialize)]
pub(crate) struct Grant {
    pub granted: BTreeSet<String>,
    pub declined: BTreeSet<String>,
    /// Page ids.
    pub pages: BTreeSet<String>,
    /// Instagram account ids.
    pub instagrams: BTreeSet<String>,
    /// Epoch seconds of the last log-in.
    pub logged_in_at: i64,
}

/// An authorization code on its way from the dialog to the token endpoint.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Code {
    pub person: String,
    pub redirect_uri: String,
    pub issued_at: i64,
    pub used: bool,
}

impl Code {
    pub fn has_expired(&self, now: i64) -> bool {
        now >= self.issued_at + CODE_LIFE
    }
}

/// What a person ended a dialog with.
pub(crate) struct Choice {
    pub requested: Vec<String>,
    pub granted: BTreeSet<String>,
    /// `None` where the dialog did not ask for Pages.
    pub pages: Option<BTreeSet<String>>,
    pub instagrams: Option<BTreeSet<String>>,
}

impl Meta<'_> {
    /// 0 for a business: no person has to come back for it.
    pub fn data_access_expires_at(&self, person: &str) -> i64 {
        if self.state.world.business_of_system_user(person).is_some() {
            return 0;
        }
        self.state.grants.get(person).map_or(0, |grant| grant.logged_in_at + DATA_ACCESS)
    }

    /// `granted`, `declined`, `expired`, or nothing where it was never asked for.
    pub fn permission_status(&self, person: &str, permission: &str) -> Option<&'static str> {
        let grant = self.state.grants.get(person)?;
        if grant.declined.contains(permission) {
            return Some("declined");
        }
        if !grant.granted.contains(permission) {
            return None;
        }
        // The Page permissions are exempt from the 90 days, the Instagram
        // ones are not.
        let lapses = permission.starts_with("instagram_");
        let ends = self.data_access_expires_at(person);
        if lapses && ends != 0 && self.now >= ends {
            return Some("expired");
        }
        Some("granted")
    }

    pub fn allows(&self, person: &str, permission: &str) -> bool {
        self.permission_status(person, permission) == Some("granted")
    }

    /// Of the requested permissions, those granted now.
    pub fn granted_of(&self, person: &str) -> Vec<&'static str> {
        PERMISSIONS.into_iter().filter(|permission| self.allows(person, permission)).collect()
    }

    pub fn record_choice(&mut self, person: &str, choice: Choice) {
        let now = self.now;
        let grant = self.state.grants.entry(person.to_owned()).or_default();
        for permission in choice.requested {
            if choice.granted.contains(&permission) || permission == ALWAYS_GRANTED {
                grant.declined.remove(&permission);
                grant.granted.insert(permission);
            } else {
                grant.granted.remove(&permission);
                grant.declined.insert(permission);
            }
        }
        grant.granted.insert(ALWAYS_GRANTED.to_owned());
        if let Some(pages) = choice.pages {
            grant.pages = pages;
        }
        if let Some(instagrams) = choice.instagrams {
            grant.instagrams = instagrams;
        }
        grant.logged_in_at = now;
        self.state.changed = true;
        self.end_checkpoint(person);
    }

    /// A log-in that leaves the grant as it was.
    pub fn record_log_in(&mut self, person: &str) {
        if let Some(grant) = self.state.grants.get_mut(person) {
            grant.logged_in_at = self.now;
            self.state.changed = true;
        }
        self.end_checkpoint(person);
    }

    pub fn issue_code(&mut self, person: &str, redirect_uri: &str) -> String {
        let oldest_kept = self.now - 24 * HOUR;
        self.state.codes.retain(|_, code| code.issued_at >= oldest_kept);
        let text = format!("AQ{}", self.state.random.text(254));
        self.state.codes.insert(
            text.clone(),
            Code { person: person.to_owned(), redirect_uri: redirect_uri.to_owned(), issued_at: self.now, used: false },
        );
        self.state.changed = true;
        text
    }

    /// The person removed the app: the grant is gone, its tokens answer 458.
    pub fn deauthorize(&mut self, person: &str) {
        self.invalidate(person, None, 458);
        self.state.grants.remove(person);
        self.state.changed = true;
    }
}
