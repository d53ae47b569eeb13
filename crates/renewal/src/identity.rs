//! Who is asking.

use lifecycle::{
    Role,
    ids::{OrganizationId, UserId},
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
        }
    }

    /// The first line of everything that only administrators may do.
    pub fn require_admin(&self) -> Result<(), Error> {
        if self.role.may_connect() { Ok(()) } else { Err(Error::Forbidden) }
    }
}
