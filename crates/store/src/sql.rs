//! The SQL text, one module per aggregate, read by both engines.
//!
//! Both understand `$1`, `ON CONFLICT`, `RETURNING` and `COALESCE`; what only one of them
//! understands stays in its own module. Columns and the values bound to them are listed side by
//! side here, so that they are changed together.

/// A renewal that is not over. Word for word as in the partial indexes of the schema: SQLite uses
/// such an index only then.
macro_rules! renewal_is_open {
    () => {
        "state NOT IN ('finished', 'expired', 'abandoned', 'superseded')"
    };
}

pub(crate) mod api;
pub(crate) mod api_keys;
pub(crate) mod audit;
pub(crate) mod data_deletions;
// Its macros are used below.
pub(crate) mod connections;
pub(crate) mod embeds;
pub(crate) mod invitations;
pub(crate) mod jobs;
pub(crate) mod meta_apps;
pub(crate) mod meta_events;
pub(crate) mod notices;
pub(crate) mod organizations;
pub(crate) mod overdue;
pub(crate) mod pictures;
pub(crate) mod renewal_links;
pub(crate) mod renewals;
pub(crate) mod reviews;
pub(crate) mod sessions;
pub(crate) mod snoozes;
pub(crate) mod system;
pub(crate) mod users;
pub(crate) mod webhooks;

#[cfg(test)]
mod tests {
    use lifecycle::RenewalState;

    #[test]
    fn the_database_and_the_state_machine_agree_on_what_is_over() {
        for state in RenewalState::ALL {
            let listed = renewal_is_open!().contains(&format!("'{}'", state.as_str()));
            assert_eq!(listed, state.is_over(), "{state:?}");
        }
    }
}
