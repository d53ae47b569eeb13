//! User, Page and system-user tokens: how they are issued, how long they live, and with
//! which recorded error a dead one answers.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::clock::{DAY, HOUR, pacific};
use crate::reply::GraphError;
use crate::state::Meta;

pub(crate) const LONG_LIFE: i64 = 60 * DAY;

#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum TokenKind {
    User,
    Page,
    /// Of a business: it never ends by itself.
    SystemUser,
}

#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Token {
    pub kind: TokenKind,
    /// App-scoped user id of the person, or of the business' system user, it
    /// speaks for.
    pub person: String,
    pub page: Option<String>,
    /// The user token from which a Page token was had.
    pub parent: Option<String>,
    pub long_lived: bool,
    pub issued_at: i64,
    /// 0 = never.
    pub expires_at: i64,
    /// Why it died before its time.
    pub invalid_subcode: Option<u32>,
    /// The tokens that were had with it, by Page.
    #[serde(default)]
    pub pages: BTreeMap<String, String>,
}

/// A token and the id of an app that is not ours, for answers that mix up apps.
pub(crate) const FOREIGN_TOKEN: &str = "EAAForeignAppTokenThatIsNotOurs";
pub(crate) const FOREIGN_APP: &str = "5550009999";

/// The subcodes of error 190 that a token can be made to answer with.
pub(crate) const SUBCODES: [u32; 9] = [458, 459, 460, 463, 464, 466, 467, 490, 492];

/// Those that last only until the person has acted at Facebook.
const CHECKPOINTS: [u32; 3] = [459, 464, 490];

/// Who is calling.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Viewer {
    App,
    /// Or the system user of a business.
    Person {
        token: String,
        person: String,
    },
    Page {
        token: String,
        person: String,
        page: String,
    },
}

