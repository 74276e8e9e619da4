//! Why a row was left out, in as few words as will do.

use super::Finding;

pub(super) fn reason(f: &Finding) -> String {
    match f.code.as_str() {
        "account_missing" => "the account is empty or no name",
        "name_missing" => "the name is empty",
        "name_is_placeholder" => "the name is no person's name",
        "address_missing" => "the e-mail address is empty",
        "address_invalid" => "the e-mail address cannot be used",
        "account_director_missing" => "the account director has no usable e-mail address",
        "duplicate_address" => "the e-mail address stands in the list twice",
        "line_break_in_cell" => "there is a line break in a cell",
        "cell_too_long" => "a cell is far too long",
        "quotation_not_closed" => "a quotation mark is not closed",
        code => return code.replace('_', " "),
    }
    .to_owned()
}
