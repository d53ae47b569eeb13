use std::sync::Arc;

use lifecycle::{
    Timestamp,
    lease::{LEASE_MS, Lease},
};
use store::{CheckOutcome, Held, Job, JobKind, Storage, StoreError};

use crate::{
    bench::Bench,
    checks::outcome,
    fixture::{NOW, World, next_version},
};

/// Two processes: each with a connection of its own.
async fn processes(bench: &Bench) -> [Arc<dyn Storage>; 2] {
    [Arc::clone(&bench.storage), bench.another().await]
}

async fn claim(storage: &Arc<dyn Storage>, owner: &str, wall: Timestamp) -> Option<Job> {
    let mut jobs = storage.claim_jobs(JobKind::Mail, NOW, wall, owner, 10).await.unwrap();
    assert!(jobs.len() <= 1);
    jobs.pop()
}

/// Numbers that look random and are the same in every run.
fn dice(state: &mut u64, sides: u64) -> u64 {
    *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    (*state >> 33) % sides
}

pub async fn a_lease_behaves_as_the_rule_says(bench: &Bench) {
    let processes = processes(bench).await;
    let mut state = 7;
    bench.storage.schedule(JobKind::Mail, "ana", NOW).await.unwrap();
    let (mut rule, mut believes) = (Lease::<u64>::default(), [None::<Job>, None]);
    let mut wall = NOW;
    for step in 0..400 {
        let who = dice(&mut state, 2);
        let index = usize::try_from(who).unwrap();
        let storage = &processes[index];
        // Mostly forward; now and then the clock is turned back by a day.
        let moves = [0, LEASE_MS / 3, LEASE_MS, -1, -lifecycle::clock::DAY_MS];
        wall = wall.plus(moves[usize::try_from(dice(&mut state, 21).saturating_sub(16)).unwrap()]);
        wall = wall.plus(i64::try_from(dice(&mut state, 3)).unwrap() * LEASE_MS / 2);
        let owner = format!("worker-{who}");
        match (dice(&mut state, 3), believes[index].clone()) {
            (0, _) | (_, None) => {
                let expected = rule.claim(who, wall);
                let job = claim(storage, &owner, wall).await;
                assert_eq!(job.as_ref().map(|job| job.held.epoch), expected, "step {step}");
                if job.is_some() {
                    believes[index] = job;
                }
            }
            (1, Some(job)) => {
                let expected = rule.extend(&who, job.held.epoch, wall);
                assert_eq!(storage.extend_job(JobKind::Mail, &job, wall).await.unwrap(), expected, "step {step}");
            }
            (_, Some(job)) => {
                let expected = rule.release(&who, job.held.epoch);
                let given_back = storage.reschedule_job(JobKind::Mail, &job, NOW, 0).await.unwrap();
                assert_eq!(given_back, expected, "step {step}");
                believes[index] = None;
            }
        }
    }
    assert!(rule.epoch > 20, "{}", rule.epoch);
}

pub async fn of_claimers_at_once_each_check_goes_to_one(bench: &Bench) {
    let processes = processes(bench).await;
    let mut expected = Vec::new();
    for _ in 0..4 {
        let world = World::new(&bench.storage).await;
        for _ in 0..5 {
            expected.push(world.stored_commit().await.connection.id);
        }
    }
    let claims = (0..8).map(|number| {
        let storage = Arc::clone(&processes[number % 2]);
        tokio::spawn(async move {
            let mut mine = Vec::new();
            while let Ok(claimed) = storage.claim_checks(NOW.plus(100), NOW, &format!("worker-{number}"), 3).await
                && !claimed.is_empty()
            {
                mine.extend(claimed.into_iter().map(|claimed| claimed.connection.id));
            }
            mine
        })
    });
    let claims: Vec<_> = claims.collect();
    let mut claimed = Vec::new();
    for claim in claims {
        claimed.extend(claim.await.unwrap());
    }
    claimed.sort();
    expected.sort();
    assert_eq!(claimed, expected);
}

pub async fn a_late_check_is_refused(bench: &Bench) {
    let [first, second] = processes(bench).await;
    let world = World::new(&bench.storage).await;
    let commit = world.stored_commit().await;
    let now = NOW.plus(100);
    assert_eq!(first.checks_due(now).await.unwrap(), 1);
    let slow = first.claim_checks(now, NOW, "slow", 1).await.unwrap().remove(0);
    let after = NOW.plus(LEASE_MS);
    assert!(second.claim_checks(now, after.plus(-1), "quick", 1).await.unwrap().is_empty(), "it is held");
    let quick = second.claim_checks(now, after, "quick", 1).await.unwrap().remove(0);
    assert_eq!((slow.held.epoch, quick.held.epoch), (1, 2));
    assert!(!first.extend_check(commit.connection.id, &slow.held, after).await.unwrap());
    assert!(second.extend_check(commit.connection.id, &quick.held, after).await.unwrap());

    let found = |held: &Held| CheckOutcome { held: Some(held.clone()), ..outcome(&commit) };
    let before = world.picture().await;
    let refused = first.record_check(world.organization, &found(&slow.held)).await;
    assert!(matches!(refused, Err(StoreError::Stale)), "{refused:?}");
    assert_eq!(world.picture().await, before);
    second.record_check(world.organization, &found(&quick.held)).await.unwrap();
    let again = second.record_check(world.organization, &found(&quick.held)).await;
    assert!(matches!(again, Err(StoreError::Stale)), "once");
}

