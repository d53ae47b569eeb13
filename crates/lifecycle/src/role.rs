//! What a person may do.

use serde::{Deserialize, Serialize};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// May connect, renew and disconnect.
    Admin,
    /// Sees the state and may ask an administrator.
    Agent,
}

impl Role {
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Admin => "admin",
            Self::Agent => "agent",
        }
    }

    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Admin, Self::Agent].into_iter().find(|role| role.as_str() == text)
    }

    #[must_use]
    pub const fn may_connect(self) -> bool {
        matches!(self, Self::Admin)
    }
}
