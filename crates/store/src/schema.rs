//! What the applied migrations say about a schema.

use sqlx::migrate::Migrator;

use crate::{Result, StoreError};

pub(crate) type Applied = Vec<(i64, bool)>;

/// Refuses what a newer program has written.
pub(crate) fn refuse_newer(known: &Migrator, applied: &Applied) -> Result<()> {
    if applied.iter().all(|(version, _)| known.version_exists(*version)) {
        Ok(())
    } else {
        Err(StoreError::NewerSchema)
    }
}

/// Refuses, besides, a schema that lacks a migration.
pub(crate) fn refuse_other_than(known: &Migrator, applied: &Applied) -> Result<()> {
    refuse_newer(known, applied)?;
    if known.iter().all(|migration| applied.contains(&(migration.version, true))) {
        Ok(())
    } else {
        Err(StoreError::Other("the schema is not up to date: migrate first".to_owned()))
    }
}
