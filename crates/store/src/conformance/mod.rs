//! One suite of tests for all stores: each verb of each trait, with its edges.
//!
//! A store crate runs all of it with one line in its tests, naming a function that makes an empty store and whatever
//! must live as long as it does:
//!
//! ```ignore
//! async fn open() -> (MyStore, TempDir) { .. }
//!
//! tidings_store::conformance!(open);
//! ```
//!
//! Every test gets a store of its own and panics where the store is wrong.

#![expect(
    missing_docs,
    clippy::missing_panics_doc,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::assigning_clones,
    reason = "these are tests: their names say what is checked, a panic is how they fail, and nothing is in a hurry"
)]

pub mod accepting;
pub mod archiving;
pub mod audiences;
pub mod audit;
pub mod bulk;
pub mod canceling;
pub mod claiming;
pub mod consents;
pub mod deliveries;
pub mod digests;
pub mod documents;
pub mod engaging;
pub mod erasure;
pub mod feed;
pub mod feed_model;
pub mod fixtures;
pub mod idempotency;
pub mod images;
pub mod jobs;
pub mod keys;
pub mod listing;
pub mod lists;
pub mod memberships;
pub mod people;
pub mod preference_log;
pub mod queue_model;
pub mod recording;
pub mod requests;
pub mod shelves;
pub mod upkeep;
pub mod versions;
pub mod webhooks;

