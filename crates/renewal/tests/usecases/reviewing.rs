//! The list of connections, the periodic review, and ending one channel.

use lifecycle::{ChannelKind, Provider, RenewalState, Severity, reconcile::AccountKey};
use renewal::{Error, Group, Identity, Listing, Renova, Tally};
use serde_json::json;

use crate::{
    dialogs::{AURORA, OUTLET},
    support::World,
};

async fn found(renova: &Renova, who: &Identity, listing: Listing) -> Vec<String> {
    let listed = renova.listed(who, &listing, 0).await.unwrap();
    assert_eq!(listed.found, listed.states.len());
    listed.states.into_iter().map(|state| state.connection.grantee_name).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn connections_are_found_by_name_state_and_days() {
    let world = World::new().await;
    let ana = world.signed_in("Ana").await;
    world.connected("aurora", "Ana Souza", 5).await;
    world.connected("aurora", "Elisa Prado", 40).await;
    let all = Listing::default;
    assert_eq!(found(&world.renova, &ana, all()).await, ["Ana Souza", "Elisa Prado"]);
    for (text, names) in [("  ELISA", vec!["Elisa Prado"]), ("@loja.aurora", vec!["Ana Souza"]), ("nobody", vec![])] {
        assert_eq!(found(&world.renova, &ana, Listing { text: text.to_owned(), ..all() }).await, names, "{text}");
    }
    for (group, names) in
        [(Group::Soon, vec!["Ana Souza"]), (Group::Healthy, vec!["Elisa Prado"]), (Group::Stopped, vec![])]
    {
        assert_eq!(found(&world.renova, &ana, Listing { group: Some(group), ..all() }).await, names, "{group:?}");
    }
    for (days, count) in [(0, 0), (4, 0), (5, 1), (39, 1), (40, 2), (u16::MAX, 2)] {
        let names = found(&world.renova, &ana, Listing { days: Some(days), ..all() }).await;
        assert_eq!(names.len(), count, "{days}");
    }
    let listed = world.renova.listed(&ana, &Listing { page: 9, ..all() }, 1).await.unwrap();
    assert_eq!((listed.page, listed.pages, listed.first.len()), (1, 1, 1));
    assert_eq!(listed.tally, Tally { stopped: 0, soon: 1, healthy: 1 });
}

#[tokio::test(flavor = "multi_thread")]
async fn a_review_is_signed_with_what_it_has_seen() {
    let world = World::new().await;
    let [ana, bruno, clara] =
        [world.signed_in("Ana").await, world.signed_in("Bruno").await, world.signed_in("Clara").await];
    let soon = world.connected("aurora", "Ana Souza", 5).await;
    world.connected("aurora", "Elisa Prado", 40).await;
    assert!(matches!(world.renova.sign_review(&bruno).await, Err(Error::Forbidden)));
    assert!(matches!(world.renova.reviews(&bruno, 9).await, Err(Error::Forbidden)));
    assert_eq!(world.renova.reviews(&ana, 9).await.unwrap(), []);

    world.renova.sign_review(&ana).await.unwrap();
    let reviews = world.renova.reviews(&ana, 9).await.unwrap();
    let [review] = reviews.as_slice() else { panic!("one: {reviews:?}") };
    assert_eq!((review.user_name.as_str(), review.at), ("Ana", world.renova.now()));
    assert_eq!((review.connections, review.stopped, review.soon), (2, 0, 1));
    assert_eq!(world.renova.reviews(&clara, 9).await.unwrap(), [], "each organization has its own");
    let history = world.renova.history(&ana, 9).await.unwrap();
    let entry = history.iter().find(|entry| entry.action == "connections.reviewed").unwrap();
    let detail: serde_json::Value = serde_json::from_str(&entry.detail).unwrap();
    assert_eq!(detail, json!({"connections": 2, "stopped": [], "soon": [soon]}));
    assert_eq!(world.count_of_events(&ana, "connections.reviewed").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_channel_goes_and_the_others_work_on() {
    let world = World::new().await;
    let [ana, bruno, clara] =
        [world.signed_in("Ana").await, world.signed_in("Bruno").await, world.signed_in("Clara").await];
    let id = world.connected("aurora", "Ana Souza", 30).await;
    let state = world.renova.connection(&ana, id).await.unwrap();
    let channel = |kind, page: &str| {
        let is = |it: &&renewal::ChannelState| it.channel.kind == kind && it.channel.page_id.as_deref() == Some(page);
        state.channels.iter().find(is).unwrap()
    };
    let page = channel(ChannelKind::Messenger, AURORA);
    let instagram = channel(ChannelKind::Instagram, AURORA);
    assert!(instagram.channel.token.is_none(), "it uses its Page's");
    let end = async |who: &Identity, of: &renewal::ChannelState, name: &str| {
        world.renova.disconnect_channel(who, id, of.channel.id, name).await
    };
    assert!(matches!(end(&bruno, page, "Loja Aurora").await, Err(Error::Forbidden)));
    assert!(matches!(end(&clara, page, "Loja Aurora").await, Err(Error::NotFound)));
    assert!(matches!(end(&ana, page, "loja aurora").await, Err(Error::NameMismatch)));

    end(&ana, page, " Loja Aurora ").await.unwrap();
    assert!(matches!(end(&ana, page, "Loja Aurora").await, Err(Error::NotFound)), "it is gone");
    assert!(!world.meta.subscribed(AURORA).await.is_empty(), "Instagram needs it");
    let events = world.events(&ana).await;
    let (_, told) = events.iter().find(|(kind, _)| kind == "channel.removed").unwrap();
    assert_eq!((&told["connection"], &told["name"]), (&json!(id), &json!("Loja Aurora")));
    assert_eq!(world.count_in_history(&ana, "channel.removed").await, 1);

    world.renova.check(id).await.unwrap();
    let after = world.renova.connection(&ana, id).await.unwrap();
    assert_eq!(after.severity(), Severity::None, "{after:?}");
    let left = after.channels.iter().find(|it| it.channel.id == instagram.channel.id).unwrap();
    assert!(left.channel.token.is_some(), "the Page's token is its own now");

    end(&ana, instagram, &instagram.account()).await.unwrap();
    assert!(world.meta.subscribed(AURORA).await.is_empty(), "nobody needs it any more");
    assert!(!world.meta.subscribed(OUTLET).await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_channel_goes_only_with_its_connection() {
    let world = World::new().await;
    let ana = world.signed_in("Ana").await;
    let id = world.connected("aurora", "Elisa Prado", 30).await;
    let mut channels = world.renova.connection(&ana, id).await.unwrap().channels;
    let last = channels.pop().unwrap();
    for other in channels {
        world.renova.disconnect_channel(&ana, id, other.channel.id, &other.account()).await.unwrap();
    }
    let refused = world.renova.disconnect_channel(&ana, id, last.channel.id, &last.account()).await;
    assert!(matches!(refused, Err(Error::Conflict)), "{refused:?}");
    assert_eq!(world.renova.connection(&ana, id).await.unwrap().channels.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_chosen_before_it_went_does_not_bring_it_back_silently() {
    let world = World::new().await;
    let ana = world.signed_in("Ana").await;
    let id = world.connected("aurora", "Ana Souza", 30).await;
    let renewal = world.proved(&ana, Some(id), "Ana Souza").await;
    let channels = world.renova.connection(&ana, id).await.unwrap().channels;
    let gone = channels.iter().find(|it| it.channel.page_id.as_deref() == Some(OUTLET)).unwrap();
    world.renova.disconnect_channel(&ana, id, gone.channel.id, &gone.account()).await.unwrap();

    let detail = world.renova.renewal(&ana, renewal).await.unwrap();
    assert_eq!(detail.renewal.state, RenewalState::Chosen, "what was proved is not what would be connected");
    let key = |it: &store::Channel| AccountKey { kind: it.kind, account_id: it.account_id.clone() };
    assert!(!detail.selected().contains(&key(&gone.channel)), "it is offered as new, without a tick");
    world.renova.prove(&ana, renewal, false).await.unwrap();
    world.renova.finish(&ana, renewal).await.unwrap();
    let after = world.renova.connection(&ana, id).await.unwrap();
    assert!(after.channels.iter().all(|it| it.channel.account_id != gone.channel.account_id), "{after:?}");
    assert_eq!(after.channels.len(), channels.len() - 1);
}

/// A renewal that was begun before knows the channel as it was: the person who finishes decides.
#[tokio::test(flavor = "multi_thread")]
async fn a_renewal_may_bring_it_back() {
    let world = World::new().await;
    let ana = world.signed_in("Ana").await;
    let id = world.connected("aurora", "Ana Souza", 30).await;
    let renewal = world.renova.start_renewal(&ana, Some(id), Provider::Facebook, false).await.unwrap();
    let channels = world.renova.connection(&ana, id).await.unwrap().channels;
    let gone = channels.iter().find(|it| it.channel.kind == ChannelKind::Instagram).unwrap();
    world.renova.disconnect_channel(&ana, id, gone.channel.id, &gone.account()).await.unwrap();
    world.renova.cancel(&ana, renewal).await.unwrap();
    let proved = world.proved(&ana, Some(id), "Ana Souza").await;
    world.renova.finish(&ana, proved).await.unwrap();
    assert!(world.renova.connection(&ana, id).await.unwrap().severity() < Severity::Soon);
}
