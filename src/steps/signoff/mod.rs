//! Getting every name signed off: who is asked, how often, and what a signature or a change does.

pub(super) mod changes;
mod round_before;
pub mod asking;
pub mod delegating;
pub mod signing;
pub mod names;
pub mod signers;
pub mod deciding;
pub mod progress;
pub mod summary;
mod sheet;

pub use asking::requests::find;
pub use asking::{AskAgainToSign, ask};
pub use changes::changes_of;
pub use delegating::colleagues::Colleagues;
pub use delegating::on_behalf::OnBehalf;
pub use names::taking_back::LastChange;
pub use round_before::RoundBefore;
pub use sheet::{SheetAccount, SignOffSheet, sheet};
pub use signing::covered::names;
pub(crate) use signing::covered::{signed, signed_by};
pub use signing::standing::by_signatures;
