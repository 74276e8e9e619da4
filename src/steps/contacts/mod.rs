//! Contacts of a round: how a list brings them in, who is who, which address is whose, and who does not want to be asked.

pub mod changes;
mod difference;
mod standings;
mod meant;
mod carried;
mod as_shown;
pub(super) mod list_load;
pub(super) mod prepare;
mod apply;
mod pieces;
mod emptying;
mod lost_letters;
mod aliases;
mod said;
mod confirming;
mod owners;
mod account_pairs;
pub mod account_questions;
mod namesakes;
pub(super) mod once_more;
pub(super) mod particulars;
pub(super) mod rows;
pub mod left_out;
pub mod identity;
pub(super) mod place;
pub(super) mod addresses;
pub mod new_address;
pub mod objections;
pub mod opt_out;

pub use as_shown::load_list_as_shown;
pub use changes::Changes;
pub use difference::difference;
pub use list_load::{load_list, preview};
pub use prepare::Allowed;
