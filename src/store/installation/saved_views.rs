//! Filters of lists that operators keep for themselves, each under a name.

use crate::base::clock::Ts;
use crate::base::ids::{RoundId, SavedViewId};
use crate::base::problem::Result;
use crate::store::database::tx::Tx;

row! {
    pub struct SavedView {
        pub id: SavedViewId,
        pub round_id: RoundId,
        pub operator: String,
        /// `contacts`, `accounts`, `outbox` or `calls`.
        pub list: String,
        pub name: String,
        /// What stands behind the question mark of the address.
        pub query: String,
        pub at: Ts,
    }
}

/// The columns of [`SavedView`], then what narrows them down.
macro_rules! views {
    ($rest:literal) => {
        concat!("SELECT id, round_id, operator, list, name, query, at FROM saved_view ", $rest)
    };
}

/// One of this name is the new one from then on.
pub async fn save(tx: &mut Tx, view: &SavedView) -> Result<()> {
    run!(
        tx,
        "INSERT INTO saved_view (id, round_id, operator, list, name, query, at) VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT (round_id, operator, list, name) DO UPDATE SET query = excluded.query, at = excluded.at",
        &view.id,
        &view.round_id,
        &view.operator,
        &view.list,
        &view.name,
        &view.query,
        view.at
    )?;
    Ok(())
}

/// Nothing happens where it is somebody else's, or gone.
pub async fn remove(tx: &mut Tx, round: &RoundId, operator: &str, id: &SavedViewId) -> Result<()> {
    run!(tx, "DELETE FROM saved_view WHERE id = $1 AND round_id = $2 AND operator = $3", id, round, operator)?;
    Ok(())
}

/// What an operator keeps of a round, list by list, by name.
pub async fn of_operator(tx: &mut Tx, round: &RoundId, operator: &str) -> Result<Vec<SavedView>> {
    all!(tx, views!("WHERE round_id = $1 AND operator = $2 ORDER BY list, name, id"), round, operator)
}
