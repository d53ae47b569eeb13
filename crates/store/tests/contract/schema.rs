use store::StoreError;

use crate::{bench::Bench, fixture::World};

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
