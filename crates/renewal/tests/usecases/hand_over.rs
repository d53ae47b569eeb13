//! A connection passes to another Facebook person: the same ids, and what the new person cannot use
//! stays with the former one's token.

use lifecycle::{
    ChannelKind, Provider, RenewalState as S, Severity,
    health::TokenProof,
    ids::{ConnectionId, RenewalId},
    reconcile::AccountKey,
};
use renewal::{Error, Identity, LoginWindow};
use serde_json::json;

use crate::{
    dialogs::{ATACADO, ATACADO_LINKED, AURORA, LOJA, OUTLET, Ticks},
    support::{World, but_its_check, channel, ids},
};

const OF_ELISA: Ticks<'static> =
    Ticks { pages: &[AURORA, ATACADO], accounts: &[LOJA, ATACADO_LINKED], declined: &[], business: "" };

/// Elisa has a role on one of Ana's Pages.
async fn elisa_has_a_role(world: &World) {
    let shared = json!({"name": "Loja Aurora", "people": ["Ana Souza", "Elisa Prado"]});
    world.meta.put("pages", json!({"pages": [shared]})).await;
}

/// Elisa has logged in where Ana was expected.
async fn mismatched(world: &World, ana: &Identity, connection: ConnectionId, ticks: Ticks<'_>) -> RenewalId {
    let id = world.renova.start_renewal(ana, Some(connection), Provider::Facebook, false).await.unwrap();
    world.grants(ana, id, "Elisa Prado", ticks).await;
    let detail = world.exchanged(ana, id).await;
    assert_eq!(detail.renewal.state, S::Mismatched);
    id
}

#[tokio::test(flavor = "multi_thread")]
async fn the_connection_passes_with_its_ids() {
    let world = World::new().await;
    let ana = world.signed_in("Ana").await;
    elisa_has_a_role(&world).await;
    let connection = world.connected("aurora", "Ana Souza", 5).await;
    let before = world.renova.connection(&ana, connection).await.unwrap();
    let id = mismatched(&world, &ana, connection, OF_ELISA).await;
    assert!(world.renova.renewal(&ana, id).await.unwrap().may_be_handed_over());
    let selected = world.renova.renewal(&ana, id).await.unwrap().selected();
    assert!(world.renova.choose(&ana, id, selected, true).await.is_err(), "not before it is said");
    assert!(world.renova.finish(&ana, id).await.is_err());

    world.renova.hand_over(&ana, id).await.unwrap();
    world.renova.hand_over(&ana, id).await.unwrap();
    let detail = world.renova.renewal(&ana, id).await.unwrap();
    assert_eq!(detail.renewal.state, S::Exchanged);
    assert_eq!(detail.untouched(), [AccountKey { kind: ChannelKind::Messenger, account_id: OUTLET.to_owned() }]);
    assert_eq!(detail.selected().len(), 2, "Elisa's own Page is not ticked by itself");
    world.chosen_and_proved(&ana, id).await;
    let until_now = world.renova.connection(&ana, connection).await.unwrap();
    let kept = (but_its_check(&until_now.connection), but_its_check(&before.connection));
    assert_eq!(kept.0, kept.1, "nothing is replaced before the end");
    assert_eq!(world.count_in_history(&ana, "connection.passed").await, 0);

    world.renova.finish(&ana, id).await.unwrap();
    let after = world.renova.connection(&ana, connection).await.unwrap();
    assert_eq!((after.connection.id, ids(&after)), (connection, ids(&before)));
    assert_eq!(after.connection.grantee_name, "Elisa Prado");
    assert_ne!(channel(&after, AURORA).channel.token, channel(&before, AURORA).channel.token);
    assert_eq!(channel(&after, OUTLET).channel.token, channel(&before, OUTLET).channel.token);
    let history = world.renova.history(&ana, 10).await.unwrap();
    let passed = history.iter().find(|entry| entry.action == "connection.passed").unwrap();
    assert!(passed.detail.contains("Ana Souza") && passed.detail.contains("Elisa Prado"), "{}", passed.detail);
    assert_eq!(world.count_of_events(&ana, "connection.renewed").await, 1, "to the platform it is a renewal");

    // What stayed with Ana still works, and each is asked about with its own token.
    world.meta.advance("1h").await;
    world.renova.check(connection).await.unwrap();
    let checked = world.renova.connection(&ana, connection).await.unwrap();
    assert!(checked.channels.iter().all(|it| it.channel.facts.proof == TokenProof::Works));
    assert_eq!(checked.severity(), Severity::None);
    world.meta.control("invalidate", json!({"person": "Ana Souza", "subcode": 460})).await;
    world.meta.advance("1h").await;
    world.renova.check(connection).await.unwrap();
    let checked = world.renova.connection(&ana, connection).await.unwrap();
    let proof = |account| channel(&checked, account).channel.facts.proof;
    assert_eq!(
        (proof(AURORA), proof(LOJA), proof(OUTLET)),
        (TokenProof::Works, TokenProof::Works, TokenProof::Revoked)
    );
}

