//! Lists that come in pages.

use std::collections::BTreeSet;
use std::time::Duration;

use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::Client;
use super::call::Call;
use crate::error::Error;
use crate::wire::{self, Object};

/// Entries asked for at a time.
const PAGE_SIZE: &str = "100";
/// Most pages of one list.
const MOST_PAGES: usize = 50;
/// For all pages of a list together.
const DEADLINE: Duration = Duration::from_secs(60);

/// As much of a list as came.
#[derive(Debug)]
pub(crate) struct Listing<T> {
    pub(crate) entries: Vec<T>,
    /// Why its end was not reached; [`None`]: it is whole.
    pub(crate) cut: Option<Error>,
}

impl<T> Listing<T> {
    pub(super) fn map<U>(self, change: impl Fn(T) -> U) -> Listing<U> {
        Listing { entries: self.entries.into_iter().map(change).collect(), cut: self.cut }
    }
}

#[derive(Deserialize)]
#[serde(bound = "T: DeserializeOwned")]
struct Chunk<T> {
    data: Vec<Object<T>>,
    #[serde(default)]
    paging: Option<Object<Paging>>,
}

#[derive(Deserialize)]
struct Paging {
    /// Only its presence counts: it is a whole address with the token in it,
    /// and where it points is not for the answer to decide.
    #[serde(default, deserialize_with = "wire::filled")]
    next: Option<String>,
    #[serde(default)]
    cursors: Option<Object<Cursors>>,
}

#[derive(Deserialize)]
struct Cursors {
    #[serde(default, deserialize_with = "wire::filled")]
    after: Option<String>,
}

impl Client {
    /// All entries of a list, over all its pages. The end is where `next` is
    /// missing; `after` is there on the last page, too. A list is never cut
    /// short: without its end there is an error.
    /// Meta: `graph-api/results`.
    pub(super) async fn list<T: DeserializeOwned>(&self, call: Call<'_>) -> Result<Vec<T>, Error> {
        let listing = self.listing(call).await;
        listing.cut.map_or(Ok(listing.entries), Err)
    }

    /// The same, keeping what came before it was cut short.
    pub(super) async fn listing<T: DeserializeOwned>(&self, call: Call<'_>) -> Listing<T> {
        self.listing_within(DEADLINE, call).await
    }

    async fn listing_within<T: DeserializeOwned>(&self, deadline: Duration, call: Call<'_>) -> Listing<T> {
        let mut entries = Vec::new();
        let walk = tokio::time::timeout(deadline, self.walk(call, &mut entries));
        let cut = walk.await.unwrap_or(Err(Error::Timeout)).err();
        Listing { entries, cut }
    }

    async fn walk<T: DeserializeOwned>(&self, call: Call<'_>, entries: &mut Vec<T>) -> Result<(), Error> {
        let what = call.what;
        let mut call = call.with("limit", PAGE_SIZE);
        let mut seen = BTreeSet::new();
        for _ in 0..MOST_PAGES {
            let chunk: Chunk<T> = self.send(&call).await?;
            entries.extend(chunk.data.into_iter().map(|Object(entry)| entry));
            let Some(Object(paging)) = chunk.paging.filter(|Object(paging)| paging.next.is_some()) else {
                return Ok(());
            };
            let after = paging.cursors.and_then(|Object(cursors)| cursors.after).ok_or(Error::Malformed { what })?;
            if !seen.insert(after.clone()) {
                return Err(Error::EndlessList);
            }
            call = call.with("after", after);
        }
        Err(Error::EndlessList)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::client::scripted::{half_answering, wait};

    #[test]
    fn a_list_that_stands_still_ends_and_keeps_what_came() {
        let first = r#"{"data":[{"id":"1"}],"paging":{"next":"https://evil.test","cursors":{"after":"x"}}}"#;
        let client = half_answering(first);
        let call = Call::get("a list", &["me", "accounts"]);
        let listing: Listing<Value> = wait(client.listing_within(Duration::from_millis(20), call));
        assert_eq!((listing.entries.len(), listing.cut), (1, Some(Error::Timeout)));
    }
}
