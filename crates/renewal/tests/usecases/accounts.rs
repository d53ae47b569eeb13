//! Which accounts a log-in reaches: those of businesses, those that a broken list leaves out, those
//! that were unticked, and what a declined permission does.

use lifecycle::{
    ChannelKind, Provider, RenewalState as S, Severity,
    health::TokenProof,
    ids::ConnectionId,
    proof::{ProofItem, Verdict},
    reconcile::{AccountKey, Change, Listing, reconcile},
};
use renewal::{ConnectionState, Error, Identity, LoginWindow, RenewalDetail};
use serde_json::json;

use crate::{
    dialogs::{AURORA, EXPRESS, LOJA, OUTLET, Ticks},
    support::{World, but_its_check, channel, ids},
};

const WITH_EXPRESS: Ticks<'static> =
    Ticks { pages: &[AURORA, OUTLET, EXPRESS], accounts: &[LOJA], declined: &[], business: "" };
const WITHOUT_EXPRESS: Ticks<'static> = Ticks { pages: &[AURORA, OUTLET], ..WITH_EXPRESS };

fn page(id: &str) -> AccountKey {
    AccountKey { kind: ChannelKind::Messenger, account_id: id.to_owned() }
}

fn change(detail: &RenewalDetail, id: &str) -> Change {
    let staged = detail.staged.as_ref().unwrap();
    let changes = reconcile(&detail.before(), &staged.accounts, staged.listing);
    changes.into_iter().find(|(key, _)| key.account_id == id).unwrap().1
}

