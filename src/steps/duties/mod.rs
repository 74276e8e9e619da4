//! What the program does by itself: the table of duties, when each is due, how one is run so that its failure stops only itself, and what is
//! failing now.

pub mod failures;
mod supervision;
pub(super) mod asking;
pub mod next_due;
pub mod round_names;
pub mod list;
