//! Which words the page of a director needs, in whatever language.

use crate::web::kit::views::phrase_set::phrase_set;

phrase_set! {
    DirectorPhrases:
    error optional not_done name_one name_many account_one account_many headline_sign headline_counter all_done
    handed_to handed_to_others handed_nothing handed_line done_lead next_title next_change intro intro_counter todo
    todo_counter saved by_when by_when_passed only_signed letter_warm_up letter_invitation letter_other
    letters_warm_up letters_invited letters_later progress progress_counter left_out_one left_out_many left_out_next
    foot to_sign to_sign_again to_counter waiting_counter signed strategic signed_by you_signed counter_wrong
    counter_again changed changed_some to_look_one to_look_many clean_one clean_many signed_one signed_many
    early_one early_many removed_one removed_many nobody_left change right right_button count_label count_hint
    sign_button counter_button count_missing count_wrong changed_meanwhile correct correct_button first_name
    last_name email job_title role correct_tick set_aside same_person replace replace_explain replace_button remove
    remove_button remove_reason remove_choose reason_left reason_wrong reason_not_now reason_duplicate reason_other
    restore restore_tick add add_explain add_button ask ask_label ask_topic topic_choose topic_name topic_account
    topic_round topic_other ask_explain ask_button asked undo undo_corrected undo_removed undo_replaced undo_added
    undo_kept role_decider role_influencer role_operational role_unknown removed_why removed_off_list
    removed_replaced removed_address removed_taken_back done_sign done_counter done_remove done_restore done_correct
    done_replace done_add done_keep done_undo done_ask tick_correct nothing_differs choose_reason choose_role
    tick_restore put_back_first tick_undo tick_right no_name nobodys_name too_long no_address on_list_who on_list
    taken_off_who taken_off objected has_left dead keeps_place has_answered not_on_list written_to nothing_back ask_nothing
    choose_topic ask_too_long ask_too_many closed_title closed_lead closed_thanks code_why codes_why code_button
    code_sent code_again code_label code_hint done_code take_back take_back_explain take_back_tick take_back_button
    tick_take_back done_take_back stays_signed code_missing code_none_sent code_not_six code_over code_used_up
    code_for_others code_wrong_one code_wrong_many code_just_sent code_enough together_title together_counter
    together_lead together_look together_changed together_unchanged together_label together_hint together_button
    together_counter_button together_none together_missing together_wrong done_together one_by_one signed_carried
    signed_recorded removed_left_out colleague_title colleague_explain colleague_given colleague_which colleague_all
    colleague_name colleague_email colleague_count colleague_count_hint colleague_code_why colleague_button
    signs_too may_sign_too given_account given_all for_whom end_delegation end_explain end_tick tick_end
    choose_scope no_colleague other_domain himself signs_already not_his nothing_waits names_wrong names_missing
    they_signed done_delegate done_delegate_code done_end intro_for intro_for_several intro_also intro_also_several
    intro_counter_for undo_reviewed not_here_title not_here_lead not_here_next code_none_waits meanwhile stays_next
    not_taken_back first_by_himself not_waiting together_which
}

impl DirectorPhrases {
    /// "1 name", "14 names".
    pub fn names(&self, n: usize) -> String {
        self.counted(n, self.name_one, self.name_many)
    }
}
