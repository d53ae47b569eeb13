//! What happens without anybody clicking: renewals end, good ones left alone are committed.

use lifecycle::{
    RenewalEvent, RenewalState, Timestamp,
    clock::{DAY_MS, HOUR_MS, SECOND_MS},
    health::TokenProof,
    proof::{self, ProofItem, ProofLine, Verdict},
    reconcile::{self, Change},
    renewal::AUTO_FINISH_AFTER_MS,
};
use std::sync::atomic::Ordering;
use store::{JobKind, Renewal};

use crate::{Error, Renova, held::while_held, record::RenewalDetail};

/// Renewals looked at in one pass.
const BATCH: i64 = 50;
/// Of a message only that it came is kept, and only for so long.
const MARKS_KEPT_MS: i64 = 30 * DAY_MS;

/// How often one of the processes does this.
const HOUSEKEEPING_EVERY_MS: i64 = 10 * SECOND_MS;
/// How often a process says that it works.
const BEAT_EVERY_MS: i64 = 10 * SECOND_MS;
/// A process that was silent for so long is no more.
const FORGET_WORKERS_MS: i64 = HOUR_MS;

impl Renova {
    /// One round of what is due but for looks at clocks ([`Renova::watch_what_is_due`]), which must not
    /// wait for Meta; for one process among any number. Each part says itself who may do it.
    ///
    /// Answers whether more checks wait: then the next round follows at once.
    ///
    /// # Errors
    /// Of the database: the round is tried again.
    pub async fn round(&self) -> Result<bool, Error> {
        self.beat().await?;
        let (now, wall) = (self.now(), self.wall_now());
        let jobs = self.parts.storage.claim_jobs(JobKind::Housekeeping, now, wall, &self.worker, 1).await?;
        for job in jobs {
            let extend = || self.parts.storage.extend_job(JobKind::Housekeeping, &job, self.wall_now());
            if let Some(Err(error)) = while_held(self.housekeeping(), extend).await {
                tracing::warn!(code = error.code(), %error, "housekeeping failed; it is tried again");
            }
            // Also after an error: the next try must not wait for the lease to end.
            let next = self.now().plus(HOUSEKEEPING_EVERY_MS);
            self.parts.storage.reschedule_job(JobKind::Housekeeping, &job, next, 0).await?;
        }
        self.check_what_is_due().await
    }

    async fn beat(&self) -> Result<(), Error> {
        let wall = self.wall_now();
        let last = Timestamp(self.last_beat.load(Ordering::Relaxed));
        if wall.since(last).abs() < BEAT_EVERY_MS {
            return Ok(());
        }
        self.parts.storage.beat(&self.worker, wall, wall.plus(-FORGET_WORKERS_MS)).await?;
        self.last_beat.store(wall.0, Ordering::Relaxed);
        Ok(())
    }

    /// What has ended goes, what was planned by a wrong clock is pulled back, renewals left alone are
    /// settled. Errors of one renewal are logged and do not stop the others.
    pub async fn housekeeping(&self) -> Result<(), Error> {
        let now = self.now();
        self.parts.storage.pull_back(now, self.wall_now()).await?;
        if self.clock_is_doubtful() {
            // Nothing is lost by a clock that comes back.
            return Ok(());
        }
        self.parts.storage.forget_future_notices(now.plus(HOUR_MS)).await?;
        self.delete_ended_sessions().await?;
        self.delete_ended_embeds().await?;
        self.forget_old_requests().await?;
        self.forget_token_reads().await?;
        self.parts.storage.forget_marks(now.plus(-MARKS_KEPT_MS)).await?;
        self.parts.storage.end_overdue(now).await?;
        self.parts.storage.settle_pictures(now).await?;
        let before = now.plus(-AUTO_FINISH_AFTER_MS);
        for renewal in self.parts.storage.renewals_left_alone(before, now, BATCH).await? {
            let id = renewal.id;
            if let Err(error) = self.settle(renewal).await {
                tracing::warn!(%error, renewal = %id, "a renewal left alone could not be settled");
            }
        }
        Ok(())
    }

    async fn settle(&self, renewal: Renewal) -> Result<(), Error> {
        let _turn = self.turn(renewal.id).await;
        let mut detail = self.with_surroundings(renewal).await?;
        if !loses_nothing(&detail) || !old_token_is_dead(&detail, self.now()) {
            return Ok(());
        }
        if detail.renewal.state == RenewalState::LoggedIn {
            // Nobody came back from a second log-in: the tokens of the first are as good as before.
            let next = self.advance(&detail.renewal, RenewalEvent::Exchanged)?;
            return self.write(&next, None).await;
        }
        if detail.renewal.state == RenewalState::Exchanged {
            self.store_choice(&detail, detail.selected(), false).await?;
            detail = self.reload(&detail).await?;
        }
        if matches!(detail.renewal.state, RenewalState::Chosen | RenewalState::Proving) {
            self.gather_proof(&detail).await?;
            detail = self.reload(&detail).await?;
        }
        let proved = detail.proof.as_ref().is_some_and(|record| is_plainly_good(&record.lines));
        let ready = proved && detail.renewal.state == RenewalState::Proved;
        if ready { self.commit(&detail, None).await } else { Ok(()) }
    }

    async fn reload(&self, detail: &RenewalDetail) -> Result<RenewalDetail, Error> {
        let Renewal { organization_id, id, .. } = detail.renewal;
        let renewal = self.parts.storage.renewal(organization_id, id).await?.ok_or(Error::NotFound)?;
        self.with_surroundings(renewal).await
    }
}

/// Nobody looks at an open point: permissions and accounts must really have answered.
fn is_plainly_good(lines: &[ProofLine]) -> bool {
    let needed = [ProofItem::Permissions, ProofItem::LiveRead];
    proof::may_finish(lines) && lines.iter().all(|line| !needed.contains(&line.item) || line.verdict == Verdict::Good)
}

/// Every account that was connected would stay.
fn loses_nothing(detail: &RenewalDetail) -> bool {
    let Some(staged) = &detail.staged else { return false };
    let before = detail.before();
    let selected = detail.selected();
    let changes = reconcile::reconcile(&before, &staged.accounts, staged.listing);
    let lost = changes.iter().any(|(_, change)| *change == Change::Lost);
    // What would stay untouched keeps its dead token: somebody has to see that.
    !before.is_empty() && !lost && before.iter().all(|key| selected.contains(key))
}

fn old_token_is_dead(detail: &RenewalDetail, now: lifecycle::Timestamp) -> bool {
    detail.connection.as_ref().is_some_and(|connection| {
        connection.facts.proof != TokenProof::Works || connection.facts.expires_at.is_some_and(|end| end <= now)
    })
}
