//! The loop that tells the platform of events, with endpoints that do not answer beside one that does.

use std::{
    net::Ipv4Addr,
    sync::Arc,
    time::{Duration, Instant},
};

use axum::{Router, http::StatusCode, routing::post};
use lifecycle::{Timestamp, ids::WebhookEndpointId};
use renewal::{EndpointOwner, Renova};
use server::{stop::Stop, webhooks};
use store::{DeliveryAttempt, DeliveryLane, DeliveryNext};
use tokio::net::TcpListener;

use crate::harness::Harness;

/// More than are under way at once.
const DEAD: usize = 300;

async fn listening(router: Router) -> String {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    url
}

/// Endpoints that take a connection and never answer, each with an event that has failed once.
async fn failing(renova: &Renova) {
    let silent = listening(Router::new().route("/", post(std::future::pending::<StatusCode>))).await;
    for _ in 0..DEAD {
        let added = renova.add_webhook_endpoint(EndpointOwner::PLATFORM, &silent, "").await.unwrap();
        renova.test_webhook(EndpointOwner::PLATFORM, added.id).await.unwrap();
    }
    let (storage, now) = (renova.storage(), renova.wall_now());
    let held = storage.claim_deliveries(DeliveryLane::Steady, now, "past", now.plus(1_000), 10_000).await.unwrap();
    assert_eq!(held.len(), DEAD);
    let failed = DeliveryAttempt { at: now, status: None, error: None, next: DeliveryNext::Again(Timestamp(0)) };
    for held in &held {
        assert!(storage.settle_delivery(held, &failed).await.unwrap());
    }
}

#[expect(clippy::disallowed_methods, reason = "what is measured is the time that passes")]
async fn time_to_deliver(renova: &Renova, id: WebhookEndpointId) -> Duration {
    let start = Instant::now();
    let event = renova.test_webhook(EndpointOwner::PLATFORM, id).await.unwrap();
    loop {
        let log = renova.webhook_deliveries(EndpointOwner::PLATFORM, id, 10).await.unwrap();
        let delivered = log.iter().any(|it| it.event_id == event && it.delivered_at.is_some());
        if delivered || start.elapsed() > Duration::from_secs(10) {
            return start.elapsed();
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn endpoints_that_hang_delay_no_other() {
    let harness = Harness::new().await;
    let renova = Arc::clone(&harness.mount.ui.renova);
    failing(&renova).await;
    let well = listening(Router::new().route("/", post(async || StatusCode::NO_CONTENT))).await;
    let well = renova.add_webhook_endpoint(EndpointOwner::PLATFORM, &well, "").await.unwrap().id;
    let stop = Stop::default();
    let worker = tokio::spawn(webhooks::deliver(Arc::clone(&renova), stop.clone()));
    // By then every place of the other lane is taken.
    tokio::time::sleep(Duration::from_secs(1)).await;
    for _ in 0..3 {
        let time = time_to_deliver(&renova, well).await;
        assert!(time < Duration::from_secs(1), "{time:?}");
    }
    stop.request();
    worker.abort();
}
