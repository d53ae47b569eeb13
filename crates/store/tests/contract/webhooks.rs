//! Events on their way to the platform's endpoints.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
    time::Duration,
};

use lifecycle::{DisabledReason, Timestamp, ids::EventId};
use store::{
    DELIVERIES_AT_A_TURN, DeliveryAttempt, DeliveryLane, DeliveryNext, HeldDelivery, LONGEST_LEASE_MS, PreviousSecret,
    Storage, StoreError, Trail, WebhookEndpoint,
};

use crate::{
    bench::Bench,
    fixture::{self, NOW, World, sealed},
};

const LEASE_MS: i64 = 20_000;
const SERVER_DOWN: Option<i64> = Some(503);

fn endpoint() -> WebhookEndpoint {
    let number = fixture::next();
    WebhookEndpoint {
        id: fixture::webhook_endpoint_id(),
        organization_id: None,
        url: format!("https://platform-{number}.example.com/hooks"),
        description: format!("Plataforma {number}"),
        secret: sealed("secret"),
        previous: None,
        created_at: NOW.plus(i64::try_from(number).unwrap()),
        disabled: None,
        failing_since: None,
    }
}

async fn stored(storage: &Arc<dyn Storage>, endpoint: WebhookEndpoint) -> WebhookEndpoint {
    storage.insert_webhook_endpoint(&endpoint, None).await.unwrap();
    endpoint
}

pub async fn stored_endpoint(storage: &Arc<dyn Storage>) -> WebhookEndpoint {
    stored(storage, endpoint()).await
}

async fn tell(world: &World) -> EventId {
    let trail = world.trail();
    let id = trail.events[0].id;
    world.storage.append_audit(&trail).await.unwrap();
    id
}

async fn claim_in(
    storage: &Arc<dyn Storage>,
    lane: DeliveryLane,
    now: Timestamp,
    owner: &str,
    limit: i64,
) -> Vec<HeldDelivery> {
    storage.claim_deliveries(lane, now, owner, now.plus(LEASE_MS), limit).await.unwrap()
}

async fn claim(storage: &Arc<dyn Storage>, now: Timestamp, owner: &str, limit: i64) -> Vec<HeldDelivery> {
    claim_in(storage, DeliveryLane::Steady, now, owner, limit).await
}

fn attempt(at: Timestamp, status: Option<i64>, next: DeliveryNext) -> DeliveryAttempt {
    let error = (next != DeliveryNext::Delivered).then(|| "status".to_owned());
    DeliveryAttempt { at, status, error, next }
}

async fn failing_since(storage: &Arc<dyn Storage>, endpoint: &WebhookEndpoint) -> Option<Timestamp> {
    storage.webhook_endpoint(endpoint.id).await.unwrap().unwrap().failing_since
}

pub async fn endpoints_are_read_back_whole(bench: &Bench) {
    let storage = &bench.storage;
    assert_eq!(storage.webhook_endpoints(None).await.unwrap(), []);
    let first = stored(storage, endpoint()).await;
    let second = WebhookEndpoint {
        previous: Some(PreviousSecret { secret: sealed("before"), until: NOW.plus(5) }),
        disabled: Some((NOW.plus(6), DisabledReason::Operator)),
        failing_since: Some(NOW.plus(7)),
        ..endpoint()
    };
    let second = stored(storage, second).await;
    assert_eq!(storage.webhook_endpoint(first.id).await.unwrap(), Some(first.clone()));
    assert_eq!(storage.webhook_endpoints(None).await.unwrap(), [first, second]);
    assert_eq!(storage.webhook_endpoint(fixture::webhook_endpoint_id()).await.unwrap(), None);
    for reason in DisabledReason::ALL {
        let disabled = Some((NOW, reason));
        let stored = stored(storage, WebhookEndpoint { disabled, ..endpoint() }).await;
        assert_eq!(storage.webhook_endpoint(stored.id).await.unwrap().unwrap().disabled, disabled);
    }
}

