//! Sends mail to people: everything that one person has not heard yet in one mail.

use futures::future::join_all;
use lifecycle::{
    NoticeKind, Severity, Timestamp,
    clock::{DAY_MS, MINUTE_MS},
    ids::UserId,
};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use std::time::Duration;
use store::{Job, JobKind, MailOutcome, Notice, Organization, User};

use crate::{
    ConnectionState, Error, Gap, Mail, MailFailure, MailNotice, Mailer, Recipient, Renova,
    held::{SIGN_AFTER_MS, while_held},
    notices::GATHER_MS,
};

/// Mails that travel at the same time. None waits for another: its lease would run out.
const AT_ONCE: i64 = 4;
/// So much longer grows the wait for the next mail with each after the first of a day.
const PAUSE_MS: i64 = 15 * MINUTE_MS;
const FIRST_WAIT: Duration = Duration::from_secs(60);
const LONGEST_WAIT: Duration = Duration::from_secs(60 * 60);

/// What would mean something in a link: everything but the unreserved characters (RFC 3986, 2.3).
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

impl Renova {
    /// Mail to a few people; errors of one mail are logged and do not stop the others. Answers
    /// whether there may be more.
    ///
    /// # Errors
    /// Of the database.
    pub async fn mail_what_is_due(&self) -> Result<bool, Error> {
        let Some(mailer) = &self.parts.mailer else { return Ok(false) };
        let claimed_at = self.wall_now();
        let storage = &self.parts.storage;
        let jobs = storage.claim_jobs(JobKind::Mail, self.now(), claimed_at, &self.worker, AT_ONCE).await?;
        let more = !jobs.is_empty();
        let mails = jobs.into_iter().map(|job| async move {
            let extend = || storage.extend_job(JobKind::Mail, &job, self.wall_now());
            // This process stood still: somebody else has sent it, perhaps.
            let waited = self.wall_now().since(claimed_at) > SIGN_AFTER_MS;
            if waited && !extend().await.unwrap_or(false) {
                return;
            }
            if let Some(Err(error)) = while_held(self.mail_one(&**mailer, &job), extend).await {
                tracing::warn!(%error, "a mail could not be prepared; it is tried again");
            }
        });
        join_all(mails).await;
        Ok(more)
    }

    async fn mail_one(&self, mailer: &dyn Mailer, job: &Job) -> Result<(), Error> {
        let storage = &self.parts.storage;
        let user: UserId = job.subject.parse().map_err(|_| Error::Internal("mail to nobody"))?;
        let waiting = storage.notices_for(user).await?;
        let Some((person, organization)) = self.reader_of(&waiting, user).await? else {
            return self.mail_ended(job, user, ended(&waiting, MailOutcome::Pointless)).await;
        };
        let told = self.still_true(user, &waiting).await?;
        if told.is_empty() {
            return self.mail_ended(job, user, ended(&waiting, MailOutcome::Pointless)).await;
        }
        if let Some(at) = self.quiet_until(user, &told).await? {
            self.parts.storage.reschedule_job(JobKind::Mail, job, at, 0).await?;
            return Ok(());
        }
        let sent: Vec<_> = told.iter().map(|(notice, _)| notice.id).collect();
        let mail = self.letter(person, organization, told).await?;
        let outcome = match mailer.send(&mail).await {
            Ok(()) => MailOutcome::Sent,
            Err(MailFailure::Never(why)) => {
                tracing::error!(%why, user = %user, "the mail server refused a mail for good");
                MailOutcome::Refused
            }
            Err(MailFailure::Later(why)) => return self.mail_later(job, &why).await,
        };
        let each = |notice: &Notice| if sent.contains(&notice.id) { outcome } else { MailOutcome::Pointless };
        let notices = waiting.iter().map(|notice| (notice.clone(), each(notice))).collect();
        self.mail_ended(job, user, notices).await
    }

    async fn mail_ended(&self, job: &Job, user: UserId, notices: Vec<(Notice, MailOutcome)>) -> Result<(), Error> {
        let now = self.now();
        if !self.parts.storage.mail_done(job, user, &notices, now, now.plus(GATHER_MS)).await? {
            tracing::warn!(user = %user, "a mail took so long that somebody else has taken it over");
        }
        Ok(())
    }

    /// Until when this person is left alone, so that what keeps coming becomes few mails. A stop waits
    /// only after mails that told of one, and what a colleague asks for does not wait.
    async fn quiet_until(&self, user: UserId, told: &[(Notice, ConnectionState)]) -> Result<Option<Timestamp>, Error> {
        if told.iter().any(|(notice, _)| matches!(notice.kind, NoticeKind::Requested { .. })) {
            return Ok(None);
        }
        let now = self.now();
        let of_stops = told.iter().any(|(notice, _)| matches!(notice.kind, NoticeKind::Stopped { .. }));
        let (mails, last) = self.parts.storage.mails_sent(user, of_stops, now.plus(-DAY_MS), now).await?;
        let until = last.map(|at| at.plus((mails - 1) * PAUSE_MS));
        Ok(until.filter(|at| *at > now))
    }

    async fn mail_later(&self, job: &Job, why: &str) -> Result<(), Error> {
        tracing::warn!(why, attempts = job.attempts, "a mail did not leave; it is tried again");
        let attempt = u32::try_from(job.attempts).unwrap_or(u32::MAX);
        let wait = meta::backoff(attempt, FIRST_WAIT, LONGEST_WAIT, u64::from_be_bytes(self.random()));
        let again = self.now().plus(i64::try_from(wait.as_millis()).unwrap_or(i64::MAX));
        self.parts.storage.reschedule_job(JobKind::Mail, job, again, job.attempts).await?;
        Ok(())
    }

