//! Who is asking.

use lifecycle::{
    Role,
    ids::{OrganizationId, RenewalId, UserId},
};
use store::{Organization, User};

use crate::Error;

/// A person with organization and role, as a session (or a host's own log-in) proves it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    pub organization: OrganizationId,
    pub organization_name: String,
    /// IANA name.
    pub time_zone: String,
    pub user: UserId,
    pub name: String,
    pub email: String,
    pub role: Role,
    /// The person's own language, if chosen.
    pub locale: Option<String>,
    pub organization_locale: String,
    /// Came by a link that the platform vouches for: may do this renewal and nothing else.
    pub only_renewal: Option<RenewalId>,
}

impl Identity {
    #[must_use]
    pub fn of(user: User, organization: Organization) -> Self {
        Self {
            organization: organization.id,
            organization_name: organization.name,
            time_zone: organization.time_zone,
            user: user.id,
            name: user.name,
            email: user.email,
            role: user.role,
            locale: user.locale,
            organization_locale: organization.locale,
            only_renewal: None,
        }
    }

    /// The first line of everything that only administrators may do.
    pub fn require_admin(&self) -> Result<(), Error> {
        if self.role.may_connect() && self.only_renewal.is_none() { Ok(()) } else { Err(Error::Forbidden) }
    }

    /// The same for the steps of one renewal, which may be all that somebody is here for.
    pub fn require_admin_for(&self, renewal: RenewalId) -> Result<(), Error> {
        let is_allowed = self.only_renewal.is_none_or(|only| only == renewal);
        if self.role.may_connect() && is_allowed { Ok(()) } else { Err(Error::Forbidden) }
    }
}
