use async_trait::async_trait;
use lifecycle::{
    Timestamp,
    clock::DAY_MS,
    ids::{ConnectionId, OrganizationId, RenewalId},
};
use sqlx::PgConnection;
use uuid::Uuid;

use super::{PostgresStorage, connections, overdue, trail};
use crate::{
    ConnectionCommit, LoginAttempt, Renewal, Renewals, Result, SealedToken, StoreError, Trail,
    rows::{self, LoginAttemptRow, RenewalRow},
    sql,
};

#[async_trait]
impl Renewals for PostgresStorage {
    async fn insert_renewal(&self, renewal: &Renewal, supersede: &[RenewalId], trail: &Trail) -> Result<()> {
        let mut tx = self.begin().await?;
        trail::raise_change_seq(&mut tx, renewal.organization_id).await?;
        end_superseded(&mut tx, renewal.organization_id, supersede, renewal.created_at).await?;
        let query = sqlx::query(sql::renewals::INSERT);
        sql::renewals::bind_renewal!(query, renewal).execute(&mut *tx).await?;
        trail::write(&mut tx, trail).await?;
        tx.commit().await?;
        Ok(())
    }

    async fn renewal(&self, organization: OrganizationId, id: RenewalId) -> Result<Option<Renewal>> {
        let row: Option<RenewalRow> = sqlx::query_as(sql::renewals::BY_ID)
            .bind(organization.as_uuid())
            .bind(id.as_uuid())
            .fetch_optional(self.reader())
            .await?;
        row.map(Renewal::try_from).transpose()
    }

    async fn open_renewals(&self, organization: OrganizationId) -> Result<Vec<Renewal>> {
        let rows: Vec<RenewalRow> =
            sqlx::query_as(sql::renewals::OPEN).bind(organization.as_uuid()).fetch_all(self.reader()).await?;
        rows::all(rows)
    }

    async fn open_renewal_of_connection(
        &self,
        organization: OrganizationId,
        connection: ConnectionId,
    ) -> Result<Option<Renewal>> {
        let row: Option<RenewalRow> = sqlx::query_as(sql::renewals::OPEN_OF_CONNECTION)
            .bind(organization.as_uuid())
            .bind(connection.as_uuid())
            .fetch_optional(self.reader())
            .await?;
        row.map(Renewal::try_from).transpose()
    }

    async fn update_renewal(&self, renewal: &Renewal, supersede: &[RenewalId], trail: Option<&Trail>) -> Result<bool> {
        let mut tx = self.begin().await?;
        if !may_replace(&mut tx, renewal).await? {
            return Ok(false);
        }
        end_superseded(&mut tx, renewal.organization_id, supersede, renewal.updated_at).await?;
        replace(&mut tx, renewal).await?;
        if let Some(trail) = trail {
            trail::write(&mut tx, trail).await?;
        }
        tx.commit().await?;
        Ok(true)
    }

    async fn insert_login_attempt(&self, attempt: &LoginAttempt) -> Result<()> {
        let code = attempt.code.as_ref();
        sqlx::query(sql::renewals::attempts::INSERT)
            .bind(attempt.id.as_uuid())
            .bind(attempt.organization_id.as_uuid())
            .bind(attempt.renewal_id.as_uuid())
            .bind(attempt.state_hash.as_slice())
            .bind(attempt.cookie_hash.as_slice())
            .bind(attempt.redirect_uri.as_str())
            .bind(attempt.created_at.0)
            .bind(attempt.expires_at.0)
            .bind(attempt.used_at.map(|at| at.0))
            .bind(code.map(|code| code.key_id.as_str()))
            .bind(code.map(|code| code.ciphertext.as_slice()))
            .bind(code.map(|code| code.token_version))
            .bind(attempt.return_url.as_deref())
            .bind(attempt.by_ticket)
            .execute(self.writer())
            .await?;
        Ok(())
    }

    async fn login_attempt_by_state(&self, state_hash: &[u8; 32]) -> Result<Option<LoginAttempt>> {
        let row: Option<LoginAttemptRow> = sqlx::query_as(sql::renewals::attempts::BY_STATE)
            .bind(state_hash.as_slice())
            .fetch_optional(self.reader())
            .await?;
        row.map(LoginAttempt::try_from).transpose()
    }

    async fn parked_attempt(&self, organization: OrganizationId, renewal: RenewalId) -> Result<Option<LoginAttempt>> {
        let row: Option<LoginAttemptRow> = sqlx::query_as(sql::renewals::attempts::PARKED)
            .bind(organization.as_uuid())
            .bind(renewal.as_uuid())
            .fetch_optional(self.reader())
            .await?;
        row.map(LoginAttempt::try_from).transpose()
    }

