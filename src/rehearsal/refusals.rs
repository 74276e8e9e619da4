//! What simulated people and operators are refused: meant for them, and no error of the rehearsal.

use crate::base::problem::{Kind, Problem, Result};

/// What a person is told instead of what he wanted; only what is not meant for people is an error of the rehearsal.
pub fn told<T>(result: Result<T>) -> Result<Option<T>> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(Problem { kind: Kind::Refused | Kind::Gone | Kind::Unusable, .. }) => Ok(None),
        Err(problem) => Err(problem),
    }
}
