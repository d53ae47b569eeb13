//! The one error of the use cases.

use lifecycle::{reconcile::SelectionError, renewal::NotApplicable};
use store::StoreError;

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("not found")]
    NotFound,
    #[error("only administrators may do this")]
    Forbidden,
    /// An organization's key asks for what only the platform's may.
    #[error("only a key of the platform may do this")]
    PlatformOnly,
    /// Somebody else was faster: read again, then decide.
    #[error("it has changed meanwhile")]
    Conflict,
    /// The renewal is in a state in which this does not apply.
    #[error(transparent)]
    NotApplicable(#[from] NotApplicable),
    /// Another administrator's renewal of the same connection is open.
    #[error("another administrator is renewing this connection")]
    OtherIsRenewing,
    /// The person or business has a connection of its own in the organization.
    #[error("this person or business is connected already")]
    AlreadyConnected,
    #[error(transparent)]
    Selection(#[from] SelectionError),
    /// The proof is not complete or something blocks it.
    #[error("the proof does not allow it to be finished")]
    NotProved,
    /// What has stopped is not put off.
    #[error("messages have stopped: this cannot wait until tomorrow")]
    CannotWait,
    #[error("the name does not match")]
    NameMismatch,
    #[error("the password needs at least {0} characters")]
    WeakPassword(usize),
    /// A reset link that is unknown, used or over.
    #[error("the link has been used or has ended")]
    LinkOver,
    /// A link that is for another person than the one who is signed in.
    #[error("the link is for somebody else")]
    SomebodyElse,
    /// E-mail and password do not belong together.
    #[error("e-mail or password is wrong")]
    InvalidLogin,
    /// The current password is another.
    #[error("the current password is wrong")]
    WrongPassword,
    /// Nobody would be left who may connect and renew.
    #[error("an organization needs an administrator")]
    LastAdmin,
    /// Nobody takes his own role or place away.
    #[error("another administrator has to do this")]
    OwnAccount,
    #[error("this person belongs to the organization already")]
    InTeam,
    #[error("there are as many open invitations as there may be")]
    TooManyInvitations,
    /// By somebody of the installation.
    #[error("this e-mail has an account already")]
    EmailTaken,
    #[error("too many log-ins at this moment")]
    TooBusy,
    /// A field of a request that cannot be what it is.
    #[error("{field}: {problem}")]
    Invalid { field: &'static str, problem: String },
    /// A request that Meta signs, without a signature of Meta's.
    #[error("the request is not signed by Meta")]
    NotSigned,
    #[error("no Meta app is configured (RENOVA_META_APP_ID, RENOVA_META_APP_SECRET)")]
    NoMetaApp,
    /// No configured key opens what the database holds.
    #[error("the encryption key does not belong to this database")]
    WrongKey,
    /// Boxed: it is larger than all others.
    #[error("Meta: {0}")]
    Meta(Box<meta::Error>),
    #[error(transparent)]
    Vault(#[from] vault::VaultError),
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A stored JSON value cannot be read.
    #[error("unreadable record: {0}")]
    Record(#[from] serde_json::Error),
    #[error("internal: {0}")]
    Internal(&'static str),
}

impl From<meta::Error> for Error {
    fn from(error: meta::Error) -> Self {
        Self::Meta(Box::new(error))
    }
}

impl Error {
    /// A stable code for people, tests and support.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "not_found",
            Self::Forbidden => "forbidden",
            Self::PlatformOnly => "platform_only",
            Self::Conflict | Self::Store(StoreError::Stale | StoreError::Conflict { .. }) => "conflict",
            Self::NotApplicable(_) => "not_applicable",
            Self::OtherIsRenewing => "other_is_renewing",
            Self::AlreadyConnected => "already_connected",
            Self::Selection(SelectionError::Empty) => "nothing_selected",
            Self::Selection(SelectionError::NotGranted) => "not_granted",
            Self::Selection(SelectionError::LossNotConfirmed) => "loss_not_confirmed",
            Self::NotProved => "not_proved",
            Self::CannotWait => "cannot_wait",
            Self::NameMismatch => "name_mismatch",
            Self::WeakPassword(_) => "weak_password",
            Self::LinkOver => "link_over",
            Self::SomebodyElse => "somebody_else",
            Self::InvalidLogin => "invalid_login",
            Self::WrongPassword => "wrong_password",
            Self::LastAdmin => "last_admin",
            Self::OwnAccount => "own_account",
            Self::InTeam => "in_team",
            Self::TooManyInvitations => "too_many_invitations",
            Self::EmailTaken => "email_taken",
            Self::TooBusy => "too_busy",
            Self::Invalid { .. } => "invalid",
            Self::NotSigned => "not_signed",
            Self::NoMetaApp => "no_meta_app",
            Self::WrongKey => "wrong_key",
            Self::Meta(error) if error.is_metas_trouble() => "meta_unreachable",
            Self::Meta(_) => "meta_refused",
            Self::Store(StoreError::Unavailable(_)) => "storage_unavailable",
            Self::Vault(_) | Self::Store(_) | Self::Record(_) | Self::Internal(_) => "internal",
        }
    }
}