/// Makes one test of each function of the suite. `$open` names a function in scope that returns, asynchronously, an
/// empty store and a guard that lives as long as the test.
#[macro_export]
macro_rules! conformance {
    ($open:ident) => {
        $crate::conformance_tests! { $open;
            accepting {
                what_is_accepted_can_be_read
                environments_do_not_see_each_other
                an_id_is_accepted_once_and_a_refused_request_leaves_nothing
                a_reply_is_kept_with_the_acceptance
            }
            claiming {
                the_oldest_due_comes_first_and_lanes_are_apart
                what_is_claimed_is_not_claimed_again
                concurrent_claims_never_share_a_message
                released_work_is_due_as_before
                next_due_is_that_of_unclaimed_work
                a_claim_brings_message_and_request
            }
            recording {
                a_record_writes_everything
                a_lost_claim_writes_nothing
                a_kept_claim_goes_on
                work_put_back_waits_until_it_is_due
                finished_work_never_comes_back
                outputs_replace_those_of_the_same_block
                the_first_hand_over_stays
            }
            canceling {
                a_waiting_message_is_called_off
                a_claimed_message_is_too_late
                an_ended_message_is_too_late
                an_unknown_message_is_not_found
            }
            engaging {
                what_is_told_moves_the_status_on_and_stays
                telling_twice_changes_nothing
                what_was_told_survives_the_steps_that_follow
                what_is_told_before_the_step_is_recorded_counts
                read_and_archived_are_taken_back
                what_is_done_and_undone_for_ever_stands_so_often
                a_bounce_ends_what_was_only_sent
                a_machine_is_noted_and_not_counted
                a_reaction_makes_waiting_work_due
                a_bounce_makes_waiting_work_due
                nothing_is_told_of_what_never_left
                what_follows_is_written_with_it
                an_unknown_message_is_not_engaged
            }
            archiving {
                a_request_is_hidden_with_all_its_messages
                one_message_of_several_is_hidden_by_its_id
                many_are_hidden_page_by_page
            }
            listing {
                newest_come_first
                each_filter_alone
                filters_narrow_together
                pages_neither_skip_nor_repeat_while_messages_arrive
                a_trace_is_paged_across_requests
            }
            queue_model {
                the_queue_does_what_a_simple_model_does
            }
            deliveries {
                a_templates_messages_are_counted_by_provider_and_channel
                only_the_time_and_the_template_asked_for_count
                what_was_told_later_counts_for_the_provider_it_is_of
            }
            documents {
                a_document_is_made_and_found
                an_id_or_name_is_taken_once
                a_draft_leaves_what_is_published
                a_live_document_has_no_versions
                a_write_that_has_not_seen_the_latest_is_refused
                names_move_when_they_are_free
                a_name_is_given_to_one_document_and_taken_from_another
                an_archived_document_is_gone_and_its_names_are_free
                documents_are_listed_oldest_first_by_kind_and_parent
                the_revision_grows_with_each_change
                a_missing_document_is_none
                tenants_stand_in_no_circle_and_not_too_deep
                a_document_moves_to_another_parent
            }
            versions {
                publishing_keeps_versions
                publishing_an_unchanged_draft_changes_nothing
                an_older_version_is_published_again_as_a_new_one
                versions_outlive_the_archive_until_the_id_is_used_again
                versions_are_paged_newest_first
                a_version_is_saved_first_and_put_in_force_later
                revisions_take_each_others_place_until_one_is_in_force
            }
            lists {
                a_list_is_made_changed_deleted_and_restored
                people_are_put_on_lists_and_taken_off
                a_person_is_on_several_lists
                lists_are_found_by_what_they_begin_with
                subscribing_again_leaves_what_was_said
                a_fill_undoes_nothing_that_was_written_after_it
                a_fill_does_not_bring_a_deleted_list_back
                a_list_that_is_replaced_waits_for_no_fill
                it_is_known_whether_a_list_is_being_filled
            }
            audiences {
                an_audience_is_made_changed_and_deleted
                who_passes_belongs_as_soon_as_the_profile_changes
                a_changed_filter_has_everybody_looked_at_again
                an_audience_made_again_keeps_nobody_of_the_one_before
                who_comes_or_goes_is_looked_at_by_those_alone_that_may_hold
                filters_ask_for_tenants
                those_who_listen_are_told
            }
            bulk {
                a_bulk_job_is_filled_and_set_going_once
                one_time_data_of_crowds_and_bulk_jobs_is_redacted
                one_time_data_of_people_without_a_message_is_redacted
                what_became_of_bulk_people_is_written_with_their_messages
            }
            audit {
                audit_events_are_listed_newest_first
                a_change_and_its_line_are_one
                an_event_that_comes_in_is_taken_once
                an_event_changes_its_person_once
            }
            requests {
                progress_is_counted
                a_request_called_off_expands_no_more
            }
            memberships {
                people_belong_to_tenants
                members_are_paged_from_both_sides
                who_belongs_to_one_tenant_only_is_told
                a_tenant_is_cleared_of_those_who_were_there_before
            }
            people {
                profiles_are_replaced_merged_and_patched
                a_refused_patch_changes_nothing
                deleting_a_profile_leaves_the_rest
                tokens_are_listed_by_registration_and_move_between_people
                preferences_are_set_and_unset
                of_a_topic_set_twice_the_last_counts
                tenants_have_preferences_of_their_own
                replacing_all_unsets_the_rest
            }
            consents {
                consents_are_kept_in_order
                of_two_who_saw_the_same_one_is_refused
                erasure_leaves_proof_without_a_name
                messages_count_once_and_stop_at_a_limit
            }
            erasure {
                nothing_is_known_of_a_person_who_was_erased
                of_a_message_to_the_erased_its_status_and_times_stay
                what_is_pending_to_the_erased_is_called_off
                a_request_to_many_goes_on_for_the_others
                a_bulk_job_forgets_the_erased
            }
            digests {
                what_is_filed_is_released_once
                a_gathering_moves_to_another_rhythm
                a_digest_that_changes_asks_for_a_review
                what_was_gathered_is_forgotten_after_its_release
                a_rhythm_that_is_chosen_asks_for_a_review
            }
            preference_log {
                changes_are_logged_newest_first
                opt_outs_are_counted_by_mail_domain
                links_are_revoked_and_never_come_back
                what_people_say_of_lists_is_logged
                what_a_fill_makes_people_say_is_logged
            }
            images {
                a_picture_is_kept_once_in_each_environment
            }
            keys {
                keys_are_found_by_hash_and_revoked_once
                the_first_candidate_for_a_secret_stays
            }
            idempotency {
                a_call_is_fresh_then_running_then_done
                another_body_is_a_mismatch
                a_call_that_never_finished_stops_counting
                an_abandoned_call_is_fresh_again
                the_first_expiry_stays
                keys_are_told_apart_by_everything
                only_one_of_many_is_fresh
            }
            feed {
                each_person_has_a_sequence
                a_message_is_in_a_feed_once
                a_feed_is_paged_and_hides_what_has_expired
                filters_of_a_feed_narrow_together
                marks_are_made_once_and_told
                marks_are_made_together
                marks_are_told_of_the_message_too
                tags_come_and_go_untold
                many_are_marked_at_once
                many_are_marked_for_the_tenant_that_is_shown
                news_is_read_piece_by_piece
            }
            feed_model {
                a_feed_does_what_a_simple_model_does
            }
            shelves {
                the_outbox_is_read_from_both_ends
                clearing_never_gives_a_number_twice
                the_outbox_keeps_the_newest
            }
            jobs {
                jobs_are_claimed_by_kind_lane_and_due
                a_claimed_job_comes_back_when_it_is_released
                a_job_asked_for_twice_is_one
                a_job_asked_for_while_it_is_done_is_done_again
                a_failing_job_waits_and_dies_in_sight
                a_job_is_completed_with_what_follows
                a_canceled_job_writes_nothing
                jobs_are_written_with_messages
            }
            webhooks {
                a_delivery_is_made_once_with_its_job
                attempts_are_kept_and_tell_how_an_endpoint_does
                a_delivery_is_asked_for_again
                ended_deliveries_are_forgotten
                a_changed_message_is_told_to_who_listens
                a_published_template_is_told_to_who_listens
                a_submitted_template_is_told_to_who_listens
            }
            upkeep {
                a_store_answers_until_it_is_closed
                the_queue_counts_what_waits_and_what_is_late
                finished_one_time_messages_are_redacted_everywhere
                pending_and_recent_and_other_messages_are_not_redacted
                expired_replies_are_forgotten
            }
        }
    };
}

