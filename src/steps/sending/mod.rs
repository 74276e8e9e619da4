//! Messages on their way: taken, put in order, offered, settled; and whatever keeps them from leaving.

pub(super) mod addressee;
pub mod outbox;
pub mod gateways;
pub mod pace;
pub mod trouble;
mod fence;
pub(super) mod claims;
pub(super) mod claim_buffer;
pub(super) mod suspects;
pub(super) mod settling;
pub mod outbound;
pub(super) mod group_commit;
pub mod delivery;
pub(super) mod tally;
pub mod standstill;
pub mod answers;
pub mod held;
pub mod sender_checks;
pub mod alignment;
