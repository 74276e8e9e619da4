//! Messages on their way: taken, put in order, offered, settled; and whatever keeps them from leaving.

pub mod outbox;
pub mod pace;
pub mod gateways;
pub(super) mod tally;
pub mod trouble;
mod fence;
pub(super) mod addressee;
pub(super) mod claims;
pub(super) mod claim_buffer;
pub(super) mod suspects;
pub(super) mod group_commit;
pub(super) mod settling;
pub mod outbound;
pub mod delivery;
pub mod standstill;
pub mod held;
pub mod sender_checks;
pub mod alignment;
