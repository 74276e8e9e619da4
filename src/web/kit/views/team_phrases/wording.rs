//! Which words the page of the account team needs, in whatever language.

use crate::web::kit::views::phrase_set::phrase_set;

phrase_set! {
    TeamPhrases:
    error optional not_done rate none_yet untold account_one account_many person_one person_many answered
    sponsor_accounts target_contacts target_accounts target_met target_more nobody_invited have_answered
    counts_untold every_account silent_accounts nobody_told accounts_title silent_title counted_account asked silent
    silent_begun more_accounts repair_one repair_many your_accounts everybody_open everybody to_call_one
    to_call_many nobody_to_call rests not_running last_message no_message called_once called_often you_call
    calls_today letter_warm_up letter_invitation letter_reminder letter_thanks write write_to the_words
    words_for became became_of about_to day day_hint note save choose choose_called choose_will choose_leave
    choose_wrong choose_left choose_not release reserve heard_called heard_will heard_will_by heard_leave
    heard_leave_until heard_wrong heard_left heard_not lately has_answered take_back take_back_about
    take_back_tick take_back_button no_outcome wrong_day refused_day too_long no_tick you_wrote moved meanwhile
    done_called done_will done_leave done_wrong done_left done_not done_reserve done_release done_back
    nobody_left who_open who_could back begun role_decider role_influencer role_operational role_unknown pages
    span previous next foot no_part_title no_part closed_title closed_lead closed_thanks
}
