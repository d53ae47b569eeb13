//! Ways to connect, who grants, and kinds of channels.

use serde::{Deserialize, Serialize};

/// Which of Meta's authorization servers a connection belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Provider {
    /// Facebook Login: Pages, and Instagram accounts linked to them.
    Facebook,
    /// Instagram Login: one Instagram account with a token of its own.
    Instagram,
}

impl Provider {
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Facebook => "facebook",
            Self::Instagram => "instagram",
        }
    }

    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Facebook, Self::Instagram].into_iter().find(|it| it.as_str() == text)
    }
}

/// Whose grant a connection holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GranteeKind {
    /// A person: the token ends with the person's log-in, role or password.
    #[default]
    Person,
    /// A business portfolio's system user: the token belongs to no person.
    Business,
}

impl GranteeKind {
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Business => "business",
        }
    }

    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Person, Self::Business].into_iter().find(|it| it.as_str() == text)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChannelKind {
    /// Messages of a Facebook Page.
    Messenger,
    /// Direct messages of an Instagram professional account.
    Instagram,
}

impl ChannelKind {
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Messenger => "messenger",
            Self::Instagram => "instagram",
        }
    }

    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Messenger, Self::Instagram].into_iter().find(|it| it.as_str() == text)
    }
}