/// The part of [`conformance!`] that repeats.
#[doc(hidden)]
#[macro_export]
macro_rules! conformance_tests {
    ($open:ident; $($module:ident { $($test:ident)* })*) => {
        $(
            mod $module {
                $(
                    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                    async fn $test() {
                        let (store, _guard) = super::$open().await;
                        $crate::conformance::$module::$test(&store).await;
                    }
                )*
            }
        )*
    };
}

#[cfg(test)]
mod tests {
    /// A test that is written and not listed would never run.
    #[test]
    fn every_test_is_listed() {
        let list = include_str!("mod.rs");
        let sources = [
            include_str!("accepting.rs"),
            include_str!("archiving.rs"),
            include_str!("audit.rs"),
            include_str!("audiences.rs"),
            include_str!("bulk.rs"),
            include_str!("canceling.rs"),
            include_str!("lists.rs"),
            include_str!("requests.rs"),
            include_str!("claiming.rs"),
            include_str!("consents.rs"),
            include_str!("deliveries.rs"),
            include_str!("digests.rs"),
            include_str!("documents.rs"),
            include_str!("engaging.rs"),
            include_str!("erasure.rs"),
            include_str!("feed.rs"),
            include_str!("feed_model.rs"),
            include_str!("idempotency.rs"),
            include_str!("images.rs"),
            include_str!("jobs.rs"),
            include_str!("keys.rs"),
            include_str!("listing.rs"),
            include_str!("memberships.rs"),
            include_str!("people.rs"),
            include_str!("preference_log.rs"),
            include_str!("queue_model.rs"),
            include_str!("recording.rs"),
            include_str!("shelves.rs"),
            include_str!("upkeep.rs"),
            include_str!("versions.rs"),
            include_str!("webhooks.rs"),
        ];
        let mut written = 0;
        for line in sources.iter().flat_map(|source| source.lines()) {
            if let Some(name) = line
                .strip_prefix("pub async fn ")
                .and_then(|rest| rest.split('(').next())
            {
                assert!(list.lines().any(|listed| listed.trim() == name), "{name} is not listed");
                written += 1;
            }
        }
        assert!(written > 50, "the sources are looked through");
    }
}