pub async fn a_secret_is_rotated_by_one(bench: &Bench) {
    let storage = &bench.storage;
    let endpoint = stored(storage, endpoint()).await;
    let next = |by: i64| store::SealedToken { token_version: endpoint.secret.token_version + by, ..sealed("next") };
    let previous = PreviousSecret { secret: endpoint.secret.clone(), until: NOW.plus(9) };
    assert!(!storage.rotate_webhook_secret(endpoint.id, &next(2), &previous, None).await.unwrap());
    assert_eq!(storage.webhook_endpoint(endpoint.id).await.unwrap(), Some(endpoint.clone()));
    let both = [bench.another().await, bench.another().await];
    let one = next(1);
    let (first, second) = tokio::join!(
        both[0].rotate_webhook_secret(endpoint.id, &one, &previous, None),
        both[1].rotate_webhook_secret(endpoint.id, &one, &previous, None),
    );
    assert!(first.unwrap() ^ second.unwrap(), "whoever was second showed a secret that is none");
    let rotated = WebhookEndpoint { secret: one, previous: Some(previous), ..endpoint };
    assert_eq!(storage.webhook_endpoint(rotated.id).await.unwrap(), Some(rotated));
}

pub async fn an_event_waits_for_every_endpoint_in_its_transaction(bench: &Bench) {
    let storage = &bench.storage;
    let world = World::new(storage).await;
    let early = tell(&world).await;
    let (one, two) = (stored(storage, endpoint()).await, stored(storage, endpoint()).await);
    let disabled = Some((NOW, DisabledReason::Gone));
    let off = stored(storage, WebhookEndpoint { disabled, ..endpoint() }).await;

    let (first, second) = (tell(&world).await, tell(&world).await);
    storage.append_audit(&Trail { events: vec![], ..world.trail() }).await.unwrap();
    let mut broken = world.trail();
    broken.events[0].id = first;
    assert!(storage.append_audit(&broken).await.is_err(), "a failed change tells nobody");

    for endpoint in [&one, &two] {
        let log = storage.deliveries_of(endpoint.id, 10).await.unwrap();
        assert_eq!(log.iter().map(|it| it.event_id).collect::<Vec<_>>(), [second, first], "the newest first");
        let [newest, _] = log.as_slice() else { panic!("{log:?}") };
        assert_eq!((newest.organization_id, newest.kind.as_str()), (world.organization, "thing.done"));
        assert_eq!((newest.created_at, newest.due_at, newest.attempts), (NOW, Timestamp(0), 0));
        assert_eq!((newest.delivered_at, newest.given_up_at, &newest.last_error), (None, None, &None));
        assert_eq!(storage.deliveries_of(endpoint.id, 1).await.unwrap().len(), 1);
    }
    assert_eq!(storage.deliveries_of(off.id, 10).await.unwrap(), []);
    assert_eq!(storage.event(early).await.unwrap().unwrap().organization_id, world.organization);
    assert_eq!(storage.event(fixture::event_id()).await.unwrap(), None);
}

pub async fn an_endpoint_of_an_organization_hears_of_it_alone(bench: &Bench) {
    let storage = &bench.storage;
    let (world, other) = (World::new(storage).await, World::new(storage).await);
    let platform = stored(storage, endpoint()).await;
    let own = WebhookEndpoint { organization_id: Some(world.organization), ..endpoint() };
    let trail = world.trail();
    let before = world.change_seq().await;
    storage.insert_webhook_endpoint(&own, Some(&trail)).await.unwrap();
    assert_eq!(world.change_seq().await, before + 1);
    assert!(world.picture().await.4.contains(&trail.audit));
    assert_eq!(storage.webhook_endpoint(own.id).await.unwrap().as_ref(), Some(&own));
    assert_eq!(storage.webhook_endpoints(Some(world.organization)).await.unwrap(), std::slice::from_ref(&own));
    assert_eq!(storage.webhook_endpoints(None).await.unwrap(), std::slice::from_ref(&platform));
    assert_eq!(storage.webhook_endpoints(Some(other.organization)).await.unwrap(), []);

    let (ours, theirs) = (tell(&world).await, tell(&other).await);
    let told = async |of: &WebhookEndpoint| -> Vec<EventId> {
        storage.deliveries_of(of.id, 10).await.unwrap().into_iter().map(|it| it.event_id).collect()
    };
    // The trail of the endpoint itself was an event too, and came before it.
    assert_eq!(told(&own).await.first(), Some(&ours));
    assert!(!told(&own).await.contains(&theirs));
    assert!(told(&platform).await.contains(&ours) && told(&platform).await.contains(&theirs));
    let gone = WebhookEndpoint { organization_id: Some(fixture::organization_id()), ..endpoint() };
    let refused = storage.insert_webhook_endpoint(&gone, None).await;
    assert!(matches!(refused, Err(StoreError::Stale)), "{refused:?}");

    let before = world.change_seq().await;
    assert!(!storage.enable_webhook_endpoint(own.id, Some(&world.trail())).await.unwrap(), "it is not disabled");
    assert_eq!(world.change_seq().await, before, "what changes nothing leaves no trace");
    assert!(storage.remove_webhook_endpoint(own.id, Some(&world.trail())).await.unwrap());
    assert_eq!(world.change_seq().await, before + 1);
}

