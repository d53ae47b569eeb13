use async_trait::async_trait;
use lifecycle::{Timestamp, ids::OrganizationId};
use sqlx::SqliteConnection;

use super::{SqliteStorage, trail};
use crate::{
    EmbedSession, Embeds, LoginTicket, Organization, Redemption, Result, Trail, User,
    rows::{self, EmbedSessionRow, LoginTicketRow, OrganizationRow},
    sql,
};

#[async_trait]
impl Embeds for SqliteStorage {
    async fn embed_id(&self, organization: OrganizationId) -> Result<Option<String>> {
        let id: Option<Option<String>> = sqlx::query_scalar(sql::embeds::EMBED_ID)
            .bind(organization.as_uuid())
            .fetch_optional(self.reader())
            .await?;
        Ok(id.flatten())
    }

    async fn organization_by_embed_id(&self, embed_id: &str) -> Result<Option<Organization>> {
        let row: Option<OrganizationRow> =
            sqlx::query_as(sql::embeds::BY_EMBED_ID).bind(embed_id).fetch_optional(self.reader()).await?;
        Ok(row.map(Organization::from))
    }

    async fn embed_origins(&self, organization: Option<OrganizationId>) -> Result<Vec<String>> {
        let origins: Vec<String> = sqlx::query_scalar(sql::embeds::ORIGINS)
            .bind(organization.map(|id| id.as_uuid()))
            .fetch_all(self.reader())
            .await?;
        Ok(rows::sorted(origins))
    }

    async fn is_embed_origin(&self, origin: &str) -> Result<bool> {
        Ok(sqlx::query_scalar(sql::embeds::IS_ORIGIN).bind(origin).fetch_one(self.reader()).await?)
    }

    async fn add_embed_origin(
        &self,
        organization: Option<OrganizationId>,
        origin: &str,
        at: Timestamp,
        trail: Option<&Trail>,
    ) -> Result<bool> {
        let mut tx = self.begin().await?;
        take_turn(&mut tx, organization).await?;
        let done = sqlx::query(sql::embeds::ADD_ORIGIN)
            .bind(organization.map(|id| id.as_uuid()))
            .bind(origin)
            .bind(at.0)
            .execute(&mut *tx)
            .await?;
        if done.rows_affected() != 1 {
            return Ok(false);
        }
        write(&mut tx, trail).await?;
        tx.commit().await?;
        Ok(true)
    }

    async fn remove_embed_origin(
        &self,
        organization: Option<OrganizationId>,
        origin: &str,
        trail: Option<&Trail>,
    ) -> Result<bool> {
        let mut tx = self.begin().await?;
        take_turn(&mut tx, organization).await?;
        let done = sqlx::query(sql::embeds::REMOVE_ORIGIN)
            .bind(organization.map(|id| id.as_uuid()))
            .bind(origin)
            .execute(&mut *tx)
            .await?;
        if done.rows_affected() != 1 {
            return Ok(false);
        }
        write(&mut tx, trail).await?;
        tx.commit().await?;
        Ok(true)
    }

    async fn insert_embed_session(&self, session: &EmbedSession, trail: &Trail) -> Result<()> {
        let mut tx = self.begin().await?;
        sqlx::query(sql::embeds::sessions::INSERT)
            .bind(session.token_hash.as_slice())
            .bind(session.organization_id.as_uuid())
            .bind(session.user_id.as_uuid())
            .bind(session.origin.as_str())
            .bind(session.return_url.as_deref())
            .bind(session.created_at.0)
            .bind(session.expires_at.0)
            .execute(&mut *tx)
            .await?;
        trail::write(&mut tx, trail).await?;
        tx.commit().await?;
        Ok(())
    }

    async fn redeem_embed_session(&self, redemption: &Redemption<'_>) -> Result<bool> {
        let done = sqlx::query(sql::embeds::sessions::REDEEM)
            .bind(redemption.token_hash.as_slice())
            .bind(redemption.origin)
            .bind(redemption.embed_id)
            .bind(redemption.at.0)
            .bind(redemption.bearer_hash.as_slice())
            .execute(self.writer())
            .await?;
        Ok(done.rows_affected() == 1)
    }

    async fn embed_session(&self, bearer_hash: &[u8; 32]) -> Result<Option<(EmbedSession, User)>> {
        let row: Option<EmbedSessionRow> = sqlx::query_as(sql::embeds::sessions::BY_BEARER)
            .bind(bearer_hash.as_slice())
            .fetch_optional(self.reader())
            .await?;
        row.map(TryFrom::try_from).transpose()
    }

    async fn insert_login_ticket(&self, ticket: &LoginTicket) -> Result<()> {
        sqlx::query(sql::embeds::tickets::INSERT)
            .bind(ticket.ticket_hash.as_slice())
            .bind(ticket.organization_id.as_uuid())
            .bind(ticket.renewal_id.as_uuid())
            .bind(ticket.user_id.as_uuid())
            .bind(ticket.is_popup)
            .bind(ticket.number)
            .bind(rows::numbers_to_json(&ticket.choices))
            .bind(ticket.return_url.as_deref())
            .bind(ticket.created_at.0)
            .bind(ticket.expires_at.0)
            .bind(ticket.used_at.map(|at| at.0))
            .execute(self.writer())
            .await?;
        Ok(())
    }

    async fn login_ticket(&self, ticket_hash: &[u8; 32]) -> Result<Option<LoginTicket>> {
        let row: Option<LoginTicketRow> = sqlx::query_as(sql::embeds::tickets::BY_HASH)
            .bind(ticket_hash.as_slice())
            .fetch_optional(self.reader())
            .await?;
        row.map(LoginTicket::try_from).transpose()
    }

    async fn use_login_ticket(&self, ticket_hash: &[u8; 32], at: Timestamp) -> Result<Option<LoginTicket>> {
        let row: Option<LoginTicketRow> = sqlx::query_as(sql::embeds::tickets::USE)
            .bind(ticket_hash.as_slice())
            .bind(at.0)
            .fetch_optional(self.writer())
            .await?;
        row.map(LoginTicket::try_from).transpose()
    }

    async fn delete_ended_embeds(&self, now: Timestamp) -> Result<()> {
        for statement in [sql::embeds::sessions::DELETE_ENDED, sql::embeds::tickets::DELETE_ENDED] {
            sqlx::query(statement).bind(now.0).execute(self.writer()).await?;
        }
        Ok(())
    }
}

/// The platform has none.
async fn take_turn(tx: &mut SqliteConnection, organization: Option<OrganizationId>) -> Result<()> {
    match organization {
        Some(organization) => trail::raise_change_seq(tx, organization).await,
        None => Ok(()),
    }
}

async fn write(tx: &mut SqliteConnection, trail: Option<&Trail>) -> Result<()> {
    match trail {
        Some(trail) => trail::write(tx, trail).await,
        None => Ok(()),
    }
}
