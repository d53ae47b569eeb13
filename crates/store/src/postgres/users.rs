use async_trait::async_trait;
use lifecycle::ids::{OrganizationId, UserId};

use super::{PostgresStorage, trail};
use crate::{
    Result, User, Users,
    rows::{self, UserRow},
    sql,
};

#[async_trait]
impl Users for PostgresStorage {
    async fn insert_user(&self, user: &User) -> Result<()> {
        let mut tx = self.begin().await?;
        trail::raise_change_seq(&mut tx, user.organization_id).await?;
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
            .execute(&mut *tx)
            .await?;
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

    async fn users_of(&self, organization: OrganizationId) -> Result<Vec<User>> {
        let rows: Vec<UserRow> =
            sqlx::query_as(sql::users::OF_ORGANIZATION).bind(organization.as_uuid()).fetch_all(self.reader()).await?;
        Ok(rows::in_order_of_names(rows::all(rows)?))
    }

    async fn rehash_password(&self, id: UserId, password_hash: &str) -> Result<()> {
        sqlx::query(sql::users::SET_PASSWORD).bind(id.as_uuid()).bind(password_hash).execute(self.writer()).await?;
        Ok(())
    }
}
