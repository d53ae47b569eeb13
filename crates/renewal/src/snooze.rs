//! What calls for a renewal, and *Lembrar amanhã*: putting it off until the next day begins.

use jiff::{Timestamp as Instant, tz::TimeZone};
use lifecycle::{
    Severity, Timestamp,
    clock::{DAY_MS, HOUR_MS},
    ids::{ConnectionId, RenewalId},
};
use store::{Renewal, Snooze, StoreError};

use crate::{
    ConnectionState, Error, Identity, Renova, StagedFacts,
    connections::{Judged, by_connection},
    record::read,
};

/// What calls one person for a renewal at this moment.
#[derive(Clone, Debug)]
pub struct Calls {
    /// The most urgent first; among them those that are well, where this person's renewal only has to be finished.
    pub connections: Vec<ConnectionState>,
    /// This person's connection that is not there yet, and only has to be finished.
    pub first: Option<FirstUnfinished>,
    /// This person has put off so many more.
    pub put_off: usize,
}

/// A first connection that lacks only its last clicks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FirstUnfinished {
    pub renewal: RenewalId,
    /// Who logged in at Meta.
    pub name: String,
    /// Until then its tokens are kept.
    pub until: Timestamp,
}

impl ConnectionState {
    /// It warns and can wait until tomorrow; what has stopped cannot.
    #[must_use]
    pub fn may_wait(&self) -> bool {
        self.severity() == Severity::Soon
    }

    /// This person's renewal that lacks only its last clicks.
    #[must_use]
    pub fn unfinished_by(&self, who: &Identity) -> Option<&Renewal> {
        self.open_renewal.as_ref().filter(|renewal| is_unfinished_by(renewal, who))
    }
}

fn is_unfinished_by(renewal: &Renewal, who: &Identity) -> bool {
    who.role.may_connect() && renewal.user_id == who.user && renewal.state.has_staged_tokens()
}

impl Renova {
    /// The connections that call for a renewal, without those that this person has put off, and whatever this
    /// person has only to finish: its tokens are kept for a day.
    pub async fn calls(&self, who: &Identity) -> Result<Calls, Error> {
        let now = self.now();
        let snoozes = self.parts.storage.snoozes_of(who.organization, who.user).await?;
        let is_put_off = |state: &ConnectionState| {
            state.may_wait()
                && state.unfinished_by(who).is_none()
                && snoozes.iter().any(|it| it.connection_id == state.connection.id && puts_off(it.until, now))
        };
        let facts = self.facts(who.organization).await?;
        let renewals = self.open_renewals(who).await?;
        let first = first_unfinished(&renewals, who)?;
        let open = by_connection(renewals);
        let is_unfinished =
            |it: &Judged| open.get(&it.connection.id).is_some_and(|renewal| is_unfinished_by(renewal, who));
        let judged = facts.judged(now);
        let calling = judged.iter().filter(|it| it.severity >= Severity::Soon || is_unfinished(it));
        let mut connections: Vec<_> = calling.map(|it| it.state(&open)).collect();
        let put_off = connections.extract_if(.., |state| is_put_off(state)).count();
        Ok(Calls { connections, first, put_off })
    }

    /// Puts a warning off until the next day of the organization begins, for this person alone.
    /// Nothing is to be put off where nothing warns.
    ///
    /// # Errors
    /// [`Error::CannotWait`] where something has stopped.
    pub async fn snooze(&self, who: &Identity, id: ConnectionId) -> Result<(), Error> {
        let state = self.connection(who, id).await?;
        if state.severity() == Severity::Stopped {
            return Err(Error::CannotWait);
        }
        if !state.may_wait() {
            return Ok(());
        }
        let until = end_of_day(&who.time_zone, self.now());
        let snooze = Snooze { organization_id: who.organization, user_id: who.user, connection_id: id, until };
        let stored = self.parts.storage.snooze(&snooze).await;
        stored.map_err(|error| if matches!(error, StoreError::Stale) { Error::NotFound } else { error.into() })
    }
}

fn first_unfinished(renewals: &[Renewal], who: &Identity) -> Result<Option<FirstUnfinished>, Error> {
    let first = |renewal: &&Renewal| renewal.connection_id.is_none() && is_unfinished_by(renewal, who);
    let Some(renewal) = renewals.iter().find(first) else { return Ok(None) };
    let staged: Option<StagedFacts> = read(renewal.staged_facts.as_deref())?;
    let name = staged.map_or_else(String::new, |staged| staged.grantee_name);
    Ok(Some(FirstUnfinished { renewal: renewal.id, name, until: renewal.expires_at }))
}

/// Whether it still does. It ends within a day (and an hour, where the clocks change): a later end was made by a wrong
/// clock, and puts nothing off.
fn puts_off(until: Timestamp, now: Timestamp) -> bool {
    (1..=DAY_MS + HOUR_MS).contains(&until.since(now))
}

/// When the next day begins in this zone. An unknown zone reads as UTC.
#[must_use]
pub fn end_of_day(zone: &str, now: Timestamp) -> Timestamp {
    let zone = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
    let instant = Instant::from_millisecond(now.0).unwrap_or(Instant::UNIX_EPOCH);
    let tomorrow = instant.to_zoned_datetime(zone.clone()).date().tomorrow();
    // Where a clock is put forward at midnight, the day begins later.
    let begins = tomorrow.and_then(|date| date.to_zoned_datetime(zone));
    begins.map_or_else(|_| now.plus(DAY_MS), |at| Timestamp(at.timestamp().as_millisecond()))
}

#[cfg(test)]
mod tests {
    use lifecycle::clock::HOUR_MS;

    use super::*;

    /// 2026-11-24 01:30 UTC is still the 23rd in São Paulo.
    const LATE: Timestamp = Timestamp(1_795_483_800_000);

    #[test]
    fn a_day_ends_at_midnight_of_the_zone() {
        let minutes = |count: i64| count * HOUR_MS / 60;
        assert_eq!(end_of_day("America/Sao_Paulo", LATE), LATE.plus(minutes(90)));
        assert_eq!(end_of_day("America/Sao_Paulo", LATE.plus(minutes(90))), LATE.plus(minutes(90) + DAY_MS));
        for zone in ["UTC", "No/Where"] {
            assert_eq!(end_of_day(zone, LATE), LATE.plus(minutes(22 * 60 + 30)), "{zone}");
        }
    }

    #[test]
    fn a_day_may_begin_after_midnight_or_be_shorter() {
        // Santiago put its clocks forward at midnight of 2026-09-06: that day begins at 01:00, 04:00 UTC.
        let eve = Timestamp(1_788_652_800_000);
        assert_eq!(end_of_day("America/Santiago", eve), Timestamp(1_788_667_200_000));
    }
}
