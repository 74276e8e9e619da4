//! Rounds as they are kept, and how their clients are recognised.

pub mod rounds;
pub(super) mod clients;