pub async fn a_renewal_refuses_the_check_that_began_before(bench: &Bench) {
    let world = World::new(&bench.storage).await;
    let commit = world.stored_commit().await;
    let held = bench.storage.claim_checks(NOW.plus(100), NOW, "worker", 1).await.unwrap().remove(0).held;
    let renewed = store::ConnectionCommit { connection: next_version(&commit.connection), ..commit.clone() };
    bench.storage.commit_connection(&renewed, &world.trail()).await.unwrap();
    let before = world.picture().await;
    let late = CheckOutcome { held: Some(held.clone()), ..outcome(&commit) };
    let refused = bench.storage.record_check(world.organization, &late).await;
    assert!(matches!(refused, Err(StoreError::Stale)), "{refused:?}");
    assert_eq!(world.picture().await, before);
    // The token that the check itself has refreshed: its result counts, under the same lease.
    let own = CheckOutcome { held: Some(held), expected_version: 2, ..outcome(&commit) };
    bench.storage.record_check(world.organization, &own).await.unwrap();
}

pub async fn a_job_becomes_due_sooner_and_never_later(bench: &Bench) {
    let storage = &bench.storage;
    for at in [50, 20, 40] {
        storage.schedule(JobKind::Mail, "ana", NOW.plus(at)).await.unwrap();
    }
    storage.schedule(JobKind::Housekeeping, "", NOW).await.unwrap();
    assert_eq!(storage.jobs_waiting(JobKind::Mail).await.unwrap(), (1, Some(NOW.plus(20))));
    assert!(storage.claim_jobs(JobKind::Mail, NOW.plus(19), NOW, "a", 9).await.unwrap().is_empty());
    let job = storage.claim_jobs(JobKind::Mail, NOW.plus(20), NOW, "a", 9).await.unwrap().remove(0);
    assert_eq!((job.subject.as_str(), job.attempts), ("ana", 1));
    assert!(storage.reschedule_job(JobKind::Mail, &job, NOW.plus(90), job.attempts).await.unwrap());
    assert!(storage.claim_jobs(JobKind::Mail, NOW.plus(89), NOW, "a", 9).await.unwrap().is_empty());
    assert_eq!(storage.claim_jobs(JobKind::Mail, NOW.plus(90), NOW, "a", 9).await.unwrap()[0].attempts, 2);
}

pub async fn what_a_wrong_clock_has_planned_is_pulled_back(bench: &Bench) {
    let world = World::new(&bench.storage).await;
    let mut commit = world.commit();
    commit.connection.check_at = NOW.plus(70 * lifecycle::clock::DAY_MS);
    bench.storage.commit_connection(&commit, &world.trail()).await.unwrap();
    assert!(bench.storage.claim_checks(NOW, NOW, "a", 1).await.unwrap().is_empty());
    assert_eq!(bench.storage.pull_back(NOW, NOW).await.unwrap(), 1);
    assert_eq!(bench.storage.pull_back(NOW, NOW).await.unwrap(), 0);
    assert_eq!(bench.storage.claim_checks(NOW, NOW, "a", 1).await.unwrap().len(), 1);
    bench.storage.schedule(JobKind::Mail, "ana", NOW.plus(70 * lifecycle::clock::DAY_MS)).await.unwrap();
    assert_eq!(bench.storage.claim_jobs(JobKind::Mail, NOW, NOW, "a", 1).await.unwrap().len(), 1);
}

pub async fn workers_are_known_by_their_signs_of_life(bench: &Bench) {
    let storage = &bench.storage;
    storage.beat("a", NOW, NOW).await.unwrap();
    storage.beat("b", NOW.plus(5), NOW).await.unwrap();
    storage.beat("a", NOW.plus(9), NOW).await.unwrap();
    assert_eq!(storage.workers(NOW.plus(5)).await.unwrap(), ["a", "b"]);
    assert_eq!(storage.workers(NOW.plus(6)).await.unwrap(), ["a"]);
    storage.beat("a", NOW.plus(10), NOW.plus(6)).await.unwrap();
    assert_eq!(storage.workers(NOW).await.unwrap(), ["a"], "forgotten");
}
