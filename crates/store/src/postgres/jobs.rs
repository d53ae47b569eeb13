use async_trait::async_trait;
use lifecycle::Timestamp;
use sqlx::PgConnection;

use super::{PostgresStorage, wakes};
use crate::{
    Held, Job, JobKind, Jobs, Result,
    rows::JobRow,
    sql::jobs::{self, claimable, claimed, due, free, hold},
};

const CLAIM: &str = concat!(hold!(), "(", claimable!(), " FOR UPDATE SKIP LOCKED)", claimed!());

/// Binds `$1` to `$4`: the job that is held.
macro_rules! held {
    ($query:expr, $kind:expr, $subject:expr, $held:expr) => {
        $query.bind($kind.as_str()).bind($subject).bind($held.owner.as_str()).bind($held.epoch)
    };
}

#[async_trait]
impl Jobs for PostgresStorage {
    async fn schedule(&self, kind: JobKind, subject: &str, run_at: Timestamp) -> Result<()> {
        schedule(&mut *self.writer().acquire().await?, kind, subject, run_at).await
    }

    async fn claim_jobs(
        &self,
        kind: JobKind,
        now: Timestamp,
        wall: Timestamp,
        owner: &str,
        limit: i64,
    ) -> Result<Vec<Job>> {
        let due: bool = sqlx::query_scalar(jobs::ANY_DUE)
            .bind(now.0)
            .bind(wall.0)
            .bind(kind.as_str())
            .bind(now.plus(kind.horizon_ms()).0)
            .fetch_one(self.reader())
            .await?;
        if !due {
            return Ok(Vec::new());
        }
        let rows: Vec<JobRow> = sqlx::query_as(CLAIM)
            .bind(now.0)
            .bind(wall.0)
            .bind(kind.as_str())
            .bind(owner)
            .bind(limit)
            .bind(now.plus(kind.horizon_ms()).0)
            .fetch_all(self.writer())
            .await?;
        Ok(rows.into_iter().map(Job::from).collect())
    }

    async fn extend_job(&self, kind: JobKind, job: &Job, wall: Timestamp) -> Result<bool> {
        let done = held!(sqlx::query(jobs::EXTEND), kind, job.subject.as_str(), job.held)
            .bind(wall.0)
            .execute(self.writer())
            .await?;
        Ok(done.rows_affected() == 1)
    }

    async fn reschedule_job(&self, kind: JobKind, job: &Job, run_at: Timestamp, attempts: i64) -> Result<bool> {
        let done = held!(sqlx::query(jobs::RESCHEDULE), kind, job.subject.as_str(), job.held)
            .bind(run_at.0)
            .bind(attempts)
            .execute(self.writer())
            .await?;
        Ok(done.rows_affected() == 1)
    }

    async fn jobs_waiting(&self, kind: JobKind) -> Result<(i64, Option<Timestamp>)> {
        let (count, oldest): (i64, Option<i64>) =
            sqlx::query_as(jobs::WAITING).bind(kind.as_str()).fetch_one(self.reader()).await?;
        Ok((count, oldest.map(Timestamp)))
    }

    async fn beat(&self, worker: &str, at: Timestamp, forget_before: Timestamp) -> Result<()> {
        let mut tx = self.begin().await?;
        sqlx::query(jobs::BEAT).bind(worker).bind(at.0).execute(&mut *tx).await?;
        sqlx::query(jobs::FORGET_WORKERS).bind(forget_before.0).execute(&mut *tx).await?;
        tx.commit().await?;
        Ok(())
    }

    async fn workers(&self, seen_since: Timestamp) -> Result<Vec<String>> {
        Ok(sqlx::query_scalar(jobs::WORKERS).bind(seen_since.0).fetch_all(self.reader()).await?)
    }
}

pub(super) async fn schedule(tx: &mut PgConnection, kind: JobKind, subject: &str, run_at: Timestamp) -> Result<()> {
    let query = sqlx::query(jobs::SCHEDULE).bind(kind.as_str()).bind(subject).bind(run_at.0);
    let sooner = query.execute(&mut *tx).await?.rows_affected() > 0;
    if sooner { wakes::tell(tx, wakes::who_does(kind)).await } else { Ok(()) }
}

/// `false`: somebody else holds it, or it is gone.
pub(super) async fn complete(tx: &mut PgConnection, kind: JobKind, subject: &str, held: &Held) -> Result<bool> {
    let done = held!(sqlx::query(jobs::COMPLETE), kind, subject, held).execute(tx).await?;
    Ok(done.rows_affected() == 1)
}
