//! Events on their way to the platform: signed, each once, on the standard's schedule.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
    time::Duration,
};

use async_trait::async_trait;
use http::{HeaderMap, HeaderValue};
use lifecycle::{
    DisabledReason, Timestamp,
    clock::{DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS},
    ids::{EventId, WebhookEndpointId},
};
use renewal::{EndpointOwner, Error, Notify, Renova, SentStatus, WebhookFailure, WebhookMessage, WebhookSender};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};
use standardwebhooks::Webhook;
use store::{DeliveryLane, HeldDelivery, WebhookDelivery};

use crate::support::{Setup, World};

const URL: &str = "https://platform.example.com/webhooks";
/// What chance may add to a wait, of the wait.
const JITTER: i64 = 20;

type Answer = Result<SentStatus, WebhookFailure>;

/// Endpoints that write down what they take, and answer as they are told.
#[derive(Default)]
struct Endpoints {
    posts: Mutex<Vec<(String, WebhookMessage)>>,
    answers: Mutex<HashMap<String, Answer>>,
}

#[async_trait]
impl WebhookSender for Endpoints {
    async fn post(&self, url: &str, message: &WebhookMessage) -> Answer {
        tokio::task::yield_now().await;
        self.posts.lock().unwrap().push((url.to_owned(), message.clone()));
        self.answers.lock().unwrap().get(url).copied().unwrap_or_else(|| status(204))
    }
}

impl Endpoints {
    fn answer(&self, url: &str, answer: Answer) {
        self.answers.lock().unwrap().insert(url.to_owned(), answer);
    }

    /// What has come since the last look.
    fn taken(&self) -> Vec<WebhookMessage> {
        std::mem::take(&mut *self.posts.lock().unwrap()).into_iter().map(|(_, message)| message).collect()
    }
}

fn status(status: u16) -> Answer {
    Ok(SentStatus { status, retry_after_ms: None })
}

struct Told {
    world: World,
    endpoints: Arc<Endpoints>,
    id: WebhookEndpointId,
    secret: SecretString,
}

impl Told {
    async fn new() -> Self {
        Self::by(Notify::default()).await
    }

    async fn by(notify: Notify) -> Self {
        let endpoints = Arc::new(Endpoints::default());
        let setup = Setup { webhooks: Some(endpoints.clone()), notify, ..Setup::default() };
        let world = World::with(setup).await;
        let added = world.renova.add_webhook_endpoint(EndpointOwner::PLATFORM, URL, "Plataforma").await.unwrap();
        Self { world, endpoints, id: added.id, secret: added.secret }
    }

    fn renova(&self) -> &Renova {
        &self.world.renova
    }

    /// Something happens of which the platform learns.
    async fn happens(&self) -> EventId {
        self.renova().test_webhook(EndpointOwner::PLATFORM, self.id).await.unwrap()
    }

    async fn log(&self) -> Vec<WebhookDelivery> {
        self.renova().webhook_deliveries(EndpointOwner::PLATFORM, self.id, 100).await.unwrap()
    }

    async fn delivery(&self, event: EventId) -> WebhookDelivery {
        self.log().await.into_iter().find(|it| it.event_id == event).unwrap()
    }

    async fn claimed(&self) -> Vec<HeldDelivery> {
        claimed(self.renova()).await
    }
}

async fn claimed(renova: &Renova) -> Vec<HeldDelivery> {
    let mut all = Vec::new();
    for lane in [DeliveryLane::Steady, DeliveryLane::Failing] {
        all.extend(renova.claim_webhooks(lane, 100).await.unwrap());
    }
    all
}

/// All that is due.
pub async fn deliver(renova: &Renova) {
    loop {
        let claimed = claimed(renova).await;
        if claimed.is_empty() {
            return;
        }
        for held in claimed {
            renova.send_webhook(held).await.unwrap();
        }
    }
}

