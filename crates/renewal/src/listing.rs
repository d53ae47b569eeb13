//! The connections of an organization as a list: searched, filtered, counted, page by page.

use lifecycle::{Severity, Timestamp, clock::DAY_MS};

use crate::{ConnectionState, Error, Identity, Renova, end_of_day};

/// So many connections stand on a page.
pub const PER_PAGE: usize = 50;

/// The three states by which people ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    /// Something is proved to have stopped.
    Stopped,
    /// Calls for a renewal.
    Soon,
    /// Everything else; good to know is no trouble.
    Healthy,
}

impl Group {
    pub const ALL: [Self; 3] = [Self::Stopped, Self::Soon, Self::Healthy];

    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Stopped => "stopped",
            Self::Soon => "soon",
            Self::Healthy => "healthy",
        }
    }

    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|group| group.as_str() == text)
    }

    #[must_use]
    pub fn of(state: &ConnectionState) -> Self {
        match state.severity() {
            Severity::Stopped => Self::Stopped,
            Severity::Soon => Self::Soon,
            Severity::None | Severity::Advice => Self::Healthy,
        }
    }
}

/// How many there are of each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    pub stopped: usize,
    pub soon: usize,
    pub healthy: usize,
}

impl Tally {
    #[must_use]
    pub fn of(states: &[ConnectionState]) -> Self {
        let count = |group| states.iter().filter(|state| Group::of(state) == group).count();
        Self { stopped: count(Group::Stopped), soon: count(Group::Soon), healthy: count(Group::Healthy) }
    }

    #[must_use]
    pub const fn total(self) -> usize {
        self.stopped + self.soon + self.healthy
    }
}

/// What is asked for; the default is the first page of everything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listing {
    /// Found in the name of the person or of an account.
    pub text: String,
    pub group: Option<Group>,
    /// Ends within so many calendar days, or has ended.
    pub days: Option<u16>,
    /// From 1; beyond the last it is the last.
    pub page: usize,
}

/// One page of what was found, the most urgent first.
#[derive(Clone, Debug)]
pub struct Listed {
    pub states: Vec<ConnectionState>,
    /// Of all connections, found or not.
    pub tally: Tally,
    pub found: usize,
    pub page: usize,
    pub pages: usize,
    /// The most urgent of all, for the picture.
    pub first: Vec<ConnectionState>,
}

impl ConnectionState {
    /// The nearest end of the grant or of one of its channels, past or to come.
    #[must_use]
    pub fn nearest_end(&self) -> Option<Timestamp> {
        let channels = self.channels.iter().filter_map(|state| state.channel.facts.expires_at);
        channels.chain(self.connection.facts.expires_at).min_by_key(|at| at.0)
    }

    fn is_called(&self, text: &str) -> bool {
        let has = |name: &str| name.to_lowercase().contains(text);
        has(&self.connection.grantee_name)
            || self.channels.iter().any(|state| has(&state.channel.name) || has(&state.account()))
    }
}

impl Listing {
    fn includes(&self, state: &ConnectionState, until: Option<Timestamp>, text: &str) -> bool {
        self.group.is_none_or(|group| Group::of(state) == group)
            && until.is_none_or(|until| state.nearest_end().is_some_and(|at| at < until))
            && (text.is_empty() || state.is_called(text))
    }
}

impl Renova {
    /// One page of the reader's connections, and the `first` most urgent of all.
    pub async fn listed(&self, who: &Identity, listing: &Listing, first: usize) -> Result<Listed, Error> {
        let all = self.connections(who).await?;
        let today_ends = end_of_day(&who.time_zone, self.now());
        let until = listing.days.map(|days| today_ends.plus(i64::from(days) * DAY_MS));
        let text = listing.text.trim().to_lowercase();
        let tally = Tally::of(&all);
        let first = all.iter().take(first).cloned().collect();
        let mut states: Vec<_> = all.into_iter().filter(|state| listing.includes(state, until, &text)).collect();
        let found = states.len();
        let pages = found.div_ceil(PER_PAGE).max(1);
        let page = listing.page.clamp(1, pages);
        states.drain(..(page - 1) * PER_PAGE);
        states.truncate(PER_PAGE);
        Ok(Listed { states, tally, found, page, pages, first })
    }
}
