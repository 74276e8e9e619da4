//! Lists that would take everybody off a draft.
//!
//! A list without a usable row, or one of quite other people, is more likely the wrong file than meant. It is refused on every way in
//! until somebody says so.

use crate::base::problem::{Problem, Result};

fn all_of(gone: usize) -> String {
    match gone {
        1 => "the only contact of the draft".into(),
        n => format!("all {n} contacts of the draft"),
    }
}

fn none_of(gone: usize) -> String {
    match gone {
        1 => "The only contact of the draft is not on this list and would be removed.".into(),
        n => format!("None of the {n} contacts of the draft is on this list, so all of them would be removed."),
    }
}

/// Refuses a list after which nobody of those who are in the draft (`there`) would be in it.
pub(in crate::contacts) fn somebody_stays(rows: usize, there: usize, missing: usize) -> Result<()> {
    let stay = there.saturating_sub(missing);
    let what = match (rows, missing) {
        (0, 0) => "No row of this list can be used, so nobody would be in the round.".to_owned(),
        (0, gone) => format!("No row of this list can be used, and {} would be removed.", all_of(gone)),
        (_, gone) if gone > 0 && stay == 0 => none_of(gone),
        _ => return Ok(()),
    };
    Err(Problem::refused(what, "Check that it is the right list; to load it all the same, add --remove-everybody."))
}
