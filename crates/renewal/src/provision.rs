//! The platform brings its organizations and users along, by its own ids.

use std::sync::Arc;

use lifecycle::{
    Role, TeamChange, TeamRefusal,
    ids::{OrganizationId, UserId},
};
use serde_json::json;
use store::{Organization, StoreError, Trail, User};

use crate::{
    ApiCaller, Error, NewOrganization, Renova,
    facts::Known,
    organization::{check_locale, known_zone},
    people::{address, checked_slug, invalid, required, slug_of},
};

const LONGEST_EXTERNAL_ID: usize = 200;
const LONGEST_NAME: usize = 200;

/// A thing as it is now, and whether it was there before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Put<T> {
    pub value: T,
    pub is_new: bool,
}

/// An organization as the platform knows it. What is absent stays as it is, or has its default.
#[derive(Clone, Debug, Default)]
pub struct OrganizationProfile {
    pub name: String,
    pub slug: Option<String>,
    pub time_zone: Option<String>,
    pub locale: Option<String>,
}

/// A user as the platform knows it. There is no password: the platform vouches for its users.
#[derive(Clone, Debug)]
pub struct UserProfile {
    pub email: String,
    pub name: String,
    pub role: Role,
    /// The organization's when absent.
    pub locale: Option<String>,
}

impl Renova {
    /// The organization with this id of the platform's.
    ///
    /// # Errors
    /// [`Error::NotFound`], also where the key is another organization's.
    pub async fn organization_of(&self, who: &ApiCaller, external_id: &str) -> Result<Organization, Error> {
        let found = self.parts.storage.organization_by_external_id(external_id).await?.ok_or(Error::NotFound)?;
        who.reach(found.id)?;
        Ok(found)
    }

    /// Adds the organization, or makes it what is asked for.
    ///
    /// # Errors
    /// [`Error::Invalid`] naming the field (a taken `slug` too), [`Error::NotFound`] where an
    /// organization's key names another.
    pub async fn put_organization(
        &self,
        who: &ApiCaller,
        external_id: &str,
        profile: OrganizationProfile,
    ) -> Result<Put<Organization>, Error> {
        well_named(external_id)?;
        short("name", &profile.name, LONGEST_NAME)?;
        match self.organization_of(who, external_id).await {
            Ok(known) => {
                let value = self.update_organization(who, known, profile).await?;
                Ok(Put { value, is_new: false })
            }
            Err(Error::NotFound) if who.organization.is_none() => {
                let value = self.provision_organization(external_id, profile).await?;
                Ok(Put { value, is_new: true })
            }
            Err(error) => Err(error),
        }
    }

    /// A slug is for people: where none is asked for, one that is free is made of the name.
    async fn provision_organization(
        &self,
        external_id: &str,
        profile: OrganizationProfile,
    ) -> Result<Organization, Error> {
        let asked = profile.slug.is_some();
        let slug = match profile.slug {
            Some(slug) => slug,
            None => self.free_slug(&profile.name, external_id).await?,
        };
        let new = NewOrganization {
            external_id: external_id.to_owned(),
            name: profile.name,
            slug: Some(slug),
            time_zone: profile.time_zone,
            locale: profile.locale,
        };
        self.add_organization(new).await.map_err(|error| match error {
            Error::Store(StoreError::Conflict { what: "slug" }) if asked => taken("slug"),
            // Somebody else puts it at the same time: whoever asks again finds it.
            Error::Store(StoreError::Conflict { .. }) => Error::Conflict,
            error => error,
        })
    }

    async fn free_slug(&self, name: &str, external_id: &str) -> Result<String, Error> {
        let of_name = slug_of(name);
        let is_free = self.parts.storage.organization_by_slug(&of_name).await?.is_none();
        if is_free && !of_name.is_empty() {
            return Ok(of_name);
        }
        let number = hex::encode(self.random::<4>());
        let stem = [of_name, slug_of(external_id)].into_iter().find(|stem| !stem.is_empty());
        Ok(format!("{}-{number}", stem.unwrap_or_else(|| "organization".to_owned())))
    }

