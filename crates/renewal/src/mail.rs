//! Mail to people: what is told to whom. How it looks and travels is the [`Mailer`]'s.

use async_trait::async_trait;
use lifecycle::{NoticeKind, Timestamp, ids::UserId};
use secrecy::SecretString;

use crate::{ConnectionState, Gap};

/// One mail to one person: one notice, or several at once instead of a flood.
#[derive(Clone, Debug)]
pub struct Mail {
    /// Stays the same when the mail is sent again: the left part of its `Message-ID`.
    pub id: String,
    pub to: Recipient,
    /// The organization's name.
    pub organization: String,
    /// Where the state of every connection stands; `None`: the platform shows it, nobody knows where.
    pub overview_url: Option<String>,
    /// The most urgent first; never empty.
    pub notices: Vec<MailNotice>,
    /// The present.
    pub now: Timestamp,
}

impl Mail {
    /// Warnings can be switched off; what has stopped, which messages that has cost, and what a
    /// colleague asks for cannot.
    #[must_use]
    pub fn can_be_switched_off(&self) -> bool {
        self.notices.iter().all(|it| match it.notice {
            NoticeKind::Expires { .. } => true,
            NoticeKind::Recovered { .. } => it.gaps.is_empty(),
            NoticeKind::Stopped { .. } | NoticeKind::Requested { .. } => false,
        })
    }
}

/// Who gets it, and how this person reads.
#[derive(Clone, Debug)]
pub struct Recipient {
    pub user: UserId,
    pub name: String,
    pub email: String,
    /// `pt-BR`, `en` or `es`.
    pub locale: String,
    /// IANA name.
    pub time_zone: String,
    /// Where this person switches warnings by mail off, without logging in.
    pub unsubscribe_url: String,
}

/// One notice, with the connection as it is now.
#[derive(Clone, Debug)]
pub struct MailNotice {
    pub notice: NoticeKind,
    pub state: ConnectionState,
    /// Opens the renewal of exactly this connection.
    pub renewal_url: String,
    /// Who asked, for [`NoticeKind::Requested`].
    pub asked_by: Option<String>,
    /// Messages that may be missing, for [`NoticeKind::Recovered`].
    pub gaps: Vec<Gap>,
}

/// A mail with a link that is a secret: whoever opens it acts as its reader.
#[derive(Clone, Debug)]
pub struct LinkMail {
    /// The left part of its `Message-ID`.
    pub id: String,
    /// `None`: nobody knows it yet.
    pub name: Option<String>,
    pub email: String,
    /// `pt-BR`, `en` or `es`.
    pub locale: String,
    /// IANA name.
    pub time_zone: String,
    /// The organization's name.
    pub organization: String,
    pub about: LinkAbout,
    pub url: SecretString,
    /// The present.
    pub now: Timestamp,
}

/// What a link is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LinkAbout {
    /// A new password, within an hour.
    PasswordReset,
    /// To join the organization, within seven days.
    Invitation { by: String },
    /// To renew a connection (by its name; `None`: to connect), within 24 hours.
    Renewal { by: String, connection: Option<String> },
}

/// Why a mail did not leave.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MailFailure {
    /// The mail server may take it later.
    #[error("the mail server did not take it: {0}")]
    Later(String),
    /// It will never take this one, such as an address that does not exist.
    #[error("the mail server refused it: {0}")]
    Never(String),
}

/// Sends mail. Handed in, so that the use cases know neither SMTP nor HTML.
#[async_trait]
pub trait Mailer: Send + Sync {
    /// # Errors
    /// [`MailFailure::Later`]: it is tried again. [`MailFailure::Never`]: it is given up.
    async fn send(&self, mail: &Mail) -> Result<(), MailFailure>;

    /// The link is stored nowhere: whoever calls tries it again later.
    ///
    /// # Errors
    /// As [`Mailer::send`].
    async fn send_link(&self, mail: &LinkMail) -> Result<(), MailFailure>;
}