impl Meta<'_> {
    pub fn app_token(&self) -> String {
        format!("{}|{}", self.config.app_id, self.config.app_secret)
    }

    pub fn issue_short_token(&mut self, person: &str) -> String {
        // Recorded short-lived tokens end on a full hour, one to two hours on.
        let expires_at = (self.now + HOUR).div_euclid(HOUR) * HOUR + HOUR;
        self.issue(Token {
            kind: TokenKind::User,
            person: person.to_owned(),
            page: None,
            parent: None,
            long_lived: false,
            issued_at: self.now,
            expires_at,
            invalid_subcode: None,
            pages: BTreeMap::new(),
        })
    }

    pub fn issue_long_token(&mut self, person: &str, issued_at: i64) -> String {
        self.issue(Token {
            kind: TokenKind::User,
            person: person.to_owned(),
            page: None,
            parent: None,
            long_lived: true,
            issued_at,
            expires_at: issued_at + LONG_LIFE,
            invalid_subcode: None,
            pages: BTreeMap::new(),
        })
    }

    /// For the system user of a business.
    pub fn issue_system_user_token(&mut self, system_user: &str) -> String {
        self.issue(Token {
            kind: TokenKind::SystemUser,
            person: system_user.to_owned(),
            page: None,
            parent: None,
            long_lived: true,
            issued_at: self.now,
            expires_at: 0,
            invalid_subcode: None,
            pages: BTreeMap::new(),
        })
    }

    /// The same user token always gives the same token for a Page.
    pub fn page_token(&mut self, parent: &str, page: &str) -> Option<String> {
        let known = self.state.tokens.get(parent).and_then(|user| user.pages.get(page));
        if let Some(text) = known.filter(|text| self.state.tokens.contains_key(*text)) {
            return Some(text.clone());
        }
        let user = self.state.tokens.get(parent)?.clone();
        let text = self.issue(Token {
            kind: TokenKind::Page,
            person: user.person,
            page: Some(page.to_owned()),
            parent: Some(parent.to_owned()),
            long_lived: user.long_lived,
            issued_at: self.now,
            expires_at: if user.long_lived { 0 } else { user.expires_at },
            invalid_subcode: None,
            pages: BTreeMap::new(),
        });
        self.state.tokens.get_mut(parent)?.pages.insert(page.to_owned(), text.clone());
        Some(text)
    }

    fn issue(&mut self, token: Token) -> String {
        // One length for all, so none is the beginning of another.
        let text = format!("EAA{}", self.state.random.text(189));
        self.state.tokens.insert(text.clone(), token);
        self.state.changed = true;
        text
    }

    /// Ends the person's tokens, or only those for one Page.
    pub fn invalidate(&mut self, person: &str, page: Option<&str>, subcode: u32) {
        for token in self.state.tokens.values_mut() {
            let meant = token.person == person && (page.is_none() || token.page.as_deref() == page);
            if meant && token.invalid_subcode.is_none() {
                token.invalid_subcode = Some(subcode);
            }
        }
        self.state.changed = true;
    }

    /// Whoever logs in has passed Facebook's checks: tokens that waited for that
    /// work again.
    pub fn end_checkpoint(&mut self, person: &str) {
        for token in self.state.tokens.values_mut() {
            if token.person == person && token.invalid_subcode.is_some_and(|code| CHECKPOINTS.contains(&code)) {
                token.invalid_subcode = None;
            }
        }
    }

    /// The token if it is alive, else the error with which it answers.
    pub fn live_token(&self, text: &str) -> Result<&Token, GraphError> {
        let Some(token) = self.state.tokens.get(text) else {
            return Err(GraphError::token("Invalid OAuth access token - Cannot parse access token", None));
        };
        if let Some(subcode) = token.invalid_subcode {
            return Err(self.dead(token, subcode));
        }
        if !self.state.world.is_holder(&token.person) {
            return Err(self.dead(token, 467));
        }
        if !self.state.grants.contains_key(&token.person) {
            return Err(self.dead(token, 458));
        }
        if token.expires_at != 0 && self.now >= token.expires_at {
            return Err(self.dead(token, 463));
        }
        if let Some(page) = &token.page {
            if self.state.world.page(page).is_none() {
                return Err(GraphError::token(
                    "Error validating access token: This Page access token belongs to a Page that has been deleted.",
                    None,
                ));
            }
            if self.state.world.tasks_of(&token.person, page).is_none() {
                return Err(self.dead(token, 492));
            }
        }
        Ok(token)
    }

    fn dead(&self, token: &Token, subcode: u32) -> GraphError {
        let text = match subcode {
            458 => format!(
                "The user has not authorized application {}.",
                self.config.app_id
            ),
            459 => "You cannot access the app till you log in to www.facebook.com and follow the instructions given.".to_owned(),
            460 => "The session has been invalidated because the user changed their password or Facebook has changed the session for security reasons.".to_owned(),
            463 => format!(
                "Session has expired on {}. The current time is {}.",
                pacific(self.end_of_session(token)),
                pacific(self.now)
            ),
            464 => "Sessions for the user are not allowed because the user is not a confirmed user.".to_owned(),
            466 => "The session was invalidated explicitly using an API call.".to_owned(),
            490 => "The user is enrolled in a blocking, logged-in checkpoint".to_owned(),
            492 => "The user must be an administrator of the page in order to impersonate it.".to_owned(),
            _ => "This may be because the user logged out or may be due to a system error.".to_owned(),
        };
        GraphError::token(format!("Error validating access token: {text}"), Some(subcode))
    }

    fn end_of_session(&self, token: &Token) -> i64 {
        let parent = token.parent.as_ref().and_then(|parent| self.state.tokens.get(parent));
        let end = match (token.expires_at, parent) {
            (0, Some(parent)) => parent.expires_at,
            (end, _) => end,
        };
        if end == 0 { self.now } else { end.min(self.now) }
    }

    /// Who calls with this token.
    pub fn viewer(&self, text: &str) -> Result<Viewer, GraphError> {
        if text == self.app_token() {
            return Ok(Viewer::App);
        }
        if text.contains('|') || text == FOREIGN_TOKEN {
            return Err(GraphError::token("Invalid OAuth access token signature.", None));
        }
        let token = self.live_token(text)?;
        let (text, person) = (text.to_owned(), token.person.clone());
        Ok(match (token.kind, &token.page) {
            (TokenKind::Page, Some(page)) => Viewer::Page { token: text, person, page: page.clone() },
            _ => Viewer::Person { token: text, person },
        })
    }
}
