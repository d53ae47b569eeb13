use async_trait::async_trait;
use lifecycle::{
    Timestamp,
    ids::{ConnectionId, OrganizationId, UserId},
    notice::Policy,
};
use sqlx::PgConnection;
use uuid::Uuid;

use super::{PostgresStorage, jobs, trail, wakes};
use crate::{
    Job, JobKind, MailOutcome, NewNotice, Notice, Notices, Result, StoreError, Trail, Wake, WatchOutcome,
    rows::{self, NoticeRow, PolicyRow},
    sql,
};

/// Rows are locked in the order of their ids, see [`super::connections`].
pub(super) const POLICY_CHANGED: &str = sql::notices::policy_changed!(" ORDER BY id FOR UPDATE");

#[async_trait]
impl Notices for PostgresStorage {
    async fn notices_of(&self, organization: OrganizationId, id: ConnectionId, limit: i64) -> Result<Vec<Notice>> {
        let rows: Vec<NoticeRow> = sqlx::query_as(sql::notices::OF_CONNECTION)
            .bind(organization.as_uuid())
            .bind(id.as_uuid())
            .bind(limit)
            .fetch_all(self.reader())
            .await?;
        rows::all(rows)
    }

    async fn record_watch(&self, organization: OrganizationId, outcome: &WatchOutcome) -> Result<()> {
        let mut tx = self.begin().await?;
        if outcome.is_news() {
            trail::raise_change_seq(&mut tx, organization).await?;
        }
        let done = sqlx::query(sql::connections::RECORD_WATCH)
            .bind(outcome.connection_id.as_uuid())
            .bind(organization.as_uuid())
            .bind(outcome.expected_version)
            .bind(outcome.expected_watch_at.0)
            .bind(outcome.next_watch_at.0)
            .bind(outcome.at.0)
            .bind(rows::ids_to_json(&outcome.silent))
            .execute(&mut *tx)
            .await?;
        if done.rows_affected() != 1 {
            return Err(StoreError::Stale);
        }
        for notice in &outcome.notices {
            insert(&mut tx, notice).await?;
        }
        for trail in &outcome.trails {
            trail::write(&mut tx, trail).await?;
        }
        tx.commit().await?;
        Ok(())
    }

    async fn insert_notice(&self, notice: &NewNotice, unless_since: Option<Timestamp>, trail: &Trail) -> Result<()> {
        let mut tx = self.begin().await?;
        // From here on nobody else gives one in this organization.
        trail::raise_change_seq(&mut tx, notice.notice.organization_id).await?;
        if let Some(since) = unless_since
            && given_since(&mut tx, &notice.notice, since).await?
        {
            return Err(StoreError::Conflict { what: "notice" });
        }
        insert(&mut tx, notice).await?;
        trail::write(&mut tx, trail).await?;
        tx.commit().await?;
        Ok(())
    }

    async fn notices_for(&self, user: UserId) -> Result<Vec<Notice>> {
        let rows: Vec<NoticeRow> =
            sqlx::query_as(sql::notices::WAITING_FOR).bind(user.as_uuid()).fetch_all(self.reader()).await?;
        rows::all(rows)
    }

    async fn forget_future_notices(&self, now: Timestamp) -> Result<u64> {
        let there: bool = sqlx::query_scalar(sql::notices::ANY_FUTURE).bind(now.0).fetch_one(self.reader()).await?;
        if !there {
            return Ok(0);
        }
        let done = sqlx::query(sql::notices::FORGET_FUTURE).bind(now.0).execute(self.writer()).await?;
        Ok(done.rows_affected())
    }

    async fn has_heard(&self, user: UserId, of: &Notice) -> Result<bool> {
        Ok(sqlx::query_scalar(sql::notices::HAS_HEARD)
            .bind(user.as_uuid())
            .bind(of.connection_id.as_uuid())
            .bind(of.at.0)
            .fetch_one(self.reader())
            .await?)
    }

    async fn catch_up(&self, organization: OrganizationId, user: UserId, mail_at: Timestamp) -> Result<u64> {
        let mut tx = self.begin().await?;
        let done = sqlx::query(sql::notices::CATCH_UP)
            .bind(organization.as_uuid())
            .bind(user.as_uuid())
            .execute(&mut *tx)
            .await?;
        if done.rows_affected() > 0 {
            jobs::schedule(&mut tx, JobKind::Mail, &user.to_string(), mail_at).await?;
        }
        tx.commit().await?;
        Ok(done.rows_affected())
    }

