use lifecycle::{NoticeKind, Timestamp, ids::UserId, lease::LEASE_MS, notice::Policy};
use store::{ConnectionCommit, Job, JobKind, MailOutcome, NewNotice, Notice, StoreError, WatchOutcome, Watched};

use crate::{
    bench::Bench,
    fixture::{self, NOW, World},
};

fn notice(world: &World, commit: &ConnectionCommit, kind: NoticeKind) -> NewNotice {
    let notice = Notice {
        id: fixture::notice_id(),
        organization_id: world.organization,
        connection_id: commit.connection.id,
        token_generation: commit.connection.token_generation,
        kind,
        asked_by: matches!(kind, NoticeKind::Requested { .. }).then_some(world.user),
        detail: "{\"detail\":1}".to_owned(),
        at: NOW.plus(i64::try_from(fixture::next()).unwrap()),
    };
    NewNotice { notice, mail_to: vec![world.user], mail_at: NOW.plus(60) }
}

async fn watched(bench: &Bench) -> Watched {
    bench.storage.claim_watches(NOW, fixture::next_minute(), 10).await.unwrap().remove(0)
}

fn looked(watched: &Watched, notices: Vec<NewNotice>) -> WatchOutcome {
    WatchOutcome {
        connection_id: watched.connection.id,
        expected_version: watched.connection.version,
        expected_watch_at: watched.watch_at,
        at: NOW,
        next_watch_at: NOW.plus(1_000),
        silent: vec![fixture::channel_id()],
        notices,
        trails: Vec::new(),
    }
}

async fn mail_job(bench: &Bench) -> Option<Job> {
    bench.storage.claim_jobs(JobKind::Mail, NOW.plus(60), fixture::next_minute(), "a", 10).await.unwrap().pop()
}

pub async fn notices_are_read_back_newest_first(bench: &Bench) {
    let world = World::new(&bench.storage).await;
    let commit = world.stored_commit().await;
    let kinds = [
        NoticeKind::Expires { ends_at: NOW.plus(5), days: 14 },
        NoticeKind::Expires { ends_at: NOW.plus(5), days: 7 },
        NoticeKind::Stopped { since: NOW.plus(6) },
        NoticeKind::Recovered { at: NOW.plus(7) },
        NoticeKind::Requested { at: NOW.plus(8) },
    ];
    let notices: Vec<_> = kinds.into_iter().map(|kind| notice(&world, &commit, kind)).collect();
    let before = world.change_seq().await;
    let looked = looked(&watched(bench).await, notices.clone());
    bench.storage.record_watch(world.organization, &looked).await.unwrap();
    let stored = bench.storage.notices_of(world.organization, commit.connection.id, 10).await.unwrap();
    let expected: Vec<_> = notices.iter().rev().map(|new| new.notice.clone()).collect();
    assert_eq!(stored, expected);
    assert_eq!(world.change_seq().await, before + 1);
    assert!(bench.storage.claim_watches(NOW.plus(999), fixture::next_minute(), 10).await.unwrap().is_empty());
    let next = bench.storage.claim_watches(NOW.plus(1_000), fixture::next_minute(), 10).await.unwrap();
    assert_eq!((next[0].watch_at, next[0].watched_at), (NOW.plus(1_000), Some(NOW)));
    assert_eq!(next[0].silent, looked.silent);
}

pub async fn no_notice_is_given_twice(bench: &Bench) {
    let world = World::new(&bench.storage).await;
    let commit = world.stored_commit().await;
    let kind = NoticeKind::Expires { ends_at: NOW.plus(5), days: 14 };
    let seen = watched(bench).await;
    let first = looked(&seen, vec![notice(&world, &commit, kind)]);
    bench.storage.record_watch(world.organization, &first).await.unwrap();
    let same = looked(&seen, vec![notice(&world, &commit, kind)]);
    let late = bench.storage.record_watch(world.organization, &same).await;
    assert!(matches!(late, Err(StoreError::Stale)), "somebody looked already: {late:?}");
    let next = Watched { watch_at: NOW.plus(1_000), ..seen };
    let again = bench.storage.record_watch(world.organization, &WatchOutcome { ..looked(&next, same.notices) }).await;
    assert!(matches!(again, Err(StoreError::Conflict { .. })), "{again:?}");
    assert_eq!(bench.storage.notices_of(world.organization, commit.connection.id, 10).await.unwrap().len(), 1);
    let other = notice(&world, &commit, NoticeKind::Stopped { since: NOW });
    bench.storage.insert_notice(&other, None, &world.trail()).await.unwrap();
}

