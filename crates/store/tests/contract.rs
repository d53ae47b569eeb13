//! The promises of the storage traits, kept by both engines.
//!
//! PostgreSQL is named by `RENOVA_TEST_POSTGRES_URL`: a superuser's URL on a server whose
//! databases may come and go. Without it that half is skipped, unless `CI` or
//! `RENOVA_TEST_REQUIRE_POSTGRES` is set.

#![expect(clippy::unwrap_used, reason = "a case that cannot go on has failed")]

#[path = "contract/api.rs"]
mod api;
#[path = "contract/api_keys.rs"]
mod api_keys;
#[path = "contract/audit.rs"]
mod audit;
#[path = "contract/bench.rs"]
mod bench;
#[path = "contract/checks.rs"]
mod checks;
#[path = "contract/connections.rs"]
mod connections;
#[path = "contract/contention.rs"]
mod contention;
#[path = "contract/data_deletions.rs"]
mod data_deletions;
#[path = "contract/embeds.rs"]
mod embeds;
#[path = "contract/fixture.rs"]
mod fixture;
#[path = "contract/forwards.rs"]
mod forwards;
#[path = "contract/isolation.rs"]
mod isolation;
#[path = "contract/leases.rs"]
mod leases;
#[path = "contract/messages.rs"]
mod messages;
#[path = "contract/notices.rs"]
mod notices;
#[path = "contract/overdue.rs"]
mod overdue;
#[path = "contract/people.rs"]
mod people;
#[path = "contract/pictures.rs"]
mod pictures;
#[path = "contract/removal.rs"]
mod removal;
#[path = "contract/renewal_links.rs"]
mod renewal_links;
#[path = "contract/renewals.rs"]
mod renewals;
#[path = "contract/reviews.rs"]
mod reviews;
#[path = "contract/schema.rs"]
mod schema;
#[path = "contract/snoozes.rs"]
mod snoozes;
#[path = "contract/system.rs"]
mod system;
#[path = "contract/team.rs"]
mod team;
#[path = "contract/wakes.rs"]
mod wakes;
#[path = "contract/webhooks.rs"]
mod webhooks;

/// Runs each case on both engines. A case takes a [`bench::Bench`] with an empty schema; those
/// under `raw` take a database without any.
macro_rules! contract {
    (raw { $($raw_in:ident::$raw:ident)+ } migrated { $($migrated_in:ident::$migrated:ident)+ }) => {
        mod sqlite {
            $(
                #[tokio::test(flavor = "multi_thread")]
                async fn $raw() {
                    super::$raw_in::$raw(&super::bench::Bench::on_sqlite().await).await;
                }
            )+
            $(
                #[tokio::test(flavor = "multi_thread")]
                async fn $migrated() {
                    let bench = super::bench::Bench::on_sqlite().await;
                    bench.storage.migrate().await.unwrap();
                    super::$migrated_in::$migrated(&bench).await;
                }
            )+
        }

        mod postgres {
            $(
                #[tokio::test(flavor = "multi_thread")]
                async fn $raw() {
                    let Some(server) = super::bench::postgres_server() else { return };
                    let bench = super::bench::Bench::on_postgres(&server).await;
                    let url = bench.url.clone();
                    let case = tokio::spawn(async move { super::$raw_in::$raw(&bench).await });
                    super::bench::finish_on_postgres(&server, &url, case.await).await;
                }
            )+
            $(
                #[tokio::test(flavor = "multi_thread")]
                async fn $migrated() {
                    let Some(server) = super::bench::postgres_server() else { return };
                    let bench = super::bench::Bench::on_postgres(&server).await;
                    let url = bench.url.clone();
                    let case = tokio::spawn(async move {
                        bench.storage.migrate().await.unwrap();
                        super::$migrated_in::$migrated(&bench).await;
                    });
                    super::bench::finish_on_postgres(&server, &url, case.await).await;
                }
            )+
        }
    };
}

