//! What people wrote back.

mod proposal;
pub mod open;