    async fn update_organization(
        &self,
        who: &ApiCaller,
        known: Organization,
        profile: OrganizationProfile,
    ) -> Result<Organization, Error> {
        let locale = profile.locale.unwrap_or_else(|| known.locale.clone());
        check_locale(&locale)?;
        let next = Organization {
            name: required("name", &profile.name)?,
            slug: profile.slug.map_or_else(|| Ok(known.slug.clone()), |slug| checked_slug(&slug))?,
            time_zone: profile.time_zone.map_or_else(|| Ok(known.time_zone.clone()), |zone| known_zone(&zone))?,
            locale,
            ..known.clone()
        };
        if next == known {
            return Ok(known);
        }
        let detail = json!({"name": next.name, "time_zone": next.time_zone, "locale": next.locale});
        let trail = self.trail(known.id, who, "organization.changed", known.id, detail, false);
        self.parts.storage.update_organization(&next, &trail).await.map_err(|error| match error {
            StoreError::Conflict { .. } => taken("slug"),
            StoreError::Stale => Error::NotFound,
            error => error.into(),
        })?;
        Ok(next)
    }

    /// Ends every connection of the organization, its Pages' subscriptions with them, and deletes all that
    /// belongs to it.
    ///
    /// # Errors
    /// [`Error::PlatformOnly`], [`Error::NotFound`].
    pub async fn delete_organization(self: &Arc<Self>, who: &ApiCaller, external_id: &str) -> Result<(), Error> {
        who.require_platform()?;
        let organization = self.organization_of(who, external_id).await?;
        let facts = self.facts(organization.id).await?;
        if !self.parts.storage.delete_organization(organization.id).await? {
            return Err(Error::NotFound);
        }
        tracing::info!(organization = %organization.id, external_id, api_key = %who.key, "an organization was deleted");
        // Goes on although the caller does not wait for it: nobody could ask a second time.
        let renova = Arc::clone(self);
        tokio::spawn(async move {
            for Known { connection, channels, .. } in &facts.connections {
                renova.unsubscribe_all(connection, channels).await;
            }
        });
        Ok(())
    }

    /// # Errors
    /// [`Error::NotFound`] for the organization or the user.
    pub async fn user_of(&self, who: &ApiCaller, organization: &str, external_id: &str) -> Result<User, Error> {
        let organization = self.organization_of(who, organization).await?;
        self.parts.storage.user_by_external_id(organization.id, external_id).await?.ok_or(Error::NotFound)
    }

    /// Adds the user, or makes it what is asked for. Who belongs to the organization by this e-mail already,
    /// and is nobody's by an id, becomes this user.
    ///
    /// # Errors
    /// [`Error::NotFound`] for the organization, [`Error::Invalid`] naming the field,
    /// [`Error::EmailTaken`], [`Error::LastAdmin`].
    pub async fn put_user(
        &self,
        who: &ApiCaller,
        organization: &str,
        external_id: &str,
        profile: UserProfile,
    ) -> Result<Put<User>, Error> {
        let organization = self.organization_of(who, organization).await?;
        let (email, known) = self.user_to_put(organization.id, external_id, &profile).await?;
        self.put_known(who, organization.id, external_id, email, profile, known).await
    }

    /// The person of an embed session. Vouching for somebody is no way to more: an organization's key
    /// names only people who are there already, as they are, and nobody becomes somebody else by his
    /// e-mail with another role.
    ///
    /// # Errors
    /// [`Error::PlatformOnly`], and those of [`Renova::put_user`].
    pub(crate) async fn vouched_user(
        &self,
        who: &ApiCaller,
        organization: OrganizationId,
        external_id: &str,
        profile: UserProfile,
    ) -> Result<User, Error> {
        if who.require_platform().is_err() {
            let email = address(&profile.email)?;
            let named = match self.parts.storage.user_by_external_id(organization, external_id).await? {
                Some(known) => Some(known),
                // Invited here: nobody has named this person yet.
                None => match self.user_without_id(organization, &email).await {
                    Err(Error::EmailTaken) => None,
                    found => found?,
                },
            };
            if !named.is_some_and(|user| user.email == email && user.role == profile.role) {
                return Err(Error::PlatformOnly);
            }
        }
        match self.vouched_once(who, organization, external_id, profile.clone()).await {
            // Two elements of one page ask at once: the other one was first.
            Err(Error::Conflict | Error::EmailTaken) => {
                self.vouched_once(who, organization, external_id, profile).await
            }
            done => done,
        }
    }

    async fn vouched_once(
        &self,
        who: &ApiCaller,
        organization: OrganizationId,
        external_id: &str,
        profile: UserProfile,
    ) -> Result<User, Error> {
        let (email, known) = self.user_to_put(organization, external_id, &profile).await?;
        if known.as_ref().is_some_and(|user| user.external_id.is_none() && user.role != profile.role) {
            return Err(Error::EmailTaken);
        }
        Ok(self.put_known(who, organization, external_id, email, profile, known).await?.value)
    }

