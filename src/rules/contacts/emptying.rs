//! Lists that would take people off a draft.
//!
//! A list that lacks some of them may be one of several, and one that lacks all of them is more likely the wrong file than meant. Nobody
//! can see from a file which it is, so on every way in it is refused until somebody says so.

use crate::base::problem::Problem;

use super::wanted::{Permission, Wanted};

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

fn some_of(gone: usize, there: usize) -> String {
    match gone {
        1 => format!("1 of the {there} contacts of the draft is not on this list and would be taken off."),
        n => format!("{n} of the {there} contacts of the draft are not on this list and would be taken off."),
    }
}

const RIGHT_LIST: &str = "Check that it is the right list; to load it all the same, add --remove-everybody.";
const RIGHT_OR_ONE: &str = "If it is one of several lists, add --keep-others. If it is the right one and the whole list, add \
                            --remove-everybody.";
const WHICH: &str =
    "If it is one of several lists, add --keep-others: they stay. If it is the whole list, add --whole: they go.";

/// What has to be said of a list with so many `rows` that can be used, after which `missing` of those `there` in the draft are gone.
pub fn to_be_said(rows: usize, there: usize, missing: usize) -> Option<Wanted> {
    let nobody_stays = there.saturating_sub(missing) == 0;
    let (permission, what, next) = match (rows, missing) {
        (0, 0) if nobody_stays => {
            let what = "No row of this list can be used, so nobody would be in the round.".to_owned();
            (Permission::RemovingEverybody, what, RIGHT_LIST)
        }
        (_, 0) => return None,
        (0, gone) => {
            let what = format!("No row of this list can be used, and {} would be removed.", all_of(gone));
            (Permission::RemovingEverybody, what, RIGHT_LIST)
        }
        (_, gone) if nobody_stays => (Permission::RemovingEverybody, none_of(gone), RIGHT_OR_ONE),
        (_, gone) => (Permission::TakingOff, some_of(gone, there), WHICH),
    };
    Some(Wanted { permission, problem: Problem::refused(what, next) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_would_be_taken_off_has_to_be_spoken_of_and_nobody_else() {
        let said = |rows, there, missing| {
            to_be_said(rows, there, missing).map(|wanted| (wanted.permission, wanted.problem.to_string()))
        };
        for nobody_goes in [(3, 0, 0), (3, 3, 0), (111, 771, 0), (0, 3, 0)] {
            assert_eq!(said(nobody_goes.0, nobody_goes.1, nobody_goes.2), None, "{nobody_goes:?}");
        }
        let (permission, text) = said(111, 771, 660).unwrap();
        assert_eq!(permission, Permission::TakingOff);
        assert!(text.starts_with("660 of the 771 contacts of the draft are not on this list and would be taken off."));
        assert!(text.contains("--keep-others") && text.contains("--whole"), "{text}");
        assert!(said(2, 3, 1).unwrap().1.starts_with("1 of the 3 contacts of the draft is not on this list"));
        for all_go in [(0, 0, 0), (0, 3, 3), (2, 3, 3), (1, 1, 1)] {
            let (permission, text) = said(all_go.0, all_go.1, all_go.2).unwrap();
            assert_eq!(permission, Permission::RemovingEverybody, "{all_go:?}");
            assert!(text.contains("--remove-everybody"), "{text}");
        }
    }
}
