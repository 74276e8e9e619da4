//! What decides over a message that is due: the claim, the pace, the answer of a server, trouble that many share, and senders' domains.

pub mod reason;
pub mod outbox;
pub mod refusal;
pub mod delivery;
pub mod standstill;
pub mod meaning;
pub mod trouble;
pub mod pace;
pub mod alignment;
