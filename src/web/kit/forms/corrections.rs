//! The form by which a name on the list is corrected, read: by a director on his page, and by an operator on the page of the contact.

use crate::base::address::EmailAddress;
use crate::steps::signoff::names::editing::{Correction, Edit};

use super::fields::Fields;

/// The box by which whoever corrects an address says whose the answers are.
pub const SAME_PERSON: &str = "same_person";
pub const SAME_PERSON_LABEL: &str = "The answers given so far are this person\u{2019}s own: keep them";
/// Said before the address of somebody is corrected in whose name something was, or may have been, answered.
pub const SET_ASIDE: &str = "Under another address a new link goes out, and whatever was answered by the one that \
    went to this address counts no more, unless you tick the box.";

/// What is wrong with the address that was typed.
pub fn wrong_address(fields: &Fields) -> Option<(&'static str, String)> {
    let why = EmailAddress::parse(fields.get("email")).err()?;
    Some(("email", format!("The address {} {why}. Correct it, then save again.", fields.get("email"))))
}

pub fn correction(fields: &Fields) -> Correction {
    let get = |name: &str| fields.get(name).to_string();
    Correction {
        first_name: get("first_name"),
        last_name: get("last_name"),
        email: get("email"),
        job_title: get("job_title"),
        role: get("role"),
        reason: get("reason"),
    }
}

/// What a correction form says: with the box ticked, what was answered under another address is the person's own.
pub fn corrected(fields: &Fields) -> Edit {
    match fields.get(SAME_PERSON) {
        "yes" => Edit::CorrectSame(correction(fields)),
        _ => Edit::Correct(correction(fields)),
    }
}
