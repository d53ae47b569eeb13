//! What calls for a renewal, and *Lembrar amanhã*: putting it off until the next day begins.

use jiff::{Timestamp as Instant, tz::TimeZone};
use lifecycle::{
    Severity, Timestamp,
    clock::{DAY_MS, HOUR_MS},
    ids::ConnectionId,
};
use store::{Snooze, StoreError};

use crate::{ConnectionState, Error, Identity, Renova};

/// What calls one person for a renewal at this moment.
#[derive(Clone, Debug)]
pub struct Calls {
    /// The most urgent first.
    pub connections: Vec<ConnectionState>,
    /// This person has put off so many more.
    pub put_off: usize,
}

impl ConnectionState {
    /// It warns and can wait until tomorrow; what has stopped cannot.
    #[must_use]
    pub fn may_wait(&self) -> bool {
        self.severity() == Severity::Soon
    }
}

impl Renova {
    /// The connections that call for a renewal, without those that this person has put off.
    pub async fn calls(&self, who: &Identity) -> Result<Calls, Error> {
        let now = self.now();
        let snoozes = self.parts.storage.snoozes_of(who.organization, who.user).await?;
        let is_put_off = |state: &ConnectionState| {
            state.may_wait()
                && snoozes.iter().any(|it| it.connection_id == state.connection.id && puts_off(it.until, now))
        };
        let mut connections = self.connections_from(who, Severity::Soon).await?;
        let put_off = connections.extract_if(.., |state| is_put_off(state)).count();
        Ok(Calls { connections, put_off })
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
