//! Notices: one message to people about one change of health.

use serde::{Deserialize, Serialize};

use crate::Timestamp;

/// What a notice tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum NoticeKind {
    /// Something ends at `ends_at`; told because `days` are left, 0 at the end itself.
    Expires { ends_at: Timestamp, days: i64 },
    /// It is proved that messages do not arrive since then.
    Stopped { since: Timestamp },
    /// All is well again, without a renewal or by one.
    Recovered { at: Timestamp },
    /// Somebody who may not renew asks the administrators to.
    Requested { at: Timestamp },
}

impl NoticeKind {
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Expires { .. } => "expires",
            Self::Stopped { .. } => "stopped",
            Self::Recovered { .. } => "recovered",
            Self::Requested { .. } => "requested",
        }
    }
}

mod warning;

pub use warning::{LocalOffset, Policy, Told, Warnings, warnings};
