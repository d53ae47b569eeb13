//! What the simulator remembers of Instagram Login.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::clock::HOUR;
use crate::random;
use crate::state::Meta;
use crate::world::Instagram;

const CODE_LIFE: i64 = HOUR;

#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct InstagramState {
    /// Professional accounts without a Page; those of Pages log in here as well.
    pub accounts: Vec<Instagram>,
    /// By account id.
    pub grants: BTreeMap<String, InstagramGrant>,
    pub codes: BTreeMap<String, InstagramCode>,
    pub tokens: BTreeMap<String, InstagramToken>,
    /// The app's fields by account id.
    pub subscriptions: BTreeMap<String, Vec<String>>,
}

#[derive(Clone, Default, Serialize, Deserialize)]
pub(crate) struct InstagramGrant {
    pub granted: BTreeSet<String>,
    pub declined: BTreeSet<String>,
    /// Epoch seconds of the last log-in.
    pub logged_in_at: i64,
}

#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct InstagramCode {
    pub account: String,
    pub redirect_uri: String,
    pub issued_at: i64,
    pub used: bool,
}

#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct InstagramToken {
    pub account: String,
    pub long_lived: bool,
    /// Epoch seconds, as the end.
    pub issued_at: i64,
    pub expires_at: i64,
    /// Why it died before its time, as the error says it.
    pub ended: Option<String>,
}

impl InstagramCode {
    pub fn has_expired(&self, now: i64) -> bool {
        now >= self.issued_at + CODE_LIFE
    }
}

impl InstagramState {
    pub fn fresh() -> InstagramState {
        InstagramState {
            accounts: vec![Instagram {
                id: "17841417735520846".to_owned(),
                username: "aurora.kids".to_owned(),
                name: "Aurora Kids".to_owned(),
            }],
            grants: BTreeMap::new(),
            codes: BTreeMap::new(),
            tokens: BTreeMap::new(),
            subscriptions: BTreeMap::new(),
        }
    }
}

impl Meta<'_> {
    /// Everybody who can log in: stand-alone accounts first, then those of Pages.
    pub fn instagram_accounts(&self) -> impl Iterator<Item = &Instagram> {
        let linked = self.state.world.pages.iter().filter_map(|page| page.instagram.as_ref());
        self.state.instagram.accounts.iter().chain(linked)
    }

    /// By id (the account's or the app-scoped one) or by user name, with or without `@`.
    pub fn instagram_account(&self, called: &str) -> Option<&Instagram> {
        let called = called.trim_start_matches('@');
        let is = |account: &Instagram| {
            account.id == called || account.username == called || scoped_id(&account.id) == called
        };
        let by_itself = self.state.instagram.accounts.iter().find(|account| is(account));
        by_itself.or_else(|| self.state.world.page_linked(called, is)?.instagram.as_ref())
    }

    /// The owner removed the app in Instagram's settings.
    pub fn deauthorize_instagram(&mut self, account: &str) {
        let app = self.config.instagram_app_id.clone();
        self.end_instagram_tokens(account, &format!("The user has not authorized application {app}."));
        self.state.instagram.grants.remove(account);
        self.state.instagram.subscriptions.remove(account);
    }

    /// As after a changed password.
    pub fn invalidate_instagram(&mut self, account: &str) {
        self.end_instagram_tokens(
            account,
            "The session has been invalidated because the user changed their password or Facebook has changed the session for security reasons.",
        );
    }

    fn end_instagram_tokens(&mut self, account: &str, reason: &str) {
        for token in self.state.instagram.tokens.values_mut() {
            if token.account == account && token.ended.is_none() {
                token.ended = Some(reason.to_owned());
            }
        }
        self.state.changed = true;
    }
}

/// The id by which an app knows the person behind an account: another than the
/// account's own, which trips up clients that take one for the other.
pub(crate) fn scoped_id(account: &str) -> String {
    let number = account.parse().unwrap_or_default();
    let digits = random::text("instagram-scoped", number, 16);
    let mut id = String::from("2");
    id.extend(digits.bytes().map(|byte| char::from(b'0' + byte % 10)));
    id
}
