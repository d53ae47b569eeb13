//! Grants of Instagram Login that exist before anybody has opened the dialog.

use std::collections::BTreeSet;
use std::fmt;

use super::state::InstagramGrant;
use crate::SimError;
use crate::clock::DAY;
use crate::state::Meta;
use crate::tokens::LONG_LIFE;

/// What an app would have got from such a log-in.
#[derive(Clone)]
pub struct SeededInstagramGrant {
    /// The professional account's own id, as in webhooks.
    pub account_id: String,
    pub username: String,
    pub name: String,
    pub token: String,
    pub issued_at_ms: i64,
    pub expires_at_ms: i64,
    pub scopes: Vec<String>,
    /// The app's subscription on this account.
    pub subscribed_fields: Vec<String>,
}

// By hand, without the token: it looks real to whoever searches a log for some.
impl fmt::Debug for SeededInstagramGrant {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("SeededInstagramGrant")
            .field("username", &self.username)
            .field("expires_at_ms", &self.expires_at_ms)
            .finish_non_exhaustive()
    }
}

const SCOPES: [&str; 2] = ["instagram_business_basic", "instagram_business_manage_messages"];
const SUBSCRIBED: [&str; 4] = ["messages", "messaging_postbacks", "message_reactions", "messaging_seen"];

impl Meta<'_> {
    pub fn seed_instagram_grant(&mut self, username: &str, ends_in_ms: i64) -> Result<SeededInstagramGrant, SimError> {
        let account = self
            .instagram_account(username)
            .ok_or_else(|| SimError::Invalid(format!("the simulator knows no Instagram account named {username:?}")))?
            .clone();
        if !(-3650 * DAY..=LONG_LIFE).contains(&ends_in_ms.div_euclid(1000)) {
            return Err(SimError::Invalid(format!("a long-lived token ends within 60 days, not in {ends_in_ms} ms")));
        }
        let expires_at = self.now_ms.saturating_add(ends_in_ms).div_euclid(1000);
        let issued_at = expires_at - LONG_LIFE;
        let scopes = SCOPES.map(str::to_owned);
        self.state.instagram.grants.insert(
            account.id.clone(),
            InstagramGrant {
                granted: scopes.iter().cloned().collect(),
                declined: BTreeSet::new(),
                logged_in_at: issued_at,
            },
        );
        let token = self.issue_long_instagram_token(&account.id, issued_at);
        let subscribed_fields = SUBSCRIBED.map(str::to_owned).to_vec();
        self.state.instagram.subscriptions.insert(account.id.clone(), subscribed_fields.clone());
        Ok(SeededInstagramGrant {
            account_id: account.id,
            username: account.username,
            name: account.name,
            token,
            issued_at_ms: issued_at * 1000,
            expires_at_ms: expires_at * 1000,
            scopes: scopes.to_vec(),
            subscribed_fields,
        })
    }
}
