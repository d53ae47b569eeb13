//! Many rows, many hands: whoever needs what another holds waits for it, and all come to an end.

use std::sync::Arc;

use lifecycle::{Timestamp, notice::Policy};
use store::{DeliveryAttempt, DeliveryLane, DeliveryNext};

use crate::{
    bench::Bench,
    fixture::{NOW, World},
    webhooks::stored_endpoint,
};

const ROUNDS: i64 = 12;
/// Enough rows for two statements to meet in their middle.
const ROWS: usize = 60;

/// All are planned far ahead, in the order of their ids and, for their looks, against it.
const FAR_AHEAD: &str = "UPDATE connections SET check_at = 9000000000000000 + place, \
     watch_at = 9000000000000000 - place FROM (SELECT id AS placed, ROW_NUMBER() OVER (ORDER BY id) AS place \
     FROM connections) AS places WHERE id = placed";

pub async fn who_takes_many_connections_waits_for_others(bench: &Bench) {
    let others = [bench.another().await, bench.another().await, bench.another().await];
    let world = World::new(&bench.storage).await;
    let mut ids = Vec::new();
    for _ in 0..ROWS {
        ids.push(world.stored_commit().await.connection.id);
    }
    let late = Timestamp(9_100_000_000_000_000);
    let policy = Policy { thresholds: vec![10, 0], from_hour: 8, to_hour: 20 };
    for round in 0..ROUNDS {
        bench.execute(FAR_AHEAD).await;
        let trail = world.trail();
        let (made_due, postponed, pulled, changed) = tokio::join!(
            bench.storage.make_due(&ids, NOW),
            others[0].postpone_watch(late, late.plus(round)),
            others[1].pull_back(NOW, NOW),
            others[2].set_warning_policy(world.organization, &policy, &trail),
        );
        made_due.unwrap();
        postponed.unwrap();
        pulled.unwrap();
        changed.unwrap();
        assert_eq!(bench.storage.checks_due(NOW).await.unwrap(), i64::try_from(ROWS).unwrap());
    }
}

pub async fn a_delivery_is_settled_while_its_endpoint_goes(bench: &Bench) {
    let other = bench.another().await;
    let world = World::new(&bench.storage).await;
    for round in 0..ROUNDS {
        let endpoint = stored_endpoint(&bench.storage).await;
        for _ in 0..8 {
            bench.storage.append_audit(&world.trail()).await.unwrap();
        }
        let until = NOW.plus(20_000);
        let mut held = Vec::new();
        while held.len() < 8 {
            let claimed = bench.storage.claim_deliveries(DeliveryLane::Steady, NOW, "a", until, 100).await.unwrap();
            assert!(!claimed.is_empty(), "round {round}");
            held.extend(claimed);
        }
        let next = if round % 2 == 0 { DeliveryNext::Again(NOW.plus(9)) } else { DeliveryNext::Delivered };
        let attempt = DeliveryAttempt { at: NOW, status: Some(503), error: None, next };
        let settle = |held| {
            let (storage, attempt) = (Arc::clone(&bench.storage), attempt.clone());
            tokio::spawn(async move { storage.settle_delivery(&held, &attempt).await })
        };
        let settled: Vec<_> = held.into_iter().map(settle).collect();
        assert!(other.remove_webhook_endpoint(endpoint.id, None).await.unwrap());
        for settled in settled {
            settled.await.unwrap().unwrap();
        }
        assert_eq!(bench.storage.webhook_endpoint(endpoint.id).await.unwrap(), None);
    }
}