pub async fn a_trial_event_goes_to_one_endpoint(bench: &Bench) {
    let storage = &bench.storage;
    assert_eq!(storage.first_organization().await.unwrap(), None);
    let world = World::new(storage).await;
    let first = storage.first_organization().await.unwrap().unwrap();
    assert_eq!(first.id, world.organization);
    let (one, two) = (stored(storage, endpoint()).await, stored(storage, endpoint()).await);
    let event = world.trail().events.remove(0);
    storage.insert_event_for(one.id, &event).await.unwrap();
    assert_eq!(storage.event(event.id).await.unwrap(), Some(event.clone()));
    assert_eq!(storage.deliveries_of(one.id, 10).await.unwrap().len(), 1);
    assert_eq!(storage.deliveries_of(two.id, 10).await.unwrap(), []);

    let other = world.trail().events.remove(0);
    let refused = storage.insert_event_for(fixture::webhook_endpoint_id(), &other).await;
    assert!(matches!(refused, Err(StoreError::Stale)), "{refused:?}");
    assert_eq!(storage.event(other.id).await.unwrap(), None);
}

pub async fn endpoints_take_turns(bench: &Bench) {
    let storage = &bench.storage;
    let world = World::new(storage).await;
    let busy = stored(storage, endpoint()).await;
    for _ in 0..20 {
        tell(&world).await;
    }
    let quiet = stored(storage, endpoint()).await;
    let last = tell(&world).await;

    let found = claim(storage, NOW, "me", 2).await;
    let mut of: Vec<_> = found.iter().map(|it| it.endpoint_id).collect();
    of.sort();
    assert_eq!(of, [busy.id, quiet.id], "20 that wait for one do not hold up the other");
    assert!(found.iter().any(|it| it.endpoint_id == quiet.id && it.event_id == last));
    assert!(found.iter().all(|it| (it.attempts, it.epoch, it.organization_id) == (0, 1, world.organization)));
    let more = claim(storage, NOW, "me", 100).await;
    assert_eq!(i64::try_from(more.len()).unwrap(), DELIVERIES_AT_A_TURN, "at one turn");
    assert!(more.iter().all(|it| !found.contains(it)));
}

pub async fn one_endpoint_does_not_fill_every_place(bench: &Bench) {
    let storage = &bench.storage;
    let world = World::new(storage).await;
    let (slow, dead) = (stored(storage, endpoint()).await, stored(storage, endpoint()).await);
    tell(&world).await;
    for held in claim(storage, NOW, "me", 10).await {
        let next = if held.endpoint_id == dead.id { DeliveryNext::Again(NOW) } else { DeliveryNext::Delivered };
        assert!(storage.settle_delivery(&held, &attempt(NOW, SERVER_DOWN, next)).await.unwrap());
    }
    for _ in 0..80 {
        tell(&world).await;
    }
    for (lane, endpoint) in [(DeliveryLane::Steady, &slow), (DeliveryLane::Failing, &dead)] {
        let mut held = Vec::new();
        loop {
            let more = claim_in(storage, lane, NOW, "me", 100).await;
            if more.is_empty() {
                break;
            }
            held.extend(more);
        }
        assert_eq!(i64::try_from(held.len()).unwrap(), lane.under_way(), "{lane:?}");
        assert!(held.iter().all(|it| it.endpoint_id == endpoint.id));
        let ends = if lane == DeliveryLane::Steady { DeliveryNext::Delivered } else { DeliveryNext::GivenUp };
        storage.settle_delivery(&held[0], &attempt(NOW, None, ends)).await.unwrap();
        assert_eq!(claim_in(storage, lane, NOW, "me", 100).await.len(), 1, "one has ended, one begins");
    }
    let quick = stored(storage, endpoint()).await;
    tell(&world).await;
    let found = claim(storage, NOW, "me", 100).await;
    assert_eq!(found.iter().map(|it| it.endpoint_id).collect::<Vec<_>>(), [quick.id]);
    let over = claim(storage, NOW.plus(LEASE_MS), "other", 100).await;
    assert!(over.iter().any(|it| it.endpoint_id == slow.id), "a dead worker's leases end");
}