contract! {
    raw {
        schema::a_schema_that_is_not_migrated_is_refused_until_it_is
        schema::migrating_twice_changes_nothing
        schema::processes_that_migrate_at_once_do_not_disturb_each_other
        schema::a_newer_schema_is_refused_and_left_as_it_is
        schema::what_an_older_program_wrote_is_kept
    }
    migrated {
        system::a_closed_database_is_unavailable
        system::the_key_check_is_kept_once
        system::forgetting_connections_keeps_people
        system::what_was_written_is_there_after_reopening
        system::two_processes_writing_at_once_lose_nothing
        system::what_cannot_be_read_is_called_corrupt
        system::the_audit_log_is_read_newest_first

        audit::pages_follow_each_other_without_gap_or_repetition
        audit::a_page_shows_what_its_filter_wants
        audit::a_page_stays_within_its_organization
        audit::the_past_of_a_connection_is_found_behind_that_of_others
        audit::only_the_actions_that_are_asked_for_are_counted

        people::organizations_are_found_by_id_and_slug
        people::zone_and_language_of_an_organization_are_changed
        people::changes_of_several_organizations_are_read_at_once
        people::taken_names_of_organizations_are_conflicts
        people::users_are_read_back
        people::taken_names_of_users_are_conflicts
        people::users_come_in_the_order_of_their_names
        people::a_stronger_hash_replaces_the_old_one
        people::a_session_comes_with_its_user
        people::sessions_end
        people::a_password_reset_is_used_once
        people::a_used_reset_ends_the_others_of_its_user
        people::a_reset_that_is_over_changes_nothing
        people::meta_apps_are_inserted_once

        connections::a_connection_is_read_back_whole
        connections::optional_values_may_be_missing
        connections::every_word_of_a_proof_is_stored
        connections::a_commit_replaces_the_connection_and_its_channels
        connections::a_stale_commit_changes_nothing
        connections::of_two_commits_of_one_version_one_wins
        connections::a_deleted_connection_does_not_come_back
        connections::the_same_grant_twice_is_a_conflict
        connections::a_failed_commit_changes_nothing
        connections::an_account_may_return_under_a_new_id
        connections::a_page_used_by_another_connection_is_known
        connections::story_options_are_set
        connections::a_prepared_commit_does_not_undo_story_options
        connections::a_commit_leaves_the_last_message_of_a_channel_alone
        connections::a_connection_is_found_anywhere
        connections::connections_that_share_a_grant_are_found
        connections::connections_that_hold_an_account_are_found

        checks::due_checks_come_by_turns_of_the_organizations
        checks::what_is_made_due_is_due_without_a_new_version
        checks::a_check_changes_facts_only
        checks::a_stale_check_changes_nothing
        checks::what_cannot_be_checked_is_told_by_its_reason

        leases::a_lease_behaves_as_the_rule_says
        leases::of_claimers_at_once_each_check_goes_to_one
        leases::a_late_check_is_refused
        leases::a_renewal_refuses_the_check_that_began_before
        leases::a_job_becomes_due_sooner_and_never_later
        leases::what_a_wrong_clock_has_planned_is_pulled_back
        leases::workers_are_known_by_their_signs_of_life

        contention::who_takes_many_connections_waits_for_others
        contention::a_delivery_is_settled_while_its_endpoint_goes

        wakes::what_becomes_due_wakes_other_processes
        wakes::what_is_taken_back_wakes_nobody
        wakes::a_lost_listener_comes_back

        notices::notices_are_read_back_newest_first
        notices::no_notice_is_given_twice
        notices::a_look_without_news_raises_nothing
        notices::of_watchers_at_once_each_look_goes_to_one
        notices::a_look_that_is_held_is_not_given_to_another
        notices::a_commit_and_a_check_make_due_for_a_look
        notices::mail_goes_by_person_and_ends_with_its_lease
        notices::notices_from_the_future_are_forgotten
        notices::who_was_told_of_trouble_hears_of_its_end
        notices::what_was_asked_for_lately_is_not_asked_for_again
        notices::a_person_may_refuse_warnings
        notices::a_deleted_connection_takes_its_notices
        notices::a_new_administrator_catches_up_with_trouble_once
        notices::mails_are_counted_by_person_and_time

        pictures::a_picture_is_found_by_its_account_and_by_its_hash
        pictures::a_picture_goes_with_the_last_channel_that_shows_it
        pictures::a_picture_waits_for_a_channel_and_then_settles

        removal::deleting_a_connection_takes_what_hangs_on_it
        removal::erasing_a_connection_leaves_no_name
        removal::erasing_a_connection_touches_nothing_else

        messages::a_message_is_marked_once
        messages::an_incoming_message_is_seen_on_every_channel_of_its_account
        messages::deliveries_are_recorded_together_or_not_at_all
        messages::deliveries_and_commits_at_once_do_not_disturb_each_other
        messages::old_marks_are_forgotten
        messages::without_messages_none_is_the_newest

        forwards::forwards_are_claimed_whole_oldest_first
        forwards::forwards_of_one_account_keep_their_order
        forwards::a_limit_is_not_used_up_by_those_that_wait_behind_others
        forwards::a_lease_that_ended_goes_to_another
        forwards::a_postponed_forward_is_due_later
        forwards::dropping_forwards_frees_those_behind_them
        forwards::nothing_due_waits_for_nobody
        forwards::of_claimers_at_once_each_forward_goes_to_one

        data_deletions::the_same_request_twice_is_one_deletion
        data_deletions::of_equal_requests_at_once_all_hear_one_code
        data_deletions::a_deletion_is_completed_once

        api::a_request_is_begun_once_and_its_answer_kept
        api::of_equal_requests_at_once_one_is_fresh
        api::token_reads_are_kept_for_a_while
        api::connections_of_all_come_page_by_page
        api::channels_come_in_the_order_of_their_changes
        api::events_come_in_the_order_of_time
        api::an_organization_is_known_by_the_platforms_id
        api::a_deleted_organization_leaves_no_row
        api::a_user_is_known_by_the_platforms_id

        api_keys::api_keys_belong_to_an_organization_or_the_platform
        api_keys::a_revoked_api_key_opens_nothing
        api_keys::the_use_of_an_api_key_is_noted_to_the_minute
        api_keys::a_key_is_revoked_by_its_own_organization

        renewal_links::a_link_is_read_back_whole
        renewal_links::a_link_is_used_once
        renewal_links::of_uses_at_once_one_wins
        renewal_links::a_link_goes_with_its_connection_and_its_end

        renewals::a_renewal_is_read_back_whole
        renewals::every_state_is_stored
        renewals::a_connection_has_one_open_renewal
        renewals::a_user_has_one_open_first_renewal
        renewals::the_open_renewal_of_a_connection_is_found
        renewals::an_update_supersedes_those_listed
        renewals::a_new_renewal_supersedes_those_listed
        renewals::open_renewals_come_newest_first
        renewals::an_update_needs_the_version_before
        renewals::of_many_updates_of_one_version_one_wins
        renewals::what_is_over_keeps_no_tokens
        renewals::an_attempt_is_found_by_its_state
        renewals::an_attempt_is_used_once
        renewals::an_attempt_is_not_used_for_a_renewal_that_has_changed
        renewals::a_parked_code_is_found_and_forgotten
        renewals::finishing_replaces_the_connection
        renewals::finishing_connects_for_the_first_time
        renewals::of_many_finishes_one_wins
        renewals::finishing_is_all_or_nothing
        renewals::finishing_needs_the_connection_that_was_read
        renewals::renewals_left_alone_are_found

        overdue::overdue_renewals_end
        overdue::overdue_codes_and_attempts_go
        overdue::nothing_overdue_writes_nothing
        overdue::of_workers_that_end_at_once_each_renewal_ends_once

        team::a_role_changes_with_its_trail
        team::whoever_is_removed_leaves_a_name_alone
        team::the_last_administrator_stays
        team::administrators_that_remove_each_other_at_once_leave_one
        team::the_team_says_who_was_there_when
        team::a_new_password_keeps_one_session
        team::a_language_is_kept
        team::the_newest_invitation_of_an_address_counts
        team::an_invitation_is_withdrawn_by_its_own_organization
        team::an_invitation_is_used_once
        team::a_taken_address_leaves_the_invitation_as_it_is
        team::nobody_changes_a_foreign_team
        team::what_has_ended_goes_with_the_sessions

        snoozes::a_snooze_belongs_to_one_person_and_connection
        snoozes::a_snooze_goes_with_its_connection
        snoozes::a_snooze_stays_within_its_organization

        reviews::reviews_are_read_back_newest_first
        reviews::a_review_stays_within_its_organization

        embeds::every_organization_has_a_random_embed_id
        embeds::origins_belong_to_an_organization_or_the_platform
        embeds::a_token_is_redeemed_once_where_it_belongs
        embeds::of_many_that_redeem_at_once_one_does
        embeds::a_session_ends_with_its_person
        embeds::a_ticket_is_used_once
        embeds::what_has_ended_of_embeds_goes

        isolation::reading_with_a_foreign_organization_finds_nothing
        isolation::writing_with_a_foreign_organization_changes_nothing
        isolation::the_schema_refuses_rows_across_organizations

        webhooks::endpoints_are_read_back_whole
        webhooks::a_secret_is_rotated_by_one
        webhooks::an_event_waits_for_every_endpoint_in_its_transaction
        webhooks::a_trial_event_goes_to_one_endpoint
        webhooks::an_endpoint_of_an_organization_hears_of_it_alone
        webhooks::endpoints_take_turns
        webhooks::one_endpoint_does_not_fill_every_place
        webhooks::endpoints_that_fail_have_a_lane_of_their_own
        webhooks::an_attempt_is_written_down
        webhooks::a_late_owner_changes_nothing
        webhooks::a_lease_by_a_wrong_clock_holds_nobody_up
        webhooks::a_disabled_endpoint_is_told_nothing
        webhooks::a_removed_endpoint_takes_its_deliveries_along
        webhooks::events_and_removals_at_once_do_not_disturb_each_other
        webhooks::of_claimers_at_once_each_delivery_goes_to_one
    }
}

#[test]
fn both_folders_hold_the_same_migrations() {
    let names = |engine: &str| {
        let folder = format!("{}/migrations/{engine}", env!("CARGO_MANIFEST_DIR"));
        let mut names: Vec<_> = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().file_name()).collect();
        names.sort();
        names
    };
    assert_eq!(names("sqlite"), names("postgres"));
    assert!(!names("sqlite").is_empty());
}

#[tokio::test]
async fn a_bad_url_is_told_from_a_database_that_does_not_answer() {
    for url in ["", "mysql://x", "sqlite://", "sqlite::memory:", "postgres://[", "postgresql://h:port/x"] {
        let refused = store::open(url).await.err();
        assert!(matches!(refused, Some(store::StoreError::BadUrl(_))), "{url}: {refused:?}");
    }
    for url in ["sqlite:///nowhere/at/all/renova.db", "postgres://user:secret@127.0.0.1:1/renova"] {
        let refused = store::open(url).await.err();
        assert!(matches!(refused, Some(store::StoreError::Unavailable(_))), "{url}: {refused:?}");
        assert!(!format!("{refused:?}").contains("secret"));
    }
}
