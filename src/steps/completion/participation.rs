//! What may be told of who has answered to people outside operations. Pages and mails of the account team ask here and nowhere else.

use crate::steps::context::Live;

/// Whether it may be told by name who has answered and who has not. Where not, counts by account are, and words to send are for everybody
/// of an account who could answer.
pub fn named(_live: &Live) -> bool {
    true
}

/// How many of so many have answered, where the count may be told.
pub fn counted(_live: &Live, completed: i64, _of: i64) -> Option<i64> {
    Some(completed)
}