pub async fn endpoints_that_fail_have_a_lane_of_their_own(bench: &Bench) {
    let storage = &bench.storage;
    let world = World::new(storage).await;
    let (well, dead) = (stored(storage, endpoint()).await, stored(storage, endpoint()).await);
    tell(&world).await;
    for held in claim(storage, NOW, "me", 10).await {
        let next = if held.endpoint_id == dead.id { DeliveryNext::Again(NOW.plus(5)) } else { DeliveryNext::Delivered };
        assert!(storage.settle_delivery(&held, &attempt(NOW, SERVER_DOWN, next)).await.unwrap());
    }
    assert_eq!((failing_since(storage, &well).await, failing_since(storage, &dead).await), (None, Some(NOW)));
    tell(&world).await;

    let steady = claim(storage, NOW.plus(5), "me", 10).await;
    let failing = claim_in(storage, DeliveryLane::Failing, NOW.plus(5), "me", 10).await;
    assert_eq!(steady.iter().map(|it| it.endpoint_id).collect::<Vec<_>>(), [well.id]);
    assert_eq!(failing.iter().map(|it| it.endpoint_id).collect::<Vec<_>>(), [dead.id, dead.id]);

    assert!(storage.settle_delivery(&failing[0], &attempt(NOW.plus(6), None, DeliveryNext::GivenUp)).await.unwrap());
    assert_eq!(failing_since(storage, &dead).await, Some(NOW), "since the first failure");
    assert!(
        storage.settle_delivery(&failing[1], &attempt(NOW.plus(7), Some(204), DeliveryNext::Delivered)).await.unwrap()
    );
    assert_eq!(failing_since(storage, &dead).await, None);
}

pub async fn an_attempt_is_written_down(bench: &Bench) {
    let storage = &bench.storage;
    let world = World::new(storage).await;
    let endpoint = stored(storage, endpoint()).await;
    tell(&world).await;
    let log = async || storage.deliveries_of(endpoint.id, 10).await.unwrap().remove(0);
    let take = async |now| claim_in(storage, DeliveryLane::Failing, now, "me", 10).await.remove(0);

    let held = claim(storage, NOW, "me", 10).await.remove(0);
    assert!(
        storage.settle_delivery(&held, &attempt(NOW, SERVER_DOWN, DeliveryNext::Again(NOW.plus(5)))).await.unwrap()
    );
    let seen = log().await;
    assert_eq!((seen.attempts, seen.due_at, seen.last_attempt_at), (1, NOW.plus(5), Some(NOW)));
    assert_eq!((seen.last_status, seen.last_error.as_deref()), (SERVER_DOWN, Some("status")));
    assert!(claim_in(storage, DeliveryLane::Failing, NOW.plus(4), "me", 10).await.is_empty(), "not due yet");

    let again = take(NOW.plus(5)).await;
    assert_eq!((again.attempts, again.epoch), (1, 2));
    assert!(storage.settle_delivery(&again, &attempt(NOW.plus(6), None, DeliveryNext::GivenUp)).await.unwrap());
    let seen = log().await;
    assert_eq!((seen.attempts, seen.given_up_at, seen.last_status), (2, Some(NOW.plus(6)), None));
    assert!(claim_in(storage, DeliveryLane::Failing, NOW.plus(99), "me", 10).await.is_empty(), "nobody tries again");

    assert!(storage.resend_delivery(endpoint.id, held.event_id, NOW.plus(7)).await.unwrap());
    let last = take(NOW.plus(7)).await;
    assert_eq!((last.event_id, last.attempts, last.epoch), (held.event_id, 0, 3), "with all attempts before it");
    assert!(!storage.resend_delivery(endpoint.id, held.event_id, NOW.plus(8)).await.unwrap(), "it is under way");
    assert!(storage.settle_delivery(&last, &attempt(NOW.plus(9), Some(200), DeliveryNext::Delivered)).await.unwrap());
    let seen = log().await;
    assert_eq!((seen.attempts, seen.delivered_at, seen.given_up_at), (1, Some(NOW.plus(9)), None));
    assert_eq!((seen.last_status, seen.last_error), (Some(200), None));

    assert!(storage.resend_delivery(endpoint.id, held.event_id, NOW.plus(10)).await.unwrap(), "also what has arrived");
    assert!(!storage.resend_delivery(endpoint.id, fixture::event_id(), NOW).await.unwrap());
}