pub async fn a_look_without_news_raises_nothing(bench: &Bench) {
    let world = World::new(&bench.storage).await;
    world.stored_commit().await;
    let before = world.picture().await;
    bench.storage.record_watch(world.organization, &looked(&watched(bench).await, Vec::new())).await.unwrap();
    assert_eq!(world.picture().await, before);
}

pub async fn of_watchers_at_once_each_look_goes_to_one(bench: &Bench) {
    let processes = [bench.another().await, bench.another().await];
    let world = World::new(&bench.storage).await;
    let mut expected = Vec::new();
    for _ in 0..20 {
        expected.push(world.stored_commit().await.connection.id);
    }
    let watches = (0..8).map(|number| {
        let storage = std::sync::Arc::clone(&processes[number % 2]);
        tokio::spawn(async move {
            let mut mine = Vec::new();
            while let Ok(claimed) = storage.claim_watches(NOW, NOW, 3).await
                && !claimed.is_empty()
            {
                mine.extend(claimed.into_iter().map(|watched| watched.connection.id));
            }
            mine
        })
    });
    let mut claimed = Vec::new();
    for watch in watches.collect::<Vec<_>>() {
        claimed.extend(watch.await.unwrap());
    }
    claimed.sort();
    expected.sort();
    assert_eq!(claimed, expected);
}

pub async fn a_look_that_is_held_is_not_given_to_another(bench: &Bench) {
    let world = World::new(&bench.storage).await;
    let commit = world.stored_commit().await;
    let claim = async |wall: Timestamp| bench.storage.claim_watches(NOW, wall, 10).await.unwrap().pop();
    let slow = claim(NOW).await.unwrap();
    assert!(claim(NOW.plus(LEASE_MS - 1)).await.is_none(), "it is held");
    // A dead worker's work goes on.
    let quick = claim(NOW.plus(LEASE_MS)).await.unwrap();
    assert!(claim(NOW.plus(-lifecycle::clock::DAY_MS)).await.is_some(), "a lease from a wrong clock holds nothing");
    bench.storage.record_watch(world.organization, &looked(&quick, Vec::new())).await.unwrap();
    let late = bench.storage.record_watch(world.organization, &looked(&slow, Vec::new())).await;
    assert!(matches!(late, Err(StoreError::Stale)), "{late:?}");

    let again = bench.storage.claim_watches(NOW.plus(1_000), NOW, 10).await.unwrap().pop();
    assert!(again.is_some(), "a look that was written ends the lease");
    bench.storage.record_check(world.organization, &crate::checks::outcome(&commit)).await.unwrap();
    assert!(claim(NOW).await.is_some(), "what changes is looked at, whoever holds it");
}