    async fn use_login_attempt(
        &self,
        attempt: &LoginAttempt,
        code: Option<&SealedToken>,
        at: Timestamp,
        renewal: &Renewal,
    ) -> Result<bool> {
        let mut tx = self.begin().await?;
        if !may_replace(&mut tx, renewal).await? {
            return Ok(false);
        }
        let done = sqlx::query(sql::renewals::attempts::USE)
            .bind(attempt.id.as_uuid())
            .bind(attempt.organization_id.as_uuid())
            .bind(at.0)
            .bind(code.map(|code| code.key_id.as_str()))
            .bind(code.map(|code| code.ciphertext.as_slice()))
            .bind(code.map(|code| code.token_version))
            .execute(&mut *tx)
            .await?;
        if done.rows_affected() != 1 {
            return Ok(false);
        }
        replace(&mut tx, renewal).await?;
        tx.commit().await?;
        Ok(true)
    }

    async fn forget_code(&self, attempt: &LoginAttempt) -> Result<()> {
        sqlx::query(sql::renewals::attempts::FORGET_CODE)
            .bind(attempt.id.as_uuid())
            .bind(attempt.organization_id.as_uuid())
            .execute(self.writer())
            .await?;
        Ok(())
    }

    async fn finish_renewal(&self, renewal: &Renewal, commit: &ConnectionCommit, trail: &Trail) -> Result<bool> {
        let mut tx = self.begin().await?;
        if !may_replace(&mut tx, renewal).await? {
            return Ok(false);
        }
        // The connection first: the renewal may point at one that is new.
        match connections::put(&mut tx, commit, trail.audit.at).await {
            Ok(()) => {}
            Err(StoreError::Stale) => return Ok(false),
            Err(error) => return Err(error),
        }
        replace(&mut tx, renewal).await?;
        trail::write(&mut tx, trail).await?;
        tx.commit().await?;
        Ok(true)
    }

    async fn renewals_left_alone(&self, before: Timestamp, now: Timestamp, limit: i64) -> Result<Vec<Renewal>> {
        let rows: Vec<RenewalRow> = sqlx::query_as(sql::renewals::LEFT_ALONE)
            .bind(before.0)
            .bind(now.0)
            .bind(limit)
            .fetch_all(self.reader())
            .await?;
        rows::all(rows)
    }

    async fn end_overdue(&self, now: Timestamp) -> Result<u64> {
        let day_before = now.plus(-DAY_MS);
        // Mostly nothing is due: then nobody who writes has to wait.
        let due: bool =
            sqlx::query_scalar(sql::overdue::ANY).bind(now.0).bind(day_before.0).fetch_one(self.reader()).await?;
        if !due {
            return Ok(0);
        }
        let mut tx = self.begin().await?;
        let mut organizations: Vec<Uuid> =
            sqlx::query_scalar(sql::overdue::ORGANIZATIONS).bind(now.0).bind(day_before.0).fetch_all(&mut *tx).await?;
        // Always in the same order, so that two workers wait for each other instead of deadlocking.
        organizations.sort_unstable();
        let mut ended = 0;
        for organization in organizations {
            ended += overdue::end_in(&mut tx, organization, now).await?;
        }
        tx.commit().await?;
        Ok(ended)
    }
}

/// Takes the organization's turn; then, whether the stored version is the one before `renewal`'s.
async fn may_replace(tx: &mut PgConnection, renewal: &Renewal) -> Result<bool> {
    match trail::raise_change_seq(tx, renewal.organization_id).await {
        Ok(()) => {}
        Err(StoreError::Stale) => return Ok(false),
        Err(error) => return Err(error),
    }
    let stored: Option<i64> = sqlx::query_scalar(sql::renewals::VERSION)
        .bind(renewal.organization_id.as_uuid())
        .bind(renewal.id.as_uuid())
        .fetch_optional(tx)
        .await?;
    Ok(stored.is_some_and(|stored| stored.checked_add(1) == Some(renewal.version)))
}

/// Only after [`may_replace`] in the same transaction.
async fn replace(tx: &mut PgConnection, renewal: &Renewal) -> Result<()> {
    let query = sqlx::query(sql::renewals::REPLACE);
    let done = sql::renewals::bind_renewal!(query, renewal).execute(&mut *tx).await?;
    if done.rows_affected() != 1 {
        return Err(StoreError::Stale);
    }
    if renewal.state.is_over() {
        forget_codes(tx, renewal.organization_id, renewal.id).await?;
    }
    Ok(())
}

/// Only after the organization's turn was taken. Those that are over already stay as they are.
async fn end_superseded(
    tx: &mut PgConnection,
    organization: OrganizationId,
    supersede: &[RenewalId],
    at: Timestamp,
) -> Result<()> {
    for id in supersede {
        let done = sqlx::query(sql::renewals::SUPERSEDE)
            .bind(organization.as_uuid())
            .bind(id.as_uuid())
            .bind(at.0)
            .execute(&mut *tx)
            .await?;
        if done.rows_affected() == 1 {
            forget_codes(tx, organization, *id).await?;
        }
    }
    Ok(())
}

/// Nobody will exchange the codes of a renewal that is over.
async fn forget_codes(tx: &mut PgConnection, organization: OrganizationId, renewal: RenewalId) -> Result<()> {
    sqlx::query(sql::renewals::attempts::FORGET_CODES_OF_RENEWAL)
        .bind(organization.as_uuid())
        .bind(renewal.as_uuid())
        .execute(tx)
        .await?;
    Ok(())
}
