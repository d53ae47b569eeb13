//! Identifiers: one type per kind of thing, so that they cannot be mixed up.
//!
//! All are UUIDs of version 7: sortable by creation, unguessable in their random part.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::Timestamp;

/// The text was not a UUID.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an identifier")]
pub struct InvalidId;

macro_rules! id {
    ($($(#[$doc:meta])* $name:ident)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// A new identifier from the present and ten random bytes.
            #[must_use]
            pub fn new(now: Timestamp, random: [u8; 10]) -> Self {
                let millis = u64::try_from(now.0).unwrap_or(0);
                Self(uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid())
            }

            #[must_use]
            pub const fn from_uuid(uuid: Uuid) -> Self {
                Self(uuid)
            }

            #[must_use]
            pub const fn as_uuid(&self) -> Uuid {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = InvalidId;

            fn from_str(text: &str) -> Result<Self, InvalidId> {
                Uuid::parse_str(text).map(Self).map_err(|_| InvalidId)
            }
        }
    )+};
}

id! {
    /// A customer organization (tenant).
    OrganizationId
    /// A person of an organization.
    UserId
    /// An app registered at Meta.
    MetaAppId
    /// One grant by one Meta user or business to one Meta app.
    ConnectionId
    /// One Messenger Page or one Instagram account under a connection.
    ChannelId
    /// One run of the wizard.
    RenewalId
    /// One trip to Meta's log-in dialog.
    LoginAttemptId
    /// One entry of the audit log.
    AuditId
    /// One sign-off under all connections of an organization.
    ReviewId
    /// One event for the platform.
    EventId
    /// One message to people about one change of health.
    NoticeId
    /// One key by which a platform's back end calls us.
    ApiKeyId
    /// One invitation to an organization.
    InvitationId
    /// A link by which one person begins one renewal.
    RenewalLinkId
    /// One address of the platform that is told of events.
    WebhookEndpointId
}
