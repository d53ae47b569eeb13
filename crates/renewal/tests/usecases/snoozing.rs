//! *Lembrar amanhã*: who puts what off, until when, and what cannot be put off.

use lifecycle::{
    Provider, Severity,
    clock::MINUTE_MS,
    ids::{ConnectionId, RenewalId},
};
use renewal::{Error, Identity, end_of_day};
use serde_json::json;

use crate::support::World;

/// How many connections call this person, and how many were put off.
async fn calls(world: &World, who: &Identity) -> (usize, usize) {
    let calls = world.renova.calls(who).await.unwrap();
    (calls.connections.len(), calls.put_off)
}

/// Moves the clock to `before` midnight of the organization.
async fn advance_to_midnight(world: &World, who: &Identity, before: i64) {
    let now = world.renova.now();
    let minutes = (end_of_day(&who.time_zone, now).since(now) - before) / MINUTE_MS;
    world.meta.advance(&format!("{minutes}m")).await;
}

async fn severity(world: &World, who: &Identity, id: ConnectionId) -> Severity {
    world.renova.connection(who, id).await.unwrap().severity()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_warning_put_off_comes_back_after_midnight_of_the_organization() {
    let world = World::new().await;
    let id = world.connected("aurora", "Ana Souza", 5).await;
    let ana = world.signed_in("Ana").await;
    assert_eq!(ana.time_zone, "America/Sao_Paulo");
    assert_eq!(calls(&world, &ana).await, (1, 0));
    let seq = world.renova.storage().change_seq(ana.organization).await.unwrap();
    world.renova.snooze(&ana, id).await.unwrap();
    assert!(world.renova.storage().change_seq(ana.organization).await.unwrap() > seq, "other windows follow");
    assert_eq!(calls(&world, &ana).await, (0, 1));
    assert_eq!(severity(&world, &ana, id).await, Severity::Soon, "the overview shows what is true");

    advance_to_midnight(&world, &ana, 2 * MINUTE_MS).await;
    assert_eq!(calls(&world, &ana).await, (0, 1), "still the same day in São Paulo");
    advance_to_midnight(&world, &ana, -MINUTE_MS).await;
    assert_eq!(calls(&world, &ana).await, (1, 0));
    world.renova.snooze(&ana, id).await.unwrap();
    assert_eq!(calls(&world, &ana).await, (0, 1), "once more for the next day");
}

#[tokio::test(flavor = "multi_thread")]
async fn it_is_put_off_for_one_person_and_one_connection() {
    let world = World::new().await;
    let id = world.connected("aurora", "Ana Souza", 5).await;
    world.connected("aurora", "Fábio Reis", 4).await;
    let (ana, beatriz, bruno) =
        (world.signed_in("Ana").await, world.signed_in("Beatriz").await, world.signed_in("Bruno").await);
    world.renova.snooze(&bruno, id).await.unwrap();
    assert_eq!(calls(&world, &bruno).await, (1, 1), "an agent may, too");
    for other in [&ana, &beatriz] {
        assert_eq!(calls(&world, other).await, (2, 0));
    }
    let clara = world.signed_in("Clara").await;
    assert!(matches!(world.renova.snooze(&clara, id).await, Err(Error::NotFound)), "another organization's");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_has_stopped_cannot_be_put_off() {
    let world = World::new().await;
    let id = world.connected("aurora", "Elisa Prado", -1).await;
    let ana = world.signed_in("Ana").await;
    assert_eq!(severity(&world, &ana, id).await, Severity::Stopped);
    let refused = world.renova.snooze(&ana, id).await;
    assert!(matches!(refused, Err(Error::CannotWait)), "{refused:?}");
    assert_eq!(calls(&world, &ana).await, (1, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_stops_after_it_was_put_off_is_shown_at_once() {
    let world = World::new().await;
    let id = world.connected("aurora", "Ana Souza", 5).await;
    let ana = world.signed_in("Ana").await;
    world.renova.snooze(&ana, id).await.unwrap();
    assert_eq!(calls(&world, &ana).await, (0, 1));
    world.meta.control("invalidate", json!({"person": "Ana Souza", "subcode": 460})).await;
    world.renova.check(id).await.unwrap();
    assert_eq!(severity(&world, &ana, id).await, Severity::Stopped);
    assert_eq!(calls(&world, &ana).await, (1, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn where_nothing_warns_there_is_nothing_to_put_off() {
    let world = World::new().await;
    let id = world.connected("aurora", "Ana Souza", 42).await;
    let ana = world.signed_in("Ana").await;
    world.renova.snooze(&ana, id).await.unwrap();
    assert_eq!(world.renova.storage().snoozes_of(ana.organization, ana.user).await.unwrap(), []);
    assert_eq!(calls(&world, &ana).await, (0, 0));
}

/// The renewals of this person that only have to be finished, as the banner is told.
async fn unfinished(world: &World, who: &Identity) -> Vec<RenewalId> {
    let calls = world.renova.calls(who).await.unwrap();
    let known = calls.connections.iter().filter_map(|state| state.unfinished_by(who)).map(|renewal| renewal.id);
    known.chain(calls.first.map(|first| first.renewal)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_early_renewal_that_only_has_to_be_finished_calls() {
    let world = World::new().await;
    let id = world.connected("aurora", "Ana Souza", 42).await;
    let [ana, beatriz, bruno] =
        [world.signed_in("Ana").await, world.signed_in("Beatriz").await, world.signed_in("Bruno").await];
    let renewal = world.renova.start_renewal(&ana, Some(id), Provider::Facebook, false).await.unwrap();
    world.logs_in_at_meta(&ana, renewal, "Ana Souza").await;
    assert_eq!(calls(&world, &ana).await, (0, 0), "nothing is staged yet");
    world.exchanged(&ana, renewal).await;
    assert_eq!(severity(&world, &ana, id).await, Severity::None, "the connection is well");
    assert_eq!(unfinished(&world, &ana).await, [renewal]);
    for other in [&beatriz, &bruno] {
        assert_eq!(calls(&world, other).await, (0, 0), "it is Ana's to finish");
    }
    world.finished(&ana, renewal).await;
    assert_eq!(calls(&world, &ana).await, (0, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_put_off_calls_again_once_it_only_has_to_be_finished() {
    let world = World::new().await;
    let id = world.connected("aurora", "Ana Souza", 5).await;
    let ana = world.signed_in("Ana").await;
    world.renova.snooze(&ana, id).await.unwrap();
    let renewal = world.renova.start_renewal(&ana, Some(id), Provider::Facebook, false).await.unwrap();
    world.logs_in_at_meta(&ana, renewal, "Ana Souza").await;
    assert_eq!(calls(&world, &ana).await, (0, 1));
    world.exchanged(&ana, renewal).await;
    assert_eq!((unfinished(&world, &ana).await, calls(&world, &ana).await), (vec![renewal], (1, 0)));
    world.renova.cancel(&ana, renewal).await.unwrap();
    assert_eq!(calls(&world, &ana).await, (0, 1), "put off as before");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_first_connection_that_only_has_to_be_finished_calls_until_it_ends() {
    let world = World::new().await;
    let [ana, beatriz] = [world.signed_in("Ana").await, world.signed_in("Beatriz").await];
    let renewal = world.renova.start_renewal(&ana, None, Provider::Facebook, false).await.unwrap();
    world.meta.sim.seed_grant("Fábio Reis", 0).unwrap();
    world.logs_in_at_meta(&ana, renewal, "Fábio Reis").await;
    let staged = world.exchanged(&ana, renewal).await;
    let first = world.renova.calls(&ana).await.unwrap().first.unwrap();
    assert_eq!((first.renewal, first.name.as_str()), (renewal, "Fábio Reis"));
    assert_eq!(first.until, staged.renewal.expires_at);
    assert!(world.renova.calls(&beatriz).await.unwrap().first.is_none());
    world.meta.advance("25h").await;
    assert!(world.renova.calls(&ana).await.unwrap().first.is_none(), "it has ended");
}
