use lifecycle::{ChannelKind, Role, TeamRefusal, Timestamp, ids::ChannelId};
use store::{
    ApiKey, Begun, ChannelTokenFacts, CheckOutcome, Event, IdempotentRequest, Organization, Storage, StoreError,
    TokenRead, User,
};

use crate::{
    bench::Bench,
    fixture::{self, NOW, World},
};

const START: (Timestamp, ChannelId) = (Timestamp(i64::MIN), ChannelId::from_uuid(uuid::Uuid::nil()));

async fn stored_key(storage: &dyn Storage) -> ApiKey {
    let key = fixture::api_key(None);
    storage.insert_api_key(&key).await.unwrap();
    key
}

pub async fn a_request_is_begun_once_and_its_answer_kept(bench: &Bench) {
    let storage = &*bench.storage;
    let key = stored_key(storage).await;
    let request = IdempotentRequest {
        api_key: key.id,
        key_hash: fixture::hash(),
        request_hash: fixture::hash(),
        started_at: NOW,
    };
    let begin = async |request: &IdempotentRequest, given_up, forget| {
        storage.begin_request(request, NOW.plus(given_up), NOW.plus(forget)).await.unwrap()
    };
    assert_eq!(begin(&request, -10, -20).await, Begun::Fresh);
    assert_eq!(begin(&request, -10, -20).await, Begun::UnderWay);
    let other = IdempotentRequest { request_hash: fixture::hash(), ..request };
    assert_eq!(begin(&other, -10, -20).await, Begun::Other);
    let of_another_key = IdempotentRequest { api_key: stored_key(storage).await.id, ..request };
    assert_eq!(begin(&of_another_key, -10, -20).await, Begun::Fresh);

    let answer = fixture::sealed("answer");
    storage.answer_request(&request, &answer).await.unwrap();
    assert_eq!(begin(&request, 10, -20).await, Begun::Answered(answer.clone()), "an answer is not given up");
    assert_eq!(begin(&other, 10, -20).await, Begun::Other);
    let twice = storage.answer_request(&request, &fixture::sealed("another")).await;
    assert!(matches!(twice, Err(StoreError::Stale)), "{twice:?}");
    storage.drop_request(&request).await.unwrap();
    assert_eq!(begin(&request, -10, -20).await, Begun::Answered(answer), "what is answered is not dropped");

    assert_eq!(begin(&other, -10, 0).await, Begun::Fresh, "after its time it is forgotten");
    assert_eq!(begin(&other, 0, -20).await, Begun::Fresh, "a process that ended has left it behind");
    storage.drop_request(&other).await.unwrap();
    assert_eq!(begin(&request, -10, -20).await, Begun::Fresh);
    storage.forget_requests(NOW.plus(-1)).await.unwrap();
    assert_eq!(begin(&request, -10, -20).await, Begun::UnderWay);
    storage.forget_requests(NOW).await.unwrap();
    assert_eq!(begin(&request, -10, -20).await, Begun::Fresh);
}

pub async fn of_equal_requests_at_once_one_is_fresh(bench: &Bench) {
    let storage = &bench.storage;
    let request = IdempotentRequest {
        api_key: stored_key(&**storage).await.id,
        key_hash: fixture::hash(),
        request_hash: fixture::hash(),
        started_at: NOW,
    };
    let begin = || {
        let storage = std::sync::Arc::clone(storage);
        tokio::spawn(async move { storage.begin_request(&request, NOW.plus(-10), NOW.plus(-20)).await.unwrap() })
    };
    let tasks: Vec<_> = (0..8).map(|_| begin()).collect();
    let mut fresh = 0;
    for task in tasks {
        match task.await.unwrap() {
            Begun::Fresh => fresh += 1,
            other => assert_eq!(other, Begun::UnderWay),
        }
    }
    assert_eq!(fresh, 1);
}

