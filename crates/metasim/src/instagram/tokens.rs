//! Tokens of Instagram Login: an hour, then 60 days, then again 60 days with
//! every refresh.

use super::BASIC;
use super::reply::{api_error, dead, no_permission};
use super::state::{InstagramCode, InstagramToken};
use crate::clock::{DAY, HOUR, pacific};
use crate::graph::GraphCall;
use crate::proof;
use crate::reply::GraphError;
use crate::state::Meta;
use crate::tokens::LONG_LIFE;

const SHORT_LIFE: i64 = HOUR;

/// A token cannot be refreshed before it is this old.
pub(super) const REFRESHABLE_AFTER: i64 = DAY;

impl Meta<'_> {
    pub fn issue_instagram_code(&mut self, account: &str, redirect_uri: &str) -> String {
        let oldest_kept = self.now - DAY;
        self.state.instagram.codes.retain(|_, code| code.issued_at >= oldest_kept);
        let text = format!("AQ{}", self.state.random.text(254));
        self.state.instagram.codes.insert(
            text.clone(),
            InstagramCode {
                account: account.to_owned(),
                redirect_uri: redirect_uri.to_owned(),
                issued_at: self.now,
                used: false,
            },
        );
        self.state.changed = true;
        text
    }

    pub fn issue_short_instagram_token(&mut self, account: &str) -> String {
        self.issue_instagram(account, false, self.now, self.now + SHORT_LIFE)
    }

    pub fn issue_long_instagram_token(&mut self, account: &str, issued_at: i64) -> String {
        self.issue_instagram(account, true, issued_at, issued_at + LONG_LIFE)
    }

    fn issue_instagram(&mut self, account: &str, long_lived: bool, issued_at: i64, expires_at: i64) -> String {
        let text = format!("IGAA{}", self.state.random.text(176));
        let token = InstagramToken { account: account.to_owned(), long_lived, issued_at, expires_at, ended: None };
        self.state.instagram.tokens.insert(text.clone(), token);
        self.state.changed = true;
        text
    }

    /// The token if it is alive, else the error with which it answers.
    pub fn live_instagram_token(&self, text: &str) -> Result<InstagramToken, GraphError> {
        let Some(token) = self.state.instagram.tokens.get(text) else {
            return Err(GraphError::token("Invalid OAuth access token - Cannot parse access token", None));
        };
        if let Some(reason) = &token.ended {
            return Err(dead(reason));
        }
        if self.instagram_account(&token.account).is_none() {
            return Err(dead("This may be because the user logged out or may be due to a system error."));
        }
        if !self.state.instagram.grants.contains_key(&token.account) {
            let app = &self.config.instagram_app_id;
            return Err(dead(&format!("The user has not authorized application {app}.")));
        }
        if self.now >= token.expires_at {
            return Err(dead(&format!(
                "Session has expired on {}. The current time is {}.",
                pacific(token.expires_at),
                pacific(self.now)
            )));
        }
        Ok(token.clone())
    }

    /// The account whose token the call carries.
    pub fn instagram_viewer(&self, call: &GraphCall<'_>) -> Result<String, GraphError> {
        let Some(text) = call.params.access_token() else {
            return Err(api_error(
                2500,
                "An active access token must be used to query information about the current user.",
            ));
        };
        let account = self.live_instagram_token(text)?.account;
        // Not required here, but a wrong one is refused as on the Graph host.
        if let Some(given) = call.params.filled("appsecret_proof") {
            let message = match call.params.filled("appsecret_time") {
                Some(time) => format!("{text}|{time}"),
                None => text.to_owned(),
            };
            if proof::sign(&self.config.instagram_app_secret, &message).as_deref() != Some(given) {
                return Err(api_error(100, "Invalid appsecret_proof provided in the API argument"));
            }
        }
        if !self.instagram_allows(&account, BASIC) {
            return Err(no_permission());
        }
        Ok(account)
    }

    pub fn instagram_allows(&self, account: &str, permission: &str) -> bool {
        self.state.instagram.grants.get(account).is_some_and(|grant| grant.granted.contains(permission))
    }
}
