//! Notifications on their way to the platform: the same bytes, the same signature, in order for each
//! account, each once.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
};

use async_trait::async_trait;
use lifecycle::clock::{HOUR_MS, MINUTE_MS};
use renewal::{ForwardFailure, Forwarder, Renova, Source};

use crate::{
    dialogs::{AURORA, BOREAL},
    signing::{message, signature},
    support::{APP_SECRET, Setup, World},
};

/// A platform that writes down what it takes.
#[derive(Default)]
struct Platform {
    taken: Mutex<Vec<(Vec<u8>, Option<String>)>>,
    /// Bodies with this text are not taken so many times.
    refuses: Mutex<VecDeque<(&'static str, ForwardFailure)>>,
}

#[async_trait]
impl Forwarder for Platform {
    async fn forward(&self, body: Vec<u8>, signature: Option<&str>) -> Result<(), ForwardFailure> {
        // Another one gets its turn while this one is on its way.
        tokio::task::yield_now().await;
        let text = String::from_utf8_lossy(&body).into_owned();
        let mut refuses = self.refuses.lock().unwrap();
        if let Some(at) = refuses.iter().position(|(wanted, _)| text.contains(wanted)) {
            return Err(refuses.remove(at).unwrap().1);
        }
        self.taken.lock().unwrap().push((body, signature.map(str::to_owned)));
        Ok(())
    }
}

impl Platform {
    fn bodies(&self) -> Vec<Vec<u8>> {
        self.taken.lock().unwrap().iter().map(|(body, _)| body.clone()).collect()
    }