/// Ana's connection with a Page that only the business holds.
async fn with_express(world: &World, ana: &Identity) -> ConnectionState {
    let id = world.renova.start_renewal(ana, None, Provider::Facebook, false).await.unwrap();
    world.grants(ana, id, "Ana Souza", WITH_EXPRESS).await;
    world.exchanged(ana, id).await;
    world.finished(ana, id).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_only_a_business_holds_is_offered() {
    let world = World::new().await;
    let ana = world.signed_in("Ana").await;
    let id = world.renova.start_renewal(&ana, None, Provider::Facebook, false).await.unwrap();
    world.grants(&ana, id, "Ana Souza", WITH_EXPRESS).await;
    let staged = world.exchanged(&ana, id).await.staged.unwrap();
    let express = staged.accounts.iter().find(|account| account.key == page(EXPRESS)).unwrap();
    assert_eq!((express.name.as_str(), express.unusable), ("Aurora Express", None));
    let state = world.finished(&ana, id).await;
    assert_eq!((state.channels.len(), state.severity()), (4, Severity::None));
    assert!(world.meta.subscribed(EXPRESS).await.contains(&"messages".to_owned()));
    world.renova.check(state.connection.id).await.unwrap();
    let checked = world.renova.connection(&ana, state.connection.id).await.unwrap();
    assert_eq!(channel(&checked, EXPRESS).channel.facts.proof, TokenProof::Works);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_declined_permission_blocks_and_is_asked_for_again() {
    let world = World::new().await;
    let ana = world.signed_in("Ana").await;
    for declined in ["instagram_manage_messages", "pages_manage_metadata", "pages_read_engagement", "pages_messaging"] {
        let id = world.renova.start_renewal(&ana, None, Provider::Facebook, false).await.unwrap();
        world.grants(&ana, id, "Ana Souza", Ticks { declined: &[declined], ..WITHOUT_EXPRESS }).await;
        world.exchanged(&ana, id).await;
        world.chosen_and_proved(&ana, id).await;
        let proof = world.renova.renewal(&ana, id).await.unwrap().proof.unwrap();
        let line = proof.lines.iter().find(|line| line.item == ProofItem::Permissions).unwrap();
        assert_eq!((line.verdict, line.missing.as_slice()), (Verdict::Blocking, [declined.to_owned()].as_slice()));
        assert!(matches!(world.renova.finish(&ana, id).await, Err(Error::NotProved)), "{declined}");
        let start = world.renova.begin_login(&ana, id, LoginWindow::Tab, None).await.unwrap();
        assert!(start.dialog_url.contains("auth_type=rerequest"), "{}", start.dialog_url);

        world.grants(&ana, id, "Ana Souza", WITHOUT_EXPRESS).await;
        world.exchanged(&ana, id).await;
        let state = world.finished(&ana, id).await;
        assert_eq!(state.severity(), Severity::None, "{declined}");
        world.renova.disconnect(&ana, state.connection.id, "Ana Souza").await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_permission_for_pages_nothing_can_be_chosen_and_nothing_is_replaced() {
    let world = World::new().await;
    let ana = world.signed_in("Ana").await;
    let connection = world.connected("aurora", "Ana Souza", 5).await;
    let before = world.renova.connection(&ana, connection).await.unwrap();
    let id = world.renova.start_renewal(&ana, Some(connection), Provider::Facebook, false).await.unwrap();
    world.grants(&ana, id, "Ana Souza", Ticks { declined: &["pages_show_list"], ..WITHOUT_EXPRESS }).await;
    let detail = world.exchanged(&ana, id).await;
    assert_eq!(detail.selected(), []);
    for selected in [Vec::new(), vec![page(AURORA)]] {
        assert!(matches!(world.renova.choose(&ana, id, selected, true).await, Err(Error::Selection(_))));
    }
    let after = world.renova.connection(&ana, connection).await.unwrap().connection;
    assert_eq!(but_its_check(&after), but_its_check(&before.connection));
    let start = world.renova.begin_login(&ana, id, LoginWindow::Tab, None).await.unwrap();
    assert!(start.dialog_url.contains("auth_type=rerequest"), "{}", start.dialog_url);
    world.grants(&ana, id, "Ana Souza", WITHOUT_EXPRESS).await;
    world.exchanged(&ana, id).await;
    assert_eq!(ids(&world.finished(&ana, id).await), ids(&before));
}

/// Meta keeps one grant: what its person declines, the accounts that this log-in leaves alone have
/// lost as well.
#[tokio::test(flavor = "multi_thread")]
async fn a_declined_permission_of_an_account_that_is_left_alone_blocks_too() {
    let world = World::new().await;
    let ana = world.signed_in("Ana").await;
    let connection = world.connected("aurora", "Ana Souza", 5).await;
    let id = world.renova.start_renewal(&ana, Some(connection), Provider::Facebook, false).await.unwrap();
    world.grants(&ana, id, "Ana Souza", Ticks { declined: &["instagram_basic"], ..WITHOUT_EXPRESS }).await;
    let detail = world.exchanged(&ana, id).await;
    assert_eq!(change(&detail, LOJA), Change::Untouched, "it is not seen without the permission");
    world.chosen_and_proved(&ana, id).await;
    let proof = world.renova.renewal(&ana, id).await.unwrap().proof.unwrap();
    let line = proof.lines.iter().find(|line| line.item == ProofItem::Permissions).unwrap();
    assert_eq!((line.verdict, line.missing.as_slice()), (Verdict::Blocking, ["instagram_basic".to_owned()].as_slice()));
    let start = world.renova.begin_login(&ana, id, LoginWindow::Tab, None).await.unwrap();
    assert!(start.dialog_url.contains("auth_type=rerequest"), "{}", start.dialog_url);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_broken_list_leaves_out_stays_with_its_own_token() {
    let world = World::new().await;
    let ana = world.signed_in("Ana").await;
    let before = with_express(&world, &ana).await;
    let connection = before.connection.id;
    for on in ["graph:/me/businesses", "graph:/{id}/owned_pages"] {
        world.meta.advance("1h").await;
        let id = world.renova.start_renewal(&ana, Some(connection), Provider::Facebook, false).await.unwrap();
        world.grants(&ana, id, "Ana Souza", WITH_EXPRESS).await;
        world.meta.fails(on, "http_500", 1).await;
        let detail = world.exchanged(&ana, id).await;
        assert_eq!(detail.staged.as_ref().unwrap().listing, Listing::Partial, "{on}");
        assert_eq!((change(&detail, EXPRESS), change(&detail, AURORA)), (Change::Untouched, Change::Kept));
        assert_eq!(detail.untouched(), [page(EXPRESS)]);
        let after = world.finished(&ana, id).await;
        assert_eq!(ids(&after), ids(&before));
        let (was, is) = (&channel(&before, EXPRESS).channel, &channel(&after, EXPRESS).channel);
        assert_eq!((&is.token, is.token_generation), (&was.token, was.token_generation));
        assert_ne!(channel(&after, AURORA).channel.token, channel(&before, AURORA).channel.token);
        assert_still_works(&world, &ana, connection).await;
    }
}

async fn assert_still_works(world: &World, who: &Identity, connection: ConnectionId) {
    world.meta.advance("1h").await;
    world.renova.check(connection).await.unwrap();
    let state = world.renova.connection(who, connection).await.unwrap();
    for it in &state.channels {
        assert_eq!(it.channel.facts.proof, TokenProof::Works, "{}", it.channel.name);
        assert_eq!(it.channel.facts.checked_at, Some(world.renova.now()), "{}", it.channel.name);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_second_page_of_a_long_list_may_fail() {
    let world = World::new().await;
    let ana = world.signed_in("Ana").await;
    let pages: Vec<_> =
        (0..110).map(|number| json!({"name": format!("Filial {number}"), "people": ["Ana Souza"]})).collect();
    world.meta.put("pages", json!({"pages": pages})).await;
    let connection = world.connected("aurora", "Ana Souza", 5).await;
    let before = world.renova.connection(&ana, connection).await.unwrap();
    assert_eq!(before.channels.len(), 113);

    let id = world.renova.start_renewal(&ana, Some(connection), Provider::Facebook, false).await.unwrap();
    world.logs_in_at_meta(&ana, id, "Ana Souza").await;
    world.meta.fails("graph:/me/accounts", "next_page_fails", 1).await;
    world.meta.fails("graph:/me/businesses", "http_500", 1).await;
    let detail = world.exchanged(&ana, id).await;
    assert_eq!(detail.untouched().len(), 12, "110 and two Pages, of which 100 were listed");
    let staged = detail.staged.as_ref().unwrap();
    let changes = reconcile(&detail.before(), &staged.accounts, staged.listing);
    assert!(changes.iter().all(|(_, change)| *change != Change::Lost));
    let after = world.finished(&ana, id).await;
    assert_eq!(ids(&after), ids(&before));
    for key in detail.untouched() {
        let token = |state: &ConnectionState| channel(state, &key.account_id).channel.token.clone();
        assert_eq!(token(&after), token(&before));
    }
    assert_still_works(&world, &ana, connection).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_whole_list_leaves_out_is_lost_and_needs_a_yes() {
    let world = World::new().await;
    let ana = world.signed_in("Ana").await;
    let before = with_express(&world, &ana).await;
    let connection = before.connection.id;
    world.meta.advance("1h").await;
    let id = world.renova.start_renewal(&ana, Some(connection), Provider::Facebook, false).await.unwrap();
    world.grants(&ana, id, "Ana Souza", WITHOUT_EXPRESS).await;
    let detail = world.exchanged(&ana, id).await;
    assert_eq!(detail.staged.as_ref().unwrap().listing, Listing::Whole);
    assert_eq!((change(&detail, EXPRESS), detail.untouched().len()), (Change::Lost, 0));
    assert!(matches!(world.renova.choose(&ana, id, detail.selected(), false).await, Err(Error::Selection(_))));
    let invented = vec![page(AURORA), page(EXPRESS)];
    assert!(matches!(world.renova.choose(&ana, id, invented, true).await, Err(Error::Selection(_))));
    assert_eq!(world.renova.renewal(&ana, id).await.unwrap().renewal.state, S::Exchanged);
    world.renova.choose(&ana, id, detail.selected(), true).await.unwrap();
    world.renova.prove(&ana, id, false).await.unwrap();
    world.renova.finish(&ana, id).await.unwrap();
    let after = world.renova.connection(&ana, connection).await.unwrap();
    assert!(!after.channels.iter().any(|it| it.channel.account_id == EXPRESS));
    assert_eq!(after.channels.len(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_without_a_token_or_the_task_are_shown_with_the_reason() {
    let world = World::new().await;
    let ana = world.signed_in("Ana").await;
    let withheld = json!({"name": "Aurora Outlet", "token_withheld": true});
    let task = json!({"name": "Sem tarefa", "people": [{"person": "Ana Souza", "tasks": ["ADVERTISE", "ANALYZE"]}]});
    world.meta.put("pages", json!({"pages": [withheld, task]})).await;
    let id = world.renova.start_renewal(&ana, None, Provider::Facebook, false).await.unwrap();
    world.meta.sim.seed_grant("Ana Souza", 0).unwrap();
    world.logs_in_at_meta(&ana, id, "Ana Souza").await;
    let detail = world.exchanged(&ana, id).await;
    let why = |name: &str| {
        let staged = detail.staged.as_ref().unwrap();
        staged.accounts.iter().find(|account| account.name == name).unwrap().unusable
    };
    use lifecycle::reconcile::Unusable;
    assert_eq!(why("Aurora Outlet"), Some(Unusable::NoToken));
    assert_eq!(why("Sem tarefa"), Some(Unusable::NoMessagingTask));
    let mut selected = detail.selected();
    assert_eq!(selected.len(), 2, "Loja Aurora and its account");
    selected.push(page(OUTLET));
    assert!(matches!(world.renova.choose(&ana, id, selected, true).await, Err(Error::Selection(_))));
    assert_eq!(world.finished(&ana, id).await.channels.len(), 2);
}
