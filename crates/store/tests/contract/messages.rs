//! What is kept of messages: that they came, and when.

use std::sync::Arc;

use lifecycle::{ChannelKind, Timestamp};
use store::{Channel, ConnectionCommit, MessageMark, StoreError};

use crate::{
    bench::Bench,
    fixture::{self, NOW, World, delivery, mark, next_version},
};

async fn marks(bench: &Bench) -> i64 {
    bench.number("SELECT count(*) FROM message_marks").await
}

pub async fn a_message_is_marked_once(bench: &Bench) {
    let storage = &bench.storage;
    assert!(storage.record_deliveries(&[]).await.unwrap().is_empty());
    let [one, two, three] = [mark("a", NOW), mark("a", NOW), MessageMark { kind: "echo".to_owned(), ..mark("b", NOW) }];
    let batch = [
        delivery(vec![one.clone(), two.clone(), one.clone()]),
        delivery(Vec::new()),
        delivery(vec![two.clone(), three.clone()]),
    ];
    assert_eq!(storage.record_deliveries(&batch).await.unwrap(), [2, 0, 1]);
    assert_eq!(storage.record_deliveries(&batch).await.unwrap(), [0, 0, 0]);
    let mixed = [delivery(vec![three, mark("b", NOW)])];
    assert_eq!(storage.record_deliveries(&mixed).await.unwrap(), [1]);
    assert_eq!(marks(bench).await, 4);
    let whole = format!(
        "SELECT count(*) FROM message_marks WHERE account_id = 'a' AND kind = 'message' AND at = {} AND received_at = {}",
        NOW.0, one.received_at.0
    );
    assert_eq!(bench.number(&whole).await, 2);
}

pub async fn an_incoming_message_is_seen_on_every_channel_of_its_account(bench: &Bench) {
    let storage = &bench.storage;
    let (world, other) = (World::new(storage).await, World::new(storage).await);
    let mut commits = [world.commit(), other.commit()];
    let (account, quiet) = ("page-of-both", "account-that-only-sends");
    for commit in &mut commits {
        account.clone_into(&mut commit.channels[0].account_id);
        commit.channels[0].last_message_at = None;
    }
    quiet.clone_into(&mut commits[1].channels[1].account_id);
    commits[0].channels[1].last_message_at = Some(NOW.plus(2));
    storage.commit_connection(&commits[0], &world.trail()).await.unwrap();
    assert_eq!(storage.newest_message_at().await.unwrap(), Some(NOW.plus(2)));
    storage.commit_connection(&commits[1], &other.trail()).await.unwrap();
    let seqs = [world.change_seq().await, other.change_seq().await];
    let instagram = commits[0].channels[1].account_id.clone();
    let known = mark(account, NOW.plus(60));

    let seen = async || {
        let ours = storage.channels_of(world.organization).await.unwrap();
        let theirs = storage.channels_of(other.organization).await.unwrap();
        let times = [&ours[0], &ours[1], &theirs[0], &theirs[1]].map(|channel| channel.last_message_at);
        (times, [ours, theirs])
    };
    let echo = MessageMark { is_incoming: false, ..mark(quiet, NOW.plus(99)) };
    let batch = [
        delivery(vec![known.clone(), mark(account, NOW.plus(50)), echo]),
        delivery(vec![mark("unknown", NOW.plus(98))]),
    ];
    storage.record_deliveries(&batch).await.unwrap();
    let raised = Some(NOW.plus(60));
    assert_eq!(seen().await.0, [raised, Some(NOW.plus(2)), raised, Some(NOW.plus(15))]);

    // Neither an older message nor one that is known moves it.
    let again = MessageMark { at: NOW.plus(90), ..known };
    storage.record_deliveries(&[delivery(vec![again, mark(account, NOW.plus(1))])]).await.unwrap();
    storage.record_deliveries(&[delivery(vec![mark(&instagram, NOW.plus(70))])]).await.unwrap();
    let (times, channels) = seen().await;
    assert_eq!(times, [raised, Some(NOW.plus(70)), raised, Some(NOW.plus(15))]);
    assert_eq!(storage.newest_message_at().await.unwrap(), Some(NOW.plus(70)));

    assert_eq!([world.change_seq().await, other.change_seq().await], seqs);
    for (commit, stored) in commits.into_iter().zip(channels) {
        let untouched = |channel: &Channel| Channel { last_message_at: None, ..channel.clone() };
        let expected: Vec<_> = commit.channels.iter().map(untouched).collect();
        assert_eq!(stored.iter().map(untouched).collect::<Vec<_>>(), expected, "nothing else changes");
    }
}

