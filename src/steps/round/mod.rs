//! The life of a round: loaded from its folder, started, paused, resumed, closed, written back into a folder.

pub mod folder;
pub mod notices;
pub mod reload;
mod load;
pub(super) mod lifecycle;
pub mod export;
pub mod make;
pub mod questions;

pub use lifecycle::{RoundOrder, TellRound, close_due};
pub use load::{Loaded, load, load_as};