pub async fn a_commit_and_a_check_make_due_for_a_look(bench: &Bench) {
    let world = World::new(&bench.storage).await;
    let commit = world.stored_commit().await;
    let look = async || {
        let outcome = looked(&watched(bench).await, Vec::new());
        bench.storage.record_watch(world.organization, &outcome).await.unwrap();
        assert!(bench.storage.claim_watches(NOW, fixture::next_minute(), 10).await.unwrap().is_empty());
    };
    look().await;
    bench.storage.record_check(world.organization, &crate::checks::outcome(&commit)).await.unwrap();
    look().await;
    let mut next = commit.clone();
    next.connection.version = 3;
    next.channels.iter_mut().for_each(|channel| channel.version += 2);
    bench.storage.commit_connection(&next, &world.trail()).await.unwrap();
    assert_eq!(bench.storage.count_for_watch(NOW).await.unwrap(), (1, 1));
    assert_eq!(bench.storage.postpone_watch(NOW, NOW.plus(9)).await.unwrap(), 0, "a commit is no clock");
    look().await;
    assert_eq!(bench.storage.postpone_watch(NOW.plus(1_000), NOW.plus(2_000)).await.unwrap(), 1);
    assert!(bench.storage.claim_watches(NOW.plus(1_999), fixture::next_minute(), 10).await.unwrap().is_empty());
    let policy = Policy { thresholds: vec![10, 0], from_hour: 8, to_hour: 20 };
    bench.storage.set_warning_policy(world.organization, &policy, &world.trail()).await.unwrap();
    assert_eq!(bench.storage.warning_policy(world.organization).await.unwrap(), Some(policy));
    look().await;
}

pub async fn mail_goes_by_person_and_ends_with_its_lease(bench: &Bench) {
    let storage = &bench.storage;
    let world = World::new(storage).await;
    let commit = world.stored_commit().await;
    assert!(mail_job(bench).await.is_none());
    let first = notice(&world, &commit, NoticeKind::Stopped { since: NOW });
    storage.insert_notice(&first, None, &world.trail()).await.unwrap();
    let job = mail_job(bench).await.unwrap();
    assert_eq!(job.subject, world.user.to_string());
    // It comes in while the mail travels.
    let second = notice(&world, &commit, NoticeKind::Recovered { at: NOW });
    storage.insert_notice(&second, None, &world.trail()).await.unwrap();

    let lost = Job { held: store::Held { epoch: 9, ..job.held.clone() }, ..job.clone() };
    let sent = [(first.notice, MailOutcome::Sent)];
    let done = async |job: &Job, notices: &[(Notice, MailOutcome)]| {
        storage.mail_done(job, world.user, notices, NOW, NOW.plus(60)).await.unwrap()
    };
    assert!(!done(&lost, &sent).await);
    assert_eq!(storage.notices_for(world.user).await.unwrap().len(), 2, "nothing has changed");
    assert!(done(&job, &sent).await);
    assert_eq!(storage.notices_for(world.user).await.unwrap(), std::slice::from_ref(&second.notice));

    let job = mail_job(bench).await.unwrap();
    assert_eq!(job.attempts, 1);
    assert!(done(&job, &[(second.notice, MailOutcome::Pointless)]).await);
    assert!(mail_job(bench).await.is_none(), "nothing is left");
    assert_eq!(storage.jobs_waiting(JobKind::Mail).await.unwrap(), (0, None));
}

pub async fn notices_from_the_future_are_forgotten(bench: &Bench) {
    let world = World::new(&bench.storage).await;
    let commit = world.stored_commit().await;
    let mut given = notice(&world, &commit, NoticeKind::Expires { ends_at: NOW, days: 0 });
    given.notice.at = NOW.plus(70 * lifecycle::clock::DAY_MS);
    bench.storage.insert_notice(&given, None, &world.trail()).await.unwrap();
    let kept = notice(&world, &commit, NoticeKind::Stopped { since: NOW });
    bench.storage.insert_notice(&kept, None, &world.trail()).await.unwrap();
    assert_eq!(bench.storage.forget_future_notices(NOW.plus(lifecycle::clock::DAY_MS)).await.unwrap(), 1);
    assert_eq!(bench.storage.forget_future_notices(NOW.plus(lifecycle::clock::DAY_MS)).await.unwrap(), 0);
    let left = bench.storage.notices_of(world.organization, commit.connection.id, 10).await.unwrap();
    assert_eq!(left, [kept.notice]);
}

