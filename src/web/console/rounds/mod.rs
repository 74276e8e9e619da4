//! All rounds, one made, its settings and questions, what is open before it starts, what follows it; one round on a
//! screen, and what waits in it for somebody.

pub mod to_do;
pub mod waits;
mod signing;
pub mod list;
pub mod new;
pub mod from_folder;
mod languages;
pub mod opening;
pub mod settings;
pub mod questions;
pub mod check;
pub mod next;
mod before;
mod acts;
mod figures;
mod course;
mod missing;
pub mod overview;
pub mod aapor;
pub mod report;
pub mod events;
