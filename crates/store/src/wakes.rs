//! Wake-ups: that somebody may want to look now. What there is to do says the database alone.

use tokio::sync::watch;

/// Who is woken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wake {
    /// Who checks connections, looks at their clocks and keeps house.
    Rounds,
    /// Who sends mail to people.
    Mail,
    /// Who passes Meta's notifications on.
    Forwards,
    /// Who tells the platform's endpoints.
    Webhooks,
    /// Who shows people what has changed.
    Changes,
}

impl Wake {
    pub(crate) const ALL: [Self; 5] = [Self::Rounds, Self::Mail, Self::Forwards, Self::Webhooks, Self::Changes];

    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Rounds => "rounds",
            Self::Mail => "mail",
            Self::Forwards => "forwards",
            Self::Webhooks => "webhooks",
            Self::Changes => "changes",
        }
    }
}

/// Wake-ups of one sort, for one who waits. None is lost between two waits, and many count as one.
#[derive(Clone, Debug)]
pub struct Wakes(watch::Receiver<()>);

impl Wakes {
    /// Of a database that wakes nobody.
    #[must_use]
    pub fn never() -> Self {
        Self(watch::Sender::new(()).subscribe())
    }

    /// Returns when somebody may want to look; for ever pending once nothing can wake any more.
    pub async fn woken(&mut self) {
        if self.0.changed().await.is_err() {
            std::future::pending().await
        }
    }

    /// A look begins now: what has woken until here needs no other.
    pub fn begin_look(&mut self) {
        self.0.mark_unchanged();
    }
}

/// Where wake-ups of all sorts come together in this process.
#[derive(Debug)]
pub(crate) struct Signals([watch::Sender<()>; Wake::ALL.len()]);

impl Default for Signals {
    fn default() -> Self {
        Self(Wake::ALL.map(|_| watch::Sender::new(())))
    }
}

impl Signals {
    pub(crate) fn wakes(&self, of: Wake) -> Wakes {
        Wakes(self.0[of as usize].subscribe())
    }

    /// Words of a newer program are nobody's.
    pub(crate) fn wake(&self, word: &str) {
        for (wake, signal) in Wake::ALL.into_iter().zip(&self.0) {
            if wake.as_str() == word {
                signal.send_replace(());
            }
        }
    }

    pub(crate) fn wake_all(&self) {
        self.0.iter().for_each(|signal| {
            signal.send_replace(());
        });
    }
}
