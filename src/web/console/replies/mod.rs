//! What people wrote back, and the desk on which it is worked through.

mod acts;
mod cards;
mod forms;
mod page;
mod presses;
mod proposal;
pub mod verdict;

pub use acts::act;
pub use page::page;