/// The account that is linked to a Page has the Page's token, unless the Page goes and it stays.
#[tokio::test(flavor = "multi_thread")]
async fn a_linked_account_that_the_new_person_did_not_give_keeps_the_former_ones_token() {
    let world = World::new().await;
    let ana = world.signed_in("Ana").await;
    elisa_has_a_role(&world).await;
    let connection = world.connected("aurora", "Ana Souza", 5).await;
    let before = world.renova.connection(&ana, connection).await.unwrap();
    let id = mismatched(&world, &ana, connection, Ticks { accounts: &[], ..OF_ELISA }).await;
    world.renova.hand_over(&ana, id).await.unwrap();
    let left: Vec<_> = world.renova.renewal(&ana, id).await.unwrap().untouched();
    assert_eq!(left.iter().map(|key| key.account_id.as_str()).collect::<Vec<_>>(), [LOJA, OUTLET]);
    let after = world.finished(&ana, id).await;
    assert_eq!(ids(&after), ids(&before));
    world.meta.advance("1h").await;
    world.renova.check(connection).await.unwrap();
    let proof = async |account| {
        let state = world.renova.connection(&ana, connection).await.unwrap();
        channel(&state, account).channel.facts.proof
    };
    for account in [AURORA, OUTLET, LOJA] {
        assert_eq!(proof(account).await, TokenProof::Works, "{account}");
    }
    // Elisa's end is not the end of what is Ana's.
    world.meta.control("invalidate", json!({"person": "Elisa Prado", "subcode": 460})).await;
    world.meta.advance("1h").await;
    world.renova.check(connection).await.unwrap();
    assert_eq!((proof(AURORA).await, proof(LOJA).await), (TokenProof::Revoked, TokenProof::Works));

    // When Ana comes back for all of it, the account shares the Page's token again.
    let id = world.renova.start_renewal(&ana, Some(connection), Provider::Facebook, false).await.unwrap();
    world.logs_in_at_meta(&ana, id, "Ana Souza").await;
    world.exchanged(&ana, id).await;
    world.renova.hand_over(&ana, id).await.unwrap();
    let state = world.finished(&ana, id).await;
    assert_eq!((ids(&state), &channel(&state, LOJA).channel.token), (ids(&before), &None));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_linked_account_stays_when_its_page_goes() {
    let world = World::new().await;
    let ana = world.signed_in("Ana").await;
    elisa_has_a_role(&world).await;
    let connection = world.connected("aurora", "Ana Souza", 5).await;
    let id = mismatched(&world, &ana, connection, Ticks { accounts: &[ATACADO_LINKED], ..OF_ELISA }).await;
    world.renova.hand_over(&ana, id).await.unwrap();
    let atacado = AccountKey { kind: ChannelKind::Messenger, account_id: ATACADO.to_owned() };
    world.renova.choose(&ana, id, vec![atacado], true).await.unwrap();
    world.renova.prove(&ana, id, false).await.unwrap();
    world.renova.finish(&ana, id).await.unwrap();
    world.meta.advance("1h").await;
    world.renova.check(connection).await.unwrap();
    let state = world.renova.connection(&ana, connection).await.unwrap();
    assert!(!state.channels.iter().any(|it| it.channel.account_id == AURORA));
    let linked = &channel(&state, LOJA).channel;
    assert!(linked.token.is_some(), "nobody else has one for it");
    assert_eq!((linked.facts.proof, linked.facts.checked_at), (TokenProof::Works, Some(world.renova.now())));
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_who_shares_no_account_cannot_take_it_over() {
    let world = World::new().await;
    let ana = world.signed_in("Ana").await;
    let connection = world.connected("aurora", "Ana Souza", 5).await;
    let ticks = Ticks { pages: &[ATACADO], accounts: &[ATACADO_LINKED], ..OF_ELISA };
    let id = mismatched(&world, &ana, connection, ticks).await;
    assert!(!world.renova.renewal(&ana, id).await.unwrap().may_be_handed_over());
    assert!(matches!(world.renova.hand_over(&ana, id).await, Err(Error::NotApplicable(_))));
    assert_eq!(world.renova.renewal(&ana, id).await.unwrap().renewal.state, S::Mismatched);
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_without_the_task_on_a_shared_page_cannot_take_it_over() {
    let world = World::new().await;
    let ana = world.signed_in("Ana").await;
    let people = json!(["Ana Souza", {"person": "Elisa Prado", "tasks": ["ANALYZE"]}]);
    world.meta.put("pages", json!({"pages": [{"name": "Loja Aurora", "people": people}]})).await;
    let connection = world.connected("aurora", "Ana Souza", 5).await;
    let id = mismatched(&world, &ana, connection, OF_ELISA).await;
    assert!(!world.renova.renewal(&ana, id).await.unwrap().may_be_handed_over());
    assert!(matches!(world.renova.hand_over(&ana, id).await, Err(Error::NotApplicable(_))));
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_who_is_connected_already_cannot_take_it_over() {
    let world = World::new().await;
    let ana = world.signed_in("Ana").await;
    elisa_has_a_role(&world).await;
    let connection = world.connected("aurora", "Ana Souza", 5).await;
    let own = world.connected("aurora", "Elisa Prado", 9).await;
    let before = world.renova.connections(&ana).await.unwrap();
    let id = mismatched(&world, &ana, connection, OF_ELISA).await;
    assert!(matches!(world.renova.hand_over(&ana, id).await, Err(Error::AlreadyConnected)));
    assert_eq!(world.renova.renewal(&ana, id).await.unwrap().renewal.state, S::Mismatched);
    let tokens = |states: &[renewal::ConnectionState]| -> Vec<_> {
        states.iter().map(|state| (state.connection.id, state.connection.token.clone())).collect()
    };
    assert_eq!(tokens(&world.renova.connections(&ana).await.unwrap()), tokens(&before));
    assert!(before.iter().any(|state| state.connection.id == own));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_log_in_forgets_the_other_persons_tokens() {
    let world = World::new().await;
    let ana = world.signed_in("Ana").await;
    elisa_has_a_role(&world).await;
    let connection = world.connected("aurora", "Ana Souza", 5).await;
    let id = mismatched(&world, &ana, connection, OF_ELISA).await;
    let start = world.renova.begin_login(&ana, id, LoginWindow::Tab, None).await.unwrap();
    assert!(start.dialog_url.contains("auth_type=reauthenticate"), "{}", start.dialog_url);
    let waiting = world.renova.renewal(&ana, id).await.unwrap();
    assert_eq!((waiting.renewal.staged, waiting.staged), (None, None));
    assert!(world.renova.hand_over(&ana, id).await.is_err(), "there is nobody to take it over");

    let ticks = Ticks { pages: &[AURORA, OUTLET], accounts: &[LOJA], ..OF_ELISA };
    world.grants(&ana, id, "Ana Souza", ticks).await;
    assert_eq!(world.exchanged(&ana, id).await.renewal.state, S::Exchanged);
    assert_eq!(world.finished(&ana, id).await.connection.grantee_name, "Ana Souza");
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_administrator_who_renews_hands_it_over() {
    let world = World::new().await;
    let (ana, beatriz) = (world.signed_in("Ana").await, world.signed_in("Beatriz").await);
    let (bruno, clara) = (world.signed_in("Bruno").await, world.signed_in("Clara").await);
    elisa_has_a_role(&world).await;
    let connection = world.connected("aurora", "Ana Souza", 5).await;
    let id = mismatched(&world, &ana, connection, OF_ELISA).await;
    assert!(matches!(world.renova.hand_over(&bruno, id).await, Err(Error::Forbidden)));
    assert!(matches!(world.renova.hand_over(&clara, id).await, Err(Error::NotFound)));
    assert!(matches!(world.renova.hand_over(&beatriz, id).await, Err(Error::OtherIsRenewing)));
    assert_eq!(world.renova.renewal(&ana, id).await.unwrap().renewal.state, S::Mismatched);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_handed_over_and_left_alone_is_not_committed_by_itself() {
    let world = World::new().await;
    let ana = world.signed_in("Ana").await;
    elisa_has_a_role(&world).await;
    let connection = world.connected("aurora", "Ana Souza", -1).await;
    let id = mismatched(&world, &ana, connection, OF_ELISA).await;
    world.meta.advance("11m").await;
    world.renova.round().await.unwrap();
    assert_eq!(world.renova.renewal(&ana, id).await.unwrap().renewal.state, S::Mismatched);
    let state = world.renova.connection(&ana, connection).await.unwrap();
    assert_eq!((state.connection.token_generation, state.connection.grantee_name.as_str()), (1, "Ana Souza"));
}