    async fn mails_sent(
        &self,
        user: UserId,
        of_stops: bool,
        after: Timestamp,
        until: Timestamp,
    ) -> Result<(i64, Option<Timestamp>)> {
        let (mails, last): (i64, Option<i64>) = sqlx::query_as(sql::notices::MAILS_SENT)
            .bind(user.as_uuid())
            .bind(after.0)
            .bind(until.0)
            .bind(!of_stops)
            .fetch_one(self.reader())
            .await?;
        Ok((mails, last.map(Timestamp)))
    }

    async fn mail_done(
        &self,
        job: &Job,
        user: UserId,
        notices: &[(Notice, MailOutcome)],
        at: Timestamp,
        again_at: Timestamp,
    ) -> Result<bool> {
        let mut tx = self.begin().await?;
        if !jobs::complete(&mut tx, JobKind::Mail, &job.subject, &job.held).await? {
            return Ok(false);
        }
        for (notice, outcome) in notices {
            sqlx::query(sql::notices::MAIL_DONE)
                .bind(notice.id.as_uuid())
                .bind(user.as_uuid())
                .bind(at.0)
                .bind(outcome.as_str())
                .execute(&mut *tx)
                .await?;
        }
        sqlx::query(sql::notices::MAIL_AGAIN)
            .bind(job.subject.as_str())
            .bind(again_at.0)
            .bind(user.as_uuid())
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
        Ok(true)
    }

    async fn refuse_warnings(&self, user: UserId, refused: bool, at: Timestamp) -> Result<()> {
        let query = if refused {
            sqlx::query(sql::notices::REFUSE).bind(user.as_uuid()).bind(at.0)
        } else {
            sqlx::query(sql::notices::ACCEPT).bind(user.as_uuid())
        };
        query.execute(self.writer()).await?;
        Ok(())
    }

    async fn who_refuses_warnings(&self, organization: OrganizationId) -> Result<Vec<UserId>> {
        let ids: Vec<Uuid> =
            sqlx::query_scalar(sql::notices::REFUSALS).bind(organization.as_uuid()).fetch_all(self.reader()).await?;
        Ok(ids.into_iter().map(UserId::from_uuid).collect())
    }

    async fn warning_policy(&self, organization: OrganizationId) -> Result<Option<Policy>> {
        let row: Option<PolicyRow> =
            sqlx::query_as(sql::notices::POLICY).bind(organization.as_uuid()).fetch_optional(self.reader()).await?;
        row.map(Policy::try_from).transpose()
    }

    async fn set_warning_policy(&self, organization: OrganizationId, policy: &Policy, trail: &Trail) -> Result<()> {
        let mut tx = self.begin().await?;
        trail::raise_change_seq(&mut tx, organization).await?;
        sqlx::query(sql::notices::SET_POLICY)
            .bind(organization.as_uuid())
            .bind(serde_json::Value::from(policy.thresholds.clone()).to_string())
            .bind(policy.from_hour)
            .bind(policy.to_hour)
            .execute(&mut *tx)
            .await?;
        sqlx::query(POLICY_CHANGED).bind(organization.as_uuid()).execute(&mut *tx).await?;
        wakes::tell(&mut tx, Wake::Rounds).await?;
        trail::write(&mut tx, trail).await?;
        tx.commit().await?;
        Ok(())
    }
}

/// Whether one of the same kind was given after `since`.
async fn given_since(tx: &mut PgConnection, notice: &Notice, since: Timestamp) -> Result<bool> {
    Ok(sqlx::query_scalar(sql::notices::GIVEN_SINCE)
        .bind(notice.organization_id.as_uuid())
        .bind(notice.connection_id.as_uuid())
        .bind(notice.kind.as_str())
        .bind(since.0)
        .fetch_one(tx)
        .await?)
}

/// The notice, who is told by mail, and a turn for each of them.
async fn insert(tx: &mut PgConnection, new: &NewNotice) -> Result<()> {
    let notice = &new.notice;
    let (about_at, days) = rows::about(notice.kind);
    sqlx::query(sql::notices::INSERT)
        .bind(notice.id.as_uuid())
        .bind(notice.organization_id.as_uuid())
        .bind(notice.connection_id.as_uuid())
        .bind(notice.token_generation)
        .bind(notice.kind.as_str())
        .bind(about_at)
        .bind(days)
        .bind(notice.asked_by.map(|id| id.as_uuid()))
        .bind(notice.detail.as_str())
        .bind(notice.at.0)
        .execute(&mut *tx)
        .await?;
    for user in &new.mail_to {
        sqlx::query(sql::notices::INSERT_MAIL).bind(notice.id.as_uuid()).bind(user.as_uuid()).execute(&mut *tx).await?;
        jobs::schedule(&mut *tx, JobKind::Mail, &user.to_string(), new.mail_at).await?;
    }
    Ok(())
}