pub async fn who_was_told_of_trouble_hears_of_its_end(bench: &Bench) {
    let storage = &bench.storage;
    let world = World::new(storage).await;
    let commit = world.stored_commit().await;
    let tell = async |kind: NoticeKind, outcome: MailOutcome| {
        let given = notice(&world, &commit, kind);
        storage.insert_notice(&given, None, &world.trail()).await.unwrap();
        let job = mail_job(bench).await.unwrap();
        let told = [(given.notice.clone(), outcome)];
        assert!(storage.mail_done(&job, world.user, &told, NOW, NOW).await.unwrap());
        given.notice
    };
    tell(NoticeKind::Stopped { since: NOW }, MailOutcome::Pointless).await;
    let unheard = tell(NoticeKind::Recovered { at: NOW }, MailOutcome::Pointless).await;
    assert!(!storage.has_heard(world.user, &unheard).await.unwrap());
    tell(NoticeKind::Stopped { since: NOW.plus(1) }, MailOutcome::Sent).await;
    tell(NoticeKind::Stopped { since: NOW.plus(2) }, MailOutcome::Pointless).await;
    let heard = tell(NoticeKind::Recovered { at: NOW.plus(3) }, MailOutcome::Sent).await;
    assert!(storage.has_heard(world.user, &heard).await.unwrap());
    let again = tell(NoticeKind::Recovered { at: NOW.plus(4) }, MailOutcome::Sent).await;
    assert!(!storage.has_heard(world.user, &again).await.unwrap(), "nothing has happened since");
}

pub async fn what_was_asked_for_lately_is_not_asked_for_again(bench: &Bench) {
    let storage = &bench.storage;
    let world = World::new(storage).await;
    let commits = [world.stored_commit().await, world.stored_commit().await];
    let ask = async |commit: &ConnectionCommit, at: i64, since: i64| {
        let mut asked = notice(&world, commit, NoticeKind::Requested { at: NOW.plus(at) });
        asked.notice.at = NOW.plus(at);
        storage.insert_notice(&asked, Some(NOW.plus(since)), &world.trail()).await
    };
    let mut stopped = notice(&world, &commits[0], NoticeKind::Stopped { since: NOW });
    stopped.notice.at = NOW.plus(9);
    storage.insert_notice(&stopped, None, &world.trail()).await.unwrap();
    ask(&commits[0], 10, 0).await.unwrap();
    let before = world.change_seq().await;
    let again = ask(&commits[0], 11, 9).await;
    assert!(matches!(again, Err(StoreError::Conflict { .. })), "{again:?}");
    assert_eq!(world.change_seq().await, before, "nothing has changed");
    ask(&commits[1], 11, 9).await.unwrap();
    ask(&commits[0], 21, 10).await.unwrap();
}

pub async fn a_person_may_refuse_warnings(bench: &Bench) {
    let (world, other) = (World::new(&bench.storage).await, World::new(&bench.storage).await);
    let refusals = async || bench.storage.who_refuses_warnings(world.organization).await.unwrap();
    let set = async |user: UserId, refused: bool| {
        bench.storage.refuse_warnings(user, refused, NOW).await.unwrap();
    };
    set(world.user, true).await;
    set(world.user, true).await;
    set(other.user, true).await;
    assert_eq!(refusals().await, [world.user]);
    set(world.user, false).await;
    assert_eq!(refusals().await, Vec::<UserId>::new());
}

pub async fn a_deleted_connection_takes_its_notices(bench: &Bench) {
    let world = World::new(&bench.storage).await;
    let commit = world.stored_commit().await;
    let given = notice(&world, &commit, NoticeKind::Stopped { since: Timestamp(1) });
    bench.storage.insert_notice(&given, None, &world.trail()).await.unwrap();
    let id = commit.connection.id;
    assert!(bench.storage.delete_connection(world.organization, id, &world.trail()).await.unwrap());
    assert!(bench.storage.notices_for(world.user).await.unwrap().is_empty());
}