pub async fn deliveries_are_recorded_together_or_not_at_all(bench: &Bench) {
    let storage = &bench.storage;
    let world = World::new(storage).await;
    let commit = world.stored_commit().await;
    let before = world.picture().await;
    let account = commit.channels[0].account_id.as_str();
    // The very last statement fails.
    bench.execute("DROP TABLE forward_accounts").await;
    let mut last = delivery(vec![mark(account, NOW.plus(99))]);
    last.forward = Some(fixture::forward(&[account], NOW));
    let refused = storage.record_deliveries(&[delivery(vec![mark(account, NOW.plus(99))]), last]).await;
    assert!(matches!(refused, Err(StoreError::Other(_))), "{refused:?}");
    assert_eq!(marks(bench).await, 0);
    assert_eq!(storage.forwards_waiting().await.unwrap(), 0);
    assert_eq!(world.picture().await, before);
}

/// The same messages from several processes at once, while the connection of their accounts is
/// committed: who locks what in which order shows here.
pub async fn deliveries_and_commits_at_once_do_not_disturb_each_other(bench: &Bench) {
    const ROUNDS: i64 = 25;
    let world = Arc::new(World::new(&bench.storage).await);
    let mut first = world.commit();
    for _ in 0..6 {
        first.channels.push(world.channel(&first.connection, ChannelKind::Messenger));
    }
    bench.storage.commit_connection(&first, &world.trail()).await.unwrap();
    let accounts: Vec<_> = first.channels.iter().map(|channel| channel.account_id.clone()).collect();
    let of_round = |round| accounts.iter().map(|account| mark(account, NOW.plus(100 + round))).collect::<Vec<_>>();
    let shared: Vec<_> = (0..ROUNDS).map(of_round).collect();
    let storages = [bench.another().await, bench.another().await];
    let mut tasks = Vec::new();
    for number in 0..4 {
        let storage = Arc::clone(&storages[number % 2]);
        let batches: Vec<_> = shared.iter().zip(0..).map(|(shared, round)| [of_round(round), shared.clone()]).collect();
        tasks.push(tokio::spawn(async move {
            let mut fresh = 0;
            for marks in batches {
                fresh += storage.record_deliveries(&marks.map(delivery)).await.unwrap().iter().sum::<usize>();
            }
            fresh
        }));
    }
    let committing = {
        let world = Arc::clone(&world);
        tokio::spawn(async move {
            let mut commit = first;
            for _ in 0..ROUNDS {
                let channels = commit.channels.iter().rev().cloned().collect();
                commit = ConnectionCommit { connection: next_version(&commit.connection), channels };
                world.storage.commit_connection(&commit, &world.trail()).await.unwrap();
            }
        })
    };
    let mut fresh = 0;
    for task in tasks {
        fresh += task.await.unwrap();
    }
    committing.await.unwrap();
    // Each task's own, and once those of all.
    assert_eq!(fresh, 5 * shared.len() * accounts.len());
    let channels = bench.storage.channels_of(world.organization).await.unwrap();
    assert!(channels.iter().all(|channel| channel.last_message_at == Some(NOW.plus(99 + ROUNDS))));
}

pub async fn old_marks_are_forgotten(bench: &Bench) {
    let storage = &bench.storage;
    let received = |at: Timestamp| MessageMark { received_at: at, ..mark("a", NOW) };
    // More than one step.
    let old = (0..5_001).map(|_| received(NOW)).collect();
    let (last, young) = (received(NOW.plus(1)), received(NOW.plus(2)));
    storage.record_deliveries(&[delivery(old), delivery(vec![last.clone(), young.clone()])]).await.unwrap();

    assert_eq!(storage.forget_marks(NOW.plus(2)).await.unwrap(), 5_002);
    assert_eq!(storage.forget_marks(NOW.plus(2)).await.unwrap(), 0);
    assert_eq!(marks(bench).await, 1);
    assert_eq!(storage.record_deliveries(&[delivery(vec![last, young])]).await.unwrap(), [1]);
}

pub async fn without_messages_none_is_the_newest(bench: &Bench) {
    let world = World::new(&bench.storage).await;
    assert_eq!(bench.storage.newest_message_at().await.unwrap(), None);
    let connection = world.connection();
    let channel = Channel { last_message_at: None, ..world.channel(&connection, ChannelKind::Messenger) };
    let commit = ConnectionCommit { connection, channels: vec![channel] };
    bench.storage.commit_connection(&commit, &world.trail()).await.unwrap();
    assert_eq!(bench.storage.newest_message_at().await.unwrap(), None);
}
