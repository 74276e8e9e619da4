//! What the people of a round or a list are worth, with what earlier rounds of the client say of them.

mod dropped;
pub(super) mod earlier;
mod worth;

pub use dropped::{Dropped, GiveReason, Given, reasons};
pub(crate) use dropped::{for_the_client, reasons_first};
pub use worth::{RoundQuality, list_of_round, of_list, of_list_by_row, of_round};
