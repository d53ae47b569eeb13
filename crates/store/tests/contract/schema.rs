use std::path::Path;

use lifecycle::{GranteeKind, Timestamp};
use sqlx::{Connection as _, PgConnection, SqliteConnection, migrate::Migrator};
use store::StoreError;

use crate::{
    bench::Bench,
    fixture::{self, World},
};

pub async fn a_schema_that_is_not_migrated_is_refused_until_it_is(bench: &Bench) {
    let refused = bench.storage.check_schema().await;
    assert!(matches!(refused, Err(StoreError::Other(_))), "{refused:?}");
    assert_eq!(bench.tables().await, 0, "looking at it changes nothing");
    bench.storage.migrate().await.unwrap();
    bench.storage.check_schema().await.unwrap();
}

pub async fn migrating_twice_changes_nothing(bench: &Bench) {
    bench.storage.migrate().await.unwrap();
    let world = World::new(&bench.storage).await;
    let tables = bench.tables().await;
    bench.storage.migrate().await.unwrap();
    bench.another().await.migrate().await.unwrap();
    assert_eq!(bench.tables().await, tables);
    assert!(bench.storage.organization(world.organization).await.unwrap().is_some());
}

pub async fn processes_that_migrate_at_once_do_not_disturb_each_other(bench: &Bench) {
    let tasks: Vec<_> = (0..4)
        .map(|_| {
            let url = bench.url.clone();
            tokio::spawn(async move { store::open(&url).await?.migrate().await })
        })
        .collect();
    for task in tasks {
        task.await.unwrap().unwrap();
    }
    bench.storage.check_schema().await.unwrap();
}

pub async fn a_newer_schema_is_refused_and_left_as_it_is(bench: &Bench) {
    let blob = if bench.is_sqlite() { "x'00'" } else { "'\\x00'::bytea" };
    let instant = if bench.is_sqlite() { "TEXT" } else { "TIMESTAMPTZ" };
    let bytes = if bench.is_sqlite() { "BLOB" } else { "BYTEA" };
    bench
        .execute(&format!(
            "CREATE TABLE _sqlx_migrations (version BIGINT PRIMARY KEY, description TEXT NOT NULL, \
             installed_on {instant} NOT NULL DEFAULT CURRENT_TIMESTAMP, success BOOLEAN NOT NULL, \
             checksum {bytes} NOT NULL, execution_time BIGINT NOT NULL)"
        ))
        .await;
    bench
        .execute(&format!(
            "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
             VALUES (9999, 'later', TRUE, {blob}, 1)"
        ))
        .await;

    assert!(matches!(bench.storage.migrate().await, Err(StoreError::NewerSchema)));
    assert!(matches!(bench.storage.check_schema().await, Err(StoreError::NewerSchema)));
    assert_eq!(bench.tables().await, 1);
    assert_eq!(bench.number("SELECT count(*) FROM _sqlx_migrations").await, 1);
}

/// Applies the first migrations only, as an older program did.
async fn migrate_to(bench: &Bench, version: i64) {
    let engine = if bench.is_sqlite() { "sqlite" } else { "postgres" };
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations").join(engine);
    let migrator = Migrator::new(folder).await.unwrap();
    if bench.is_sqlite() {
        let mut connection = SqliteConnection::connect(&bench.url).await.unwrap();
        migrator.run_direct(Some(version), &mut connection, false).await.unwrap();
    } else {
        let mut connection = PgConnection::connect(&bench.url).await.unwrap();
        migrator.run_direct(Some(version), &mut connection, false).await.unwrap();
    }
}

pub async fn what_an_older_program_wrote_is_kept(bench: &Bench) {
    migrate_to(bench, 1).await;
    let storage = &bench.storage;
    assert!(matches!(storage.check_schema().await, Err(StoreError::Other(_))));
    let world = World::new(storage).await;
    let (connection, channel) = (fixture::connection_id(), fixture::channel_id());
    let id = |id: uuid::Uuid| if bench.is_sqlite() { format!("x'{}'", id.simple()) } else { format!("'{id}'") };
    let (empty, yes) = if bench.is_sqlite() { ("x''", "1") } else { ("''::bytea", "TRUE") };
    let [organization, app, connection_id, channel_id] =
        [world.organization.as_uuid(), world.app.as_uuid(), connection.as_uuid(), channel.as_uuid()].map(id);
    bench
        .execute(&format!(
            "INSERT INTO connections (id, organization_id, meta_app_id, provider, grantee_id, grantee_name, token_key_id, \
             token_ciphertext, token_version, token_generation, scopes, proof, created_at, renewed_at, version) \
             VALUES ({connection_id}, {organization}, {app}, 'facebook', '1', 'Ana', 'k', {empty}, 1, 1, '[]', 'works', \
             5, 6, 7)"
        ))
        .await;
    bench
        .execute(&format!(
            "INSERT INTO channels (id, organization_id, connection_id, kind, account_id, name, token_generation, proof, \
             subscribed_fields, story_mentions, story_replies, created_at, version) VALUES ({channel_id}, \
             {organization}, {connection_id}, 'messenger', '2', 'Loja', 1, 'works', '[]', {yes}, {yes}, 5, 1)"
        ))
        .await;

    storage.migrate().await.unwrap();

    storage.check_schema().await.unwrap();
    let due = storage.claim_checks(fixture::NOW, fixture::NOW, "worker", 10).await.unwrap();
    let [kept] = due.as_slice() else { panic!("it is due at once: {due:?}") };
    let kept = &kept.connection;
    assert_eq!((kept.id, kept.version, kept.created_at), (connection, 7, Timestamp(5)));
    assert_eq!((kept.grantee_kind, kept.check_at, kept.check_failures), (GranteeKind::Person, Timestamp(0), 0));
    let channels = storage.channels_of(world.organization).await.unwrap();
    assert_eq!((channels[0].id, channels[0].last_message_at), (channel, None));
    assert!(storage.embed_id(world.organization).await.unwrap().is_some_and(|id| id.len() == 32));
}
