//! What a code says to the people concerned.

use super::graph::GraphError;

/// Most tries of a call that met Meta's own trouble.
const TRIES: u32 = 5;

macro_rules! meanings {
    ($($(#[$doc:meta])+ $name:ident = $code:literal),+ $(,)?) => {
        /// What an error means, decided by code and subcode alone.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Meaning { $($(#[$doc])+ $name),+ }

        impl Meaning {
            /// Every meaning.
            pub const ALL: &[Self] = &[$(Self::$name),+];

            /// A word for it that does not change, such as `token_expired`: to
            /// be stored, and to find a sentence by.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $(Self::$name => $code),+ }
            }
        }
    };
}

meanings! {
    /// 190 without a known subcode: the token expired, was ended, or is none.
    TokenInvalid = "token_invalid",
    /// 190/463: the token's time is over.
    TokenExpired = "token_expired",
    /// 190/458: the person removed the app.
    AppRemoved = "app_removed",
    /// 190/460: the password was changed, or Facebook ended the session for
    /// security.
    PasswordChanged = "password_changed",
    /// 190/466: ended by a call of the API.
    EndedByCall = "ended_by_call",
    /// 190/467: the person logged out, or an error of Meta's ended it.
    LoggedOut = "logged_out",
    /// 102 without a known subcode: the session is over.
    SessionInvalid = "session_invalid",
    /// 190/492: the person lost the role on the Page.
    RoleLost = "role_lost",
    /// 190/459: the person has to log in at facebook.com and follow what it
    /// says there.
    Checkpoint = "checkpoint",
    /// 190/464: the person's account at Facebook is not confirmed.
    UnconfirmedPerson = "unconfirmed_person",
    /// 190/490: Facebook's security check bars the person's account.
    SecurityCheck = "security_check",
    /// 10: a permission was not given or was taken back, or the access to the
    /// person's data has lapsed.
    PermissionNotGranted = "permission_not_granted",
    /// 200 to 299: this call needs a permission that is missing.
    PermissionMissing = "permission_missing",
    /// 100/33: the object is gone, or no longer shown to this person.
    ObjectMissing = "object_missing",
    /// 803: no such id, or no longer shown to this person.
    UnknownObject = "unknown_object",
    /// 100/36009: the code was exchanged before.
    CodeUsed = "code_used",
    /// 400 of Instagram Login: the code was used, is too old, or belongs to
    /// another redirect address.
    CodeRefused = "code_refused",
    /// 3: the app lacks a capability.
    CapabilityMissing = "capability_missing",
    /// 100: a parameter that Meta does not take.
    BadParameter = "bad_parameter",
    /// 101: Meta does not know the app.
    UnknownApp = "unknown_app",
    /// 191 and 100/36008: the redirect address is not the registered one.
    BadRedirect = "bad_redirect",
    /// 2500: no such path, or a call without its token.
    BadPath = "bad_path",
    /// Meta refuses the app's own credentials.
    AppRefused = "app_refused",
    /// 1: unknown to Meta itself, perhaps an outage.
    UnknownTrouble = "unknown_trouble",
    /// 2: a service of Meta's is down.
    ServiceDown = "service_down",
    /// Any other error that Meta marks as passing, or a server error.
    Passing = "passing",
    /// 4: too many calls of the app.
    AppLimit = "app_limit",
    /// 17: too many calls for one person.
    PersonLimit = "person_limit",
    /// 32: too many calls to a Page.
    PageLimit = "page_limit",
    /// 80000 to 80014: too many calls to a business, its Pages, Instagram
    /// accounts or Messenger.
    BusinessLimit = "business_limit",
    /// 613: too many calls of one kind, or an odd number of them.
    CallLimit = "call_limit",
    /// 341: a limit of the app that is not about calls alone.
    ApplicationLimit = "application_limit",
    /// 368: barred for a while for its doings.
    Blocked = "blocked",
    /// HTTP status 429 without a known code.
    TooManyCalls = "too_many_calls",
    /// None of the known codes: somebody has to look.
    Unknown = "unknown",
}

/// Who can do something about an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Who {
    /// The administrator, by connecting again.
    Administrator,
    /// The person of the grant, at Facebook or Instagram.
    PersonAtMeta,
    /// Whoever runs this service: the app's configuration, or a mistake.
    Operator,
    /// Nobody but Meta: wait.
    Nobody,
}

/// Whether another try of the same call makes sense.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Retry {
    /// No.
    Never,
    /// Once the person has done at Meta what is asked there.
    WhenPersonActed,
    /// After [`Error::wait`](crate::Error::wait), or a while of one's own where
    /// that says nothing.
    Wait,
    /// With growing pauses ([`backoff`](fn@crate::backoff)), and then no more.
    Backoff {
        /// Most tries in all.
        most: u32,
    },
}

