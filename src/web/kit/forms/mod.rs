//! What a form says, what it is told when it is refused, and where its reader stands afterwards.

pub mod query;
pub mod fields;
pub mod files;
pub(crate) mod refused;
pub(crate) mod refused_forms;
pub(crate) mod return_place;
pub(crate) mod corrections;
pub(crate) mod repair_forms;
