//! Part of the connections: what an address asks for, and what of it is shown.

use renewal::{Group, Listed, Listing, Tally};

use crate::model::{self, ListRequest, Part};

/// Reads an address; what makes no sense asks for nothing.
#[must_use]
pub fn listing(request: &ListRequest) -> Listing {
    Listing {
        text: request.text.trim().to_owned(),
        group: Group::parse(&request.state),
        days: request.days.parse().ok(),
        page: request.page.parse().unwrap_or(1),
    }
}

#[must_use]
pub fn part(listing: &Listing, listed: &Listed) -> Part {
    let request = ListRequest {
        text: listing.text.clone(),
        state: listing.group.map_or("", Group::as_str).to_owned(),
        days: listing.days.map(|days| days.to_string()).unwrap_or_default(),
        page: listed.page.to_string(),
    };
    Part { request, tally: tally(listed.tally), found: listed.found, page: listed.page, pages: listed.pages }
}

const fn tally(tally: Tally) -> model::Tally {
    model::Tally { stopped: tally.stopped, soon: tally.soon, healthy: tally.healthy }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_makes_no_sense_asks_for_nothing() {
        let asks = |text: &str, state: &str, days: &str, page: &str| {
            let own = str::to_owned;
            listing(&ListRequest { text: own(text), state: own(state), days: own(days), page: own(page) })
        };
        assert_eq!(asks(" ", "all", "-1", "x"), Listing { page: 1, ..Listing::default() });
        let read = asks(" Ana ", "soon", "30", "2");
        assert_eq!((read.text.as_str(), read.group, read.days, read.page), ("Ana", Some(Group::Soon), Some(30), 2));
    }
}
