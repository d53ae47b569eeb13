use lifecycle::{
    Role, Timestamp,
    ids::{ConnectionId, InvitationId, OrganizationId, RenewalId, UserId},
};
use sqlx::FromRow;
use uuid::Uuid;

use super::{hash, known};
use crate::{Invitation, Member, Organization, Result, Session, Snooze, StoreError, User};

#[derive(FromRow)]
pub(crate) struct OrganizationRow {
    id: Uuid,
    external_id: String,
    slug: String,
    name: String,
    time_zone: String,
    locale: String,
    created_at: i64,
}

impl From<OrganizationRow> for Organization {
    fn from(row: OrganizationRow) -> Self {
        Self {
            id: OrganizationId::from_uuid(row.id),
            external_id: row.external_id,
            slug: row.slug,
            name: row.name,
            time_zone: row.time_zone,
            locale: row.locale,
            created_at: Timestamp(row.created_at),
        }
    }
}

#[derive(FromRow)]
pub(crate) struct UserRow {
    id: Uuid,
    organization_id: Uuid,
    external_id: Option<String>,
    email: String,
    name: String,
    role: String,
    locale: Option<String>,
    password_hash: Option<String>,
    created_at: i64,
}

impl TryFrom<UserRow> for User {
    type Error = StoreError;

    fn try_from(row: UserRow) -> Result<Self> {
        Ok(Self {
            id: UserId::from_uuid(row.id),
            organization_id: OrganizationId::from_uuid(row.organization_id),
            external_id: row.external_id,
            email: row.email,
            name: row.name,
            role: known(Role::parse(&row.role), "users", "role")?,
            locale: row.locale,
            password_hash: row.password_hash,
            created_at: Timestamp(row.created_at),
        })
    }
}

/// As [`in_order_of_names`].
pub(crate) fn members_in_order(mut members: Vec<Member>) -> Vec<Member> {
    members.sort_by_cached_key(|it| (it.user.name.to_lowercase(), it.user.id));
    members
}

/// Sorted here, because each database has collations of its own.
pub(crate) fn in_order_of_names(mut users: Vec<User>) -> Vec<User> {
    users.sort_by_cached_key(|user| (user.name.to_lowercase(), user.id));
    users
}

#[derive(FromRow)]
pub(crate) struct MemberRow {
    #[sqlx(flatten)]
    user: UserRow,
    last_seen_at: Option<i64>,
}

impl TryFrom<MemberRow> for Member {
    type Error = StoreError;

    fn try_from(row: MemberRow) -> Result<Self> {
        Ok(Self { user: User::try_from(row.user)?, last_seen_at: row.last_seen_at.map(Timestamp) })
    }
}

#[derive(FromRow)]
pub(crate) struct InvitationRow {
    id: Uuid,
    organization_id: Uuid,
    email: String,
    role: String,
    token_hash: Vec<u8>,
    invited_by: Uuid,
    created_at: i64,
    expires_at: i64,
}

impl TryFrom<InvitationRow> for Invitation {
    type Error = StoreError;

    fn try_from(row: InvitationRow) -> Result<Self> {
        Ok(Self {
            id: InvitationId::from_uuid(row.id),
            organization_id: OrganizationId::from_uuid(row.organization_id),
            email: row.email,
            role: known(Role::parse(&row.role), "invitations", "role")?,
            token_hash: hash(row.token_hash, "invitations", "token_hash")?,
            invited_by: UserId::from_uuid(row.invited_by),
            created_at: Timestamp(row.created_at),
            expires_at: Timestamp(row.expires_at),
        })
    }
}

#[derive(FromRow)]
pub(crate) struct OwnSessionRow {
    token_hash: Vec<u8>,
    user_id: Uuid,
    created_at: i64,
    last_seen_at: i64,
    expires_at: i64,
    only_renewal: Option<Uuid>,
}

impl TryFrom<OwnSessionRow> for Session {
    type Error = StoreError;

    fn try_from(row: OwnSessionRow) -> Result<Self> {
        Ok(Self {
            token_hash: hash(row.token_hash, "sessions", "token_hash")?,
            user_id: UserId::from_uuid(row.user_id),
            created_at: Timestamp(row.created_at),
            last_seen_at: Timestamp(row.last_seen_at),
            expires_at: Timestamp(row.expires_at),
            only_renewal: row.only_renewal.map(RenewalId::from_uuid),
        })
    }
}

#[derive(FromRow)]
pub(crate) struct SessionRow {
    token_hash: Vec<u8>,
    session_created_at: i64,
    last_seen_at: i64,
    expires_at: i64,
    only_renewal: Option<Uuid>,
    #[sqlx(flatten)]
    user: UserRow,
}

impl TryFrom<SessionRow> for (Session, User) {
    type Error = StoreError;

    fn try_from(row: SessionRow) -> Result<Self> {
        let user = User::try_from(row.user)?;
        let session = Session {
            token_hash: hash(row.token_hash, "sessions", "token_hash")?,
            user_id: user.id,
            created_at: Timestamp(row.session_created_at),
            last_seen_at: Timestamp(row.last_seen_at),
            expires_at: Timestamp(row.expires_at),
            only_renewal: row.only_renewal.map(RenewalId::from_uuid),
        };
        Ok((session, user))
    }
}

#[derive(FromRow)]
pub(crate) struct SnoozeRow {
    user_id: Uuid,
    connection_id: Uuid,
    organization_id: Uuid,
    until: i64,
}

impl From<SnoozeRow> for Snooze {
    fn from(row: SnoozeRow) -> Self {
        Self {
            organization_id: OrganizationId::from_uuid(row.organization_id),
            user_id: UserId::from_uuid(row.user_id),
            connection_id: ConnectionId::from_uuid(row.connection_id),
            until: Timestamp(row.until),
        }
    }
}
