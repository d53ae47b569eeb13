use async_trait::async_trait;
use lifecycle::{
    Timestamp,
    ids::{InvitationId, OrganizationId},
};

use super::{SqliteStorage, sessions, team, trail};
use crate::{
    Invitation, Invitations, Result, Session, Trail, User,
    rows::{self, InvitationRow},
    sql,
};

#[async_trait]
impl Invitations for SqliteStorage {
    async fn put_invitation(&self, invitation: &Invitation, trail: &Trail) -> Result<()> {
        let mut tx = self.begin().await?;
        trail::raise_change_seq(&mut tx, invitation.organization_id).await?;
        sqlx::query(sql::invitations::DELETE_OF_EMAIL)
            .bind(invitation.organization_id.as_uuid())
            .bind(invitation.email.as_str())
            .execute(&mut *tx)
            .await?;
        sqlx::query(sql::invitations::INSERT)
            .bind(invitation.id.as_uuid())
            .bind(invitation.organization_id.as_uuid())
            .bind(invitation.email.as_str())
            .bind(invitation.role.as_str())
            .bind(invitation.token_hash.as_slice())
            .bind(invitation.invited_by.as_uuid())
            .bind(invitation.created_at.0)
            .bind(invitation.expires_at.0)
            .execute(&mut *tx)
            .await?;
        trail::write(&mut tx, trail).await?;
        tx.commit().await?;
        Ok(())
    }

    async fn invitations_of(&self, organization: OrganizationId, now: Timestamp) -> Result<Vec<Invitation>> {
        let rows: Vec<InvitationRow> = sqlx::query_as(sql::invitations::OF_ORGANIZATION)
            .bind(organization.as_uuid())
            .bind(now.0)
            .fetch_all(self.reader())
            .await?;
        rows::all(rows)
    }

    async fn invitation(&self, token_hash: &[u8; 32], now: Timestamp) -> Result<Option<Invitation>> {
        let row: Option<InvitationRow> = sqlx::query_as(sql::invitations::BY_TOKEN)
            .bind(token_hash.as_slice())
            .bind(now.0)
            .fetch_optional(self.reader())
            .await?;
        row.map(Invitation::try_from).transpose()
    }

    async fn withdraw_invitation(&self, organization: OrganizationId, id: InvitationId, trail: &Trail) -> Result<bool> {
        let mut tx = self.begin().await?;
        trail::raise_change_seq(&mut tx, organization).await?;
        let done = sqlx::query(sql::invitations::WITHDRAW)
            .bind(organization.as_uuid())
            .bind(id.as_uuid())
            .execute(&mut *tx)
            .await?;
        if done.rows_affected() != 1 {
            return Ok(false);
        }
        trail::write(&mut tx, trail).await?;
        tx.commit().await?;
        Ok(true)
    }

    async fn accept_invitation(
        &self,
        token_hash: &[u8; 32],
        now: Timestamp,
        user: &User,
        session: &Session,
        trail: &Trail,
    ) -> Result<bool> {
        let mut tx = self.begin().await?;
        trail::raise_change_seq(&mut tx, user.organization_id).await?;
        let done = sqlx::query(sql::invitations::USE)
            .bind(user.organization_id.as_uuid())
            .bind(token_hash.as_slice())
            .bind(now.0)
            .execute(&mut *tx)
            .await?;
        if done.rows_affected() != 1 {
            return Ok(false);
        }
        team::insert(&mut tx, user).await?;
        sessions::insert(&mut tx, session).await?;
        trail::write(&mut tx, trail).await?;
        tx.commit().await?;
        Ok(true)
    }
}
