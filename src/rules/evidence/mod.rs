//! What proves, without our database and without a key, who approved which names of a round: the evidence file.
//!
//! Every record has a SHA-256 over itself, every place in the round's journal also over the one before, and the file over all of its bytes.
//! Of an entry that tells of what a contact did, the file may have the SHA-256 alone.
//! Whoever makes all of them anew after a change gets another end of the journal than the one that was printed in what directors have.

mod chain;
mod check;
mod contents;
mod delegations;
mod document;
mod found;
mod head;
mod lists;
mod private;
mod record;
mod told;

pub use chain::{Unplaced, follow};
pub use check::{Check, LONGEST_LINE, Verdict};
pub use delegations::{DelegationLine, DelegationRecord, EndRecord, delegated, delegation_ended};
pub use document::{Document, Written};
pub use head::Head;
pub use private::is_private;
pub use record::{
    AccountRecord, EntryLine, EntryRecord, PlaceRecord, RoundRecord, Sealed, SignatureLine, Signed, Told, digest,
};
pub use told::detail;

#[cfg(test)]
mod tests;