pub async fn token_reads_are_kept_for_a_while(bench: &Bench) {
    let storage = &bench.storage;
    let (world, other) = (World::new(storage).await, World::new(storage).await);
    let read = |world: &World, after: i64| TokenRead {
        organization: world.organization,
        api_key: fixture::api_key_id(),
        channel: fixture::channel_id(),
        token_generation: after,
        at: NOW.plus(after),
    };
    let reads = [read(&world, 1), read(&other, 2), read(&world, 3)];
    storage.record_token_reads(&reads).await.unwrap();
    storage.record_token_reads(&[]).await.unwrap();
    assert_eq!(storage.token_reads_of(world.organization, 10).await.unwrap(), [reads[2], reads[0]]);
    assert_eq!(storage.token_reads_of(world.organization, 1).await.unwrap(), [reads[2]]);
    storage.forget_token_reads(NOW.plus(3)).await.unwrap();
    assert_eq!(storage.token_reads_of(world.organization, 10).await.unwrap(), [reads[2]]);
    assert_eq!(storage.token_reads_of(other.organization, 10).await.unwrap(), []);
    let nowhere = TokenRead { organization: fixture::organization_id(), ..reads[0] };
    let refused = storage.record_token_reads(&[read(&world, 4), nowhere]).await;
    assert!(matches!(refused, Err(StoreError::Stale)), "{refused:?}");
    assert_eq!(storage.token_reads_of(world.organization, 10).await.unwrap().len(), 1, "all or none");
}

pub async fn connections_of_all_come_page_by_page(bench: &Bench) {
    let storage = &bench.storage;
    let (world, other) = (World::new(storage).await, World::new(storage).await);
    let mut all = Vec::new();
    for world in [&world, &other, &world] {
        all.push(world.stored_commit().await.connection);
    }
    all.sort_by_key(|connection| connection.id);
    let first = storage.connections_page(None, None, 2).await.unwrap();
    assert_eq!(first, all[..2]);
    assert_eq!(storage.connections_page(None, Some(first[1].id), 2).await.unwrap(), all[2..]);
    assert_eq!(storage.connections_page(None, Some(all[2].id), 2).await.unwrap(), []);
    let own = storage.connections_page(Some(other.organization), None, 2).await.unwrap();
    assert!(own.len() == 1 && own[0].organization_id == other.organization);

    let ids = [all[2].id, fixture::connection_id(), all[0].id];
    let mut found = storage.connections_by_ids(&ids).await.unwrap();
    found.sort_by_key(|connection| connection.id);
    assert_eq!(found, [all[0].clone(), all[2].clone()]);
    assert_eq!(storage.connections_by_ids(&[]).await.unwrap(), []);
    let mut found = storage.organizations_by_ids(&[other.organization, world.organization]).await.unwrap();
    found.retain(|organization| organization.id == other.organization);
    assert_eq!(found, [storage.organization(other.organization).await.unwrap().unwrap()]);
}

