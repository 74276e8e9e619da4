//! The chain of a round's journal: the hash of a place covers what the entry says, by its SHA-256, and the hash of the place before.
//!
//! Plain SHA-256, so that anybody can follow it who has the file. The chain of the whole installation is under a key (`base::chain`).

use crate::base::clock::Ts;
use crate::base::ids::RoundId;

use super::head::Head;
use super::record::{EntryLine, PlaceRecord, Told, digest};

/// An entry that has no place yet.
#[derive(Clone, Debug)]
pub struct Unplaced {
    pub at: Ts,
    /// As [`super::is_private`] said when it was given its place: the chain covers it, whatever a later version says.
    pub private: bool,
    pub told: Told,
}

/// The entry in its place behind this end, and the end that it makes.
pub fn follow(end: &Head, entry: Unplaced) -> (EntryLine, Head) {
    let Unplaced { at, private, told } = entry;
    let content = told.sha256();
    let record = PlaceRecord { n: end.entries.saturating_add(1), before: end.hash.clone(), at, private, content };
    let head = Head { entries: record.n, hash: digest(&record) };
    (EntryLine { sha256: head.hash.clone(), record, told: Some(told) }, head)
}

impl Head {
    /// Of a round that has no entry yet: the first one covers whose journal it is.
    pub fn before_all(round: &RoundId) -> Head {
        Head { entries: 0, hash: round.to_string() }
    }
}
