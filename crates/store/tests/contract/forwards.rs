//! Bodies that wait for the platform.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex},
    time::Duration,
};

use lifecycle::Timestamp;
use sqlx::{Connection as _, Executor as _, SqliteConnection};
use store::{Delivery, Forward, NewForward, Storage};

use crate::{
    bench::Bench,
    fixture::{NOW, forward},
};

const LEASE_MS: i64 = 30;

async fn record(bench: &Bench, forwards: Vec<NewForward>) {
    let deliveries: Vec<_> =
        forwards.into_iter().map(|forward| Delivery { marks: Vec::new(), forward: Some(forward) }).collect();
    let fresh = bench.storage.record_deliveries(&deliveries).await.unwrap();
    assert_eq!(fresh, vec![0; deliveries.len()]);
}

/// Of each list of accounts one forward, received at [`NOW`]; their numbers.
async fn recorded(bench: &Bench, accounts: &[&[&str]]) -> Vec<i64> {
    let last = bench.number("SELECT COALESCE(MAX(seq), 0) FROM forwards").await;
    record(bench, accounts.iter().map(|accounts| forward(accounts, NOW)).collect()).await;
    (1..).map(|number| last + number).take(accounts.len()).collect()
}

async fn claim(storage: &Arc<dyn Storage>, now: Timestamp, owner: &str, limit: i64) -> Vec<Forward> {
    storage.claim_forwards(now, owner, now.plus(LEASE_MS), limit).await.unwrap()
}

async fn claimed(bench: &Bench, now: Timestamp, owner: &str) -> Vec<i64> {
    claim(&bench.storage, now, owner, 100).await.iter().map(|forward| forward.seq).collect()
}

pub async fn forwards_are_claimed_whole_oldest_first(bench: &Bench) {
    let new = [forward(&["a"], NOW.plus(1)), NewForward { signature: None, ..forward(&["b"], NOW) }];
    record(bench, vec![new[0].clone(), new[1].clone(), forward(&["c"], NOW.plus(3))]).await;
    assert_eq!(bench.storage.forwards_waiting().await.unwrap(), 3);
    assert!(claimed(bench, NOW.plus(-1), "me").await.is_empty());

    let first = claim(&bench.storage, NOW.plus(2), "me", 1).await;
    let second = claim(&bench.storage, NOW.plus(2), "me", 5).await;
    let found = [first, second].concat();
    assert_eq!(found.len(), 2, "the third is not due yet");
    assert!(found[0].seq < found[1].seq);
    for (new, found) in new.into_iter().zip(found) {
        let NewForward { body, signature, received_at, .. } = new;
        assert_eq!(found, Forward { seq: found.seq, body, signature, attempts: 1, received_at });
    }
    assert_eq!(bench.storage.forwards_waiting().await.unwrap(), 3, "what is held waits too");
}

pub async fn forwards_of_one_account_keep_their_order(bench: &Bench) {
    let seqs =
        recorded(bench, &[&["a"], &["a", "b", "a"], &["b"], &["c"], &[], &["c", "d"], &[], &["d"], &["e"]]).await;
    let storage = &bench.storage;
    assert_eq!(claimed(bench, NOW, "me").await, [seqs[0], seqs[3], seqs[4], seqs[8]]);
    assert!(claimed(bench, NOW, "other").await.is_empty(), "behind those that are held");

    assert!(storage.complete_forward(seqs[0], "me").await.unwrap());
    assert!(storage.complete_forward(seqs[4], "me").await.unwrap());
    assert_eq!(claimed(bench, NOW, "other").await, [seqs[1], seqs[6]]);

    // One that failed holds back those behind it, and only those.
    assert!(storage.postpone_forward(seqs[1], "other", NOW.plus(10)).await.unwrap());
    assert!(storage.complete_forward(seqs[3], "me").await.unwrap());
    assert_eq!(claimed(bench, NOW.plus(9), "me").await, [seqs[5]]);
    assert_eq!(claimed(bench, NOW.plus(10), "me").await, [seqs[1]]);
    assert!(storage.complete_forward(seqs[1], "me").await.unwrap());
    assert!(storage.complete_forward(seqs[5], "me").await.unwrap());
    assert_eq!(claimed(bench, NOW.plus(10), "me").await, [seqs[2], seqs[7]]);
    let late = recorded(bench, &[&["b"], &["a"]]).await;
    assert_eq!(claimed(bench, NOW.plus(10), "me").await, [late[1]]);
}

pub async fn a_limit_is_not_used_up_by_those_that_wait_behind_others(bench: &Bench) {
    let mut accounts: Vec<&[&str]> = vec![&["busy"]; 20];
    accounts.push(&["other"]);
    let seqs = recorded(bench, &accounts).await;
    let found = claim(&bench.storage, NOW, "me", 2).await;
    assert_eq!(found.iter().map(|forward| forward.seq).collect::<Vec<_>>(), [seqs[0], seqs[20]]);
}