pub async fn a_late_owner_changes_nothing(bench: &Bench) {
    let storage = &bench.storage;
    let world = World::new(storage).await;
    let endpoint = stored(storage, endpoint()).await;
    tell(&world).await;
    let end = NOW.plus(LEASE_MS);
    let late = claim(storage, NOW, "same-name", 10).await.remove(0);
    assert!(claim(storage, end.plus(-1), "other", 10).await.is_empty(), "somebody has it");
    let other = bench.another().await;
    // The same owner: only the epoch tells the two apart.
    let held = claim(&other, end, "same-name", 10).await.remove(0);
    assert_eq!((held.event_id, held.epoch), (late.event_id, late.epoch + 1));

    let done = attempt(end, Some(200), DeliveryNext::Delivered);
    let again = attempt(end, SERVER_DOWN, DeliveryNext::Again(end));
    let gone = attempt(end, Some(500), DeliveryNext::GivenUp);
    for outcome in [&done, &again, &gone] {
        assert!(!storage.settle_delivery(&late, outcome).await.unwrap());
        let stranger = HeldDelivery { owner: "stranger".to_owned(), ..held.clone() };
        assert!(!storage.settle_delivery(&stranger, outcome).await.unwrap());
    }
    assert_eq!(failing_since(storage, &endpoint).await, None);
    assert!(other.settle_delivery(&held, &done).await.unwrap());
    assert!(!other.settle_delivery(&held, &done).await.unwrap(), "once");
    assert_eq!(storage.deliveries_of(endpoint.id, 10).await.unwrap()[0].attempts, 1);
}

pub async fn a_lease_by_a_wrong_clock_holds_nobody_up(bench: &Bench) {
    let storage = &bench.storage;
    let world = World::new(storage).await;
    stored(storage, endpoint()).await;
    tell(&world).await;
    let wrong = NOW.plus(3_600_000);
    claim(storage, wrong, "wrong", 10).await.remove(0);
    let genuine = wrong.plus(LEASE_MS - LONGEST_LEASE_MS);
    assert!(claim(storage, genuine, "me", 10).await.is_empty(), "could be one of a clock that differs a little");
    assert_eq!(claim(storage, genuine.plus(-1), "me", 10).await.len(), 1);
}

pub async fn a_disabled_endpoint_is_told_nothing(bench: &Bench) {
    let storage = &bench.storage;
    let world = World::new(storage).await;
    let (endpoint, other) = (stored(storage, endpoint()).await, stored(storage, endpoint()).await);
    tell(&world).await;
    let held = claim(storage, NOW, "me", 10).await;
    tell(&world).await;
    let (seq, trail) = (world.change_seq().await, Trail { events: vec![], ..world.trail() });
    let disable = async |reason, since| {
        storage.disable_webhook_endpoint(endpoint.id, reason, NOW.plus(1), since, Some(&trail)).await.unwrap()
    };
    assert!(!disable(DisabledReason::Failing, NOW).await, "it does not fail");
    let mine = held.iter().find(|it| it.endpoint_id == endpoint.id).unwrap();
    assert!(storage.settle_delivery(mine, &attempt(NOW, SERVER_DOWN, DeliveryNext::Again(NOW.plus(5)))).await.unwrap());
    assert!(!disable(DisabledReason::Failing, NOW.plus(-1)).await, "not for so long");
    assert_eq!(world.change_seq().await, seq, "a refused change leaves nothing");
    assert!(disable(DisabledReason::Failing, NOW).await);
    assert!(!disable(DisabledReason::Gone, NOW).await, "the first reason stays");

    let audit = storage.audit_of(world.organization, 1).await.unwrap();
    assert_eq!((world.change_seq().await, audit), (seq + 1, vec![trail.audit.clone()]));
    let read = storage.webhook_endpoint(endpoint.id).await.unwrap().unwrap();
    assert_eq!(read.disabled, Some((NOW.plus(1), DisabledReason::Failing)));
    let log = storage.deliveries_of(endpoint.id, 10).await.unwrap();
    assert!(log.iter().all(|it| it.given_up_at == Some(NOW.plus(1))), "{log:?}");
    assert_eq!(log[0].last_error.as_deref(), Some("endpoint_disabled"));
    assert_eq!(log[1].last_error.as_deref(), Some("status"), "what really happened stays known");
    tell(&world).await;
    assert_eq!(storage.deliveries_of(endpoint.id, 10).await.unwrap().len(), 2);
    assert_eq!(storage.deliveries_of(other.id, 10).await.unwrap().len(), 3);
    assert!(!storage.resend_delivery(endpoint.id, log[0].event_id, NOW.plus(99_000)).await.unwrap());

    assert!(storage.enable_webhook_endpoint(endpoint.id, None).await.unwrap());
    assert!(!storage.enable_webhook_endpoint(endpoint.id, None).await.unwrap());
    let read = storage.webhook_endpoint(endpoint.id).await.unwrap().unwrap();
    assert_eq!((read.disabled, read.failing_since), (None, None));
    assert!(storage.resend_delivery(endpoint.id, log[0].event_id, NOW).await.unwrap());
}

