//! The audit log by page.

use lifecycle::{Timestamp, ids::ConnectionId};
use store::{AuditActor, AuditEntry, AuditFilter, Trail};

use crate::{
    bench::Bench,
    fixture::{self, NOW, World},
};

/// Writes an entry for each action, the newest last; every other one has the same instant as the one before.
async fn written(world: &World, actions: &[(&str, bool)]) -> Vec<AuditEntry> {
    let mut entries = Vec::new();
    for (number, (action, by_user)) in actions.iter().enumerate() {
        let audit = AuditEntry {
            action: (*action).to_owned(),
            user_id: by_user.then_some(world.user),
            at: Timestamp(NOW.0 + i64::try_from(number / 2).unwrap()),
            ..world.trail().audit
        };
        world.storage.append_audit(&Trail { audit: audit.clone(), events: vec![] }).await.unwrap();
        entries.push(audit);
    }
    entries.sort_by_key(|entry| std::cmp::Reverse((entry.at, entry.id.as_uuid())));
    entries
}

pub async fn pages_follow_each_other_without_gap_or_repetition(bench: &Bench) {
    let world = World::new(&bench.storage).await;
    let entries = written(&world, &[("connection.renewed", true); 7]).await;
    for size in [1, 2, 3, 7] {
        let mut filter = AuditFilter::default();
        let mut read = Vec::new();
        loop {
            let page = bench.storage.audit_page(world.organization, &filter, size).await.unwrap();
            let Some(last) = page.last() else { break };
            filter.before = Some((last.at, last.id));
            read.extend(page);
        }
        assert_eq!(read, entries, "pages of {size}");
    }
}

pub async fn a_page_shows_what_its_filter_wants(bench: &Bench) {
    let world = World::new(&bench.storage).await;
    let another = fixture::user(world.organization);
    bench.storage.insert_user(&another).await.unwrap();
    let actions = [
        ("connection.renewed", true),
        ("connection.expired", false),
        ("channel.expired", false),
        ("connections.like", true),
        ("Connection.LIKE", true),
        ("renewal.started", true),
        ("plain", false),
    ];
    let entries = written(&world, &actions).await;
    let (user, machine) = (Some(AuditActor::User(world.user)), Some(AuditActor::Machine));
    for (by, kind, expected) in [
        (None, None, 7),
        (user, None, 4),
        (machine, None, 3),
        (None, Some("connection"), 2),
        (user, Some("connection"), 1),
        (machine, Some("connection"), 1),
        (machine, Some("renewal"), 0),
        (None, Some("plain"), 1),
        (None, Some("connection%"), 0),
        (Some(AuditActor::User(another.id)), None, 0),
    ] {
        let filter = AuditFilter { by, kind: kind.map(str::to_owned), before: None };
        let wanted = |entry: &&AuditEntry| {
            let actor = entry.user_id.map_or(AuditActor::Machine, AuditActor::User);
            by.is_none_or(|by| by == actor) && kind.is_none_or(|kind| entry.action.split('.').next() == Some(kind))
        };
        let page = bench.storage.audit_page(world.organization, &filter, 50).await.unwrap();
        assert_eq!(page, entries.iter().filter(wanted).cloned().collect::<Vec<_>>(), "{filter:?}");
        assert_eq!(page.len(), expected, "{filter:?}");
        let Some(first) = page.first() else { continue };
        let rest = AuditFilter { before: Some((first.at, first.id)), ..filter };
        assert_eq!(bench.storage.audit_page(world.organization, &rest, 50).await.unwrap(), page[1..], "{rest:?}");
    }
}

pub async fn a_page_stays_within_its_organization(bench: &Bench) {
    let (owner, stranger) = (World::new(&bench.storage).await, World::new(&bench.storage).await);
    written(&owner, &[("connection.renewed", true)]).await;
    for by in [None, Some(AuditActor::User(owner.user))] {
        let filter = AuditFilter { by, ..AuditFilter::default() };
        assert_eq!(bench.storage.audit_page(stranger.organization, &filter, 50).await.unwrap(), []);
    }
}

/// Writes an entry about each of these: action, subject, detail; the newest last.
async fn noted(world: &World, entries: &[(&str, String, String)]) -> Vec<AuditEntry> {
    let mut written = Vec::new();
    for ((action, subject, detail), second) in entries.iter().zip(0..) {
        let audit = AuditEntry {
            action: (*action).to_owned(),
            subject: subject.clone(),
            detail: detail.clone(),
            at: Timestamp(NOW.0 + second * 1_000),
            ..world.trail().audit
        };
        world.storage.append_audit(&Trail { audit: audit.clone(), events: vec![] }).await.unwrap();
        written.push(audit);
    }
    written
}

pub async fn the_past_of_a_connection_is_found_behind_that_of_others(bench: &Bench) {
    let (world, stranger) = (World::new(&bench.storage).await, World::new(&bench.storage).await);
    let [id, other]: [ConnectionId; 2] = [world.connection().id, world.connection().id];
    let names = |id: ConnectionId| format!("{{\"channel\":\"c\",\"connection\":\"{id}\",\"name\":\"@loja\"}}");
    let of = |action, subject: &str, detail: String| (action, subject.to_owned(), detail);
    // A name is not a name of a connection, whatever it says.
    let claims = format!("{{\"connection\":null,\"name\":\"\\\"connection\\\":\\\"{id}\\\"\"}}");
    let mut entries = vec![
        of("connection.renewed", &id.to_string(), "{}".to_owned()),
        of("channel.story_options_changed", "some channel", names(id)),
        of("connection.expired", &id.to_string(), names(id)),
        of("renewal.started", "some renewal", names(id)),
        of("embed.session_created", &id.to_string(), names(id)),
        of("connection.renewed", "some person", claims),
        of("channel.story_options_changed", &id.to_string(), names(other)),
    ];
    entries.extend((0..40).map(|_| of("connection.renewed", &other.to_string(), names(other))));
    let written = noted(&world, &entries).await;
    noted(&stranger, &entries).await;
    let asked = ["connection.renewed", "channel.story_options_changed", "connection.expired"];
    let past = async |id, actions: &[&str], limit| {
        bench.storage.audit_of_actions(world.organization, Some(id), actions, limit).await.unwrap()
    };
    let own: Vec<_> = written[..3].iter().rev().cloned().collect();
    assert_eq!(past(id, &asked, 50).await, own);
    assert_eq!(past(id, &asked, 2).await, own[..2]);
    assert_eq!(past(id, &asked[..1], 50).await, own[2..]);
    assert_eq!(past(id, &[], 50).await, []);
    assert_eq!(past(other, &asked, 50).await.len(), 41);
    assert_eq!(past(world.connection().id, &asked, 50).await, []);
}

pub async fn only_the_actions_that_are_asked_for_are_counted(bench: &Bench) {
    let (world, stranger) = (World::new(&bench.storage).await, World::new(&bench.storage).await);
    let mut actions = vec![("user.joined", true), ("connection.renewed", false)];
    actions.extend([("connection.expires_soon", false); 30]);
    let entries = written(&world, &actions).await;
    let lately = async |organization, limit| {
        let asked = ["connection.renewed", "user.joined"];
        bench.storage.audit_of_actions(organization, None, &asked, limit).await.unwrap()
    };
    assert_eq!(lately(world.organization, 8).await, entries[30..]);
    assert_eq!(lately(world.organization, 1).await, entries[30..31]);
    assert_eq!(lately(stranger.organization, 8).await, []);
}
