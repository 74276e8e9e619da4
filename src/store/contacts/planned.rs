//! Which letters to people are planned: what a list would hold back.

use std::collections::HashMap;

use crate::base::ids::{AccountId, ContactId};
use crate::base::problem::Result;
use crate::store::database::tx::{Tx, ids};

row! {
    pub struct PlannedLetters {
        pub account_id: AccountId,
        pub n: i64,
    }
}

/// How many letters to these people have not begun to leave, by account; those without any are left out.
pub async fn letters(tx: &mut Tx, people: &[&ContactId]) -> Result<HashMap<AccountId, i64>> {
    let found: Vec<PlannedLetters> = all!(
        tx,
        "SELECT c.account_id AS account_id, count(*) AS n FROM message m JOIN contact c ON c.id = m.contact_id
         WHERE c.id IN (SELECT value ->> 'id' FROM json_each($1)) AND m.state IN ('planned', 'claimed', 'held')
         GROUP BY c.account_id ORDER BY c.account_id",
        ids(people)?
    )?;
    Ok(found.into_iter().map(|p| (p.account_id, p.n)).collect())
}
