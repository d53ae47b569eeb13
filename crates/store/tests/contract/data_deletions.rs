use std::sync::Arc;

use store::{DataDeletion, StoreError};

use crate::{
    bench::Bench,
    fixture::{self, NOW},
};

pub async fn the_same_request_twice_is_one_deletion(bench: &Bench) {
    let storage = &bench.storage;
    let first = fixture::deletion();
    let again = DataDeletion { user_hash: first.user_hash, requested_at: NOW.plus(9), ..fixture::deletion() };
    let later = DataDeletion { issued_at: NOW.plus(9), ..again.clone() };
    let other = DataDeletion {
        completed_at: Some(NOW.plus(3)),
        connections: 2,
        issued_at: first.issued_at,
        ..fixture::deletion()
    };
    for (request, code) in [(&first, &first), (&again, &first), (&later, &later), (&other, &other)] {
        assert_eq!(storage.insert_deletion(request).await.unwrap(), code.code);
    }
    for stored in [&first, &later, &other] {
        assert_eq!(storage.deletion(&stored.code).await.unwrap().as_ref(), Some(stored));
    }
    assert_eq!(storage.deletion("unknown").await.unwrap(), None);
    let taken = DataDeletion { code: first.code, ..fixture::deletion() };
    let refused = storage.insert_deletion(&taken).await;
    assert!(matches!(refused, Err(StoreError::Conflict { what: "data_deletion" })), "{refused:?}");
}

pub async fn of_equal_requests_at_once_all_hear_one_code(bench: &Bench) {
    let request = fixture::deletion();
    let tasks: Vec<_> = (0..8)
        .map(|_| {
            let storage = Arc::clone(&bench.storage);
            let request = DataDeletion { code: fixture::deletion().code, ..request.clone() };
            tokio::spawn(async move { storage.insert_deletion(&request).await })
        })
        .collect();
    let mut codes = Vec::new();
    for task in tasks {
        codes.push(task.await.unwrap().unwrap());
    }
    codes.dedup();
    assert_eq!(codes.len(), 1, "{codes:?}");
    assert_eq!(bench.number("SELECT count(*) FROM data_deletions").await, 1);
}

pub async fn a_deletion_is_completed_once(bench: &Bench) {
    let storage = &bench.storage;
    let (request, open) = (fixture::deletion(), fixture::deletion());
    storage.insert_deletion(&request).await.unwrap();
    storage.insert_deletion(&open).await.unwrap();
    let complete = DataDeletion { completed_at: Some(NOW.plus(30)), connections: 3, ..request.clone() };
    for (at, connections) in [(NOW.plus(30), 3), (NOW.plus(31), 0)] {
        storage.complete_deletion(&request.code, at, connections).await.unwrap();
        assert_eq!(storage.deletion(&request.code).await.unwrap().as_ref(), Some(&complete));
    }
    assert_eq!(storage.deletion(&open.code).await.unwrap(), Some(open));
    let unknown = storage.complete_deletion("unknown", NOW, 0).await;
    assert!(matches!(unknown, Err(StoreError::Stale)), "{unknown:?}");
}