pub async fn a_removed_endpoint_takes_its_deliveries_along(bench: &Bench) {
    let storage = &bench.storage;
    let world = World::new(storage).await;
    let (one, two) = (stored(storage, endpoint()).await, stored(storage, endpoint()).await);
    tell(&world).await;
    let held = claim(storage, NOW, "me", 10).await;
    assert!(storage.remove_webhook_endpoint(one.id, None).await.unwrap());
    assert!(!storage.remove_webhook_endpoint(one.id, None).await.unwrap());
    assert_eq!(storage.webhook_endpoints(None).await.unwrap(), [two]);
    assert_eq!(bench.number("SELECT count(*) FROM webhook_deliveries").await, 1);
    for held in held {
        let left = held.endpoint_id != one.id;
        let done = attempt(NOW, Some(200), DeliveryNext::Delivered);
        assert_eq!(storage.settle_delivery(&held, &done).await.unwrap(), left);
    }
    storage.forget_connections().await.unwrap();
    assert_eq!(bench.number("SELECT count(*) FROM webhook_deliveries").await, 0);
    assert_eq!(storage.webhook_endpoints(None).await.unwrap().len(), 1);
}

/// An event must not fail because an endpoint goes at that moment.
pub async fn events_and_removals_at_once_do_not_disturb_each_other(bench: &Bench) {
    const ROUNDS: usize = 25;
    let storage = &bench.storage;
    let world = World::new(storage).await;
    let other = bench.another().await;
    for _ in 0..ROUNDS {
        let endpoint = stored(storage, endpoint()).await;
        let trail = world.trail();
        let (told, removed) =
            tokio::join!(storage.append_audit(&trail), other.remove_webhook_endpoint(endpoint.id, None));
        told.unwrap();
        assert!(removed.unwrap());
    }
    assert_eq!(bench.number("SELECT count(*) FROM webhook_deliveries").await, 0);
}

/// Several processes claim while others still tell: each delivery goes to one.
pub async fn of_claimers_at_once_each_delivery_goes_to_one(bench: &Bench) {
    const EVENTS: usize = 30;
    const ENDPOINTS: usize = 3;
    let world = World::new(&bench.storage).await;
    for _ in 0..ENDPOINTS {
        stored(&bench.storage, endpoint()).await;
    }
    let storages = [bench.another().await, bench.another().await];
    let delivered = Arc::new(Mutex::new(BTreeMap::new()));
    let count = |map: &BTreeMap<_, usize>| map.values().sum::<usize>();
    let claimers: Vec<_> = (0..6)
        .map(|number| {
            let (storage, delivered) = (Arc::clone(&storages[number % 2]), Arc::clone(&delivered));
            tokio::spawn(async move {
                let owner = format!("claimer-{number}");
                while count(&delivered.lock().unwrap()) < EVENTS * ENDPOINTS {
                    for held in claim(&storage, NOW, &owner, 5).await {
                        let done = attempt(NOW, Some(200), DeliveryNext::Delivered);
                        assert!(storage.settle_delivery(&held, &done).await.unwrap());
                        *delivered.lock().unwrap().entry((held.endpoint_id, held.event_id)).or_default() += 1;
                    }
                    tokio::task::yield_now().await;
                }
            })
        })
        .collect();
    for _ in 0..EVENTS {
        tell(&world).await;
    }
    for claimer in claimers {
        tokio::time::timeout(Duration::from_secs(60), claimer).await.unwrap().unwrap();
    }
    assert!(delivered.lock().unwrap().values().all(|times| *times == 1));
}
