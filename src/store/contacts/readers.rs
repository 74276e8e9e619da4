//! The people of a round as a letter addresses them, for whoever looks for those on whom a letter is best tried.

use crate::base::ids::{ContactId, RoundId};
use crate::base::problem::Result;
use crate::store::database::tx::Tx;

row! {
    pub struct LetterReader {
        pub id: ContactId,
        pub first_name: String,
        pub last_name: String,
        pub language: String,
        pub account: String,
        pub manager_name: String,
    }
}

/// The first so many by name.
pub async fn first(tx: &mut Tx, round: &RoundId, limit: i64) -> Result<Vec<LetterReader>> {
    all!(
        tx,
        "SELECT c.id, c.first_name, c.last_name, c.language, a.name AS account, a.manager_name
         FROM contact c JOIN account a ON a.id = c.account_id
         WHERE c.round_id = $1 AND c.loading IS NULL AND c.removed_at IS NULL ORDER BY c.sort_key, c.id LIMIT $2",
        round,
        limit
    )
}
