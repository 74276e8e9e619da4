//! Whole rounds played before they are real: simulated people, a built-in mailbox and a clock that is turned by hand.
//!
//! `demo` shows a round, `rehearse` tries one before anybody is written to, and the simulation tests play hundreds under
//! faults. All three are the same [`world::World`]; the promises are checked on each.

pub mod personas;
pub mod fault_modes;
mod sending;
pub mod mailbox;
pub mod findings;
pub mod people;
pub mod refusals;
mod signing;
mod answering;
mod repairing;
mod notices;
mod scanner;
mod arrivals;
mod copies;
pub mod headlines;
pub mod world;
mod tick;
pub mod play;
pub mod preview;