pub async fn a_lease_that_ended_goes_to_another(bench: &Bench) {
    let storage = &bench.storage;
    let seqs = recorded(bench, &[&["a"], &["a"]]).await;
    let end = NOW.plus(LEASE_MS);
    assert_eq!(claimed(bench, NOW, "lost").await, [seqs[0]]);
    assert!(claimed(bench, end.plus(-1), "other").await.is_empty());
    let taken = claim(storage, end, "other", 10).await;
    assert_eq!(taken.iter().map(|forward| (forward.seq, forward.attempts)).collect::<Vec<_>>(), [(seqs[0], 2)]);

    assert!(!storage.complete_forward(seqs[0], "lost").await.unwrap());
    assert!(!storage.postpone_forward(seqs[0], "lost", NOW).await.unwrap());
    assert!(claimed(bench, end, "lost").await.is_empty());
    assert!(storage.complete_forward(seqs[0], "other").await.unwrap());
    assert!(!storage.complete_forward(seqs[0], "other").await.unwrap());

    // Who is late, but was not replaced, may still say that it is done.
    assert_eq!(claimed(bench, end, "late").await, [seqs[1]]);
    assert!(storage.complete_forward(seqs[1], "late").await.unwrap());
    assert_eq!(storage.forwards_waiting().await.unwrap(), 0);
    assert_eq!(bench.number("SELECT count(*) FROM forward_accounts").await, 0);
}

pub async fn a_postponed_forward_is_due_later(bench: &Bench) {
    let storage = &bench.storage;
    let seqs = recorded(bench, &[&["a"]]).await;
    assert!(!storage.postpone_forward(seqs[0], "me", NOW).await.unwrap(), "nobody holds it");
    assert_eq!(claimed(bench, NOW, "me").await, seqs);
    assert!(storage.postpone_forward(seqs[0], "me", NOW.plus(500)).await.unwrap());
    assert!(!storage.postpone_forward(seqs[0], "me", NOW).await.unwrap(), "it was given back");
    assert!(!storage.complete_forward(seqs[0], "me").await.unwrap());
    assert!(claimed(bench, NOW.plus(499), "me").await.is_empty());
    let again = claim(storage, NOW.plus(500), "other", 10).await;
    assert_eq!(again[0].attempts, 2);
}

pub async fn dropping_forwards_frees_those_behind_them(bench: &Bench) {
    let storage = &bench.storage;
    record(bench, vec![forward(&["a"], NOW), forward(&["b"], NOW), forward(&["a"], NOW.plus(1))]).await;
    let held = claimed(bench, NOW, "me").await;
    assert_eq!(storage.drop_forwards(NOW).await.unwrap(), 0);
    assert_eq!(storage.drop_forwards(NOW.plus(1)).await.unwrap(), 2);
    assert_eq!(storage.forwards_waiting().await.unwrap(), 1);
    assert!(!storage.complete_forward(held[0], "me").await.unwrap());
    assert_eq!(claimed(bench, NOW.plus(1), "me").await.len(), 1);
    assert_eq!(bench.number("SELECT count(*) FROM forward_accounts").await, 1);
}

pub async fn nothing_due_waits_for_nobody(bench: &Bench) {
    record(bench, vec![forward(&["a"], NOW.plus(1))]).await;
    if bench.is_sqlite() {
        let mut writer = SqliteConnection::connect(&bench.url).await.unwrap();
        writer.execute("BEGIN IMMEDIATE").await.unwrap();
        assert!(claimed(bench, NOW, "me").await.is_empty());
        writer.close().await.unwrap();
    }
    assert!(claimed(bench, NOW, "me").await.is_empty());
    assert_eq!(claimed(bench, NOW.plus(1), "me").await.len(), 1);
}

/// Several processes claim while others still record: each forward goes to one, those of an account
/// in their order.
pub async fn of_claimers_at_once_each_forward_goes_to_one(bench: &Bench) {
    const ROUNDS: usize = 10;
    const ACCOUNTS: [&[&str]; 6] = [&["a"], &["b"], &["a", "c"], &["c"], &["b"], &[]];
    recorded(bench, &ACCOUNTS).await;
    let storages = [bench.another().await, bench.another().await];
    let delivered = Arc::new(Mutex::new(Vec::new()));
    let recording = {
        let storage = Arc::clone(&bench.storage);
        tokio::spawn(async move {
            for _ in 1..ROUNDS {
                let batch =
                    ACCOUNTS.map(|accounts| Delivery { marks: Vec::new(), forward: Some(forward(accounts, NOW)) });
                storage.record_deliveries(&batch).await.unwrap();
            }
        })
    };
    let claimers: Vec<_> = (0..6)
        .map(|number| {
            let (storage, delivered) = (Arc::clone(&storages[number % 2]), Arc::clone(&delivered));
            tokio::spawn(async move {
                let owner = format!("claimer-{number}");
                while delivered.lock().unwrap().len() < ROUNDS * ACCOUNTS.len() {
                    for forward in claim(&storage, NOW, &owner, 3).await {
                        delivered.lock().unwrap().push(forward.seq);
                        assert!(storage.complete_forward(forward.seq, &owner).await.unwrap());
                    }
                    tokio::task::yield_now().await;
                }
            })
        })
        .collect();
    recording.await.unwrap();
    for claimer in claimers {
        tokio::time::timeout(Duration::from_secs(60), claimer).await.unwrap().unwrap();
    }
    let delivered = std::mem::take(&mut *delivered.lock().unwrap());
    let seqs: BTreeSet<_> = delivered.iter().collect();
    assert_eq!(seqs.len(), ROUNDS * ACCOUNTS.len(), "each once");
    let first = **seqs.first().unwrap();
    let mut last_of = BTreeMap::new();
    for seq in &delivered {
        let accounts = ACCOUNTS[usize::try_from(seq - first).unwrap() % ACCOUNTS.len()];
        for account in accounts.iter().copied().chain(accounts.is_empty().then_some("")) {
            let before = last_of.insert(account, seq);
            assert!(before.is_none_or(|before| before < seq), "{account}: {before:?} before {seq}");
        }
    }
    assert_eq!(bench.storage.forwards_waiting().await.unwrap(), 0);
}
