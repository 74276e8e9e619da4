//! The chain of a round's journal: the hash of an entry covers the entry and the hash of the one before.
//!
//! Plain SHA-256, so that anybody can follow it who has the file. The chain of the whole installation is under a key (`base::chain`).

use crate::base::ids::RoundId;

use super::head::Head;
use super::record::{EntryRecord, digest};

/// The end of a chain that is followed by this entry; `entry` is given its place.
pub fn follow(end: &Head, entry: EntryRecord) -> (EntryRecord, Head) {
    let entry = EntryRecord { n: end.entries + 1, before: end.hash.clone(), ..entry };
    let head = Head { entries: entry.n, hash: digest(&entry) };
    (entry, head)
}

impl Head {
    /// Of a round that has no entry yet: the first one covers whose journal it is.
    pub fn before_all(round: &RoundId) -> Head {
        Head { entries: 0, hash: round.to_string() }
    }
}