    fn refuse(&self, text: &'static str, failure: ForwardFailure, times: usize) {
        self.refuses.lock().unwrap().extend(std::iter::repeat_n((text, failure), times));
    }
}

async fn with_platform() -> (World, Arc<Platform>) {
    let platform = Arc::new(Platform::default());
    let setup = Setup { forwarder: Some(platform.clone()), ..Setup::default() };
    (World::with(setup).await, platform)
}

async fn take(world: &World, body: &[u8]) {
    let signature = signature(APP_SECRET, body);
    world.renova.take_notification(body, Some(&signature), Source::Meta).await.unwrap();
}

async fn pass_on(renova: &Renova) {
    while renova.forward_what_is_due().await.unwrap() {}
}

async fn waiting(world: &World) -> i64 {
    world.renova.storage().forwards_waiting().await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_bytes_with_the_same_signature() {
    let (world, platform) = with_platform().await;
    // Spaces, escapes and bytes of any kind: a signature is over the bytes as they came.
    let odd = b"{ \"object\" : \"page\",\n \"entry\":[ ], \"x\":\"\\u00e1\\/\", \"x\": 1.50 }".to_vec();
    let unreadable = vec![0xff, 0x00, b'{', 0x80];
    let bodies = [message("page", AURORA, "m_1", world.renova.now().0), odd, unreadable];
    for body in &bodies {
        take(&world, body).await;
    }
    assert_eq!(waiting(&world).await, 3, "durable before they are acknowledged");
    let stored = std::fs::read(world.folder.path().join("renova.db-wal")).unwrap();
    assert!(!stored.windows(12).any(|window| window == b"vestido azul"), "and sealed");
    pass_on(&world.renova).await;
    let mut taken = platform.taken.lock().unwrap().clone();
    taken.sort();
    let mut expected: Vec<_> = bodies.iter().map(|body| (body.clone(), Some(signature(APP_SECRET, body)))).collect();
    expected.sort();
    assert_eq!(taken, expected);
    assert_eq!(waiting(&world).await, 0, "gone as soon as the platform has them");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_platform_itself_passes_in_does_not_go_back_to_it() {
    let (world, platform) = with_platform().await;
    let body = message("page", AURORA, "m_1", world.renova.now().0);
    let signed = signature(APP_SECRET, &body);
    world.renova.take_notification(&body, Some(&signed), Source::Platform).await.unwrap();
    pass_on(&world.renova).await;
    assert_eq!((waiting(&world).await, platform.bodies().len()), (0, 0));
    assert!(world.renova.take_notification(&body, Some("sha256=00"), Source::Meta).await.is_err());
    assert_eq!(waiting(&world).await, 0, "what is not signed is not passed on");
}

#[tokio::test(flavor = "multi_thread")]
async fn one_that_fails_holds_up_its_own_account_and_no_other() {
    let (world, platform) = with_platform().await;
    let now = world.renova.now().0;
    let [first, second, third] = ["m_first", "m_second", "m_third"].map(|mid| message("page", AURORA, mid, now));
    let other = message("page", BOREAL, "m_other", now);
    platform.refuse("m_first", ForwardFailure::Status(503), 2);
    platform.refuse("m_first", ForwardFailure::Unreachable, 1);
    for body in [&first, &second, &other, &third] {
        take(&world, body).await;
    }
    pass_on(&world.renova).await;
    assert_eq!(platform.bodies().first(), Some(&other));
    for _ in 0..4 {
        world.pass(15 * MINUTE_MS);
        pass_on(&world.renova).await;
    }
    assert_eq!(platform.bodies(), [other, first, second, third], "in the order in which they came");
    assert_eq!(waiting(&world).await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn it_is_tried_for_36_hours_and_then_given_up() {
    let (world, platform) = with_platform().await;
    let (lost, kept) = (message("page", AURORA, "m_lost", 1), message("page", AURORA, "m_kept", 2));
    platform.refuse("m_lost", ForwardFailure::Status(500), usize::from(u16::MAX));
    take(&world, &lost).await;
    for _ in 0..35 {
        world.pass(HOUR_MS);
        pass_on(&world.renova).await;
    }
    take(&world, &kept).await;
    pass_on(&world.renova).await;
    assert_eq!((waiting(&world).await, platform.bodies().len()), (2, 0), "behind the one that came first");
    world.pass(2 * HOUR_MS);
    pass_on(&world.renova).await;
    assert_eq!(platform.bodies(), [kept]);
    assert_eq!(waiting(&world).await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_processes_deliver_each_body_once_and_in_order() {
    let (world, platform) = with_platform().await;
    let accounts: Vec<String> = (0..5).map(|number| format!("10000000000000{number}")).collect();
    let mut expected = Vec::new();
    for number in 0..60 {
        let body = message("page", &accounts[number % 5], &format!("m_{number}"), world.renova.now().0);
        take(&world, &body).await;
        expected.push(body);
    }
    let other = world.another_process().await;
    tokio::join!(pass_on(&world.renova), pass_on(&other), pass_on(&world.renova), pass_on(&other));
    // Whoever found nothing free may have stopped before the others' last ones were done.
    pass_on(&world.renova).await;
    let taken = platform.bodies();
    assert_eq!(taken.len(), expected.len(), "each once");
    for account in &accounts {
        let of_account = |bodies: &[Vec<u8>]| -> Vec<Vec<u8>> {
            let is_of = |body: &&Vec<u8>| String::from_utf8_lossy(body).contains(account.as_str());
            bodies.iter().filter(is_of).cloned().collect()
        };
        assert_eq!(of_account(&taken), of_account(&expected), "{account}");
    }
    assert_eq!(waiting(&world).await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_process_has_left_lying_is_taken_up_by_the_next() {
    let (world, platform) = with_platform().await;
    let body = message("page", AURORA, "m_1", world.renova.now().0);
    take(&world, &body).await;
    let now = world.renova.wall_now();
    let storage = world.renova.storage();
    let held = storage.claim_forwards(now, "a-process-that-died", now.plus(30_000), 10).await.unwrap();
    assert_eq!(held.len(), 1);
    pass_on(&world.renova).await;
    assert_eq!(platform.bodies().len(), 0, "somebody has it");
    world.pass(31_000);
    let world = world.restarted().await;
    pass_on(&world.renova).await;
    assert_eq!(platform.bodies(), [body]);
    assert!(!world.renova.storage().complete_forward(held[0].seq, "a-process-that-died").await.unwrap());
}