pub async fn channels_come_in_the_order_of_their_changes(bench: &Bench) {
    let storage = &bench.storage;
    let (world, other) = (World::new(storage).await, World::new(storage).await);
    let commit = world.stored_commit().await;
    let foreign = other.stored_commit().await;
    let all = storage.channels_page(None, START, 10).await.unwrap();
    assert_eq!(all.len(), 4);
    assert!(all.iter().all(|it| it.changed_at == NOW), "when they were committed");
    let after = (all[1].changed_at, all[1].channel.id);
    assert_eq!(storage.channels_page(None, after, 1).await.unwrap(), all[2..3]);
    let own = storage.channels_page(Some(other.organization), START, 10).await.unwrap();
    assert!(own.len() == 2 && own.iter().all(|it| it.channel.organization_id == other.organization));

    // A check that finds what was known before changes nothing; one that finds something else does.
    let [page, instagram] = &commit.channels[..] else { panic!() };
    let found = |channel: &store::Channel, later: i64, expires_at| {
        let facts = ChannelTokenFacts { checked_at: Some(NOW.plus(later)), expires_at, ..channel.facts.clone() };
        (channel.id, facts, channel.subscribed_fields.clone())
    };
    let outcome = CheckOutcome {
        connection_id: commit.connection.id,
        expected_version: 1,
        facts: commit.connection.facts.clone(),
        channels: vec![found(page, 50, page.facts.expires_at), found(instagram, 40, None)],
        at: NOW.plus(50),
        next_check_at: NOW.plus(60),
        failures: 0,
        held: None,
        trails: Vec::new(),
    };
    storage.record_check(world.organization, &outcome).await.unwrap();
    let changed = storage.channels_page(None, (NOW, ChannelId::from_uuid(uuid::Uuid::max())), 10).await.unwrap();
    assert_eq!(
        changed.iter().map(|it| (it.channel.id, it.changed_at)).collect::<Vec<_>>(),
        [(instagram.id, NOW.plus(50))],
        "when it is written, not when Meta was asked"
    );

    let mut trail = world.trail();
    trail.audit.at = NOW.plus(70);
    storage.set_story_options(world.organization, page.id, false, false, &trail).await.unwrap();
    let last = storage.channels_page(None, START, 10).await.unwrap().pop().unwrap();
    assert_eq!((last.channel.id, last.changed_at), (page.id, NOW.plus(70)));

    let one = storage.channels_by_ids(&[page.id, fixture::channel_id()]).await.unwrap();
    assert_eq!(one, [last]);
    let of_both = storage.channels_of_connections(&[commit.connection.id, foreign.connection.id]).await.unwrap();
    assert_eq!(of_both.len(), 4);
    assert_eq!(of_both.iter().filter(|it| it.channel.kind == ChannelKind::Messenger).count(), 2);
}

pub async fn events_come_in_the_order_of_time(bench: &Bench) {
    let storage = &bench.storage;
    let (world, other) = (World::new(storage).await, World::new(storage).await);
    let mut told = Vec::new();
    for (world, after) in [(&world, 3), (&other, 1), (&world, 2), (&world, 9)] {
        let mut trail = world.trail();
        trail.events[0].at = NOW.plus(after);
        storage.append_audit(&trail).await.unwrap();
        told.push(Event { is_sent: false, ..trail.events.remove(0) });
    }
    let nothing = (Timestamp(i64::MIN), fixture::event_id());
    let ids = |events: Vec<Event>| events.into_iter().map(|event| event.id).collect::<Vec<_>>();
    let first = storage.events_page(None, nothing, NOW.plus(5), 2).await.unwrap();
    assert_eq!(ids(first), [told[1].id, told[2].id]);
    let after = (told[2].at, told[2].id);
    assert_eq!(
        ids(storage.events_page(None, after, NOW.plus(5), 2).await.unwrap()),
        [told[0].id],
        "the last is too young"
    );
    let own = storage.events_page(Some(other.organization), nothing, NOW.plus(5), 9).await.unwrap();
    assert_eq!(ids(own), [told[1].id]);
}

pub async fn an_organization_is_known_by_the_platforms_id(bench: &Bench) {
    let storage = &bench.storage;
    let (world, other) = (World::new(storage).await, World::new(storage).await);
    let organization = storage.organization(world.organization).await.unwrap().unwrap();
    let known = storage.organization_by_external_id(&organization.external_id).await.unwrap();
    assert_eq!(known.as_ref(), Some(&organization));
    assert_eq!(storage.organization_by_external_id("nobody").await.unwrap(), None);

    let before = world.change_seq().await;
    let next = Organization {
        slug: format!("next-{}", fixture::next()),
        name: "Outra".to_owned(),
        time_zone: "UTC".to_owned(),
        locale: "es".to_owned(),
        ..organization
    };
    storage.update_organization(&next, &world.trail()).await.unwrap();
    assert_eq!(storage.organization(world.organization).await.unwrap().unwrap(), next);
    assert_eq!(world.change_seq().await, before + 1);
    let taken = storage.organization(other.organization).await.unwrap().unwrap().slug;
    let refused = storage.update_organization(&Organization { slug: taken, ..next.clone() }, &world.trail()).await;
    assert!(matches!(refused, Err(StoreError::Conflict { what: "slug" })), "{refused:?}");
    let nobody = Organization { id: fixture::organization_id(), ..next };
    let gone = storage.update_organization(&nobody, &world.trail()).await;
    assert!(matches!(gone, Err(StoreError::Stale)), "{gone:?}");
}

