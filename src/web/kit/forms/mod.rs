//! What a form says, what it is told when it is refused, and where its reader stands afterwards.

pub mod query;
pub mod fields;
pub(in crate::web) mod refused_forms;
pub(in crate::web) mod return_place;
pub(in crate::web) mod corrections;
pub(in crate::web) mod repair_forms;
