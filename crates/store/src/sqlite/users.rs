use async_trait::async_trait;
use lifecycle::{
    TeamChange, TeamRefusal, Timestamp,
    ids::{OrganizationId, UserId},
    team::may_change,
};

use super::{SqliteStorage, team, trail};
use crate::{
    Member, Result, StoreError, Trail, User, Users,
    rows::{self, MemberRow, UserRow},
    sql,
};

#[async_trait]
impl Users for SqliteStorage {
    async fn insert_user(&self, user: &User) -> Result<()> {
        let mut tx = self.begin().await?;
        trail::raise_change_seq(&mut tx, user.organization_id).await?;
        team::insert(&mut tx, user).await?;
        tx.commit().await?;
        Ok(())
    }

    async fn user(&self, organization: OrganizationId, id: UserId) -> Result<Option<User>> {
        let row: Option<UserRow> = sqlx::query_as(sql::users::BY_ID)
            .bind(organization.as_uuid())
            .bind(id.as_uuid())
            .fetch_optional(self.reader())
            .await?;
        row.map(User::try_from).transpose()
    }

    async fn user_by_email(&self, email: &str) -> Result<Option<User>> {
        let row: Option<UserRow> =
            sqlx::query_as(sql::users::BY_EMAIL).bind(email).fetch_optional(self.reader()).await?;
        row.map(User::try_from).transpose()
    }

    async fn user_by_external_id(&self, organization: OrganizationId, external_id: &str) -> Result<Option<User>> {
        let row: Option<UserRow> = sqlx::query_as(sql::users::BY_EXTERNAL_ID)
            .bind(organization.as_uuid())
            .bind(external_id)
            .fetch_optional(self.reader())
            .await?;
        row.map(User::try_from).transpose()
    }

    async fn update_user(&self, user: &User, trail: &Trail) -> Result<Result<(), TeamRefusal>> {
        let organization = user.organization_id;
        let mut tx = self.begin().await?;
        // The organization's turn, as for every change of the team.
        trail::raise_change_seq(&mut tx, organization).await?;
        let change = TeamChange::Role(user.role);
        if let Err(refusal) = may_change(&team::roles(&mut tx, organization).await?, user.id, change) {
            return Ok(Err(refusal));
        }
        sqlx::query(sql::sessions::DELETE_RESETS_OF_ADDRESS)
            .bind(user.id.as_uuid())
            .bind(user.email.as_str())
            .execute(&mut *tx)
            .await?;
        sqlx::query(sql::users::UPDATE)
            .bind(organization.as_uuid())
            .bind(user.id.as_uuid())
            .bind(user.external_id.as_deref())
            .bind(user.email.as_str())
            .bind(user.name.as_str())
            .bind(user.role.as_str())
            .bind(user.locale.as_deref())
            .execute(&mut *tx)
            .await?;
        trail::write(&mut tx, trail).await?;
        tx.commit().await?;
        Ok(Ok(()))
    }

    async fn users_of(&self, organization: OrganizationId) -> Result<Vec<User>> {
        let rows: Vec<UserRow> =
            sqlx::query_as(sql::users::OF_ORGANIZATION).bind(organization.as_uuid()).fetch_all(self.reader()).await?;
        Ok(rows::in_order_of_names(rows::all(rows)?))
    }

    async fn team_of(&self, organization: OrganizationId) -> Result<Vec<Member>> {
        let rows: Vec<MemberRow> =
            sqlx::query_as(sql::users::TEAM).bind(organization.as_uuid()).fetch_all(self.reader()).await?;
        Ok(rows::members_in_order(rows::all(rows)?))
    }

    async fn everybody_of(&self, organization: OrganizationId) -> Result<Vec<User>> {
        let rows: Vec<UserRow> =
            sqlx::query_as(sql::users::EVERYBODY).bind(organization.as_uuid()).fetch_all(self.reader()).await?;
        Ok(rows::in_order_of_names(rows::all(rows)?))
    }

    async fn change_team(
        &self,
        organization: OrganizationId,
        id: UserId,
        change: TeamChange,
        trail: &Trail,
    ) -> Result<Result<(), TeamRefusal>> {
        let mut tx = self.begin().await?;
        // The organization's turn: two administrators cannot take each other's role at once.
        trail::raise_change_seq(&mut tx, organization).await?;
        if let Err(refusal) = may_change(&team::roles(&mut tx, organization).await?, id, change) {
            return Ok(Err(refusal));
        }
        team::apply(&mut tx, organization, id, change, trail.audit.at).await?;
        trail::write(&mut tx, trail).await?;
        tx.commit().await?;
        Ok(Ok(()))
    }

    async fn set_locale(&self, organization: OrganizationId, id: UserId, locale: &str) -> Result<()> {
        let done = sqlx::query(sql::users::SET_LOCALE)
            .bind(organization.as_uuid())
            .bind(id.as_uuid())
            .bind(locale)
            .execute(self.writer())
            .await?;
        if done.rows_affected() == 1 { Ok(()) } else { Err(StoreError::Stale) }
    }

    async fn change_password(
        &self,
        id: UserId,
        password_hash: &str,
        kept: &[u8; 32],
        now: Timestamp,
        trail: &Trail,
    ) -> Result<()> {
        let mut tx = self.begin().await?;
        trail::raise_change_seq(&mut tx, trail.audit.organization_id).await?;
        let done =
            sqlx::query(sql::users::SET_PASSWORD).bind(id.as_uuid()).bind(password_hash).execute(&mut *tx).await?;
        if done.rows_affected() != 1 {
            return Err(StoreError::Stale);
        }
        sqlx::query(sql::sessions::END_RESETS_OF_USER).bind(id.as_uuid()).bind(now.0).execute(&mut *tx).await?;
        sqlx::query(sql::sessions::DELETE_OTHERS).bind(id.as_uuid()).bind(kept.as_slice()).execute(&mut *tx).await?;
        trail::write(&mut tx, trail).await?;
        tx.commit().await?;
        Ok(())
    }

    async fn rehash_password(&self, id: UserId, password_hash: &str) -> Result<()> {
        sqlx::query(sql::users::SET_PASSWORD).bind(id.as_uuid()).bind(password_hash).execute(self.writer()).await?;
        Ok(())
    }
}
