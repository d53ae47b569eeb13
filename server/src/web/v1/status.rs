//! Words that several resources share.

use lifecycle::{ChannelKind, Health, Provider};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// How a channel or a connection is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    Healthy,
    ExpiresSoon,
    Expired,
    Revoked,
    MissingPermission,
    AccountLost,
    DataAccessLapsed,
    SubscriptionLost,
    StoryOptionOff,
    Silent,
    Unreachable,
}

impl From<Health> for Status {
    fn from(health: Health) -> Self {
        match health {
            Health::Healthy => Self::Healthy,
            Health::ExpiresSoon { .. } => Self::ExpiresSoon,
            Health::Expired { .. } => Self::Expired,
            Health::Revoked { .. } => Self::Revoked,
            Health::MissingPermission => Self::MissingPermission,
            Health::AccountLost { .. } => Self::AccountLost,
            Health::DataAccessLapsed { .. } => Self::DataAccessLapsed,
            Health::SubscriptionLost => Self::SubscriptionLost,
            Health::StoryOptionOff => Self::StoryOptionOff,
            Health::Silent { .. } => Self::Silent,
            Health::Unreachable { .. } => Self::Unreachable,
        }
    }
}

impl Status {
    /// As [`Health::as_str`].
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Healthy => "healthy",
            Self::ExpiresSoon => "expires_soon",
            Self::Expired => "expired",
            Self::Revoked => "revoked",
            Self::MissingPermission => "missing_permission",
            Self::AccountLost => "account_lost",
            Self::DataAccessLapsed => "data_access_lapsed",
            Self::SubscriptionLost => "subscription_lost",
            Self::StoryOptionOff => "story_option_off",
            Self::Silent => "silent",
            Self::Unreachable => "unreachable",
        }
    }
}

/// What kind of channel it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ChannelKind)]
pub enum Kind {
    Messenger,
    Instagram,
}

impl From<ChannelKind> for Kind {
    fn from(kind: ChannelKind) -> Self {
        match kind {
            ChannelKind::Messenger => Self::Messenger,
            ChannelKind::Instagram => Self::Instagram,
        }
    }
}

/// By which way it was connected: Facebook Login or Instagram Login.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = Provider)]
pub enum Way {
    Facebook,
    Instagram,
}

impl From<Provider> for Way {
    fn from(provider: Provider) -> Self {
        match provider {
            Provider::Facebook => Self::Facebook,
            Provider::Instagram => Self::Instagram,
        }
    }
}

impl From<Way> for Provider {
    fn from(way: Way) -> Self {
        match way {
            Way::Facebook => Self::Facebook,
            Way::Instagram => Self::Instagram,
        }
    }
}
