//! The API for other programs: what the console shows, as JSON, for whoever holds a key; and what watches the program,
//! for monitors. It only reads.

mod keys;
pub(super) mod rounds;
pub(super) mod health;
