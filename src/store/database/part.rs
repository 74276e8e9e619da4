//! A part of a transaction that is undone alone where it fails: one row among many that are dealt with together.
//!
//! Whoever only goes on to the next row after an error keeps what the failed one had written by then. PostgreSQL, besides, takes nothing
//! more after a statement that failed until the part is undone.

use crate::base::problem::{Kind, Result};

use super::marks::Marks;
use super::tx::Tx;

/// A part that has begun.
#[must_use]
pub struct Part {
    /// What was marked before it, and about which rounds.
    before: Marks,
}

impl Part {
    pub async fn begin(tx: &mut Tx) -> Result<Part> {
        run!(tx, "SAVEPOINT part")?;
        Ok(Part { before: tx.marks().clone() })
    }

    /// Ends it: what a failed part has written is undone, and what came of it is told. The error is the database's own: then nothing of the
    /// whole transaction can be trusted to be there.
    pub async fn end<T>(self, tx: &mut Tx, done: Result<T>) -> Result<Result<T>> {
        match done {
            Err(problem) if problem.kind == Kind::Unavailable => return Err(problem),
            Err(_) => {
                run!(tx, "ROLLBACK TO SAVEPOINT part")?;
                *tx.marks() = self.before;
            }
            Ok(_) => {}
        }
        run!(tx, "RELEASE SAVEPOINT part")?;
        Ok(done)
    }
}