    /// What was asked for is well formed: the e-mail as it is stored, and who has the id, or the e-mail.
    async fn user_to_put(
        &self,
        organization: OrganizationId,
        external_id: &str,
        profile: &UserProfile,
    ) -> Result<(String, Option<User>), Error> {
        well_named(external_id)?;
        short("name", &profile.name, LONGEST_NAME)?;
        if let Some(locale) = &profile.locale {
            check_locale(locale)?;
        }
        let email = address(&profile.email)?;
        required("name", &profile.name)?;
        let known = match self.parts.storage.user_by_external_id(organization, external_id).await? {
            Some(known) => Some(known),
            None => self.user_without_id(organization, &email).await?,
        };
        Ok((email, known))
    }

    async fn put_known(
        &self,
        who: &ApiCaller,
        organization: OrganizationId,
        external_id: &str,
        email: String,
        profile: UserProfile,
        known: Option<User>,
    ) -> Result<Put<User>, Error> {
        let storage = &self.parts.storage;
        let name = required("name", &profile.name)?;
        let Some(known) = known else {
            let user = User {
                id: UserId::new(self.now(), self.random()),
                organization_id: organization,
                external_id: Some(external_id.to_owned()),
                email,
                name,
                role: profile.role,
                locale: profile.locale,
                password_hash: None,
                created_at: self.now(),
            };
            storage.insert_user(&user).await.map_err(of_user)?;
            storage.append_audit(&self.user_trail(who, &user, "user.added")).await?;
            if user.role == Role::Admin {
                self.tell_new_administrator(organization, user.id).await;
            }
            return Ok(Put { value: user, is_new: true });
        };
        let next = User {
            external_id: Some(external_id.to_owned()),
            email,
            name,
            role: profile.role,
            locale: profile.locale.or_else(|| known.locale.clone()),
            ..known.clone()
        };
        if next != known {
            let trail = self.user_trail(who, &next, "user.changed");
            refused(storage.update_user(&next, &trail).await.map_err(of_user)?)?;
            if next.role == Role::Admin && known.role != Role::Admin {
                self.tell_new_administrator(organization, next.id).await;
            }
        }
        Ok(Put { value: next, is_new: false })
    }

    async fn user_without_id(&self, organization: OrganizationId, email: &str) -> Result<Option<User>, Error> {
        let Some(found) = self.parts.storage.user_by_email(email).await? else { return Ok(None) };
        let may_become = found.organization_id == organization && found.external_id.is_none();
        if may_become { Ok(Some(found)) } else { Err(Error::EmailTaken) }
    }

    /// Takes the user out of the organization: sessions end at once, the history keeps the name.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::LastAdmin`].
    pub async fn remove_user(&self, who: &ApiCaller, organization: &str, external_id: &str) -> Result<(), Error> {
        let user = self.user_of(who, organization, external_id).await?;
        let trail = self.user_trail(who, &user, "user.removed");
        let storage = &self.parts.storage;
        refused(storage.change_team(user.organization_id, user.id, TeamChange::Remove, &trail).await?)
    }

    fn user_trail(&self, who: &ApiCaller, user: &User, action: &str) -> Trail {
        let detail = json!({"name": user.name, "role": user.role.as_str()});
        self.trail(user.organization_id, who, action, user.id, detail, false)
    }
}

fn refused(done: Result<(), TeamRefusal>) -> Result<(), Error> {
    done.map_err(|refusal| match refusal {
        TeamRefusal::NotThere => Error::NotFound,
        TeamRefusal::LastAdmin => Error::LastAdmin,
    })
}

fn of_user(error: StoreError) -> Error {
    match error {
        StoreError::Conflict { what: "email" } => Error::EmailTaken,
        StoreError::Conflict { .. } => Error::Conflict,
        StoreError::Stale => Error::NotFound,
        error => error.into(),
    }
}

fn taken(field: &'static str) -> Error {
    Error::Invalid { field, problem: "is taken: choose another".to_owned() }
}

/// The platform's own id is stored and looked for as it is.
fn well_named(external_id: &str) -> Result<(), Error> {
    short("external_id", external_id, LONGEST_EXTERNAL_ID)?;
    if external_id.trim() == external_id {
        return Ok(());
    }
    Err(invalid("external_id", "must not begin or end with a space"))
}

fn short(field: &'static str, text: &str, most: usize) -> Result<(), Error> {
    let problem = if text.trim().is_empty() {
        "must not be empty".to_owned()
    } else if text.chars().count() > most {
        format!("must not be longer than {most} characters")
    } else if text.chars().any(char::is_control) {
        "must not contain control characters".to_owned()
    } else {
        return Ok(());
    };
    Err(Error::Invalid { field, problem })
}