impl Meaning {
    /// The meaning that has this word.
    #[must_use]
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|meaning| meaning.code() == code)
    }

    /// Who can do something about it.
    #[must_use]
    pub fn who(self) -> Who {
        match self {
            Self::TokenInvalid
            | Self::TokenExpired
            | Self::AppRemoved
            | Self::PasswordChanged
            | Self::EndedByCall
            | Self::LoggedOut
            | Self::SessionInvalid
            | Self::RoleLost
            | Self::PermissionNotGranted
            | Self::PermissionMissing
            | Self::ObjectMissing
            | Self::UnknownObject
            | Self::CodeUsed
            | Self::CodeRefused => Who::Administrator,
            Self::Checkpoint | Self::UnconfirmedPerson | Self::SecurityCheck => Who::PersonAtMeta,
            Self::CapabilityMissing
            | Self::BadParameter
            | Self::UnknownApp
            | Self::BadRedirect
            | Self::BadPath
            | Self::AppRefused
            | Self::Unknown => Who::Operator,
            Self::UnknownTrouble | Self::ServiceDown | Self::Passing => Who::Nobody,
            Self::AppLimit
            | Self::PersonLimit
            | Self::PageLimit
            | Self::BusinessLimit
            | Self::CallLimit
            | Self::ApplicationLimit
            | Self::Blocked
            | Self::TooManyCalls => Who::Nobody,
        }
    }

    /// Whether another try makes sense.
    #[must_use]
    pub fn retry(self) -> Retry {
        match self.who() {
            Who::PersonAtMeta => Retry::WhenPersonActed,
            Who::Nobody if self.is_rate_limit() => Retry::Wait,
            Who::Nobody => Retry::Backoff { most: TRIES },
            Who::Administrator | Who::Operator => Retry::Never,
        }
    }

    /// Whether Meta wants fewer calls.
    #[must_use]
    pub fn is_rate_limit(self) -> bool {
        matches!(
            self,
            Self::AppLimit
                | Self::PersonLimit
                | Self::PageLimit
                | Self::BusinessLimit
                | Self::CallLimit
                | Self::ApplicationLimit
                | Self::Blocked
                | Self::TooManyCalls
        )
    }

    /// Whether a permission is missing, or what it shows is no longer shown.
    #[must_use]
    pub fn is_missing_permission(self) -> bool {
        matches!(self, Self::PermissionNotGranted | Self::PermissionMissing | Self::ObjectMissing | Self::UnknownObject)
    }
}

impl GraphError {
    /// What this error means. A rate limit stays one even if Meta also marks
    /// it as passing; otherwise that mark wins over the code.
    #[must_use]
    pub fn meaning(&self) -> Meaning {
        let by_code = by_code(self.code, self.subcode);
        match (by_code, self.http_status) {
            _ if by_code.who() == Who::Nobody => by_code,
            _ if self.is_transient => Meaning::Passing,
            (Meaning::Unknown, 429) => Meaning::TooManyCalls,
            (Meaning::Unknown, 500..) => Meaning::Passing,
            _ => by_code,
        }
    }

    /// Whether the code speaks of the token itself.
    pub(crate) fn is_about_the_token(&self) -> bool {
        matches!(self.code, 102 | 190)
    }
}

/// Meta: `graph-api/guides/error-handling` and
/// `graph-api/overview/rate-limiting`; subcodes 466 and 490 from recorded
/// answers, 400 and 429 from those of Instagram Login's host.
fn by_code(code: i64, subcode: Option<i64>) -> Meaning {
    match (code, subcode) {
        (102 | 190, Some(458)) => Meaning::AppRemoved,
        (102 | 190, Some(459)) => Meaning::Checkpoint,
        (102 | 190, Some(460)) => Meaning::PasswordChanged,
        (102 | 190, Some(463)) => Meaning::TokenExpired,
        (102 | 190, Some(464)) => Meaning::UnconfirmedPerson,
        (102 | 190, Some(466)) => Meaning::EndedByCall,
        (102 | 190, Some(467)) => Meaning::LoggedOut,
        (102 | 190, Some(490)) => Meaning::SecurityCheck,
        (102 | 190, Some(492)) => Meaning::RoleLost,
        (190, _) => Meaning::TokenInvalid,
        (102, _) => Meaning::SessionInvalid,
        (10, _) => Meaning::PermissionNotGranted,
        (200..=299, _) => Meaning::PermissionMissing,
        (3, _) => Meaning::CapabilityMissing,
        (100, Some(33)) => Meaning::ObjectMissing,
        (100, Some(36008)) | (191, _) => Meaning::BadRedirect,
        (100, Some(36009)) => Meaning::CodeUsed,
        (100, _) => Meaning::BadParameter,
        (101, _) => Meaning::UnknownApp,
        (400, _) => Meaning::CodeRefused,
        (803, _) => Meaning::UnknownObject,
        (2500, _) => Meaning::BadPath,
        (1, _) => Meaning::UnknownTrouble,
        (2, _) => Meaning::ServiceDown,
        (4, _) => Meaning::AppLimit,
        (17, _) => Meaning::PersonLimit,
        (32, _) => Meaning::PageLimit,
        (341, _) => Meaning::ApplicationLimit,
        (368, _) => Meaning::Blocked,
        (429, _) => Meaning::TooManyCalls,
        (613, _) => Meaning::CallLimit,
        (80000..=80014, _) => Meaning::BusinessLimit,
        _ => Meaning::Unknown,
    }
}

#[cfg(test)]
mod tests;
