//! What the pages of signing off show: the board, one account, the account directors, the summary for a sponsor.

pub mod board;
pub mod signers;
pub mod directors;
pub mod summary;
