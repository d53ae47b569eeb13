//! Grants that exist before anybody has opened the dialog, for demo data.

use std::collections::BTreeSet;
use std::fmt;

use crate::SimError;
use crate::clock::DAY;
use crate::grants::{Choice, DATA_ACCESS, PERMISSIONS};
use crate::state::Meta;
use crate::tokens::LONG_LIFE;

/// What an app would have got from such a log-in.
#[derive(Clone)]
pub struct SeededGrant {
    /// App-scoped.
    pub user_id: String,
    pub user_name: String,
    pub user_token: String,
    pub issued_at_ms: i64,
    pub expires_at_ms: i64,
    pub data_access_expires_at_ms: i64,
    pub scopes: Vec<String>,
    pub pages: Vec<SeededPage>,
}

#[derive(Clone)]
pub struct SeededPage {
    pub id: String,
    pub name: String,
    pub token: String,
    pub tasks: Vec<String>,
    pub instagram: Option<SeededInstagram>,
    /// The app's subscription on this Page.
    pub subscribed_fields: Vec<String>,
}

#[derive(Clone, Debug)]
pub struct SeededInstagram {
    pub id: String,
    pub username: String,
    pub name: String,
}

// By hand, without the tokens: they look real to whoever searches a log for some.
impl fmt::Debug for SeededGrant {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("SeededGrant")
            .field("user_name", &self.user_name)
            .field("expires_at_ms", &self.expires_at_ms)
            .field("pages", &self.pages)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for SeededPage {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("SeededPage").field("id", &self.id).field("name", &self.name).finish_non_exhaustive()
    }
}

const SUBSCRIBED: [&str; 6] =
    ["messages", "messaging_postbacks", "message_reactions", "message_echoes", "message_deliveries", "message_reads"];

impl Meta<'_> {
    pub fn seed_grant(&mut self, name: &str, ends_in_ms: i64) -> Result<SeededGrant, SimError> {
        let person =
            self.state.world.person_named(name).ok_or_else(|| SimError::UnknownPerson(name.to_owned()))?.clone();
        if !(-3650 * DAY..=LONG_LIFE).contains(&ends_in_ms.div_euclid(1000)) {
            return Err(SimError::Invalid(format!("a long-lived token ends within 60 days, not in {ends_in_ms} ms")));
        }
        let expires_at = self.now_ms.saturating_add(ends_in_ms).div_euclid(1000);
        let issued_at = expires_at - LONG_LIFE;

        let pages: Vec<_> = self.state.world.pages_of(&person.id).cloned().collect();
        self.record_choice(
            &person.id,
            Choice {
                requested: PERMISSIONS.map(str::to_owned).to_vec(),
                granted: PERMISSIONS.map(str::to_owned).into(),
                pages: Some(pages.iter().map(|page| page.id.clone()).collect()),
                instagrams: Some(
                    pages
                        .iter()
                        .filter_map(|page| page.instagram.as_ref())
                        .map(|instagram| instagram.id.clone())
                        .collect::<BTreeSet<_>>(),
                ),
            },
        );
        if let Some(grant) = self.state.grants.get_mut(&person.id) {
            grant.logged_in_at = issued_at;
        }

        let user_token = self.issue_long_token(&person.id, issued_at);
        let has_ended = expires_at <= self.now;
        let mut seeded = Vec::new();
        for page in pages {
            let Some(token) = self.page_token(&user_token, &page.id) else {
                continue;
            };
            if let Some(record) = self.state.tokens.get_mut(&token) {
                record.issued_at = issued_at;
                record.invalid_subcode = has_ended.then_some(463);
            }
            let subscribed_fields = SUBSCRIBED.map(str::to_owned).to_vec();
            self.state.subscriptions.insert(page.id.clone(), subscribed_fields.clone());
            seeded.push(SeededPage {
                tasks: self.state.world.tasks_of(&person.id, &page.id).unwrap_or_default(),
                id: page.id,
                name: page.name,
                token,
                instagram: page.instagram.map(|instagram| SeededInstagram {
                    id: instagram.id,
                    username: instagram.username,
                    name: instagram.name,
                }),
                subscribed_fields,
            });
        }
        Ok(SeededGrant {
            user_id: person.id,
            user_name: person.name,
            user_token,
            issued_at_ms: issued_at * 1000,
            expires_at_ms: expires_at * 1000,
            data_access_expires_at_ms: (issued_at + DATA_ACCESS) * 1000,
            scopes: PERMISSIONS.map(str::to_owned).to_vec(),
            pages: seeded,
        })
    }
}