    async fn reader_of(&self, waiting: &[Notice], user: UserId) -> Result<Option<(User, Organization)>, Error> {
        let Some(first) = waiting.first() else { return Ok(None) };
        let person = self.parts.storage.user(first.organization_id, user).await?;
        let organization = self.parts.storage.organization(first.organization_id).await?;
        Ok(person.zip(organization))
    }

    /// Of each connection the newest notice that is still true; a warning only where nothing has stopped,
    /// because a letter about a stop names the ends as well.
    async fn still_true(&self, user: UserId, waiting: &[Notice]) -> Result<Vec<(Notice, ConnectionState)>, Error> {
        let mut told: Vec<(Notice, ConnectionState)> = Vec::new();
        let mut in_turn: Vec<_> = waiting.iter().rev().collect();
        in_turn.sort_by_key(|it| matches!(it.kind, NoticeKind::Expires { .. }));
        for notice in in_turn {
            let asks = |it: &Notice| matches!(it.kind, NoticeKind::Requested { .. });
            let same = |it: &Notice| it.connection_id == notice.connection_id && asks(it) == asks(notice);
            if told.iter().any(|(other, _)| same(other)) {
                continue;
            }
            // Nobody has heard of the trouble: its end is no news.
            let recovered = matches!(notice.kind, NoticeKind::Recovered { .. });
            if recovered && !self.parts.storage.has_heard(user, notice).await? {
                continue;
            }
            let Some(state) = self.state_anywhere(notice).await? else { continue };
            if is_true(notice, &state) {
                told.push((notice.clone(), state));
            }
        }
        told.sort_by_key(|(notice, state)| {
            (std::cmp::Reverse(state.severity()), state.health.at().map_or(i64::MAX, |at| at.0), notice.at)
        });
        Ok(told)
    }

    async fn state_anywhere(&self, notice: &Notice) -> Result<Option<ConnectionState>, Error> {
        let (storage, organization) = (&self.parts.storage, notice.organization_id);
        let Some(connection) = storage.connection(organization, notice.connection_id).await? else { return Ok(None) };
        let channels = storage.channels_of_connection(organization, connection.id).await?;
        let newest = storage.newest_message_at().await?;
        Ok(Some(self.state_of(connection, channels, None, newest)))
    }

    async fn letter(
        &self,
        person: User,
        organization: Organization,
        told: Vec<(Notice, ConnectionState)>,
    ) -> Result<Mail, Error> {
        let newest = told.iter().map(|(notice, _)| notice.id).max().ok_or(Error::Internal("an empty mail"))?;
        let mut notices = Vec::new();
        for (notice, state) in told {
            let asked_by = match notice.asked_by {
                Some(user) => self.parts.storage.user(notice.organization_id, user).await?.map(|user| user.name),
                None => None,
            };
            notices.push(MailNotice {
                renewal_url: self.renewal_url(&organization, &state),
                gaps: gaps_of(&notice),
                notice: notice.kind,
                state,
                asked_by,
            });
        }
        Ok(Mail {
            id: format!("{newest}.{}", person.id),
            to: Recipient {
                user: person.id,
                name: person.name,
                email: person.email,
                locale: person.locale.unwrap_or_else(|| organization.locale.clone()),
                time_zone: organization.time_zone.clone(),
                unsubscribe_url: self.unsubscribe_url(person.id),
            },
            overview_url: self.parts.deep_link.is_none().then(|| format!("{}/", self.parts.public_url)),
            organization: organization.name,
            notices,
            now: self.now(),
        })
    }

    /// Where exactly this connection is renewed: on Renova's own screen or the platform's.
    pub(crate) fn renewal_url(&self, organization: &Organization, state: &ConnectionState) -> String {
        self.renewal_link(organization, &state.connection.id.to_string())
    }

    /// The same by the connection's id.
    pub(crate) fn renewal_link(&self, organization: &Organization, connection: &str) -> String {
        match &self.parts.deep_link {
            Some(template) => {
                let organization = utf8_percent_encode(&organization.external_id, RESERVED).to_string();
                template.replace("{connection}", connection).replace("{organization}", &organization)
            }
            None => format!("{}/integrations/meta?connection={connection}", self.parts.public_url),
        }
    }
}

fn ended(notices: &[Notice], outcome: MailOutcome) -> Vec<(Notice, MailOutcome)> {
    notices.iter().map(|notice| (notice.clone(), outcome)).collect()
}

/// Nobody is called for nothing: what has changed since the notice was given is not told any more.
fn is_true(notice: &Notice, state: &ConnectionState) -> bool {
    let same_grant = notice.token_generation == state.connection.token_generation;
    let troubled = state.severity() >= Severity::Soon;
    match notice.kind {
        NoticeKind::Expires { ends_at, .. } => same_grant && troubled && ends_near(state, ends_at),
        NoticeKind::Stopped { .. } => same_grant && troubled,
        NoticeKind::Recovered { .. } => !troubled,
        NoticeKind::Requested { .. } => true,
    }
}

fn ends_near(state: &ConnectionState, at: Timestamp) -> bool {
    let channels = state.channels.iter().flat_map(|it| [it.channel.facts.expires_at, it.data_access_end()]);
    let mut ends = channels.chain([state.connection.facts.expires_at]).flatten();
    ends.any(|end| end.since(at).abs() < DAY_MS)
}

fn gaps_of(notice: &Notice) -> Vec<Gap> {
    let detail: serde_json::Value = serde_json::from_str(&notice.detail).unwrap_or_default();
    serde_json::from_value(detail["gaps"].clone()).unwrap_or_default()
}
