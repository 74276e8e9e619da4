//! All rounds, one round on a screen, and what waits in it for somebody.

pub mod to_do;
pub mod list;
pub mod overview;
pub mod make;
pub mod settings;
pub mod questions;
mod typed;
mod sections;
