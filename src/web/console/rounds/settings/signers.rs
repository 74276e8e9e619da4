//! The settings of those who sign: where they work, who is asked besides them, and what becomes of names that nobody signs.

use crate::rules::round::WhenNobodySigns;
use crate::web::console::views::rounds::making::Group;
use crate::web::kit::views::form::{Choice, Control, Field};

use super::form::{Typed, director};

pub fn when_nobody_signs() -> Vec<Choice> {
    let choice = |what: WhenNobodySigns, label: &str| Choice::new(what.as_str(), label);
    vec![
        choice(WhenNobodySigns::Wait, "They wait until somebody here decides"),
        choice(WhenNobodySigns::LeaveOut, "They are left out"),
        choice(WhenNobodySigns::LastYear, "What was signed in the round before stands"),
    ]
}

/// A row for each, filled or not.
pub fn groups(typed: &Typed, field: impl Fn(&str, String, &str) -> Field) -> Vec<Group> {
    let row = |number: usize| {
        let one = |key: &str, label: &str, hint: &str| field(&director(number, key), label.into(), hint);
        let address = typed.get(&director(number, "email"));
        let legend = match address {
            "" => format!("Somebody who signs, {number}"),
            address => format!("When {address} does not sign"),
        };
        Group {
            legend,
            days: false,
            fields: vec![
                one(
                    "email",
                    "Address",
                    "As on the list, or the sales director\u{2019}s. Empty the whole row to take it out.",
                )
                .control(Control::Email),
                one("country", "Country", "Its code, such as DE: whose working days count.").optional(),
                one("region", "Region", "Its code, such as BY, where holidays differ.").optional(),
                one("deputy", "Deputy", "Who is asked as well, first.").optional(),
                one("deputy_email", "Address of the deputy", "").control(Control::Email).optional(),
                one("regional_head", "Regional head", "Who is asked as well, last.").optional(),
                one("regional_head_email", "Address of the regional head", "").control(Control::Email).optional(),
            ],
        }
    };
    (1..=typed.directors).map(row).collect()
}
