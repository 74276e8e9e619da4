//! How much of a report is read and kept.

/// How many are read of a report; we send to one at a time.
pub const MOST_RECIPIENTS: usize = 100;

/// What is kept of a server's words.
pub const LONGEST_WORDS: usize = 600;

/// What is looked at of the words around them.
pub const MOST_AROUND: usize = 4 * 1024;
