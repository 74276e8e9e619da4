//! Getting every name signed off: who is asked, how often, and what a signature or a change does.

mod covered;
mod directors_changes;
pub(super) mod changes;
pub mod deadline;
pub(super) mod waiting;
pub(super) mod requests;
pub(super) mod standing;
mod asking;
pub mod asking_late;
pub mod progress;
pub mod summary;
pub(super) mod appointing;
mod round_before;
mod usable_names;
mod taking_back;
mod adding;
pub mod names;
pub mod asking_operations;
mod sheet;
mod opening;
pub mod human_step;
pub(super) mod receipt;
pub mod signing;
pub mod withdrawing;
pub mod editing;

pub use asking::{AskAgainToSign, ask};
pub use changes::changes_of;
pub use covered::names;
pub(crate) use covered::{signed, signed_by};
pub use requests::find;
pub use round_before::RoundBefore;
pub use sheet::{SheetAccount, SignOffSheet, sheet};
pub use standing::by_signatures;
pub use taking_back::LastChange;
