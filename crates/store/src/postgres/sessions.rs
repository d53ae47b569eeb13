use async_trait::async_trait;
use lifecycle::{Timestamp, ids::UserId};
use sqlx::PgConnection;
use uuid::Uuid;

use super::{PostgresStorage, trail};
use crate::{
    PasswordReset, Result, Session, Sessions, Trail, User,
    rows::{self, OwnSessionRow, SessionRow, UserRow},
    sql,
};

#[async_trait]
impl Sessions for PostgresStorage {
    async fn insert_session(&self, session: &Session) -> Result<()> {
        let mut tx = self.begin().await?;
        insert(&mut tx, session).await?;
        tx.commit().await?;
        Ok(())
    }

    async fn session(&self, token_hash: &[u8; 32]) -> Result<Option<(Session, User)>> {
        let row: Option<SessionRow> =
            sqlx::query_as(sql::sessions::WITH_USER).bind(token_hash.as_slice()).fetch_optional(self.reader()).await?;
        row.map(TryFrom::try_from).transpose()
    }

    async fn touch_session(&self, token_hash: &[u8; 32], at: Timestamp) -> Result<()> {
        let mut tx = self.begin().await?;
        for statement in [sql::sessions::TOUCH, sql::users::SEEN] {
            sqlx::query(statement).bind(token_hash.as_slice()).bind(at.0).execute(&mut *tx).await?;
        }
        tx.commit().await?;
        Ok(())
    }

    async fn delete_session(&self, token_hash: &[u8; 32]) -> Result<()> {
        sqlx::query(sql::sessions::DELETE).bind(token_hash.as_slice()).execute(self.writer()).await?;
        Ok(())
    }

    async fn sessions_of(&self, user: UserId) -> Result<Vec<Session>> {
        let rows: Vec<OwnSessionRow> =
            sqlx::query_as(sql::sessions::OF_USER).bind(user.as_uuid()).fetch_all(self.reader()).await?;
        rows::all(rows)
    }

    async fn end_sessions(&self, user: UserId, trail: &Trail) -> Result<()> {
        let mut tx = self.begin().await?;
        trail::raise_change_seq(&mut tx, trail.audit.organization_id).await?;
        sqlx::query(sql::sessions::DELETE_OF_USER).bind(user.as_uuid()).execute(&mut *tx).await?;
        trail::write(&mut tx, trail).await?;
        tx.commit().await?;
        Ok(())
    }

    async fn delete_ended_sessions(&self, now: Timestamp, idle_before: Timestamp) -> Result<()> {
        sqlx::query(sql::sessions::DELETE_ENDED).bind(now.0).bind(idle_before.0).execute(self.writer()).await?;
        for statement in
            [sql::sessions::DELETE_ENDED_RESETS, sql::invitations::DELETE_ENDED, sql::renewal_links::DELETE_ENDED]
        {
            sqlx::query(statement).bind(now.0).execute(self.writer()).await?;
        }
        Ok(())
    }

    async fn insert_password_reset(&self, reset: &PasswordReset) -> Result<()> {
        sqlx::query(sql::sessions::INSERT_RESET)
            .bind(reset.token_hash.as_slice())
            .bind(reset.user_id.as_uuid())
            .bind(reset.expires_at.0)
            .execute(self.writer())
            .await?;
        Ok(())
    }

    async fn open_resets(&self, user: UserId, now: Timestamp) -> Result<i64> {
        let count = sqlx::query_scalar(sql::sessions::COUNT_OPEN_RESETS).bind(user.as_uuid()).bind(now.0);
        Ok(count.fetch_one(self.reader()).await?)
    }

    async fn password_reset(&self, token_hash: &[u8; 32], now: Timestamp) -> Result<Option<User>> {
        let row: Option<UserRow> = sqlx::query_as(sql::sessions::USER_OF_RESET)
            .bind(token_hash.as_slice())
            .bind(now.0)
            .fetch_optional(self.reader())
            .await?;
        row.map(User::try_from).transpose()
    }

    async fn use_password_reset(
        &self,
        token_hash: &[u8; 32],
        password_hash: &str,
        now: Timestamp,
        trail: &Trail,
    ) -> Result<Option<UserId>> {
        let mut tx = self.begin().await?;
        trail::raise_change_seq(&mut tx, trail.audit.organization_id).await?;
        let user: Option<Uuid> = sqlx::query_scalar(sql::sessions::OPEN_RESET)
            .bind(token_hash.as_slice())
            .bind(now.0)
            .fetch_optional(&mut *tx)
            .await?;
        let Some(user) = user else { return Ok(None) };
        // The user first: whoever uses another reset of the same user waits for that row.
        sqlx::query(sql::users::SET_PASSWORD).bind(user).bind(password_hash).execute(&mut *tx).await?;
        let done =
            sqlx::query(sql::sessions::USE_RESET).bind(token_hash.as_slice()).bind(now.0).execute(&mut *tx).await?;
        if done.rows_affected() != 1 {
            return Ok(None);
        }
        sqlx::query(sql::sessions::END_RESETS_OF_USER).bind(user).bind(now.0).execute(&mut *tx).await?;
        sqlx::query(sql::sessions::DELETE_OF_USER).bind(user).execute(&mut *tx).await?;
        trail::write(&mut tx, trail).await?;
        tx.commit().await?;
        Ok(Some(UserId::from_uuid(user)))
    }
}

/// Whoever begins a session is there.
pub(super) async fn insert(tx: &mut PgConnection, session: &Session) -> Result<()> {
    sqlx::query(sql::sessions::INSERT)
        .bind(session.token_hash.as_slice())
        .bind(session.user_id.as_uuid())
        .bind(session.created_at.0)
        .bind(session.last_seen_at.0)
        .bind(session.expires_at.0)
        .bind(session.only_renewal.map(|id| id.as_uuid()))
        .execute(&mut *tx)
        .await?;
    sqlx::query(sql::users::SEEN).bind(session.token_hash.as_slice()).bind(session.last_seen_at.0).execute(tx).await?;
    Ok(())
}