pub async fn a_deleted_organization_leaves_no_row(bench: &Bench) {
    let storage = &bench.storage;
    let (world, other) = (World::new(storage).await, World::new(storage).await);
    for world in [&world, &other] {
        let commit = world.stored_commit().await;
        world.stored_attempt(&world.stored_renewal(Some(commit.connection.id)).await).await;
        storage.insert_api_key(&fixture::api_key(Some(world.organization))).await.unwrap();
        storage.insert_session(&fixture::session(world.user)).await.unwrap();
        world.stored_picture("1").await;
    }
    let picture = other.picture().await;
    assert!(storage.delete_organization(world.organization).await.unwrap());
    assert!(!storage.delete_organization(world.organization).await.unwrap());
    for table in tables_of_organizations(bench).await {
        let left = bench.number(&format!("SELECT count(DISTINCT organization_id) FROM {table}")).await;
        assert!(left <= 1, "{table} still speaks of it");
    }
    assert!(storage.organization(world.organization).await.unwrap().is_none());
    assert_eq!(other.picture().await, picture);
}

/// Every table with the column, so that a new one is not forgotten.
async fn tables_of_organizations(bench: &Bench) -> Vec<String> {
    use sqlx::{AssertSqlSafe, Connection as _, PgConnection, SqliteConnection};
    let names: Vec<String> = if bench.is_sqlite() {
        let mut connection = SqliteConnection::connect(&bench.url).await.unwrap();
        let sql = "SELECT m.name FROM sqlite_schema m JOIN pragma_table_info(m.name) c \
                   WHERE m.type = 'table' AND c.name = 'organization_id'";
        sqlx::query_scalar(AssertSqlSafe(sql)).fetch_all(&mut connection).await.unwrap()
    } else {
        let mut connection = PgConnection::connect(&bench.url).await.unwrap();
        let sql = "SELECT table_name::text FROM information_schema.columns \
                   WHERE table_schema = 'public' AND column_name = 'organization_id'";
        sqlx::query_scalar(AssertSqlSafe(sql)).fetch_all(&mut connection).await.unwrap()
    };
    assert!(names.len() > 10, "{names:?}");
    names
}

pub async fn a_user_is_known_by_the_platforms_id(bench: &Bench) {
    let storage = &bench.storage;
    let (world, other) = (World::new(storage).await, World::new(storage).await);
    let ana = storage.user(world.organization, world.user).await.unwrap().unwrap();
    let id = ana.external_id.clone().unwrap();
    assert_eq!(storage.user_by_external_id(world.organization, &id).await.unwrap().as_ref(), Some(&ana));
    assert_eq!(storage.user_by_external_id(other.organization, &id).await.unwrap(), None);

    let next = User {
        external_id: Some(format!("other-{}", fixture::next())),
        email: format!("other-{}@example.com", fixture::next()),
        name: "Outra".to_owned(),
        locale: None,
        ..ana.clone()
    };
    assert_eq!(storage.update_user(&next, &world.trail()).await.unwrap(), Ok(()));
    assert_eq!(storage.user(world.organization, world.user).await.unwrap().unwrap(), next, "the password stays");
    let alone = User { role: Role::Agent, ..next.clone() };
    assert_eq!(storage.update_user(&alone, &world.trail()).await.unwrap(), Err(TeamRefusal::LastAdmin));
    let foreign = User { organization_id: other.organization, ..next.clone() };
    assert_eq!(storage.update_user(&foreign, &other.trail()).await.unwrap(), Err(TeamRefusal::NotThere));
    let theirs = storage.user(other.organization, other.user).await.unwrap().unwrap();
    let refused = storage.update_user(&User { email: theirs.email, ..next.clone() }, &world.trail()).await;
    assert!(matches!(refused, Err(StoreError::Conflict { what: "email" })), "{refused:?}");
    assert_eq!(storage.user(world.organization, world.user).await.unwrap().unwrap(), next);
}
