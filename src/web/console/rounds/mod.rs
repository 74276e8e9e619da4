//! All rounds, one round on a screen, and what waits in it for somebody.

pub mod to_do;
pub mod list;
pub mod overview;