pub async fn a_new_administrator_catches_up_with_trouble_once(bench: &Bench) {
    let storage = &bench.storage;
    let (world, other) = (World::new(storage).await, World::new(storage).await);
    let tell = async |world: &World, commit: &ConnectionCommit, generation: i64, kinds: &[NoticeKind]| {
        let mut last = None;
        for kind in kinds {
            let mut given = notice(world, commit, *kind);
            given.notice.token_generation += generation;
            storage.insert_notice(&given, None, &world.trail()).await.unwrap();
            last = Some(given.notice);
        }
        last.unwrap()
    };
    let [expires, stopped] = [NoticeKind::Expires { ends_at: NOW, days: 3 }, NoticeKind::Stopped { since: NOW }];
    let [recovered, requested] = [NoticeKind::Recovered { at: NOW }, NoticeKind::Requested { at: NOW }];
    let (ends, stands) = (world.stored_commit().await, world.stored_commit().await);
    let (renewed, well, asked) =
        (world.stored_commit().await, world.stored_commit().await, world.stored_commit().await);
    let warning = tell(&world, &ends, 0, &[stopped, recovered, expires]).await;
    let stop = tell(&world, &stands, 0, &[expires, stopped]).await;
    tell(&world, &renewed, -1, &[stopped]).await;
    tell(&world, &well, 0, &[stopped, recovered]).await;
    tell(&world, &asked, 0, &[requested]).await;
    tell(&other, &other.stored_commit().await, 0, &[stopped]).await;

    let newcomers = [fixture::user(world.organization), fixture::user(world.organization)];
    for newcomer in &newcomers {
        storage.insert_user(newcomer).await.unwrap();
    }
    let [first, second] = newcomers.map(|newcomer| newcomer.id);
    let catch_up = async |user: UserId| storage.catch_up(world.organization, user, NOW.plus(60)).await.unwrap();
    assert_eq!(catch_up(first).await, 2);
    assert_eq!(storage.notices_for(first).await.unwrap(), [warning, stop.clone()]);
    let due = storage.claim_jobs(JobKind::Mail, NOW.plus(60), fixture::next_minute(), "a", 10).await.unwrap();
    assert!(due.iter().any(|job| job.subject == first.to_string()));
    assert_eq!(catch_up(first).await, 0, "never twice of the same");
    storage.refuse_warnings(second, true, NOW).await.unwrap();
    assert_eq!(catch_up(second).await, 1);
    assert_eq!(storage.notices_for(second).await.unwrap(), [stop]);
    assert_eq!(catch_up(world.user).await, 0, "told before");
}

pub async fn mails_are_counted_by_person_and_time(bench: &Bench) {
    let storage = &bench.storage;
    let (world, other) = (World::new(storage).await, World::new(storage).await);
    let commits = [world.stored_commit().await, world.stored_commit().await];
    let mail = async |kinds: [NoticeKind; 2], outcome: MailOutcome, at: i64| {
        let given = [notice(&world, &commits[0], kinds[0]), notice(&world, &commits[1], kinds[1])];
        for notice in &given {
            storage.insert_notice(notice, None, &world.trail()).await.unwrap();
        }
        let job = mail_job(bench).await.unwrap();
        let told = given.map(|given| (given.notice, outcome));
        assert!(storage.mail_done(&job, world.user, &told, NOW.plus(at), NOW).await.unwrap());
    };
    let expires = |days| NoticeKind::Expires { ends_at: NOW, days };
    let stopped = |since| NoticeKind::Stopped { since: NOW.plus(since) };
    mail([stopped(1), stopped(1)], MailOutcome::Sent, 10).await;
    mail([expires(7), stopped(2)], MailOutcome::Sent, 20).await;
    mail([expires(3), expires(3)], MailOutcome::Sent, 30).await;
    mail([stopped(4), stopped(4)], MailOutcome::Refused, 40).await;
    let sent = async |user: UserId, of_stops: bool, after: i64, until: i64| {
        storage.mails_sent(user, of_stops, NOW.plus(after), NOW.plus(until)).await.unwrap()
    };
    assert_eq!(sent(world.user, false, 0, 99).await, (3, Some(NOW.plus(30))));
    assert_eq!(sent(world.user, true, 0, 99).await, (2, Some(NOW.plus(20))));
    assert_eq!(sent(world.user, false, 10, 29).await, (1, Some(NOW.plus(20))));
    assert_eq!(sent(other.user, false, 0, 99).await, (0, None));
}
