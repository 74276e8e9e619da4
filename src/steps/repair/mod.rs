//! Contacts who cannot be reached: tasks, the mails that ask somebody to repair them, and what he does about them.

pub(super) mod contact_tasks;
pub(super) mod requests;
pub(super) mod tasks;
mod asking;
mod sheet;
pub mod successors;
pub mod resolution;
mod open_tasks;

pub use asking::{AskAgainToRepair, ask};
pub use contact_tasks::{ContactTask, with_people};
pub use open_tasks::{CloseTask, Repairing, open_tasks, open_tasks_behind};
pub use sheet::{RepairSheet, sheet};
