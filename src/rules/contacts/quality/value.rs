//! What is said of a list's worth: points, reasons, accounts.

use serde::Serialize;

use super::coverage::Coverage;

/// What a list or the people of a round are worth.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Quality {
    /// 0 to 100.
    pub score: u8,
    /// What would raise it, the most first; their points and the score are 100 together.
    pub reasons: Vec<Reason>,
    /// The weakest first.
    pub accounts: Vec<AccountQuality>,
    pub coverage: Coverage,
}

/// One reason why a score is not higher.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Reason {
    pub points: u8,
    /// What is missing, and what to do.
    pub sentence: String,
}

/// What the people of one account are worth.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AccountQuality {
    pub account: String,
    /// The key of the account director's address; empty where nobody of the account can be used.
    pub director: String,
    pub contacts: u64,
    pub score: u8,
    pub reasons: Vec<Reason>,
}
