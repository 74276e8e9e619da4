//! What proves, without our database and without a key, who approved which names of a round: the evidence file.
//!
//! Every record has a SHA-256 over itself, every entry of the round's journal also over the one before, and the file over all of its bytes.
//! Whoever makes all of them anew after a change gets another end of the journal than the one that was printed in what directors have.

mod chain;
mod check;
mod contents;
mod document;
mod found;
mod head;
mod lists;
mod record;
mod told;

pub use chain::follow;
pub use check::{Check, LONGEST_LINE, Verdict};
pub use document::{Document, Written};
pub use head::Head;
pub use record::{AccountRecord, EntryRecord, RoundRecord, Sealed, SignatureLine, Signed, digest};
pub use told::detail;

#[cfg(test)]
mod tests;
