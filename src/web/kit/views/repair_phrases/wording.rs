//! Which words the page of an account manager needs on which contacts are repaired, in whatever language.

use crate::web::kit::views::phrase_set::phrase_set;

phrase_set! {
    RepairPhrases:
    error optional not_done head_none head_one head_many none_left lead_one lead_many at whom asks_to_write
    done_title foot closed_title closed_lead closed_thanks no_domain mailbox_closed not_known not_whom
    reply_left heard_left role_decider role_influencer role_operational role_unknown correct correct_explain
    right_address correct_button replace replace_explain first_name last_name email job_title role
    replace_button drop drop_explain drop_button why choose_reason nobody_follows not_to_ask other_reason
    few_words fine_address fine_address_explain fine_person fine_person_explain fine_stays fine_stays_explain
    how_known is_right sure needs_name needs_reason needs_words needs_how wrong_email too_long refused
    meanwhile became_corrected became_replaced became_removed became_opted_out nobody_asked gets_introduction
    gets_letters gets_rest after_signature is_signed the_director
}