/// By the standard's own library; it looks at real time, so the instant is only shown to be signed.
fn verifies(secret: &SecretString, message: &WebhookMessage) -> bool {
    let webhook = Webhook::new(secret.expose_secret()).unwrap();
    let made = webhook.sign(&message.id, message.timestamp, message.body.as_bytes()).unwrap();
    message.signature.split(' ').any(|signature| signature == made)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_renewal_is_told_signed_to_every_endpoint() {
    let told = Told::new().await;
    let other = told
        .renova()
        .add_webhook_endpoint(EndpointOwner::PLATFORM, "https://other.example.com:8443/", "")
        .await
        .unwrap();
    let connection = told.world.connected("aurora", "Ana Souza", 5).await;
    let who = told.world.signed_in("Ana").await;
    told.renova().disconnect(&who, connection, "Ana Souza").await.unwrap();
    deliver(told.renova()).await;

    let posts = std::mem::take(&mut *told.endpoints.posts.lock().unwrap());
    let to = |url: &str| posts.iter().find(|(to, _)| to.starts_with(url)).map(|(_, message)| message).unwrap();
    let (here, there) = (to(URL), to("https://other"));
    assert_eq!((posts.len(), &here.id, &here.body), (2, &there.id, &there.body), "one event, one id");
    assert!(verifies(&told.secret, here) && verifies(&other.secret, there));
    assert!(!verifies(&other.secret, here) && !verifies(&told.secret, there), "each its own secret");
    assert_eq!(here.timestamp, told.renova().wall_now().0 / 1000);
    let body: Value = serde_json::from_str(&here.body).unwrap();
    assert_eq!(body["type"], "connection.disconnected");
    assert_eq!(body["data"]["organization"], json!({"external_id": "ext-aurora", "name": "Loja Aurora"}));
    assert!(body["timestamp"].as_str().unwrap().ends_with('Z') && here.body.len() < 20_000);
    let log = told.log().await;
    assert_eq!((log.len(), log[0].event_id.to_string()), (1, here.id.clone()));
    assert_eq!((log[0].attempts, log[0].last_status), (1, Some(204)));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_signed_is_accepted_by_the_standards_library_and_nothing_else() {
    let told = Told::new().await;
    // The library looks at real time, and has no other.
    let real = std::fs::metadata(told.world.folder.path()).unwrap().modified().unwrap();
    let real = i64::try_from(real.duration_since(std::time::UNIX_EPOCH).unwrap().as_millis()).unwrap();
    told.world.pass(real - told.renova().wall_now().0);
    told.happens().await;
    deliver(told.renova()).await;
    let message = told.endpoints.taken().remove(0);
    let headers = |message: &WebhookMessage| {
        let value = |text: &str| HeaderValue::from_str(text).unwrap();
        HeaderMap::from_iter([
            ("webhook-id".parse().unwrap(), value(&message.id)),
            ("webhook-timestamp".parse().unwrap(), value(&message.timestamp.to_string())),
            ("webhook-signature".parse().unwrap(), value(&message.signature)),
        ])
    };
    let webhook = Webhook::new(told.secret.expose_secret()).unwrap();
    let accepts = |message: &WebhookMessage| webhook.verify(message.body.as_bytes(), &headers(message)).is_ok();
    assert!(accepts(&message));
    assert!(!accepts(&WebhookMessage {
        body: message.body.replace("webhook.test", "webhook.tesT"),
        ..message.clone()
    }));
    assert!(!accepts(&WebhookMessage { id: EventId::new(Timestamp(1), [0; 10]).to_string(), ..message.clone() }));
    assert!(!accepts(&WebhookMessage { timestamp: message.timestamp + 1, ..message.clone() }));
    assert!(!accepts(&WebhookMessage { timestamp: message.timestamp - 600, ..message }));
}

#[tokio::test(flavor = "multi_thread")]
async fn it_is_tried_on_the_standards_schedule_and_then_given_up() {
    let told = Told::new().await;
    told.endpoints.answer(URL, Err(WebhookFailure::Unreachable));
    let event = told.happens().await;
    let start = told.renova().wall_now();
    deliver(told.renova()).await;
    let mut signatures = vec![told.endpoints.taken().remove(0).signature];
    let waits = [
        5 * SECOND_MS,
        5 * MINUTE_MS,
        30 * MINUTE_MS,
        2 * HOUR_MS,
        5 * HOUR_MS,
        10 * HOUR_MS,
        14 * HOUR_MS,
        20 * HOUR_MS,
        24 * HOUR_MS,
    ];
    for (number, wait) in (1..).zip(waits) {
        let delivery = told.log().await.remove(0);
        assert_eq!((delivery.attempts, delivery.given_up_at), (number, None));
        assert_eq!(delivery.last_error.as_deref(), Some("unreachable"));
        let planned = delivery.due_at.since(told.renova().wall_now());
        assert!(wait <= planned && planned <= wait + wait / JITTER, "{number}: {planned} for {wait}");
        told.world.pass(planned - 1);
        deliver(told.renova()).await;
        assert!(told.endpoints.taken().is_empty(), "{number}: not a moment too early");
        told.world.pass(1);
        deliver(told.renova()).await;
        let [message] = told.endpoints.taken().try_into().unwrap();
        assert_eq!(message.id, event.to_string(), "the same id");
        signatures.push(message.signature);
    }
    let delivery = told.log().await.remove(0);
    assert_eq!((delivery.attempts, delivery.given_up_at), (10, Some(told.renova().wall_now())));
    assert!(told.renova().wall_now().since(start) >= 75 * HOUR_MS + 35 * MINUTE_MS + 5 * SECOND_MS);
    signatures.sort();
    signatures.dedup();
    assert_eq!(signatures.len(), 10, "each attempt has an instant of its own");
    told.world.pass(30 * DAY_MS);
    deliver(told.renova()).await;
    assert!(told.endpoints.taken().is_empty());

    told.endpoints.answer(URL, status(200));
    told.renova().resend_webhook(EndpointOwner::PLATFORM, told.id, event).await.unwrap();
    deliver(told.renova()).await;
    assert_eq!(told.endpoints.taken()[0].id, event.to_string());
    assert!(told.log().await[0].delivered_at.is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_endpoint_may_ask_for_more_time() {
    let told = Told::new().await;
    let asks = |ms| Ok(SentStatus { status: 503, retry_after_ms: Some(ms) });
    for (asked, least, most) in
        [(HOUR_MS, HOUR_MS, HOUR_MS), (1, 5 * SECOND_MS, 6 * SECOND_MS), (i64::MAX, DAY_MS, DAY_MS)]
    {
        told.endpoints.answer(URL, asks(asked));
        let event = told.happens().await;
        deliver(told.renova()).await;
        let delivery = told.delivery(event).await;
        let wait = delivery.due_at.since(told.renova().wall_now());
        assert!((least..=most).contains(&wait), "{asked}: {wait}");
        assert_eq!((delivery.last_status, delivery.last_error.as_deref()), (Some(503), Some("status")));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_redirect_is_not_followed_and_not_taken() {
    let told = Told::new().await;
    for (answer, word) in [
        (status(302), "redirect"),
        (status(404), "status"),
        (Err(WebhookFailure::TimedOut), "timed_out"),
        (Err(WebhookFailure::AddressRefused), "address_refused"),
    ] {
        told.endpoints.answer(URL, answer);
        let event = told.happens().await;
        deliver(told.renova()).await;
        let newest = told.delivery(event).await;
        assert_eq!((newest.last_error.as_deref(), newest.delivered_at), (Some(word), None));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_answers_gone_is_told_nothing_any_more() {
    let told = Told::new().await;
    told.endpoints.answer(URL, status(410));
    told.happens().await;
    told.happens().await;
    let held = told.claimed().await;
    told.renova().send_webhook(held[0].clone()).await.unwrap();
    let endpoint = told.renova().webhook_endpoints(EndpointOwner::PLATFORM).await.unwrap().remove(0);
    assert_eq!(endpoint.disabled, Some((told.renova().wall_now(), DisabledReason::Gone)));
    assert_eq!(told.endpoints.taken().len(), 1);
    // Another one was claimed before: it is not sent.
    told.renova().send_webhook(held[1].clone()).await.unwrap();
    assert!(told.endpoints.taken().is_empty());
    let log = told.log().await;
    assert!(log.iter().all(|it| it.given_up_at.is_some()));
    let mut words: Vec<_> = log.iter().filter_map(|it| it.last_error.as_deref()).collect();
    words.sort_unstable();
    assert_eq!(words, ["endpoint_disabled", "gone"]);

    let organization = told.renova().storage().first_organization().await.unwrap().unwrap();
    let audit = told.renova().storage().audit_of(organization.id, 1).await.unwrap().remove(0);
    assert_eq!((audit.action.as_str(), audit.subject), ("webhook.disabled", told.id.to_string()));
    let refused = [
        told.renova().test_webhook(EndpointOwner::PLATFORM, told.id).await.unwrap_err(),
        told.renova().resend_webhook(EndpointOwner::PLATFORM, told.id, log[0].event_id).await.unwrap_err(),
    ];
    assert!(refused.iter().all(|error| matches!(error, Error::Invalid { field: "endpoint", .. })), "{refused:?}");

    told.endpoints.answer(URL, status(200));
    told.renova().enable_webhook_endpoint(EndpointOwner::PLATFORM, told.id).await.unwrap();
    told.happens().await;
    deliver(told.renova()).await;
    assert_eq!(told.endpoints.taken().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_takes_nothing_for_five_days_is_told_nothing_any_more() {
    let told = Told::new().await;
    told.endpoints.answer(URL, status(500));
    let disabled = async || told.renova().webhook_endpoints(EndpointOwner::PLATFORM).await.unwrap().remove(0).disabled;
    told.happens().await;
    deliver(told.renova()).await;
    for _ in 0..5 {
        told.world.pass(DAY_MS - 1);
        told.happens().await;
        deliver(told.renova()).await;
        assert_eq!(disabled().await, None);
    }
    // One that arrives, and it begins anew.
    told.endpoints.answer(URL, status(200));
    told.happens().await;
    deliver(told.renova()).await;
    told.endpoints.answer(URL, status(500));
    told.world.pass(DAY_MS);
    told.happens().await;
    deliver(told.renova()).await;
    assert_eq!(disabled().await, None);
    told.world.pass(5 * DAY_MS);
    told.happens().await;
    deliver(told.renova()).await;
    assert_eq!(disabled().await.unwrap().1, DisabledReason::Failing);
    let before = told.log().await;
    assert!(before.iter().all(|it| it.delivered_at.is_some() || it.given_up_at.is_some()), "{before:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn for_a_day_both_secrets_sign() {
    let told = Told::new().await;
    let second = told.renova().rotate_webhook_secret(EndpointOwner::PLATFORM, told.id).await.unwrap();
    assert_ne!(second.expose_secret(), told.secret.expose_secret());
    let sent = async || {
        told.happens().await;
        deliver(told.renova()).await;
        told.endpoints.taken().remove(0)
    };
    told.world.pass(DAY_MS - 1);
    let both = sent().await;
    assert!(verifies(&second, &both) && verifies(&told.secret, &both));
    assert_eq!(both.signature.split(' ').count(), 2);
    told.world.pass(1);
    let one = sent().await;
    assert!(verifies(&second, &one) && !verifies(&told.secret, &one));

    let third = told.renova().rotate_webhook_secret(EndpointOwner::PLATFORM, told.id).await.unwrap();
    let fourth = told.renova().rotate_webhook_secret(EndpointOwner::PLATFORM, told.id).await.unwrap();
    let newest = sent().await;
    assert!(verifies(&fourth, &newest) && verifies(&third, &newest) && !verifies(&second, &newest), "two, not more");
    let stored = std::fs::read(told.world.folder.path().join("renova.db-wal")).unwrap();
    let bare = fourth.expose_secret().trim_start_matches("whsec_").as_bytes();
    assert!(!stored.windows(bare.len()).any(|window| window == bare), "sealed");
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_after_sending_it_comes_again_under_the_same_id() {
    let told = Told::new().await;
    let event = told.happens().await;
    let held = told.claimed().await.remove(0);
    // Sent, and the process dies before it is written down.
    told.endpoints.taken();
    let Told { world, endpoints, id, secret } = told;
    let told = Told { world: world.restarted().await, endpoints, id, secret };
    deliver(told.renova()).await;
    assert!(told.endpoints.taken().is_empty(), "somebody has it");
    told.world.pass(20 * SECOND_MS);
    deliver(told.renova()).await;
    let again = told.endpoints.taken();
    assert_eq!(again.iter().map(|it| it.id.clone()).collect::<Vec<_>>(), [event.to_string()]);
    // The dead one comes back to life: it may send, but writes nothing.
    told.endpoints.answer(URL, status(410));
    told.renova().send_webhook(held).await.unwrap();
    let log = told.log().await;
    assert_eq!((log[0].attempts, log[0].last_status), (1, Some(204)));
    assert_eq!(told.renova().webhook_endpoints(EndpointOwner::PLATFORM).await.unwrap()[0].disabled, None);
    deliver(told.renova()).await;
    assert_eq!(told.endpoints.taken().len(), 1, "only the late one's own");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_processes_each_event_is_sent_by_one() {
    let told = Told::new().await;
    let mut events = Vec::new();
    for _ in 0..30 {
        events.push(told.happens().await.to_string());
    }
    let other = told.world.another_process().await;
    tokio::join!(deliver(told.renova()), deliver(&other), deliver(told.renova()), deliver(&other));
    let mut taken: Vec<_> = told.endpoints.taken().into_iter().map(|it| it.id).collect();
    taken.sort();
    events.sort();
    assert_eq!(taken, events);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_that_is_well_is_first_in_its_lane_however_many_are_dead() {
    let told = Told::new().await;
    for number in 0..40 {
        let url = format!("https://dead-{number}.example.com/");
        told.endpoints.answer(&url, Err(WebhookFailure::TimedOut));
        let added = told.renova().add_webhook_endpoint(EndpointOwner::PLATFORM, &url, "").await.unwrap();
        for _ in 0..3 {
            told.renova().test_webhook(EndpointOwner::PLATFORM, added.id).await.unwrap();
        }
    }
    deliver(told.renova()).await;
    told.endpoints.taken();
    told.world.pass(DAY_MS);
    let event = told.happens().await;
    let steady = told.renova().claim_webhooks(DeliveryLane::Steady, 1).await.unwrap();
    assert_eq!(steady.iter().map(|it| it.event_id).collect::<Vec<_>>(), [event], "first, however much waits");
    assert_eq!(told.renova().claim_webhooks(DeliveryLane::Failing, 7).await.unwrap().len(), 7);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_told_is_refused_with_its_field() {
    let told = Told::new().await;
    let renova = told.renova();
    for url in ["http://platform.example.com/", "https://10.0.0.1/", "https://platform.example.com:22/", "nonsense"] {
        let refused = renova.add_webhook_endpoint(EndpointOwner::PLATFORM, url, "").await.unwrap_err();
        assert!(matches!(refused, Error::Invalid { field: "url", .. }), "{url}: {refused}");
    }
    let refused = renova.add_webhook_endpoint(EndpointOwner::PLATFORM, URL, &"á".repeat(201)).await.unwrap_err();
    assert!(matches!(refused, Error::Invalid { field: "description", .. }), "{refused}");
    renova
        .add_webhook_endpoint(EndpointOwner::PLATFORM, "http://127.0.0.1:9000/", "this machine, as Renova itself")
        .await
        .unwrap();
    assert_eq!(renova.webhook_endpoints(EndpointOwner::PLATFORM).await.unwrap().len(), 2);

    let nobody = WebhookEndpointId::new(Timestamp(1), [9; 10]);
    assert!(matches!(renova.rotate_webhook_secret(EndpointOwner::PLATFORM, nobody).await, Err(Error::NotFound)));
    assert!(matches!(renova.test_webhook(EndpointOwner::PLATFORM, nobody).await, Err(Error::NotFound)));
    assert!(matches!(renova.webhook_deliveries(EndpointOwner::PLATFORM, nobody, 1).await, Err(Error::NotFound)));
    assert!(matches!(renova.remove_webhook_endpoint(EndpointOwner::PLATFORM, nobody).await, Err(Error::NotFound)));
    let unknown = EventId::new(Timestamp(1), [9; 10]);
    assert!(matches!(renova.resend_webhook(EndpointOwner::PLATFORM, told.id, unknown).await, Err(Error::NotFound)));
    let event = told.happens().await;
    told.claimed().await;
    assert!(
        matches!(renova.resend_webhook(EndpointOwner::PLATFORM, told.id, event).await, Err(Error::Conflict)),
        "under way"
    );
    renova.remove_webhook_endpoint(EndpointOwner::PLATFORM, told.id).await.unwrap();
    assert!(matches!(renova.webhook_deliveries(EndpointOwner::PLATFORM, told.id, 1).await, Err(Error::NotFound)));
    tokio::time::timeout(Duration::from_secs(5), deliver(renova)).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn in_shadow_events_are_kept_and_none_leaves() {
    for (notify, leaves) in [(Notify::Shadow, false), (Notify::Renova, true), (Notify::Platform, true)] {
        let told = Told::by(notify).await;
        let id = told.world.connected("aurora", "Ana Souza", 40).await;
        let ana = told.world.signed_in("Ana").await;
        told.renova().disconnect(&ana, id, "Ana Souza").await.unwrap();
        deliver(told.renova()).await;
        assert_eq!(!told.endpoints.taken().is_empty(), leaves, "{notify:?}");
        assert!(told.world.count_of_events(&ana, "connection.disconnected").await == 1, "{notify:?}: it is kept");
    }
}
