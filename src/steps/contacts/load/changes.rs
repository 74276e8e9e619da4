//! What loading a list has done, by name: printed by `list load` and `round load`, as text and as JSON.

use serde::Serialize;

use crate::base::ids::{AccountId, QuestionId};
use crate::rules::contacts::difference::SameAccount;

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Changes {
    pub added: u64,
    pub changed: u64,
    pub unchanged: u64,
    /// In a draft only: no longer on the list.
    pub removed: u64,
    /// Left as a director or operator has put it.
    pub kept_as_edited: u64,
    /// In a round that was started: people who are no longer on the list. They stay until somebody removes them.
    pub not_on_the_list: u64,
    /// On the list, and not written to: an opt-out for good, a complaint or a departure of another round of the client.
    pub kept_out: u64,
    /// Rows that wait for a word: a known name under a new address.
    pub asked: Vec<HeldRow>,
    /// Whose name or account the list has without its letters; what was known stays.
    pub letters_lost: Vec<Named>,
    /// Who is not on this list; in a draft they were taken off.
    pub missing: Vec<Named>,
    pub moved: Vec<Moved>,
    pub directors: Vec<NewDirector>,
    pub renamed: Vec<Renamed>,
    /// Accounts that came with the list and may be known under another name.
    pub same_account: Vec<SameAccount>,
    /// What else the list has changed about accounts, beside their directors.
    pub accounts: Vec<AccountChange>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Named {
    pub name: String,
    pub account: String,
    pub email: String,
}

/// A row that is held: nothing goes to its address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct HeldRow {
    /// Of the question.
    pub id: QuestionId,
    /// Of the list.
    pub row: u64,
    pub name: String,
    pub account: String,
    pub email: String,
    /// The address under which the name is known, and where.
    pub known_as: String,
    pub known_at: String,
    /// "known", "twice", "key", "`opted_out`", "complained", "left".
    pub why: String,
    /// What "the same person" and "somebody else" will do, in a sentence each.
    pub same: String,
    pub other: String,
}

/// Somebody who is at another account now; its director signs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Moved {
    pub name: String,
    pub email: String,
    pub from: String,
    pub to: String,
}

/// Accounts that somebody else directs now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NewDirector {
    pub from: String,
    pub from_email: String,
    pub to: String,
    pub to_email: String,
    pub accounts: Vec<String>,
    /// The same by their ids.
    #[serde(skip)]
    pub ids: Vec<AccountId>,
    pub contacts: u64,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Renamed {
    pub from: String,
    pub to: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AccountChange {
    pub account: String,
    /// "is strategic now", after the account's name.
    pub what: String,
}
