//! The life of a round: made in the browser or loaded from its folder, started, paused, resumed, closed, written back into a
//! folder, followed by the next one.

pub mod folder;
pub mod notices;
pub mod reload;
mod load;
pub mod making;
pub mod questions;
pub(super) mod lifecycle;
pub mod starting;
pub mod export;
pub mod next;
mod read_back;

pub use lifecycle::{RoundOrder, TellRound, close_due};
pub use load::{Loaded, load, load_as};
