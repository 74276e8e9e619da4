//! Whether what is kept is true: the nine promises, the chains of the journal, the evidence of a round, the counts of both sides.

mod beginning;
pub mod chain;
pub mod evidence;
pub mod reconcile;
mod own_time;
pub mod promises;
mod signed;
