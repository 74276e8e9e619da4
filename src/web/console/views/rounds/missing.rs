//! Where the answers of a round are missing: what it takes to reach each target and from whom it is easiest, accounts by role, silent
//! accounts, account directors beside each other.

use crate::web::kit::views::frame::{Bar, Count, Link, Rate, Status};

/// A target that is missed, and who is nearest to an answer.
pub struct Gap {
    /// "4 answers in 3 accounts reach 75 %.", "An answer at 3 more accounts reaches 90 % of accounts."
    pub says: String,
    /// "12 people have begun", and where they are; then "and not finished, those of silent accounts first:".
    pub begun: Option<Link>,
    pub why: String,
    pub who: Vec<Near>,
    /// "and 12 more", and where they are.
    pub others: Option<Link>,
}

/// A person or an account that is near to an answer.
pub struct Near {
    pub name: String,
    pub href: String,
    /// "Calder & Wye Foods", "1 of 3 has begun"; words of the list.
    pub beside: String,
}

/// An account in the table by role.
pub struct HeatRow {
    pub name: String,
    pub href: String,
    pub strategic: bool,
    pub silent: bool,
    /// In the order of the columns.
    pub cells: Vec<HeatCell>,
    pub rate: Rate,
    pub director: String,
    pub signed: Status,
}

/// What one role of an account has answered.
pub struct HeatCell {
    /// "1 of 3"; the colour says no more than this.
    pub text: String,
    pub class: &'static str,
    /// Nothing where there is nobody.
    pub href: Option<String>,
}

pub struct SilentRow {
    pub name: String,
    pub href: String,
    pub strategic: bool,
    /// "3 people, 1 of them has begun".
    pub people: String,
    /// In a year; none where the list does not say it.
    pub revenue: Option<Count>,
    pub director: String,
}

pub struct DirectorRow {
    pub name: String,
    /// His accounts.
    pub href: String,
    pub accounts: Rate,
    pub people: Rate,
    /// None where it is not told.
    pub silent: Option<Count>,
    /// Those of them, where there are some and it is told which.
    pub silent_href: Option<String>,
}

impl DirectorRow {
    pub fn bar(&self) -> Bar {
        Bar::of(self.accounts)
    }
}

/// What is missing, as far as it is shown.
#[derive(Default)]
pub struct MissingPart {
    /// It is told by name who has answered.
    pub names: bool,
    /// None of a round that is over: nothing reaches a target any more.
    pub gaps: Vec<Gap>,
    /// The columns of the table by role.
    pub roles: Vec<&'static str>,
    pub heat: Vec<HeatRow>,
    /// "12 silent accounts"; empty where there are none.
    pub silent_title: String,
    pub silent: Vec<SilentRow>,
    /// "Could answer", "Did not answer": what stands over their people.
    pub open_is: &'static str,
    /// "At 3 of them nobody can be asked any more."; empty where it is not so, or not known.
    pub silent_nobody: String,
    /// Silent accounts that are not shown, and where they are.
    pub silent_more: Option<Link>,
    pub directors: Vec<DirectorRow>,
}
