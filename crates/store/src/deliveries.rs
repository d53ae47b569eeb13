//! What both engines read out of a batch of deliveries before they write it.

use std::collections::{BTreeMap, BTreeSet};

use lifecycle::Timestamp;

use crate::{Delivery, MessageMark};

/// Each message once, with the number of the first delivery that told it. Sorted by the hash, so
/// that two processes that record the same messages wait for each other instead of deadlocking.
pub(crate) fn distinct_marks(deliveries: &[Delivery]) -> Vec<(usize, &MessageMark)> {
    let mut distinct = BTreeMap::new();
    for (number, delivery) in deliveries.iter().enumerate() {
        for mark in &delivery.marks {
            distinct.entry(mark.mid_hash).or_insert((number, mark));
        }
    }
    distinct.into_values().collect()
}

/// For each account somebody wrote to, when the newest message was sent.
pub(crate) fn newest_by_account<'a>(marks: impl IntoIterator<Item = &'a MessageMark>) -> BTreeMap<&'a str, Timestamp> {
    let mut newest = BTreeMap::new();
    for mark in marks.into_iter().filter(|mark| mark.is_incoming) {
        let at = newest.entry(mark.account_id.as_str()).or_insert(mark.at);
        *at = mark.at.max(*at);
    }
    newest
}

/// How many marks of each delivery were fresh.
pub(crate) fn count(deliveries: &[Delivery], fresh: &[(usize, &MessageMark)]) -> Vec<usize> {
    let mut counts = vec![0; deliveries.len()];
    for (number, _) in fresh {
        if let Some(count) = counts.get_mut(*number) {
            *count += 1;
        }
    }
    counts
}

/// The accounts of a forward, each once. Those without any share a nameless one.
pub(crate) fn accounts_in_order(accounts: &[String]) -> BTreeSet<&str> {
    if accounts.is_empty() { BTreeSet::from([""]) } else { accounts.iter().map(String::as_str).collect() }
}
