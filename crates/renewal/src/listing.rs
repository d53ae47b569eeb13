//! The connections of an organization as a list: searched, filtered, counted, page by page.

use lifecycle::{Severity, Timestamp, clock::DAY_MS};

use crate::{ConnectionState, Error, Identity, Renova, connections::Judged, end_of_day};

/// So many connections stand on a page.
pub const PER_PAGE: usize = 25;

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
    pub const fn of(severity: Severity) -> Self {
        match severity {
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
    pub fn of(severities: impl Iterator<Item = Severity>) -> Self {
        let mut tally = Self::default();
        for severity in severities {
            match Group::of(severity) {
                Group::Stopped => tally.stopped += 1,
                Group::Soon => tally.soon += 1,
                Group::Healthy => tally.healthy += 1,
            }
        }
        tally
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

fn is_called(judged: &Judged, text: &str) -> bool {
    let has = |name: &str| name.to_lowercase().contains(text);
    has(&judged.connection.grantee_name)
        || judged.channels.iter().any(|channel| has(&channel.name) || has(&channel.shown_name()))
}

impl Listing {
    fn includes(&self, judged: &Judged, until: Option<Timestamp>, text: &str) -> bool {
        self.group.is_none_or(|group| Group::of(judged.severity) == group)
            && until.is_none_or(|until| judged.nearest_end().is_some_and(|at| at < until))
            && (text.is_empty() || is_called(judged, text))
    }
}

impl Renova {
    /// One page of the reader's connections, and the `first` most urgent of all.
    pub async fn listed(&self, who: &Identity, listing: &Listing, first: usize) -> Result<Listed, Error> {
        let facts = self.facts(who.organization).await?;
        let open = self.open_by_connection(who).await?;
        let today_ends = end_of_day(&who.time_zone, self.now());
        let until = listing.days.map(|days| today_ends.plus(i64::from(days) * DAY_MS));
        let text = listing.text.trim().to_lowercase();
        let all = facts.judged(self.now());
        let tally = Tally::of(all.iter().map(|it| it.severity));
        let first = all.iter().take(first).map(|it| it.state(&open)).collect();
        let found: Vec<_> = all.iter().filter(|it| listing.includes(it, until, &text)).collect();
        let pages = found.len().div_ceil(PER_PAGE).max(1);
        let page = listing.page.clamp(1, pages);
        let states = found.iter().skip((page - 1) * PER_PAGE).take(PER_PAGE).map(|it| it.state(&open)).collect();
        Ok(Listed { states, tally, found: found.len(), page, pages, first })
    }
}
