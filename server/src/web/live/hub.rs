//! The one loop that looks for changes.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use lifecycle::{Timestamp, ids::OrganizationId};
use renewal::{Error, Identity, Renova, end_of_day};
use store::Wake;
use tokio::sync::watch;

use super::places::Places;
use crate::pause::pause_or_wake;

const PERIOD: Duration = Duration::from_secs(1);

/// What pages show depends on the organization's changes and on its calendar day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Turn {
    pub seq: i64,
    /// When the day ends: at that moment fewer days are left, and what was put off is back.
    pub day_ends: Timestamp,
}

/// An organization that somebody listens to.
struct Watched {
    time_zone: String,
    turns: watch::Sender<Turn>,
}

#[derive(Default)]
struct Inner {
    watched: HashMap<OrganizationId, Watched>,
    looking: bool,
}

/// Everybody who listens in this process.
#[derive(Clone)]
pub struct Hub {
    renova: Arc<Renova>,
    inner: Arc<Mutex<Inner>>,
    pub(super) places: Places,
}

impl Hub {
    #[must_use]
    pub fn new(renova: Arc<Renova>) -> Self {
        Self { renova, inner: Arc::default(), places: Places::default() }
    }

    /// What changes for this person's organization from now on.
    ///
    /// # Errors
    /// [`Error::NotFound`] if there is no such organization.
    pub async fn subscribe(&self, who: &Identity) -> Result<watch::Receiver<Turn>, Error> {
        let seq = self.renova.storage().change_seq(who.organization).await?.ok_or(Error::NotFound)?;
        let turn = self.turn(seq, &who.time_zone);
        let mut inner = self.lock();
        let watched = inner
            .watched
            .entry(who.organization)
            .or_insert_with(|| Watched { time_zone: who.time_zone.clone(), turns: watch::Sender::new(turn) });
        let receiver = watched.turns.subscribe();
        if !inner.looking {
            inner.looking = true;
            tokio::spawn(self.clone().look());
        }
        Ok(receiver)
    }

    /// Until nobody listens any more.
    async fn look(self) {
        let mut wakes = self.renova.storage().wakes(Wake::Changes);
        loop {
            pause_or_wake(PERIOD, &mut wakes).await;
            let Some(organizations) = self.listened_to() else { return };
            match self.renova.storage().change_seqs(&organizations).await {
                Ok(seqs) => self.tell(&seqs),
                // They also ask by the clock.
                Err(error) => tracing::warn!(%error, "changes could not be looked for"),
            }
        }
    }

    /// Forgets those that nobody listens to. `None`: there are no others.
    fn listened_to(&self) -> Option<Vec<OrganizationId>> {
        let mut inner = self.lock();
        inner.watched.retain(|_, watched| watched.turns.receiver_count() > 0);
        inner.looking = !inner.watched.is_empty();
        inner.looking.then(|| inner.watched.keys().copied().collect())
    }

    fn tell(&self, seqs: &[(OrganizationId, i64)]) {
        let inner = self.lock();
        for (organization, seq) in seqs {
            let Some(watched) = inner.watched.get(organization) else { continue };
            let turn = self.turn(*seq, &watched.time_zone);
            watched.turns.send_if_modified(|former| {
                let differs = *former != turn;
                *former = turn;
                differs
            });
        }
    }

    fn turn(&self, seq: i64, time_zone: &str) -> Turn {
        Turn { seq, day_ends: end_of_day(time_zone, self.renova.now()) }
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
