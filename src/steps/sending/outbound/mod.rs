//! The outbound journal: an append-only file next to the daemon that knows what may have left, whatever becomes of the database.
//!
//! Before a final dot is written, its record is in the journal (on disk where the database's own commits are), and the database has the
//! mark; both are written at the same time. The groups of marks are counted on both sides. A database that does not know the last group has
//! lost commits: it was restored from a backup, or a replica without them took over. Then [`examine`] settles those messages as the journal
//! says, and nothing is sent until a person has confirmed it (F14, F27). So it is with a daemon that this database does not know: it may
//! stand before a copy.

mod against;
mod examine;
mod folder;
mod groups;
pub mod holds;
pub(crate) mod journal;
pub mod records;

pub use journal::Outbound;
