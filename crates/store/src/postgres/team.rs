//! Changing who belongs to an organization.

use lifecycle::{
    Role, TeamChange, Timestamp,
    ids::{OrganizationId, UserId},
};
use sqlx::PgConnection;

use crate::{
    Result, User,
    rows::{self, UserRow},
    sql,
};

/// The team as it is in this transaction.
pub(super) async fn roles(tx: &mut PgConnection, organization: OrganizationId) -> Result<Vec<(UserId, Role)>> {
    let rows: Vec<UserRow> =
        sqlx::query_as(sql::users::OF_ORGANIZATION).bind(organization.as_uuid()).fetch_all(tx).await?;
    let users: Vec<User> = rows::all(rows)?;
    Ok(users.into_iter().map(|user| (user.id, user.role)).collect())
}

pub(super) async fn insert(tx: &mut PgConnection, user: &User) -> Result<()> {
    sqlx::query(sql::users::INSERT)
        .bind(user.id.as_uuid())
        .bind(user.organization_id.as_uuid())
        .bind(user.external_id.as_deref())
        .bind(user.email.as_str())
        .bind(user.name.as_str())
        .bind(user.role.as_str())
        .bind(user.locale.as_deref())
        .bind(user.password_hash.as_deref())
        .bind(user.created_at.0)
        .execute(tx)
        .await?;
    Ok(())
}

pub(super) async fn apply(
    tx: &mut PgConnection,
    organization: OrganizationId,
    id: UserId,
    change: TeamChange,
    at: Timestamp,
) -> Result<()> {
    match change {
        TeamChange::Role(role) => {
            sqlx::query(sql::users::SET_ROLE)
                .bind(organization.as_uuid())
                .bind(id.as_uuid())
                .bind(role.as_str())
                .execute(tx)
                .await?;
            Ok(())
        }
        TeamChange::Remove => remove(tx, organization, id, at).await,
    }
}

async fn remove(tx: &mut PgConnection, organization: OrganizationId, id: UserId, at: Timestamp) -> Result<()> {
    sqlx::query(sql::users::REMOVE)
        .bind(organization.as_uuid())
        .bind(id.as_uuid())
        .bind(at.0)
        .bind(format!("removed:{id}"))
        .execute(&mut *tx)
        .await?;
    for statement in [sql::sessions::DELETE_OF_USER, sql::sessions::DELETE_RESETS_OF_USER] {
        sqlx::query(statement).bind(id.as_uuid()).execute(&mut *tx).await?;
    }
    sqlx::query(sql::snoozes::DELETE_OF_USER).bind(organization.as_uuid()).bind(id.as_uuid()).execute(tx).await?;
    Ok(())
}
